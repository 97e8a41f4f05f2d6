package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
)

// maxHolders is how many objects may be opened in search of the array of articles: {"response": {"docs": [...]}} takes two.
const maxHolders = 4

// jsonDocument reads an array of articles, an article, or an object that holds arrays of articles somewhere, and any number of
// these one after the other, without ever holding much more than MaxRecordBytes. What is no article but sound JSON costs that
// record alone; where the brackets themselves are wrong, the rest of the file is lost.
func (r *reader) jsonDocument(s *source, give func(record) bool) {
	d := &jsonDocument{reader: r, source: s, give: give}
	for d.err == nil {
		switch b := d.next(); {
		case d.err != nil:
		case b == '[':
			d.array()
		case b == '{':
			if self, held := d.object(); !held {
				d.emit(self)
			}
		case b == ',':
			s.skip(1)
		default:
			d.emit(d.element())
		}
	}
	if d.err == io.ErrUnexpectedEOF {
		d.err = reject(Truncated, "the JSON ends in the middle")
	}
	if d.err != io.EOF && d.err != errStop {
		give(record{offset: d.start, err: d.err})
	}
}

// errStop ends the reading because nobody wants more.
var errStop = errors.New("stop")

// jsonDocument is a scan over a document. The first error ends it.
type jsonDocument struct {
	*reader
	*source
	give  func(record) bool
	start int64 // where the value that is being read begins
	depth int   // of the objects opened in search of articles
	err   error
	one   capped // the value at hand
	again *again // what the source reads from once something was put back
}

// next peeks at the next byte that is no space. The end is io.EOF between records and io.ErrUnexpectedEOF within.
func (d *jsonDocument) next() byte {
	for d.err == nil {
		if _, err := d.Peek(1); err != nil {
			d.err = err
			break
		}
		ahead, _ := d.Peek(d.Buffered())
		for i, b := range ahead {
			if b != ' ' && b != '\n' && b != '\t' && b != '\r' {
				d.skip(i)
				return b
			}
		}
		d.skip(len(ahead))
	}
	return 0
}

// inside is next where the document must go on.
func (d *jsonDocument) inside() byte {
	b := d.next()
	if d.err == io.EOF {
		d.err = io.ErrUnexpectedEOF
	}
	return b
}

// array yields each element of an array as a record.
func (d *jsonDocument) array() {
	d.start = d.pos
	d.skip(1)
	d.elements()
}

// elements yields what is left of an array.
func (d *jsonDocument) elements() {
	for d.err == nil {
		switch b := d.inside(); {
		case d.err != nil:
		case b == ']':
			d.skip(1)
			return
		case b == ',':
			d.skip(1)
		default:
			d.emit(d.element())
		}
	}
}

// element reads the next value as a record.
func (d *jsonDocument) element() record {
	d.start = d.pos
	d.one.reset(d.MaxRecordBytes)
	d.value(&d.one)
	rec := record{offset: d.start}
	if d.one.over {
		rec.err = d.tooLong()
	} else if d.err == nil {
		rec.fields, rec.err = d.jsonFields(d.one.bytes)
	}
	return rec
}

func (d *jsonDocument) tooLong() error {
	return reject(LineTooLong, "the JSON value is longer than %d bytes", d.MaxRecordBytes)
}

func (d *jsonDocument) emit(rec record) {
	if d.err != nil {
		return
	}
	if !d.give(rec) {
		d.err = errStop
	}
	d.start = d.pos
}

// object reads an object and yields the articles of all arrays in it, unless it is an article itself: what such a one holds before
// or behind its body, as its comments or what it links to, is none of ours. Where nothing is yielded, self is the object as a record.
func (d *jsonDocument) object() (self record, held bool) {
	self.offset = d.pos
	raw, whole, err := d.lookAhead()
	in := d
	if whole {
		if self.fields, self.err = d.jsonFields(raw); self.err == nil && (self.fields.hasBody() || bytes.IndexByte(raw, '[') < 0) {
			return self, false
		}
		within := &source{Reader: bufio.NewReaderSize(bytes.NewReader(raw), min(len(raw), bufferBytes)), pos: self.offset}
		in = &jsonDocument{reader: d.reader, source: within, give: d.give, depth: d.depth}
	} else {
		d.putBack(raw, err)
		self.err = d.tooLong()
	}
	held, body := in.members()
	if whole {
		d.err, d.start = in.err, in.start
	}
	if held && body { // what was yielded belonged to an article after all, which must not go uncounted
		d.emit(self)
	}
	return self, held
}

