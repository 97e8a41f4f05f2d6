package ingest

import (
	"fmt"
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

func TestAnObjectIsReadWholeWhateverStandsBeforeItsBody(t *testing.T) {
	line := `{"comments": [` + soundLine("comment") + `, {"text": "Short."}], "data": {"related": [` + soundLine("related") + `]}, ` + soundLine("a")[1:]
	pretty := strings.Replace(line, "{", "{\n", 1)
	for name, content := range map[string]string{
		"line.json": line, "pretty.json": pretty, "array.json": "[" + pretty + "]", "line.jsonl": line, "pretty.jsonl": pretty,
	} {
		if got := brief(readFolder(t, map[string]string{name: content})); len(got) != 1 || got[0] != name+" article a" {
			t.Errorf("got %q", got)
		}
	}
}

func TestAllArraysOfArticlesInAnObjectAreRead(t *testing.T) {
	line := `{"world": [` + soundLine("a") + `, ` + soundLine("b") + `], "tags": [{"name": "x"}], "numbers": [1, 2], "none": [], "politics": [` + soundLine("c") + `], ` +
		`"more": {"sport": [` + soundLine("d") + `], "deep": {"er": [` + soundLine("e") + `]}}, "total": 6, "last": [` + soundLine("f") + `]}`
	for _, test := range []struct {
		name, content string
		most          int // bytes of a record
	}{
		{"held.json", line, 16 << 20}, {"not-held.json", line, 900}, {"line.jsonl", line + "\n", 16 << 20}, {"two.json", line + "\n" + line, 16 << 20}, {"two-not-held.json", "{\n" + line[1:] + line, 900},
	} {
		var want []string
		for _, id := range strings.Fields("a b c d e f a~2 b~2 c~2 d~2 e~2 f~2")[:strings.Count(test.content, `"id"`)] {
			want = append(want, test.name+" article "+id)
		}
		folder := write(t, map[string]string{test.name: test.content})
		if diff := cmp.Diff(want, brief(read(t, Config{Inputs: []string{folder}, MaxRecordBytes: test.most}, folder))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

func TestAnObjectThatIsNotReadToItsEndIsCounted(t *testing.T) {
	comments := `{"comments": [` + soundLine("comment") + `], `
	holder := `{"docs": [` + soundLine("a") + `, {"text": nonsense}, ` + soundLine("b") + `], "total": 3`
	for name, test := range map[string]struct {
		content string
		want    []string
	}{
		"too long, comments first": {comments + `"text": "` + strings.Repeat("x", 2000) + `"}` + soundLine("next"), []string{"article comment", "rejected line-too-long@0", "article next"}},
		"too long, body first":     {`{"text": "` + strings.Repeat("x", 2000) + `", ` + comments[1:] + `"n": 1}` + soundLine("next"), []string{"rejected line-too-long@0", "article next"}},
		"too long, within another": {`{"docs": [` + soundLine("a") + `], "data": ` + comments + `"text": "` + strings.Repeat("x", 2000) + `"}}`, []string{"article a", "article comment", fmt.Sprintf("rejected line-too-long@%d", len(soundLine("a"))+21)}},
		"too long, holding none":   {`{"tags": [{"name": "x"}], "note": "` + strings.Repeat("x", 2000) + `"}` + soundLine("next"), []string{"rejected line-too-long@0", "article next"}},
		"a broken element":         {holder + "}" + soundLine("next"), []string{"article a", fmt.Sprintf("rejected syntax@%d", len(soundLine("a"))+12), "article b", "article next"}},
		"the end in the middle":    {holder, []string{"article a", fmt.Sprintf("rejected syntax@%d", len(soundLine("a"))+12), "article b", fmt.Sprintf("rejected truncated@%d", len(holder)-len(`], "total": 3`))}},
		"a name without quotes":    {holder + `, x: 1}` + soundLine("next"), []string{"article a", fmt.Sprintf("rejected syntax@%d", len(soundLine("a"))+12), "article b", fmt.Sprintf("rejected syntax@%d", len(holder)-len(`], "total": 3`))}},
	} {
		folder := write(t, map[string]string{"a.json": "\n" + test.content})
		c := Config{Inputs: []string{folder}, MaxRecordBytes: 900}
		var got []string
		for _, item := range read(t, c, folder) {
			if item.Left != nil {
				item.Left.Offset-- // the line end
			}
			got = append(got, strings.TrimPrefix(brief([]Item{item})[0], "a.json "))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
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
