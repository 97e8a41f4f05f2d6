package ingest

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	maxDepth     = 64      // of nested JSON, beyond which no article lies
	maxValues    = 100_000 // in one record, counting only the fields of an article
	maxNameBytes = 1 << 10 // of the name of a field; a longer one is none of ours
)

// jsonFields decodes the fields of an article from one JSON object and passes over all others.
func (r *reader) jsonFields(raw []byte) (f fields, err error) {
	raw, err = decodeBytes(raw)
	if err != nil {
		return f, err
	}
	if !json.Valid(raw) {
		mended := mendJSON(raw)
		if !json.Valid(mended) {
			return f, jsonFlaw(raw)
		}
		raw = mended
	}
	d := jsonDecoder{raw: raw}
	if d.peek() != '{' {
		return f, reject(Schema, "a %s stands where an article, a JSON object, belongs", jsonKind(d.peek()))
	}
	for range d.items('}') {
		name := d.name()
		m := r.schema.match(name)
		if m.none() {
			d.skipValue()
			continue
		}
		v, err := d.value()
		if err != nil {
			return fields{}, err
		}
		r.schema.put(&f, string(name), v)
	}
	return f, nil
}

// jsonFlaw says what is wrong with invalid JSON.
func jsonFlaw(raw []byte) error {
	var scan jsonScan
	scan.feed(raw)
	if scan.deepest > maxDepth {
		return reject(TooDeep, "the JSON nests %d levels deep; articles need fewer than %d", scan.deepest, maxDepth)
	}
	err := json.Unmarshal(raw, new(json.RawMessage))
	if err != nil && strings.Contains(err.Error(), "unexpected end") {
		return reject(Truncated, "the JSON ends in the middle")
	}
	return reject(Syntax, "it is no JSON: %v", err)
}

func jsonKind(first byte) string {
	switch first {
	case '"':
		return "string"
	case '[':
		return "list"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	}
	return "number"
}

// jsonDecoder walks over JSON that is known to be valid.
type jsonDecoder struct {
	raw           []byte
	at            int
	depth, values int
}

// peek returns the next byte that is no space.
func (d *jsonDecoder) peek() byte {
	for d.raw[d.at] <= ' ' {
		d.at++
	}
	return d.raw[d.at]
}

// items steps through the members of an object or the elements of a list; the body of the loop must consume each.
func (d *jsonDecoder) items(end byte) func(yield func() bool) {
	return func(yield func() bool) {
		d.at++
		for d.peek() != end {
			if d.peek() == ',' {
				d.at++
				continue
			}
			if !yield() {
				return
			}
		}
		d.at++
	}
}

// name consumes the name of a member and its colon.
func (d *jsonDecoder) name() []byte {
	d.peek()
	name := d.skipValue()
	if d.peek() == ':' {
		d.at++
	}
	return bytes.Trim(name, `"`)
}

func (d *jsonDecoder) skipValue() []byte {
	d.peek()
	var scan jsonScan
	n, _ := scan.feed(d.raw[d.at:])
	d.at += n
	return d.raw[d.at-n : d.at]
}

// value consumes the next value: a string, json.Number, bool, nil, []any or map[string]any.
func (d *jsonDecoder) value() (any, error) {
	if d.values++; d.values > maxValues {
		return nil, reject(TooLong, "the record holds more than %d values", maxValues)
	}
	if d.depth++; d.depth > maxDepth {
		return nil, reject(TooDeep, "the JSON nests more than %d levels deep", maxDepth)
	}
	defer func() { d.depth-- }()
	switch d.peek() {
	case '{':
		members := map[string]any{}
		for range d.items('}') {
			name := string(d.name())
			v, err := d.value()
			if err != nil {
				return nil, err
			}
			members[name] = v
		}
		return members, nil
	case '[':
		var elements []any
		for range d.items(']') {
			v, err := d.value()
			if err != nil {
				return nil, err
			}
			elements = append(elements, v)
		}
		return elements, nil
	case '"':
		quoted := d.skipValue()
		return unquote(quoted[1 : len(quoted)-1]), nil
	}
	switch literal := string(d.skipValue()); literal {
	case "true", "false":
		return literal == "true", nil
	case "null":
		return nil, nil
	default:
		return json.Number(literal), nil
	}
}

