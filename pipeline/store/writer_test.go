package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stance/pipeline/news"
)

func mustLabel(tb testing.TB, t *Table, run Run, shard, shards int) string {
	tb.Helper()
	id, err := label(t, run, shard, shards)
	if err != nil {
		tb.Fatal(err)
	}
	return id
}

func mustCommit(tb testing.TB, t *Table, id string) Manifest {
	tb.Helper()
	m, err := t.Commit(tb.Context(), id)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func mustVerify(tb testing.TB, t *Table) {
	tb.Helper()
	if report, err := t.Verify(tb.Context()); err != nil || len(report.Leftovers) > 0 {
		tb.Fatalf("%v; leftovers %v", err, report.Leftovers)
	}
}

func TestTheSameRowsComeOutInHoweverManyShards(t *testing.T) {
	var want []Row
	for _, shards := range []int{1, 2, 5, 40} { // of forty, most are empty
		table := open(t)
		m, err := tonight(table, question(), shards)
		if err != nil {
			t.Fatal(err)
		}
		mustVerify(t, table)
		rows := allRows(t, table)
		byID := make(map[string]Row)
		for _, r := range rows {
			byID[r.RowID] = r
		}
		if len(byID) != len(rows) || int64(len(rows)) != m.Counts.Rows {
			t.Fatalf("%d shards: %d rows, %d ids, %d counted", shards, len(rows), len(byID), m.Counts.Rows)
		}
		if want == nil {
			want = rows
			if m.Counts.In != 14 || m.Counts.Labelled != 11 || m.Counts.Duplicate != 1 || m.Counts.Skipped != 1 || m.Counts.Rejected != 1 {
				t.Errorf("counts %+v", m.Counts)
			}
			continue
		}
		for _, w := range want {
			if !cmp.Equal(w, byID[w.RowID]) {
				t.Errorf("%d shards: row %s differs:\n%s", shards, w.RowID, cmp.Diff(w, byID[w.RowID]))
			}
		}
		if len(rows) != len(want) {
			t.Errorf("%d shards: %d rows, want %d", shards, len(rows), len(want))
		}
	}
}

func TestTheSameQuestionHasTheSameRunAndAnotherOneAnother(t *testing.T) {
	base := question()
	same := question()
	same.Begun, same.Fresh, same.Settings = same.Begun.Add(time.Hour), true, map[string]string{}
	same.Inputs[0], same.Inputs[1] = same.Inputs[1], same.Inputs[0]
	same.Date = same.Date.Add(23 * time.Hour)
	if a, b := base.plan(1, "").RunID, same.plan(7, "").RunID; a != b || !runName.MatchString(a) {
		t.Errorf("%s and %s are the same question", a, b)
	}
	for name, change := range map[string]func(*Run){
		"another night":     func(r *Run) { r.Date = r.Date.AddDate(0, 0, 1) },
		"another model":     func(r *Run) { r.ModelSHA256 = sumOf(nil) },
		"other actors":      func(r *Run) { r.ActorsSHA256 = sumOf(nil) },
		"another version":   func(r *Run) { r.Version = "0.2.0" },
		"another part size": func(r *Run) { r.PartRows = 7 },
		"a limit":           func(r *Run) { r.Settings = map[string]string{"limit": "5"} },
		"one input more":    func(r *Run) { r.Inputs = append(r.Inputs, Input{Path: "c"}) },
		"a changed input":   func(r *Run) { r.Inputs[0].SHA256 = sumOf(nil) },
		"a moved input":     func(r *Run) { r.Inputs[0].Path = "elsewhere" },
	} {
		r := question()
		change(&r)
		if r.plan(1, "").RunID == base.plan(1, "").RunID {
			t.Errorf("%s is taken for the same run", name)
		}
	}
}

func TestRunsThatLackSomethingAreRefused(t *testing.T) {
	for field, change := range map[string]func(*Run){
		"run date": func(r *Run) { r.Date = time.Time{} }, "model": func(r *Run) { r.ModelSHA256 = "" },
		"actors": func(r *Run) { r.ActorsSHA256 = "" }, "begun": func(r *Run) { r.Begun = time.Time{} },
		"part rows": func(r *Run) { r.PartRows = DefaultPartRows + 1 },
	} {
		r := question()
		change(&r)
		if _, err := open(t).Begin(r, 0, 1); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("without %s: %v", field, err)
		}
	}
	for _, shard := range []int{-1, 3} {
		if _, err := open(t).Begin(question(), shard, 3); err == nil {
			t.Errorf("shard %d of 3 was begun", shard)
		}
	}
	if _, err := Open(""); err == nil {
		t.Error("a table without a folder was opened")
	}
}

