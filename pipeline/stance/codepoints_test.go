package stance

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

func TestEveryCodePointIsWhatTheReferenceHoldsItToBe(t *testing.T) {
	var want struct {
		Ranges map[string][][2]rune
		Hashes map[string]string
	}
	if err := json.Unmarshal(readGzip(t, "codepoints.json"), &want); err != nil {
		t.Fatal(err)
	}
	cp := newCodepoints()
	removed := func(r rune) bool { return len(cp.cleanText(nil, []char{{r: r}})) == 0 }
	nfd := normalForm{cp: cp, form: norm.NFD}
	properties := map[string]func(rune) bool{
		"removed":     removed,
		"blank":       func(r rune) bool { return !removed(r) && unicode.IsSpace(r) },
		"space":       unicode.IsSpace,
		"punctuation": cp.isPunctuation,
		"accent": func(r rune) bool {
			return len(dropping(cp.isNonspacing)(nil, nfd.apply(nil, []char{{r: r}}))) == 0
		},
		"mark":    cp.isMark,
		"word":    cp.isWord,
		"numeric": cp.isNumeric,
		"letter":  cp.isLetter,
		"number":  cp.isNumber,
	}
	if len(want.Ranges) != len(properties) {
		t.Errorf("%d properties in codepoints.json.gz, want %d", len(want.Ranges), len(properties))
	}
	for name, has := range properties {
		in := make([]bool, unicode.MaxRune+1)
		for _, r := range want.Ranges[name] {
			for c := r[0]; c <= r[1]; c++ {
				in[c] = true
			}
		}
		wrong := 0
		for r := range scalarValues {
			if has(r) != in[r] {
				if wrong++; wrong <= 10 {
					t.Errorf("%U is %s: %v, want %v", r, name, has(r), in[r])
				}
			}
		}
	}

	mappings := map[string]normalizer{
		"lower": cp.lowercase,
		"nfd":   nfd.apply,
		"nfkd":  normalForm{cp: cp, form: norm.NFKD}.apply,
		"nfc":   normalForm{cp: cp, form: norm.NFD, compose: true}.apply,
		"nfkc":  normalForm{cp: cp, form: norm.NFKD, compose: true}.apply,
	}
	if len(want.Hashes) != len(mappings) {
		t.Errorf("%d mappings in codepoints.json.gz, want %d", len(want.Hashes), len(mappings))
	}
	for name, apply := range mappings {
		hash := sha256.New()
		for r := range scalarValues {
			io.WriteString(hash, string(appendText(nil, apply(nil, []char{{r: r}})))+"\n")
		}
		if got := hex.EncodeToString(hash.Sum(nil)); got != want.Hashes[name] {
			t.Errorf("mapping %s of some code point is not that of the reference", name)
		}
	}
}

// scalarValues yields every code point that can stand in a text.
func scalarValues(yield func(rune) bool) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if (r < 0xD800 || r > 0xDFFF) && !yield(r) {
			return
		}
	}
}
