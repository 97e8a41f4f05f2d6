package ingest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
)

// maxTags is how many tags a page may have to be read as a tree; longer ones, a hundred times the usual, are read as
// plain text.
const maxTags = 100_000

// parseHTML finds the article in a page of HTML. The extraction library says which of the visible text is the main
// text; headline, deck and the furniture within it are then told as in parsePage. An error means that the page is not
// HTML that can be read.
func parseHTML(source []byte, pageURL string) (page, error) {
	if bytes.Count(source, []byte("<")) > maxTags {
		return parsePage(strip(source)), nil
	}
	doc, err := html.Parse(bytes.NewReader(source))
	if err != nil { // nested deeper than 512 elements
		return parsePage(strip(source)), nil
	}
	meta := readMetadata(doc)
	texts := visibleText(doc)
	main, err := mainText(doc, pageURL)
	if err != nil {
		return page{}, fmt.Errorf("parse html of %q: %w", pageURL, err)
	}
	lines := make([]line, len(texts))
	for i, t := range texts {
		lines[i] = readLine(t)
	}
	markOutside(lines, main)
	p := assemble(lines, hints{title: textKey(meta.title), deck: textKey(meta.description)})
	if p.title == "" {
		p.title = meta.title
	}
	if meta.byline != "" {
		p.byline = meta.byline
	}
	if !meta.published.IsZero() {
		p.published = meta.published
	}
	p.siteName, p.url, p.language = meta.siteName, meta.url, meta.language
	return p, nil
}

// markOutside marks the lines that the extraction library left out. Where it left out most of what the lines alone show
// to be the article, it found something else (a consent form, a comment) and is not heeded.
func markOutside(lines []line, main []string) {
	inside := map[string]bool{}
	for _, t := range main {
		inside[textKey(t)] = true
	}
	start, end := findArticle(lines)
	found, prose := 0, 0
	for _, l := range lines[start:end] {
		if l.prose && l.cue == noCue {
			prose += l.words
			if inside[l.key] {
				found += l.words
			}
		}
	}
	if 2*found < prose {
		return
	}
	for i := range lines {
		lines[i].outside = !inside[lines[i].key]
	}
}

// mainText returns the paragraphs that the extraction library takes for the main text. It changes doc.
func mainText(doc *html.Node, pageURL string) (texts []string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("extract main text: %v", r)
		}
	}()
	base, err := url.Parse(pageURL)
	if err != nil {
		base = nil
	}
	parser := readability.NewParser()
	parser.DisableJSONLD = true
	article, err := parser.ParseAndMutate(doc, base)
	if err != nil || article.Node == nil {
		return nil, err
	}
	return visibleText(article.Node), nil
}

// What becomes of an element's text. Others run on in the line that they stand in.
var (
	dropped = wordSet(`script style noscript template svg math iframe object canvas audio video picture figure figcaption aside nav footer
		button select option textarea label input dialog head title menu`)
	breaking = wordSet(`p div section article main header h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre table tr td th caption br hr
		address form fieldset details summary body html center`)
)

// minFormWords is how much text makes a form a page: some sites wrap the whole of it in one.
const minFormWords = 80

