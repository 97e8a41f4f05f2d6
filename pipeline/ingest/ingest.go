// Package ingest turns a night's files into articles.
//
// In come files, folders, globs and standard input: scraped pages (.txt), HTML, JSON, JSON lines, CSV and Parquet with the
// usual crawl fields, each plain, gzipped or in zstd. Out comes, for every record in a fixed order, either an article that is
// clean (English, chrome removed, kinds set, valid UTF-8 in NFC, an id of its own, duplicates marked) or the reason why there
// is none.
//
// What is promised: no input stops the reading and nothing vanishes uncounted; memory does not grow with the size of a file,
// however hostile, and only by up to 1 KB per article, for ids and duplicates; the same inputs give the same items. A fault of
// the machine is an error, so that the same reading can be tried again.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"stance/pipeline/news"
)

// Config says what to read and how much of it is believable.
type Config struct {
	Inputs      []string          // files, folders (read recursively), globs ("**" crosses folders), "-" for standard input
	Stdin       io.Reader         // what "-" reads
	Map         map[string]string // our field -> its name in the records, such as "text": "body_html"; a dot enters an object
	OpenParquet func(r io.ReaderAt, size int64) (Records, error)
	Skip        string // a folder that is passed over wherever it is reached: the table's own; may be missing or empty

	MaxRecordBytes  int   // a line, row, JSON element or page; 16 MiB where zero
	MaxArticleRunes int   // all paragraphs of an article together; 1,000,000 where zero
	MaxExpansion    int   // bytes out per byte in of a compressed file, once half of MaxRecordBytes are out; 200 where zero
	MaxSpoolBytes   int64 // a Parquet file that must be unpacked to a temporary file before it can be read; 8 GiB where zero
}

// Records are the rows of an open Parquet file. Values are strings, numbers, booleans, time.Time, []any and map[string]any.
type Records interface {
	Next() (map[string]any, error) // io.EOF after the last
	Close() error
}

// Item is what became of one record: exactly one of the two is set.
type Item struct {
	Article *news.Article
	Left    *Left
}

// Left is a record, or the rest of a file, that will not be labelled.
type Left struct {
	Outcome   string // Skipped or Rejected
	Reason    string // one of the codes in flaw.go
	Detail    string // the cause in one sentence
	File      string
	Offset    int64 // where the record starts, in bytes of the decompressed file; in Parquet the number of its row
	ArticleID string
}

// What becomes of a record that is not labelled.
const (
	Skipped  = "skipped"  // sound, but not for us
	Rejected = "rejected" // broken
)

var errNoName = errors.New("it names nothing: drop it, or write . for the current folder")

// Validate reports the first setting that cannot work.
func (c Config) Validate() error {
	if len(c.Inputs) == 0 {
		return errors.New("inputs are empty: name a file, a folder, a glob or -")
	}
	if i := slices.Index(c.Inputs, ""); i >= 0 {
		return fmt.Errorf("input %d of %d is %q: %w", i+1, len(c.Inputs), "", errNoName)
	}
	if slices.Contains(c.Inputs, stdinPath) && c.Stdin == nil {
		return errors.New(`input "-": there is no standard input to read`)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Map)) {
		if !slices.Contains(fieldNames[:], name) {
			return fmt.Errorf("map %q: no such field; choose from %s", name, strings.Join(fieldNames[:], ", "))
		}
		if normalName(c.Map[name]) == "" {
			return fmt.Errorf("map %q to %q: name the field of the records", name, c.Map[name])
		}
	}
	for _, limit := range []struct {
		name  string
		value int64
	}{
		{"max record bytes", int64(c.MaxRecordBytes)},
		{"max article runes", int64(c.MaxArticleRunes)},
		{"max expansion", int64(c.MaxExpansion)},
		{"max spool bytes", c.MaxSpoolBytes},
	} {
		if limit.value < 0 {
			return fmt.Errorf("%s is %d: set a positive number, or 0 for the default", limit.name, limit.value)
		}
	}
	return nil
}

func (c Config) withDefaults() Config {
	if c.MaxRecordBytes == 0 {
		c.MaxRecordBytes = 16 << 20
	}
	if c.MaxArticleRunes == 0 {
		c.MaxArticleRunes = 1_000_000
	}
	if c.MaxExpansion == 0 {
		c.MaxExpansion = 200
	}
	if c.MaxSpoolBytes == 0 {
		c.MaxSpoolBytes = 8 << 30
	}
	return c
}

// maxBadInARow is after how many records that are not in the format of their file, and none that is, the rest of the file is
// given up. It bounds what such a file can do to the disk: a reject takes a hundred times the room of a line of one letter.
const maxBadInARow = 10_000

