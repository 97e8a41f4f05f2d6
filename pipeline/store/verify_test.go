package store

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"stance/pipeline/news"
)

// committed is a table in memory, as a map from path to content, and the way back.
func committed(t *testing.T) (*memDisk, Manifest) {
	t.Helper()
	d := newMemDisk()
	run := question()
	run.PartRows = DefaultPartRows
	m, err := tonight(onMem(d), run, 1)
	if err != nil {
		t.Fatal(err)
	}
	return d, m
}

func (d *memDisk) files() (names []string) {
	for _, name := range slices.Sorted(maps.Keys(d.names)) {
		if !d.names[name].dir && filepath.Base(name) != "lock" {
			names = append(names, name)
		}
	}
	return names
}

func TestVerifyFindsAFlippedByteAnywhere(t *testing.T) {
	d, _ := committed(t)
	if _, err := onMem(d).Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	names := d.files()
	if len(names) != 4 {
		t.Fatalf("a manifest, rejects, articles and one part should be there, not %v", names)
	}
	for _, name := range names {
		whole := d.names[name].data
		step := max(1, len(whole)/60)
		for at := 0; at < len(whole); at += step {
			flipped := slices.Clone(whole)
			flipped[at] ^= 1 << (at % 8)
			d.names[name].data = flipped
			if report, err := onMem(d.restart()).Verify(t.Context()); !errors.Is(err, ErrCorrupt) || len(report.Problems) == 0 {
				t.Errorf("%s: bit %d of byte %d: %v", filepath.Base(name), at%8, at, err)
			}
		}
		d.names[name].data = whole
	}
}

func TestVerifyNamesWhatIsWrongAndTheCure(t *testing.T) {
	tests := map[string]struct {
		spoil func(d *memDisk, m Manifest)
		what  string
	}{
		"a part is gone":        {func(d *memDisk, m Manifest) { delete(d.names, memTable+"/"+m.Parts[0].Path) }, "is gone"},
		"a part is cut":         {func(d *memDisk, m Manifest) { n := d.names[memTable+"/"+m.Parts[0].Path]; n.data = n.data[:99] }, "not as it was written"},
		"the articles are gone": {func(d *memDisk, m Manifest) { delete(d.names, onMem(d).articlesPath(m.RunID)) }, "is gone"},
		"the rejects are gone":  {func(d *memDisk, m Manifest) { delete(d.names, onMem(d).rejectsPath(m.RunID)) }, "is gone"},
		"the manifest is another's": {func(d *memDisk, m Manifest) {
			d.names[onMem(d).manifestPath("20260131-000000000000")] = d.names[onMem(d).manifestPath(m.RunID)]
		}, "is the manifest of run"},
		"a Parquet file lies about": {func(d *memDisk, m Manifest) { d.names[memTable+"/run_date=2026-01-31/mine.PARQUET"] = &inode{} }, "no manifest lists"},
		"a commit was cut short":    {func(d *memDisk, m Manifest) { d.names[onMem(d).stagingDir(m.RunID)] = &inode{dir: true} }, "cut short"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, m := committed(t)
			test.spoil(d, m)
			report, err := onMem(d.restart()).Verify(t.Context())
			if !errors.Is(err, ErrCorrupt) || !slices.ContainsFunc(report.Problems, func(f Finding) bool {
				return strings.Contains(f.What, test.what) && f.Cure != "" && strings.HasPrefix(f.Path, memTable)
			}) {
				t.Errorf("%v: %v", err, report.Problems)
			}
		})
	}
}

