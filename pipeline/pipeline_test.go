package pipeline

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"stance/pipeline/stance"
	"stance/pipeline/store"
)

// The model of these tests is a tiny one with known arithmetic: what is tested here is the way, not the labels.
const tinyModel = "stance/testdata/spans"

func testConfig(t testing.TB, out string, inputs ...string) Config {
	t.Helper()
	library, _, err := stance.FindRuntime("", os.Getenv, "..")
	if err != nil {
		if os.Getenv("STANCE_TEST_RUNTIME") == "required" {
			t.Fatal(err)
		}
		t.Skipf("SKIPPED, nothing was tested: %v", err)
	}
	return Config{
		Inputs: inputs, Out: out, Model: tinyModel, Actors: "../data/actors", Runtime: library,
		RunDate: time.Date(2026, 3, 14, 0, 0, 0, 0, time.UTC), Version: "test",
	}
}

// writeNight writes a folder of articles in several formats, some of them bad, and returns it.
func writeNight(t testing.TB, articles int) string {
	t.Helper()
	dir := t.TempDir()
	verbs := []string{"would send", "ruled out", "has discussed", "will never send", "pledged"}
	capitals := []string{"Paris", "Warsaw", "Ankara", "Rome", "Ottawa", "Berlin", "Madrid"}
	var lines strings.Builder
	for i := range articles {
		fmt.Fprintf(&lines, `{"id":"n-%d","source":"s%d.example","title":"Night %d","paragraphs":[`, i, i%3, i)
		for j := range 6 {
			if j > 0 {
				lines.WriteByte(',')
			}
			fmt.Fprintf(&lines, `"%s %s troops number %d to Ukraine, the minister said on day %d, while %s and the Kremlin waited for item %d of the list."`,
				capitals[(i+j)%7], verbs[(i*3+j)%5], i*100+j, i+j, capitals[(i+2*j+3)%7], i*j)
		}
		lines.WriteString("]}\n")
	}
	var gz bytes.Buffer
	z := gzip.NewWriter(&gz)
	z.Write([]byte(lines.String()))
	z.Close()
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("a.jsonl.gz", gz.Bytes())
	write("b-truncated.jsonl.gz", gz.Bytes()[:gz.Len()/2])
	write("c-binary.txt", bytes.Repeat([]byte{0, 1, 2, 255}, 500))
	write("d-empty.html", nil)
	return dir
}

// rows returns the table without what may differ between two runs of the same question.
func rows(t testing.TB, out string) []store.Row {
	t.Helper()
	table, err := store.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	var all []store.Row
	for row, err := range table.Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		row.LabelledAt, row.RunID = time.Time{}, ""
		all = append(all, row)
	}
	slices.SortFunc(all, func(a, b store.Row) int { return cmp.Compare(a.RowID, b.RowID) })
	return all
}

