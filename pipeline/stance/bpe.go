package stance

import (
	"container/heap"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/sugarme/tokenizer/model"
	"github.com/sugarme/tokenizer/model/bpe"
)

// pairEncoding is byte-pair encoding: a word starts as its characters, and of all neighbours that the list of merges has,
// the pair that is first in the list, and of equals the leftmost, becomes one piece, until no pair is left.
//
// The library does this for most words. It does not for those on which it was found wrong: among equal merges it takes the
// order of its heap, so that "aaaaa" may come out as aa a aa; it puts continuing_subword_prefix on the first character
// instead of the others and forgets end_of_word_suffix; it has no fuse_unk, byte_fallback and ignore_merges; it prints and
// panics at a character that it does not know; and its time and memory grow with the square of the length.
type pairEncoding struct {
	library *bpe.BPE
	usable  bool // the library is right for words that suit it
	ids     map[string]int
	merges  bpe.Merges
	unk     int32

	prefix, suffix                      string // of what the vocabulary calls a piece inside and at the end of a word
	fuseUnk, byteFallback, ignoreMerges bool
}

// maxLibraryWord is in bytes; see above on squares.
const maxLibraryWord = 64

func newPairEncoding(spec vocabularySpec) (*pairEncoding, error) {
	if spec.Dropout != 0 {
		return nil, fmt.Errorf("dropout %g makes the pieces a matter of chance", spec.Dropout)
	}
	if spec.ByteFallback && spec.ContinuingSubwordPrefix+spec.EndOfWordSuffix != "" {
		return nil, errors.New("byte_fallback together with continuing_subword_prefix or end_of_word_suffix is not supported")
	}
	ids, err := spec.parseIDs()
	if err != nil {
		return nil, err
	}
	unk, err := spec.unknownID(ids)
	if err != nil {
		return nil, err
	}
	merges, err := parseMerges(spec.Merges, ids, len(spec.ContinuingSubwordPrefix))
	if err != nil {
		return nil, err
	}
	builder := bpe.NewBpeBuilder()
	builder.VocabAndMerges(model.Vocab(ids), merges)
	builder.CacheCapacity(0)
	library, err := builder.Build()
	if err != nil {
		return nil, err
	}
	return &pairEncoding{
		library: library,
		usable:  spec.ContinuingSubwordPrefix+spec.EndOfWordSuffix == "" && madeBeforeUse(merges),
		ids:     ids, merges: merges, unk: unk,
		prefix: spec.ContinuingSubwordPrefix, suffix: spec.EndOfWordSuffix,
		fuseUnk: spec.FuseUnk, byteFallback: spec.ByteFallback, ignoreMerges: spec.IgnoreMerges,
	}, nil
}

func (b *pairEncoding) tokens() map[string]int { return b.ids }
func (b *pairEncoding) unknown() int32         { return b.unk }

// parseMerges reads a list of pairs, each either ["a", "b"] or "a b".
func parseMerges(raw json.RawMessage, ids map[string]int, prefixBytes int) (bpe.Merges, error) {
	if absent(raw) {
		return nil, errors.New("merges are missing")
	}
	var pairs [][2]string
	if err := json.Unmarshal(raw, &pairs); err != nil {
		var lines []string
		if err := json.Unmarshal(raw, &lines); err != nil {
			return nil, fmt.Errorf("read merges: %w", err)
		}
		pairs = pairs[:0]
		for _, line := range lines {
			if strings.HasPrefix(line, "#version") {
				continue
			}
			a, b, ok := strings.Cut(line, " ")
			if !ok || strings.Contains(b, " ") {
				return nil, fmt.Errorf("merge %q is not a pair", line)
			}
			pairs = append(pairs, [2]string{a, b})
		}
	}
	merges := make(bpe.Merges, len(pairs))
	for rank, p := range pairs {
		if len(p[1]) < prefixBytes {
			return nil, fmt.Errorf("merge %q has a second part without continuing_subword_prefix", p)
		}
		first, ok1 := ids[p[0]]
		second, ok2 := ids[p[1]]
		both, ok3 := ids[p[0]+p[1][prefixBytes:]]
		if !ok1 || !ok2 || !ok3 {
			return nil, fmt.Errorf("merge %q has a part or a result that is not in vocab", p)
		}
		merges[bpe.Pair{C1: first, C2: second}] = bpe.PairVal{Rank: rank, NewId: both}
	}
	return merges, nil
}

// madeBeforeUse says that every piece is made only by merges that come before the first that uses it, as training leaves
// them. Then all merges of one rank are done before the next rank, and their order matters only where they overlap.
func madeBeforeUse(merges bpe.Merges) bool {
	made := make(map[int]int, len(merges))
	for _, m := range merges {
		made[m.NewId] = max(made[m.NewId], m.Rank)
	}
	for pair, m := range merges {
		for _, part := range []int{pair.C1, pair.C2} {
			if rank, ok := made[part]; ok && rank >= m.Rank {
				return false
			}
		}
	}
	return true
}

