package ingest

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
)

const parquetMagic = "PAR1"

// parquet reads the rows of a Parquet file. Since that is read from its end, one that is compressed or comes by standard input
// is unpacked to a temporary file first.
func (r *reader) parquet(s *source, yield func(record) bool) {
	if r.OpenParquet == nil {
		yield(record{err: reject(UnknownFormat, "nothing here reads Parquet")})
		return
	}
	file, size := s.file, s.size
	if s.packed || file == nil {
		spool, n, err := r.spool(s)
		if err != nil {
			yield(record{err: err})
			return
		}
		defer spool.Close()
		file, size = spool, n
	} else if _, err := io.Copy(io.Discard, s); err != nil { // so that its hash is compared before a row is believed
		yield(record{err: err})
		return
	}
	rows, err := openParquet(r, file, size)
	if err != nil {
		yield(record{err: err})
		return
	}
	defer rows.Close()
	for n := int64(0); ; n++ {
		row, err := nextRow(rows)
		if err == io.EOF {
			return
		}
		rec := record{offset: n, err: err}
		if err == nil {
			for _, name := range slices.Sorted(maps.Keys(row)) {
				r.schema.put(&rec.fields, name, row[name])
			}
		}
		if !yield(rec) || err != nil {
			return
		}
	}
}

// spool unpacks to a temporary file that has no name any more and so cannot be left behind.
func (r *reader) spool(s *source) (file *os.File, size int64, err error) {
	file, err = os.CreateTemp("", "stance-*.parquet")
	if err != nil {
		return nil, 0, reject(Unreadable, "it must be unpacked to a temporary file first: %v", err)
	}
	err = os.Remove(file.Name())
	if err == nil {
		size, err = io.Copy(file, io.LimitReader(s, r.MaxSpoolBytes+1))
	}
	if err == nil && size > r.MaxSpoolBytes {
		err = reject(Bomb, "it unpacks to more than %d bytes", r.MaxSpoolBytes)
	}
	if err != nil {
		file.Close()
		return nil, 0, err
	}
	return file, size, nil
}

// openParquet and nextRow turn a panic into an error: a columnar file that was tampered with contradicts itself in more ways than
// its readers check.
func openParquet(r *reader, file io.ReaderAt, size int64) (rows Records, err error) {
	defer recovered(&err)
	rows, err = r.OpenParquet(file, size)
	if err != nil {
		return nil, reject(Corrupt, "it is no Parquet file that can be read: %v", err)
	}
	return rows, nil
}

func nextRow(rows Records) (row map[string]any, err error) {
	defer recovered(&err)
	row, err = rows.Next()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, reject(Corrupt, "reading its rows stopped: %v", err)
	}
	return row, err
}

func recovered(err *error) {
	if cause := recover(); cause != nil {
		*err = reject(Corrupt, "its reader failed: %v", fmt.Sprint(cause))
	}
}
