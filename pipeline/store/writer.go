package store

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"sync"

	"stance/pipeline/news"
)

// Writer stages the rows of one shard of a run. Wants and Leave are called in reading order, Append in the same order,
// possibly from another goroutine; Finish when all of them have returned.
type Writer struct {
	table   *Table
	plan    Plan
	planSum string
	shard   int
	known   keys // articles that committed runs have labelled
	done    bool
	counts  Counts // once done

	reading
	rejects *rejects

	next    int64 // the least ordinal that Append takes
	from    int64 // the ordinal at which the next part begins
	number  int   // of the next part
	buffer  []entry
	rows    int64  // in buffer
	totals  Counts // of the finished parts
	journal *journal
}

// reading is what Wants and Leave count while Append is at work.
type reading struct {
	mu      sync.Mutex
	covered int64      // every article before this ordinal is in a finished part, the journal, or an earlier run
	expect  []identity // the articles in finished parts and journal that have not come by yet
	mine    int64
	others  int64 // articles of other shards
	already int64 // labelled by an earlier run
	left    Counts
}

// Begin takes up a shard of a run where the last attempt at it stopped. Any number of shards may be at work at the same
// time, and any of them twice: their parts are named by content, and of two equal receipts the first one counts.
// Finished parts are kept as long as they are whole and hold no article that another run has committed meanwhile.
func (t *Table) Begin(run Run, shard, shards int) (*Writer, error) {
	if err := run.Validate(); err != nil {
		return nil, fmt.Errorf("begin run: %w", err)
	}
	if shards < 1 || shard < 0 || shard >= shards {
		return nil, fmt.Errorf("begin run: shard %d of %d: count from 0 to one less than the number of shards", shard, shards)
	}
	runs, err := t.Runs()
	if err != nil {
		return nil, fmt.Errorf("begin run: %w", err)
	}
	w := &Writer{table: t, shard: shard}
	question, supersedes := run.question(), ""
	if i := slices.IndexFunc(runs, func(m Manifest) bool { return m.Question == question }); i >= 0 {
		if !run.Fresh {
			w.plan, w.counts, w.done = runs[i].Plan, runs[i].Counts, true
			return w, nil
		}
		supersedes = runs[i].RunID
	}
	w.plan = run.plan(shards, supersedes)
	if err := w.agree(run.Fresh); err != nil {
		return nil, fmt.Errorf("begin run %s: %w", w.plan.RunID, err)
	}
	if w.known, err = t.labelled(w.plan, runs); err != nil {
		return nil, fmt.Errorf("begin run %s: %w", w.plan.RunID, err)
	}
	if err := w.resume(); err != nil {
		w.Abort()
		return nil, fmt.Errorf("begin run %s: %w", w.plan.RunID, err)
	}
	return w, nil
}

// RunID names the run. It follows from the question: the same question has the same id.
func (w *Writer) RunID() string { return w.plan.RunID }

// Done says that this shard has nothing left to do: its receipt is there, or the whole run is committed. Only Finish may then be
// called.
func (w *Writer) Done() bool { return w.done }

// Covered is the ordinal of the first article that no attempt at this shard has appended yet.
func (w *Writer) Covered() int64 { return w.covered }

// Wants says whether an article has to be labelled and appended: it belongs to this shard, no committed run has
// labelled it with the same text, model and actors, and no earlier attempt at this shard has come to it. It counts, so
// it must be asked exactly once for every article of the input, whether or not it is of this shard. The ordinal is
// its position in the input; the same input gives the same ordinals.
func (w *Writer) Wants(ordinal int64, a *news.Article) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if shardOf(a.ID, w.plan.Shards) != w.shard {
		w.others++
		return false
	}
	w.mine++
	id := identityOf(a)
	switch {
	case ordinal < w.covered && len(w.expect) > 0 && w.expect[0].own == id.own:
		w.expect = w.expect[1:]
	case w.known.know(id):
		w.already++
	default:
		return ordinal >= w.covered
	}
	return false
}

