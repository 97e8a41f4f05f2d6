package ingest

import (
	"bytes"
	"io"
)

// textPage reads a file that is one scraped page.
func (r *reader) textPage(s *source, give func(record) bool) { r.wholePage(s, textField, give) }

// htmlPage reads a file that is one HTML page.
func (r *reader) htmlPage(s *source, give func(record) bool) { r.wholePage(s, htmlField, give) }

func (r *reader) wholePage(s *source, as field, give func(record) bool) {
	raw, err := io.ReadAll(io.LimitReader(s, int64(r.MaxRecordBytes)+1))
	switch {
	case err != nil:
	case len(raw) > r.MaxRecordBytes:
		err = reject(TooLong, "the page is longer than %d bytes", r.MaxRecordBytes)
	case len(bytes.TrimSpace(raw)) == 0:
		err = reject(Empty, "the page is blank")
	}
	if err != nil {
		give(record{err: err})
		return
	}
	text, err := decodeText(raw)
	if err != nil {
		give(record{err: err})
		return
	}
	var f fields
	f.values[as], f.ranks[as] = text, 1
	give(record{fields: f})
}
