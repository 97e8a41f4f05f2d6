package actor

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold writes a word in the form in which words are compared: plain, and with the spellings that differ between countries
// or transliterations made one.
func fold(word string) string {
	word = plain(word)
	if strings.HasPrefix(word, "defence") {
		word = "defense" + word[len("defence"):]
	}
	return sameEnding(word)
}

// plain returns s in lower case without accents, apostrophes, points and invisible characters.
func plain(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFD.String(s) {
		switch {
		case r == '.' || apostrophe(r) || unicode.In(r, unicode.Mn, unicode.Cf):
		case r < utf8.RuneSelf:
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteString(spell(unicode.ToLower(r)))
		}
	}
	return b.String()
}

func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' || c == '.' || c == '\'' || c == '`' {
			return false
		}
	}
	return true
}

// spell spells letters that have no decomposition.
func spell(r rune) string {
	switch r {
	case 'ø', 'œ':
		return "o"
	case 'ł':
		return "l"
	case 'đ', 'ð':
		return "d"
	case 'ı':
		return "i"
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'þ':
		return "th"
	case 'ə':
		return "a"
	}
	return string(r)
}

// sameEnding gives the ways of writing a Slavic ending (Zelensky, Zelenskyy, Zelenskiy, Zelenskyi, Zelenskij) one form.
// Four letters have to remain, so that no short word turns into another.
func sameEnding(word string) string {
	if !strings.HasSuffix(word, "i") && !strings.HasSuffix(word, "y") && !strings.HasSuffix(word, "j") {
		return word
	}
	stem := strings.TrimRight(word, "iyj")
	if n := len(word) - len(stem); n == 0 || n > 3 || len(stem) < 4 {
		return word
	}
	return stem + "y"
}

func apostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', 'ʼ', 'ʹ', '`', '´', '′':
		return true
	}
	return false
}

// shape is how a word is capitalised.
type shape uint8

const (
	lower   shape = iota // also figures
	capital              // the first letter alone, or mixed: Macron, McConnell, A
	upper                // two letters or more, all capitals: NATO, U.S., G7
)

func shapeOf(s string) shape {
	letters, capitals, first := 0, 0, false
	for _, r := range s {
		if !unicode.IsLetter(r) {
			continue
		}
		if unicode.IsUpper(r) {
			capitals++
			first = first || letters == 0
		}
		letters++
	}
	switch {
	case capitals == letters && (capitals > 1 || capitals == 1 && len(s) > 1):
		return upper
	case first:
		return capital
	}
	return lower
}

// gap is what stands between a word and the one before it; the strongest sign counts.
type gap byte

const (
	space    gap = ' '
	hyphen   gap = '-'
	quote    gap = '"'
	comma    gap = ','
	bracket  gap = '('
	dash     gap = '~' // a dash with room around it
	colon    gap = ':'
	sentence gap = '.'
	other    gap = '/'
)

// joins reports whether the words on both sides can belong to one name.
func (g gap) joins() bool { return g == space || g == hyphen }

// word is one word of a paragraph.
type word struct {
	start, end int    // half open, in runes of the paragraph, without a possessive ending
	text       string // as written
	key        string // folded
	shape      shape
	before     gap
	possessive bool // "Macron's", "the States'"
	entry           // what the lexicon knows of it
}

// split cuts a paragraph into words. Abbreviations with points ("U.S.") are one word, hyphenated words are several.
func split(text string) []word {
	words := make([]word, 0, len(text)/6+1)
	last := 0 // byte after the previous word and its possessive ending
	runes := 0
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			i, runes = i+n, runes+1
			continue
		}
		end := wordEnd(text, i)
		w := word{start: runes, text: text[i:end]}
		w.end = runes + utf8.RuneCountInString(w.text)
		w.key, w.shape = fold(w.text), shapeOf(w.text)
		w.before = sentence
		if len(words) > 0 {
			w.before = gapOf(text[last:i], words[len(words)-1])
		}
		tail := possessiveTail(text, end)
		w.possessive = tail > 0
		runes = w.end + utf8.RuneCountInString(text[end:end+tail])
		i = end + tail
		last = i
		words = append(words, w)
	}
	return words
}

// wordEnd returns the byte after the word that begins at i.
func wordEnd(text string, i int) int {
	if end := pointedEnd(text, i); end > 0 {
		return end
	}
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r >= utf8.RuneSelf && unicode.In(r, unicode.M, unicode.Cf):
		case apostrophe(r):
			if next, _ := utf8.DecodeRuneInString(text[i+n:]); !unicode.IsLetter(next) || possessiveTail(text, i) > 0 {
				return i
			}
		default:
			return i
		}
		i += n
	}
	return i
}

// pointedEnd returns the end of an abbreviation such as "U.S." or "J.D", and 0 where none begins at i.
func pointedEnd(text string, i int) int {
	letters := 0
	for i+1 < len(text) && asciiLetter(text[i]) && text[i+1] == '.' {
		i += 2
		letters++
	}
	if letters > 0 && i < len(text) && asciiLetter(text[i]) {
		if next, _ := utf8.DecodeRuneInString(text[i+1:]); !unicode.IsLetter(next) && !apostrophe(next) {
			return i + 1
		}
	}
	if letters < 2 {
		return 0
	}
	return i
}

func asciiLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

// possessiveTail returns the length in bytes of a possessive ending at i: "'s", or an apostrophe after an s that more text
// follows, which a closing quotation mark rarely has without a sign before it.
func possessiveTail(text string, i int) int {
	r, n := utf8.DecodeRuneInString(text[i:])
	if !apostrophe(r) || i == 0 {
		return 0
	}
	rest := text[i+n:]
	if rest != "" && rest[0]|0x20 == 's' {
		if next, _ := utf8.DecodeRuneInString(rest[1:]); !unicode.IsLetter(next) && !unicode.IsDigit(next) {
			return n + 1
		}
	}
	if text[i-1]|0x20 == 's' && len(rest) > 1 && rest[0] == ' ' && asciiLetter(rest[1]) {
		return n
	}
	return 0
}

// gapOf classifies what stands between two words.
func gapOf(between string, before word) gap {
	g, spaces, hyphens := space, false, false
	stronger := func(than gap, order string) {
		if strings.IndexByte(order, byte(g)) < strings.IndexByte(order, byte(than)) {
			g = than
		}
	}
	const order = ` "/,(~:.`
	for _, r := range between {
		switch {
		case unicode.IsSpace(r):
			spaces = true
		case r == '-' || r == '‐' || r == '‑' || r == '–' || r == '−':
			hyphens = true
		case r == '—' || r == '―':
			stronger(dash, order)
		case r == '.' && before.abbreviation():
		case r == '.' || r == '!' || r == '?' || r == '…':
			stronger(sentence, order)
		case r == ':' || r == ';':
			stronger(colon, order)
		case r == ',':
			stronger(comma, order)
		case r == '(' || r == ')' || r == '[' || r == ']':
			stronger(bracket, order)
		case apostrophe(r) || r == '"' || r == '“' || r == '”' || r == '«' || r == '»' || r == '„':
			stronger(quote, order)
		case !unicode.In(r, unicode.Cf, unicode.M):
			stronger(other, order)
		}
	}
	switch {
	case hyphens && spaces:
		stronger(dash, order)
	case hyphens && g == space:
		g = hyphen
	case g == sentence && !spaces:
		g = other // 3.5, stance.org
	}
	return g
}

// initial reports whether the word is a single capital: "W" in "George W. Bush".
func (w word) initial() bool { return len(w.text) == 1 && w.shape == capital }

// abbreviation reports whether a point after the word belongs to it and ends no sentence.
func (w word) abbreviation() bool {
	if w.initial() {
		return true
	}
	switch w.key {
	case "mr", "mrs", "ms", "dr", "prof", "gen", "lt", "maj", "brig", "col", "adm", "capt", "cmdr", "sgt", "sen", "rep", "gov",
		"st", "jr", "sr", "no", "vs", "hon", "rev", "amb", "sec", "dep":
		return w.shape != lower
	}
	return false
}
