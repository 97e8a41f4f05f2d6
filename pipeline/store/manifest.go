package store

import (
	"errors"
	"fmt"
	"maps"
	"time"

	"stance/pipeline/news"
)

// Manifest says everything about a committed run: what was asked, what came in, what became of it, and which parts
// hold the rows. It is a sealed JSON document.
type Manifest struct {
	Plan
	PlanSHA256 string             `json:"plan_sha256"`
	Committed  time.Time          `json:"committed"` // UTC
	Counts     Counts             `json:"counts"`
	Seconds    map[string]float64 `json:"seconds"` // by stage, added up over the shards
	Rejects    Lines              `json:"rejects"`
	Articles   Digest             `json:"articles"`
	Parts      []Part             `json:"parts"`
}

// Counts says what became of the articles of a run or of one of its shards.
// In = Labelled + Duplicate + Skipped + Rejected, always.
type Counts struct {
	In        int64            `json:"in"`        // articles read, and files that could not be
	Labelled  int64            `json:"labelled"`  // without the duplicates
	Duplicate int64            `json:"duplicate"` // labelled too, and marked as copies of another article
	Skipped   int64            `json:"skipped"`   // not to be labelled: another language, no text, labelled by an earlier run
	Rejected  int64            `json:"rejected"`  // unreadable
	Reasons   map[string]int64 `json:"reasons"`   // skipped and rejected, by reason

	Paragraphs int64                `json:"paragraphs"`
	Rows       int64                `json:"rows"`
	Labels     map[news.Label]int64 `json:"labels"` // rows by label
}

// AlreadyLabelled is the reason for which an article is skipped that a committed run has labelled with the same text,
// model and actors. It has rows, so it has no line among the rejects.
const AlreadyLabelled = "already-labelled"

// Skipped and Rejected are the two outcomes of an article that is left out.
const (
	Skipped  = "skipped"
	Rejected = "rejected"
)

// Lines is the rejects file of a run.
type Lines struct {
	Lines int64 `json:"lines"`
	Digest
}

// Part is one Parquet file of a run.
type Part struct {
	Path       string               `json:"path"` // below the table's folder
	Shard      int                  `json:"shard"`
	Number     int                  `json:"number"`
	From       int64                `json:"from"` // the articles it covers, in reading order, half open
	To         int64                `json:"to"`
	Articles   int64                `json:"articles"`   // labelled in it, without the duplicates
	Duplicates int64                `json:"duplicates"` // and these
	Paragraphs int64                `json:"paragraphs"`
	Rows       int64                `json:"rows"`
	Labels     map[news.Label]int64 `json:"labels"`
	Digest
}

// record is what a shard publishes of a finished part. A part of no rows has no file.
type record struct {
	PlanSHA256 string `json:"plan_sha256"`
	Part       Part   `json:"part"`
	Keys       []byte `json:"keys"`            // of the labelled articles, in reading order
	Given      []byte `json:"given,omitempty"` // of the same under the ids that they came with; earlier versions lack it
}

// receipt is the last thing that a shard publishes.
type receipt struct {
	PlanSHA256 string             `json:"plan_sha256"`
	Shard      int                `json:"shard"`
	Read       int64              `json:"read"` // articles read by every shard, and files that could not be
	Left       int64              `json:"left"` // of these, left out before any shard was asked
	Counts     Counts             `json:"counts"`
	Seconds    map[string]float64 `json:"seconds"`
	Rejects    *Lines             `json:"rejects,omitempty"` // of the first shard alone
	Parts      int                `json:"parts"`
}

// balanced is the rule that every article has exactly one outcome.
func (c Counts) balanced() error {
	if sum := c.Labelled + c.Duplicate + c.Skipped + c.Rejected; sum != c.In {
		return fmt.Errorf("%d articles came in, but %d were labelled, %d duplicates, %d skipped and %d rejected: %d in all",
			c.In, c.Labelled, c.Duplicate, c.Skipped, c.Rejected, sum)
	}
	return nil
}

