package actor

import (
	"encoding/json"
	"math/rand"
	"os"
	"slices"
	"strings"
	"testing"

	"stance/pipeline/news"
)

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
		for j := 1; j < len(subjects); j++ {
			if x, y := subjects[j-1].Actor.ID, subjects[j].Actor.ID; x == "author" || y != "author" && x >= y {
				t.Fatalf("%s before %s", x, y)
			}
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

// TestPromisesHoldForRandomMixes reads words that mean something to the rules in orders that nobody writes.
func TestPromisesHoldForRandomMixes(t *testing.T) {
	f := testFinder(t)
	var words []string
	for _, set := range []string{"testdata/actors_only_seen.jsonl", "testdata/actors_only_unseen.jsonl"} {
		for _, a := range readLabelled(t, set) {
			for _, p := range a.Paragraphs {
				words = append(words, strings.Fields(p.Text)...)
			}
		}
	}
	for _, tb := range tables() {
		words = append(words, strings.Fields(tb.words)...)
	}
	words = append(words, "French President", "the two leaders", "he", "she", "Merz,", "the chancellor", "Jan Novák", "Graham", "-", "—", "Donald J. Trump", "and", "of", "U.S.-EU", "Trump-Putin", "administration", "former", "the president of")
	rng := rand.New(rand.NewSource(1))
	for range 4000 {
		var ps []string
		for range 1 + rng.Intn(3) {
			var b []string
			for range 1 + rng.Intn(30) {
				b = append(b, words[rng.Intn(len(words))])
			}
			ps = append(ps, strings.Join(b, []string{" ", " ", " ", "-", ", "}[rng.Intn(5)]))
		}
		checkFound(t, f, newArticle(autumn, ps...))
	}
}
