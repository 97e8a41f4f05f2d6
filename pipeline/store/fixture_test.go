package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"stance/pipeline/news"
)

// A small night of invented articles, and a labeller that always gives the same answer to the same question.

var words = strings.Fields(`ministers said on the quay that no brigade would sail before spring though harbour masters had
	cleared berths for it and the envoy of the islands called the plan “overdue” naïve or both depending on the hour`)

func sentence(r *rand.Rand, n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = words[r.IntN(len(words))]
	}
	return strings.Join(out, " ") + "."
}

// article is the i-th article of the night; paragraphs and subjects vary with i.
func article(i int) *news.Article {
	r := rand.New(rand.NewPCG(uint64(i), 7))
	a := &news.Article{
		ID: fmt.Sprintf("article-%03d", i), URL: fmt.Sprintf("https://example.org/%d", i),
		Source: []string{"", "a.example", "b.example"}[i%3], Title: sentence(r, 5), Language: "en",
	}
	if i%2 == 0 {
		a.Published = time.Date(2026, 1, 1+i%28, 7, 30, 0, 123_456_000, time.UTC)
	}
	if i%6 == 5 {
		a.Title += " \xff🕊"
	}
	if i%5 == 4 {
		a.DuplicateOf = fmt.Sprintf("article-%03d", i-1)
	}
	for p := range 1 + i%4 {
		kind := news.Body
		if p == 0 {
			kind = news.Headline
		}
		a.Paragraphs = append(a.Paragraphs, news.Paragraph{Index: p, Kind: kind, Text: "France and Öland: " + sentence(r, 12)})
	}
	return a
}

func labelled(a *news.Article) Labelled {
	l := Labelled{Article: a}
	for _, p := range a.Paragraphs {
		subjects := []news.Subject{
			{Actor: news.Actor{ID: "oland", Name: "Öland", Kind: news.State}, Mentions: []news.Mention{{Start: 11, End: 16, Text: "Öland", How: news.ByName}}},
			{Actor: news.Actor{ID: "france", Name: "France", Kind: news.State}, Mentions: []news.Mention{{Start: 0, End: 6, Text: "France", How: news.ByName}}},
		}
		if p.Kind == news.Body {
			subjects = append(subjects, news.Subject{Actor: news.TheAuthor})
		}
		stances := make([]news.Stance, len(subjects))
		for i := range stances {
			top := float32(40+(p.Index*7+i*13+len(p.Text))%50) / 100
			rest := 1 - top
			best := (len(p.Text) + i) % 3
			stances[i] = news.Stance{Label: news.Labels[best], Margin: top - rest/2, Abstained: top < 0.5}
			for j := range stances[i].P {
				stances[i].P[j] = rest / 2
			}
			stances[i].P[best] = top
		}
		l.Subjects = append(l.Subjects, subjects)
		l.Stances = append(l.Stances, stances)
	}
	return l
}

// night is what a pipeline would read: articles, with two that are left out in between.
const nightArticles, nightLeft = 12, 2

func question() Run {
	return Run{
		Date: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC), ModelID: "spans-1", ModelSHA256: sumOf([]byte("model")),
		ActorsSHA256: sumOf([]byte("actors")), Version: "0.1.0", PartRows: 30,
		Inputs: []Input{{Path: "crawl/a.jsonl", Bytes: 10, SHA256: sumOf([]byte("a"))}, {Path: "crawl/b.jsonl", SHA256: ""}},
		Begun:  time.Date(2026, 1, 31, 23, 59, 59, 999_999_000, time.UTC),
	}
}

// nightAfter is the same question, some nights later.
func nightAfter(nights int) Run {
	run := question()
	run.Date, run.Begun = run.Date.AddDate(0, 0, nights), run.Begun.AddDate(0, 0, nights)
	return run
}

// label does what the pipeline does with one shard.
func label(t *Table, run Run, shard, shards int) (string, error) {
	w, err := t.Begin(run, shard, shards)
	if err != nil {
		return "", err
	}
	defer w.Abort()
	if w.Done() {
		return w.RunID(), nil
	}
	for i := range nightArticles + nightLeft {
		switch i {
		case 3:
			err = w.Leave(Left{Outcome: Skipped, Reason: "not-english", Detail: "it is in Ölandic", File: "crawl/a.jsonl", Offset: 77, ArticleID: "x"})
		case 9:
			err = w.Leave(Left{Outcome: Rejected, Reason: "unreadable", Detail: "permission denied", File: "crawl/b.jsonl"})
		default:
			if a := article(i); w.Wants(int64(i), a) {
				err = w.Append(int64(i), labelled(a))
			}
		}
		if err != nil {
			return w.RunID(), err
		}
	}
	_, err = w.Finish(nightArticles+nightLeft, map[string]float64{"label": 1})
	return w.RunID(), err
}

// numbered are articles that came with the same id, in the order of reading, as the reader numbers them.
func numbered(texts ...int) (articles []*news.Article) {
	for i, text := range texts {
		a := article(text)
		a.ID, a.DuplicateOf = "1", ""
		if i > 0 {
			a.ID = fmt.Sprintf("1~%d", i+1)
		}
		articles = append(articles, a)
	}
	return articles
}

// stage labels articles in some shards, one after the other.
func stage(tb testing.TB, t *Table, run Run, shards int, articles []*news.Article) (runID string) {
	tb.Helper()
	for shard := range shards {
		w, err := t.Begin(run, shard, shards)
		if err != nil {
			tb.Fatal(err)
		}
		defer w.Abort()
		for i, a := range articles {
			if !w.Done() && w.Wants(int64(i), a) {
				if err := w.Append(int64(i), labelled(a)); err != nil {
					tb.Fatal(err)
				}
			}
		}
		if _, err := w.Finish(int64(len(articles)), nil); err != nil {
			tb.Fatal(err)
		}
		runID = w.RunID()
	}
	return runID
}

// tonight labels the night in some shards, one after the other, and commits it.
func tonight(t *Table, run Run, shards int) (Manifest, error) {
	var id string
	for shard := range shards {
		var err error
		if id, err = label(t, run, shard, shards); err != nil {
			return Manifest{}, err
		}
	}
	return t.Commit(context.Background(), id)
}

// allRows reads the whole table.
func allRows(tb testing.TB, t *Table) (rows []Row) {
	tb.Helper()
	for row, err := range t.Rows(context.Background()) {
		if err != nil {
			tb.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

func open(tb testing.TB) *Table {
	tb.Helper()
	t, err := Open(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	return t
}
