package actor

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"stance/pipeline/news"
)

// inventoryOf makes an inventory with n aliases, of which few occur in the text of the benchmarks.
func inventoryOf(b *testing.B, n int) *Inventory {
	var states, people strings.Builder
	states.WriteString(statesHeader + "france,France,,French,Paris,\nukraine,Ukraine,,Ukrainian,Kyiv,\nrussia,Russia,,Russian,Moscow,@Kremlin\n")
	people.WriteString(peopleHeader + "emmanuel-macron,Emmanuel Macron,,\n")
	for i := range (n - 15) / 2 { // a name and an alias each
		fmt.Fprintf(&people, "given%d-name%d,Given%d Name%d,,Other%d Spelling%d\n", i, i, i, i, i, i)
	}
	inv, err := Load(folder(map[string]string{"states.csv": states.String(), "people.csv": people.String()}))
	if err != nil {
		b.Fatal(err)
	}
	return inv
}

func benchmarkArticle() *news.Article {
	var text []string
	for range 20 {
		text = append(text, "French officials said on Monday that Emmanuel Macron had told Ukraine and its allies of a plan for a force "+
			"that could be sent to the country once the guns fall silent, although Moscow has called the presence of such troops "+
			"unacceptable. He added that the ministers of more than thirty countries would meet in Paris next week to settle who "+
			"would lead it, how long it would stay and what it should do if it came under fire from Russian artillery.")
	}
	return newArticle(autumn, text...)
}

// BenchmarkFind measures the finder on the project's kind of text.
func BenchmarkFind(b *testing.B) {
	f := NewFinder(inventoryOf(b, 10_000))
	a := benchmarkArticle()
	b.ReportAllocs()
	for b.Loop() {
		f.Find(a)
	}
	b.ReportMetric(float64(b.N*len(a.Paragraphs))/b.Elapsed().Seconds(), "paragraphs/s")
}

// BenchmarkInventorySize shows that 10,000 aliases cost no more time than 100: it reads the same article with both in turn
// and reports the ratio of the fastest readings, which other work on the machine disturbs least.
func BenchmarkInventorySize(b *testing.B) {
	small, large := NewFinder(inventoryOf(b, 100)), NewFinder(inventoryOf(b, 10_000))
	a := benchmarkArticle()
	fastest := func(f *Finder, before time.Duration) time.Duration {
		start := time.Now()
		f.Find(a)
		return min(before, time.Since(start))
	}
	const never = time.Hour
	timeSmall, timeLarge := never, never
	for b.Loop() {
		timeSmall, timeLarge = fastest(small, timeSmall), fastest(large, timeLarge)
	}
	b.ReportMetric(float64(timeLarge)/float64(timeSmall), "large/small")
}

// BenchmarkFindLong shows that time grows with the length of a paragraph and no faster.
func BenchmarkFindLong(b *testing.B) {
	f := NewFinder(inventoryOf(b, 1000))
	for _, n := range []int{1, 100} {
		b.Run(fmt.Sprintf("times=%d", n), func(b *testing.B) {
			a := newArticle(autumn, strings.Repeat(benchmarkArticle().Paragraphs[0].Text+" ", n))
			for b.Loop() {
				f.Find(a)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/text")
		})
	}
}
