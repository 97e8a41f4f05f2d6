package stance

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// codepoints answers what the reference implementation holds a code point to be. Its answers come from several editions
// of Unicode (8 for categories, 9 for normal forms, 16 and 17 elsewhere) and Go's from another, so each set below lists
// where the two differ, and a code point is in it exactly if Go and the reference disagree. A test goes through all
// 1,112,064 of them and fails when a new edition in Go moves the difference.
type codepoints struct {
	control, punctuation, nonspacing, mark, letter, number, numeric, word *unicode.RangeTable
	opaque                                                                *unicode.RangeTable
}

// The differences, in hexadecimal, as found by asking the reference about every code point.
const (
	differentControl     = "890-891 8E2 110CD 13430-1343F"
	differentPunctuation = "61D 9FD A76 C77 C84 166D 1B7D-1B7E 2E43-2E4F 2E52-2E5D 10EAD 10F55-10F59 10F86-10F89 111C9 1144B-1144F 1145A-1145B " +
		"1145D 11660-1166C 116B9 1183B 11944-11946 119E2 11A3F-11A46 11A9A-11A9C 11A9E-11AA2 11B00-11B09 11C41-11C45 " +
		"11C70-11C71 11EF7-11EF8 11F43-11F4F 11FFF 12FF1-12FF2 16E97-16E9A 16FE2 1E95E-1E95F"
	differentNonspacing = "7FD 898-89F 8CA-8E1 9FE AFA-AFF B55 C04 C3C D00 D3B-D3C D81 EBA ECE 1734 180F 1885-1886 1ABF-1ACE 1DF6-1DFB A82C " +
		"A8C5 A8FF A9BD 10D24-10D27 10EAB-10EAC 10EFD-10EFF 10F46-10F50 10F82-10F85 11070 11073-11074 110C2 111C9 111CF " +
		"1123E 11241 1133B 11438-1143F 11442-11444 11446 1145E 1182F-11837 11839-1183A 1193B-1193C 1193E 11943 119D4-119D7 " +
		"119DA-119DB 119E0 11A01-11A0A 11A33-11A38 11A3B-11A3E 11A47 11A51-11A56 11A59-11A5B 11A8A-11A96 11A98-11A99 " +
		"11C30-11C36 11C38-11C3D 11C3F 11C92-11CA7 11CAA-11CB0 11CB2-11CB3 11CB5-11CB6 11D31-11D36 11D3A 11D3C-11D3D " +
		"11D3F-11D45 11D47 11D90-11D91 11D95 11D97 11EF3-11EF4 11F00-11F01 11F36-11F3A 11F40 11F42 13440 13447-13455 16F4F " +
		"16FE4 1CF00-1CF2D 1CF30-1CF46 1E000-1E006 1E008-1E018 1E01B-1E021 1E023-1E024 1E026-1E02A 1E08F 1E130-1E136 1E2AE " +
		"1E2EC-1E2EF 1E4EC-1E4EF 1E944-1E94A"
	differentMark = "7FD 898-89F 8CA-8D3 9FE AFA-AFF B55 C04 C3C CF3 D00 D3B-D3C D81 EBA ECE 1715 180F 1ABF-1ACE 1CF2-1CF3 1CF7 1DF6-1DFA " +
		"A82C A8FF 10D24-10D27 10EAB-10EAC 10EFD-10EFF 10F46-10F50 10F82-10F85 11070 11073-11074 110C2 11145-11146 111C9 " +
		"111CE-111CF 11241 1133B 1145E 1182C-1183A 11930-11935 11937-11938 1193B-1193E 11940 11942-11943 119D1-119D7 " +
		"119DA-119E0 119E4 11A01-11A0A 11A33-11A39 11A3B-11A3E 11A47 11A51-11A5B 11A8A-11A99 11D31-11D36 11D3A 11D3C-11D3D " +
		"11D3F-11D45 11D47 11D8A-11D8E 11D90-11D91 11D93-11D97 11EF3-11EF6 11F00-11F01 11F03 11F34-11F3A 11F3E-11F42 13440 " +
		"13447-13455 16F4F 16F7F-16F87 16FE4 16FF0-16FF1 1CF00-1CF2D 1CF30-1CF46 1E08F 1E130-1E136 1E2AE 1E2EC-1E2EF " +
		"1E4EC-1E4EF"
	differentLetter = "1C89-1C8A A7CB-A7CD A7DA-A7DC 105C0-105F3 10D4A-10D65 10D6F-10D85 10EC2-10EC4 11380-11389 1138B 1138E 11390-113B5 " +
		"113B7 113D1 113D3 11BC0-11BE0 13460-143FA 16100-1611D 16D40-16D6C 18CFF 1E5D0-1E5ED 1E5F0 2EBF0-2EE5D"
	differentNumber  = "10D40-10D49 116D0-116E3 11BF0-11BF9 16130-16139 16D70-16D79 1CCF0-1CCF9 1E5F1-1E5FA"
	differentNumeric = "10D40-10D49 116D0-116E3 11BF0-11BF9 11DE0-11DE9 16130-16139 16D70-16D79 16FF4-16FF6 1CCF0-1CCF9 1E5F1-1E5FA"
	differentWord    = "897 1C89-1C8A A7CB-A7CD A7DA-A7DC 105C0-105F3 10D40-10D65 10D69-10D6D 10D6F-10D85 10EC2-10EC4 10EFC 11380-11389 1138B " +
		"1138E 11390-113B5 113B7-113C0 113C2 113C5 113C7-113CA 113CC-113D3 113E1-113E2 116D0-116E3 11BC0-11BE0 11BF0-11BF9 " +
		"11F5A 13460-143FA 16100-16139 16D40-16D6C 16D70-16D79 18CFF 1CCF0-1CCF9 1E5D0-1E5FA 2EBF0-2EE5D"
	// Code points that have a decomposition or a combining class in Go and none yet in the reference.
	differentForms = "32FF A7F2-A7F4 AB69 10781-107BA 11938 1E030-1E06D 1F16C 1FBF0-1FBF9 " +
		"7FD 898-89F 8CA-8D3 9FE C3C D3B-D3C EBA 1715 1ABF-1ACE 1DF6-1DFA A82C 10D24-10D27 10EAB-10EAC 10EFD-10EFF " +
		"10F46-10F50 10F82-10F85 11070 1133B 1145E 11839-1183A 1193D-1193E 11943 119E0 11A34 11A47 11A99 11D42 11D44-11D45 " +
		"11D97 11F41-11F42 16FF0-16FF1 1E08F 1E130-1E136 1E2AE 1E2EC-1E2EF 1E4EC-1E4EF"
)

