package ingest

import (
	"bytes"
	"io"
)

// textPage reads a file that is one scraped page.
func (r *reader) textPage(s *source, yield func(record) bool) { r.wholePage(s, textField, yield) }

// htmlPage reads a file that is one HTML page.
func (r *reader) htmlPage(s *source, yield func(record) bool) { r.wholePage(s, htmlField, yield) }

func (r *reader) wholePage(s *source, as field, yield func(record) bool) {
	raw, err := io.ReadAll(io.LimitReader(s, int64(r.MaxRecordBytes)+1))
	switch {
	case err != nil:
	case len(raw) > r.MaxRecordBytes:
		err = reject(TooLong, "the page is longer than %d bytes", r.MaxRecordBytes)
	case len(bytes.TrimSpace(raw)) == 0:
		err = reject(Empty, "the page is blank")
	}
	if err != nil {
		yield(record{err: err})
		return
	}
	text, err := decodeText(raw)
	if err != nil {
		yield(record{err: err})
		return
	}
	var f fields
	f.values[as], f.ranks[as] = text, 1
	yield(record{fields: f})
}
