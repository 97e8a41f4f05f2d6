package ingest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
)

const parquetMagic = "PAR1"

// parquet reads the rows of a Parquet file. Since that is read from its end, one that is compressed or comes by standard input
// is unpacked to a temporary file first.
func (r *reader) parquet(s *source, give func(record) bool) {
	if r.OpenParquet == nil {
		give(record{err: reject(UnknownFormat, "nothing here reads Parquet")})
		return
	}
	file, size := s.file, s.size
	if s.packed || file == nil {
		spool, n, err := r.spool(s)
		if err != nil {
			give(record{err: err})
			return
		}
		defer spool.Close()
		file, size = spool, n
	} else if _, err := io.Copy(io.Discard, s); err != nil { // so that its hash is compared before a row is believed
		give(record{err: err})
		return
	}
	rows, err := r.OpenParquet(io.NewSectionReader(file, 0, size), size) // an absurd offset in it is then no error of the system
	if err != nil {
		give(record{err: faultOr(Corrupt, "it is no Parquet file that can be read", err)})
		return
	}
	defer rows.Close()
	for n := int64(0); ; n++ {
		row, err := rows.Next()
		rec := record{offset: n}
		switch {
		case errors.Is(err, io.EOF):
			return
		case err != nil:
			rec.err = faultOr(Corrupt, "reading its rows stopped", err)
		default:
			for _, name := range slices.Sorted(maps.Keys(row)) {
				r.schema.put(&rec.fields, name, row[name])
			}
			if longest := rec.fields.longest(); longest > r.MaxRecordBytes {
				rec = record{offset: n, err: reject(TooLong, "the row has a text of %d bytes; %d are the most", longest, r.MaxRecordBytes)}
			}
		}
		if !give(rec) || err != nil {
			return
		}
	}
}

// spool unpacks to a temporary file that has no name any more and so cannot be left behind. What is wrong with that file is a fault
// of the machine.
func (r *reader) spool(s *source) (file *os.File, size int64, err error) {
	file, err = os.CreateTemp("", "stance-*.parquet")
	if err == nil {
		err = os.Remove(file.Name())
	}
	if err == nil {
		size, err = io.Copy(file, io.LimitReader(s, r.MaxSpoolBytes+1))
	}
	if err == nil && size > r.MaxSpoolBytes {
		err = reject(Bomb, "it unpacks to more than %d bytes", r.MaxSpoolBytes)
	}
	if err == nil {
		return file, size, nil
	}
	file.Close()
	if errors.As(err, new(*fs.PathError)) && !errors.As(err, new(*fault)) {
		err = &fault{fmt.Errorf("unpack it to a temporary file first (TMPDIR says where): %w", err)}
	}
	return nil, 0, err
}
