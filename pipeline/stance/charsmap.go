package stance

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// charsmap is sentencepiece's compiled table of replacements (precompiled_charsmap): the length of a double-array trie in
// bytes, the trie over UTF-8 bytes as little-endian units of 32 bits, and after it the replacements, each ended by a zero
// byte, to which the leaves of the trie point.
type charsmap struct {
	trie         []uint32
	replacements []byte
}

func newCharsmap(blob []byte) (*charsmap, error) {
	if len(blob) < 4 {
		return nil, errors.New("charsmap is too short")
	}
	size := int64(binary.LittleEndian.Uint32(blob))
	if blob = blob[4:]; size < 4 || size%4 != 0 || size > int64(len(blob)) {
		return nil, fmt.Errorf("charsmap of %d bytes cannot hold a trie of %d", len(blob), size)
	}
	m := &charsmap{trie: make([]uint32, size/4), replacements: blob[size:]}
	for i := range m.trie {
		m.trie[i] = binary.LittleEndian.Uint32(blob[4*i:])
	}
	if !utf8.Valid(m.replacements) {
		return nil, errors.New("charsmap has replacements that are not UTF-8")
	}
	return m, nil
}

// apply replaces grapheme clusters of at most five bytes where the trie knows one or, which is no mistake of ours, a prefix
// of one, and otherwise single characters.
func (m *charsmap) apply(dst, src []char) []char {
	changes := make([]change, 0, len(src))
	text := appendText(nil, src)
	for i := 0; i < len(src); {
		n, size := cluster(src[i:], text)
		if replacement, ok := m.find(text[:size]); ok && size < 6 {
			changes = substitute(changes, n, replacement)
			text = text[size:]
		} else {
			for _, ch := range src[i : i+n] {
				one := utf8.RuneLen(ch.r)
				if replacement, ok := m.find(text[:one]); ok {
					changes = substitute(changes, 1, replacement)
				} else {
					changes = append(changes, change{r: ch.r})
				}
				text = text[one:]
			}
		}
		i += n
	}
	return realign(dst, src, changes)
}

// cluster returns the number of characters and of bytes in the first grapheme cluster of src, whose UTF-8 form is text.
func cluster(src []char, text []byte) (chars, bytes int) {
	const firstMark = 0x300 // below it each character is a cluster, except CR LF
	if src[0].r < firstMark && (len(src) == 1 || src[1].r < firstMark) && src[0].r != '\r' {
		return 1, utf8.RuneLen(src[0].r)
	}
	first, _, _, _ := uniseg.FirstGraphemeCluster(text, -1)
	return utf8.RuneCount(first), len(first)
}

func appendText(dst []byte, src []char) []byte {
	for _, ch := range src {
		dst = utf8.AppendRune(dst, ch.r)
	}
	return dst
}

// find returns what the shortest prefix of key in the trie is replaced by.
func (m *charsmap) find(key []byte) ([]byte, bool) {
	const (
		leafBit, wideBit = 1 << 8, 1 << 9
		valueMask        = 1<<31 - 1
		labelMask        = 1<<31 | 0xFF
	)
	offset := func(unit uint32) uint32 { return unit >> 10 << (unit & wideBit >> 6) }
	at := offset(m.trie[0])
	for _, b := range key {
		if b == 0 {
			return nil, false
		}
		at ^= uint32(b)
		if at >= uint32(len(m.trie)) || m.trie[at]&labelMask != uint32(b) {
			return nil, false
		}
		unit := m.trie[at]
		at ^= offset(unit)
		if unit&leafBit != 0 && at < uint32(len(m.trie)) {
			return m.replacement(m.trie[at] & valueMask)
		}
	}
	return nil, false
}

func (m *charsmap) replacement(start uint32) ([]byte, bool) {
	if start > uint32(len(m.replacements)) {
		return nil, false
	}
	for end := start; ; end++ {
		if end == uint32(len(m.replacements)) || m.replacements[end] == 0 {
			return m.replacements[start:end], true
		}
	}
}

// substitute records that the next n old characters give way to replacement.
func substitute(changes []change, n int, replacement []byte) []change {
	start := len(changes)
	for len(replacement) > 0 {
		r, size := utf8.DecodeRune(replacement)
		changes = append(changes, change{r: r})
		replacement = replacement[size:]
	}
	switch added := len(changes) - start - n; {
	case added > 0:
		for i := len(changes) - added; i < len(changes); i++ {
			changes[i].delta = 1
		}
	case len(changes) > 0:
		changes[len(changes)-1].delta += added
	}
	return changes
}
