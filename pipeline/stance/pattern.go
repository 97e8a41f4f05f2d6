package stance

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// stretch is a part of a text that was found, half open, in characters.
type stretch struct {
	start, end int
	cut        bool // the text is to be cut here; unused by patterns
}

// pattern appends to dst where it is found in src, from left to right, never empty and never overlapping.
type pattern func(dst []stretch, src []char) []stretch

// parsePattern reads {"String": "…"} or {"Regex": "…"}.
func parsePattern(raw json.RawMessage, cp *codepoints) (pattern, error) {
	var spec struct{ String, Regex *string }
	if err := json.Unmarshal(raw, &spec); err != nil {
		return nil, fmt.Errorf("read pattern: %w", err)
	}
	switch {
	case spec.String != nil && *spec.String != "":
		return literal([]rune(*spec.String)), nil
	case spec.Regex != nil:
		p, err := parseRegex(*spec.Regex)
		if err != nil {
			return nil, fmt.Errorf("pattern %q is not supported: %w", *spec.Regex, err)
		}
		return p, nil
	}
	return nil, errors.New("pattern is empty")
}

// each finds every character of a kind.
func each(kind func(rune) bool) pattern {
	return func(dst []stretch, src []char) []stretch {
		for i, ch := range src {
			if kind(ch.r) {
				dst = append(dst, stretch{start: i, end: i + 1})
			}
		}
		return dst
	}
}

func literal(text []rune) pattern {
	return func(dst []stretch, src []char) []stretch {
		for i := 0; i+len(text) <= len(src); {
			if hasPrefix(src[i:], text) {
				dst = append(dst, stretch{start: i, end: i + len(text)})
				i += len(text)
			} else {
				i++
			}
		}
		return dst
	}
}

func hasPrefix(src []char, prefix []rune) bool {
	if len(src) < len(prefix) {
		return false
	}
	for i, r := range prefix {
		if src[i].r != r {
			return false
		}
	}
	return true
}

// wordsAndSymbols finds \w+|[^\w\s]+.
func (c *codepoints) wordsAndSymbols(dst []stretch, src []char) []stretch {
	for i := 0; i < len(src); {
		start := i
		word := c.isWord(src[i].r)
		for i < len(src) && !unicode.IsSpace(src[i].r) && c.isWord(src[i].r) == word {
			i++
		}
		if i > start {
			dst = append(dst, stretch{start: start, end: i})
		} else {
			i++
		}
	}
	return dst
}

// gpt2 finds 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+, which covers any text.
func (c *codepoints) gpt2(dst []stretch, src []char) []stretch {
	const space, letter, number, other = 0, 1, 2, 3
	kind := func(r rune) int {
		switch {
		case 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z':
			return letter
		case unicode.IsSpace(r):
			return space
		case c.isLetter(r):
			return letter
		case c.isNumber(r):
			return number
		}
		return other
	}
	for i := 0; i < len(src); {
		start := i
		if n := contraction(src[i:]); n > 0 {
			i += n
			dst = append(dst, stretch{start: start, end: i})
			continue
		}
		if src[i].r == ' ' && i+1 < len(src) {
			i++
		}
		k := kind(src[i].r)
		if k == space {
			i = start
		}
		for i < len(src) && kind(src[i].r) == k {
			i++
		}
		if k == space && i < len(src) && i > start+1 {
			i-- // the last space goes with what follows
		}
		dst = append(dst, stretch{start: start, end: i})
	}
	return dst
}

// contraction returns the length of an English contraction at the start of src, or 0.
func contraction(src []char) int {
	if src[0].r != '\'' || len(src) < 2 {
		return 0
	}
	switch src[1].r {
	case 's', 't', 'm', 'd':
		return 2
	}
	if len(src) > 2 {
		switch two := [2]rune{src[1].r, src[2].r}; two {
		case [2]rune{'r', 'e'}, [2]rune{'v', 'e'}, [2]rune{'l', 'l'}:
			return 3
		}
	}
	return 0
}