// visibleText returns the text of the blocks of a tree, in order, without what is never part of an article.
func visibleText(root *html.Node) []string {
	var out []string
	var open strings.Builder
	flush := func() {
		if t := strings.Join(strings.Fields(open.String()), " "); t != "" {
			out = append(out, t)
		}
		open.Reset()
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch n.Type {
		case html.TextNode:
			open.WriteString(n.Data)
			return
		case html.ElementNode:
			if dropped[n.Data] || hidden(n) || n.Data == "form" && len(strings.Fields(textOf(n))) < minFormWords {
				return
			}
			if breaking[n.Data] {
				flush()
				defer flush()
			}
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(root)
	flush()
	return out
}

func hidden(n *html.Node) bool {
	style := strings.ReplaceAll(attribute(n, "style"), " ", "")
	return has(n, "hidden") || strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")
}

// strip returns the text of a page too large or too deep for a tree, a line for each block.
func strip(source []byte) string {
	var out strings.Builder
	skip := ""
	for z := html.NewTokenizer(bytes.NewReader(source)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return out.String()
		case html.TextToken:
			if skip == "" {
				out.WriteString(strings.Join(strings.Fields(string(z.Text())), " "))
				out.WriteByte(' ')
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			name, _ := z.TagName()
			tag := string(name)
			switch {
			case tag == skip:
				skip = ""
			case skip == "" && (tag == "script" || tag == "style" || tag == "noscript" || tag == "title"):
				skip = tag
			case breaking[tag]:
				out.WriteByte('\n')
			}
		}
	}
}

// metadata is what a page says of itself to machines.
type metadata struct {
	title, description, byline, siteName, url, language string
	published                                           time.Time
}

// readMetadata reads JSON-LD (schema.org), Open Graph and plain meta elements; the first to name a field has it, since
// sites keep the one that search engines read most carefully.
func readMetadata(doc *html.Node) metadata {
	var linked, graph, plain metadata
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "html":
			plain.language = attribute(n, "lang")
		case "script":
			if strings.EqualFold(attribute(n, "type"), "application/ld+json") && linked.title == "" {
				var v any
				if json.Unmarshal([]byte(textOf(n)), &v) == nil {
					linked.readLinked(v)
				}
			}
		case "link":
			if strings.EqualFold(attribute(n, "rel"), "canonical") {
				plain.url = attribute(n, "href")
			}
		case "title":
			if plain.title == "" && n.Parent != nil && n.Parent.Data == "head" {
				plain.title = textOf(n)
			}
		case "meta":
			name := strings.ToLower(attribute(n, "property") + attribute(n, "name") + attribute(n, "itemprop"))
			value := strings.TrimSpace(attribute(n, "content"))
			switch name {
			case "og:title":
				graph.title = value
			case "og:description":
				graph.description = value
			case "og:site_name":
				graph.siteName = value
			case "og:url":
				graph.url = value
			case "article:published_time", "og:article:published_time":
				graph.published = published(value)
			case "author", "article:author", "parsely-author", "dc.creator":
				if plain.byline == "" && !strings.Contains(value, "://") {
					plain.byline = value
				}
			case "description":
				plain.description = value
			case "date", "datepublished", "pubdate", "publishdate", "dc.date", "dc.date.issued", "parsely-pub-date", "sailthru.date":
				if plain.published.IsZero() {
					plain.published = published(value)
				}
			}
		}
	}
	m := metadata{
		title:       first(linked.title, graph.title, plain.title),
		description: first(graph.description, linked.description, plain.description),
		byline:      first(linked.byline, plain.byline),
		siteName:    first(graph.siteName, linked.siteName),
		url:         first(plain.url, graph.url, linked.url),
		language:    first(linked.language, plain.language),
		published:   linked.published,
	}
	for _, t := range []time.Time{graph.published, plain.published} {
		if m.published.IsZero() {
			m.published = t
		}
	}
	return m
}

// readLinked looks for the article in a JSON-LD value, which may be an object, a list or a graph of them.
func (m *metadata) readLinked(v any) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			if m.title == "" {
				m.readLinked(x)
			}
		}
	case map[string]any:
		if !strings.Contains(names(v["@type"]), "Article") && !strings.Contains(names(v["@type"]), "Posting") {
			m.readLinked(v["@graph"])
			return
		}
		m.title = names(v["headline"])
		m.description = names(v["description"])
		m.byline = names(v["author"])
		m.siteName = names(v["publisher"])
		m.language = names(v["inLanguage"])
		m.published = published(names(v["datePublished"]))
		m.url = names(v["url"])
	}
}

// names flattens what JSON-LD allows where a name is wanted: text, an object with a name, or a list of either.
func names(v any) string {
	switch v := v.(type) {
	case string:
		return strings.Join(strings.Fields(html.UnescapeString(v)), " ")
	case map[string]any:
		return names(v["name"])
	case []any:
		var all []string
		for _, x := range v {
			if n := names(x); n != "" {
				all = append(all, n)
			}
		}
		return strings.Join(all, ", ")
	}
	return ""
}

func first(values ...string) string {
	for _, v := range values {
		if v = strings.Join(strings.Fields(v), " "); v != "" {
			return v
		}
	}
	return ""
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
			b.WriteByte(' ')
		}
	}
	return b.String()
}
