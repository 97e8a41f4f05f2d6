// Package interop_test reads tables with other people's readers of Parquet: arrow-go, and DuckDB and Polars where they are
// installed. It stands apart from package store so that only its own tests wait for arrow-go to compile.
package interop_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"

	"stance/pipeline/news"
	"stance/pipeline/store"
)

// The same table must mean the same in every engine. Each reads a table of several parts, and says what it saw as a
// list of rows by column; what it should have seen is made from the rows that were written.

// seen is a row as any engine sees it, with timestamps in microseconds.
type seen map[string]any

func wantSeen(tb testing.TB, rows []store.Row) (want []seen) {
	for _, row := range rows {
		b, err := json.Marshal(row)
		if err != nil {
			tb.Fatal(err)
		}
		s := decodeSeen(tb, b)
		s["labelled_at"] = float64(row.LabelledAt.UnixMicro())
		if row.PublishedAt != nil {
			s["published_at"] = float64(row.PublishedAt.UnixMicro())
		}
		want = append(want, s)
	}
	return want
}

// decodeSeen rounds fractions to what a float32 holds, since engines print them with as many digits as they please.
func decodeSeen(tb testing.TB, b []byte) (s seen) {
	if err := json.Unmarshal(b, &s); err != nil {
		tb.Fatalf("%v in %s", err, b)
	}
	for _, name := range []string{"p_pro", "p_anti", "p_neutral", "margin"} {
		s[name] = float64(float32(s[name].(float64)))
	}
	return s
}

