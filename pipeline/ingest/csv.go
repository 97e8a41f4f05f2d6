package ingest

import (
	"bytes"
	"io"
	"slices"
)

// csv reads rows under a header that names the fields, whatever of comma, semicolon, tab and bar separates them.
func (r *reader) csv(s *source, give func(record) bool) { r.table(s, 0, give) }

// tsv reads rows separated by tabs.
func (r *reader) tsv(s *source, give func(record) bool) { r.table(s, '\t', give) }

// table reads rows. A row that is too long, no text or of another width than the header costs that row alone; without a header
// that names the words of an article there is nothing to be read.
func (r *reader) table(s *source, delimiter byte, give func(record) bool) {
	if delimiter == 0 {
		head, _ := s.Peek(bufferBytes)
		line, _, _ := bytes.Cut(bytes.TrimLeft(head, "\r\n"), []byte("\n"))
		delimiter, _ = delimiterOf(line, r.schema)
	}
	rows := rowReader{source: s, delimiter: delimiter, max: r.MaxRecordBytes}
	var header []string
	for {
		offset, row, err := rows.next()
		if err == io.EOF {
			return
		}
		rec := record{offset: offset, err: err}
		switch {
		case err != nil && header == nil:
			give(rec)
			return
		case err != nil:
		case header == nil:
			var f fields
			for _, name := range row {
				header = append(header, string(name))
				r.schema.put(&f, string(name), "")
			}
			if f.hasBody() {
				continue
			}
			rec.err = reject(Schema, "the header has no column for the words of an article, such as %q or %q", "text", "html")
			give(rec)
			return
		case len(row) != len(header):
			rec.err = reject(Schema, "the row has %d cells under a header of %d", len(row), len(header))
		default:
			rec.fields, rec.err = r.rowFields(header, row)
		}
		if !give(rec) || rows.err != nil {
			return
		}
	}
}

func (r *reader) rowFields(header []string, row [][]byte) (f fields, err error) {
	for i, name := range header {
		if r.schema.match([]byte(name)).none() {
			continue
		}
		text, err := decodeText(row[i])
		if err != nil {
			return fields{}, err
		}
		r.schema.put(&f, name, text)
	}
	return f, nil
}

// delimiterOf chooses the separator under which the most names of a header are known to the schema.
func delimiterOf(header []byte, names *schema) (delimiter byte, known int) {
	delimiter = ','
	for _, candidate := range []byte(",;\t|") {
		n := 0
		for cell := range bytes.SplitSeq(header[:min(len(header), maxHeaderBytes)], []byte{candidate}) {
			if !names.match(bytes.Trim(cell, "\" \r\uFEFF")).none() {
				n++
			}
		}
		if n > known {
			delimiter, known = candidate, n
		}
	}
	return delimiter, known
}

const (
	maxHeaderBytes = 16 << 10 // that are looked at to find the separator
	maxCells       = 10_000   // in a row
)

// rowReader splits a file into rows and cells by RFC 4180: a cell may be quoted, and then holds separators, line ends and
// doubled quotes. A quote elsewhere stands for itself.
type rowReader struct {
	*source
	delimiter byte
	max       int   // bytes of one row
	err       error // the end of the file or what cut it short

	cells []byte // of the row, one after the other
	ends  []int
	row   [][]byte
}

// next returns the next row that is not blank, valid until the next call, and where it starts. A row longer than max is passed
// over without being held.
func (t *rowReader) next() (offset int64, row [][]byte, err error) {
	t.cells, t.ends, t.row = t.cells[:0], t.ends[:0], t.row[:0]
	for {
		b, ok := t.peek()
		if !ok {
			return t.pos, nil, t.err
		}
		if b != '\n' && b != '\r' {
			break
		}
		t.skip(1)
	}
	offset = t.pos
	for last := false; !last && t.err == nil; {
		last = t.cell()
	}
	if t.err != nil && t.err != io.EOF {
		return offset, nil, t.err
	}
	if int(t.pos-offset) > t.max {
		return offset, nil, reject(LineTooLong, "the row is longer than %d bytes", t.max)
	}
	if len(t.ends) > maxCells {
		return offset, nil, reject(Schema, "the row has more than %d cells", maxCells)
	}
	start := 0
	for _, end := range t.ends {
		t.row = append(t.row, t.cells[start:end])
		start = end
	}
	return offset, t.row, nil
}

// cell reads the next cell and reports whether it is the last of its row.
func (t *rowReader) cell() (last bool) {
	defer func() {
		if len(t.ends) <= maxCells {
			t.ends = append(t.ends, len(t.cells))
		}
	}()
	if b, ok := t.peek(); ok && b == '"' {
		t.skip(1)
		if !t.quoted() {
			return true
		}
	}
	return t.plain()
}

// plain reads up to the end of a cell.
func (t *rowReader) plain() (last bool) {
	start := len(t.cells)
	for {
		ahead, ok := t.ahead()
		if !ok {
			return true
		}
		n := slices.IndexFunc(ahead, func(b byte) bool { return b == t.delimiter || b == '\n' })
		if n < 0 {
			t.keep(ahead)
			continue
		}
		end := ahead[n]
		t.keep(ahead[:n])
		t.skip(1)
		if end == '\n' && len(t.cells) > start && t.cells[len(t.cells)-1] == '\r' {
			t.cells = t.cells[:len(t.cells)-1]
		}
		return end == '\n'
	}
}

// quoted reads up to the closing quote and reports whether there is one.
func (t *rowReader) quoted() (closed bool) {
	for {
		ahead, ok := t.ahead()
		if !ok {
			if t.err == io.EOF {
				t.err = reject(Truncated, "the file ends within a quoted cell")
			}
			return false
		}
		n := bytes.IndexByte(ahead, '"')
		if n < 0 {
			t.keep(ahead)
			continue
		}
		t.keep(ahead[:n])
		t.skip(1)
		switch b, ok := t.peek(); {
		case ok && b == '"':
			t.keep([]byte{b})
		case !ok || b == t.delimiter || b == '\n' || b == '\r':
			return true
		default:
			t.cells = append(t.cells, '"') // an unescaped quote in the middle of a cell
		}
	}
}

func (t *rowReader) peek() (b byte, ok bool) {
	ahead, ok := t.ahead()
	if !ok {
		return 0, false
	}
	return ahead[0], true
}

func (t *rowReader) ahead() (b []byte, ok bool) {
	if t.err == nil {
		_, t.err = t.Peek(1)
	}
	if t.err != nil {
		return nil, false
	}
	b, _ = t.Peek(t.Buffered())
	return b, true
}

// keep consumes bytes and adds them to the cell, unless the row is too long already.
func (t *rowReader) keep(b []byte) {
	if len(t.cells)+len(b) <= t.max {
		t.cells = append(t.cells, b...)
	}
	t.skip(len(b))
}