func newCodepoints() *codepoints {
	return &codepoints{
		control:     rangeTable(differentControl),
		punctuation: rangeTable(differentPunctuation),
		nonspacing:  rangeTable(differentNonspacing),
		mark:        rangeTable(differentMark),
		letter:      rangeTable(differentLetter),
		number:      rangeTable(differentNumber),
		numeric:     rangeTable(differentNumeric),
		word:        rangeTable(differentWord),
		opaque:      rangeTable(differentForms),
	}
}

// isControl says what BertNormalizer removes as a control character: categories Cc, Cf and Co, but no tab or line end.
func (c *codepoints) isControl(r rune) bool {
	if r < 0x7F {
		return r < ' ' && r != '\t' && r != '\n' && r != '\r'
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co) != unicode.Is(c.control, r)
}

func (c *codepoints) isPunctuation(r rune) bool {
	if r < 0x80 {
		return '!' <= r && r <= '/' || ':' <= r && r <= '@' || '[' <= r && r <= '`' || '{' <= r && r <= '~'
	}
	return unicode.IsPunct(r) != unicode.Is(c.punctuation, r)
}

// isNonspacing is category Mn; isMark adds Mc and Me.
func (c *codepoints) isNonspacing(r rune) bool {
	return r >= 0x300 && unicode.Is(unicode.Mn, r) != unicode.Is(c.nonspacing, r)
}