// Read yields what became of every record of the inputs that List returned, in the order of the inputs. It ends early when
// ctx is done, and with an error at a fault of the machine: the item beside it tells where, and what became of that file is not
// known. Each time it is ranged over it starts afresh (standard input, of course, can be read only once).
func Read(ctx context.Context, c Config, inputs []Input) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		r := newReader(ctx, c)
		for _, in := range inputs {
			bad := 0
			for rec := range r.records(in) {
				item := r.item(in, rec)
				if bad++; item.Left == nil || !notTheFormat(item.Left.Reason) {
					bad = 0
				}
				if bad > maxBadInARow {
					item = left(in, rec, nil, reject(GivenUp, "from offset %d on nothing was read: the %d records before it were all broken, and so is the one there (%s)",
						rec.offset, maxBadInARow, item.Left.Reason))
				}
				var err error
				if errors.As(rec.err, new(*fault)) {
					err = fmt.Errorf("read input %q: %w", in.Path, rec.err)
				}
				if ctx.Err() != nil || !yield(item, err) || err != nil {
					return
				}
				if bad > maxBadInARow {
					break
				}
			}
			if ctx.Err() != nil {
				return
			}
		}
	}
}

// reader is one pass over the inputs: the settings and what has to be remembered from one article to the next.
type reader struct {
	Config
	ctx        context.Context
	schema     *schema
	named      map[string]bool // inputs that were named one by one and so are meant, whatever their suffix
	ids        idSet
	duplicates *duplicates
}

func newReader(ctx context.Context, c Config) *reader {
	r := &reader{
		Config:     c.withDefaults(),
		ctx:        ctx,
		schema:     newSchema(c.Map),
		named:      map[string]bool{},
		ids:        idSet{},
		duplicates: newDuplicates(),
	}
	for _, in := range c.Inputs {
		r.named[filepath.Clean(in)] = true
	}
	return r
}

// record is one article as its file holds it.
type record struct {
	offset int64
	fields fields
	err    error // why it, or the rest of the file, cannot be read; there are no fields then
}

// records yields the records of one file. Whatever happens, it yields at least one.
func (r *reader) records(in Input) iter.Seq[record] {
	return func(yield func(record) bool) {
		var last record
		found, more, reading := false, true, true
		give := func(rec record) bool {
			last, found, reading = rec, true, false
			more = more && yield(rec)
			reading = true
			return more
		}
		defer func() {
			if cause := recover(); cause != nil {
				if !reading {
					panic(cause) // not ours: the caller's loop
				}
				give(record{offset: last.offset, err: reject(Failed, "reading the file failed: %v", cause)})
			}
		}()
		if err := r.read(in, give); err != nil {
			give(record{err: err})
		} else if !found {
			give(record{err: skip(Empty, "the file is sound but holds no article")})
		}
	}
}

// read gives the records of one file, or says why it cannot begin to.
func (r *reader) read(in Input, give func(record) bool) error {
	suffix := suffixOf(in.Path)
	if in.Path != stdinPath && in.SHA256 != "" && !hasFormat(suffix) {
		return r.unknown(in.Path, suffix)
	}
	src, err := r.open(in)
	if err != nil {
		return err
	}
	defer src.Close()
	if in.Path == stdinPath {
		suffix = sniff(src, r.schema)
	}
	if head, _ := src.Peek(256); suffix != ".parquet" && isNoise(head) {
		return reject(Binary, "its first bytes are not text")
	}
	r.format(src, suffix)(src, give)
	if src.trailing > 0 {
		give(record{offset: src.pos, err: reject(Corrupt, "the compressed data is complete, but %d bytes follow that are none and were not read", src.trailing)})
	}
	return nil
}

// item takes a record the rest of the way: to an article in English that knows its id and whether it is a duplicate.
func (r *reader) item(in Input, rec record) (item Item) {
	var a *news.Article
	defer func() {
		if cause := recover(); cause != nil { // one page that nobody has foreseen must not end the night
			item = left(in, rec, a, reject(Failed, "reading it failed: %v", cause))
		}
	}()
	if rec.err != nil {
		return left(in, rec, nil, rec.err)
	}
	a = &news.Article{File: in.Path, Offset: rec.offset}
	if err := r.fill(a, rec.fields); err != nil {
		return left(in, rec, a, err)
	}
	if err := setLanguage(a); err != nil {
		return left(in, rec, a, err)
	}
	a.ID = r.ids.claim(a.ID)
	a.DuplicateOf = r.duplicates.add(a)
	return Item{Article: a}
}

func left(in Input, rec record, a *news.Article, err error) Item {
	f := flawOf(err)
	l := &Left{Outcome: f.outcome, Reason: f.reason, Detail: f.detail, File: in.Path, Offset: rec.offset}
	if a != nil {
		l.ArticleID = a.ID
	}
	return Item{Left: l}
}