// Append takes a labelled article. Ordinals ascend. The rows of an article are never split over two parts.
func (w *Writer) Append(ordinal int64, l Labelled) error {
	if ordinal < w.next {
		return fmt.Errorf("append article %q: its ordinal %d comes after %d", l.Article.ID, ordinal, w.next-1)
	}
	if err := l.check(); err != nil {
		return fmt.Errorf("append article %q: %w", l.Article.ID, err)
	}
	id := identityOf(l.Article)
	return w.settled(w.take(entry{Ordinal: ordinal, Key: id.own[:], Given: id.given[:], Of: l.storable()}))
}

// Leave takes a line about an article, or a whole file, that will not be labelled. Every shard calls it for all of
// them, and the first shard alone writes and counts them, so that the file is the same however many shards there are.
func (w *Writer) Leave(l Left) error {
	if l.Outcome != Skipped && l.Outcome != Rejected {
		return fmt.Errorf("leave article %q: outcome %q is neither %q nor %q", l.ArticleID, l.Outcome, Skipped, Rejected)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	c := Counts{In: 1, Reasons: map[string]int64{l.Reason: 1}}
	if l.Outcome == Skipped {
		c.Skipped = 1
	} else {
		c.Rejected = 1
	}
	w.left = w.left.Plus(c)
	if w.shard > 0 {
		return nil
	}
	return w.rejects.add(l)
}

// Finish publishes the last part and the receipt of the shard, and returns what the receipt counts: all of the run
// where it is committed already. It refuses when the number of articles and files that the caller has read is not the
// number that Wants and Leave were told of. Seconds by stage are only passed on to the manifest.
func (w *Writer) Finish(read int64, seconds map[string]float64) (Counts, error) {
	defer w.Abort()
	if !w.done {
		if err := w.settled(w.finish(read, seconds)); err != nil {
			return Counts{}, fmt.Errorf("finish shard %s of run %s: %w", shardName(w.shard, w.plan.Shards), w.plan.RunID, err)
		}
		w.done = true
	}
	return w.counts, nil
}

func (w *Writer) finish(read int64, seconds map[string]float64) error {
	if err := w.flush(); err != nil {
		return err
	}
	r := receipt{PlanSHA256: w.planSum, Shard: w.shard, Read: read, Left: w.left.In, Counts: w.totals, Seconds: seconds, Parts: w.number}
	if w.already > 0 {
		r.Counts = r.Counts.Plus(Counts{In: w.already, Skipped: w.already, Reasons: map[string]int64{AlreadyLabelled: w.already}})
	}
	if len(w.expect) > 0 || w.mine != r.Counts.In || w.mine+w.others+w.left.In != read {
		return fmt.Errorf("%w: of %d articles read, %d are of this shard (%d accounted for), %d of others, %d left out; "+
			"the input has changed while it was read", ErrConflict, read, w.mine, r.Counts.In, w.others, w.left.In)
	}
	if w.shard == 0 {
		lines, err := w.rejects.publish()
		if err != nil {
			return err
		}
		w.rejects = nil
		r.Counts, r.Rejects = r.Counts.Plus(w.left), &lines
	}
	w.counts = r.Counts
	_, err := w.table.publishSealed(w.staged(receiptName(w.shard, w.plan.Shards)), false, r)
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	first, err := w.table.receipt(w.plan, w.planSum, w.shard) // another attempt at this shard was faster
	if err == nil && (!reflect.DeepEqual(first.Counts, r.Counts) || first.Parts != r.Parts) {
		err = fmt.Errorf("%w: two attempts at the same shard counted differently", ErrConflict)
	}
	return err
}

// Abort lets go of what an unfinished attempt holds open. What is staged stays for the next attempt.
func (w *Writer) Abort() {
	w.closeJournal()
	if w.rejects != nil {
		w.rejects.drop()
		w.rejects = nil
	}
}

// settled forgets an error where the run was committed meanwhile: another attempt at this shard has done its work, and
// the commit has cleared the folder from under this one.
func (w *Writer) settled(err error) error {
	if err == nil {
		return nil
	}
	if m, readErr := w.table.manifest(w.plan.RunID); readErr == nil && m.PlanSHA256 == w.planSum {
		w.done, w.counts = true, m.Counts
		return nil
	}
	return err
}

func (w *Writer) staged(name string) string { return w.table.staged(w.plan.RunID, name) }
