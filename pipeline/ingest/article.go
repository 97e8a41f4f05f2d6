package ingest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"stance/pipeline/news"
)

// maxMetaRunes is where titles, bylines and their like are cut: they are repeated in every row of the table.
const maxMetaRunes = 1000

// fill makes an article of the fields of a record. Where it cannot, the id may already be known.
func (r *reader) fill(a *news.Article, f fields) error {
	a.ID = meta(f.values[idField])
	a.URL = webAddress(meta(f.values[urlField]))
	p, err := body(f, a.URL)
	if err != nil {
		return err
	}
	a.URL = orElse(a.URL, webAddress(cleanLine(p.url)))
	a.Source = orElse(outlet(meta(f.values[sourceField])), orElse(sourceOf(a.URL), shorten(cleanLine(p.siteName))))
	a.Byline = orElse(meta(f.values[bylineField]), shorten(cleanLine(p.byline)))
	a.Genre = meta(f.values[genreField])
	a.Language = orElse(meta(f.values[languageField]), cleanLine(p.language))
	if a.Published = published(f.values[publishedField]); a.Published.IsZero() {
		a.Published = p.published.UTC()
	}
	a.Title = withoutSite(orElse(meta(f.values[titleField]), shorten(cleanLine(p.title))), a.Source, p.siteName)
	a.Paragraphs = p.paragraphs
	crown(a, meta(f.values[deckField]))
	if err := r.settle(a); err != nil {
		return err
	}
	a.ID = articleID(a.ID, a)
	return nil
}

// body reads the paragraphs of an article from the best of the fields that may hold them.
func body(f fields, address string) (p page, err error) {
	if !f.hasBody() {
		return p, reject(Schema, "the record has no field for the words of an article, such as %q, %q or %q", "text", "html", "paragraphs")
	}
	for _, from := range []field{paragraphsField, textField, htmlField} {
		switch v := f.values[from].(type) {
		case nil:
		case []any:
			p.paragraphs, err = paragraphList(v)
		case string:
			p, err = pageOf(v, from == htmlField, address)
		default:
			err = reject(Schema, "the field %q holds a %T where text belongs", fieldNames[from], v)
		}
		if err != nil || len(p.paragraphs) > 0 {
			return p, err
		}
	}
	return p, reject(NoBody, "no paragraph of an article is in it")
}

// pageOf reads a page of text or HTML. Markup is HTML under any name.
func pageOf(s string, isHTML bool, address string) (p page, err error) {
	text, err := decodeText([]byte(s))
	if err != nil {
		return p, err
	}
	if isHTML || isMarkup(text) {
		p, err = parseHTML([]byte(text), address)
		if err != nil {
			return p, reject(Syntax, "the HTML cannot be read: %v", err)
		}
		for i := range p.paragraphs {
			p.paragraphs[i].Text = cleanText(p.paragraphs[i].Text)
		}
		return p, nil
	}
	if list, ok := listInText(text); ok {
		p.paragraphs, err = paragraphList(list)
		return p, err
	}
	return parsePage(cleanText(text)), nil
}

// isMarkup reports whether text is HTML: it begins as a document or its paragraphs are marked.
func isMarkup(text string) bool {
	if !strings.Contains(text, "<") {
		return false
	}
	start := strings.ToLower(strings.TrimSpace(text[:min(len(text), 512)]))
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<div", "<p>", "<p ", "<article", "<section"} {
		if strings.HasPrefix(start, tag) {
			return true
		}
	}
	for _, tag := range []string{"</p>", "<br>", "<br/>", "<br />", "</div>"} {
		if strings.Contains(text, tag) {
			return true
		}
	}
	return false
}

// listInText reads the list of paragraphs that a CSV can hold only as JSON.
func listInText(text string) (list []any, ok bool) {
	if !strings.HasPrefix(text, `["`) && !strings.HasPrefix(text, `[{`) || !json.Valid([]byte(text)) {
		return nil, false
	}
	d := jsonDecoder{raw: []byte(text)}
	v, err := d.value()
	list, ok = v.([]any)
	return list, ok && err == nil
}

// paragraphList reads paragraphs that are strings, or objects with kind and text.
func paragraphList(list []any) ([]news.Paragraph, error) {
	blocks := make([]block, 0, len(list))
	for i, v := range list {
		var b block
		var text any = v
		if object, ok := v.(map[string]any); ok {
			kind, _ := anyOf(object, "kind", "type").(string)
			if strings.EqualFold(kind, "chrome") {
				continue
			}
			b.kind, text = kindOf(kind), anyOf(object, "text", "content")
		}
		s, ok := text.(string)
		if !ok && text != nil {
			return nil, reject(Schema, "paragraph %d is a %T where text, or an object with kind and text, belongs", i, text)
		}
		s, err := decodeText([]byte(s))
		if err != nil {
			return nil, err
		}
		if b.text = cleanLine(s); b.text != "" {
			blocks = append(blocks, b)
		}
	}
	return cleanBlocks(blocks), nil
}

func kindOf(name string) news.ParagraphKind {
	switch kind := news.ParagraphKind(strings.ToLower(name)); kind {
	case news.Headline, news.Deck, news.Body:
		return kind
	}
	return ""
}

func anyOf(object map[string]any, names ...string) any {
	for _, name := range names {
		if v, ok := object[name]; ok {
			return v
		}
	}
	return nil
}

