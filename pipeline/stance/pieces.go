package stance

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/sugarme/tokenizer/model"
	"github.com/sugarme/tokenizer/model/wordpiece"
)

// piece is a part of a word that the model has an id for.
type piece struct {
	id         int32
	start, end int32 // half open, in characters of the word
}

// vocabulary holds the pieces that a model was trained on and cuts words, which are valid UTF-8 and not empty, into them.
// It never fails: what it does not know becomes the unknown token. It is safe for concurrent use.
//
// sugarme/tokenizer does the cutting wherever differential tests found it to agree with the reference: for WordPiece
// always, for BPE at most words (bpe.go says at which not), for Unigram never (unigram.go says why). A panic in it is
// recovered: BPE then cuts the word itself, WordPiece calls it unknown. Nothing is called that can reach its log.Fatal or
// that logs.
type vocabulary interface {
	cut(word string) []piece
	tokens() map[string]int // id of each piece; not to be changed
	unknown() int32         // id of the unknown token, -1 where there is none
}

// vocabularySpec is the model of a tokenizer.json.
type vocabularySpec struct {
	Type                    string
	Vocab                   json.RawMessage
	UnkToken                *string `json:"unk_token"`
	UnkID                   *int    `json:"unk_id"`
	ContinuingSubwordPrefix string  `json:"continuing_subword_prefix"`
	EndOfWordSuffix         string  `json:"end_of_word_suffix"`
	MaxInputCharsPerWord    *int    `json:"max_input_chars_per_word"`
	Merges                  json.RawMessage
	Dropout                 float64
	FuseUnk                 bool `json:"fuse_unk"`
	ByteFallback            bool `json:"byte_fallback"`
	IgnoreMerges            bool `json:"ignore_merges"`
}

func parseVocabulary(raw json.RawMessage) (vocabulary, error) {
	if absent(raw) {
		return nil, errors.New("model is missing")
	}
	var spec vocabularySpec
	if err := json.Unmarshal(raw, &spec); err != nil {
		return nil, fmt.Errorf("read model: %w", err)
	}
	if absent(spec.Vocab) {
		return nil, errors.New("model has no vocab")
	}
	kind := spec.Type
	switch { // files of before 2021 do not name the type
	case kind != "":
	case !absent(spec.Merges):
		kind = "BPE"
	case spec.MaxInputCharsPerWord != nil:
		kind = "WordPiece"
	}
	var v vocabulary
	var err error
	switch kind {
	case "WordPiece":
		v, err = newWordPiece(spec)
	case "BPE":
		v, err = newPairEncoding(spec)
	case "Unigram":
		v, err = newUnigram(spec)
	default:
		return nil, fmt.Errorf("model %q is not supported", kind)
	}
	if err != nil {
		return nil, fmt.Errorf("read model %s: %w", kind, err)
	}
	return v, nil
}

// parseIDs reads a vocab of the form {"piece": id}.
func (s vocabularySpec) parseIDs() (map[string]int, error) {
	var ids map[string]int
	if err := json.Unmarshal(s.Vocab, &ids); err != nil {
		return nil, fmt.Errorf("read vocab: %w", err)
	}
	for token, id := range ids {
		if id < 0 || id >= math.MaxInt32 {
			return nil, fmt.Errorf("id %d of %q is out of range", id, token)
		}
	}
	return ids, nil
}

// unknownID returns the id of unk_token, -1 where none is named.
func (s vocabularySpec) unknownID(ids map[string]int) (int32, error) {
	if s.UnkToken == nil {
		return -1, nil
	}
	id, ok := ids[*s.UnkToken]
	if !ok {
		return 0, fmt.Errorf("unk_token %q is not in vocab", *s.UnkToken)
	}
	return int32(id), nil
}

// wordPiece is BERT's greedy longest-match-first, cut by the library.
type wordPiece struct {
	library wordpiece.WordPiece
	unk     int32
}

// maxWordPieceChars bounds max_input_chars_per_word, since the library's time and memory grow with its square. Models
// use 100, a few 200.
const maxWordPieceChars = 1000

func newWordPiece(spec vocabularySpec) (*wordPiece, error) {
	if spec.UnkToken == nil || spec.MaxInputCharsPerWord == nil {
		return nil, errors.New("unk_token or max_input_chars_per_word is missing")
	}
	if n := *spec.MaxInputCharsPerWord; n < 0 || n > maxWordPieceChars {
		return nil, fmt.Errorf("max_input_chars_per_word %d is not in 0 to %d", n, maxWordPieceChars)
	}
	ids, err := spec.parseIDs()
	if err != nil {
		return nil, err
	}
	unk, err := spec.unknownID(ids)
	if err != nil {
		return nil, err
	}
	vocab := model.Vocab(ids)
	library := wordpiece.NewWordPieceBuilder().Vocab(&vocab).UnkToken(*spec.UnkToken).
		ContinuingSubwordPrefix(spec.ContinuingSubwordPrefix).MaxInputCharsPerWord(*spec.MaxInputCharsPerWord).Build()
	return &wordPiece{library, unk}, nil
}

func (w *wordPiece) tokens() map[string]int { return w.library.GetVocab() }
func (w *wordPiece) unknown() int32         { return w.unk }

func (w *wordPiece) cut(word string) []piece {
	var pieces []piece
	err := guarded(func() error {
		tokens, err := w.library.Tokenize(word)
		for _, t := range tokens {
			pieces = append(pieces, piece{int32(t.Id), int32(t.Offsets[0]), int32(t.Offsets[1])})
		}
		return err
	})
	if err != nil {
		return []piece{{w.unk, 0, int32(utf8.RuneCountInString(word))}}
	}
	return pieces
}

// guarded calls f, which is to call the library, and makes a panic in it an error.
func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return f()
}

// charOfByte returns, for each byte of word and for its end, the index of the character that it is in.
func charOfByte(word string) []int32 {
	chars := make([]int32, len(word)+1)
	n := int32(0)
	for i, r := range word {
		for j := range utf8.RuneLen(r) {
			chars[i+j] = n
		}
		n++
	}
	chars[len(word)] = n
	return chars
}

// covering returns the piece with the characters of which the bytes from start to end are part.
func covering(id int, chars []int32, start, end int) piece {
	return piece{int32(id), chars[start], chars[end-1] + 1}
}
