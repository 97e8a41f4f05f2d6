package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"stance/pipeline/news"
)

// take puts an article into the buffer and into the journal, after making room for it.
func (w *Writer) take(e entry) error {
	rows := e.Of.rows()
	if w.rows > 0 && w.rows+rows > int64(w.plan.PartRows) {
		if err := w.flush(); err != nil {
			return err
		}
	}
	if w.journal == nil {
		var err error
		if w.journal, err = w.openJournal(); err != nil {
			return err
		}
	}
	if err := w.journal.add(e); err != nil {
		return err
	}
	w.buffer, w.rows, w.next = append(w.buffer, e), w.rows+rows, e.Ordinal+1
	return nil
}

// flush publishes the buffered articles as a part: the file first, under the hash of its content, then the record. Of
// several attempts at the shard, the first record counts; the others take it over.
func (w *Writer) flush() error {
	if len(w.buffer) == 0 {
		return nil
	}
	r := w.record()
	if r.Part.Rows > 0 {
		var err error
		if r.Part.Digest, err = w.writePart(); err != nil {
			return err
		}
	}
	_, err := w.table.publishSealed(w.staged(recordName(w.shard, w.plan.Shards, w.number)), false, r)
	part := r.Part
	if errors.Is(err, fs.ErrExist) {
		part, err = w.adopt(r)
	}
	if err != nil {
		return err
	}
	return w.clear(part)
}

// record says what the buffer holds.
func (w *Writer) record() record {
	r := record{PlanSHA256: w.planSum, Part: Part{
		Path:  partPath(w.plan.date(), w.plan.RunID, w.shard, w.plan.Shards, w.number),
		Shard: w.shard, Number: w.number, From: w.from, To: w.next, Rows: w.rows, Labels: make(map[news.Label]int64),
	}}
	for _, e := range w.buffer {
		r.Keys, r.Given = append(r.Keys, e.Key...), append(r.Given, e.Given...)
		r.Part.count(e.Of)
	}
	return r
}

func (p *Part) count(l Labelled) {
	if l.Article.DuplicateOf == "" {
		p.Articles++
	} else {
		p.Duplicates++
	}
	p.Paragraphs += int64(len(l.Article.Paragraphs))
	for _, stances := range l.Stances {
		for _, s := range stances {
			p.Labels[s.Label]++
		}
	}
}

// writePart replaces a part of the same name: it had the same content, unless it was damaged.
func (w *Writer) writePart() (Digest, error) {
	articles := make([]Labelled, len(w.buffer))
	for i, e := range w.buffer {
		articles[i] = e.Of
	}
	sortArticles(articles)
	return w.table.publish(w.staged(""), true, func(d Digest) string { return partName(d.SHA256) }, func(to io.Writer) error {
		return writePart(to, articles, w.plan.provenance())
	})
}

// adopt takes over the record of an attempt that was faster. Its part may differ in the last bit of a probability, where
// another machine computed it, but not in its articles.
func (w *Writer) adopt(mine record) (Part, error) {
	first, _, err := w.table.record(w.plan, w.planSum, w.shard, w.number, w.from)
	if err != nil {
		return Part{}, err
	}
	if string(first.Keys) != string(mine.Keys) || first.Part.To != mine.Part.To {
		return Part{}, fmt.Errorf("%w: another attempt at this shard knows of other committed runs; run it again", ErrIncomplete)
	}
	if first.Part.SHA256 != mine.Part.SHA256 {
		err = w.table.remove(w.staged(partName(mine.Part.SHA256)))
	}
	return first.Part, err
}

// clear makes room for the next part.
func (w *Writer) clear(done Part) error {
	w.closeJournal()
	journals, err := w.journals()
	if err != nil {
		return err
	}
	if err := w.table.remove(journals...); err != nil {
		return err
	}
	clear(w.buffer) // lets go of the articles
	w.buffer, w.rows = w.buffer[:0], 0
	w.finished(done)
	return nil
}

func (w *Writer) finished(p Part) {
	w.from, w.number, w.totals = p.To, w.number+1, w.totals.plusPart(p)
}
