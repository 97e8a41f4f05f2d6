package ingest

import (
	"bytes"
	"errors"
	"io"
)

// maxHolders is how many objects may be opened in search of the array of articles: {"response": {"docs": [...]}} takes two.
const maxHolders = 4

// jsonDocument reads an array of articles, an article, or an object that holds an array of articles somewhere, and any number of
// these one after the other, without ever holding more than one article. What is no article but sound JSON costs that record
// alone; where the brackets themselves are wrong, the rest of the file is lost.
func (r *reader) jsonDocument(s *source, give func(record) bool) {
	d := &jsonDocument{reader: r, source: s, give: give}
	for d.err == nil {
		switch b := d.next(); {
		case d.err != nil:
		case b == '[':
			d.array()
		case b == '{':
			d.object()
		case b == ',':
			s.skip(1)
		default:
			d.element()
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
	depth int   // of objects opened in search of articles
	err   error
	one   capped // the element at hand
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
	for d.err == nil {
		switch b := d.inside(); {
		case d.err != nil:
		case b == ']':
			d.skip(1)
			return
		case b == ',':
			d.skip(1)
		default:
			d.element()
		}
	}
}

// element yields the next value as a record.
func (d *jsonDocument) element() {
	d.start = d.pos
	d.one.reset(d.MaxRecordBytes)
	d.value(&d.one)
	d.emit(&d.one)
}

func (d *jsonDocument) emit(c *capped) {
	if d.err != nil {
		return
	}
	rec := record{offset: d.start}
	if c.over {
		rec.err = reject(LineTooLong, "the JSON value is longer than %d bytes", c.max)
	} else {
		rec.fields, rec.err = d.jsonFields(c.bytes)
	}
	if !d.give(rec) {
		d.err = errStop
	}
	d.start = d.pos
}

// object yields the articles of the array that an object holds or, where it holds none, the object itself.
func (d *jsonDocument) object() {
	whole := &capped{max: d.MaxRecordBytes}
	start := d.pos
	if held := d.members(whole); !held {
		d.start = start
		d.emit(whole)
	}
}

// members reads an object, keeps its bytes in whole, and yields the articles of the first array of articles in it.
func (d *jsonDocument) members(whole *capped) (held bool) {
	d.start = d.pos
	body := false // an article may hold arrays of others, such as those it links to; they are none of ours
	d.keep(whole, 1)
	for d.err == nil {
		b := d.inside()
		switch {
		case d.err != nil:
			return held
		case b == '}':
			d.keep(whole, 1)
			return held
		case b == ',':
			d.keep(whole, 1)
			continue
		case b != '"':
			d.err = reject(Syntax, "the JSON has %q where the name of a field belongs", b)
			return held
		}
		name := capped{max: d.MaxRecordBytes}
		d.value(&name)
		whole.add(name.bytes)
		if b = d.inside(); d.err == nil && b != ':' {
			d.err = reject(Syntax, "the JSON has %q where a colon belongs", b)
		}
		if d.err != nil {
			return held
		}
		d.keep(whole, 1)
		known := d.schema.match(bytes.Trim(name.bytes, `"`))
		body = body || known.isBody()
		b = d.inside()
		switch search := known.none() && !body && !held; {
		case search && b == '[':
			held = d.articles(whole)
		case search && b == '{' && d.depth < maxHolders:
			d.depth++
			held = d.members(whole)
			d.depth--
		default:
			d.value(whole)
		}
	}
	return held
}

// articles yields the elements of an array if the first is an article, and otherwise keeps the array.
func (d *jsonDocument) articles(whole *capped) (held bool) {
	d.keep(whole, 1)
	if b := d.inside(); b == '{' {
		start := d.pos
		d.one.reset(d.MaxRecordBytes)
		d.value(&d.one)
		if f, err := d.jsonFields(d.one.bytes); d.one.over || err != nil || f.hasBody() {
			d.start = start
			d.emit(&d.one)
			held = true
		} else {
			whole.add(d.one.bytes)
		}
	}
	for d.err == nil {
		switch b := d.inside(); {
		case d.err != nil:
		case b == ']':
			d.keep(whole, 1)
			return held
		case b == ',':
			d.keep(whole, 1)
		case held:
			d.element()
		default:
			d.value(whole)
		}
	}
	return held
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
