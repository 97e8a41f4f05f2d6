package stance

import (
	"fmt"
	"slices"
	"unicode"
)

// addedToken is an entry of added_tokens in a tokenizer.json: a text that is one token wherever it stands.
type addedToken struct {
	ID         int32
	Content    string
	SingleWord bool `json:"single_word"` // not inside a word
	LStrip     bool // takes the white space before it
	RStrip     bool // and after it
	Normalized bool // looked for in the normalised text, and itself normalised
}

// addedTokens finds added tokens, first in the text as it is and then, between those, in the normalised text.
type addedTokens struct {
	ids             map[string]int32
	raw, normalized tokenFinder
}

// newAddedTokens gives the tokens the ids that the reference gives them: those of the vocabulary, and otherwise the next
// free ones. The file's own ids are only checked.
func newAddedTokens(tokens []addedToken, v vocabulary, normalizers []normalizer, cp *codepoints) (addedTokens, error) {
	a := addedTokens{ids: map[string]int32{}, raw: newTokenFinder(cp), normalized: newTokenFinder(cp)}
	next := int32(len(v.tokens()))
	for _, t := range tokens {
		if _, known := a.ids[t.Content]; known || t.Content == "" {
			return a, fmt.Errorf("added token %q is empty or there twice", t.Content)
		}
		id := next
		if known, ok := v.tokens()[t.Content]; ok {
			id = int32(known)
		} else {
			next++
		}
		if t.ID != id {
			return a, fmt.Errorf("added token %q claims id %d but has %d", t.Content, t.ID, id)
		}
		a.ids[t.Content] = id
		var s scratch
		s.read(t.Content)
		finder, text := &a.raw, s.chars
		if t.Normalized {
			finder = &a.normalized
			for _, n := range normalizers {
				text = s.rewrite(n, text)
			}
		}
		if err := finder.add(t, string(appendText(nil, text))); err != nil {
			return a, err
		}
	}
	return a, nil
}

// tokenFinder finds the longest of the leftmost tokens.
type tokenFinder struct {
	cp      *codepoints
	byFirst map[rune][]findable // by first character, longest first
}

type findable struct {
	addedToken
	text []rune
}

func newTokenFinder(cp *codepoints) tokenFinder {
	return tokenFinder{cp, map[rune][]findable{}}
}

func (f *tokenFinder) add(t addedToken, content string) error {
	text := []rune(content)
	if len(text) == 0 {
		return fmt.Errorf("added token %q is empty once it is normalised", t.Content)
	}
	same := f.byFirst[text[0]]
	for _, other := range same {
		if slices.Equal(other.text, text) {
			return fmt.Errorf("added tokens %q and %q are the same once they are normalised", other.Content, t.Content)
		}
	}
	same = append(same, findable{t, text})
	slices.SortFunc(same, func(a, b findable) int { return len(b.text) - len(a.text) })
	f.byFirst[text[0]] = same
	return nil
}

// split emits the added tokens in src and what is between them.
func (f *tokenFinder) split(s *scratch, src []char) {
	done := 0
	for i := 0; i < len(src) && len(f.byFirst) > 0; {
		token, ok := f.at(src[i:])
		if !ok {
			i++
			continue
		}
		start, end := i, i+len(token.text)
		i = end
		if token.SingleWord && (start > 0 && f.cp.isWord(src[start-1].r) || end < len(src) && f.cp.isWord(src[end].r)) {
			continue
		}
		for token.LStrip && start > done && unicode.IsSpace(src[start-1].r) {
			start--
		}
		for token.RStrip && end < len(src) && unicode.IsSpace(src[end].r) {
			end++
		}
		if start > done { // not so where rstrip has taken the white space that this token is made of: the reference counts it twice
			s.emit(src[done:start])
		}
		s.next = append(s.next, part{src[start:end], token.ID})
		done = end
	}
	s.emit(src[done:])
}

func (f *tokenFinder) at(src []char) (findable, bool) {
	for _, t := range f.byFirst[src[0].r] {
		if hasPrefix(src, t.text) {
			return t, true
		}
	}
	return findable{}, false
}