// crown puts title and deck above the paragraphs where the body does not begin with them.
func crown(a *news.Article, deck string) {
	var top []news.Paragraph
	for _, p := range []news.Paragraph{{Kind: news.Headline, Text: a.Title}, {Kind: news.Deck, Text: deck}} {
		if p.Text == "" || hasKind(a.Paragraphs, p.Kind) {
			continue
		}
		if i := beginsWith(a.Paragraphs, p.Text); i >= 0 {
			if len(a.Paragraphs) > 1 { // a flash of one sentence is its own headline; it stays the body
				a.Paragraphs[i].Kind = p.Kind
			}
			continue
		}
		top = append(top, p)
	}
	if i := len(a.Paragraphs); len(top) == 1 && i > 0 && top[0].Kind == news.Deck && a.Paragraphs[0].Kind == news.Headline {
		a.Paragraphs = append([]news.Paragraph{a.Paragraphs[0], top[0]}, a.Paragraphs[1:]...)
	} else {
		a.Paragraphs = append(top, a.Paragraphs...)
	}
	for _, p := range a.Paragraphs {
		if a.Title == "" && p.Kind == news.Headline {
			a.Title = shorten(p.Text)
		}
	}
}

func hasKind(paragraphs []news.Paragraph, kind news.ParagraphKind) bool {
	for _, p := range paragraphs {
		if p.Kind == kind {
			return true
		}
	}
	return false
}

// beginsWith finds a text among the first paragraphs, whatever its punctuation and capitals, or returns -1.
func beginsWith(paragraphs []news.Paragraph, text string) int {
	want := normalName(text)
	for i, p := range paragraphs[:min(len(paragraphs), 3)] {
		if want != "" && normalName(p.Text) == want {
			return i
		}
	}
	return -1
}

// settle puts the paragraphs into their final form.
func (r *reader) settle(a *news.Article) error {
	kept, runes := a.Paragraphs[:0], 0
	for _, p := range a.Paragraphs {
		if p.Text = strings.Join(strings.Fields(p.Text), " "); p.Text == "" {
			continue
		}
		if p.Kind == "" {
			p.Kind = news.Body
		}
		p.Index = len(kept)
		runes += utf8.RuneCountInString(p.Text)
		kept = append(kept, p)
	}
	a.Paragraphs = kept
	switch {
	case !hasKind(kept, news.Body):
		return reject(NoBody, "no paragraph of an article is in it")
	case runes > r.MaxArticleRunes:
		return reject(TooLong, "the article has %d characters; %d are the most", runes, r.MaxArticleRunes)
	}
	return nil
}

// minWords is the length from which what the words say counts for more than what the record declares.
const minWords = 40

// setLanguage leaves out what is not English.
func setLanguage(a *news.Article) error {
	var text strings.Builder
	words := 0
	for _, p := range a.Paragraphs {
		text.WriteString(p.Text)
		text.WriteByte('\n')
		words += 1 + strings.Count(p.Text, " ")
	}
	declared, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(a.Language, "_", "-")), "-")
	saysEnglish := declared == "en" || declared == "eng" || declared == "english"
	ok, guess := isEnglish(text.String())
	switch {
	case !ok && guess == "" && saysEnglish:
	case !ok:
		return skip(NotEnglish, "its words read as %q", orElse(guess, orElse(declared, "und")))
	case words < minWords && declared != "" && !saysEnglish:
		return skip(NotEnglish, "it is declared %q and too short to tell", a.Language)
	}
	if declared != "en" {
		a.Language = "en"
	}
	return nil
}

// meta is a field of an article that is one short line. Values of another type than text are read for what they mean.
func meta(v any) string {
	switch v := v.(type) {
	case string:
		if text, err := decodeText([]byte(v)); err == nil {
			return shorten(cleanLine(text))
		}
	case json.Number:
		return v.String()
	case int, int32, int64, uint32, uint64:
		return fmt.Sprint(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return v.UTC().Format(time.RFC3339)
	case []any:
		var parts []string
		for _, e := range v[:min(len(v), 20)] {
			if s := meta(e); s != "" {
				parts = append(parts, s)
			}
		}
		return shorten(strings.Join(parts, ", "))
	case map[string]any:
		return meta(anyOf(v, "name", "title", "@value", "#text", "$oid", "id", "url"))
	}
	return ""
}

func shorten(s string) string {
	if len(s) <= maxMetaRunes {
		return s
	}
	return strings.TrimSpace(news.RuneSlice(s, 0, maxMetaRunes))
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// webAddress is s if it can be the address of an article. An id is derived from it, so "n/a" must not pass.
func webAddress(s string) string {
	if host(s) == "" {
		return ""
	}
	return s
}

// outlet is the name of a source, which may be given as the address of its site or feed.
func outlet(source string) string {
	if strings.Contains(source, "://") {
		return sourceOf(source)
	}
	return source
}

// sourceOf is the outlet that an address belongs to: its host without "www.".
func sourceOf(address string) string { return strings.TrimPrefix(host(address), "www.") }

func host(address string) string {
	if !strings.Contains(address, "//") {
		address = "//" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if !strings.Contains(strings.Trim(host, "."), ".") || strings.ContainsFunc(host, unicode.IsSpace) {
		return ""
	}
	return host
}

// withoutSite cuts the name of the site off a title, as in "Troops for Kyiv? | The Kyiv Example": it would pass for an actor's.
func withoutSite(title string, names ...string) string {
	for _, separator := range []string{" | ", " - ", " – ", " — "} {
		at := strings.LastIndex(title, separator)
		if at <= 0 {
			continue
		}
		last := title[at+len(separator):]
		if len(strings.Fields(last)) > 5 {
			continue
		}
		last = normalName(last)
		for _, name := range names {
			labels := strings.Split(name, ".") // of a host; its last label names no site
			for _, label := range labels[:max(1, len(labels)-1)] {
				label = normalName(label)
				if len(label) > 2 && len(last) > 2 && (strings.HasPrefix(last, label) || strings.HasPrefix(label, last)) {
					return strings.TrimSpace(title[:at])
				}
			}
		}
	}
	return title
}