// Plus adds two counts up.
func (c Counts) Plus(d Counts) Counts {
	return Counts{
		In: c.In + d.In, Labelled: c.Labelled + d.Labelled, Duplicate: c.Duplicate + d.Duplicate,
		Skipped: c.Skipped + d.Skipped, Rejected: c.Rejected + d.Rejected, Reasons: added(c.Reasons, d.Reasons),
		Paragraphs: c.Paragraphs + d.Paragraphs, Rows: c.Rows + d.Rows, Labels: added(c.Labels, d.Labels),
	}
}

func (c Counts) plusPart(p Part) Counts {
	return c.Plus(Counts{
		In: p.Articles + p.Duplicates, Labelled: p.Articles, Duplicate: p.Duplicates,
		Paragraphs: p.Paragraphs, Rows: p.Rows, Labels: p.Labels,
	})
}

func added[K comparable, V int64 | float64](a, b map[K]V) map[K]V {
	sum := make(map[K]V, len(a)+len(b))
	maps.Copy(sum, a)
	for k, v := range b {
		sum[k] += v
	}
	return sum
}

// manifest reads the manifest of a run.
func (t *Table) manifest(runID string) (m Manifest, err error) {
	name := t.manifestPath(runID)
	if _, err := t.readSealed(name, &m); err != nil {
		return m, err
	}
	if m.Format > Format {
		return m, fmt.Errorf("read %q: the table has format %d, this program knows %d: use a newer one", name, m.Format, Format)
	}
	if m.RunID != runID {
		return m, fmt.Errorf("read %q: %w: it is the manifest of run %q", name, ErrCorrupt, m.RunID)
	}
	return m, nil
}

// plan reads the plan of a run that is staged.
func (t *Table) plan(runID string) (p Plan, sum string, err error) {
	name := t.planPath(runID)
	if sum, err = t.readSealed(name, &p); err != nil {
		return p, "", err
	}
	if p.Format > Format {
		return p, "", fmt.Errorf("read %q: the run has format %d, this program knows %d: use a newer one", name, p.Format, Format)
	}
	return p, sum, nil
}

// record reads the record of a finished part and makes sure that the part is as it was written.
func (t *Table) record(p Plan, planSum string, shard, number int, from int64) (r record, articles []identity, err error) {
	name := t.staged(p.RunID, recordName(shard, p.Shards, number))
	if _, err := t.readSealed(name, &r); err != nil {
		return r, nil, err
	}
	part := r.Part
	articles, err = identities(r.Keys, r.Given)
	if err == nil && (r.PlanSHA256 != planSum || part.Shard != shard || part.Number != number) {
		err = errors.New("it belongs to another run or part")
	}
	if err == nil && (part.From != from || part.To <= from || int64(len(articles)) != part.Articles+part.Duplicates) {
		err = errors.New("it does not go on where the part before it ends")
	}
	if err != nil {
		return r, nil, fmt.Errorf("read %q: %w: %w", name, ErrCorrupt, err)
	}
	if part.Rows > 0 {
		err = t.intact(t.staged(p.RunID, partName(part.SHA256)), part.Digest)
	}
	return r, articles, err
}

// receipt reads the receipt of a shard and makes sure that the rejects file is as it was written.
func (t *Table) receipt(p Plan, planSum string, shard int) (r receipt, err error) {
	name := t.staged(p.RunID, receiptName(shard, p.Shards))
	if _, err := t.readSealed(name, &r); err != nil {
		return r, err
	}
	if r.PlanSHA256 != planSum || r.Shard != shard || (shard == 0) != (r.Rejects != nil) {
		return r, fmt.Errorf("read %q: %w: it belongs to another run or shard", name, ErrCorrupt)
	}
	if err := r.Counts.balanced(); err != nil {
		return r, fmt.Errorf("read %q: %w: %w", name, ErrCorrupt, err)
	}
	if r.Rejects != nil {
		err = t.intact(t.staged(p.RunID, rejectsName(r.Rejects.SHA256)), r.Rejects.Digest)
	}
	return r, err
}
