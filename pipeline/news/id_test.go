package news

import (
	"testing"
	"unicode/utf8"
)

func TestFieldsOfAnIDDoNotRunTogether(t *testing.T) {
	seen := map[string][]string{}
	for _, fields := range [][]string{{"ab", "c"}, {"a", "bc"}, {"abc"}, {"abc", ""}, {"", "abc"}, {"1:a"}, {}, {""}} {
		id := ID(fields...)
		if len(id) != 2*idBytes {
			t.Errorf("ID(%q) has %d digits, want %d", fields, len(id), 2*idBytes)
		}
		if other, ok := seen[id]; ok {
			t.Errorf("ID(%q) and ID(%q) are the same", fields, other)
		}
		seen[id] = fields
	}
}

// The ids of rows that analysts have stored must never change: a new value here means a new table format.
func TestIDsAreWhatTheyHaveAlwaysBeen(t *testing.T) {
	a := Article{Title: "T", Source: "s.example", Paragraphs: []Paragraph{{Index: 0, Kind: Headline, Text: "T"}, {Index: 1, Kind: Body, Text: "Zelenskyý spoke."}}}
	withURL := a
	withURL.URL = "https://s.example/1"
	for _, c := range []struct{ name, got, want string }{
		{"article by content", a.ArticleID(), "b898497f52b02e20d665fda7"},
		{"article by URL", withURL.ArticleID(), "aab64004ee3e3c6ab5302dee"},
		{"row", RowID("a", a.Paragraphs[1], "france", "m"), "75db9dc69c5d838fd0dc7638"},
	} {
		if c.got != c.want {
			t.Errorf("%s: id is %s, want %s", c.name, c.got, c.want)
		}
	}
}

func TestAnArticleIsTheSameWhereverItIsRead(t *testing.T) {
	a := Article{Title: "T", Paragraphs: []Paragraph{{Kind: Body, Text: "x"}}, File: "a.txt", Offset: 1}
	b := a
	b.File, b.Offset, b.Language, b.Byline = "b.txt", 2, "en", "someone"
	if a.ArticleID() != b.ArticleID() || a.ContentID() != b.ContentID() {
		t.Error("a moved file is another article")
	}
	b.Paragraphs = []Paragraph{{Kind: Deck, Text: "x"}}
	if a.ContentID() == b.ContentID() {
		t.Error("another kind of paragraph is the same content")
	}
	b.URL = "https://s.example/1"
	c := b
	c.Paragraphs = []Paragraph{{Kind: Body, Text: "corrected"}}
	if b.ArticleID() != c.ArticleID() {
		t.Error("a correction makes another article, though the URL is the same")
	}
}

func TestRowIDAsksForEverythingThatMakesTheQuestion(t *testing.T) {
	p := Paragraph{Index: 3, Kind: Body, Text: "x"}
	base := RowID("a", p, "france", "m")
	for name, other := range map[string]string{
		"article":   RowID("b", p, "france", "m"),
		"paragraph": RowID("a", Paragraph{Index: 4, Kind: Body, Text: "x"}, "france", "m"),
		"text":      RowID("a", Paragraph{Index: 3, Kind: Body, Text: "y"}, "france", "m"),
		"actor":     RowID("a", p, "italy", "m"),
		"model":     RowID("a", p, "france", "n"),
	} {
		if other == base {
			t.Errorf("another %s has the same row id", name)
		}
	}
}

func FuzzRuneSlice(f *testing.F) {
	f.Add("Zelenskyý 🙂 said", 2, 11)
	f.Add("\xff\xfe", 0, 1)
	f.Add("", 1, 3)
	f.Fuzz(func(t *testing.T, s string, start, end int) {
		got := RuneSlice(s, start, end)
		runes := []rune(s)
		n := len(runes)
		from, to := min(max(start, 0), n), min(max(end, 0), n)
		if from > to {
			to = from
		}
		if want := runes[from:to]; utf8.RuneCountInString(got) != len(want) {
			t.Fatalf("RuneSlice(%q, %d, %d) = %q, which has not %d runes", s, start, end, got, len(want))
		}
	})
}
