// Package store is the run's folder: the one place where rows reach the disk and are trusted again.
//
// What comes in: labelled articles in reading order, and a line for each article that was left out. What goes out: one
// Parquet part per 122,880 rows in a folder per run date, a manifest per run, and the means to read, export and verify
// both.
//
//	OUT/run_date=2026-01-31/part-RUN-0of1-0000.parquet    what analysts read
//	OUT/_runs/lock                                        held by the one process that may commit
//	OUT/_runs/RUN.json                                    manifest of a committed run
//	OUT/_runs/RUN.rejects.jsonl                           a line per article that was not labelled, and why
//	OUT/_runs/RUN.articles                                16 bytes per labelled article and id, so that none is labelled twice
//	OUT/_runs/RUN/                                        staging of a run that is not committed yet
//
// A run is n shards and one commit. The first shard writes down the plan that all follow. Each shard keeps a journal of
// what is labelled, and stages its parts under the hash of their content, a record for each, and last a receipt; nothing
// of that ends in ".parquet", so nobody reads it by accident. The commit checks n of n receipts, publishes the manifest,
// and only then gives the parts their visible names.
//
// What is promised: a part that can be seen is complete, synced and listed in a manifest with its hash. A run that is
// killed anywhere, even by a power cut, and then started again ends with the same rows as an undisturbed one, nothing
// twice, nothing lost. Articles in = labelled + duplicate + skipped + rejected, always. A changed byte is found.
package store

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// What a caller decides on. Every error of this package that is not wrapped around one of these is a fault of the disk
// and worth a retry.
var (
	ErrLocked     = errors.New("the table is locked")        // somebody else is writing; the message names him
	ErrPermission = errors.New("no right to use the table")  // or its disk is read-only; the message names the folder
	ErrIncomplete = errors.New("the run is incomplete")      // some shard has to run (again) before the commit
	ErrConflict   = errors.New("the run contradicts itself") // a retry will not help
	ErrCorrupt    = errors.New("the table is damaged")       // something is not as it was written
)

// Format numbers the layout of the table and of its manifests. A table with a greater number is refused.
const Format = 1

// Table is the folder of all runs. Its methods may be called by several goroutines, its folder used by several machines.
type Table struct {
	dir  string
	disk disk

	mu   sync.Mutex
	held bool // this process has the lock, so that a run can commit under the lock that it holds
}

// Open names the folder of a table. Nothing is created before something is written.
func Open(dir string) (*Table, error) {
	if dir == "" {
		return nil, errors.New("open table: no folder given")
	}
	return &Table{dir: filepath.Clean(dir), disk: osDisk{}}, nil
}

// Dir is the folder that was given to Open.
func (t *Table) Dir() string { return t.dir }

// Runs returns the manifests of all committed runs, oldest id first, without those that a later run replaced.
func (t *Table) Runs() ([]Manifest, error) {
	ids, err := t.runIDs()
	if err != nil {
		return nil, err
	}
	runs := make([]Manifest, 0, len(ids))
	for _, id := range ids {
		m, err := t.manifest(id)
		if err != nil {
			return nil, err
		}
		runs = append(runs, m)
	}
	return slices.DeleteFunc(runs, func(m Manifest) bool { return replaced(m.RunID, runs) }), nil
}

// pending returns the ids of the runs that have staged something and are not committed, oldest id first.
func (t *Table) pending() ([]string, error) {
	entries, err := t.list(t.runsDir())
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, e := range entries {
		if e.IsDir() && runName.MatchString(e.Name()) && !t.exists(t.manifestPath(e.Name())) {
			ids = append(ids, e.Name())
		}
	}
	return ids, nil
}

func replaced(runID string, runs []Manifest) bool {
	return slices.ContainsFunc(runs, func(m Manifest) bool { return m.Supersedes == runID })
}

// runIDs lists the manifests by name; it says nothing about their content.
func (t *Table) runIDs() ([]string, error) {
	entries, err := t.list(t.runsDir())
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, e := range entries {
		if id, ok := strings.CutSuffix(e.Name(), ".json"); ok && !e.IsDir() && runName.MatchString(id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

var runName = regexp.MustCompile(`^[0-9]{8}-[0-9a-f]{12}$`)

// Every name in the folder is made here and nowhere else.

func (t *Table) runsDir() string                { return filepath.Join(t.dir, "_runs") }
func (t *Table) lockPath() string               { return filepath.Join(t.runsDir(), "lock") }
func (t *Table) manifestPath(run string) string { return filepath.Join(t.runsDir(), run+".json") }
func (t *Table) rejectsPath(run string) string {
	return filepath.Join(t.runsDir(), run+".rejects.jsonl")
}
func (t *Table) articlesPath(run string) string { return filepath.Join(t.runsDir(), run+".articles") }
func (t *Table) stagingDir(run string) string   { return filepath.Join(t.runsDir(), run) }
func (t *Table) planPath(run string) string     { return filepath.Join(t.stagingDir(run), "plan.json") }
func (t *Table) staged(run, name string) string { return filepath.Join(t.stagingDir(run), name) }
func (t *Table) visible(path string) string     { return filepath.Join(t.dir, filepath.FromSlash(path)) }
func shardName(shard, shards int) string        { return fmt.Sprintf("%dof%d", shard, shards) }
func receiptName(shard, shards int) string      { return shardName(shard, shards) + ".json" }
func recordName(shard, shards, part int) string {
	return fmt.Sprintf("%s-%04d.json", shardName(shard, shards), part)
}
func journalStem(shard, shards, part int) string {
	return fmt.Sprintf("%s-%04d.journal-", shardName(shard, shards), part)
}
func partName(sum string) string    { return sum + ".part" }
func rejectsName(sum string) string { return sum + ".rejects" }

// partPath is where an analyst sees a part, relative to the table and with forward slashes, as manifests name it.
func partPath(date time.Time, run string, shard, shards, part int) string {
	return fmt.Sprintf("run_date=%s/part-%s-%s-%04d.parquet", date.Format(time.DateOnly), run, shardName(shard, shards), part)
}

// list is List without the error for a folder that does not exist yet.
func (t *Table) list(dir string) ([]fs.DirEntry, error) {
	entries, err := t.disk.List(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list folder %q: %w", dir, refusal(err))
	}
	return entries, nil
}

func (t *Table) exists(name string) bool {
	f, err := t.disk.Open(name)
	if err != nil {
		return false
	}
	f.Close()
	return true
}

// refusal marks an error of the disk as a question of rights where it is one, so that the hint can name the cure.
func refusal(err error) error {
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return fmt.Errorf("%w: %w", ErrPermission, err)
	}
	return err
}
