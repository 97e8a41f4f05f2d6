package stance

import (
	"hash/maphash"
	"sync"
)

// wordCache remembers the pieces of words. It holds at most a given number of bytes and is safe for concurrent use. Each
// shard keeps two generations: a full young one becomes the old one, and what is not asked for again before that happens
// the next time is forgotten.
type wordCache struct {
	seed       maphash.Seed
	shards     [16]cacheShard
	shardBytes int // of one generation of one shard
}

type cacheShard struct {
	mu         sync.RWMutex
	young, old map[string][]piece
	youngBytes int
}

const (
	entryBytes      = 96  // of a map entry with its headers, and of what allocation rounds up
	pieceBytes      = 12  // of a piece
	cachedWordBytes = 128 // a longer word is too rare to be worth its room
)

func newWordCache(limitBytes int) *wordCache {
	c := &wordCache{seed: maphash.MakeSeed()}
	c.shardBytes = limitBytes / len(c.shards) / 2
	return c
}

func (c *wordCache) shard(word []byte) *cacheShard {
	return &c.shards[maphash.Bytes(c.seed, word)%uint64(len(c.shards))]
}

// get returns the pieces of word, which nobody may change.
func (c *wordCache) get(word []byte) ([]piece, bool) {
	s := c.shard(word)
	s.mu.RLock()
	pieces, young := s.young[string(word)]
	old := false
	if !young {
		pieces, old = s.old[string(word)]
	}
	s.mu.RUnlock()
	if old {
		c.put(word, pieces)
	}
	return pieces, young || old
}

func (c *wordCache) put(word []byte, pieces []piece) {
	size := entryBytes + len(word) + pieceBytes*len(pieces)
	if len(word) > cachedWordBytes || size > c.shardBytes {
		return
	}
	s := c.shard(word)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.youngBytes+size > c.shardBytes || s.young == nil {
		s.old, s.young, s.youngBytes = s.young, make(map[string][]piece), 0
	}
	if _, ok := s.young[string(word)]; !ok {
		s.young[string(word)] = pieces
		s.youngBytes += size
	}
}
