package store

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const memTable = "/data/labels"

func onMem(d *memDisk) *Table { return &Table{dir: memTable, disk: d} }

// once runs the whole night under the lock, as one machine does, or in shards and a commit, as many do.
func once(d *memDisk, shards int, fresh bool) (Manifest, error) {
	run := question()
	run.Fresh = fresh
	t := onMem(d)
	if shards == 1 {
		release, err := t.Lock()
		if err != nil {
			return Manifest{}, err
		}
		defer release()
	}
	return tonight(t, run, shards)
}

// mustBeWhole is the first promise, as it has to hold at every moment: what can be seen is complete and listed.
func mustBeWhole(t *testing.T, d *memDisk, when string) {
	t.Helper()
	table := onMem(d)
	runs, err := table.Runs()
	if err != nil {
		t.Fatalf("%s: manifests: %v", when, err)
	}
	listed := make(map[string]Part)
	for _, m := range runs {
		for _, p := range m.Parts {
			listed[table.visible(p.Path)] = p
		}
	}
	for _, name := range d.visibleParts() {
		sum, err := table.sum(name)
		if err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		if part, ok := listed[name]; ok && sum != part.Digest {
			t.Fatalf("%s: %s is visible and not as its manifest says", when, name)
		} else if !ok && !replacedPart(table, name) {
			t.Fatalf("%s: %s is visible and in no manifest", when, name)
		}
	}
}

// replacedPart says whether a part is of a run that was replaced and is about to go; its manifest is still there.
func replacedPart(t *Table, name string) bool {
	ids, _ := t.runIDs()
	return slices.ContainsFunc(ids, func(id string) bool {
		m, err := t.manifest(id)
		return err == nil && slices.ContainsFunc(m.Parts, func(p Part) bool { return t.visible(p.Path) == name })
	})
}

// mustBeRight is the second promise: after a repetition the table is the one of an undisturbed run, byte for byte where
// it holds rows, and nothing of the work lies about.
func mustBeRight(t *testing.T, d *memDisk, when string, want Manifest) {
	t.Helper()
	mustBeWhole(t, d, when)
	table := onMem(d)
	runs, err := table.Runs()
	if err != nil || len(runs) != 1 {
		t.Fatalf("%s: %d runs, %v", when, len(runs), err)
	}
	got := runs[0]
	got.Committed = want.Committed
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%s: manifest (-undisturbed +now):\n%s", when, diff)
	}
	if n := len(d.visibleParts()); n != len(want.Parts) {
		t.Fatalf("%s: %d parts are visible, of %d", when, n, len(want.Parts))
	}
	v := verifier{table: table}
	if err := v.leftovers(); err != nil {
		t.Fatalf("%s: %v", when, err)
	}
	for _, l := range append(v.Problems, v.Leftovers...) {
		if !strings.HasPrefix(filepath.Base(l.Path), tempPrefix) { // a process that died within a call may leave one of these
			t.Fatalf("%s: %v", when, l)
		}
	}
}

// trial is a night to be disturbed: on an empty disk, or over a committed run that it replaces.
type trial struct {
	shards int
	fresh  bool
	before *memDisk
	log    []string // the calls of the undisturbed run
	want   Manifest
}

func newTrial(t *testing.T, shards int, fresh bool) trial {
	t.Helper()
	before := newMemDisk()
	if fresh {
		if _, err := once(before, shards, false); err != nil {
			t.Fatal(err)
		}
	}
	d := before.clone()
	want, err := once(d, shards, fresh)
	if err != nil {
		t.Fatal(err)
	}
	if report, err := onMem(d.restart()).Verify(t.Context()); err != nil || report.Rows < 50 || report.Parts < 2*shards {
		t.Fatalf("the undisturbed run: %v %v", report, err)
	}
	return trial{shards, fresh, before, d.log, want}
}

// disturbed is the disk after a fault at the n-th call, and whether the process lived on.
func (tr trial) disturbed(t *testing.T, d *memDisk, n int, how fault) *memDisk {
	t.Helper()
	d.failAt, d.how = n, how
	if _, err := once(d, tr.shards, tr.fresh && notYet(d, tr.want.RunID)); err == nil && d.dead {
		t.Fatalf("call %d: a dead process reports success", n)
	}
	return d
}

func (tr trial) repeat(t *testing.T, d *memDisk, when string) {
	t.Helper()
	mustBeWhole(t, d.restart(), when)
	if _, err := once(d.restart(), tr.shards, tr.fresh && notYet(d, tr.want.RunID)); err != nil {
		t.Fatalf("%s: the repetition failed: %v", when, err)
	}
	mustBeRight(t, d.restart(), when, tr.want)
	mustBeRight(t, d.powerCut(rand.New(rand.NewPCG(0, 0)), 0), when+"; the power failed after its success", tr.want)
}

// notYet says whether the run has still to be made: a scheduler repeats a job only until it succeeds.
func notYet(d *memDisk, runID string) bool {
	_, err := onMem(d.restart()).manifest(runID)
	return err != nil
}

// Every call of a whole night fails in turn, in each way. To try all of them takes minutes, so that without
// STANCE_TEST_FAULTS=all each way has every seventh call, and no two ways the same ones.
func TestAFaultAtAnyCallLeavesATableThatARepetitionMakesRight(t *testing.T) {
	t.Parallel()
	step := 7
	switch {
	case os.Getenv("STANCE_TEST_FAULTS") == "all":
		step = 1
	case underRace:
		step = 71
	}
	ways := []string{eio: "EIO", full: "a full disk", liar: "a lying disk", killed: "a kill before", killing: "a kill after"}
	for _, shards := range []int{1, 2} {
		for _, fresh := range []bool{false, true} {
			tr := newTrial(t, shards, fresh)
			for how, name := range ways {
				t.Run(fmt.Sprintf("%d shards, fresh %v, %s", shards, fresh, name), func(t *testing.T) {
					t.Parallel()
					for n := 1 + how%step; n <= len(tr.log); n += step {
						when := fmt.Sprintf("call %d (%s)", n, tr.log[n-1])
						d := tr.disturbed(t, tr.before.clone(), n, fault(how))
						if d.dead {
							r := rand.New(rand.NewPCG(uint64(n), uint64(how)))
							for power, keep := range map[string]float64{"nothing": 0, "half": 0.5, "all names": 1} {
								tr.repeat(t, d.powerCut(r, keep), when+", no power, what was not synced kept: "+power)
							}
						}
						tr.repeat(t, d, when)
					}
				})
			}
		}
	}
}

// A second fault meets what the first one has left; then the power fails too.
func TestFaultsInARowLeaveATableThatARepetitionMakesRight(t *testing.T) {
	t.Parallel()
	for _, fresh := range []bool{false, true} {
		tr := newTrial(t, 2, fresh)
		seeds := uint64(12)
		if underRace {
			seeds = 1
		}
		for seed := range seeds {
			r := rand.New(rand.NewPCG(seed, 3))
			d, when := tr.before.clone(), fmt.Sprintf("fresh %v, seed %d", fresh, seed)
			for range 4 {
				n := 1 + r.IntN(len(tr.log))
				when += fmt.Sprintf(", call %d", n)
				d = tr.disturbed(t, d.restart(), n, fault(r.IntN(5)))
				mustBeWhole(t, d.restart(), when)
				if r.IntN(3) == 0 {
					d, when = d.powerCut(r, r.Float64()), when+", no power"
				}
			}
			tr.repeat(t, d, when)
		}
	}
}