func TestRunningAgainAddsNothing(t *testing.T) {
	table := open(t)
	first, err := tonight(table, question(), 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("the same night is the same run", func(t *testing.T) {
		again, err := tonight(table, question(), 3) // even in other shards
		if err != nil || !cmp.Equal(first, again) {
			t.Errorf("%v\n%s", err, cmp.Diff(first, again))
		}
	})
	t.Run("the next night skips what is labelled already", func(t *testing.T) {
		next := question()
		next.Date = next.Date.AddDate(0, 0, 1)
		m, err := tonight(table, next, 2)
		if err != nil {
			t.Fatal(err)
		}
		if m.Counts.Rows != 0 || m.Counts.Reasons[AlreadyLabelled] != nightArticles || m.Counts.In != nightArticles+nightLeft {
			t.Errorf("counts %+v", m.Counts)
		}
	})
	t.Run("another model labels all", func(t *testing.T) {
		other := question()
		other.ModelSHA256 = sumOf([]byte("a better model"))
		if m, err := tonight(table, other, 1); err != nil || m.Counts.Rows != first.Counts.Rows {
			t.Errorf("%v, counts %+v", err, m.Counts)
		}
	})
	mustVerify(t, table)
	if n := len(allRows(t, table)); n != 2*int(first.Counts.Rows) {
		t.Errorf("%d rows in the table", n)
	}
	n := 0
	for _, err := range table.Rows(t.Context(), first.RunID) {
		if n++; err != nil {
			t.Fatal(err)
		}
	}
	if n != int(first.Counts.Rows) {
		t.Errorf("%d rows of the first run, want %d", n, first.Counts.Rows)
	}
}

// The number that a repeated id gets depends on what is read before it, and that changes from night to night.
func TestAnArticleIsKnownWhateverNumberItsIDGets(t *testing.T) {
	const ap, bbc, cnn, dpa = 1, 2, 3, 5
	for name, next := range map[string]struct {
		articles []*news.Article
		labelled int64
	}{
		"a file is added that is read first":     {numbered(ap, bbc, cnn, dpa), 1},
		"a file is added in between":             {numbered(bbc, ap, cnn, dpa), 1},
		"the first file is gone":                 {numbered(cnn, dpa), 0},
		"the files are read in another order":    {numbered(dpa, cnn, bbc), 0},
		"the first file is gone, another is new": {numbered(ap, dpa, cnn), 1},
	} {
		for _, shards := range []int{1, 3} {
			table := open(t)
			mustCommit(t, table, stage(t, table, question(), shards, numbered(bbc, cnn, dpa)))
			m := mustCommit(t, table, stage(t, table, nightAfter(1), shards, next.articles))
			if known := int64(len(next.articles)) - next.labelled; m.Counts.Labelled != next.labelled || m.Counts.Reasons[AlreadyLabelled] != known {
				t.Errorf("%s, %d shards: %d labelled and %d known, want %d and %d", name, shards,
					m.Counts.Labelled, m.Counts.Reasons[AlreadyLabelled], next.labelled, known)
			}
			old := numbered(ap, bbc, cnn, dpa)[1:] // each with a number
			if m := mustCommit(t, table, stage(t, table, nightAfter(2), shards, old)); m.Counts.Labelled != 0 {
				t.Errorf("%s, %d shards: a night later %d were labelled again", name, shards, m.Counts.Labelled)
			}
			mustVerify(t, table)
		}
	}
}

func TestTwoArticlesWithOneIDAndOneTextAreBothLabelled(t *testing.T) {
	table := open(t)
	if m := mustCommit(t, table, stage(t, table, question(), 1, numbered(1, 1))); m.Counts.Labelled != 2 {
		t.Errorf("%d labelled, want both", m.Counts.Labelled)
	}
	mustVerify(t, table)
}

func TestWhatAnEarlierVersionWroteIsStillRead(t *testing.T) {
	table := open(t)
	id := stage(t, table, question(), 1, numbered(1, 2, 3))
	name := table.staged(id, recordName(0, 1, 0))
	var r record
	if _, err := table.readSealed(name, &r); err != nil {
		t.Fatal(err)
	}
	r.Given = nil // as it was before
	if _, err := table.publishSealed(name, true, r); err != nil {
		t.Fatal(err)
	}
	if w, err := table.Begin(question(), 0, 1); err != nil || !w.Done() {
		t.Fatalf("it is not taken up: %v", err)
	}
	m := mustCommit(t, table, id)
	if ks, err := table.articles(m); err != nil || len(ks) != 3 {
		t.Fatalf("%d articles, %v", len(ks), err)
	}
	if m := mustCommit(t, table, stage(t, table, nightAfter(1), 1, numbered(1, 2, 3))); m.Counts.Labelled != 0 {
		t.Errorf("%d were labelled again", m.Counts.Labelled)
	}
	mustVerify(t, table)
}

func TestACorrectedArticleIsLabelledAgain(t *testing.T) {
	a, b := article(1), article(1)
	b.Paragraphs[1].Text += " A correction."
	c := article(1)
	c.Published, c.Byline = c.Published.Add(time.Hour), "somebody else" // says the same
	if keyOf(a) == keyOf(b) || keyOf(a) != keyOf(c) {
		t.Error("an article is known by its id and what it says, and by nothing else")
	}
}

// until labels articles up to the limit-th and then stops, as a process does that is killed.
func until(t *Table, run Run, limit int) (wanted int, err error) {
	w, err := t.Begin(run, 0, 1)
	if err != nil {
		return 0, err
	}
	for i := range nightArticles + nightLeft {
		if i == 3 || i == 9 {
			continue
		}
		if a := article(i); w.Wants(int64(i), a) {
			if wanted++; wanted > limit {
				return limit, nil // no Abort: a killed process does not tidy up
			}
			if err := w.Append(int64(i), labelled(a)); err != nil {
				return wanted, err
			}
		}
	}
	return wanted, nil
}

func TestAKilledRunLosesNoArticleThatWasAppended(t *testing.T) {
	table, whole := open(t), open(t)
	want, err := tonight(whole, question(), 1)
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, limit := range []int{1, 0, 3, 2, 1} {
		n, err := until(table, question(), limit)
		if err != nil {
			t.Fatal(err)
		}
		total += n
	}
	rest, err := until(table, question(), 1000)
	if err != nil || total != 7 || rest != nightArticles-total {
		t.Fatalf("%d articles were labelled before the last attempt and %d in it, want %d in all: %v", total, rest, nightArticles, err)
	}
	got := mustCommit(t, table, mustLabel(t, table, question(), 0, 1))
	got.Committed = want.Committed
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("manifest (-undisturbed +resumed):\n%s", diff)
	}
	mustVerify(t, table)
}

