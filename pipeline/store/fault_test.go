package store

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const memTable = "/data/labels"

func onMem(d *memDisk) *Table { return &Table{dir: memTable, disk: d, held: new(heldLock)} }

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

func TestAFaultAtAnyCallLeavesATableThatARepetitionMakesRight(t *testing.T) {
	t.Parallel()
	for _, shards := range []int{1, 2} {
		for _, fresh := range []bool{false, true} {
			prepare := func() *memDisk {
				d := newMemDisk()
				if fresh { // there is a committed run already, which this one replaces
					if _, err := once(d, shards, false); err != nil {
						t.Fatal(err)
					}
				}
				return d.restart()
			}
			clean := prepare()
			want, err := once(clean, shards, fresh)
			if err != nil {
				t.Fatal(err)
			}
			calls := clean.calls
			if report, err := onMem(clean.restart()).Verify(t.Context()); err != nil || report.Rows < 50 || report.Parts < 2*shards {
				t.Fatalf("the undisturbed run: %v %v", report, err)
			}
			for name, how := range map[string]fault{"EIO": eio, "a full disk": full, "a lying disk": liar, "a kill before": killed, "a kill after": killing} {
				t.Run(fmt.Sprintf("%d shards, fresh %v, %s", shards, fresh, name), func(t *testing.T) {
					t.Parallel()
					for n := 1; n <= calls; n++ {
						if testing.Short() && n%5 != 0 {
							continue
						}
						d := prepare()
						d.failAt, d.how = n, how
						_, err := once(d, shards, fresh)
						if err == nil && d.dead {
							t.Fatalf("call %d (%s): a dead process reports success", n, clean.log[n-1])
						}
						after := map[string]*memDisk{"": d.restart()}
						if d.dead {
							r := rand.New(rand.NewPCG(uint64(n), uint64(how)))
							after["no power, nothing kept"] = d.powerCut(r, 0)
							after["no power, names kept"] = d.powerCut(r, 1)
							after["no power, half kept"] = d.powerCut(r, 0.5)
						}
						for power, d := range after {
							when := fmt.Sprintf("call %d (%s) %s", n, clean.log[n-1], power)
							mustBeWhole(t, d.restart(), when)
							if _, err := once(d.restart(), shards, fresh && notYet(d, want.RunID)); err != nil {
								t.Fatalf("%s: the repetition failed: %v", when, err)
							}
							mustBeRight(t, d.restart(), when, want)
						}
					}
				})
			}
		}
	}
}

// notYet says whether the run has still to be made: a scheduler repeats a job only until it succeeds.
func notYet(d *memDisk, runID string) bool {
	_, err := onMem(d.restart()).manifest(runID)
	return err != nil
}
