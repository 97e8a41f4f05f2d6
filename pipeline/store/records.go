package store

import (
	"fmt"
	"io"
	"io/fs"

	"github.com/parquet-go/parquet-go"
)

// Records reads the rows of any Parquet file, by any writer, as maps from column name to value.
//
// NULL is nil; groups and maps are map[string]any; lists, in each of the ways in which writers have stored them, are
// []any; dates and timestamps are time.Time in UTC, times of day time.Duration; integers are int64, or uint64 where they
// do not fit; decimals are int64 or *big.Int without a fraction and float64 with one; text, and bytes that are valid
// UTF-8, are string, other bytes []byte.
//
// Whatever is wrong with the file is an error, never a panic, and never takes memory out of proportion to the file.
type Records struct {
	file    *parquet.File
	size    int64
	maxPage int32 // maxPageBytes
	in      io.ReaderAt
	columns []column
	values  [][]parquet.Value  // of the row at hand, by leaf column
	groups  []parquet.RowGroup // not opened yet
	rows    parquet.Rows       // of the row group at hand
	buffer  []parquet.Row
	next    []parquet.Row // read and not given out yet
	end     error
}

// recordsAtOnce is small because a row of a crawl may hold a whole page.
const recordsAtOnce = 16

// OpenRecords opens a Parquet file of size bytes.
func OpenRecords(in io.ReaderAt, size int64) (*Records, error) {
	r := &Records{in: in, size: size, maxPage: maxPageBytes, buffer: make([]parquet.Row, recordsAtOnce)}
	err := guard(func() (err error) {
		if err := checkFooter(in, size); err != nil {
			return err
		}
		if r.file, err = parquet.OpenFile(in, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true)); err != nil {
			return err
		}
		r.groups = r.file.RowGroups()
		for _, c := range r.file.Root().Columns() {
			r.columns = append(r.columns, newColumn(c))
		}
		r.values = make([][]parquet.Value, leaves(r.file.Root()))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("open Parquet file: %w", err)
	}
	return r, nil
}

// Next returns the next row, and io.EOF after the last one. After any error it returns the same error again.
func (r *Records) Next() (map[string]any, error) {
	if len(r.next) == 0 && r.end == nil {
		r.end = guard(r.fill)
	}
	if len(r.next) == 0 {
		return nil, r.end
	}
	record := make(map[string]any, len(r.columns))
	err := guard(func() error {
		r.split(r.next[0])
		for _, c := range r.columns {
			record[c.name] = c.value(r.values)
		}
		return nil
	})
	r.next = r.next[1:]
	if err != nil {
		r.next, r.end = nil, fmt.Errorf("read Parquet row: %w", err)
		return nil, r.end
	}
	return record, nil
}

// split puts the values of a row into one slice per leaf column.
func (r *Records) split(row parquet.Row) {
	clear(r.values)
	row.Range(func(leaf int, values []parquet.Value) bool {
		r.values[leaf] = values
		return true
	})
}

// fill reads some rows. It returns an error, io.EOF included, only together with the last of them. A row group is closed
// once nothing more comes out of it, and not with its last rows, since these lie in its memory.
func (r *Records) fill() error {
	for {
		if r.rows == nil {
			if len(r.groups) == 0 {
				return io.EOF
			}
			if err := r.checkPages(len(r.file.RowGroups()) - len(r.groups)); err != nil {
				return fmt.Errorf("read Parquet file: %w", err)
			}
			r.rows, r.groups = r.groups[0].Rows(), r.groups[1:]
		}
		n, err := r.rows.ReadRows(r.buffer)
		r.next = r.buffer[:n]
		if err != nil && err != io.EOF {
			return fmt.Errorf("read Parquet file: %w", err)
		}
		if n > 0 {
			return nil
		}
		if err := r.rows.Close(); err != nil {
			return fmt.Errorf("close Parquet row group: %w", err)
		}
		r.rows = nil
	}
}

// Close lets go of what the reader holds; the file itself is the caller's.
func (r *Records) Close() error {
	rows := r.rows
	r.rows, r.groups, r.next, r.end = nil, nil, nil, fs.ErrClosed
	if rows == nil {
		return nil
	}
	return guard(rows.Close)
}
