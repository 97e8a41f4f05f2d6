package ingest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCarelessJSONIsMended(t *testing.T) {
	for name, test := range map[string]struct {
		content, title string
	}{
		"numbers of Python":   {`{"score": NaN, "title": "NaN", "low": -Infinity, "n": [Infinity], "text": "TEXT"}`, "NaN"},
		"control characters":  {"{\"title\": \"a\tb\", \"text\": \"TEXT\x01\"}", "a b"},
		"surrogates":          {`{"title": "\ud83d\udd4a peace \u00e9\/\"", "text": "TEXT"}`, `🕊 peace é/"`},
		"a name without end":  {`{"title": "T", "` + strings.Repeat("x", 5000) + `": 1, "text": "TEXT"}`, "T"},
		"half of a surrogate": {`{"title": "\ud83d peace \ud83d\u0041", "text": "TEXT"}`, "\uFFFD peace \uFFFDA"},
	} {
		body := strings.ReplaceAll(text(sentences...), "\n", `\n`)
		items := readFolder(t, map[string]string{"a.jsonl": strings.Replace(test.content, "TEXT", body, 1)})
		items = append(items, readFolder(t, map[string]string{"a.json": "\n{\n" + strings.Replace(test.content[1:], "TEXT", body, 1)})...)
		if len(items) != 2 || items[0].Article == nil || items[1].Article == nil || items[0].Article.Title != items[1].Article.Title || items[0].Article.Title != test.title {
			t.Errorf("%s: got %q", name, brief(items))
		}
	}
	broken := "{\"title\": \"T\",\r\n \"text\": \"" + text(sentences...) + "\"}" // with its lines as they are
	if items := readFolder(t, map[string]string{"a.json": broken}); len(items) != 1 || items[0].Article == nil || len(items[0].Article.Paragraphs) != 1+len(sentences) {
		t.Errorf("line ends in a string: got %q", brief(items))
	}
}

func TestArticlesWithinAnArticleAreNotRead(t *testing.T) {
	related := `"tags": [{"name": "x"}], "related": [` + soundLine("other") + `]`
	for name, content := range map[string]string{
		"a.json":  strings.TrimSuffix(soundLine("a"), "}") + ", " + related + "}",
		"a.jsonl": strings.TrimSuffix(soundLine("a"), "}") + ", " + related + "}\n",
	} {
		if got := brief(readFolder(t, map[string]string{name: content})); len(got) != 1 || got[0] != name+" article a" {
			t.Errorf("got %q", got)
		}
	}
}

func TestALineMayHoldSeveralArticles(t *testing.T) {
	got := brief(readFolder(t, map[string]string{"a.jsonl": soundLine("a") + "\n[" + soundLine("b") + ", " + soundLine("c") + "]\n{\"docs\": [" + soundLine("d") + "]}\n"}))
	want := []string{"a.jsonl article a", "a.jsonl article b", "a.jsonl article c", "a.jsonl article d"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
