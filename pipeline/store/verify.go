package store

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"

	"stance/pipeline/news"
)

// Report is what Verify has found. Problems mean that somebody who reads the table may read something wrong; leftovers
// are harmless, such as the staging of a run that was never finished.
type Report struct {
	Runs, Parts int
	Rows, Bytes int64
	Problems    []Finding
	Leftovers   []Finding
}

// Finding is a file or folder, what is wrong with it, and what to do.
type Finding struct{ Path, What, Cure string }

// Verify reads every byte of the table and compares it with what the manifests say: that each part, list of articles and
// rejects file is there with its hash, that its rows are in order, unique, of this run, and sound in themselves, that
// all counts add up, that no article was labelled twice, and that no Parquet file lies about that no manifest knows.
// It writes nothing. The error is ErrCorrupt where there are problems.
func (t *Table) Verify(ctx context.Context) (Report, error) {
	v := verifier{table: t, ctx: ctx, listed: make(map[string]bool), labelled: make(map[[2]string]keys)}
	if err := v.all(); err != nil {
		return v.Report, fmt.Errorf("verify table %q: %w", t.dir, err)
	}
	if n := len(v.Problems); n > 0 {
		return v.Report, fmt.Errorf("verify table %q: %w: %d problems, the first: %s: %s", t.dir, ErrCorrupt, n, v.Problems[0].Path, v.Problems[0].What)
	}
	return v.Report, nil
}

type verifier struct {
	Report
	table    *Table
	ctx      context.Context
	listed   map[string]bool    // paths of parts that some manifest lists
	labelled map[[2]string]keys // articles of all runs, by the hashes of model and actors
}

const (
	cureRestore = "restore it from a copy, or label that night again with --fresh"
	cureRemove  = "restore it from a copy, or remove the run's parts and its files in _runs and label that night again"
	cureCommit  = "run stance commit on the table; so does the next run"
)

func (v *verifier) problem(path, cure, format string, args ...any) {
	v.Problems = append(v.Problems, Finding{path, fmt.Sprintf(format, args...), cure})
}

func (v *verifier) leftover(path, cure, format string, args ...any) {
	v.Leftovers = append(v.Leftovers, Finding{path, fmt.Sprintf(format, args...), cure})
}

func (v *verifier) all() error {
	t := v.table
	if _, err := t.disk.List(t.dir); err != nil {
		return err
	}
	ids, err := t.runIDs()
	if err != nil {
		return err
	}
	var runs []Manifest
	for _, id := range ids {
		m, err := t.manifest(id)
		if err != nil {
			v.problem(t.manifestPath(id), cureRemove, "%v", err)
			continue
		}
		runs = append(runs, m)
	}
	for _, m := range runs {
		labelled, err := v.run(m)
		if err != nil {
			return err
		}
		if replaced(m.RunID, runs) {
			v.problem(t.manifestPath(m.RunID), cureCommit, "run %s was replaced by another, but is still here", m.RunID)
			continue
		}
		question := [2]string{m.ModelSHA256, m.ActorsSHA256}
		v.labelled[question] = append(v.labelled[question], labelled...)
	}
	v.labelledOnce()
	if err := v.strangers(t.dir); err != nil {
		return err
	}
	return v.leftovers()
}

// run verifies a manifest and all that it vouches for, and returns the articles that it has labelled. Only the end of
// the context is an error here.
func (v *verifier) run(m Manifest) (labelled keys, err error) {
	v.Runs++
	name := v.table.manifestPath(m.RunID)
	if err := m.Counts.balanced(); err != nil {
		v.problem(name, cureRestore, "%v", err)
	}
	labelled, err = v.table.articles(m)
	if err != nil {
		v.problem(v.table.articlesPath(m.RunID), cureRestore, "%v", err)
	}
	v.rejects(m)
	var sum Counts
	var articles keys
	for _, part := range m.Parts {
		v.Parts++
		v.listed[v.table.visible(part.Path)] = true
		sum = sum.plusPart(part)
		seen, err := v.part(m, part)
		if v.ctx.Err() != nil {
			return nil, v.ctx.Err()
		}
		if err != nil {
			cure := cureRestore
			if v.table.hasStaging(m.RunID) {
				cure = cureCommit
			}
			v.problem(v.table.visible(part.Path), cure, "%v", err)
		}
		articles = append(articles, seen...)
	}
	if sum.Rows != m.Counts.Rows || !maps.Equal(sum.Labels, m.Counts.Labels) {
		v.problem(name, cureRestore, "its parts have %d rows %v, it says %d %v", sum.Rows, sum.Labels, m.Counts.Rows, m.Counts.Labels)
	}
	if n := len(articles); len(articles.sorted()) != n {
		v.problem(name, cureRestore, "an article has rows in two of its parts")
	}
	return labelled, nil
}

