package stance

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"unicode/utf8"
)

// token is one piece of a text as the model sees it.
type token struct {
	id         int32
	start, end int // half open, in runes of the text
}

// tokenizer turns text into the ids that the model was trained on, as its tokenizer.json says. The measure is the
// reference implementation, huggingface/tokenizers: same ids, same offsets, its oddities included. What comes in is any
// text; bytes that are not UTF-8 count as U+FFFD each. Whatever cannot be reproduced exactly is refused when the file is
// read; its truncation and padding are the caller's. It is safe for concurrent use.
//
// A text goes through four steps: added tokens are found (added.go), what lies between them is normalised (normalize.go)
// and split into words (split.go), and each word is cut into pieces (pieces.go). Every character carries its place in the
// text along.
type tokenizer struct {
	added       addedTokens
	normalizers []normalizer
	splitters   []splitter
	vocabulary  vocabulary
	words       *wordCache
	trims       []bool // for each trim_offsets of the post-processor, its add_prefix_space
	blanks      map[int32]blanks
	specials    specials
	highest     int32
	scratches   sync.Pool
}

const (
	maxTokenizerBytes = 256 << 20
	wordCacheBytes    = 32 << 20 // a few hundred thousand words, which is a night's vocabulary
)

func newTokenizer(tokenizerJSON []byte) (*tokenizer, error) {
	if len(tokenizerJSON) > maxTokenizerBytes {
		return nil, fmt.Errorf("tokenizer of %d bytes is larger than %d", len(tokenizerJSON), maxTokenizerBytes)
	}
	if !utf8.Valid(tokenizerJSON) {
		return nil, errors.New("tokenizer is not UTF-8")
	}
	var file struct {
		Version       string
		AddedTokens   []addedToken `json:"added_tokens"`
		Normalizer    json.RawMessage
		PreTokenizer  json.RawMessage `json:"pre_tokenizer"`
		PostProcessor json.RawMessage `json:"post_processor"`
		Model         json.RawMessage
	}
	if err := json.Unmarshal(tokenizerJSON, &file); err != nil {
		return nil, fmt.Errorf("read tokenizer: %w", err)
	}
	if file.Version != "" && file.Version != "1.0" {
		return nil, fmt.Errorf("tokenizer version %q is not supported", file.Version)
	}
	cp := newCodepoints()
	t := &tokenizer{words: newWordCache(wordCacheBytes)}
	t.scratches.New = func() any { return new(scratch) }
	var err error
	if t.normalizers, err = parseNormalizers(file.Normalizer, cp); err != nil {
		return nil, err
	}
	if t.splitters, err = parseSplitters(file.PreTokenizer, cp); err != nil {
		return nil, err
	}
	if t.vocabulary, err = parseVocabulary(file.Model); err != nil {
		return nil, err
	}
	if t.added, err = newAddedTokens(file.AddedTokens, t.vocabulary, t.normalizers, cp); err != nil {
		return nil, err
	}
	for _, id := range t.vocabulary.tokens() {
		t.highest = max(t.highest, int32(id))
	}
	for _, id := range t.added.ids {
		t.highest = max(t.highest, id)
	}
	if err := t.parsePostProcessor(file.PostProcessor); err != nil {
		return nil, err
	}
	return t, nil
}

// id returns the id of an added token or a piece of the vocabulary.
func (t *tokenizer) id(token string) (int32, bool) {
	if id, ok := t.added.ids[token]; ok {
		return id, true
	}
	id, ok := t.vocabulary.tokens()[token]
	return int32(id), ok
}

// size returns the highest id plus one.
func (t *tokenizer) size() int { return int(t.highest) + 1 }

func (t *tokenizer) special() specials { return t.specials }

// encode returns the tokens of a text, without special tokens around them and however many they are.
func (t *tokenizer) encode(text string) []token {
	s := t.scratches.Get().(*scratch)
	defer s.release(&t.scratches)
	s.read(text)
	s.each(t.added.raw.split)
	s.each(func(s *scratch, src []char) { t.added.normalized.split(s, t.normalize(s, src)) })
	for _, split := range t.splitters {
		s.each(split)
	}
	tokens := make([]token, 0, len(text)/4+4)
	s.blanks = s.blanks[:0]
	for _, p := range s.parts {
		if p.id >= 0 {
			tokens = append(tokens, p.token(p.id, 0, len(p.chars)))
			if len(t.trims) > 0 {
				s.blanks = append(s.blanks, blanksOf(string(appendText(nil, p.chars))))
			}
			continue
		}
		for _, piece := range t.pieces(s, p.chars) {
			tokens = append(tokens, p.token(piece.id, int(piece.start), int(piece.end)))
			if len(t.trims) > 0 {
				s.blanks = append(s.blanks, t.blanks[piece.id])
			}
		}
	}
	for _, addPrefixSpace := range t.trims {
		for i := range tokens {
			tokens[i].trim(i, s.blanks[i], addPrefixSpace)
		}
	}
	return tokens
}

// normalize returns the normalised form of src. What the steps on the way leave behind makes room for the next.
func (t *tokenizer) normalize(s *scratch, src []char) []char {
	start := len(s.chars)
	for _, n := range t.normalizers {
		src = s.rewrite(n, src)
		s.chars = append(s.chars[:start], src...)
		src = s.chars[start:]
	}
	return src
}

// pieces returns the pieces of a word, from the cache if it was seen before.
func (t *tokenizer) pieces(s *scratch, word []char) []piece {
	s.word = appendText(s.word[:0], word)
	pieces, ok := t.words.get(s.word)
	if !ok {
		pieces = t.vocabulary.cut(string(s.word))
		t.words.put(s.word, pieces)
	}
	return pieces
}

// part is a stretch of text, or an added token where id is not negative.
type part struct {
	chars []char
	id    int32
}

func (p part) token(id int32, from, to int) token {
	return token{id, int(p.chars[from].start), int(p.chars[to-1].end)}
}

// scratch is the memory in which one text is encoded.
type scratch struct {
	chars        []char // every version of every part; the parts point into it
	parts, next  []part
	found, cover []stretch
	word         []byte
	blanks       []blanks // of each token
}

// read makes the whole text the only part.
func (s *scratch) read(text string) {
	s.chars = s.chars[:0]
	for _, r := range text {
		n := int32(len(s.chars))
		s.chars = append(s.chars, char{r, n, n + 1})
	}
	s.parts = append(s.parts[:0], part{s.chars, -1})
}

// each puts in the place of every part that is text what split emits for it.
func (s *scratch) each(split splitter) {
	s.next = s.next[:0]
	for _, p := range s.parts {
		if p.id >= 0 {
			s.next = append(s.next, p)
		} else if len(p.chars) > 0 {
			split(s, p.chars)
		}
	}
	s.parts, s.next = s.next, s.parts
}

func (s *scratch) emit(chars []char) {
	if len(chars) > 0 {
		s.next = append(s.next, part{chars, -1})
	}
}

func (s *scratch) rewrite(n normalizer, src []char) []char {
	start := len(s.chars)
	s.chars = n(s.chars, src)
	return s.chars[start:]
}

// release returns s to the pool, unless a huge text has made it huge.
func (s *scratch) release(pool *sync.Pool) {
	const keptChars = 1 << 17
	if cap(s.chars) <= keptChars {
		pool.Put(s)
	}
}
