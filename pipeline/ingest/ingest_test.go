package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// sentences are the body of an invented article, long enough for its language to be told.
var sentences = []string{
	"The minister said on Monday that the government was ready to send engineers to the west of the country once a truce holds.",
	"“We will not wait for others,” she told reporters in the capital, adding that parliament would have the last word on the plan.",
	"Officials in the neighbouring country called the announcement premature and said that nobody had asked for their consent.",
	"A spokesman for the alliance declined to comment, but two diplomats said that the planning had been under way since the spring.",
}

// paragraph is an invented paragraph that shares no run of five words with another number's.
func paragraph(n int) string {
	words := strings.Fields("Officials from the northern region said the delayed harbour bridge would open again before winter because engineers had found money for stronger steel")
	for i := range words {
		if i%3 == 2 {
			words[i] = fmt.Sprintf("%s%c%c", words[i], 'a'+(n+i)%26, 'a'+(n/26+i)%26)
		}
	}
	return strings.Join(words, " ") + fmt.Sprintf(" by day %d.", n)
}

func text(paragraphs ...string) string { return strings.Join(paragraphs, "\n\n") }

// asJSON is a JSON record.
func asJSON(fields map[string]any) string {
	b, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// soundLine is a record that becomes an article with the given id.
func soundLine(id string) string {
	return asJSON(map[string]any{"id": id, "text": text(id+" "+sentences[0], sentences[1], sentences[2])})
}

func packGzip(data string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, data)
	w.Close()
	return b.String()
}

func packZstd(data string) string {
	w, _ := zstd.NewWriter(nil)
	return string(w.EncodeAll([]byte(data), nil))
}

// fakeParquet is a stand-in for the real reader: rows as JSON between two magic words. "panic" in it makes it panic.
func fakeParquet(rows ...map[string]any) string {
	b, _ := json.Marshal(rows)
	return parquetMagic + string(b) + parquetMagic
}

type fakeRecords struct {
	rows []map[string]any
}

func (f *fakeRecords) Next() (map[string]any, error) {
	if len(f.rows) == 0 {
		return nil, io.EOF
	}
	row := f.rows[0]
	f.rows = f.rows[1:]
	if _, broken := row["panic"]; broken {
		panic("index out of range")
	}
	return row, nil
}

func (f *fakeRecords) Close() error { return nil }

func openFakeParquet(r io.ReaderAt, size int64) (Records, error) {
	b := make([]byte, size)
	if _, err := r.ReadAt(b, 0); err != nil && err != io.EOF {
		return nil, err
	}
	if !bytes.HasPrefix(b, []byte(parquetMagic)) || !bytes.HasSuffix(b, []byte(parquetMagic)) {
		return nil, errors.New("no magic at its end")
	}
	var f fakeRecords
	err := json.Unmarshal(b[4:len(b)-4], &f.rows)
	return &f, err
}

