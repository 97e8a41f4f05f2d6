package ingest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stance/pipeline/news"
)

// A markedLine is one line of a test page with the kind that a reader gave it; chrome is "".
type markedLine struct {
	kind news.ParagraphKind
	text string
}

type markedPage struct {
	name  string
	lines []markedLine
	text  string
}

var marks = map[string]news.ParagraphKind{"h": news.Headline, "d": news.Deck, "b": news.Body, "-": ""}

// readMarked reads a test page: every line begins with its mark (h headline, d deck, b body, - anything else) and a
// space; blank lines are blank lines of the page.
func readMarked(t *testing.T, path string) markedPage {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	p := markedPage{name: filepath.Base(path)}
	var text []string
	for i, l := range strings.Split(strings.TrimRight(string(raw), "\n"), "\n") {
		mark, rest, _ := strings.Cut(l, " ")
		kind, ok := marks[mark]
		if l != "" && !ok {
			t.Fatalf("%s:%d: unknown mark %q", path, i+1, mark)
		}
		if l != "" {
			p.lines = append(p.lines, markedLine{kind, rest})
		}
		text = append(text, rest)
	}
	p.text = strings.Join(text, "\n")
	return p
}

// tally counts, for each kind, the lines found rightly, found wrongly and missed.
type tally map[news.ParagraphKind]*struct{ right, wrong, missed int }

func newTally() tally { return tally{news.Headline: {}, news.Deck: {}, news.Body: {}} }

func (c tally) precision(k news.ParagraphKind) float64 { return ratio(c[k].right, c[k].wrong) }
func (c tally) recall(k news.ParagraphKind) float64    { return ratio(c[k].right, c[k].missed) }

func ratio(right, other int) float64 {
	if right+other == 0 {
		return 1
	}
	return float64(right) / float64(right+other)
}

func (c tally) String() string {
	var b strings.Builder
	for _, k := range []news.ParagraphKind{news.Headline, news.Deck, news.Body} {
		fmt.Fprintf(&b, "%s P %.3f R %.3f (%d)  ", k, c.precision(k), c.recall(k), c[k].right+c[k].missed)
	}
	return b.String()
}

// compare gives each line of a page the kind of the paragraph that its words ended up in, and returns the lines whose
// kind differs from the reader's. Of lines with the same words it does not matter which one is kept.
func (c tally) compare(p markedPage, got []news.Paragraph) (differences []string) {
	left := slices.Clone(got)
	found := make([]news.ParagraphKind, len(p.lines))
	take := func(i int, same func(have, want string) bool, kind func(news.ParagraphKind) bool) bool {
		if found[i] != "" {
			return false
		}
		key := textKey(p.lines[i].text)
		for j, q := range left {
			if key != "" && same(textKey(q.Text), key) && kind(q.Kind) {
				found[i] = q.Kind
				if textKey(q.Text) == key {
					left = slices.Delete(left, j, j+1)
				}
				return true
			}
		}
		return false
	}
	equal := func(have, want string) bool { return have == want }
	for i, l := range p.lines {
		take(i, equal, func(k news.ParagraphKind) bool { return k == l.kind })
	}
	anyKind := func(news.ParagraphKind) bool { return true }
	for i := range p.lines {
		if take(i, equal, anyKind) {
			continue
		}
		inside := strings.Contains // a wrapped line is a part of its paragraph, and a short one follows the line before
		if len(textKey(p.lines[i].text)) <= 20 && i > 0 {
			inside = func(have, want string) bool { return strings.Contains(have, textKey(p.lines[i-1].text)+want) }
		}
		take(i, inside, anyKind)
	}
	for i, l := range p.lines {
		switch {
		case found[i] == l.kind && l.kind != "":
			c[l.kind].right++
		case found[i] != l.kind:
			if l.kind != "" {
				c[l.kind].missed++
			}
			if found[i] != "" {
				c[found[i]].wrong++
			}
			differences = append(differences, fmt.Sprintf("want %-8q got %-8q %.100s", l.kind, found[i], l.text))
		}
	}
	return differences
}

func sumPages(t *testing.T, pages []markedPage) tally {
	t.Helper()
	all := newTally()
	for _, p := range pages {
		own := newTally()
		differences := own.compare(p, parsePage(p.text).paragraphs)
		all.compare(p, parsePage(p.text).paragraphs)
		t.Logf("%-24s %v", p.name, own)
		for _, d := range differences {
			t.Logf("    %s", d)
		}
	}
	t.Logf("%-24s %v", "all", all)
	return all
}

func markedPages(t *testing.T, folder string) []markedPage {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "pages", folder, "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) < 12 {
		t.Fatalf("found %d pages in testdata/pages/%s, want at least 12", len(paths), folder)
	}
	var pages []markedPage
	for _, path := range paths {
		pages = append(pages, readMarked(t, path))
	}
	return pages
}

// The pages in tuned were looked at while the rules were written, those in held were not.
func TestLinesOfPagesGetTheirKinds(t *testing.T) {
	for _, folder := range []string{"tuned", "held"} {
		t.Run(folder, func(t *testing.T) {
			_ = sumPages(t, markedPages(t, folder))
		})
	}
}

func TestSamplePagesGetTheirKinds(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "samples")
	raw, err := os.ReadFile(filepath.Join(folder, "gold.jsonl"))
	if err != nil {
		t.Skipf("SKIPPED: no sample pages to compare with: %v", err)
	}
	var pages []markedPage
	for record := range strings.Lines(string(raw)) {
		var gold struct {
			ID         string
			Paragraphs []struct{ Kind, Text string }
		}
		if err := json.Unmarshal([]byte(record), &gold); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(folder, gold.ID))
		if err != nil {
			t.Fatal(err)
		}
		p := markedPage{name: gold.ID, text: string(text)}
		for _, q := range gold.Paragraphs {
			kind := news.ParagraphKind(q.Kind)
			if q.Kind == "chrome" {
				kind = ""
			}
			p.lines = append(p.lines, markedLine{kind, q.Text})
		}
		pages = append(pages, p)
	}
	_ = sumPages(t, pages)
}
