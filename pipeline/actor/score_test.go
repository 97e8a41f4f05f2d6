package actor

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"stance/pipeline/news"
)

// labelled is an article of a labelled set.
type labelled struct {
	ID, Published string
	Paragraphs    []struct {
		Kind     news.ParagraphKind
		Text     string
		Labels   map[string]news.Label
		Optional []string
	}
}

func readLabelled(t testing.TB, path string) []labelled {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Skipf("no labelled set: %v", err)
	}
	defer file.Close()
	var set []labelled
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var a labelled
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatalf("%s:%d: %v", path, len(set)+1, err)
		}
		set = append(set, a)
	}
	if err := lines.Err(); err != nil || len(set) == 0 {
		t.Fatalf("read %s: %v, %d articles", path, err, len(set))
	}
	return set
}

// counts compares the (paragraph, actor) pairs found with those labelled, without the author and without optional ones.
type counts struct{ right, wrong, missed int }

func (c counts) precision() float64 { return float64(c.right) / float64(max(1, c.right+c.wrong)) }
func (c counts) recall() float64    { return float64(c.right) / float64(max(1, c.right+c.missed)) }

func score(t *testing.T, f *Finder, set []labelled) counts {
	var c counts
	for _, l := range set {
		a := &news.Article{}
		a.Published, _ = time.Parse(time.DateOnly, l.Published)
		p := slices.DeleteFunc(slices.Clone(l.Paragraphs), func(p struct {
			Kind     news.ParagraphKind
			Text     string
			Labels   map[string]news.Label
			Optional []string
		}) bool {
			return p.Kind != news.Headline && p.Kind != news.Deck && p.Kind != news.Body
		})
		for i, p := range p {
			a.Paragraphs = append(a.Paragraphs, news.Paragraph{Index: i, Kind: p.Kind, Text: p.Text})
		}
		for i, subjects := range f.Find(a) {
			found := map[string]bool{"author": true}
			for _, s := range subjects {
				id := s.Actor.ID
				_, gold := p[i].Labels[id]
				switch {
				case id == "author" || slices.Contains(p[i].Optional, id):
				case gold:
					c.right++
				default:
					c.wrong++
					t.Logf("%s: %q is no actor of: %s", l.ID, id, p[i].Text)
				}
				found[id] = true
			}
			for id := range p[i].Labels {
				if !found[id] && !slices.Contains(p[i].Optional, id) {
					c.missed++
					t.Logf("%s: %q was missed in: %s", l.ID, id, p[i].Text)
				}
			}
		}
	}
	return c
}

// TestScore measures the finder on labelled articles: two real pages that are not part of the project, and articles invented
// for it, of which the finder's rules were fitted to one half only.
func TestScore(t *testing.T) {
	for _, set := range []struct {
		name, path        string
		precision, recall float64 // at least
	}{
		{"real pages", sharedSamples("gold.jsonl"), 0.97, 0.97},
		{"invented articles to which the rules were fitted", "testdata/actors_only_seen.jsonl", 0.97, 0.97},
		{"invented articles that the rules had not seen", "testdata/actors_only_unseen.jsonl", 0.9, 0.9},
	} {
		t.Run(set.name, func(t *testing.T) {
			articles := readLabelled(t, set.path)
			c := score(t, NewFinder(projectInventory(t)), articles)
			t.Logf("precision %.3f, recall %.3f of %d pairs in %d articles", c.precision(), c.recall(), c.right+c.missed, len(articles))
			if c.precision() < set.precision || c.recall() < set.recall {
				t.Errorf("want at least %.2f and %.2f", set.precision, set.recall)
			}
		})
	}
}

// sharedSamples finds a file of the samples beside the repository.
func sharedSamples(name string) string {
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	return filepath.Join(dir, "..", "shared", "samples", name)
}

// checkFound fails where a promise of the package is broken.
func checkFound(t *testing.T, f *Finder, a *news.Article) {
	t.Helper()
	found := f.Find(a)
	if len(found) != len(a.Paragraphs) {
		t.Fatalf("%d slices for %d paragraphs", len(found), len(a.Paragraphs))
	}
	again := f.Find(a)
	for i, subjects := range found {
		text := []rune(a.Paragraphs[i].Text)
		owner := make([]news.Mention, len(text))
		if !slices.IsSortedFunc(subjects, func(x, y news.Subject) int {
			if y.Actor.ID == "author" {
				return -1
			}
			return strings.Compare(x.Actor.ID, y.Actor.ID)
		}) {
			t.Fatalf("not sorted: %v", subjects)
		}
		for j, s := range subjects {
			if s.Actor.ID != again[i][j].Actor.ID || !slices.Equal(s.Mentions, again[i][j].Mentions) {
				t.Fatalf("%v, then %v", s, again[i][j])
			}
			if (len(s.Mentions) == 0) != (s.Actor.ID == "author") {
				t.Fatalf("%s has %d mentions", s.Actor.ID, len(s.Mentions))
			}
			end := 0
			for _, m := range s.Mentions {
				if m.Start < end || m.End <= m.Start || m.End > len(text) || string(text[m.Start:m.End]) != m.Text {
					t.Fatalf("mention %+v of %s in %q", m, s.Actor.ID, a.Paragraphs[i].Text)
				}
				end = m.End
				for k := m.Start; k < m.End; k++ {
					if o := owner[k]; o.End != 0 && (o.Start != m.Start || o.End != m.End || o.How != news.ByPronoun) {
						t.Fatalf("mentions %+v and %+v overlap in %q", o, m, a.Paragraphs[i].Text)
					}
					owner[k] = m
				}
			}
		}
	}
}

func FuzzFind(f *testing.F) {
	seeds := []string{
		"French President Emmanuel Macron met Slovak Prime Minister Jan Novák in Paris.|He said the two leaders agreed.",
		"PARIS (Reuters) — The U.S.-EU-NATO “consensus” of Russia’s and Ukraine's leaders|The chancellor, Friedrich Merz, and the president",
		"Biden-Harris Administration Trump Jr. de la Graham, the former speaker of the European Commission, ex-French president",
	}
	if set, err := os.ReadFile("testdata/actors_only_seen.jsonl"); err == nil {
		for line := range strings.Lines(string(set)) {
			var a labelled
			if json.Unmarshal([]byte(line), &a) == nil {
				var text []string
				for _, p := range a.Paragraphs {
					text = append(text, p.Text)
				}
				seeds = append(seeds, strings.Join(text, "|"))
			}
		}
	}
	if len(seeds) < 6 {
		f.Fatalf("only %d seeds", len(seeds))
	}
	for _, s := range seeds {
		f.Add(s)
	}
	finder := testFinder(f)
	f.Fuzz(func(t *testing.T, text string) {
		checkFound(t, finder, newArticle(autumn, strings.Split(strings.ToValidUTF8(text, "\ufffd"), "|")...))
	})
}
