package report

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"strings"
	"unicode/utf8"
)

// Format is a way to export rows.
type Format string

// The formats of Export.
const (
	// CSV is RFC 4180 with a header line, for spreadsheets and eyes: a null is an empty cell, a list is JSON in its
	// cell, text is Printable and never a formula.
	CSV Format = "csv"
	// JSONL is one object to a line, for programs: exactly what the rows hold.
	JSONL Format = "jsonl"
)

// Export writes rows in the order in which they come: structs whose fields are the columns, named by their json tags.
// It ends with the first error of the rows or of w; what came before is then written.
func Export[Row any](w io.Writer, format Format, rows iter.Seq2[Row, error]) error {
	write, flush, err := encoder(bufio.NewWriterSize(w, 1<<16), format, columnNames(reflect.TypeFor[Row]()))
	if err != nil {
		return err
	}
	for row, err := range rows {
		if err == nil {
			err = write(reflect.ValueOf(row))
		}
		if err != nil {
			return errors.Join(err, flush())
		}
	}
	return flush()
}

func columnNames(row reflect.Type) []string {
	names := make([]string, row.NumField())
	for i := range names {
		names[i], _, _ = strings.Cut(row.Field(i).Tag.Get("json"), ",")
	}
	return names
}

// encoder writes the header, if the format has one, and returns what writes a row and what ends the writing.
func encoder(w *bufio.Writer, format Format, names []string) (write func(reflect.Value) error, flush func() error, err error) {
	switch format {
	case JSONL:
		return func(row reflect.Value) error { return writeObject(w, row, names) }, w.Flush, nil
	case CSV:
		out, record := csv.NewWriter(w), make([]string, len(names))
		write = func(row reflect.Value) error {
			for i := range record {
				cell, err := csvCell(row.Field(i))
				if err != nil {
					return err
				}
				record[i] = cell
			}
			return out.Write(record)
		}
		return write, func() error { out.Flush(); return out.Error() }, out.Write(names)
	default:
		return nil, nil, fmt.Errorf("export rows as %q: the formats are %s and %s", format, CSV, JSONL)
	}
}

func writeObject(w *bufio.Writer, row reflect.Value, names []string) error {
	for i, name := range names {
		value, err := jsonOf(row.Field(i))
		if err != nil {
			return err
		}
		before := `,"`
		if i == 0 {
			before = `{"`
		}
		fmt.Fprint(w, before, name, `":`, value)
	}
	_, err := w.WriteString("}\n")
	return err
}

func csvCell(v reflect.Value) (string, error) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return "", nil
		}
		v = v.Elem()
	}
	if v.Kind() == reflect.String {
		return guardFormula(Printable(v.String())), nil
	}
	text, err := jsonOf(v)
	return strings.Trim(text, `"`), err // of what is not text, only times are quoted
}

// guardFormula puts an apostrophe before text that a spreadsheet would take for a formula, even if it hides the sign
// behind spaces or in a full-width letter (OWASP, "CSV Injection"). Text that has such an apostrophe already gets one
// more: taking one away from what begins with apostrophes and a sign always gives the text back.
func guardFormula(s string) string {
	begin := strings.TrimLeft(strings.TrimLeft(s, "'"), " ")
	for _, sign := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(begin, sign) {
			return "'" + s
		}
	}
	return s
}

// JSON writes one indented document, with the same care for characters as an export takes.
func JSON(w io.Writer, document any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(document); err != nil {
		return err
	}
	var lines strings.Builder
	for line := range strings.Lines(b.String()) {
		lines.WriteString(escapeJSON(strings.TrimSuffix(line, "\n")) + "\n")
	}
	_, err := io.WriteString(w, lines.String())
	return err
}

// jsonOf encodes a value on one line. An absent list is an empty one, and characters that a terminal or an editor might
// act on are escaped, so that nothing of the text is lost and none of it does harm.
func jsonOf(v reflect.Value) (string, error) {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return "[]", nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v.Interface()); err != nil {
		return "", err
	}
	return escapeJSON(strings.TrimSuffix(b.String(), "\n")), nil
}

// escapeJSON escapes what Printable would replace; in encoded JSON that can only stand within a string.
func escapeJSON(s string) string {
	if Printable(s) == s {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case printable(r) == r || r == utf8.RuneError:
			b.WriteRune(r)
		case r > 0xffff: // the two halves of a surrogate pair
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+(r-0x10000)>>10, 0xdc00+r&0x3ff)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
