package stance

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// vectorWords are the words that the tokenizer hands to its vocabulary for the texts of the vectors.
func vectorWords(t testing.TB, tok *tokenizer) []string {
	t.Helper()
	words := map[string]bool{}
	for _, v := range readVectors(t) {
		s := new(scratch)
		s.read(v.Text)
		s.each(func(s *scratch, src []char) { s.emit(tok.normalize(s, src)) })
		for _, split := range tok.splitters {
			s.each(split)
		}
		for _, p := range s.parts {
			words[string(appendText(nil, p.chars))] = true
		}
	}
	var list []string
	for w := range words {
		list = append(list, w)
	}
	return list
}

func TestLibraryMergesSuitableWordsAsWeDo(t *testing.T) {
	b := openBase(t, "bytebpe").vocabulary.(*pairEncoding)
	if !b.usable {
		t.Fatal("the library is used for no word")
	}
	words := vectorWords(t, openBase(t, "bytebpe"))
	random := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		word := make([]byte, 1+random.IntN(12))
		for i := range word {
			word[i] = "aeinorst"[random.IntN(8)]
		}
		words = append(words, string(word))
	}
	suitable, differ := 0, 0
	for _, word := range words {
		ours := b.merge(b.symbols(word), charOfByte(word))
		if b.suitsLibrary(word) {
			suitable++
			if diff := cmp.Diff(ours, b.cut(word), cmp.AllowUnexported(piece{})); diff != "" {
				t.Errorf("library on %q: %s", word, diff)
			}
		} else if merged := b.library.MergeWord(word); fmt.Sprint(merged.GetChars()) != fmt.Sprint(idsOf(ours)) {
			differ++
		}
	}
	t.Logf("%d words, %d for the library, %d of the others it gets wrong", len(words), suitable, differ)
	if suitable < len(words)*9/10 {
		t.Errorf("only %d of %d words go to the library", suitable, len(words))
	}
	if differ == 0 {
		t.Error("the library gets no word wrong any more: drop merge and symbols")
	}
}

func idsOf(pieces []piece) []int {
	ids := []int{}
	for _, p := range pieces {
		ids = append(ids, int(p.id))
	}
	return ids
}