// part reads all rows of a part and returns the articles that they belong to.
func (v *verifier) part(m Manifest, part Part) (articles keys, err error) {
	var rows int64
	var last Row
	labels := make(map[news.Label]int64)
	for row, err := range v.table.partRows(part) {
		if err = errors.Join(err, v.ctx.Err()); err != nil {
			return nil, err
		}
		if err := verifyRow(m, &row); err != nil {
			return nil, fmt.Errorf("row %d: %w", rows, err)
		}
		if rows > 0 && last.compare(&row) >= 0 {
			return nil, fmt.Errorf("row %d: it does not come after the row before it", rows)
		}
		if rows == 0 || row.ArticleID != last.ArticleID {
			articles = append(articles, keyOf(&news.Article{ID: row.ArticleID}))
		}
		rows++
		labels[news.Label(row.Label)]++
		last = row
	}
	v.Rows += rows
	v.Bytes += part.Bytes
	if rows != part.Rows || !maps.Equal(labels, part.Labels) {
		return nil, fmt.Errorf("it has %d rows %v, the manifest says %d %v", rows, labels, part.Rows, part.Labels)
	}
	return articles, nil
}

func verifyRow(m Manifest, row *Row) error {
	if err := row.check(); err != nil {
		return err
	}
	if row.RunID != m.RunID || row.ModelID != m.ModelID || row.ModelSHA256 != m.ModelSHA256 || row.ActorsSHA256 != m.ActorsSHA256 {
		return errors.New("it is not of this run, model and actors")
	}
	p := news.Paragraph{Index: int(row.ParagraphIndex), Text: row.Paragraph}
	if row.RowID != news.RowID(row.ArticleID, p, row.ActorID, row.ModelSHA256) {
		return fmt.Errorf("its id %q does not follow from its content", row.RowID)
	}
	return nil
}

// rejects compares the lines about what was left out with the counts.
func (v *verifier) rejects(m Manifest) {
	name := v.table.rejectsPath(m.RunID)
	if err := v.table.intact(name, m.Rejects.Digest); err != nil {
		v.problem(name, cureRestore, "%v", err)
		return
	}
	f, err := v.table.disk.Open(name)
	if err != nil {
		v.problem(name, cureRestore, "%v", err)
		return
	}
	defer f.Close()
	found := Counts{Skipped: m.Counts.Reasons[AlreadyLabelled]}
	var lines int64
	for in := bufio.NewReader(f); ; lines++ {
		b, err := in.ReadBytes('\n')
		if err != nil {
			break
		}
		var l Left
		if err := json.Unmarshal(b, &l); err != nil {
			v.problem(name, cureRestore, "line %d: %v", lines+1, err)
		}
		if l.Outcome == Skipped {
			found.Skipped++
		} else {
			found.Rejected++
		}
	}
	if lines != m.Rejects.Lines || found.Skipped != m.Counts.Skipped || found.Rejected != m.Counts.Rejected {
		v.problem(name, cureRestore, "it has %d lines, for %d skipped and %d rejected articles; the manifest says %d, %d and %d",
			lines, found.Skipped, found.Rejected, m.Rejects.Lines, m.Counts.Skipped, m.Counts.Rejected)
	}
}

// labelledOnce looks for articles that two runs have labelled with the same text, model and actors.
func (v *verifier) labelledOnce() {
	for question, all := range v.labelled {
		n := len(all)
		if twice := n - len(all.sorted()); twice > 0 {
			v.problem(v.table.runsDir(), cureRestore, "%d articles were labelled by two runs with the same model, %s", twice, question[0])
		}
	}
}

// strangers looks for Parquet files that an analyst would read along with the table.
func (v *verifier) strangers(dir string) error {
	entries, err := v.table.list(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		switch {
		case e.IsDir():
			if err := v.strangers(name); err != nil {
				return err
			}
		case strings.EqualFold(filepath.Ext(name), ".parquet") && !v.listed[name]:
			v.problem(name, "move it out of the table", "no manifest lists this Parquet file")
		}
	}
	return nil
}

// leftovers names what a run or commit has left that was cut short and not taken up again.
func (v *verifier) leftovers() error {
	t := v.table
	entries, err := t.list(t.runsDir())
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := filepath.Join(t.runsDir(), e.Name())
		id, _, _ := strings.Cut(e.Name(), ".")
		committed := t.exists(t.manifestPath(id))
		switch {
		case e.IsDir() && committed:
			v.problem(name, cureCommit, "the commit of run %s was cut short", id)
		case e.IsDir():
			v.leftover(name, "start the same run again, or remove the folder", "run %s is staged and not committed", id)
		case e.Name() == filepath.Base(t.lockPath()) || runName.MatchString(id) && committed:
		default:
			v.leftover(name, "remove it when nothing is at work", "a file that no manifest knows")
		}
	}
	return nil
}
