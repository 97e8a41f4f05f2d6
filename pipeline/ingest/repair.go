package ingest

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// cleanText repairs valid UTF-8 that has been through careless hands and leaves its lines as they are: entities and
// mojibake undone, line ends "\n", every space U+0020, only characters that can be seen, NFC.
func cleanText(s string) string {
	if isPlain(s) {
		return s
	}
	s = strings.Map(cleanRune, undoMojibake(undoEntities(strings.ReplaceAll(s, "\r\n", "\n"))))
	return norm.NFC.String(s)
}

// cleanLine is cleanText folded to one line with single spaces.
func cleanLine(s string) string { return strings.Join(strings.Fields(cleanText(s)), " ") }

// isPlain reports whether nothing in s can need repair.
func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		if b := s[i]; b < ' ' && b != '\n' || b >= 0x7f || b == '&' {
			return false
		}
	}
	return true
}

func cleanRune(r rune) rune {
	switch {
	case ' ' <= r && r < 0x7f:
		return r
	case r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == '\u2028' || r == '\u2029':
		return '\n'
	case r == '\t' || unicode.Is(unicode.Zs, r):
		return ' '
	case 0x80 <= r && r < 0xa0: // no text has these controls: they are Windows-1252 that was taken for ISO-8859-1
		if r = charmap.Windows1252.DecodeByte(byte(r)); r < 0xa0 || r == utf8.RuneError {
			return -1
		}
		return r
	case !unicode.IsGraphic(r) || r == '\uFFFC': // controls, zero width, directions, icons of private use; a placeholder
		return -1
	}
	return r
}

// undoEntities reads HTML entities that were escaped once too often, if they are complete: "&amp;", not "AT&T".
func undoEntities(s string) string {
	if !strings.Contains(s, "&") {
		return s
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "&")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		end := strings.IndexFunc(rest[:min(len(rest), maxEntityBytes)], func(r rune) bool {
			return r != '#' && (r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r))
		})
		if end > 0 && rest[end] == ';' {
			if entity := "&" + rest[:end+1]; html.UnescapeString(entity) != entity {
				b.WriteString(html.UnescapeString(entity))
				s = rest[end+1:]
				continue
			}
		}
		b.WriteByte('&')
		s = rest
	}
}

const maxEntityBytes = 32

// undoMojibake undoes UTF-8 that was read as Windows-1252, such as "â€™" for an apostrophe, as often as that was done. It
// touches only text in which some of it is unmistakable, because "É…" may stand for itself.
func undoMojibake(s string) string {
	for range maxMojibake {
		if !hasMojibake(s) {
			return s
		}
		var b strings.Builder
		for i := 0; i < len(s); {
			r, n := mojibakeAt(s[i:])
			if n == 0 {
				r, n = utf8.DecodeRuneInString(s[i:])
			}
			b.WriteRune(r)
			i += n
		}
		s = b.String()
	}
	return s
}

const maxMojibake = 3 // times over

// hasMojibake looks for what no English text contains: the beginnings of general punctuation, of emoji, of a byte order mark, and
// accented Latin letters in two.
func hasMojibake(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] != 0xc3 && s[i] != 0xc2 { // UTF-8 of U+0080 to U+00FF, where all sequences begin
			continue
		}
		switch lead, _ := utf8.DecodeRuneInString(s[i:]); lead {
		case 'â', 'ð', 'ï', 'Ã', 'Â':
			if _, n := mojibakeAt(s[i:]); n > 0 {
				return true
			}
		}
	}
	return false
}

// mojibakeAt decodes the mojibake that s begins with, n bytes of it, if it does.
func mojibakeAt(s string) (r rune, n int) {
	var sequence [utf8.UTFMax]byte
	length := 0
	for i, char := range s {
		b, ok := windows1252Byte(char)
		if !ok || length == 0 && b < 0xc2 || length > 0 && b&0xc0 != 0x80 {
			break
		}
		sequence[length] = b
		length++
		switch lead := sequence[0]; {
		case length == 2 && lead < 0xe0, length == 3 && 0xe0 <= lead && lead < 0xf0, length == 4:
			r, size := utf8.DecodeRune(sequence[:length])
			if size != length || r < 0xa0 || !likelyMojibake(lead, sequence[1]) {
				return 0, 0
			}
			return r, i + utf8.RuneLen(char)
		}
	}
	if strings.HasPrefix(s, "â€") { // its third byte is one of the five, and was dropped
		return '”', len("â€")
	}
	return 0, 0
}

// likelyMojibake keeps to the blocks that English news draws on: Latin, Greek and Cyrillic letters, punctuation, emoji. Elsewhere
// capitals and quotation marks meet by chance.
func likelyMojibake(lead, next byte) bool {
	switch {
	case lead <= 0xc5, lead >= 0xce && lead <= 0xd1:
		return true
	case lead == 0xe2:
		return next <= 0x9f
	case lead == 0xef:
		return next == 0xbb || next == 0xbf
	}
	return lead == 0xf0
}

func windows1252Byte(r rune) (byte, bool) {
	if r < 0xa0 && r >= 0x80 {
		return byte(r), true // the five bytes that Windows-1252 leaves open
	}
	if r < 0x80 {
		return 0, false
	}
	return charmap.Windows1252.EncodeRune(r)
}
