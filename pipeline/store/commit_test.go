package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stance/pipeline/news"
)

func TestACommitBeforeItsShardsAsksForARetry(t *testing.T) {
	table := open(t)
	for _, id := range []string{"", question().plan(1, "").RunID} {
		if _, err := table.Commit(t.Context(), id); !errors.Is(err, ErrIncomplete) {
			t.Errorf("nothing staged, run %q: %v", id, err)
		}
	}
	id := mustLabel(t, table, question(), 1, 3)
	mustLabel(t, table, question(), 0, 3)
	for _, name := range []string{"", id} {
		if _, err := table.Commit(t.Context(), name); !errors.Is(err, ErrIncomplete) || !strings.Contains(err.Error(), "shard 2 of 3") {
			t.Errorf("one shard is missing, run %q: %v", name, err)
		}
	}
	mustLabel(t, table, question(), 2, 3)
	first := mustCommit(t, table, "")
	for _, name := range []string{"", id} {
		if again := mustCommit(t, table, name); !cmp.Equal(first, again) {
			t.Errorf("repeated, run %q:\n%s", name, cmp.Diff(first, again))
		}
	}
	mustVerify(t, table)
}

func TestACommitWithoutANameIsForAllFinishedRuns(t *testing.T) {
	table := open(t)
	other := nightAfter(1)
	other.ModelSHA256 = sumOf([]byte("another"))
	b, a := mustLabel(t, table, other, 0, 1), mustLabel(t, table, question(), 0, 1)
	if m := mustCommit(t, table, ""); m.RunID != b {
		t.Errorf("the last is %s, want %s", m.RunID, b)
	}
	if runs, err := table.Runs(); err != nil || len(runs) != 2 || runs[0].RunID != a || runs[1].Committed.Before(runs[0].Committed) {
		t.Errorf("%d runs, %v", len(runs), err)
	}
	mustVerify(t, table)
}

// Last night's shards all finished and nobody committed them; tonight one has failed.
func TestACommitOfLastNightsRunIsNoSuccessWhileTonightsIsMissing(t *testing.T) {
	table := open(t)
	last := stage(t, table, question(), 2, numbered(1, 2))
	night := nightAfter(1)
	tonight := mustLabel(t, table, night, 0, 2)
	for range 2 { // also when last night's is out
		_, err := table.Commit(t.Context(), "")
		if !errors.Is(err, ErrIncomplete) || !strings.Contains(err.Error(), tonight) || !strings.Contains(err.Error(), "shard 1 of 2") {
			t.Fatalf("tonight's run is missing: %v", err)
		}
		if runs, err := table.Runs(); err != nil || len(runs) != 1 || runs[0].RunID != last {
			t.Fatalf("last night's run was not published: %d runs, %v", len(runs), err)
		}
	}
	mustLabel(t, table, night, 1, 2)
	if m := mustCommit(t, table, ""); m.RunID != tonight {
		t.Errorf("committed %s, want %s", m.RunID, tonight)
	}
	mustVerify(t, table)
}

func TestACommitDoesNotWaitForARunThatWasGivenUp(t *testing.T) {
	for name, giveUp := range map[string]func(t *testing.T, table *Table){
		"a shard never ran":      func(t *testing.T, table *Table) { mustLabel(t, table, question(), 0, 2) },
		"it never wrote a plan":  func(t *testing.T, table *Table) { os.MkdirAll(table.stagingDir(question().plan(1, "").RunID), 0o755) },
		"its shards disagree":    func(t *testing.T, table *Table) { disagree(t, table, question()) },
		"tonight's has its rows": func(t *testing.T, table *Table) { stage(t, table, question(), 2, numbered(1, 2, 3)) },
	} {
		table := open(t)
		giveUp(t, table)
		tonight := stage(t, table, nightAfter(1), 2, numbered(1, 2, 3))
		mustCommit(t, table, tonight)
		for range 2 {
			if m, err := table.Commit(t.Context(), ""); err != nil || m.RunID != tonight {
				t.Errorf("%s: run %q, %v", name, m.RunID, err)
			}
		}
	}
}

func TestACommitWaitsForTonightThoughAnOlderNightWasLabelledMeanwhile(t *testing.T) {
	table := open(t)
	night := nightAfter(1)
	mustLabel(t, table, night, 0, 2)
	older := question()
	older.Begun = night.Begun.Add(time.Hour)
	mustCommit(t, table, stage(t, table, older, 1, numbered(1)))
	if _, err := table.Commit(t.Context(), ""); !errors.Is(err, ErrIncomplete) {
		t.Errorf("tonight's run is missing: %v", err)
	}
}

func TestOfTwoFinishedRunsTheSecondLabelsNothingThatTheFirstHas(t *testing.T) {
	table := open(t)
	for i, articles := range [][]*news.Article{numbered(2, 3), numbered(1, 2, 3)} { // the folder has grown
		stage(t, table, nightAfter(i), 2, articles)
	}
	if _, err := table.Commit(t.Context(), ""); !errors.Is(err, ErrIncomplete) || !strings.Contains(err.Error(), errOverlap.Error()) {
		t.Fatalf("committed with %v", err)
	}
	stage(t, table, nightAfter(1), 2, numbered(1, 2, 3))
	if m := mustCommit(t, table, ""); m.Counts.Labelled != 1 || m.Counts.Reasons[AlreadyLabelled] != 2 {
		t.Errorf("%+v", m.Counts)
	}
	mustVerify(t, table)
}

