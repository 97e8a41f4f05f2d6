package actor

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"stance/pipeline/news"
)

// maxFaults is how many faults one error tells: enough for a morning's edits, not so many that the first scrolls away.
const maxFaults = 20

// loader reads tables and collects what is wrong with them.
type loader struct {
	ids    map[string]origin
	names  map[string]named // by naming and folded text
	faults []error
	common map[string]class
}

// origin is where a row stands, written as editors and compilers do.
type origin struct {
	file string
	line int
}

func (o origin) String() string { return fmt.Sprintf("%s:%d", o.file, o.line) }

type named struct {
	origin
	actor string
}

type row struct {
	origin
	columns []string
	cells   map[string]string // trimmed
}

func (l *loader) fault(at origin, format string, args ...any) {
	l.faults = append(l.faults, fmt.Errorf("%s: "+format, append([]any{at}, args...)...))
}

func (l *loader) err() error {
	faults := l.faults
	if len(faults) > maxFaults {
		more := fmt.Errorf("and %d more", len(faults)-maxFaults)
		faults = append(slices.Clone(faults[:maxFaults]), more)
	}
	return errors.Join(faults...)
}

// read returns the rows of a table with the columns in any order. A byte-order mark at its start is passed over, since
// spreadsheets write one.
func (l *loader) read(fsys fs.FS, file string, columns ...string) []row {
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		l.faults = append(l.faults, fmt.Errorf("read actors: %w", err))
		return nil
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !l.clean(file, data) {
		return nil
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comment = '#'
	r.FieldsPerRecord = -1 // counted here, with a message that names the column
	var header []string
	var rows []row
	for {
		record, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			at := origin{file, 1}
			var syntax *csv.ParseError
			if errors.As(err, &syntax) {
				at.line, err = syntax.Line, syntax.Err
			}
			l.fault(at, "%w: put a cell that holds a comma or a quotation mark in quotation marks, and double those within it", err)
			return rows
		}
		line, _ := r.FieldPos(0)
		at := origin{file, line}
		switch {
		case header == nil:
			if header = record; !l.header(at, header, columns) {
				return nil
			}
		case len(record) != len(header):
			l.fault(at, "%d cells instead of %d: %s", len(record), len(header), strings.Join(header, ","))
		default:
			rows = append(rows, row{at, columns, cells(header, record)})
		}
	}
	if header == nil {
		l.fault(origin{file, 1}, "no header: the first line must be %s", strings.Join(columns, ","))
	}
	return rows
}

func cells(header, record []string) map[string]string {
	m := make(map[string]string, len(header))
	for i, column := range header {
		m[strings.TrimSpace(column)] = strings.TrimSpace(record[i])
	}
	return m
}

// clean reports whether data is text without stray marks.
func (l *loader) clean(file string, data []byte) bool {
	ok := true
	for i, line := range bytes.Split(data, []byte("\n")) {
		at := origin{file, i + 1}
		switch {
		case !utf8.Valid(line):
			l.fault(at, "not UTF-8: save the file as UTF-8")
		case bytes.Contains(line, []byte("\ufeff")):
			l.fault(at, "a byte-order mark (U+FEFF) within the text: remove it")
		case bytes.ContainsRune(line, 0):
			l.fault(at, "a zero byte: save the file as UTF-8")
		default:
			continue
		}
		ok = false
	}
	return ok
}

func (l *loader) header(at origin, header, columns []string) bool {
	before := len(l.faults)
	seen := map[string]bool{}
	for _, column := range header {
		column = strings.TrimSpace(column)
		switch {
		case !slices.Contains(columns, column):
			l.fault(at, "unknown column %q: the columns are %s", column, strings.Join(columns, ","))
		case seen[column]:
			l.fault(at, "column %q stands twice", column)
		}
		seen[column] = true
	}
	for _, column := range columns {
		if !seen[column] {
			l.fault(at, "column %q is missing", column)
		}
	}
	return len(l.faults) == before
}

var slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// declare takes note of an id.
func (l *loader) declare(at origin, id string) {
	first, twice := l.ids[id]
	switch {
	case id == "":
		l.fault(at, "id is empty")
	case !slug.MatchString(id):
		l.fault(at, "id %q is no slug: write it as %q", id, Slug(id))
	case id == news.TheAuthor.ID:
		l.fault(at, "id %q is kept for the article's own voice", id)
	case twice:
		l.fault(at, "id %q stands already in %s", id, first)
	default:
		l.ids[id] = at
	}
}

// claim takes note of a name and reports whether it is a new one for the actor.
func (l *loader) claim(at origin, actor, text string, n naming) bool {
	if text == "" {
		return false
	}
	words := split(text)
	if len(words) == 0 {
		l.fault(at, "alias %q has no letter", text)
		return false
	}
	var key strings.Builder
	fmt.Fprint(&key, n)
	lowered := true
	for _, w := range words {
		key.WriteString(" " + w.key)
		if w.shape == upper { // "US" and "us" are different names
			key.WriteString("!")
		}
		lowered = lowered && w.shape == lower
	}
	if _, word := l.common[words[0].key]; word && lowered && len(words) == 1 && n != people {
		l.fault(at, "alias %q is a common English word: write it with a capital or leave it out", text)
		return false
	}
	owner, taken := l.names[key.String()]
	if taken {
		if owner.actor != actor && n != shared {
			l.fault(at, "alias %q also names %q (%s)", text, owner.actor, owner.origin)
			return false
		}
		return true // capitalised in another way, or twice, which does no harm
	}
	l.names[key.String()] = named{at, actor}
	return true
}

// items splits a cell at its separators.
func items(cell string) []string {
	if cell == "" {
		return nil
	}
	list := strings.Split(cell, "|")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}

func (r row) list(l *loader, column string) []string {
	list := items(r.cells[column])
	for _, item := range list {
		if item == "" || item == "@" || item == "~" {
			l.fault(r.origin, "%s: a stray separator in %q", column, r.cells[column])
			return nil
		}
	}
	return list
}

func (r row) date(l *loader, column string) (time.Time, bool) {
	cell := r.cells[column]
	if cell == "" {
		return time.Time{}, true
	}
	t, err := time.Parse(time.DateOnly, cell)
	if err != nil {
		l.fault(r.origin, "%s %q: give a day such as 2025-05-06", column, cell)
		return time.Time{}, false
	}
	return t, true
}