func mustRun(t testing.TB, c Config) Summary {
	t.Helper()
	s, err := Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func sound(t *testing.T, out string) {
	t.Helper()
	table, err := store.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := table.Verify(t.Context()); err != nil {
		t.Errorf("the table does not verify: %v", err)
	}
}

func TestEveryArticleOfTheNightIsAccountedFor(t *testing.T) {
	night, out := writeNight(t, 20), t.TempDir()
	s := mustRun(t, testConfig(t, out, night))
	if s.Articles != s.Labelled+s.Duplicates+s.Skipped+s.Rejected {
		t.Errorf("%d articles are not %d labelled, %d duplicates, %d skipped and %d rejected", s.Articles, s.Labelled, s.Duplicates, s.Skipped, s.Rejected)
	}
	if s.Labelled+s.Duplicates < 20 || s.Rejected != 3 {
		t.Errorf("%d labelled, %d duplicates and %d rejected; want 20 at least, and 3", s.Labelled, s.Duplicates, s.Rejected)
	}
	if got := int64(len(rows(t, out))); got != s.Rows || got == 0 {
		t.Errorf("the table has %d rows, the summary says %d", got, s.Rows)
	}
	sound(t, out)
}

func TestTheNumberOfWorkersAndShardsChangesNothing(t *testing.T) {
	night, alone := writeNight(t, 24), t.TempDir()
	c := testConfig(t, alone, night)
	c.Workers, c.PartRows = 1, 60
	mustRun(t, c)
	want := rows(t, alone)

	many := t.TempDir()
	c.Out, c.Workers = many, 8
	mustRun(t, c)
	if diff := gocmp.Diff(want, rows(t, many)); diff != "" {
		t.Errorf("eight workers (-one +eight):\n%s", diff)
	}

	sharded := t.TempDir()
	c.Out, c.Shards = sharded, 3
	for _, shard := range []int{2, 0, 1, 0} { // in any order, and again
		c.Shard = shard
		mustRun(t, c)
	}
	if got := rows(t, sharded); len(got) != 0 {
		t.Errorf("%d rows can be seen before the commit", len(got))
	}
	s, err := Commit(t.Context(), sharded, "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(want, rows(t, sharded)); diff != "" || s.Rows != int64(len(want)) {
		t.Errorf("three shards, %d rows (-one +three):\n%s", s.Rows, diff)
	}
	sound(t, sharded)
}

func TestCommitWaitsForTheLastShard(t *testing.T) {
	c := testConfig(t, t.TempDir(), writeNight(t, 4))
	c.Shards = 2
	mustRun(t, c)
	if _, err := Commit(t.Context(), c.Out, ""); !errors.Is(err, store.ErrIncomplete) {
		t.Errorf("commit without shard 1 of 2: %v, want ErrIncomplete", err)
	}
}

func TestRunningAgainAddsNothing(t *testing.T) {
	night, out := writeNight(t, 6), t.TempDir()
	c := testConfig(t, out, night)
	first := mustRun(t, c)
	want := rows(t, out)
	second := mustRun(t, c)
	if !second.Already || second.RunID != first.RunID {
		t.Errorf("the second run is %s, already %v; want %s again", second.RunID, second.Already, first.RunID)
	}
	c.RunDate = c.RunDate.AddDate(0, 0, 1) // the next night over the same folder, with one article more
	extra := `{"id":"extra","paragraphs":["Lisbon would join the mission if it were asked, officials said on Monday evening in the capital."]}`
	if err := os.WriteFile(filepath.Join(night, "z.jsonl"), []byte(extra+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	third := mustRun(t, c)
	if third.Labelled != 1 || third.Left[store.AlreadyLabelled] != first.Labelled+first.Duplicates {
		t.Errorf("the next night labelled %d and knew %d; want 1 and %d", third.Labelled, third.Left[store.AlreadyLabelled], first.Labelled+first.Duplicates)
	}
	if got := rows(t, out); int64(len(got)) != int64(len(want))+third.Rows {
		t.Errorf("%d rows after %d and %d", len(got), len(want), third.Rows)
	}
	sound(t, out)
}

func TestAnArticleIsKnownAgainThoughAnotherOneTookItsID(t *testing.T) {
	night := t.TempDir()
	write := func(name, text string) {
		line := `{"id":"1","paragraphs":["` + text + ` would send soldiers to Odesa, the minister said on Friday in parliament."]}`
		if err := os.WriteFile(filepath.Join(night, name), []byte(line), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("b.jsonl", "Lisbon")
	write("c.jsonl", "Warsaw")
	c := testConfig(t, t.TempDir(), night)
	mustRun(t, c)
	write("a.jsonl", "Dublin") // read first, and with the same id
	if s := mustRun(t, c); s.Labelled != 1 || s.Left[store.AlreadyLabelled] != 2 {
		t.Errorf("%d labelled and %d known, want 1 and 2", s.Labelled, s.Left[store.AlreadyLabelled])
	}
	for _, name := range []string{"a.jsonl", "b.jsonl"} { // Warsaw's is the only one of its id now
		if err := os.Remove(filepath.Join(night, name)); err != nil {
			t.Fatal(err)
		}
	}
	if s := mustRun(t, c); s.Labelled != 0 || s.Left[store.AlreadyLabelled] != 1 {
		t.Errorf("%d labelled and %d known, want none and 1", s.Labelled, s.Left[store.AlreadyLabelled])
	}
	sound(t, c.Out)
}

func TestATableAmongItsInputsDoesNotFeedOnItself(t *testing.T) {
	night := writeNight(t, 3)
	c := testConfig(t, filepath.Join(night, "labels"), night)
	first := mustRun(t, c)
	if second := mustRun(t, c); !second.Already || second.Articles != first.Articles {
		t.Errorf("the second run read %d articles after %d", second.Articles, first.Articles)
	}
}

func TestAFreshRunReplacesTheOldOne(t *testing.T) {
	c := testConfig(t, t.TempDir(), writeNight(t, 5))
	mustRun(t, c)
	want := rows(t, c.Out)
	c.Fresh = true
	if s := mustRun(t, c); s.Already {
		t.Error("a fresh run did nothing")
	}
	if diff := gocmp.Diff(want, rows(t, c.Out)); diff != "" {
		t.Errorf("the table changed (-before +after):\n%s", diff)
	}
	sound(t, c.Out)
}

func TestAnInterruptedRunGoesOnToTheSameTable(t *testing.T) {
	night, undisturbed := writeNight(t, 30), t.TempDir()
	c := testConfig(t, undisturbed, night)
	c.PartRows = 80
	mustRun(t, c)
	want := rows(t, undisturbed)

	c.Out = t.TempDir()
	stopped := 0
	for articles := int64(3); ; articles += 7 { // each attempt comes a little further
		ctx, cancel := context.WithCancel(t.Context())
		c.Workers = 2
		n := stopAfter(ctx, t, c, articles, cancel)
		cancel()
		if n == nil {
			break
		}
		if stopped++; stopped > 50 {
			t.Fatal("the run never comes to its end")
		}
		if !errors.Is(n, context.Canceled) {
			t.Fatal(n)
		}
		if got := rows(t, c.Out); len(got) != 0 {
			t.Fatalf("%d rows of an unfinished run can be seen", len(got))
		}
	}
	if stopped == 0 {
		t.Fatal("the run was never interrupted, so nothing was tested")
	}
	if diff := gocmp.Diff(want, rows(t, c.Out)); diff != "" {
		t.Errorf("after %d interruptions (-undisturbed +interrupted):\n%s", stopped, diff)
	}
	sound(t, c.Out)
}

// stopAfter runs with a reader that hangs up after so many articles.
func stopAfter(ctx context.Context, t *testing.T, c Config, articles int64, cancel func()) error {
	t.Helper()
	hook := func(read int64) {
		if read == articles {
			cancel()
		}
	}
	_, err := run(ctx, c, hook)
	return err
}

// Killed in earnest: the process itself, at five moments, with nobody to clean up after it.
func TestAKilledRunGoesOnToTheSameTable(t *testing.T) {
	if night := os.Getenv("STANCE_TEST_KILLED"); night != "" {
		out, night, _ := strings.Cut(night, "|")
		c := testConfig(t, out, night)
		c.PartRows = 80
		mustRun(t, c)
		return
	}
	night, undisturbed := writeNight(t, 60), t.TempDir()
	c := testConfig(t, undisturbed, night)
	c.PartRows = 80
	mustRun(t, c)
	want := rows(t, undisturbed)

	c.Out = t.TempDir()
	for attempt := range 5 {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestAKilledRunGoesOnToTheSameTable$")
		cmd.Env = append(os.Environ(), "STANCE_TEST_KILLED="+c.Out+"|"+night)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		waitForStaging(c.Out, attempt+1)
		cmd.Process.Kill()
		cmd.Wait()
	}
	mustRun(t, c)
	if diff := gocmp.Diff(want, rows(t, c.Out)); diff != "" {
		t.Errorf("-undisturbed +killed:\n%s", diff)
	}
	sound(t, c.Out)
}

// waitForStaging returns when the run has staged so many files, or is done, or after ten seconds: whenever it is, it is
// a moment at which the run may be killed.
func waitForStaging(out string, files int) {
	for range 1000 {
		staged, _ := filepath.Glob(filepath.Join(out, "_runs", "*", "*"))
		manifests, _ := filepath.Glob(filepath.Join(out, "_runs", "*.json"))
		if len(staged) > files || len(manifests) > 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestASecondRunAtTheSameTimeIsRefused(t *testing.T) {
	c := testConfig(t, t.TempDir(), writeNight(t, 2))
	table, err := store.Open(c.Out)
	if err != nil {
		t.Fatal(err)
	}
	release, err := table.Lock()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), c); !errors.Is(err, store.ErrLocked) {
		t.Errorf("run while another one holds the lock: %v, want ErrLocked", err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	mustRun(t, c)
}

func TestStandardInputIsKnownByItsContent(t *testing.T) {
	article := func(id string) string {
		return `{"id":"` + id + `","paragraphs":["Oslo will send engineers to Lviv once a truce holds, the prime minister said on Friday."]}`
	}
	c := testConfig(t, t.TempDir(), "-")
	for i, input := range []string{"one", "one", "two"} {
		c.Stdin = strings.NewReader(article(input))
		if s := mustRun(t, c); s.Already != (i == 1) {
			t.Errorf("input %d, %q: already is %v", i, input, s.Already)
		}
	}
}

func TestNothingIsWrittenInADryRun(t *testing.T) {
	c := testConfig(t, filepath.Join(t.TempDir(), "out"), writeNight(t, 3))
	c.DryRun = true
	s := mustRun(t, c)
	if s.Labelled+s.Duplicates < 3 || s.Rejected != 3 || s.Rows == 0 {
		t.Errorf("the dry run read %+v", s)
	}
	if _, err := os.Stat(c.Out); !os.IsNotExist(err) {
		t.Errorf("the folder is there: %v", err)
	}
}

func TestALimitTakesTheFirstArticles(t *testing.T) {
	c := testConfig(t, t.TempDir(), writeNight(t, 9))
	c.Limit = 4
	if s := mustRun(t, c); s.Labelled+s.Duplicates != 4 {
		t.Errorf("%d articles labelled, want 4", s.Labelled+s.Duplicates)
	}
	for _, r := range rows(t, c.Out) {
		if r.ArticleID > "n-3" {
			t.Fatalf("article %q is not among the first four", r.ArticleID)
		}
	}
}

func TestConfigNamesWhatIsWrong(t *testing.T) {
	good := Config{Inputs: []string{"x"}, Out: "out"}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(*Config){
		"inputs":    func(c *Config) { c.Inputs = nil },
		"out":       func(c *Config) { c.Out = "" },
		"workers":   func(c *Config) { c.Workers = -1 },
		"limit":     func(c *Config) { c.Limit = -1 },
		"part rows": func(c *Config) { c.PartRows = -1 },
		"shard":     func(c *Config) { c.Shard, c.Shards = 3, 3 },
		`input "-"`: func(c *Config) { c.Inputs, c.Shards, c.Stdin = []string{"-"}, 2, strings.NewReader("") },
		"map":       func(c *Config) { c.Map = map[string]string{"nonsense": "x"} },
	} {
		c := good
		spoil(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("a wrong %s: %v", want, err)
		}
	}
}
