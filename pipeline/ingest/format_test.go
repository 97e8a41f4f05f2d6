package ingest

import (
	"encoding/csv"
	"encoding/json"
	"html"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/text/encoding/charmap"

	"stance/pipeline/news"
)

func TestOneArticleIsTheSameInEveryFormatAndCompression(t *testing.T) {
	fields := map[string]any{
		"id": "a-1", "url": "https://www.example.org/news/a-1", "title": "Ministers weigh sending engineers", "byline": "A. Writer",
		"published": "2025-03-04T05:06:07Z", "language": "en", "genre": "news", "text": text(sentences...),
	}
	row := func(names ...string) (cells []string) {
		for _, name := range names {
			cells = append(cells, fields[name].(string))
		}
		return cells
	}
	names := []string{"id", "url", "title", "byline", "published", "language", "genre", "text"}
	table := func(comma rune) string {
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.Comma = comma
		w.WriteAll([][]string{names, row(names...)})
		return b.String()
	}
	document, _ := json.MarshalIndent(fields, "", "  ")
	paragraphs := map[string]any{}
	kinds := map[string]any{}
	for name, value := range fields {
		if name != "text" {
			paragraphs[name], kinds[name] = value, value
		}
	}
	paragraphs["paragraphs"] = sentences
	objects := []map[string]any{{"kind": "chrome", "text": "Share this"}, {"kind": "headline", "text": fields["title"], "labels": map[string]string{"nato": "pro"}}}
	for _, s := range sentences {
		objects = append(objects, map[string]any{"kind": "body", "text": s})
	}
	kinds["paragraphs"] = objects

	contents := map[string]string{
		"lines.jsonl":       asJSON(fields) + "\n",
		"lines.ndjson":      "\n" + asJSON(fields),
		"carriage.jsonl":    asJSON(fields) + "\r\n\r\n",
		"paragraphs.jsonl":  asJSON(paragraphs),
		"kinds.jsonl":       asJSON(kinds),
		"array.json":        "[" + string(document) + "]",
		"object.json":       string(document),
		"holder.json":       `{"status": "ok", "tags": [{"name": "x"}], "response": {"total": 1, "docs": [` + string(document) + `]}}`,
		"lines-inside.json": asJSON(fields) + "\n",
		"array.jsonl":       "[\n" + string(document) + "\n]",
		"pretty.jsonl":      string(document),
		"array-line.jsonl":  "[" + asJSON(fields) + "]\n",
		"holder.jsonl":      `{"articles": [` + asJSON(fields) + `]}`,
		"comma.csv":         table(','),
		"semicolon.csv":     table(';'),
		"tabs.tsv":          table('\t'),
		"tabs.csv":          table('\t'),
		"mark.csv":          byteOrderMark + table(','),
		"rows.parquet":      fakeParquet(fields),
	}
	want := &news.Article{
		ID: "a-1", URL: "https://www.example.org/news/a-1", Source: "example.org", Title: "Ministers weigh sending engineers", Byline: "A. Writer",
		Genre: "news", Language: "en", Published: time.Date(2025, 3, 4, 5, 6, 7, 0, time.UTC),
		Paragraphs: []news.Paragraph{{Index: 0, Kind: news.Headline, Text: "Ministers weigh sending engineers"}},
	}
	for i, s := range sentences {
		want.Paragraphs = append(want.Paragraphs, news.Paragraph{Index: i + 1, Kind: news.Body, Text: s})
	}
	where := cmpopts.IgnoreFields(news.Article{}, "File", "Offset")
	for name, content := range contents {
		for _, packed := range []struct{ name, data string }{
			{name, content},
			{name + ".gz", packGzip(content)},
			{name + ".zst", packZstd(content)},
			{name + ".GZ", packZstd(content)}, // the name lies
			{"plain-" + name + ".zst", content},
			{"members-" + name + ".gz", packGzip(content[:10]) + packGzip(content[10:])},
		} {
			items := readFolder(t, map[string]string{packed.name: packed.data})
			if len(items) != 1 || items[0].Article == nil {
				t.Errorf("%s: got %q, want one article", packed.name, brief(items))
			} else if diff := cmp.Diff(want, items[0].Article, where); diff != "" {
				t.Errorf("%s: (-want +got)\n%s", packed.name, diff)
			}
		}
		var items []Item
		for item := range Read(t.Context(), Config{Stdin: strings.NewReader(packZstd(content)), OpenParquet: openFakeParquet}, []Input{{Path: stdinPath, Bytes: 9, SHA256: "as a caller may set"}}) {
			items = append(items, item)
		}
		if len(items) != 1 || items[0].Article == nil {
			t.Errorf("%s by standard input: got %q, want one article", name, brief(items))
		} else if diff := cmp.Diff(want, items[0].Article, where); diff != "" {
			t.Errorf("%s by standard input: (-want +got)\n%s", name, diff)
		}
	}
}

func TestPagesAreReadAlikeAsTextAndAsHTML(t *testing.T) {
	body := "<p>" + strings.ReplaceAll(html.EscapeString(text(sentences...)), "\n\n", "</p>\n<p>") + "</p>"
	document := "<!DOCTYPE html><html><head><meta charset=utf-8><title>T</title></head><body><article>" + body + "</article></body></html>"
	var want []news.Paragraph
	for i, s := range sentences {
		want = append(want, news.Paragraph{Index: i, Kind: news.Body, Text: s})
	}
	for name, content := range map[string]string{
		"page.txt":       text(sentences...),
		"page.html":      document,
		"page.htm":       document,
		"saved.txt":      document,
		"field.jsonl":    asJSON(map[string]any{"html": document}),
		"content.jsonl":  asJSON(map[string]any{"content": body}),
		"latin.txt":      latin(text(sentences...)),
		"latin.html":     latin(strings.Replace(document, "utf-8", "windows-1252", 1)),
		"latin.jsonl":    latin(`{"text": "` + strings.ReplaceAll(text(sentences...), "\n", `\n`) + `"}`),
		"latin.csv":      latin("text,x\n\"" + text(sentences...) + "\",\n"),
		"utf16.jsonl":    utf16LE("\uFEFF" + `{"text": "` + strings.ReplaceAll(text(sentences...), "\n", `\n`) + `"}`),
		"utf16.txt":      utf16LE("\uFEFF" + text(sentences...)),
		"utf16-bare.txt": utf16LE(text(sentences...)),
	} {
		items := readFolder(t, map[string]string{name: content})
		if len(items) != 1 || items[0].Article == nil {
			t.Errorf("%s: got %q, want one article", name, brief(items))
			continue
		}
		var got []news.Paragraph
		for _, p := range items[0].Article.Paragraphs {
			if p.Kind == news.Body {
				p.Index = len(got)
				got = append(got, p)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func latin(s string) string {
	b, _ := charmap.Windows1252.NewEncoder().String(s)
	return b
}

func utf16LE(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}
