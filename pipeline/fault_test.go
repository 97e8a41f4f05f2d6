package pipeline

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A part of the table is a Parquet file like any other, and the real reader must pass on what the disk says.
func TestAFaultOfTheDiskIsNotLostInTheParquetReader(t *testing.T) {
	c := testConfig(t, t.TempDir(), writeNight(t, 3))
	mustRun(t, c)
	part, _ := filepath.Glob(filepath.Join(c.Out, "run_date=*", "*.parquet"))
	data, err := os.ReadFile(part[0])
	if err != nil {
		t.Fatal(err)
	}
	reads := 0
	for ; ; reads++ {
		disk := &failingDisk{Reader: bytes.NewReader(data), after: reads}
		if err := readRecords(disk, int64(len(data))); err == nil {
			break
		} else if !errors.Is(err, syscall.EIO) {
			t.Errorf("read %d fails: got error %v", reads, err)
		}
	}
	if reads < 3 {
		t.Errorf("the file was read in %d pieces, so nothing was tested", reads)
	}
}

func readRecords(r io.ReaderAt, size int64) error {
	records, err := OpenParquet(r, size)
	if err != nil {
		return err
	}
	defer records.Close()
	for err == nil {
		_, err = records.Next()
	}
	if err == io.EOF {
		return nil
	}
	return err
}

// failingDisk fails from the read after so many on.
type failingDisk struct {
	*bytes.Reader
	after int
}

func (f *failingDisk) ReadAt(p []byte, at int64) (int, error) {
	if f.after--; f.after < 0 {
		return 0, &fs.PathError{Op: "read", Path: "day.parquet", Err: syscall.EIO}
	}
	return f.Reader.ReadAt(p, at)
}

func TestAFaultOfTheMachineFailsTheRunAndTheNextOneGoesOn(t *testing.T) {
	night := writeNight(t, 6)
	a, err := os.ReadFile(filepath.Join(night, "a.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(night, "b.parquet.gz"), a, 0o644); err != nil { // what is in it matters only once it is unpacked
		t.Fatal(err)
	}
	c := testConfig(t, t.TempDir(), night)
	c.PartRows = 20
	t.Setenv("TMPDIR", filepath.Join(night, "nowhere"))
	dry := c
	dry.DryRun = true
	if _, err := Run(t.Context(), dry); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a dry run: got error %v", err)
	}
	show := c
	show.Inputs = []string{filepath.Join(night, "b.parquet.gz")}
	if _, _, err := Show(t.Context(), show); !errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrNoArticle) {
		t.Errorf("show: got error %v", err)
	}
	if _, err := Run(t.Context(), c); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("got error %v", err)
	}
	if got := rows(t, c.Out); len(got) != 0 {
		t.Errorf("%d rows of the run can be seen", len(got))
	}
	t.Setenv("TMPDIR", "")
	if s := mustRun(t, c); s.Already || s.Labelled+s.Duplicates < 6 || s.Rejected != 4 {
		t.Errorf("tried again: %+v", s)
	}
	sound(t, c.Out)
}