func (b *pairEncoding) cut(word string) []piece {
	chars := charOfByte(word)
	if b.ignoreMerges {
		if id, ok := b.ids[word]; ok {
			return []piece{covering(id, chars, 0, len(word))}
		}
	}
	if b.usable && b.suitsLibrary(word) {
		var pieces []piece
		err := guarded(func() error {
			merged := b.library.MergeWord(word)
			offsets := merged.GetOffsets()
			for i, id := range merged.GetChars() {
				pieces = append(pieces, covering(id, chars, offsets[i][0], offsets[i][1]))
			}
			return nil
		})
		if err == nil {
			return pieces
		}
	}
	return b.merge(b.symbols(word), chars)
}

// suitsLibrary says that the library cuts word as the reference does. Equal merges overlap only in a run of three or more
// equal pieces, which is a stretch of the word three times in a row.
func (b *pairEncoding) suitsLibrary(word string) bool {
	if len(word) > maxLibraryWord {
		return false
	}
	for period := 1; period <= len(word)/3; period++ {
		same := 0
		for i := period; i < len(word); i++ {
			if word[i] != word[i-period] {
				same = 0
			} else if same++; same == 2*period {
				return false
			}
		}
	}
	for i, r := range word {
		if _, ok := b.ids[word[i:i+utf8.RuneLen(r)]]; !ok {
			return false
		}
	}
	return true
}

// symbol is a piece in the making. Merged into the one before it, it has no bytes any more.
type symbol struct {
	id, bytes  int
	prev, next int // -1 at the ends
}

// symbols returns the characters of a word, the unknown ones as the unknown token or, with byte_fallback, as bytes.
func (b *pairEncoding) symbols(word string) []symbol {
	var all []symbol
	add := func(id, bytes int) {
		all = append(all, symbol{id: id, bytes: bytes, prev: len(all) - 1, next: len(all) + 1})
	}
	unknownBytes := 0
	flush := func() {
		if unknownBytes > 0 {
			add(int(b.unk), unknownBytes)
			unknownBytes = 0
		}
	}
	for i, r := range word {
		size := utf8.RuneLen(r)
		text := word[i : i+size]
		if i > 0 {
			text = b.prefix + text
		}
		if i+size == len(word) {
			text += b.suffix
		}
		if id, ok := b.ids[text]; ok {
			flush()
			add(id, size)
			continue
		}
		if bytes, ok := byteTokens(b.ids, text); ok && b.byteFallback {
			// The reference does not put out waiting unknown characters here, and neither may we.
			for _, id := range bytes {
				add(id, 1)
			}
			continue
		}
		if b.unk < 0 {
			continue // the reference drops it, and its bytes with it
		}
		if !b.fuseUnk {
			flush()
		}
		unknownBytes += size
	}
	flush()
	if len(all) > 0 {
		all[len(all)-1].next = -1
	}
	return all
}

// byteTokens returns the ids of the bytes of text, if the vocabulary has them all.
func byteTokens(ids map[string]int, text string) ([]int, bool) {
	tokens := make([]int, len(text))
	for i := range len(text) {
		id, ok := ids[fmt.Sprintf("<0x%02X>", text[i])]
		if !ok {
			return nil, false
		}
		tokens[i] = id
	}
	return tokens, true
}

// merge does what the library does, taking equal merges from left to right.
func (b *pairEncoding) merge(symbols []symbol, chars []int32) []piece {
	var queue mergeQueue
	push := func(pos int) {
		if pos < 0 || symbols[pos].next < 0 {
			return
		}
		pair := bpe.Pair{C1: symbols[pos].id, C2: symbols[symbols[pos].next].id}
		if m, ok := b.merges[pair]; ok {
			heap.Push(&queue, queued{pos, m})
		}
	}
	for pos := range symbols {
		push(pos)
	}
	for len(queue) > 0 {
		q := heap.Pop(&queue).(queued)
		left := &symbols[q.pos]
		if left.bytes == 0 || left.next < 0 {
			continue
		}
		right := &symbols[left.next]
		if m, ok := b.merges[bpe.Pair{C1: left.id, C2: right.id}]; !ok || m.NewId != q.NewId {
			continue // the pair has changed since
		}
		left.id, left.bytes, left.next = q.NewId, left.bytes+right.bytes, right.next
		right.bytes = 0
		if left.next >= 0 {
			symbols[left.next].prev = q.pos
		}
		push(left.prev)
		push(q.pos)
	}
	pieces := make([]piece, 0, len(symbols))
	at := 0
	for _, s := range symbols {
		if s.bytes > 0 {
			pieces = append(pieces, covering(s.id, chars, at, at+s.bytes))
			at += s.bytes
		}
	}
	return pieces
}

// queued is a merge that may be done at pos, unless the symbols there have changed by its turn.
type queued struct {
	pos int
	bpe.PairVal
}

// mergeQueue is a heap.Interface: lowest rank first, then from left to right.
type mergeQueue []queued

func (q mergeQueue) Len() int      { return len(q) }
func (q mergeQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q mergeQueue) Less(i, j int) bool {
	return q[i].Rank < q[j].Rank || q[i].Rank == q[j].Rank && q[i].pos < q[j].pos
}
func (q *mergeQueue) Push(x any) { *q = append(*q, x.(queued)) }
func (q *mergeQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