func (c *codepoints) isMark(r rune) bool {
	return r >= 0x300 && unicode.IsMark(r) != unicode.Is(c.mark, r)
}

func (c *codepoints) isLetter(r rune) bool {
	return unicode.IsLetter(r) != unicode.Is(c.letter, r)
}

// isNumber is category N as the reference's regular expressions know it, isNumeric the same as its standard library does.
func (c *codepoints) isNumber(r rune) bool {
	return unicode.IsNumber(r) != unicode.Is(c.number, r)
}

func (c *codepoints) isNumeric(r rune) bool {
	return unicode.IsNumber(r) != unicode.Is(c.numeric, r)
}

// isWord is \w of the reference: Alphabetic, M, Nd, Pc and the joiners.
func (c *codepoints) isWord(r rune) bool {
	if r < 0x80 {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_'
	}
	inGo := unicode.In(r, unicode.L, unicode.M, unicode.Nd, unicode.Nl, unicode.Pc, unicode.Other_Alphabetic, unicode.Join_Control)
	return inGo != unicode.Is(c.word, r)
}

// isOpaque says that normal forms leave the code point alone, whatever Go thinks of it.
func (c *codepoints) isOpaque(r rune) bool {
	return r > 0x7FC && unicode.Is(c.opaque, r)
}

// lower appends the lower case of r, which is two characters for one of them.
func (c *codepoints) lower(dst []rune, r rune) []rune {
	if r < 0x80 {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(dst, r)
	}
	switch { // the pairs that Unicode 16 and 17 added
	case r == 'İ':
		return append(dst, 'i', '\u0307')
	case r == 0xA7CB:
		r = 0x264
	case r == 0xA7DC:
		r = 0x19B
	case r == 0x1C89, r == 0xA7CC, r == 0xA7CE, r == 0xA7D2, r == 0xA7D4, r == 0xA7DA:
		r++
	case 0x10D50 <= r && r <= 0x10D65:
		r += 0x20
	case 0x16EA0 <= r && r <= 0x16EB8:
		r += 0x1B
	default:
		r = unicode.ToLower(r)
	}
	return append(dst, r)
}

// isChinese says around which characters BertNormalizer puts spaces: the CJK ideographs of its first edition.
func isChinese(r rune) bool {
	switch {
	case r < 0x3400:
		return false
	case r <= 0x4DBF, 0x4E00 <= r && r <= 0x9FFF, 0xF900 <= r && r <= 0xFAFF,
		0x20000 <= r && r <= 0x2A6DF, 0x2A700 <= r && r <= 0x2B73F, 0x2B740 <= r && r <= 0x2B81F,
		0x2B920 <= r && r <= 0x2CEAF, 0x2F800 <= r && r <= 0x2FA1F:
		return true
	}
	return false
}

// rangeTable reads code points and ranges such as "61D 1B7D-1B7E".
func rangeTable(list string) *unicode.RangeTable {
	t := new(unicode.RangeTable)
	ranges := hexRanges(list)
	slices.SortFunc(ranges, func(a, b [2]rune) int { return int(a[0] - b[0]) })
	for _, r := range ranges {
		t.R32 = append(t.R32, unicode.Range32{Lo: uint32(r[0]), Hi: uint32(r[1]), Stride: 1})
	}
	return t
}

func hexRanges(list string) [][2]rune {
	var ranges [][2]rune
	for item := range strings.FieldsSeq(list) {
		lo, hi, found := strings.Cut(item, "-")
		if !found {
			hi = lo
		}
		from, _ := strconv.ParseUint(lo, 16, 32)
		to, _ := strconv.ParseUint(hi, 16, 32)
		ranges = append(ranges, [2]rune{rune(from), rune(to)})
	}
	return ranges
}
