// Package pipeline takes a night's articles the whole way to labelled rows:
//
//	articles ──► paragraphs ──► mentions ──► stances ──► parts of a run ──► the table
//	 ingest       ingest         actor        stance      store              store
//
// Run is that way in one function; each stage is a package of its own that can be used alone. Concurrency lives here and
// nowhere else: one goroutine reads, Workers goroutines find actors and label, one writes, and the channels between them
// are bounded. Rows are written in the order of reading, whatever the number of workers, so the same input, model and
// version give the same table.
package pipeline

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"stance/pipeline/actor"
	"stance/pipeline/ingest"
	"stance/pipeline/news"
	"stance/pipeline/store"
)

// Run labels the articles of the inputs that the table does not have yet, adds them to it, and says what became of
// each. Run again after a failure, an interruption or a power cut, it goes on where it stopped; run again after success,
// it does nothing. With Shards set it stages this shard's share, and Commit makes all shards visible together.
func Run(ctx context.Context, c Config) (Summary, error) { return run(ctx, c, nil) }

// run is Run with a hook for tests, called with the number of every article that is sent on to be labelled.
func run(ctx context.Context, c Config, sent func(article int64)) (Summary, error) {
	if err := c.Validate(); err != nil {
		return Summary{}, err
	}
	began := time.Now()
	with, err := c.open(ctx)
	if err != nil {
		return Summary{}, err
	}
	defer with.close()
	source, err := c.source(ctx)
	if err != nil {
		return Summary{}, err
	}
	defer source.close()
	if c.DryRun {
		return dryRun(ctx, c, source, with.finder, began)
	}

	table, err := store.Open(c.Out)
	if err != nil {
		return Summary{}, err
	}
	if c.Shards == 0 { // alone, and so the one who commits
		release, err := table.Lock()
		if err != nil {
			return Summary{}, err
		}
		defer release()
	}
	w, err := table.Begin(store.Run{
		Date: c.runDate(began), Begun: began, ModelID: with.model.ID(), ModelSHA256: with.model.SHA256(),
		ActorsSHA256: with.inventory.SHA256(), Version: c.Version, Inputs: source.stored(), Settings: c.settings(),
		PartRows: c.PartRows, Fresh: c.Fresh,
	}, c.Shard, max(c.Shards, 1))
	if err != nil {
		return Summary{}, err
	}
	defer w.Abort()

	n := &night{tools: with, workers: c.workers(), limit: c.Limit, source: source, writer: w, began: began, report: c.Progress, sent: sent}
	resumed, staged := w.Covered() > 0, w.Done()
	if !staged {
		if err := n.label(ctx); err != nil {
			return Summary{}, err
		}
	}
	counts, err := w.Finish(n.read, n.clock.seconds())
	if err != nil {
		return Summary{}, err
	}
	if c.Shards > 0 {
		s := Summary{RunID: w.RunID(), RunDate: c.runDate(began).Format(time.DateOnly), Out: c.Out, Stages: n.clock.seconds(), Resumed: resumed, Already: staged}
		return s.counted(counts, began), nil
	}
	m, err := table.Commit(ctx, w.RunID())
	if err != nil {
		return Summary{}, err
	}
	s := committed(c.Out, m, began)
	s.Resumed, s.Already = resumed, m.Committed.Before(began)
	return s, nil
}

// Commit makes the run of all its shards visible, or says which of them has still to run. Where runID is empty, it is every run
// that is finished (see store.Table.Commit).
func Commit(ctx context.Context, out, runID string) (Summary, error) {
	began := time.Now()
	table, err := store.Open(out)
	if err != nil {
		return Summary{}, err
	}
	m, err := table.Commit(ctx, runID)
	if err != nil {
		return Summary{}, err
	}
	return committed(out, m, began), nil
}

// night is one pass over the input.
type night struct {
	*tools
	workers, limit int
	source         *source
	writer         *store.Writer
	began          time.Time
	report         func(Progress)
	sent           func(int64)

	read  int64 // articles and files that could not be read; the reader's alone until label returns
	clock clock
	seen  struct{ articles, paragraphs, rows, rejected, bytes atomic.Int64 }
}

// job is one article on its way: a worker fills in labelled and closes done.
type job struct {
	ordinal  int64
	labelled store.Labelled
	done     chan struct{}
}

// label is the pipeline itself. Jobs go to whichever worker is free, and at the same time, in order, to the writer, which
// waits for each in turn: so order is kept, and a slow article holds up at most as many others as the queue is long.
func (n *night) label(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	work := make(chan *job)
	queue := make(chan *job, 4*n.workers)
	group.Go(func() error {
		defer close(work)
		defer close(queue)
		return n.readAll(ctx, work, queue)
	})
	for range n.workers {
		group.Go(func() error { return n.labelAll(ctx, work) })
	}
	group.Go(func() error { return n.writeAll(ctx, queue) })
	stop := n.watch()
	defer stop()
	return group.Wait()
}

