package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Commit makes a run visible, wholly or not at all, once all its shards have finished. It may be repeated: the manifest
// of a run that is committed already comes back as it is. ErrIncomplete names what has to run (again) before.
// An empty runID means every run that is finished, oldest first; the last of them comes back, or the latest one of the
// table where none is. The error then is about the newest run that is not finished, unless a newer one is committed.
func (t *Table) Commit(ctx context.Context, runID string) (m Manifest, err error) {
	err = t.locked(func() error {
		if runID == "" {
			m, err = t.commitAll(ctx)
		} else {
			m, err = t.commitOne(ctx, runID)
		}
		return err
	})
	if err != nil {
		return m, fmt.Errorf("commit to table %q: %w", t.dir, err)
	}
	return m, nil
}

func (t *Table) commitOne(ctx context.Context, runID string) (m Manifest, err error) {
	m, err = t.manifest(runID)
	switch {
	case missing(err):
		m, err = t.commit(ctx, runID)
	case err == nil:
		err = t.complete(m)
	}
	if err != nil {
		return m, fmt.Errorf("run %s: %w", runID, err)
	}
	return m, nil
}

// commitAll is the commit without a name. A run that cannot be committed does not keep others from it, and is an error
// only as long as nothing newer is committed: nobody comes back for the run of a night long ago that was given up.
func (t *Table) commitAll(ctx context.Context) (last Manifest, err error) {
	pending, err := t.inOrder()
	if err != nil {
		return last, err
	}
	failed := make(map[string]error)
	for _, p := range pending { // all of them first, since a commit may sweep others away
		if err := t.ready(p.RunID); err != nil {
			failed[p.RunID] = fmt.Errorf("run %s: %w", p.RunID, err)
		}
	}
	for _, p := range pending {
		if failed[p.RunID] != nil || !t.hasStaging(p.RunID) { // swept away: the run before it has all its articles
			continue
		}
		m, err := t.commitOne(ctx, p.RunID)
		switch {
		case err == nil:
			last = m
		case errors.Is(err, ErrIncomplete) || errors.Is(err, ErrConflict):
			failed[p.RunID] = err
		default:
			return last, err
		}
	}
	runs, err := t.Runs()
	if err != nil {
		return last, err
	}
	for _, p := range slices.Backward(pending) {
		if err := failed[p.RunID]; err != nil && !overtaken(p, runs) {
			if last.RunID != "" {
				err = fmt.Errorf("run %s is published, but %w", last.RunID, err)
			}
			return last, err
		}
	}
	switch {
	case last.RunID != "":
		return last, nil
	case len(runs) == 0:
		return last, fmt.Errorf("%w: nothing is staged", ErrIncomplete)
	}
	latest := slices.MaxFunc(runs, func(a, b Manifest) int { return a.Committed.Compare(b.Committed) })
	return t.commitOne(ctx, latest.RunID)
}

// inOrder returns the plans of the pending runs, oldest first. Of one that cannot be read there is the id alone.
func (t *Table) inOrder() ([]Plan, error) {
	ids, err := t.pending()
	if err != nil {
		return nil, err
	}
	plans := make([]Plan, len(ids))
	for i, id := range ids {
		plans[i], _, _ = t.plan(id) // ready says what is wrong with it
		plans[i].RunID = id
	}
	slices.SortStableFunc(plans, func(a, b Plan) int { return a.Begun.Compare(b.Begun) })
	return plans, nil
}

// overtaken says that a run is committed that began after the pending one, for the same night or a later one.
func overtaken(p Plan, runs []Manifest) bool {
	night := len("20060102") // of a run id
	return slices.ContainsFunc(runs, func(m Manifest) bool {
		return m.Begun.After(p.Begun) && m.RunID[:night] >= p.RunID[:night]
	})
}

// ready says which shard of a staged run has left no receipt yet.
func (t *Table) ready(runID string) error {
	p, planSum, err := t.plan(runID)
	if err != nil {
		return again(0, 1, err)
	}
	for shard := range p.Shards {
		if _, err := t.receipt(p, planSum, shard); err != nil {
			return again(shard, p.Shards, err)
		}
	}
	return nil
}