// trailingSpaces is how the expressions of GPT-2's family end. Go's regexp has no lookahead, and this is the one that is
// in use: a run of white space leaves its last character to what follows.
const trailingSpaces = `|\s+(?!\S)|\s+`

// parseRegex reads the part of Oniguruma's syntax, in which the reference takes its expressions, that means the same in
// Go's; the rest is refused.
func parseRegex(expression string) (pattern, error) {
	body, hasSpaces := strings.CutSuffix(expression, trailingSpaces)
	body, err := translate(body)
	if err != nil {
		return nil, err
	}
	if hasSpaces {
		body += "|([" + spaces + "]+)"
	}
	re, err := regexp.Compile(body)
	if err != nil {
		return nil, err
	}
	if re.MatchString("") {
		return nil, errors.New("it matches the empty text")
	}
	group := 2 * re.NumSubexp()
	return func(dst []stretch, src []char) []stretch {
		text := string(appendText(nil, src))
		at := 0
		for text != "" {
			m := re.FindStringSubmatchIndex(text)
			if m == nil {
				break
			}
			if hasSpaces && m[group] >= 0 && m[1] < len(text) && utf8.RuneCountInString(text[m[0]:m[1]]) > 1 {
				_, last := utf8.DecodeLastRuneInString(text[:m[1]])
				m[1] -= last
			}
			start := at + utf8.RuneCountInString(text[:m[0]])
			at = start + utf8.RuneCountInString(text[m[0]:m[1]])
			dst = append(dst, stretch{start: start, end: at})
			text = text[m[1]:]
		}
		return dst
	}, nil
}

// spaces is White_Space of Unicode, in Go's syntax for a class.
const spaces = `\t-\r \x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}`

// translate writes out the classes that Go reads as ASCII or by another edition of Unicode, and refuses what the two
// syntaxes read differently: anchors, look-around, back-references, classes in classes, \w, \b and the like.
func translate(expression string) (string, error) {
	var b strings.Builder
	inClass := false
	class := func(content string) {
		if inClass {
			b.WriteString(content)
		} else {
			b.WriteString("[" + content + "]")
		}
	}
	for rest := expression; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		switch {
		case strings.HasPrefix(rest, `\p{L}`):
			class(`\p{L}` + classOf(differentLetter))
			size = len(`\p{L}`)
		case strings.HasPrefix(rest, `\p{N}`):
			class(`\p{N}` + classOf(differentNumber))
			size = len(`\p{N}`)
		case strings.HasPrefix(rest, `\s`):
			class(spaces)
			size = 2
		case strings.HasPrefix(rest, `\S`) && !inClass:
			b.WriteString("[^" + spaces + "]")
			size = 2
		case strings.HasPrefix(rest, `\d`):
			class(`\p{Nd}`)
			size = 2
		case r == '\\':
			if len(rest) < 2 || isAlphanumeric(rest[1]) && !strings.Contains("nrtpP", rest[1:2]) {
				return "", fmt.Errorf("%.2q has no equal in Go", rest)
			}
			_, next := utf8.DecodeRuneInString(rest[1:])
			size += next
			b.WriteString(rest[:size])
		case inClass && (r == '[' || strings.HasPrefix(rest, "&&")), !inClass && (r == '^' || r == '$'),
			!inClass && strings.HasPrefix(rest, "(?") && !strings.HasPrefix(rest, "(?:") && !strings.HasPrefix(rest, "(?i:"):
			return "", fmt.Errorf("%.3q has no equal in Go", rest)
		default:
			if r == '[' {
				inClass = true
			} else if r == ']' {
				inClass = false
			}
			b.WriteString(rest[:size])
		}
		rest = rest[size:]
	}
	return b.String(), nil
}

func isAlphanumeric(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

func classOf(list string) string {
	var b strings.Builder
	for _, r := range hexRanges(list) {
		fmt.Fprintf(&b, `\x{%X}-\x{%X}`, r[0], r[1])
	}
	return b.String()
}