// write puts files, by name, into a new folder.
func write(t testing.TB, files map[string]string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	for name, data := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// read lists and reads, and makes file names relative to the folder.
func read(t testing.TB, c Config, folder string) (items []Item) {
	t.Helper()
	if c.OpenParquet == nil {
		c.OpenParquet = openFakeParquet
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	inputs, err := List(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	for item := range Read(t.Context(), c, inputs) {
		items = append(items, relative(item, folder))
	}
	return items
}

func relative(item Item, folder string) Item {
	if item.Left != nil {
		item.Left.File = strings.TrimPrefix(strings.TrimPrefix(item.Left.File, folder), "/")
	} else {
		item.Article.File = strings.TrimPrefix(strings.TrimPrefix(item.Article.File, folder), "/")
	}
	return item
}

func readFolder(t testing.TB, files map[string]string) []Item {
	t.Helper()
	folder := write(t, files)
	return read(t, Config{Inputs: []string{folder}}, folder)
}

// brief says what became of each record: the id of an article, or outcome, reason and offset.
func brief(items []Item) (lines []string) {
	for _, item := range items {
		if l := item.Left; l != nil {
			lines = append(lines, fmt.Sprintf("%s %s %s@%d", l.File, l.Outcome, l.Reason, l.Offset))
		} else {
			lines = append(lines, item.Article.File+" article "+item.Article.ID)
		}
	}
	return lines
}

func TestReadIsAFunctionOfItsInputs(t *testing.T) {
	files := map[string]string{}
	for i := range 20 {
		files[fmt.Sprintf("%02d.jsonl.gz", i)] = packGzip(soundLine(fmt.Sprint("id", i%7)) + "\nnonsense\n" + soundLine("other"))
	}
	folder := write(t, files)
	c := Config{Inputs: []string{folder}}
	first := read(t, c, folder)
	if diff := cmp.Diff(first, read(t, c, folder)); diff != "" {
		t.Errorf("a second run differs:\n%s", diff)
	}
	seen := map[string]bool{}
	for _, item := range first {
		if a := item.Article; a != nil {
			if seen[a.ID] {
				t.Errorf("id %q was given out twice", a.ID)
			}
			seen[a.ID] = true
		}
	}
	if len(seen) != 40 {
		t.Errorf("%d articles, want 40", len(seen))
	}
}

func TestReadStopsWhenItIsToldTo(t *testing.T) {
	folder := write(t, map[string]string{"a.jsonl": strings.Repeat(soundLine("a")+"\n", 50), "b.json": "[" + strings.Repeat(soundLine("b")+",", 50) + soundLine("b") + "]"})
	c := Config{Inputs: []string{folder}}
	inputs, err := List(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	for _, stopAfter := range []int{1, 49, 50, 51, 70} {
		n := 0
		for range Read(t.Context(), c, inputs) {
			if n++; n == stopAfter {
				break
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		m := 0
		for item := range Read(ctx, c, inputs) {
			if item.Left != nil {
				t.Errorf("the end of ctx became a reject: %+v", item.Left)
			}
			if m++; m == stopAfter {
				cancel()
			}
		}
		cancel()
		if n != stopAfter || m != stopAfter {
			t.Errorf("read %d and %d items, want to stop after %d", n, m, stopAfter)
		}
	}
}

func TestAFileMayBeLongerThanItsRecords(t *testing.T) {
	var records []string
	rows := "id,text\n"
	for i := range 100 {
		records = append(records, soundLine(fmt.Sprint("r", i)))
		rows += fmt.Sprintf("r%d,\"r%d %s\"\n", i, i, text(sentences[:3]...))
	}
	for name, content := range map[string]string{
		"lines.jsonl": strings.Join(records, "\n"),
		"array.json":  "[" + strings.Join(records, ",\n") + "]",
		"holder.json": `{"total": 100, "response": {"docs": [` + strings.Join(records, ",") + `], "next": "` + strings.Repeat("x", 5000) + `"}}`,
		"rows.csv":    rows,
	} {
		folder := write(t, map[string]string{name: content})
		items := read(t, Config{Inputs: []string{folder}, MaxRecordBytes: 1000}, folder)
		for i, item := range items {
			if item.Article == nil || item.Article.ID != fmt.Sprint("r", i) {
				t.Fatalf("%s: item %d is %q", name, i, brief(items[i:i+1]))
			}
			if item.Article.Offset == 0 && i > 0 || !strings.HasPrefix(content[item.Article.Offset:], records[i]) && !strings.HasPrefix(content[item.Article.Offset:], fmt.Sprintf("r%d,", i)) {
				t.Fatalf("%s: record %d does not begin at %d", name, i, item.Article.Offset)
			}
		}
		if len(items) != 100 {
			t.Errorf("%s: %d items, want 100", name, len(items))
		}
	}
}

func TestAFileInAnotherLanguageIsReadToItsEnd(t *testing.T) {
	items := readFolder(t, map[string]string{"a.jsonl": strings.Repeat(`{"language": "de", "paragraphs": [{"kind": "body", "text": "Nein."}]}`+"\n", maxBadInARow+1) + soundLine("a")})
	if last := items[len(items)-1]; len(items) != maxBadInARow+2 || last.Article == nil {
		t.Errorf("%d items", len(items))
	}
}

func TestParquetIsSpooledOnlySoFar(t *testing.T) {
	folder := write(t, map[string]string{"a.parquet.gz": packGzip(fakeParquet(map[string]any{"text": text(sentences...)}))})
	got := brief(read(t, Config{Inputs: []string{folder}, MaxSpoolBytes: 100}, folder))
	if len(got) != 1 || got[0] != "a.parquet.gz rejected bomb@0" {
		t.Errorf("got %q", got)
	}
}

func TestAPanicOfTheCallerIsTheCallers(t *testing.T) {
	folder := write(t, map[string]string{"a.jsonl": soundLine("a")})
	c := Config{Inputs: []string{folder}}
	inputs, err := List(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if cause := recover(); cause != "mine" {
			t.Errorf("recovered %v", cause)
		}
	}()
	for range Read(t.Context(), c, inputs) {
		panic("mine")
	}
}

func TestMemoryDoesNotGrowWithAHostileLine(t *testing.T) {
	if testing.Short() {
		t.Skip("reads a gigabyte")
	}
	huge := map[string]int64{"jsonl": 1 << 30, "json": 100 << 20, "csv": 100 << 20}
	for name, around := range map[string][3]string{
		"jsonl": {soundLine("before") + "\n" + `{"text": "`, `"}` + "\n", soundLine("after") + "\n" + soundLine("last") + "\n"},
		"json":  {"[" + soundLine("before") + `, {"text": "`, `"},`, soundLine("after") + "," + soundLine("last") + "]"},
		"csv":   {"id,text\nbefore,\"" + text(sentences...) + "\"\nhuge,\"", "\"\n", "after,\"" + text(sentences...) + "\"\nlast,\"" + text(sentences...) + "\"\n"},
	} {
		in := io.MultiReader(strings.NewReader(around[0]), io.LimitReader(endless(strings.Repeat("x", 4<<10)), huge[name]), strings.NewReader(around[1]), strings.NewReader(around[2]))
		var items []Item
		allocated := allocatedBy(func() {
			for item := range Read(t.Context(), Config{Stdin: in}, []Input{{Path: stdinPath}}) {
				items = append(items, item)
			}
		})
		want := []string{"- article before", fmt.Sprintf("- rejected line-too-long@%d", itemOffset(name, around[0])), "- article after", "- article last"}
		if diff := cmp.Diff(want, brief(items)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
		if allocated > 200<<20 {
			t.Errorf("%s: allocated %d MiB on the way", name, allocated>>20)
		}
	}
}

func itemOffset(format, before string) int {
	if format == "csv" {
		return strings.LastIndex(before, "huge")
	}
	return strings.LastIndex(before, `{"text`)
}

type endless string

func (e endless) Read(p []byte) (int, error) {
	return copy(p, e), nil
}