// commit goes from receipts to manifest. The order is the promise: what the manifest lists is on the disk before the
// manifest is, and the manifest before any part can be seen.
func (t *Table) commit(ctx context.Context, runID string) (m Manifest, err error) {
	p, planSum, err := t.plan(runID)
	if missing(err) {
		return m, fmt.Errorf("%w: nothing of it is staged", ErrIncomplete)
	}
	if err != nil {
		return m, err
	}
	m = Manifest{Plan: p, PlanSHA256: planSum, Committed: time.Now().UTC().Truncate(time.Microsecond)}
	ks, earlier, err := t.collect(ctx, &m)
	if err != nil {
		return m, err
	}

	// 1. Which articles it labelled, and what it left out. Without a manifest nobody looks at these.
	if m.Articles, err = t.publishArticles(runID, ks); err != nil {
		return m, err
	}
	if err := t.remove(t.rejectsPath(runID)); err != nil { // of a commit that came to nothing
		return m, err
	}
	if err := t.place(t.staged(runID, rejectsName(m.Rejects.SHA256)), t.rejectsPath(runID), m.Rejects.Digest); err != nil {
		return m, err
	}
	// 2. The manifest. From here on the run is committed; whoever takes the lock next finishes what is left of 3 to 5.
	if _, err := t.publishSealed(t.manifestPath(runID), true, m); err != nil {
		return m, err
	}
	if err := t.complete(m); err != nil {
		return m, err
	}
	return m, t.sweep(m, append(earlier, ks...).sorted())
}

// collect adds up the receipts and records of all shards and checks them against each other and against the table. It
// returns the articles that they have labelled, under all their ids, and those that earlier runs have.
func (t *Table) collect(ctx context.Context, m *Manifest) (all, earlier keys, err error) {
	runs, err := t.Runs()
	if err != nil {
		return nil, nil, err
	}
	if earlier, err = t.labelled(m.Plan, runs); err != nil {
		return nil, nil, err
	}
	var given keys
	var read, left int64
	for shard := range m.Shards {
		r, err := t.receipt(m.Plan, m.PlanSHA256, shard)
		if err != nil {
			return nil, nil, again(shard, m.Shards, err)
		}
		if shard == 0 {
			read, left, m.Rejects = r.Read, r.Left, *r.Rejects
		}
		if r.Read != read || r.Left != left {
			return nil, nil, fmt.Errorf("%w: shard 0 read %d articles and left %d out, shard %d %d and %d: they had different input",
				ErrConflict, read, left, shard, r.Read, r.Left)
		}
		m.Counts = m.Counts.Plus(r.Counts)
		m.Seconds = added(m.Seconds, r.Seconds)
		var rows, from int64
		for number := range r.Parts {
			if err := ctx.Err(); err != nil {
				return nil, nil, err
			}
			rec, articles, err := t.record(m.Plan, m.PlanSHA256, shard, number, from)
			if err == nil && slices.ContainsFunc(articles, earlier.know) {
				err = errOverlap
			}
			if err != nil {
				return nil, nil, again(shard, m.Shards, err)
			}
			from, rows = rec.Part.To, rows+rec.Part.Rows
			for _, id := range articles {
				all, given = append(all, id.own), append(given, id.given)
			}
			if rec.Part.Rows > 0 {
				m.Parts = append(m.Parts, rec.Part)
			}
		}
		if rows != r.Counts.Rows {
			return nil, nil, again(shard, m.Shards, fmt.Errorf("its receipt says %d rows, its parts %d", r.Counts.Rows, rows))
		}
	}
	if m.Counts.In != read {
		return nil, nil, fmt.Errorf("%w: %d articles were read, but the shards account for %d", ErrConflict, read, m.Counts.In)
	}
	n := len(all)
	if all = all.sorted(); len(all) != n {
		return nil, nil, fmt.Errorf("%w: %d articles were labelled twice", ErrConflict, n-len(all))
	}
	return append(all, given...).sorted(), earlier, nil
}

// again asks for another attempt at a shard, which puts right whatever can be put right.
func again(shard, shards int, err error) error {
	if err == nil || !missing(err) && !errors.Is(err, ErrCorrupt) && !errors.Is(err, errOverlap) {
		return err
	}
	return fmt.Errorf("%w: run shard %d of %d (again): %v", ErrIncomplete, shard, shards, err)
}

// complete does what is left to do once the manifest is there; each step may have been done already. The staging
// folder goes last: where there is none, all is done.
func (t *Table) complete(m Manifest) error {
	// The manifest may have been published, or the staging removed, by a process that died before it could sync the folder.
	if err := t.syncDir(t.runsDir()); err != nil || !t.hasStaging(m.RunID) {
		return err
	}
	// 3. The parts get the names that analysts see. A second name, not a move: should the power fail, one of them is left.
	for _, part := range m.Parts {
		to := t.visible(part.Path)
		if err := t.makeDirs(filepath.Dir(to)); err != nil {
			return err
		}
		if err := t.place(t.staged(m.RunID, partName(part.SHA256)), to, part.Digest); err != nil {
			return err
		}
	}
	// 4. The run that this one replaces goes: first its rows, then the manifest that vouched for them.
	if m.Supersedes != "" {
		if err := t.removeRun(m.Supersedes); err != nil {
			return err
		}
	}
	// 5. The staged names.
	return t.removeStaging(m.RunID)
}

