package ingest

import (
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"stance/pipeline/news"
)

// story makes an article of n words in sentences of nine; the same seed makes the same words.
func story(id string, seed int64, n int) *news.Article {
	r := rand.New(rand.NewSource(seed))
	a := &news.Article{ID: id}
	var sentence []string
	for range n {
		sentence = append(sentence, fmt.Sprintf("w%d", r.Intn(4000)))
		if len(sentence) == 9 {
			a.Paragraphs = append(a.Paragraphs, news.Paragraph{Kind: news.Body, Text: strings.Join(sentence, " ") + "."})
			sentence = nil
		}
	}
	return a
}

func article(id string, texts ...string) *news.Article {
	a := &news.Article{ID: id}
	for _, t := range texts {
		a.Paragraphs = append(a.Paragraphs, news.Paragraph{Kind: news.Body, Text: t})
	}
	return a
}

func join(id string, parts ...[]news.Paragraph) *news.Article {
	a := &news.Article{ID: id}
	for _, p := range parts {
		a.Paragraphs = append(a.Paragraphs, p...)
	}
	return a
}

func TestDuplicatesAreFound(t *testing.T) {
	long := story("first", 1, 540).Paragraphs // 60 paragraphs
	other := story("other", 2, 540).Paragraphs
	short := "A short notice of a dozen words is only the same when it is equal."
	cases := []struct {
		name          string
		first, second *news.Article
		same          bool
	}{
		{"the same text twice", join("first", long), join("b", long), true},
		{"another headline", join("first", long), join("b", []news.Paragraph{{Kind: news.Headline, Text: "Another"}}, long), true},
		{"other quotes, case and spaces", article("first", "“It’s over,” she said."), article("b", `"Its OVER"`, "she  said"), true},
		{"the first half alone", join("first", long), join("b", long[:30]), true},
		{"the whole after its first half", join("first", long[:30]), join("b", long), true},
		{"an added introduction", join("first", long), join("b", other[:12], long), true},
		{"the last third cut", join("first", long), join("b", long[:40]), true},
		{"one paragraph quoted in another article", join("first", long), join("b", other, long[:1]), false},
		{"a third of it quoted in another article", join("first", long), join("b", other, long[:20]), false},
		{"two articles", join("first", long), join("b", other), false},
		{"short articles that are equal", article("first", short), article("b", short), true},
		{"short articles that nearly are", article("first", short), article("b", short+" Today."), false},
		{"articles without a body", &news.Article{ID: "first"}, &news.Article{ID: "b"}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := newDuplicates()
			if got := d.add(c.first); got != "" {
				t.Fatalf("the first article is a duplicate of %q", got)
			}
			want := ""
			if c.same {
				want = "first"
			}
			if got := d.add(c.second); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestTheFirstInReadingOrderIsTheOriginal(t *testing.T) {
	for seed := range int64(20) {
		d := newDuplicates()
		whole := story("whole", seed, 900).Paragraphs
		for i, a := range []*news.Article{join("left", whole[:50]), join("right", whole[50:]), join("whole", whole), join("again", whole)} {
			got := d.add(a)
			want := []string{"", "", "left", "left"}[i]
			if got != want {
				t.Errorf("seed %d, %s: got %q, want %q", seed, a.ID, got, want)
			}
		}
	}
}

func TestDifferentReportsOfOneEventAreNoDuplicates(t *testing.T) {
	one := article("one",
		"Denmark will send a battalion to Ukraine once the guns fall silent, its defence minister said on Thursday after talks with nineteen colleagues in Copenhagen that ran deep into the night.",
		"“If there is a truce, we will be there,” Henrik Aagaard told reporters on the steps of the ministry.",
		"Italy said that it would take part only with a mandate of the United Nations, and Germany that it had not decided anything at all.",
		"The Kremlin called the plan a step towards war and promised an answer.")
	two := article("two",
		"The first number is on the table. Up to 800 Danish soldiers could be guarding ports and airfields in Ukraine within weeks of a ceasefire, under a plan presented in Copenhagen yesterday.",
		"“If there is a truce, we will be there,” Henrik Aagaard told reporters.",
		"Rome insists on a UN mandate. Berlin is still thinking. And Moscow, as ever, sees in every foreign helmet a target, and says so daily through its spokesman.",
		"What nobody would say is who pays for it.")
	d := newDuplicates()
	d.add(one)
	if got := d.add(two); got != "" {
		t.Errorf("got a duplicate of %q", got)
	}
}

func TestDuplicatesAmongManyArticles(t *testing.T) {
	const n = 1000
	d := newDuplicates()
	for i := range n {
		if got := d.add(story(fmt.Sprint(i), int64(i), 400)); got != "" {
			t.Fatalf("article %d is a duplicate of %s", i, got)
		}
	}
	found := 0
	for i := 0; i < n; i += 10 {
		a := story("x", int64(i), 400)
		a.Paragraphs = a.Paragraphs[:len(a.Paragraphs)/2]
		if d.add(a) == fmt.Sprint(i) {
			found++
		}
	}
	if found < n/10*98/100 {
		t.Errorf("found %d of %d halves", found, n/10)
	}
}

// Boilerplate that every article of an outlet ends in must neither join them nor slow the search down.
func TestSharedBoilerplateIsHarmless(t *testing.T) {
	d := newDuplicates()
	footer := story("", 99, 90).Paragraphs
	for i := range 600 {
		if got := d.add(join(fmt.Sprint(i), story("", int64(1000+i), 360).Paragraphs, footer)); got != "" {
			t.Fatalf("article %d is a duplicate of %s", i, got)
		}
	}
}

func TestAnArticleCostsLessThanAKilobyte(t *testing.T) {
	const n = 9500 // just after the table grew: the worst moment
	var articles []*news.Article
	for i := range 200 {
		articles = append(articles, story("", int64(i), 300))
	}
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	d := newDuplicates()
	for i := range n {
		a := *articles[i%len(articles)]
		a.ID = fmt.Sprintf("%024x", i)
		a.Paragraphs = story("", int64(1e6)+int64(i), 120).Paragraphs
		d.add(&a)
	}
	if per := (heap() - before) / n; per > 1024 {
		t.Errorf("an article costs %d bytes", per)
	} else {
		t.Logf("an article costs %d bytes", per)
	}
	runtime.KeepAlive(d)
	runtime.KeepAlive(articles)
}

func TestSampleDuplicatesFindEachOther(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "samples")
	read := func(pattern string) *news.Article {
		paths, _ := filepath.Glob(filepath.Join(folder, pattern))
		if len(paths) != 1 {
			t.Skipf("SKIPPED: no sample %s to compare", pattern)
		}
		raw, err := os.ReadFile(paths[0])
		if err != nil {
			t.Fatal(err)
		}
		return &news.Article{ID: pattern, Paragraphs: parsePage(string(raw)).paragraphs}
	}
	scraped, clean, other := read("001_*.txt"), read("003_*.txt"), read("002_*.txt")
	for _, order := range [][]*news.Article{{scraped, other, clean}, {clean, other, scraped}} {
		d := newDuplicates()
		d.add(order[0])
		if got := d.add(order[1]); got != "" {
			t.Errorf("%s is a duplicate of %s", order[1].ID, got)
		}
		if got := d.add(order[2]); got != order[0].ID {
			t.Errorf("%s: got %q, want %q", order[2].ID, got, order[0].ID)
		}
	}
}

func BenchmarkDuplicates(b *testing.B) {
	var articles []*news.Article
	for i := range 500 {
		articles = append(articles, story(fmt.Sprint(i), int64(i), 600))
	}
	d := newDuplicates()
	for i := 0; b.Loop(); i++ {
		if i%len(articles) == 0 {
			d = newDuplicates()
		}
		d.add(articles[i%len(articles)])
	}
}