func TestStagedFilesThatWereDamagedAreMadeAgain(t *testing.T) {
	for _, pattern := range []string{"*.part", "0of1-0000.json", "0of1-0001.json", "0of1.json", "*.rejects"} {
		for name, damage := range map[string]func(string) error{
			"removed": os.Remove,
			"cut":     func(name string) error { return os.Truncate(name, 40) },
			"flipped": flipByte,
		} {
			t.Run(pattern+" "+name, func(t *testing.T) {
				table := open(t)
				id := mustLabel(t, table, question(), 0, 1)
				found, _ := filepath.Glob(filepath.Join(table.stagingDir(id), pattern))
				if len(found) == 0 {
					t.Fatalf("nothing staged is called %s", pattern)
				}
				if err := damage(found[0]); err != nil {
					t.Fatal(err)
				}
				if _, err := table.Commit(t.Context(), id); !errors.Is(err, ErrIncomplete) && !errors.Is(err, ErrConflict) && !errors.Is(err, ErrCorrupt) {
					t.Errorf("committed with %v", err)
				}
				mustLabel(t, table, question(), 0, 1)
				if m := mustCommit(t, table, id); m.Counts.Labelled != 11 {
					t.Errorf("counts %+v", m.Counts)
				}
				mustVerify(t, table)
			})
		}
	}
}