// readAll sends on every article that has to be labelled, and notes all that are left out.
func (n *night) readAll(ctx context.Context, work, queue chan<- *job) error {
	articles := 0
	since := time.Now()
	for item, err := range ingest.Read(ctx, n.source.config, n.source.inputs) {
		if err != nil {
			return err
		}
		if item.Article != nil && n.limit > 0 && articles == n.limit {
			break
		}
		n.clock.add(reading, since)
		ordinal := n.read
		n.read++
		switch {
		case item.Left != nil:
			n.seen.bytes.Store(n.source.at(item.Left.File, item.Left.Offset))
			if item.Left.Outcome == ingest.Rejected {
				n.seen.rejected.Add(1)
			}
			if err := n.writer.Leave(store.Left(*item.Left)); err != nil {
				return err
			}
		default:
			articles++
			n.seen.articles.Add(1)
			n.seen.bytes.Store(n.source.at(item.Article.File, item.Article.Offset))
			if n.writer.Wants(ordinal, item.Article) {
				j := &job{ordinal: ordinal, labelled: store.Labelled{Article: item.Article}, done: make(chan struct{})}
				if !send(ctx, queue, j) || !send(ctx, work, j) {
					return ctx.Err()
				}
				if n.sent != nil {
					n.sent(n.seen.articles.Load())
				}
			}
		}
		since = time.Now()
	}
	return ctx.Err()
}

// labelAll finds the actors of each article and asks the model where each of them stands.
func (n *night) labelAll(ctx context.Context, work <-chan *job) error {
	for j := range work {
		since := time.Now()
		j.labelled.Subjects = n.finder.Find(j.labelled.Article)
		since = n.clock.add(finding, since)
		if err := n.ask(ctx, &j.labelled, func(rows int) {
			n.seen.paragraphs.Add(1)
			n.seen.rows.Add(int64(rows))
		}); err != nil {
			return err
		}
		n.clock.add(labelling, since)
		close(j.done)
	}
	return nil
}

// ask has the model say where the actors of each paragraph stand, and tells of each paragraph how many rows it has.
func (t *tools) ask(ctx context.Context, l *store.Labelled, asked func(rows int)) error {
	for i, p := range l.Article.Paragraphs {
		stances, err := t.model.Label(ctx, p.Text, l.Subjects[i])
		if err != nil {
			return fmt.Errorf("label paragraph %d of article %q from %q: %w", p.Index, l.Article.ID, l.Article.File, err)
		}
		l.Stances = append(l.Stances, stances)
		asked(len(stances))
	}
	return nil
}

// writeAll appends the articles in the order in which they were read.
func (n *night) writeAll(ctx context.Context, queue <-chan *job) error {
	for j := range queue {
		select {
		case <-j.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		since := time.Now()
		if err := n.writer.Append(j.ordinal, j.labelled); err != nil {
			return err
		}
		n.clock.add(writing, since)
	}
	return nil
}

func send(ctx context.Context, to chan<- *job, j *job) bool {
	select {
	case to <- j:
		return true
	case <-ctx.Done():
		return false
	}
}

// dryRun reads all and finds all actors, labelling and writing nothing.
func dryRun(ctx context.Context, c Config, from *source, finder *actor.Finder, began time.Time) (Summary, error) {
	s := Summary{RunDate: c.runDate(began).Format(time.DateOnly), Out: c.Out, Left: map[string]int64{}}
	for item, err := range ingest.Read(ctx, from.config, from.inputs) {
		if err != nil {
			return Summary{}, err
		}
		if l := item.Left; l != nil {
			s.Left[l.Reason]++
			if l.Outcome == ingest.Rejected {
				s.Rejected++
			} else {
				s.Skipped++
			}
			continue
		}
		if c.Limit > 0 && s.Labelled+s.Duplicates == int64(c.Limit) {
			break
		}
		if item.Article.DuplicateOf != "" {
			s.Duplicates++
		} else {
			s.Labelled++
		}
		s.Paragraphs += int64(len(item.Article.Paragraphs))
		for _, subjects := range finder.Find(item.Article) {
			s.Rows += int64(len(subjects))
		}
	}
	s.Articles = s.Labelled + s.Duplicates + s.Skipped + s.Rejected
	s.Seconds = time.Since(began).Seconds()
	return s, ctx.Err()
}

// ErrNoArticle says that what should be shown holds no article that can be labelled.
var ErrNoArticle = errors.New("no article to label")

// Show takes the first article of the inputs through all stages and returns its rows. Nothing is written.
func Show(ctx context.Context, c Config) ([]store.Row, *news.Article, error) {
	with, err := c.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer with.close()
	inputs, err := ingest.List(ctx, c.ingest())
	if err != nil {
		return nil, nil, err
	}
	for item, err := range ingest.Read(ctx, c.ingest(), inputs) {
		if err != nil {
			return nil, nil, err
		}
		if l := item.Left; l != nil {
			return nil, nil, fmt.Errorf("show %q: %w: %s: %s", l.File, ErrNoArticle, l.Reason, l.Detail)
		}
		l := store.Labelled{Article: item.Article, Subjects: with.finder.Find(item.Article)}
		if err := with.ask(ctx, &l, func(int) {}); err != nil {
			return nil, nil, err
		}
		return l.Rows(store.Run{ModelID: with.model.ID(), ModelSHA256: with.model.SHA256(), ActorsSHA256: with.inventory.SHA256(), Begun: time.Now()}), item.Article, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	return nil, nil, ErrNoArticle
}
