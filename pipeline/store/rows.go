package store

import (
	"context"
	"fmt"
	"iter"
	"slices"
)

// Rows yields every row of the table, or of the runs that are named, run by run and part by part in the order of the
// manifests. Each part is checked against its hash before its first row is given out. After an error nothing follows.
func (t *Table) Rows(ctx context.Context, runIDs ...string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		runs, err := t.Runs()
		if err != nil {
			yield(Row{}, err)
			return
		}
		for _, m := range runs {
			if len(runIDs) > 0 && !slices.Contains(runIDs, m.RunID) {
				continue
			}
			for _, part := range m.Parts {
				for row, err := range t.partRows(part) {
					if err == nil {
						err = ctx.Err()
					}
					if !yield(row, err) || err != nil {
						return
					}
				}
			}
		}
	}
}

// partRows yields the rows of a part that is as the manifest says.
func (t *Table) partRows(part Part) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		name := t.visible(part.Path)
		if err := t.intact(name, part.Digest); err != nil {
			yield(Row{}, fmt.Errorf("read part: %w", err))
			return
		}
		f, err := t.disk.Open(name)
		if err != nil {
			yield(Row{}, fmt.Errorf("read part: %w", refusal(err)))
			return
		}
		defer f.Close()
		for row, err := range readPart(f, f.Size()) {
			if err != nil {
				err = fmt.Errorf("read part %q: %w: %w", name, ErrCorrupt, err)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}
