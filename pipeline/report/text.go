package report

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Printable makes text safe to print on a terminal, in one line and rune by rune, so that offsets still hold: white
// space becomes a space, a control character its visible picture (ESC becomes ␛), and what would reorder or hide text,
// or is no character at all, becomes U+FFFD.
func Printable(s string) string {
	return strings.Map(printable, s) // Map hands invalid bytes over as U+FFFD
}

func printable(r rune) rune {
	switch {
	case r >= ' ' && r < 0x7f:
		return r
	case unicode.IsSpace(r), r == '\u2028', r == '\u2029':
		return ' '
	case r < ' ':
		return '␀' + r
	case r == 0x7f:
		return '␡'
	case r == '\u200c', r == '\u200d': // joiners: letters of Persian, emoji of families
		return r
	case unicode.In(r, unicode.Cc, unicode.Cf):
		return utf8.RuneError
	default:
		return r
	}
}

// columns is how many columns of a terminal the runes take.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	switch {
	case r < 0x300: // no combining or wide characters so far
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	default:
		return 1
	}
}

// fit cuts or pads printable text to exactly n columns; what is cut ends in an ellipsis.
func fit(s string, n int) string {
	if columns(s) > n {
		used, end := 1, 0 // one column is the ellipsis
		for i, r := range s {
			if used += runeColumns(r); used > n {
				break
			}
			end = i + utf8.RuneLen(r)
		}
		s = s[:end] + "…"
	}
	return s + strings.Repeat(" ", max(0, n-columns(s)))
}

// Count writes a number as people read it: 1234567 becomes 1,234,567.
func Count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 && digits[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}
