package ingest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
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

// crown puts title and deck above the paragraphs where the body does not begin with them.
func crown(a *news.Article, deck string) {
	put(a, 0, news.Headline, a.Title)
	top := 0
	if len(a.Paragraphs) > 0 && a.Paragraphs[0].Kind == news.Headline {
		top = 1
	}
	put(a, top, news.Deck, deck)
	if i := slices.IndexFunc(a.Paragraphs, isKind(news.Headline)); i >= 0 && a.Title == "" {
		a.Title = shorten(a.Paragraphs[i].Text)
	}
}

// put makes sure that a text stands among the first paragraphs with its kind, unless another of that kind does.
func put(a *news.Article, at int, kind news.ParagraphKind, text string) {
	if text == "" || slices.ContainsFunc(a.Paragraphs, isKind(kind)) {
		return
	}
	switch i := beginsWith(a.Paragraphs, text); {
	case i < 0:
		a.Paragraphs = slices.Insert(a.Paragraphs, at, news.Paragraph{Kind: kind, Text: text})
	case len(a.Paragraphs) > 1: // a flash of one sentence is its own headline; it stays the body
		a.Paragraphs[i].Kind = kind
	}
}

func isKind(kind news.ParagraphKind) func(news.Paragraph) bool {
	return func(p news.Paragraph) bool { return p.Kind == kind }
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
	case !slices.ContainsFunc(kept, isKind(news.Body)):
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
	a.Language = strings.ReplaceAll(a.Language, "_", "-")
	declared, _, _ := strings.Cut(strings.ToLower(a.Language), "-")
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
