package ingest

import (
	"bufio"
	"bytes"
	"io"
)

// jsonLines reads one article per line. A line that cannot be read costs that line alone.
func (r *reader) jsonLines(s *source, give func(record) bool) {
	for {
		offset := s.pos
		line, tooLarge, err := s.line(r.MaxRecordBytes)
		if err == io.EOF {
			return
		}
		if err != nil {
			give(record{offset: offset, err: err})
			return
		}
		if tooLarge {
			if !give(record{offset: offset, err: reject(LineTooLong, "the line is longer than %d bytes", r.MaxRecordBytes)}) {
				return
			}
			continue
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if !r.jsonLine(line, offset, give) {
			return
		}
	}
}

// jsonLine reads the line as an article or, where it is none but may hold some, as a document of its own.
func (r *reader) jsonLine(line []byte, offset int64, give func(record) bool) (more bool) {
	if line[0] != '[' {
		f, err := r.jsonFields(line)
		if err != nil || f.hasBody() || bytes.IndexByte(line, '[') < 0 {
			return give(record{offset: offset, fields: f, err: err})
		}
	}
	more = true
	r.jsonDocument(&source{Reader: bufio.NewReader(bytes.NewReader(line)), pos: offset}, func(rec record) bool {
		more = more && give(rec)
		return more
	})
	return more
}