func flipByte(name string) error {
	b, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	b[len(b)/2] ^= 1
	return os.WriteFile(name, b, 0o644)
}

func TestTwoAttemptsAtTheSameShardMakeOneTable(t *testing.T) {
	table := open(t)
	var group sync.WaitGroup
	errs := make([]error, 6)
	for i := range errs {
		group.Go(func() { _, errs[i] = label(table, question(), i%2, 2) })
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if m := mustCommit(t, table, question().plan(2, "").RunID); m.Counts.Labelled != 11 {
		t.Errorf("counts %+v", m.Counts)
	}
	mustVerify(t, table)
}

func TestReadingGoesOnWhileArticlesAreAppended(t *testing.T) {
	table := open(t)
	run := question()
	run.PartRows = 5
	w, err := table.Begin(run, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	wanted := make(chan int64)
	go func() {
		defer close(wanted)
		for i := range int64(60) {
			if i%3 == 0 {
				w.Leave(Left{Outcome: Skipped, Reason: "empty"})
			} else if w.Wants(i, article(int(i))) {
				wanted <- i
			}
		}
	}()
	for i := range wanted {
		if err := w.Append(i, labelled(article(int(i)))); err != nil {
			t.Fatal(err)
		}
	}
	if counts, err := w.Finish(60, nil); err != nil || counts.Skipped != 20 || counts.Labelled+counts.Duplicate != 40 {
		t.Errorf("%+v, %v", counts, err)
	}
	mustCommit(t, table, w.RunID())
	mustVerify(t, table)
}

func TestAnAttemptThatFindsItsRunCommittedHasSucceeded(t *testing.T) {
	table := open(t)
	slow, err := table.Begin(question(), 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Abort()
	want := mustCommit(t, table, mustLabel(t, table, question(), 0, 1)) // clears the folder from under the slow one
	for i := range nightArticles + nightLeft {
		switch a := article(i); {
		case i == 3:
			err = slow.Leave(Left{Outcome: Skipped, Reason: "not-english"})
		case i == 9:
			err = slow.Leave(Left{Outcome: Rejected, Reason: "unreadable"})
		case slow.Wants(int64(i), a):
			err = slow.Append(int64(i), labelled(a))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	counts, err := slow.Finish(nightArticles+nightLeft, nil)
	if diff := cmp.Diff(want.Counts, counts); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	mustVerify(t, table)
}

func TestFinishRefusesWhenAnArticleIsUnaccountedFor(t *testing.T) {
	for name, read := range map[string]int64{"one was read and forgotten": 3, "one was counted twice": 1} {
		w, err := open(t).Begin(question(), 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		if !w.Wants(0, article(0)) {
			t.Fatal("not wanted")
		}
		if err := errors.Join(w.Append(0, labelled(article(0))), w.Leave(Left{Outcome: Skipped, Reason: "empty"})); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Finish(read, nil); !errors.Is(err, ErrConflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	t.Run("one was wanted and never appended", func(t *testing.T) {
		w, _ := open(t).Begin(question(), 0, 1)
		w.Wants(0, article(0))
		if _, err := w.Finish(1, nil); !errors.Is(err, ErrConflict) {
			t.Error(err)
		}
	})
	t.Run("the input changed between two attempts", func(t *testing.T) {
		table := open(t)
		if _, err := until(table, question(), 3); err != nil {
			t.Fatal(err)
		}
		w, _ := table.Begin(question(), 0, 1)
		for i := range int64(3) {
			w.Wants(i, article(100+int(i)))
		}
		if _, err := w.Finish(3, nil); !errors.Is(err, ErrConflict) {
			t.Error(err)
		}
	})
}

func TestAppendAndLeaveRefuseWhatTheyCannotPlace(t *testing.T) {
	w, err := open(t).Begin(question(), 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if err := w.Append(5, labelled(article(0))); err != nil {
		t.Fatal(err)
	}
	if w.Append(5, labelled(article(1))) == nil {
		t.Error("two articles with one ordinal")
	}
	bad := labelled(article(1))
	bad.Stances[0][0].Label = "maybe"
	if w.Append(6, bad) == nil {
		t.Error("a row that verify would refuse")
	}
	if w.Leave(Left{Outcome: "lost"}) == nil {
		t.Error("an outcome that no count knows")
	}
}

func TestRowsOfAnArticleAreNeverSplitOverTwoParts(t *testing.T) {
	table := open(t)
	run := question()
	run.PartRows = 3 // less than most articles have
	if _, err := tonight(table, run, 1); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, table)
	if n, _ := filepath.Glob(filepath.Join(table.Dir(), "run_date=*", "*.parquet")); len(n) != nightArticles {
		t.Errorf("%d parts, want one per article", len(n))
	}
}

func TestAnArticleWithoutRowsIsCountedAndLeavesNoPart(t *testing.T) {
	table := open(t)
	w, err := table.Begin(question(), 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	a := &news.Article{ID: "x", Title: "y", Paragraphs: []news.Paragraph{{Kind: news.Headline, Text: "y"}}}
	w.Wants(0, a)
	if err := w.Append(0, Labelled{Article: a, Subjects: make([][]news.Subject, 1), Stances: make([][]news.Stance, 1)}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Finish(1, nil); err != nil {
		t.Fatal(err)
	}
	if m := mustCommit(t, table, w.RunID()); m.Counts.Labelled != 1 || m.Counts.Paragraphs != 1 || len(m.Parts) != 0 {
		t.Errorf("%+v", m)
	}
	mustVerify(t, table)
}

func TestANightWithoutArticlesIsARunToo(t *testing.T) {
	table := open(t)
	w, err := table.Begin(question(), 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Finish(0, nil); err != nil {
		t.Fatal(err)
	}
	if m := mustCommit(t, table, w.RunID()); m.Counts.In != 0 || len(m.Parts) != 0 {
		t.Errorf("%+v", m)
	}
	mustVerify(t, table)
}

func TestThereIsOneWriterAtATime(t *testing.T) {
	table := open(t)
	release, err := table.Lock()
	if err != nil {
		t.Fatal(err)
	}
	other, _ := Open(table.Dir())
	for name, try := range map[string]func() error{
		"lock":        func() error { _, err := other.Lock(); return err },
		"commit":      func() error { _, err := other.Commit(context.Background(), ""); return err },
		"lock itself": func() error { _, err := table.Lock(); return err },
	} {
		if err := try(); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "process") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := tonight(table, question(), 1); err != nil {
		t.Errorf("the holder cannot commit: %v", err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	again, err := other.Lock()
	if err != nil {
		t.Fatalf("after the release: %v", err)
	}
	again()
}

func TestAFolderThatIsNotOursIsAQuestionOfPermission(t *testing.T) {
	for _, cause := range []error{fs.ErrPermission, syscall.EACCES, syscall.EROFS} {
		table := onMem(newMemDisk())
		table.disk = forbidden{table.disk, cause}
		_, err := table.Lock()
		if !errors.Is(err, ErrPermission) || !strings.Contains(err.Error(), "/data") {
			t.Errorf("%v: lock: %v", cause, err)
		}
		if _, err := table.Begin(question(), 0, 1); !errors.Is(err, ErrPermission) {
			t.Errorf("%v: begin: %v", cause, err)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	table, _ := Open(file)
	if _, err := table.Lock(); err == nil {
		t.Error("a file was taken for a table's folder")
	}
}

// forbidden is a disk that can be read only.
type forbidden struct {
	disk
	cause error
}

func (f forbidden) Mkdir(name string) error {
	return &fs.PathError{Op: "mkdir", Path: name, Err: f.cause}
}
func (f forbidden) Create(name string) (outFile, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: f.cause}
}

// linkless is a disk without hard links, as some network shares are.
type linkless struct{ disk }

func (linkless) Link(from, to string) error {
	return &os.LinkError{Op: "link", Old: from, New: to, Err: syscall.EPERM}
}

func TestADiskWithoutLinksWillDo(t *testing.T) {
	table := open(t)
	table.disk = linkless{table.disk}
	for range 2 {
		if _, err := tonight(table, question(), 2); err != nil {
			t.Fatal(err)
		}
	}
	mustVerify(t, table)
}