// A manifest can be sealed and its parts hashed, and still say what is not so: by an error of this program, or by a
// forger's hand. The rows themselves must bear it out.
func TestVerifyDoesNotTakeAManifestAtItsWord(t *testing.T) {
	one := func(l Labelled) []Labelled { return []Labelled{l} }
	tests := map[string]struct {
		articles []Labelled
		from     func(*provenance)
		forge    func(*Row)
		manifest func(*Manifest)
		what     string
	}{
		"rows in the wrong order":    {articles: []Labelled{labelled(article(4)), labelled(article(1))}, what: "does not come after"},
		"a row twice":                {articles: []Labelled{labelled(article(1)), labelled(article(1))}, what: "does not come after"},
		"rows of another run":        {articles: one(labelled(article(1))), from: func(p *provenance) { p.runID = "another" }, what: "not of this run"},
		"rows of another model":      {articles: one(labelled(article(1))), from: func(p *provenance) { p.modelSHA256 = "another" }, what: "not of this run"},
		"a label that is none":       {articles: one(labelled(article(1))), forge: func(r *Row) { r.Label = "so-so" }, what: "label"},
		"an id of another row":       {articles: one(labelled(article(1))), forge: func(r *Row) { r.RowID = r.RowID[1:] + "0" }, what: "does not follow"},
		"a text that was changed":    {articles: one(labelled(article(1))), forge: func(r *Row) { r.Paragraph += "!" }, what: "does not follow"},
		"fewer rows than it says":    {articles: one(labelled(article(1))), manifest: func(m *Manifest) { m.Parts[0].Rows++; m.Counts.Rows++ }, what: "the manifest says"},
		"other labels than it says":  {articles: one(labelled(article(1))), manifest: func(m *Manifest) { m.Parts[0].Labels = map[news.Label]int64{news.Pro: 1} }, what: "the manifest says"},
		"counts that do not add up":  {articles: one(labelled(article(1))), manifest: func(m *Manifest) { m.Counts.In++ }, what: "came in"},
		"parts that do not add up":   {articles: one(labelled(article(1))), manifest: func(m *Manifest) { m.Counts.Rows-- }, what: "its parts have"},
		"an article in two parts":    {articles: one(labelled(article(1))), manifest: func(m *Manifest) { m.Parts = append(m.Parts, m.Parts[0]) }, what: "two of its parts"},
		"fewer rejects than it says": {articles: one(labelled(article(1))), manifest: func(m *Manifest) { m.Rejects.Lines++ }, what: "lines"},
		"a file that is no table":    {articles: nil, what: "columns"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := newMemDisk()
			table := onMem(d)
			w, err := table.Begin(question(), 0, 1)
			if err != nil {
				t.Fatal(err)
			}
			w.Wants(0, article(1))
			if err := w.Append(0, labelled(article(1))); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Finish(1, nil); err != nil {
				t.Fatal(err)
			}
			m := mustCommit(t, table, w.RunID())

			// Forge the part, then the manifest that vouches for it.
			from := m.provenance()
			if test.from != nil {
				test.from(&from)
			}
			var b bytes.Buffer
			if test.articles == nil {
				b.Write(foreignParquet(t))
			} else if test.forge != nil {
				rows := slices.Collect(test.articles[0].all(from))
				test.forge(&rows[0])
				if err := parquet.Write(&b, rows); err != nil {
					t.Fatal(err)
				}
			} else if err := writePart(&b, test.articles, from); err != nil {
				t.Fatal(err)
			}
			d.names[table.visible(m.Parts[0].Path)].data = b.Bytes()
			m.Parts[0].Digest = Digest{Bytes: int64(b.Len()), SHA256: sumOf(b.Bytes())}
			if test.manifest != nil {
				test.manifest(&m)
			}
			if _, err := table.publishSealed(table.manifestPath(m.RunID), true, m); err != nil {
				t.Fatal(err)
			}
			report, err := table.Verify(t.Context())
			if !errors.Is(err, ErrCorrupt) || !slices.ContainsFunc(report.Problems, func(f Finding) bool { return strings.Contains(f.What, test.what) }) {
				t.Errorf("%v: %v", err, report.Problems)
			}
		})
	}
}

func TestVerifyFindsAnArticleThatTwoRunsHaveLabelled(t *testing.T) {
	d, m := committed(t)
	table := onMem(d)
	ks, err := table.articles(m)
	if err != nil {
		t.Fatal(err)
	}
	m.RunID, m.Parts, m.Counts, m.Rejects = "20260201-000000000000", nil, Counts{}, Lines{Digest: Digest{SHA256: sumOf(nil)}}
	if m.Articles, err = table.publishArticles(m.RunID, ks[:1]); err != nil {
		t.Fatal(err)
	}
	d.names[table.rejectsPath(m.RunID)] = &inode{}
	if _, err := table.publishSealed(table.manifestPath(m.RunID), true, m); err != nil {
		t.Fatal(err)
	}
	if report, err := table.Verify(t.Context()); !errors.Is(err, ErrCorrupt) || len(report.Problems) != 1 || !strings.Contains(report.Problems[0].What, "1 articles") {
		t.Errorf("%v: %v", err, report.Problems)
	}
}