// exchangeTable is a table of several parts with everything in it that readers have stumbled over.
func exchangeTable(t *testing.T) (*store.Table, []store.Row) {
	table, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w, err := table.Begin(store.Run{
		Date: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC), Begun: time.Date(2026, 1, 31, 23, 59, 59, 999_999_000, time.UTC),
		ModelID: "spans-1", ModelSHA256: "m", ActorsSHA256: "a", Version: "0.1.0", PartRows: 12,
	}, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	const articles = 10
	for i := range int64(articles) {
		l := labelled(int(i))
		if !w.Wants(i, l.Article) {
			t.Fatalf("article %d is not wanted", i)
		}
		if err := w.Append(i, l); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Finish(articles, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := table.Commit(t.Context(), w.RunID()); err != nil {
		t.Fatal(err)
	}
	var rows []store.Row
	for row, err := range table.Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if len(rows) != 4*articles {
		t.Fatalf("%d rows", len(rows))
	}
	return table, rows
}

// labelled is an article with some columns unknown, times before 1970 and after, quotes, bad bytes, emoji, and rows with
// two mentions, one and none.
func labelled(i int) store.Labelled {
	a := &news.Article{
		ID: fmt.Sprintf("article-%d", i), Source: []string{"", "a.example"}[i%2], Title: "“Titel” \xff 🕊 \"' " + strings.Repeat("é", i),
		Paragraphs: []news.Paragraph{
			{Index: 0, Kind: news.Headline, Text: "Öland says no"},
			{Index: 1, Kind: news.Body, Text: fmt.Sprintf("%d🕊 Öland and France, said Öland.", i)},
		},
	}
	if i%3 > 0 {
		a.URL, a.Byline, a.Language, a.DuplicateOf = "https://example.org/?a=1&b=2", "A. N. Other", "en", "article-0"
		a.Published = time.Date(1969+i, 12, 31, 23, 59, 59, 123_456_789, time.FixedZone("", 3600))
	}
	oland, france := news.Actor{ID: "oland", Name: "Öland", Kind: news.State}, news.Actor{ID: "france", Name: "France", Kind: news.State, Principal: "oland"}
	mention := func(start int, text string) news.Mention {
		return news.Mention{Start: start, End: start + utf8.RuneCountInString(text), Text: text, How: news.ByName}
	}
	stance := func(label int, p float32) (s news.Stance) {
		s = news.Stance{Label: news.Labels[label], P: [3]float32{(1 - p) / 2, (1 - p) / 2, (1 - p) / 2}, Margin: p - (1-p)/2, Abstained: p < 0.5, Truncated: i == 3}
		s.P[label] = p
		return s
	}
	return store.Labelled{
		Article: a,
		Subjects: [][]news.Subject{
			{{Actor: oland, Mentions: []news.Mention{mention(0, "Öland")}}},
			{{Actor: oland, Mentions: []news.Mention{mention(3, "Öland"), mention(26, "Öland")}}, {Actor: france, Mentions: []news.Mention{mention(13, "France")}}, {Actor: news.TheAuthor}},
		},
		Stances: [][]news.Stance{{stance(1, 0.9)}, {stance(i%3, 0.4), stance(0, 1), stance(2, 0.7)}},
	}
}

func parts(t *testing.T, table *store.Table) []string {
	names, err := filepath.Glob(filepath.Join(table.Dir(), "run_date=*", "*.parquet"))
	if err != nil || len(names) < 2 {
		t.Fatalf("parts %v, %v", names, err)
	}
	return names
}

func TestArrowSeesTheRowsThatWereWritten(t *testing.T) {
	table, rows := exchangeTable(t)
	var got []seen
	for _, name := range parts(t, table) {
		f, err := file.OpenParquetFile(name, false)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		r, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
		if err != nil {
			t.Fatal(err)
		}
		records, err := r.ReadTable(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer records.Release()
		if typ := records.Schema().Field(16).Type; typ.ID() != arrow.LIST || typ.(*arrow.ListType).Elem().ID() != arrow.STRUCT {
			t.Errorf("mentions are %s", typ)
		}
		batches := array.NewTableReader(records, 0)
		defer batches.Release()
		for batches.Next() {
			got = append(got, arrowRows(t, batches.RecordBatch())...)
		}
	}
	if diff := cmp.Diff(wantSeen(t, rows), got); diff != "" {
		t.Errorf("rows (-written +seen):\n%s", diff)
	}
}

func arrowRows(tb testing.TB, batch arrow.RecordBatch) (rows []seen) {
	for i := range int(batch.NumRows()) {
		object := make(map[string]any)
		for c, field := range batch.Schema().Fields() {
			object[field.Name] = batch.Column(c).GetOneForMarshal(i)
			if times, ok := batch.Column(c).(*array.Timestamp); ok && times.IsValid(i) {
				object[field.Name] = int64(times.Value(i))
				if unit := field.Type.(*arrow.TimestampType); unit.Unit != arrow.Microsecond || unit.TimeZone != "UTC" {
					tb.Errorf("%s is a %s", field.Name, unit)
				}
			}
		}
		b, err := json.Marshal(object)
		if err != nil {
			tb.Fatal(err)
		}
		rows = append(rows, decodeSeen(tb, b))
	}
	return rows
}

func TestDuckDBAndPolarsSeeTheRowsThatWereWritten(t *testing.T) {
	engines := enginesDir(t)
	table, rows := exchangeTable(t)
	want := wantSeen(t, rows)
	for _, engine := range []string{"duckdb", "polars"} {
		t.Run(engine, func(t *testing.T) {
			got := ask(t, engines, engine, "true", parts(t, table))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("rows (-written +seen):\n%s", diff)
			}
		})
	}
	t.Run("duckdb finds every row by its id, its article and its actor", func(t *testing.T) {
		for column, value := range map[string]string{
			"row_id": rows[len(rows)/2].RowID, "article_id": rows[len(rows)/3].ArticleID, "actor_id": "author", "label": "anti",
		} {
			n := len(slices.DeleteFunc(slices.Clone(want), func(s seen) bool { return s[column] != value }))
			got := ask(t, engines, "duckdb", column+" = '"+value+"'", parts(t, table))
			if len(got) != n {
				t.Errorf("%s = %s: %d rows, want %d", column, value, len(got), n)
			}
		}
	})
}

func ask(t *testing.T, engines, engine, where string, files []string) (rows []seen) {
	t.Helper()
	cmd := exec.Command("node", append([]string{filepath.Join("testdata", "engines.mjs"), engines, engine, where}, files...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		rows = append(rows, decodeSeen(t, lines.Bytes()))
	}
	return rows
}

// enginesDir is where `make engines` puts DuckDB and Polars. Without them the test is skipped, unless
// STANCE_TEST_ENGINES=required says that they must be there.
func enginesDir(t *testing.T) string {
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		if _, statErr := os.Stat(filepath.Join(dir, "go.mod")); statErr == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	engines := filepath.Join(dir, ".cache", "engines")
	_, err = os.Stat(filepath.Join(engines, "node_modules", "nodejs-polars"))
	if err == nil {
		_, err = exec.LookPath("node")
	}
	switch {
	case err == nil:
		return engines
	case os.Getenv("STANCE_TEST_ENGINES") == "required":
		t.Fatalf("the engines are required and not here: %v", err)
	}
	t.Skip(strings.ToUpper("not compared with DuckDB and Polars: ") + "run `make engines` first: " + err.Error())
	return ""
}
