package pipeline

import (
	"sync/atomic"
	"time"

	"stance/pipeline/news"
	"stance/pipeline/store"
)

// Summary says what became of a run. Articles = Labelled + Duplicates + Skipped + Rejected.
type Summary struct {
	RunID, RunDate, Out string

	Articles   int64 // read, and files that could not be
	Labelled   int64 // without the duplicates
	Duplicates int64 // labelled too, and marked
	Skipped    int64
	Rejected   int64
	Paragraphs int64 // labelled
	Rows       int64
	Labels     map[news.Label]int64 // rows by label
	Left       map[string]int64     // skipped and rejected articles by reason

	Parts   []string // paths below Out
	Resumed bool     // went on with an earlier attempt
	Already bool     // there was nothing to do

	Seconds         float64
	RowsPerSecond   float64
	Stages          map[string]float64 // seconds of work by stage, added up over the workers
	PeakMemoryBytes int64
}

// Progress says how far a run has come.
type Progress struct {
	Articles, Paragraphs, Rows, Rejected int64
	BytesRead, BytesTotal                int64
	Elapsed                              time.Duration
}

// committed is the summary of a run that everybody can see.
func committed(out string, m store.Manifest, began time.Time) Summary {
	s := Summary{RunID: m.RunID, RunDate: m.RunDate, Out: out, Stages: m.Seconds}
	for _, p := range m.Parts {
		if p.Rows > 0 {
			s.Parts = append(s.Parts, p.Path)
		}
	}
	return s.counted(m.Counts, began)
}

func (s Summary) counted(c store.Counts, began time.Time) Summary {
	s.Articles, s.Labelled, s.Duplicates, s.Skipped, s.Rejected = c.In, c.Labelled, c.Duplicate, c.Skipped, c.Rejected
	s.Paragraphs, s.Rows, s.Labels, s.Left = c.Paragraphs, c.Rows, c.Labels, c.Reasons
	s.Seconds = time.Since(began).Seconds()
	s.RowsPerSecond = float64(s.Rows) / s.Seconds
	s.PeakMemoryBytes = peakMemoryBytes()
	return s
}

// watch reports progress twice a second until the returned function is called.
func (n *night) watch() (stop func()) {
	if n.report == nil {
		return func() {}
	}
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(500 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				n.report(Progress{
					Articles: n.seen.articles.Load(), Paragraphs: n.seen.paragraphs.Load(), Rows: n.seen.rows.Load(),
					Rejected: n.seen.rejected.Load(), BytesRead: n.seen.bytes.Load(), BytesTotal: n.source.total,
					Elapsed: time.Since(n.began),
				})
			case <-end:
				return
			}
		}
	}()
	return func() {
		close(end)
		<-ended
	}
}

// stage is one of the four kinds of work whose time is measured.
type stage int

const (
	reading stage = iota
	finding
	labelling
	writing
)

var stages = [...]string{"read", "find", "label", "write"}

// clock adds up the time that each stage works; safe for concurrent use.
type clock [len(stages)]atomic.Int64

// add counts the time since then for a stage and returns the time now.
func (c *clock) add(s stage, since time.Time) time.Time {
	now := time.Now()
	c[s].Add(int64(now.Sub(since)))
	return now
}

func (c *clock) seconds() map[string]float64 {
	m := make(map[string]float64, len(stages))
	for i, name := range stages {
		m[name] = time.Duration(c[i].Load()).Seconds()
	}
	return m
}
