package ingest

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// decodeText is decodeBytes for text that is kept.
func decodeText(raw []byte) (string, error) {
	text, err := decodeBytes(raw)
	return string(text), err
}

// decodeBytes turns a line, row or page into valid UTF-8 or says why it is no text. Text that is valid UTF-8 as it stands is
// taken as such whatever it declares, since no other encoding looks like that by chance. Text that is mostly so has its stray
// bytes repaired. All else is in the encoding that it declares, as HTML does, or else in one of the two that are written
// without saying so and can be told apart: Windows-1252 (and so ISO-8859-1) with few letters beyond ASCII, Windows-1251 with
// little else. UTF-16 has been converted by then (see unpack).
func decodeBytes(raw []byte) ([]byte, error) {
	raw = bytes.TrimPrefix(raw, []byte(byteOrderMark))
	if isBinary(raw) {
		return nil, reject(Binary, "it is not text: %.1f%% of its bytes are control characters", 100*float64(controls(raw))/float64(len(raw)))
	}
	if utf8.Valid(raw) {
		return raw, nil
	}
	c := census(raw)
	if c.sequences*2 >= c.stray && c.stray*50 <= len(raw)+50 {
		return mendUTF8(raw), nil
	}
	var from encoding.Encoding
	e, name, _ := charset.DetermineEncoding(raw, "")
	switch {
	case name != "windows-1252" && name != "utf-8" && name != "replacement":
		from = e
	case c.cyrillic*2 > c.high && c.high*4 > c.letters:
		from = charmap.Windows1251
	case c.high*8 < len(raw) || c.high < 8:
		from = charmap.Windows1252
	default:
		return nil, reject(Encoding, "%d of its %d bytes are neither ASCII nor UTF-8 and no encoding is declared", c.high, len(raw))
	}
	text, err := from.NewDecoder().Bytes(raw)
	if err != nil || bytes.Count(text, []byte("\uFFFD"))*100 > len(text) {
		return nil, reject(Encoding, "it cannot be read as %s, as it claims", name)
	}
	return text, nil
}

// isBinary reports whether there are too many control characters for text. A few are dirt.
func isBinary(raw []byte) bool {
	n := controls(raw)
	return n > 4 && n*50 > len(raw)
}

// isNoise reports whether the first bytes of a file are those of no text at all. Zeros do not count: a disk that was full leaves
// them, and lines may follow.
func isNoise(head []byte) bool {
	return (controls(head)-bytes.Count(head, []byte{0}))*20 > max(len(head), 100)
}

func controls(raw []byte) (n int) {
	for _, b := range raw {
		if b < ' ' && b != '\n' && b != '\r' && b != '\t' && b != '\f' && b != 0x1b || b == 0x7f {
			n++
		}
	}
	return n
}

// counts is what the bytes of a text that is not valid UTF-8 look like.
type counts struct {
	sequences int // valid sequences of several bytes
	stray     int // bytes over 0x7f outside of such
	high      int // bytes over 0x7f
	cyrillic  int // of these, letters of Windows-1251 next to another
	letters   int // ASCII letters
}

func census(raw []byte) (c counts) {
	for i := 0; i < len(raw); {
		b := raw[i]
		if b < utf8.RuneSelf {
			if 'a' <= b|0x20 && b|0x20 <= 'z' {
				c.letters++
			}
			i++
			continue
		}
		_, n := utf8.DecodeRune(raw[i:])
		if n > 1 {
			c.sequences++
		} else {
			c.stray++
		}
		for range n {
			c.high++
			if raw[i] >= 0xc0 && (i > 0 && raw[i-1] >= 0xc0 || i+1 < len(raw) && raw[i+1] >= 0xc0) {
				c.cyrillic++
			}
			i++
		}
	}
	return c
}

// mendUTF8 reads a lone stray byte as Windows-1252, from where it was pasted, and puts U+FFFD for broken sequences.
func mendUTF8(raw []byte) []byte {
	mended := make([]byte, 0, len(raw)+64)
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && n == 1 {
			end := i + 1
			for end < len(raw) && !utf8.RuneStart(raw[end]) {
				end++
			}
			if end == i+1 && (i == 0 || raw[i-1] < utf8.RuneSelf) && (end == len(raw) || raw[end] < utf8.RuneSelf) {
				r = charmap.Windows1252.DecodeByte(raw[i])
			}
			n = end - i
		}
		mended = utf8.AppendRune(mended, r)
		i += n
	}
	return mended
}
