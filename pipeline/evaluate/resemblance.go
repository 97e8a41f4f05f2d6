package evaluate

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

// Two paragraphs resemble each other where they share at least half of the runs of five words that stand in either
// (Jaccard, over shingles, as in Broder 1997). The sets are small enough to count this exactly, without MinHash.
const (
	shingleWords = 5
	minShingles  = 4 // a text of fewer than eight words is a phrase that anybody may write, and resembles nothing
	maxJaccard   = 0.5
	maxContained = 0.5 // of a paragraph's shingles that may stand in one paragraph of somebody else's text
)

// shingles returns the distinct hashes of the runs of five words in a text: letters and digits, whatever their case and
// whatever stands between them. A short text has none.
func shingles(text string) []uint64 {
	const offset, prime = 0xcbf29ce484222325, 0x100000001b3 // FNV-1a
	var words [shingleWords]uint64
	var out []uint64
	n, h := 0, uint64(offset)
	end := func() {
		if h == offset {
			return
		}
		words[n%shingleWords] = h
		n, h = n+1, offset
		if n < shingleWords {
			return
		}
		run := uint64(offset)
		for k := range shingleWords {
			run = run*0x9e3779b97f4a7c15 + words[(n+k)%shingleWords]
			run ^= run >> 32
		}
		out = append(out, run)
	}
	for _, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			h = (h ^ uint64(unicode.ToLower(r))) * prime
		case r != '\'' && r != '’':
			end()
		}
	}
	end()
	slices.Sort(out)
	if out = slices.Compact(out); len(out) < minShingles {
		return nil
	}
	return out
}

// index knows in which paragraphs each shingle stands.
type index struct {
	of    map[uint64][]int // shingle → numbers of paragraphs
	sizes []int            // how many shingles a paragraph has
	where []place
}

// place is where a paragraph stands.
type place struct{ set, article, text string }

func (p place) String() string { return fmt.Sprintf("%s, article %q: %.60q", p.set, p.article, p.text) }

func newIndex() *index { return &index{of: map[uint64][]int{}} }

// shared calls visit for each paragraph of the index that shares shingles with the text, with their number.
func (x *index) shared(text []uint64, visit func(paragraph, common int)) {
	common := map[int]int{}
	for _, s := range text {
		for _, n := range x.of[s] {
			common[n]++
		}
	}
	for n, c := range common {
		visit(n, c)
	}
}

func (x *index) add(at place, text []uint64) {
	n := len(x.where)
	x.where, x.sizes = append(x.where, at), append(x.sizes, len(text))
	for _, s := range text {
		x.of[s] = append(x.of[s], n)
	}
}

// Outside reads somebody else's text, a paragraph per line, and returns an error for each paragraph of the sets that
// stands in it, at least by half, and for each silver paragraph that does not. It reads 100 MB in a few seconds and
// keeps none of it.
func (s *Sets) Outside(r io.Reader) (errs []error, err error) {
	x := newIndex()
	for _, set := range s.All {
		for _, a := range set.Articles {
			for _, p := range a.Paragraphs {
				for _, text := range p.texts() {
					x.add(place{set.Name, a.ID, text}, shingles(text))
				}
			}
		}
	}
	missing := map[string]*Silver{}
	for i := range s.Silver {
		missing[s.Silver[i].SHA256] = &s.Silver[i]
	}
	told := map[int]bool{}
	lines := bufio.NewReaderSize(r, 1<<20)
	for {
		line, err := lines.ReadString('\n')
		if err != nil && err != io.EOF {
			return nil, fmt.Errorf("read the text to compare with: %w", err)
		}
		text := strings.TrimSpace(line)
		x.shared(shingles(text), func(n, common int) {
			if float64(common) >= maxContained*float64(x.sizes[n]) && !told[n] {
				told[n] = true
				errs = append(errs, fmt.Errorf("%v stands in a text of somebody else's: %.60q", x.where[n], text))
			}
		})
		if len(missing) > 0 {
			sum := sha256.Sum256([]byte(text))
			key := hex.EncodeToString(sum[:])
			if silver := missing[key]; silver != nil {
				if err := silver.fits(text); err != nil {
					errs = append(errs, err)
				}
				delete(missing, key)
			}
		}
		if err == io.EOF {
			break
		}
	}
	if n := len(missing); n > 0 {
		errs = append(errs, fmt.Errorf("%d of %d silver paragraphs do not stand in the text that was given", n, len(s.Silver)))
	}
	slices.SortFunc(errs, func(a, b error) int { return cmp.Compare(a.Error(), b.Error()) })
	return errs, nil
}

// Overlap is how many paragraphs of a set resemble one of another set.
func Overlap(set, other []Article) (n int) {
	x := newIndex()
	for _, a := range other {
		for _, p := range a.Paragraphs {
			x.add(place{}, shingles(p.Text))
		}
	}
	for _, a := range set {
		for _, p := range a.Paragraphs {
			text, alike := shingles(p.Text), false
			x.shared(text, func(paragraph, common int) {
				alike = alike || float64(common) >= maxJaccard*float64(len(text)+x.sizes[paragraph]-common)
			})
			n += one(alike)
		}
	}
	return n
}
