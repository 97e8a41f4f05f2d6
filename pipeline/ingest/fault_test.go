package ingest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A fault of the machine must be an error that says what failed, after which nothing more is read: as a reject it would end up in
// a run that is done.

// readUntil reads until an error, and returns what was yielded before it.
func readUntil(t *testing.T, c Config, inputs []Input) (before []Item, err error) {
	t.Helper()
	for item, err := range Read(t.Context(), c, inputs) {
		if err != nil {
			if item.Left == nil || item.Left.File != inputs[0].Path {
				t.Errorf("the item beside the error is %+v", item)
			}
			return before, err
		}
		before = append(before, item)
	}
	return before, nil
}

func TestAReadingThatFailsAfterTheFileWasHashedIsAnError(t *testing.T) {
	noise := hexNoise(300_000)
	for name, data := range map[string]string{
		"jsonl":       soundLine("a") + "\n" + soundLine("b"),
		"json":        "[" + soundLine("a") + ", " + soundLine("b"),
		"object":      "{\"docs\":\n[" + soundLine("a") + ", " + soundLine("b"),
		"csv":         "id,text\na,\"" + text(sentences...) + "\"\nb,\"",
		"text":        text(sentences...),
		"html":        "<html><p>" + text(sentences...),
		"parquet":     parquetMagic + "[",
		"utf16":       utf16LE(soundLine("a") + "\n" + soundLine("b")),
		"gzip":        packGzip(soundLine("a") + "\n" + noise)[:60_000],
		"gzip header": packGzip("x")[:5],
		"zstd":        packZstd(soundLine("a") + "\n" + noise)[:140_000],
		"zstd header": packZstd("x")[:5],
		"parquet.gz":  packGzip(parquetMagic + noise)[:60_000],
		"nothing":     "",
	} {
		c := Config{Stdin: io.MultiReader(strings.NewReader(data), &failing{}), OpenParquet: openFakeParquet}
		before, err := readUntil(t, c, []Input{{Path: stdinPath, SHA256: "of what was spooled"}})
		if !errors.Is(err, syscall.EIO) || !strings.Contains(err.Error(), `read input "-"`) {
			t.Errorf("%s: got error %v", name, err)
		}
		for _, item := range before {
			if item.Article == nil {
				t.Errorf("%s: before it, %q", name, brief([]Item{item}))
			}
		}
	}
}

func TestAFileThatCannotBeOpenedForNowIsAnError(t *testing.T) {
	folder := write(t, map[string]string{"a.jsonl": soundLine("a"), "b.jsonl": soundLine("b")})
	c := Config{Inputs: []string{folder}}
	inputs, err := List(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	var before []Item
	within(t, syscall.RLIMIT_NOFILE, 0, func() { before, err = readUntil(t, c, inputs) })
	if !errors.Is(err, syscall.EMFILE) || !strings.Contains(err.Error(), filepath.Join(folder, "a.jsonl")) || len(before) != 0 {
		t.Errorf("got error %v after %q", err, brief(before))
	}
	if again, err := readUntil(t, c, inputs); err != nil || len(again) != 2 || again[0].Article == nil {
		t.Errorf("tried again: got %q and error %v", brief(again), err)
	}
}

func TestATemporaryFileThatCannotBeUsedIsAnError(t *testing.T) {
	folder := write(t, map[string]string{"a.parquet.gz": packGzip(fakeParquet(map[string]any{"text": text(sentences...), "note": hexNoise(10_000)}))})
	c := Config{Inputs: []string{folder}, OpenParquet: openFakeParquet}
	inputs, err := List(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	check := func(want error) {
		t.Helper()
		if !errors.Is(err, want) || !strings.Contains(err.Error(), "a.parquet.gz") || !strings.Contains(err.Error(), "TMPDIR") {
			t.Errorf("got error %v, want %v", err, want)
		}
	}
	signal.Ignore(syscall.SIGXFSZ) // which ends a program that does not expect the error
	defer signal.Reset(syscall.SIGXFSZ)
	within(t, syscall.RLIMIT_FSIZE, 4096, func() { _, err = readUntil(t, c, inputs) })
	check(syscall.EFBIG)
	t.Setenv("TMPDIR", filepath.Join(folder, "nowhere"))
	_, err = readUntil(t, c, inputs)
	check(fs.ErrNotExist)
	t.Setenv("TMPDIR", folder)
	if again, err := readUntil(t, c, inputs); err != nil || len(again) != 1 || again[0].Article == nil {
		t.Errorf("tried again: got %q and error %v", brief(again), err)
	}
}

func TestAParquetFileThatLeadsFarBeyondItsEndIsAReject(t *testing.T) {
	astray := func(r io.ReaderAt, size int64) (Records, error) {
		_, err := r.ReadAt(make([]byte, 8), math.MaxInt64-2)
		return nil, fmt.Errorf("read page: %w", err)
	}
	folder := write(t, map[string]string{"a.parquet": fakeParquet()})
	got := brief(read(t, Config{Inputs: []string{folder}, OpenParquet: astray}, folder))
	if len(got) != 1 || got[0] != "a.parquet rejected corrupt@0" {
		t.Errorf("got %q", got)
	}
}

func TestAParquetFileWhoseReadingFailsIsAnError(t *testing.T) {
	for _, test := range []struct {
		name       string
		open, next error
		want       error
	}{
		{"its end", &fs.PathError{Op: "read", Path: "a.parquet", Err: syscall.ESTALE}, nil, syscall.ESTALE},
		{"its rows", nil, fmt.Errorf("read page: %w", os.NewSyscallError("pread", syscall.EIO)), syscall.EIO},
		{"what it holds", nil, errors.New("its pages contradict each other"), nil},
	} {
		folder := write(t, map[string]string{"a.parquet": fakeParquet(map[string]any{"text": text(sentences...)})})
		c := Config{Inputs: []string{folder}, OpenParquet: func(io.ReaderAt, int64) (Records, error) { return failingRecords{test.next}, test.open }}
		inputs, err := List(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if items, err := readUntil(t, c, inputs); !errors.Is(err, test.want) || err == nil && (len(items) != 1 || items[0].Left.Reason != Corrupt) {
			t.Errorf("%s: got error %v after %q", test.name, err, brief(items))
		}
	}
}

type failingRecords struct{ err error }

func (f failingRecords) Next() (map[string]any, error) { return nil, f.err }

func (f failingRecords) Close() error { return nil }

// within runs f while the system grants this process only so much of a resource.
func within(t *testing.T, resource int, most uint64, f func()) {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(resource, &limit); err != nil {
		t.Skip(err)
	}
	if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: most, Max: limit.Max}); err != nil {
		t.Skip(err)
	}
	defer syscall.Setrlimit(resource, &limit)
	f()
}