func TestVerifyTellsLeftoversFromProblems(t *testing.T) {
	table := open(t)
	if _, err := tonight(table, question(), 1); err != nil {
		t.Fatal(err)
	}
	other := question()
	other.ModelSHA256 = sumOf([]byte("another"))
	if _, err := until(table, other, 2); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(table.runsDir(), "tmp-left"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	report, err := table.Verify(t.Context())
	if err != nil || len(report.Leftovers) != 2 || len(report.Problems) != 0 {
		t.Errorf("%v: %+v", err, report)
	}
}

func TestVerifyEndsWithItsContext(t *testing.T) {
	d, _ := committed(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := onMem(d).Verify(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	for _, err := range onMem(d).Rows(ctx) {
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

func TestATableThatIsNotThereIsSaidToBe(t *testing.T) {
	table, _ := Open(filepath.Join(t.TempDir(), "nowhere"))
	if _, err := table.Verify(t.Context()); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if _, err := os.Stat(table.Dir()); !os.IsNotExist(err) {
		t.Error("verify has created it")
	}
}

func TestNoRunBeginsOnADamagedTable(t *testing.T) {
	for _, which := range []func(*Table, string) string{(*Table).manifestPath, (*Table).articlesPath} {
		d, m := committed(t)
		d.names[which(onMem(d), m.RunID)].data[7] ^= 1
		next := question()
		next.Date = next.Date.AddDate(0, 0, 1)
		if _, err := onMem(d).Begin(next, 0, 1); !errors.Is(err, ErrCorrupt) {
			t.Error(err)
		}
	}
}

func TestATableOfALaterFormatIsLeftAlone(t *testing.T) {
	d, m := committed(t)
	table := onMem(d)
	m.Format++
	if _, err := table.publishSealed(table.manifestPath(m.RunID), true, m); err != nil {
		t.Fatal(err)
	}
	if _, err := table.Runs(); err == nil || errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "newer") {
		t.Error(err)
	}
}

func TestASealTellsEveryChangedByte(t *testing.T) {
	document := map[string]any{"a": 1, "b": []string{"x", "“y”\n"}}
	sealed, sum, err := seal(document)
	if err != nil {
		t.Fatal(err)
	}
	var back map[string]any
	if got, err := unseal(sealed, &back); err != nil || got != sum || back["sealed"] != sum || len(back) != 3 {
		t.Fatalf("%v: %v", err, back)
	}
	for at := range sealed {
		for bit := range 8 {
			changed := slices.Clone(sealed)
			changed[at] ^= 1 << bit
			if _, err := unseal(changed, &back); err == nil {
				t.Errorf("bit %d of byte %d changed unseen", bit, at)
			}
		}
		if _, err := unseal(sealed[:at], &back); err == nil {
			t.Errorf("cut at %d unseen", at)
		}
	}
}

func FuzzUnseal(f *testing.F) {
	sealed, _, err := seal(question().plan(2, ""))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var p Plan
		if _, err := unseal(b, &p); err != nil {
			return
		}
		if again, _, err := seal(p); err != nil || len(again) == 0 {
			t.Fatal(err)
		}
	})
}

func someJournal(tb testing.TB, entries int) []byte {
	d := newMemDisk()
	d.names["/data"] = &inode{dir: true}
	file, err := d.Create("/data/j")
	if err != nil {
		tb.Fatal(err)
	}
	j := &journal{file}
	err = j.frame([]byte("plan"))
	for i := range entries {
		k := keyOf(article(i))
		err = errors.Join(err, j.add(entry{Ordinal: int64(i), Key: k[:], Of: labelled(article(i))}))
	}
	if err != nil {
		tb.Fatal(err)
	}
	return d.names["/data/j"].data
}

func TestAJournalGivesBackAllUpToWhereItIsTorn(t *testing.T) {
	whole := someJournal(t, 3)
	ends := []int{}
	for n := range 4 {
		ends = append(ends, len(someJournal(t, n)))
	}
	for cut := range len(whole) + 1 {
		want := 0
		for n, end := range ends {
			if cut >= end {
				want = n
			}
		}
		if got := readJournal(whole[:cut], "plan"); len(got) != want {
			t.Fatalf("cut at %d of %d: %d entries, want %d", cut, len(whole), len(got), want)
		}
	}
	if got := readJournal(whole, "another plan"); got != nil {
		t.Errorf("%d entries of another run were taken over", len(got))
	}
	for at := ends[1]; at < ends[2]; at += 17 {
		flipped := slices.Clone(whole)
		flipped[at] ^= 4
		if got := readJournal(flipped, "plan"); len(got) != 1 {
			t.Errorf("byte %d flipped: %d entries, want the one before", at, len(got))
		}
	}
}

func FuzzReadJournal(f *testing.F) {
	f.Add(someJournal(f, 2))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, e := range readJournal(b, "plan") {
			if len(e.Key) != len(key{}) || e.Of.check() != nil {
				t.Fatal("an entry that cannot be stored")
			}
		}
	})
}