func TestACommitThatSweepsTonightsRunAwaySaysWhetherItHadFinished(t *testing.T) {
	for _, finished := range []bool{true, false} {
		table := open(t)
		first := mustLabel(t, table, question(), 0, 1)
		if _, err := until(table, nightAfter(1), 4); err != nil {
			t.Fatal(err)
		}
		if finished {
			mustLabel(t, table, nightAfter(1), 0, 1)
		}
		if m, err := table.Commit(t.Context(), ""); m.RunID != first || finished != (err == nil) || !finished && !errors.Is(err, ErrIncomplete) {
			t.Errorf("finished %v: run %q, %v", finished, m.RunID, err)
		}
		mustVerify(t, table)
	}
}

// disagree stages two shards that read different input.
func disagree(t *testing.T, table *Table, run Run) (runID string) {
	t.Helper()
	runID = mustLabel(t, table, run, 0, 2)
	w, err := table.Begin(run, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Finish(0, nil); err != nil { // it saw an empty folder
		t.Fatal(err)
	}
	return runID
}

func TestShardsThatReadDifferentInputAreAConflict(t *testing.T) {
	table := open(t)
	id := disagree(t, table, question())
	for _, name := range []string{"", id} {
		if _, err := table.Commit(t.Context(), name); !errors.Is(err, ErrConflict) {
			t.Errorf("run %q: committed with %v", name, err)
		}
	}
}

func TestShardsThatTogetherReadOtherThanEachAreAConflict(t *testing.T) {
	var of [2][]int // articles by shard
	for i := range 20 {
		shard := shardOf(article(i).ID, 2)
		of[shard] = append(of[shard], i)
	}
	for name, read := range map[string][2][]int{
		"an article that neither takes for its own": {{of[1][0]}, {of[0][0]}},
		"as many in all as the first has read":      {{of[0][0], of[1][0]}, {of[1][1], of[0][1], of[0][2]}},
	} {
		table := open(t)
		id := ""
		for shard, articles := range read {
			w, err := table.Begin(question(), shard, 2)
			if err != nil {
				t.Fatal(err)
			}
			for i, a := range articles {
				if w.Wants(int64(i), article(a)) {
					if err := w.Append(int64(i), labelled(article(a))); err != nil {
						t.Fatal(err)
					}
				}
			}
			if _, err := w.Finish(int64(len(articles)), nil); err != nil {
				t.Fatal(err)
			}
			id = w.RunID()
		}
		if _, err := table.Commit(t.Context(), id); !errors.Is(err, ErrConflict) {
			t.Errorf("%s: committed with %v", name, err)
		}
	}
}

func TestAFinishedShardHasNothingLeftToDo(t *testing.T) {
	table := open(t)
	mustLabel(t, table, question(), 0, 2)
	w, err := table.Begin(question(), 0, 2)
	if err != nil || !w.Done() {
		t.Fatalf("done %v, %v", w.Done(), err)
	}
	if counts, err := w.Finish(0, nil); err != nil || counts.Labelled+counts.Duplicate == 0 || counts.Skipped != 1 {
		t.Errorf("%+v, %v", counts, err)
	}
}

func TestWhatACommitLeftThatCameToNothingIsReplaced(t *testing.T) {
	table := open(t)
	id := mustLabel(t, table, question(), 0, 1)
	for _, name := range []string{table.rejectsPath(id), table.articlesPath(id)} {
		if err := os.WriteFile(name, []byte("of an earlier attempt"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	mustCommit(t, table, id)
	mustVerify(t, table)
}

func TestARunGoesOnInAsManyShardsAsItWasBegunIn(t *testing.T) {
	table := open(t)
	mustLabel(t, table, question(), 0, 2)
	if _, err := label(table, question(), 0, 3); !errors.Is(err, ErrConflict) || !strings.Contains(err.Error(), "2 shards, not 3") {
		t.Errorf("%v", err)
	}
	fresh := question()
	fresh.Fresh = true
	if _, err := tonight(table, fresh, 1); err != nil {
		t.Errorf("one machine that starts afresh: %v", err)
	}
	mustVerify(t, table)
}

func TestFreshReplacesACommittedRun(t *testing.T) {
	table := open(t)
	first, err := tonight(table, question(), 1)
	if err != nil {
		t.Fatal(err)
	}
	want := allRows(t, table)
	fresh := question()
	fresh.Fresh = true
	last := first
	for range 2 { // also what replaced another
		m, err := tonight(table, fresh, 2)
		if err != nil {
			t.Fatal(err)
		}
		if m.Supersedes != last.RunID || m.RunID == last.RunID || !cmp.Equal(m.Counts, first.Counts) {
			t.Errorf("run %s replaces %q, want %s; counts %+v", m.RunID, m.Supersedes, last.RunID, m.Counts)
		}
		last = m
	}
	mustVerify(t, table)
	runs, err := table.Runs()
	if err != nil || len(runs) != 1 || runs[0].Counts.Rows != first.Counts.Rows {
		t.Errorf("%d runs, %v", len(runs), err)
	}
	if len(allRows(t, table)) != len(want) {
		t.Errorf("%d rows, want %d", len(allRows(t, table)), len(want))
	}
	if again, err := tonight(table, question(), 1); err != nil || again.RunID != last.RunID {
		t.Errorf("asked again without fresh: run %s, %v", again.RunID, err)
	}
}

func TestFreshShardsDoNotDisturbEachOther(t *testing.T) {
	table := open(t)
	if _, err := tonight(table, question(), 2); err != nil {
		t.Fatal(err)
	}
	fresh := question()
	fresh.Fresh = true
	for _, shard := range []int{0, 1, 0, 1} { // each of them twice
		mustLabel(t, table, fresh, shard, 2)
	}
	mustCommit(t, table, "")
	mustVerify(t, table)
}

// Another run commits some of the same articles while this one is staged: none may be in the table twice.
func TestArticlesThatAnotherRunCommitsMeanwhileAreNotLabelledTwice(t *testing.T) {
	for _, shards := range []int{1, 2} {
		table := open(t)
		tomorrow := question()
		tomorrow.Date = tomorrow.Date.AddDate(0, 0, 1)
		id := ""
		for shard := range shards {
			id = mustLabel(t, table, tomorrow, shard, shards)
		}
		if _, err := tonight(table, question(), 1); err != nil {
			t.Fatal(err)
		}
		if shards == 1 { // it had nothing to add any more and was swept away
			if _, err := os.Stat(table.stagingDir(id)); !os.IsNotExist(err) {
				t.Errorf("%s is still there: %v", id, err)
			}
		} else if _, err := os.Stat(table.planPath(id)); err != nil {
			t.Errorf("shards may be at work on it: %v", err)
		} else if _, err := table.Commit(t.Context(), id); !errors.Is(err, ErrIncomplete) {
			t.Errorf("%d shards: committed with %v", shards, err)
		}
		if m, err := tonight(table, tomorrow, shards); err != nil || m.Counts.Rows != 0 || m.Counts.Reasons[AlreadyLabelled] != nightArticles {
			t.Errorf("%d shards, run again: %v, %+v", shards, err, m.Counts)
		}
		mustVerify(t, table)
	}
}

func TestStagedWorkThatTheTableHasUnderAnotherNumberIsSweptAway(t *testing.T) {
	table := open(t)
	id := stage(t, table, question(), 1, numbered(2, 3))
	mustCommit(t, table, stage(t, table, nightAfter(1), 1, numbered(1, 2, 3)))
	if _, err := os.Stat(table.stagingDir(id)); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", id, err)
	}
	mustVerify(t, table)
}

func TestStagedWorkThatTheTableLacksIsNotSweptAway(t *testing.T) {
	table := open(t)
	other := question()
	other.ModelSHA256 = sumOf([]byte("another"))
	if _, err := until(table, other, 3); err != nil {
		t.Fatal(err)
	}
	part := question()
	part.Date = part.Date.AddDate(0, 0, 1)
	if _, err := until(table, part, 4); err != nil {
		t.Fatal(err)
	}
	w, err := table.Begin(question(), 0, 1) // labels a single one of those articles
	if err != nil {
		t.Fatal(err)
	}
	w.Wants(0, article(0))
	if err := w.Append(0, labelled(article(0))); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Finish(1, nil); err != nil {
		t.Fatal(err)
	}
	mustCommit(t, table, w.RunID())
	if pending, err := table.pending(); err != nil || len(pending) != 2 {
		t.Errorf("pending %v, %v", pending, err)
	}
	if n, err := until(table, other, 1000); err != nil || n != nightArticles-3 {
		t.Errorf("the other model went on with %d articles, %v", n, err)
	}
	if m, err := tonight(table, part, 1); err != nil || m.Counts.Reasons[AlreadyLabelled] != 1 || m.Counts.Labelled != 10 {
		t.Errorf("%v, %+v", err, m.Counts)
	}
	if report, err := table.Verify(t.Context()); err != nil {
		t.Errorf("%v: %v", err, report.Problems)
	}
}

func TestAForeignFileInTheWayOfAPartIsNotOverwritten(t *testing.T) {
	table := open(t)
	id := mustLabel(t, table, question(), 0, 1)
	foreign := table.visible(partPath(question().Date, id, 0, 1, 0))
	if err := os.MkdirAll(filepath.Dir(foreign), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(foreign, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := table.Commit(t.Context(), id); !errors.Is(err, ErrCorrupt) {
		t.Fatalf("committed with %v", err)
	}
	if err := os.Remove(foreign); err != nil {
		t.Fatal(err)
	}
	mustCommit(t, table, id)
	mustVerify(t, table)
}