// unquote reads the inside of a valid JSON string, several times faster than package json does.
func unquote(s []byte) string {
	at := bytes.IndexByte(s, '\\')
	if at < 0 {
		return string(s)
	}
	text := make([]byte, 0, len(s))
	for ; at >= 0; at = bytes.IndexByte(s, '\\') {
		text = append(text, s[:at]...)
		c := s[at+1]
		s = s[at+2:]
		switch c {
		case 'u':
			r := hexRune(s)
			s = s[4:]
			if utf16.IsSurrogate(r) {
				if len(s) >= 6 && s[0] == '\\' && s[1] == 'u' && utf16.DecodeRune(r, hexRune(s[2:])) != utf8.RuneError {
					r, s = utf16.DecodeRune(r, hexRune(s[2:])), s[6:]
				} else {
					r = utf8.RuneError
				}
			}
			text = utf8.AppendRune(text, r)
		default:
			if i := strings.IndexByte("bfnrt", c); i >= 0 {
				c = "\b\f\n\r\t"[i]
			}
			text = append(text, c)
		}
	}
	return string(append(text, s...))
}

// hexRune reads the four digits of an escape.
func hexRune(s []byte) rune {
	n, _ := strconv.ParseUint(string(s[:4]), 16, 16)
	return rune(n)
}

// jsonScan finds where a JSON value ends by strings and brackets alone, over as many pieces as it comes in.
type jsonScan struct {
	depth, deepest    int
	inString, escaped bool
	bare              bool // a number, true, false or null
	broken            bool // a bracket or comma stood where the value should have begun
}

// feed returns how many bytes of b belong to the value and whether it ends with them.
func (s *jsonScan) feed(b []byte) (n int, done bool) {
	for i := 0; i < len(b); i++ {
		if s.inString {
			switch c := b[i]; {
			case s.escaped:
				s.escaped = false
			case c == '\\':
				s.escaped = true
			case c == '"':
				if s.inString = false; s.depth == 0 {
					return i + 1, true
				}
			}
			continue
		}
		switch c := b[i]; c {
		case '"':
			if s.bare && s.depth == 0 {
				return i, true
			}
			s.inString = true
		case '{', '[':
			if s.bare && s.depth == 0 {
				return i, true
			}
			s.depth++
			s.deepest = max(s.deepest, s.depth)
		case '}', ']':
			if s.depth == 0 {
				s.broken = !s.bare
				return i, true
			}
			if s.depth--; s.depth == 0 {
				return i + 1, true
			}
		case ',', ':', ' ', '\n', '\t', '\r':
			if s.depth == 0 {
				s.broken = !s.bare
				return i, true
			}
		default:
			s.bare = s.bare || s.depth == 0
		}
	}
	return len(b), false
}

// complete reports whether the end of the file may end the value.
func (s *jsonScan) complete() bool { return s.bare && s.depth == 0 }

// mendJSON repairs what careless programs write: the NaN and Infinity of Python, and control characters within strings.
func mendJSON(raw []byte) []byte {
	mended := make([]byte, 0, len(raw))
	inString := false
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case inString && c == '\\' && i+1 < len(raw):
			mended = append(mended, c)
			i++
			c = raw[i]
		case inString && c < ' ':
			c = ' '
			if raw[i] == '\n' || raw[i] == '\r' {
				mended = append(mended, '\\')
				c = 'n'
			}
		case c == '"':
			inString = !inString
		case !inString && (c == '-' || c == 'N' || c == 'I'):
			if word := notANumber(raw[i:]); word != "" {
				mended = append(mended, "null"...)
				i += len(word) - 1
				continue
			}
		}
		mended = append(mended, c)
	}
	return mended
}

func notANumber(b []byte) string {
	for _, word := range []string{"NaN", "Infinity", "-Infinity"} {
		if bytes.HasPrefix(b, []byte(word)) {
			return word
		}
	}
	return ""
}
