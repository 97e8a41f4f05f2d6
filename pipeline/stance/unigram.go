package stance

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// unigram is sentencepiece's unigram model: of all ways to cut a word it takes the one whose pieces have the greatest sum
// of scores.
//
// The library does none of this. It adds a tenth per byte to the score of a piece, which undoes ties and makes unknown
// characters worse than they are, finds no piece of more than 20 bytes, and spells every word in bytes where byte_fallback
// is set: of the 3,247 words of the test vectors it cuts 22 wrongly. It also goes through the whole vocabulary at each word
// (70 µs for one of 2,500 pieces) and keeps every word for ten minutes, however many come.
type unigram struct {
	ids          map[string]int
	scores       []float64 // by id
	unk          int
	unkScore     float64
	longest      int // bytes of the longest piece
	byteFallback bool
}

// unknownPenalty is how much worse than the worst piece an unknown character is. From sentencepiece.
const unknownPenalty = 10

// maxUnigramPiece bounds a piece, in bytes, and with it the time that a word takes. sentencepiece makes pieces of up to 16
// characters.
const maxUnigramPiece = 1024

func newUnigram(spec vocabularySpec) (*unigram, error) {
	var entries [][2]any
	if err := json.Unmarshal(spec.Vocab, &entries); err != nil {
		return nil, fmt.Errorf("read vocab: %w", err)
	}
	u := &unigram{ids: make(map[string]int, len(entries)), scores: make([]float64, len(entries)), byteFallback: spec.ByteFallback}
	for id, entry := range entries {
		token, isText := entry[0].(string)
		score, isNumber := entry[1].(float64)
		if !isText || !isNumber {
			return nil, fmt.Errorf("entry %d of vocab is not a piece with its score", id)
		}
		if len(token) > maxUnigramPiece {
			return nil, fmt.Errorf("piece %.20q … is longer than %d bytes", token, maxUnigramPiece)
		}
		u.ids[token], u.scores[id] = id, score
		u.longest = max(u.longest, len(token))
	}
	switch {
	case spec.UnkID == nil:
		return nil, errors.New("unk_id is missing, so that some texts would have no ids")
	case *spec.UnkID < 0 || *spec.UnkID >= len(entries):
		return nil, fmt.Errorf("unk_id %d is not in vocab", *spec.UnkID)
	}
	u.unk = *spec.UnkID
	u.unkScore = slices.Min(u.scores) - unknownPenalty
	return u, nil
}

func (u *unigram) tokens() map[string]int { return u.ids }
func (u *unigram) unknown() int32         { return int32(u.unk) }

func (u *unigram) cut(word string) []piece {
	type ending struct {
		score float64
		start int // of the best piece that ends here; -1 where none does
		id    int
	}
	best := make([]ending, len(word)+1)
	for i := range best[1:] {
		best[i+1].start = -1
	}
	offer := func(start, end int, id int, score float64) {
		score += best[start].score
		if e := &best[end]; e.start < 0 || score > e.score {
			*e = ending{score, start, id}
		}
	}
	for start, r := range word {
		one := utf8.RuneLen(r)
		known := false
		limit := min(len(word), start+u.longest)
		for end := start + one; end <= limit; {
			if id, ok := u.ids[word[start:end]]; ok {
				offer(start, end, id, u.scores[id])
				known = known || end == start+one
			}
			if end == len(word) {
				break
			}
			_, size := utf8.DecodeRuneInString(word[end:])
			end += size
		}
		if !known {
			offer(start, start+one, u.unk, u.unkScore)
		}
	}
	chars := charOfByte(word)
	var pieces []piece // from the last to the first
	for end := len(word); end > 0; {
		start := best[end].start
		for best[end].id == u.unk && start > 0 && best[start].id == u.unk {
			start = best[start].start // neighbouring unknown characters are one piece
		}
		pieces = u.appendReversed(pieces, word, chars, start, end)
		end = start
	}
	slices.Reverse(pieces)
	return pieces
}

// appendReversed adds the pieces of word[start:end], which is in the vocabulary or unknown.
func (u *unigram) appendReversed(pieces []piece, word string, chars []int32, start, end int) []piece {
	id, ok := u.ids[word[start:end]]
	if !ok {
		id = u.unk
		if bytes, ok := byteTokens(u.ids, word[start:end]); ok && u.byteFallback {
			for _, id := range slices.Backward(bytes) {
				pieces = append(pieces, covering(id, chars, start, end))
			}
			return pieces
		}
	}
	return append(pieces, covering(id, chars, start, end))
}