// members reads an object and yields the articles of the arrays in it, until a body shows that the object is itself an article.
func (d *jsonDocument) members() (held, body bool) {
	d.start = d.pos
	d.skip(1)
	for d.err == nil {
		b := d.inside()
		switch {
		case d.err != nil:
			return held, body
		case b == '}':
			d.skip(1)
			return held, body
		case b == ',':
			d.skip(1)
			continue
		case b != '"':
			d.err = reject(Syntax, "the JSON has %q where the name of a field belongs", b)
			return held, body
		}
		d.one.reset(d.MaxRecordBytes)
		d.value(&d.one)
		known := d.schema.match(bytes.Trim(d.one.bytes, `"`))
		body = body || known.isBody()
		if b = d.inside(); d.err == nil && b != ':' {
			d.err = reject(Syntax, "the JSON has %q where a colon belongs", b)
		}
		if d.err != nil {
			return held, body
		}
		d.skip(1)
		b = d.inside()
		switch search := known.none() && !body; {
		case search && b == '[':
			held = d.articles() || held
		case search && b == '{' && d.depth < maxHolders:
			d.depth++
			_, inner := d.object()
			held = inner || held
			d.depth--
		default:
			d.value(&capped{})
		}
	}
	return held, body
}

// articles yields the elements of an array if the first is an article, and otherwise passes over it.
func (d *jsonDocument) articles() (held bool) {
	d.skip(1)
	if d.inside() == '{' {
		if rec := d.element(); rec.err != nil || rec.fields.hasBody() {
			d.emit(rec)
			d.elements()
			return true
		}
	}
	for d.err == nil {
		switch b := d.inside(); {
		case d.err != nil:
		case b == ']':
			d.skip(1)
			return false
		case b == ',':
			d.skip(1)
		default:
			d.value(&capped{})
		}
	}
	return false
}

// lookAhead reads a value of at most MaxRecordBytes. Of a longer one, or one that err cuts short, it reads a part.
func (d *jsonDocument) lookAhead() (raw []byte, whole bool, err error) {
	var scan jsonScan
	for !whole {
		if _, err = d.Peek(1); err != nil {
			return raw, false, err
		}
		ahead, _ := d.Peek(d.Buffered())
		var n int
		if n, whole = scan.feed(ahead); len(raw)+n > d.MaxRecordBytes {
			return raw, false, nil
		}
		raw = append(raw, ahead[:n]...)
		d.skip(n)
	}
	return raw, true, nil
}

// putBack has what was read, and the error behind it, if any, read again.
func (d *jsonDocument) putBack(raw []byte, err error) {
	d.pos -= int64(len(raw))
	if d.again == nil {
		d.again = &again{rest: d.Reader}
		d.Reader = bufio.NewReaderSize(d.again, bufferBytes)
	} else {
		ahead, _ := d.Peek(d.Buffered())
		raw = slices.Concat(raw, ahead, d.again.head)
	}
	d.again.head = raw
	if err != nil {
		d.again.err = err
	}
	d.Reader.Reset(d.again)
}

// again reads what was put back, and then the rest.
type again struct {
	head []byte
	err  error // what ended the rest already
	rest io.Reader
}

func (a *again) Read(p []byte) (n int, err error) {
	switch {
	case len(a.head) > 0:
		n = copy(p, a.head)
		a.head = a.head[n:]
		return n, nil
	case a.err != nil:
		return 0, a.err
	}
	return a.rest.Read(p)
}

// value reads one value into c.
func (d *jsonDocument) value(c *capped) {
	var scan jsonScan
	for done := false; !done && d.err == nil; {
		if _, err := d.Peek(1); err != nil {
			if d.err = err; err == io.EOF && scan.complete() {
				d.err = nil // a bare number at the end of the file
			} else if err == io.EOF {
				d.err = io.ErrUnexpectedEOF
			}
			return
		}
		ahead, _ := d.Peek(d.Buffered())
		var n int
		n, done = scan.feed(ahead)
		d.keep(c, n)
	}
	if scan.broken {
		d.err = reject(Syntax, "the JSON has a bracket where a value belongs")
	}
}

// keep consumes n bytes that were peeked at and adds them to c.
func (d *jsonDocument) keep(c *capped, n int) {
	ahead, _ := d.Peek(n)
	c.add(ahead)
	d.skip(n)
}

// capped collects bytes up to a limit and forgets them all beyond it.
type capped struct {
	bytes []byte
	max   int
	over  bool
}

func (c *capped) reset(max int) { c.bytes, c.max, c.over = c.bytes[:0], max, false }

func (c *capped) add(b []byte) {
	if c.over = c.over || len(c.bytes)+len(b) > c.max; c.over {
		c.bytes = c.bytes[:0]
		return
	}
	c.bytes = append(c.bytes, b...)
}
