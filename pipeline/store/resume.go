package store

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// agree writes the plan of the run, or takes over the one that the first shard has written.
func (w *Writer) agree(fresh bool) error {
	t, dir := w.table, w.staged("")
	if fresh {
		if err := t.discard(w.plan, w.shard); err != nil {
			return err
		}
	}
	if err := errors.Join(t.makeRunsDir(), t.makeDirs(dir)); err != nil {
		return err
	}
	_, err := t.publishSealed(t.planPath(w.plan.RunID), false, w.plan)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	first, sum, err := t.plan(w.plan.RunID)
	if err != nil {
		return fmt.Errorf("%w; if no shard is at work, remove the folder %q", err, dir)
	}
	if first.Shards != w.plan.Shards {
		return fmt.Errorf("%w: it was begun as %d shards, not %d; go on so, or, if none is at work, remove the folder %q",
			ErrConflict, first.Shards, w.plan.Shards, dir)
	}
	w.plan, w.planSum = first, sum
	return nil
}

// resume takes up what earlier attempts have finished, and makes away with what cannot be used.
func (w *Writer) resume() error {
	err := w.chain()
	if !missing(err) && !errors.Is(err, ErrCorrupt) && !errors.Is(err, errOverlap) {
		return err // the disk would not say; that is no reason to throw work away
	}
	r, receiptErr := w.table.receipt(w.plan, w.planSum, w.shard)
	if receiptErr != nil && !missing(receiptErr) && !errors.Is(receiptErr, ErrCorrupt) {
		return receiptErr
	}
	if receiptErr == nil && missing(err) && r.Parts == w.number {
		w.done, w.counts = true, r.Counts
		return w.table.syncDir(w.staged(""))
	}
	if !missing(err) || !missing(receiptErr) {
		if err := w.cut(); err != nil {
			return err
		}
	}
	// This also makes sure of what a killed attempt had no time to sync.
	if err := w.table.syncDir(w.staged("")); err != nil {
		return err
	}
	w.next = w.from
	if err := w.replay(); err != nil {
		return err
	}
	w.covered = w.next
	if w.shard == 0 {
		w.rejects, err = newRejects(w.table, w.staged(""))
		return err
	}
	return nil
}

var errOverlap = errors.New("it holds articles that another run has committed meanwhile")

// chain takes up finished parts until one is missing, which is the usual end, or unusable.
func (w *Writer) chain() error {
	for {
		r, articles, err := w.table.record(w.plan, w.planSum, w.shard, w.number, w.from)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(articles, w.known.know) {
			return errOverlap
		}
		w.finished(r.Part)
		w.expect = append(w.expect, articles...)
	}
}

// cut removes the receipt and every record from the next part on.
func (w *Writer) cut() error {
	entries, err := w.table.list(w.staged(""))
	if err != nil {
		return err
	}
	usable := make(map[string]bool)
	for number := range w.number {
		usable[recordName(w.shard, w.plan.Shards, number)] = true
	}
	for _, e := range entries {
		document, isDocument := strings.CutSuffix(e.Name(), ".json")
		shard, _, _ := strings.Cut(document, "-")
		if isDocument && shard == shardName(w.shard, w.plan.Shards) && !usable[e.Name()] {
			if err := w.table.remove(w.staged(e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// replay takes up the articles of the longest journal that earlier attempts at the next part have left.
func (w *Writer) replay() error {
	names, err := w.journals()
	if err != nil {
		return err
	}
	longest, err := w.longest(names)
	if err != nil {
		return err
	}
	for _, e := range longest {
		if e.Ordinal < w.next || w.known.know(e.identity()) {
			break
		}
		if err := w.take(e); err != nil { // into a journal of its own
			return err
		}
		w.expect = append(w.expect, e.identity())
	}
	return w.table.remove(names...)
}

// longest reads the journal that holds most.
func (w *Writer) longest(journals []string) (longest []entry, err error) {
	for _, name := range journals {
		b, err := w.table.readFile(name)
		if missing(err) {
			continue // another attempt has just finished the part
		}
		if err != nil {
			return nil, err
		}
		if entries := readJournal(b, w.planSum); len(entries) > len(longest) {
			longest = entries
		}
	}
	return longest, nil
}

// stagedArticles lists those that a resumed attempt would find labelled.
func (w *Writer) stagedArticles() ([]identity, error) {
	if err := w.chain(); !missing(err) && !errors.Is(err, ErrCorrupt) {
		return nil, err
	}
	names, err := w.journals()
	if err != nil {
		return nil, err
	}
	entries, err := w.longest(names)
	articles := w.expect
	for _, e := range entries {
		articles = append(articles, e.identity())
	}
	return articles, err
}

// journals lists those of the next part.
func (w *Writer) journals() (names []string, err error) {
	entries, err := w.table.list(w.staged(""))
	stem := journalStem(w.shard, w.plan.Shards, w.number)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), stem) {
			names = append(names, filepath.Join(w.staged(""), e.Name()))
		}
	}
	return names, err
}
