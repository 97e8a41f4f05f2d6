package stance

import (
	"encoding/json"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// char is one character on its way to the model, and the runes of the original text that it stands for.
type char struct {
	r          rune
	start, end int32 // half open
}

// normalizer appends to dst what it makes of src. dst may be the slice that src is the end of.
type normalizer func(dst, src []char) []char

// parseNormalizers flattens the normalizer of a tokenizer.json into steps, each applied to the result of the one before.
func parseNormalizers(raw json.RawMessage, cp *codepoints) ([]normalizer, error) {
	if absent(raw) {
		return nil, nil
	}
	var spec struct {
		Type                string
		Normalizers         []json.RawMessage
		CleanText           bool  `json:"clean_text"`
		HandleChineseChars  bool  `json:"handle_chinese_chars"`
		StripAccents        *bool `json:"strip_accents"`
		Lowercase           bool
		StripLeft           bool `json:"strip_left"`
		StripRight          bool `json:"strip_right"`
		Pattern             json.RawMessage
		Content, Prepend    string
		PrecompiledCharsmap []byte `json:"precompiled_charsmap"`
	}
	if err := json.Unmarshal(raw, &spec); err != nil {
		return nil, fmt.Errorf("read normalizer: %w", err)
	}
	one := func(n normalizer) ([]normalizer, error) { return []normalizer{n}, nil }
	switch spec.Type {
	case "Sequence":
		var all []normalizer
		for _, raw := range spec.Normalizers {
			steps, err := parseNormalizers(raw, cp)
			if err != nil {
				return nil, err
			}
			all = append(all, steps...)
		}
		return all, nil
	case "BertNormalizer":
		var all []normalizer
		if spec.CleanText {
			all = append(all, cp.cleanText)
		}
		if spec.HandleChineseChars {
			all = append(all, spaceChinese)
		}
		if spec.StripAccents == nil && spec.Lowercase || spec.StripAccents != nil && *spec.StripAccents {
			all = append(all, normalForm{cp: cp, form: norm.NFD}.apply, dropping(cp.isNonspacing))
		}
		if spec.Lowercase {
			all = append(all, cp.lowercase)
		}
		return all, nil
	case "NFC":
		return one(normalForm{cp: cp, form: norm.NFD, compose: true}.apply)
	case "NFD":
		return one(normalForm{cp: cp, form: norm.NFD}.apply)
	case "NFKC":
		return one(normalForm{cp: cp, form: norm.NFKD, compose: true}.apply)
	case "NFKD":
		return one(normalForm{cp: cp, form: norm.NFKD}.apply)
	case "Lowercase":
		return one(cp.lowercase)
	case "StripAccents":
		return one(dropping(cp.isMark))
	case "Nmt":
		return one(nmt)
	case "Strip":
		return one(strip(spec.StripLeft, spec.StripRight))
	case "Prepend":
		return one(prepend(spec.Prepend))
	case "ByteLevel":
		return one(byteLevel)
	case "Replace":
		p, err := parsePattern(spec.Pattern, cp)
		if err != nil {
			return nil, fmt.Errorf("read normalizer Replace: %w", err)
		}
		return one(replace(p, spec.Content))
	case "Precompiled":
		m, err := newCharsmap(spec.PrecompiledCharsmap)
		if err != nil {
			return nil, fmt.Errorf("read normalizer Precompiled: %w", err)
		}
		return one(m.apply)
	}
	return nil, fmt.Errorf("normalizer %q is not supported", spec.Type)
}

func absent(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

// change is one character of a rewritten text. delta is 0 where it replaces the next old character, 1 where it is new,
// and -n where it replaces the next old character and n more.
type change struct {
	r     rune
	delta int
	class uint8 // canonical combining class
}

// realign appends the changed characters to dst, giving each the origin of the old one that it replaces, or, if it is new,
// of the one before. The reference aligns in this way, by counting; where a change moves characters about, its origins
// are off by a few characters, and ours with them.
func realign(dst, src []char, changes []change) []char {
	next := 0
	for _, c := range changes {
		from := next
		if c.delta > 0 {
			from--
		} else {
			next += 1 - c.delta
		}
		from = min(max(from, 0), len(src)-1)
		dst = append(dst, char{c.r, src[from].start, src[from].end})
	}
	return dst
}

func (c *codepoints) cleanText(dst, src []char) []char {
	for _, ch := range src {
		if ch.r == 0 || ch.r == utf8.RuneError || c.isControl(ch.r) {
			continue
		}
		if unicode.IsSpace(ch.r) {
			ch.r = ' '
		}
		dst = append(dst, ch)
	}
	return dst
}

func (c *codepoints) lowercase(dst, src []char) []char {
	var buffer [2]rune
	for _, ch := range src {
		for _, r := range c.lower(buffer[:0], ch.r) {
			dst = append(dst, char{r, ch.start, ch.end})
		}
	}
	return dst
}

func spaceChinese(dst, src []char) []char {
	for _, ch := range src {
		if isChinese(ch.r) {
			space := char{' ', ch.start, ch.end}
			dst = append(dst, space, ch, space)
		} else {
			dst = append(dst, ch)
		}
	}
	return dst
}

func dropping(unwanted func(rune) bool) normalizer {
	return func(dst, src []char) []char {
		for _, ch := range src {
			if !unwanted(ch.r) {
				dst = append(dst, ch)
			}
		}
		return dst
	}
}

// nmt is the cleaning of sentencepiece's "nmt" rules.
func nmt(dst, src []char) []char {
	for _, ch := range src {
		switch r := ch.r; {
		case 0x01 <= r && r <= 0x08, r == 0x0B, 0x0E <= r && r <= 0x1F, r == 0x7F, r == 0x8F, r == 0x9F:
			continue
		case r == '\t', r == '\n', r == '\f', r == '\r', r == 0x1680, 0x200B <= r && r <= 0x200F,
			r == 0x2028, r == 0x2029, r == 0x2581, r == 0xFEFF, r == 0xFFFD:
			ch.r = ' '
		}
		dst = append(dst, ch)
	}
	return dst
}

func strip(left, right bool) normalizer {
	return func(dst, src []char) []char {
		for left && len(src) > 0 && unicode.IsSpace(src[0].r) {
			src = src[1:]
		}
		for right && len(src) > 0 && unicode.IsSpace(src[len(src)-1].r) {
			src = src[:len(src)-1]
		}
		return append(dst, src...)
	}
}

func prepend(prefix string) normalizer {
	return func(dst, src []char) []char {
		if len(src) == 0 {
			return dst
		}
		for _, r := range prefix {
			dst = append(dst, char{r, src[0].start, src[0].end})
		}
		return append(dst, src...)
	}
}

// replace puts content, taken literally, where p is found. It has the origin of the last character that it replaces.
func replace(p pattern, content string) normalizer {
	return func(dst, src []char) []char {
		done := 0
		for _, found := range p(nil, src) {
			dst = append(dst, src[done:found.start]...)
			last := src[found.end-1]
			for _, r := range content {
				dst = append(dst, char{r, last.start, last.end})
			}
			done = found.end
		}
		return append(dst, src[done:]...)
	}
}

// byteLevel spells each byte of the UTF-8 form as a visible character, as GPT-2 does: bytes that are visible in Latin-1
// stand for themselves, the others follow from U+0100 on in their order.
func byteLevel(dst, src []char) []char {
	var buffer [utf8.UTFMax]byte
	for _, ch := range src {
		for _, b := range buffer[:utf8.EncodeRune(buffer[:], ch.r)] {
			dst = append(dst, char{byteChar(b), ch.start, ch.end})
		}
	}
	return dst
}

func byteChar(b byte) rune {
	switch {
	case b <= ' ':
		return 0x100 + rune(b)
	case 0x7F <= b && b <= 0xA0:
		return 0x121 + rune(b-0x7F)
	case b == 0xAD:
		return 0x143
	}
	return rune(b)
}

// normalForm decomposes a text, canonically (norm.NFD) or compatibly (norm.NFKD), and composes it again if asked to.
// The tables are those of Go, the order of things and the origins those of the reference.
type normalForm struct {
	cp      *codepoints
	form    norm.Form
	compose bool
}

func (n normalForm) apply(dst, src []char) []char {
	limit := rune(0xA0) // below it every form is the identity
	switch {
	case n.form == norm.NFD && n.compose:
		limit = 0x300
	case n.form == norm.NFD:
		limit = 0xC0
	}
	if !slices.ContainsFunc(src, func(ch char) bool { return ch.r >= limit }) {
		return append(dst, src...)
	}
	changes := make([]change, 0, len(src)+len(src)/4)
	for _, ch := range src {
		if ch.r < 0xA0 {
			changes = append(changes, change{r: ch.r})
		} else {
			changes = n.decompose(changes, ch.r)
		}
	}
	orderMarks(changes)
	if n.compose {
		changes = n.recompose(changes)
	}
	return realign(dst, src, changes)
}

func (n normalForm) decompose(changes []change, r rune) []change {
	const firstHangul, lastHangul, firstL, firstV, firstT, perL, perV = 0xAC00, 0xD7A3, 0x1100, 0x1161, 0x11A7, 588, 28
	if n.cp.isOpaque(r) {
		return append(changes, change{r: r})
	}
	if firstHangul <= r && r <= lastHangul {
		s := r - firstHangul
		changes = append(changes, change{r: firstL + s/perL}, change{r: firstV + s%perL/perV, delta: 1})
		if t := s % perV; t > 0 {
			changes = append(changes, change{r: firstT + t, delta: 1})
		}
		return changes
	}
	var buffer [utf8.UTFMax]byte
	properties := n.form.Properties(buffer[:utf8.EncodeRune(buffer[:], r)])
	parts := properties.Decomposition()
	if len(parts) == 0 {
		return append(changes, change{r: r, class: properties.CCC()})
	}
	for i := 0; i < len(parts); {
		part, size := utf8.DecodeRune(parts[i:])
		class := n.form.Properties(parts[i:]).CCC()
		changes = append(changes, change{r: part, delta: min(i, 1), class: class})
		i += size
	}
	return changes
}

// orderMarks sorts each run of combining marks by class, keeping the order of equals.
func orderMarks(changes []change) {
	for start := 0; start < len(changes); start++ {
		end := start
		for end < len(changes) && changes[end].class != 0 {
			end++
		}
		slices.SortStableFunc(changes[start:end], func(a, b change) int { return int(a.class) - int(b.class) })
		start = end
	}
}

func (n normalForm) recompose(changes []change) []change {
	composed := changes[:0]
	starter := -1 // where the last starter is in composed
	for _, c := range changes {
		last := len(composed) - 1
		if starter >= 0 && (last == starter || composed[last].class < c.class) {
			if r, ok := n.pair(composed[starter].r, c.r); ok {
				composed[starter].r = r
				composed[starter].delta += c.delta - 1
				continue
			}
		}
		if c.class == 0 {
			starter = len(composed)
		}
		composed = append(composed, c)
	}
	return composed
}

// pair composes two decomposed characters into one, if Unicode has it.
func (n normalForm) pair(a, b rune) (rune, bool) {
	var in, out [4 * utf8.UTFMax]byte
	second := utf8.AppendRune(in[:0], b)
	if norm.NFC.Properties(second).BoundaryBefore() || n.cp.isOpaque(a) || n.cp.isOpaque(b) {
		return 0, false
	}
	both := norm.NFC.Append(out[:0], utf8.AppendRune(utf8.AppendRune(in[:0], a), b)...)
	r, size := utf8.DecodeRune(both)
	return r, size == len(both)
}