func (t *Table) hasStaging(runID string) bool {
	_, err := t.disk.List(t.stagingDir(runID))
	return !missing(err)
}

// recover finishes every commit that was cut short. The caller holds the lock.
func (t *Table) recover() error {
	ids, err := t.runIDs()
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !t.hasStaging(id) {
			continue
		}
		m, err := t.manifest(id)
		if err == nil {
			err = t.complete(m)
		}
		if err != nil {
			return fmt.Errorf("finish the commit of run %s: %w", id, err)
		}
	}
	return nil
}

// place gives a staged file its visible name. It may have it already.
func (t *Table) place(staged, name string, want Digest) error {
	err := t.link(staged, name)
	if err != nil && !errors.Is(err, fs.ErrExist) && !missing(err) {
		return fmt.Errorf("publish file %q: %w", name, refusal(err))
	}
	if err != nil { // it is there, or must be, since it is not here
		if err := t.intact(name, want); err != nil {
			return fmt.Errorf("publish file %q, which is there already or gone from staging: %w", name, err)
		}
	}
	return t.syncDir(filepath.Dir(name))
}

// removeRun takes a run that was replaced out of the table.
func (t *Table) removeRun(runID string) error {
	m, err := t.manifest(runID)
	if missing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	dirs := make(map[string]bool)
	for _, part := range m.Parts {
		if err := t.remove(t.visible(part.Path)); err != nil {
			return err
		}
		dirs[filepath.Dir(t.visible(part.Path))] = true
	}
	for dir := range dirs {
		if err := t.syncDir(dir); err != nil {
			return err
		}
	}
	if err := t.removeSidecars(runID); err != nil {
		return err
	}
	if err := t.remove(t.manifestPath(runID)); err != nil {
		return err
	}
	return t.syncDir(t.runsDir())
}

// removeSidecars removes what stands beside a manifest, before the manifest goes or where there is none.
func (t *Table) removeSidecars(runID string) error {
	if err := t.remove(t.rejectsPath(runID), t.articlesPath(runID)); err != nil {
		return err
	}
	return t.syncDir(t.runsDir())
}

// removeStaging removes all that is staged of a run: the plan last, so that a rest can still be told from a run.
func (t *Table) removeStaging(runID string) error {
	dir := t.stagingDir(runID)
	if !t.hasStaging(runID) {
		return nil
	}
	entries, err := t.list(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if name := filepath.Join(dir, e.Name()); name != t.planPath(runID) {
			if err := t.remove(name); err != nil {
				return err
			}
		}
	}
	if err := t.remove(t.planPath(runID), dir); err != nil {
		return err
	}
	return t.syncDir(t.runsDir())
}

// discard forgets what is staged of a run: all of it where there is one shard, else what the shard itself has staged.
func (t *Table) discard(p Plan, shard int) error {
	if p.Shards == 1 {
		return t.removeStaging(p.RunID)
	}
	entries, err := t.list(t.stagingDir(p.RunID))
	for _, e := range entries {
		name := shardName(shard, p.Shards)
		if strings.HasPrefix(e.Name(), name+".") || strings.HasPrefix(e.Name(), name+"-") {
			err = errors.Join(err, t.remove(t.staged(p.RunID, e.Name())))
		}
	}
	return err
}

// sweep removes the staging of other runs that can add nothing any more: a run of last night that was killed, and whose
// articles tonight's has labelled. Only runs of one shard, since these are made under the lock that the caller holds,
// so that nobody is at work on them.
func (t *Table) sweep(m Manifest, labelled keys) error {
	pending, err := t.pending()
	if err != nil {
		return err
	}
	for _, id := range pending {
		p, sum, err := t.plan(id)
		if err != nil || p.Shards != 1 || p.ModelSHA256 != m.ModelSHA256 || p.ActorsSHA256 != m.ActorsSHA256 {
			continue // Verify will say so
		}
		w := &Writer{table: t, plan: p, planSum: sum}
		staged, err := w.stagedArticles()
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(staged, func(id identity) bool { return !labelled.know(id) }) {
			if err := errors.Join(t.removeSidecars(id), t.removeStaging(id)); err != nil {
				return err
			}
		}
	}
	return nil
}
