package report

import (
	"fmt"
	"strings"
	"testing"

	"stance/pipeline/news"

	"github.com/google/go-cmp/cmp"
)

func tallied() *Tally {
	var t Tally
	add := func(name string, l news.Label, times int) {
		for range times {
			t.Add(news.Actor{ID: strings.ToLower(name), Name: name}, news.Stance{Label: l}, false)
		}
	}
	add("France", news.Pro, 1200)
	add("France", news.Neutral, 3)
	add("Russia", news.Anti, 7)
	add("Italy", news.Pro, 4)
	add("Italy", news.Anti, 3)
	add("Sw\x1beden", news.Neutral, 9)
	t.Add(news.Actor{ID: "russia", Name: "Russia"}, news.Stance{Label: news.Pro, Abstained: true}, false)
	t.Add(news.Actor{ID: "russia", Name: "Russia"}, news.Stance{Label: news.Pro}, true)
	return &t
}

func TestTallyTable(t *testing.T) {
	var out strings.Builder
	if err := tallied().Write(&out, Style{}, 0); err != nil {
		t.Fatal(err)
	}
	want := `actor          for    against    neutral  undecided
France       1,200          0          3          0
Russia           0          7          0          1
Italy            4          3          0          0
Sw␛eden          0          0          9          0
not counted: 1 rows of duplicate articles
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestTallyOfTheTopSaysWhatItLeavesOut(t *testing.T) {
	var out strings.Builder
	if err := tallied().Write(&out, Style{Colour: true}, 1); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "and 3 more") || strings.Contains(out.String(), "Italy") {
		t.Error(out.String())
	}
	if !strings.Contains(out.String(), "\x1b[32m      1,200\x1b[0m") {
		t.Errorf("no green: %q", out.String())
	}
}

func TestTallyCountsEveryRowOnce(t *testing.T) {
	tally := tallied()
	var sum int64
	for _, c := range tally.counts {
		sum += c.rows()
	}
	if sum != tally.Counted || tally.Counted != 1227 || tally.Copies != 1 {
		t.Errorf("%d rows in the table, %d counted, %d copies", sum, tally.Counted, tally.Copies)
	}
}

func TestTallyKeepsToTheWidth(t *testing.T) {
	var tally Tally
	for i := range 5 {
		tally.Add(news.Actor{ID: fmt.Sprint(i), Name: strings.Repeat("日本", 80)}, news.Stance{Label: news.Pro}, false)
	}
	var out strings.Builder
	if err := tally.Write(&out, Style{Width: 10}, 0); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(out.String(), "\n") {
		if columns(line) > 60 {
			t.Errorf("%d columns: %q", columns(line), line)
		}
	}
}