func TestPiecesOfWords(t *testing.T) {
	const letters = `"a": 0, "b": 1, "aa": 2, "ab": 3, "aab": 4, "?": 5, "<0xC3>": 6, "<0xA9>": 7`
	for _, c := range []struct {
		name, model, word string
		want              []piece
	}{
		{"equal merges go from left to right", `{"type": "BPE", "vocab": {` + letters + `}, "merges": ["a a"]}`,
			"aaaaa", []piece{{2, 0, 2}, {2, 2, 4}, {0, 4, 5}}},
		{"a long word is merged too", `{"type": "BPE", "vocab": {` + letters + `}, "merges": ["a a"]}`,
			strings.Repeat("ab", 40) + "aa", append(alternating(40), piece{2, 80, 82})},
		{"an unknown character is left out where there is no unknown token", `{"type": "BPE", "vocab": {` + letters + `}, "merges": []}`,
			"axb", []piece{{0, 0, 1}, {1, 1, 2}}},
		{"unknown characters stand apart", `{"type": "BPE", "unk_token": "?", "vocab": {` + letters + `}, "merges": []}`,
			"xya", []piece{{5, 0, 1}, {5, 1, 2}, {0, 2, 3}}},
		{"unknown characters are fused", `{"type": "BPE", "unk_token": "?", "fuse_unk": true, "vocab": {` + letters + `}, "merges": []}`,
			"xyaz", []piece{{5, 0, 2}, {0, 2, 3}, {5, 3, 4}}},
		{"merges that lead back to a part of theirs come to an end", `{"type": "BPE", "continuing_subword_prefix": "#", "vocab": {"a": 0, "#": 1, "##": 2}, "merges": [["a", "#"], ["#", "#"]]}`,
			"a##", []piece{{0, 0, 1}, {2, 1, 2}, {2, 2, 3}}},
		{"unknown characters are spelt in bytes", `{"type": "BPE", "byte_fallback": true, "vocab": {` + letters + `}, "merges": []}`,
			"aé", []piece{{0, 0, 1}, {6, 1, 2}, {7, 1, 2}}},
		{"a whole word is not merged", `{"type": "BPE", "ignore_merges": true, "vocab": {` + letters + `}, "merges": []}`,
			"aab", []piece{{4, 0, 3}}},
		{"the best sum of scores wins", `{"type": "Unigram", "unk_id": 0, "vocab": [["?", 0], ["a", -1], ["b", -1], ["ab", -1.5], ["ba", -3]]}`,
			"aba", []piece{{3, 0, 2}, {1, 2, 3}}},
		{"of equal sums the longest last piece wins", `{"type": "Unigram", "unk_id": 0, "vocab": [["?", 0], ["a", -1], ["aa", -1]]}`,
			"aaa", []piece{{1, 0, 1}, {2, 1, 3}}},
		{"unknown neighbours are one piece", `{"type": "Unigram", "unk_id": 0, "vocab": [["?", 0], ["a", -1]]}`,
			"xéa語", []piece{{0, 0, 2}, {1, 2, 3}, {0, 3, 4}}},
		{"a piece may be longer than 20 bytes", `{"type": "Unigram", "unk_id": 0, "vocab": [["?", 0], ["a", -9], ["aaaaaaaaaaaaaaaaaaaaaaaaa", -1]]}`,
			strings.Repeat("a", 26), []piece{{1, 0, 1}, {2, 1, 26}}},
		{"the longest piece comes first", `{"type": "WordPiece", "unk_token": "?", "continuing_subword_prefix": "#", "max_input_chars_per_word": 4, "vocab": {"?": 0, "é": 1, "#b": 2, "#bc": 3}}`,
			"ébcb", []piece{{1, 0, 1}, {3, 1, 3}, {2, 3, 4}}},
		{"a word that is too long is unknown", `{"type": "WordPiece", "unk_token": "?", "continuing_subword_prefix": "#", "max_input_chars_per_word": 4, "vocab": {"?": 0, "é": 1, "#b": 2}}`,
			"ébbbb", []piece{{0, 0, 5}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, err := parseVocabulary(json.RawMessage(c.model))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, v.cut(c.word), cmp.AllowUnexported(piece{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func alternating(n int32) []piece {
	var pieces []piece
	for i := range n {
		pieces = append(pieces, piece{0, 2 * i, 2*i + 1}, piece{1, 2*i + 1, 2*i + 2})
	}
	return pieces
}

func TestPanicInTheLibraryIsAnUnknownWord(t *testing.T) {
	w := openBase(t, "wordpiece").vocabulary.(*wordPiece)
	broken := *w
	broken.library = (wordPiece{}).library // without a vocabulary it panics
	if diff := cmp.Diff([]piece{{w.unk, 0, 5}}, broken.cut("ville"), cmp.AllowUnexported(piece{})); diff != "" {
		t.Error(diff)
	}
	b := *openBase(t, "bytebpe").vocabulary.(*pairEncoding)
	want := b.cut("ville")
	b.library = nil
	if diff := cmp.Diff(want, b.cut("ville"), cmp.AllowUnexported(piece{})); diff != "" {
		t.Error(diff)
	}
}

func TestCacheForgetsBeforeItGrowsTooLarge(t *testing.T) {
	const limit = 64 << 10
	c := newWordCache(limit)
	word := func(i int) []byte { return fmt.Appendf(nil, "word-%d", i) }
	for i := range 10000 {
		c.put(word(i), []piece{{int32(i), 0, 1}})
		if i%10 == 0 { // used all the time
			c.get(word(0))
		}
		if i%1000 == 999 {
			bytes := 0
			for j := range c.shards {
				for _, generation := range []map[string][]piece{c.shards[j].young, c.shards[j].old} {
					for w, p := range generation {
						bytes += entryBytes + len(w) + pieceBytes*len(p)
					}
				}
			}
			if bytes > limit || bytes < limit/4 {
				t.Errorf("%d bytes after %d words, limit is %d", bytes, i+1, limit)
			}
		}
	}
	if p, ok := c.get(word(9999)); !ok || p[0].id != 9999 {
		t.Errorf("last word: %v, %v", p, ok)
	}
	if p, ok := c.get(word(0)); !ok || p[0].id != 0 {
		t.Errorf("word in use: %v, %v", p, ok)
	}
	if _, ok := c.get(word(1)); ok {
		t.Error("a word that nobody asked for is still there")
	}
	huge := []byte(strings.Repeat("x", cachedWordBytes+1))
	c.put(huge, nil)
	if _, ok := c.get(huge); ok {
		t.Error("a huge word is kept")
	}
}
