package report

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"stance/pipeline/news"

	"github.com/google/go-cmp/cmp"
)

func judgement(id, name string, l news.Label, p [3]float32, mentions ...news.Mention) Judged {
	return Judged{
		Subject: news.Subject{Actor: news.Actor{ID: id, Name: name}, Mentions: mentions},
		Stance:  news.Stance{Label: l, P: p},
	}
}

func sample() (*news.Article, [][]Judged) {
	a := &news.Article{
		ID: "a1", Title: "Paris offers troops", Source: "example.org \x1b]0;owned\x07", Byline: "A. Writer",
		Published: time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC),
		Paragraphs: []news.Paragraph{
			{Index: 0, Kind: news.Headline, Text: "Paris offers troops"},
			{Index: 1, Kind: news.Body, Text: "France wants the force; Russia does not."},
		},
	}
	return a, [][]Judged{nil, {
		judgement("france", "France", news.Pro, [3]float32{0.9, 0.05, 0.05}, news.Mention{Start: 0, End: 6, How: news.ByName}),
		judgement("russia", "Russia", news.Anti, [3]float32{0, 0.75, 0.25}, news.Mention{Start: 24, End: 30, How: news.ByName}),
		judgement("author", "the author", news.Neutral, [3]float32{0, 0, 1}),
	}}
}

func TestArticleWithoutColours(t *testing.T) {
	a, judged := sample()
	judged[1][2].Abstained = true
	var out strings.Builder
	if err := Article(&out, a, judged, Style{Width: 80}); err != nil {
		t.Fatal(err)
	}
	want := `example.org ␛]0;owned␇ · A. Writer · 4 March 2026 · id a1

# Paris offers troops

[France] wants the force; [Russia] does not.
    France               pro     ███████████░  0.90 0.05 0.05  by name
    Russia               anti    ▓▓▓▓▓▓▓▓▓░░░  0.00 0.75 0.25  by name
    the author           neutral ░░░░░░░░░░░░  0.00 0.00 1.00  undecided
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestArticleWithColoursSaysTheSame(t *testing.T) {
	a, judged := sample()
	var coloured strings.Builder
	if err := Article(&coloured, a, judged, Style{Colour: true}); err != nil {
		t.Fatal(err)
	}
	if want := "\x1b[4;32mFrance\x1b[0m wants"; !strings.Contains(coloured.String(), want) {
		t.Errorf("no %q in %q", want, coloured.String())
	}
	var bare strings.Builder
	if err := Article(&bare, a, judged, Style{}); err != nil {
		t.Fatal(err)
	}
	stripped := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(coloured.String(), "")
	if diff := cmp.Diff(strings.NewReplacer("[", "", "]", "").Replace(bare.String()), strings.NewReplacer("[", "", "]", "").Replace(stripped)); diff != "" {
		t.Error(diff)
	}
}

func TestArticleKeepsToTheWidth(t *testing.T) {
	a, judged := sample()
	a.Paragraphs[1].Text += strings.Repeat(" слово 日本語", 50) + strings.Repeat("x", 300)
	judged[1][0].Actor.Name = strings.Repeat("Long ", 40)
	for _, width := range []int{40, 60, 80, 120} {
		var out strings.Builder
		if err := Article(&out, a, judged, Style{Width: width}); err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(out.String(), "\n")[1:] { // after the source, which is not wrapped
			if columns(line) > width {
				t.Errorf("at width %d: %d columns: %q", width, columns(line), line)
			}
		}
	}
}

func TestMentionsOutsideTheTextAreLeftOut(t *testing.T) {
	a, judged := sample()
	judged[1][0].Mentions = []news.Mention{{Start: -1, End: 3}, {Start: 5, End: 5}, {Start: 8, End: 4}, {Start: 30, End: 999}}
	var out strings.Builder
	if err := Article(&out, a, judged[:2], Style{}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "France wants the force; [Russia] does") {
		t.Error(out.String())
	}
}

func TestAnArticleWithoutHeadlineShowsItsTitle(t *testing.T) {
	for title, want := range map[string]string{"A \x1btitle": "A ␛title\n", "": "(no title)\n"} {
		var out strings.Builder
		if err := Article(&out, &news.Article{Title: title}, nil, Style{}); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(out.String(), want) {
			t.Errorf("%q for the title %q", out.String(), title)
		}
	}
}

func TestWrap(t *testing.T) {
	tests := []struct {
		name, text string
		width      int
		want       []string
	}{
		{"breaks at the last space that fits", "one two three", 7, []string{"one two", "three"}},
		{"drops the space at the break", "one two", 3, []string{"one", "two"}},
		{"breaks a word that is longer than a line", "abcdefgh", 3, []string{"abc", "def", "gh"}},
		{"counts wide runes twice", "日本語", 4, []string{"日本", "語"}},
		{"makes way even where a rune is wider than the line", "日本", 1, []string{"日", "本"}},
		{"makes no line of no text", "", 5, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, line := range wrap(mark(test.text, nil, false), test.width) {
				got = append(got, render(line, Style{}))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBarAlwaysHasItsWidth(t *testing.T) {
	for _, p := range [][3]float32{{}, {1, 0, 0}, {0.5, 0.5, 0}, {0.333, 0.333, 0.334}, {2, 2, 2}, {-1, 0, 0}} {
		if got := columns(bar(p, Style{})); got != barColumns {
			t.Errorf("bar(%v) has %d columns", p, got)
		}
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("no room")

func TestWritersReportTheErrorOfTheOutput(t *testing.T) {
	a, judged := sample()
	if err := Article(full{}, a, judged, Style{}); !errors.Is(err, errFull) {
		t.Errorf("Article: %v", err)
	}
	if err := new(Tally).Write(full{}, Style{}, 0); !errors.Is(err, errFull) {
		t.Errorf("Tally.Write: %v", err)
	}
	if err := Export(full{}, CSV, rowsOf(row{})); !errors.Is(err, errFull) {
		t.Errorf("Export: %v", err)
	}
}
