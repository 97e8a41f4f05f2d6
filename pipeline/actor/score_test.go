package actor

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"stance/pipeline/news"
)

// labelled is an article of a labelled set.
type labelled struct {
	ID, Published string
	Paragraphs    []labelledParagraph
}

type labelledParagraph struct {
	Kind     news.ParagraphKind
	Text     string
	Labels   map[string]news.Label
	Optional []string
}

func (p labelledParagraph) chrome() bool {
	return p.Kind != news.Headline && p.Kind != news.Deck && p.Kind != news.Body
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
		gold := slices.DeleteFunc(slices.Clone(l.Paragraphs), labelledParagraph.chrome)
		for i, p := range gold {
			a.Paragraphs = append(a.Paragraphs, news.Paragraph{Index: i, Kind: p.Kind, Text: p.Text})
		}
		for i, subjects := range f.Find(a) {
			found := map[string]bool{"author": true}
			for _, s := range subjects {
				id := s.Actor.ID
				_, named := gold[i].Labels[id]
				switch {
				case id == "author" || slices.Contains(gold[i].Optional, id):
				case named:
					c.right++
				default:
					c.wrong++
					t.Logf("%s: %q is no actor of: %s", l.ID, id, gold[i].Text)
				}
				found[id] = true
			}
			for id := range gold[i].Labels {
				if !found[id] && !slices.Contains(gold[i].Optional, id) {
					c.missed++
					t.Logf("%s: %q was missed in: %s", l.ID, id, gold[i].Text)
				}
			}
		}
	}
	return c
}

// TestScore measures the finder on labelled articles: two real pages that are not part of the project, and articles invented
// for it, whose labels say only who is named. The second half of them was read once when the rules were done, with precision
// 0.973 and recall 0.960, and mended since.
func TestScore(t *testing.T) {
	for _, set := range []struct {
		name, path        string
		precision, recall float64 // at least
	}{
		{"real pages", sharedSamples("gold.jsonl"), 0.97, 0.97},
		{"invented articles to which the rules were fitted", "testdata/actors_only_seen.jsonl", 0.97, 0.97},
		{"invented articles first read when the rules were done", "testdata/actors_only_unseen.jsonl", 0.95, 0.95},
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
