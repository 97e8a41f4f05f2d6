package ingest

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"unicode/utf8"

	"stance/pipeline/news"
)

// maxIDRunes is the longest id that is kept as it is.
const maxIDRunes = 200

// articleID is the id that a record brings, if it can serve as one, or else the one derived from the article.
func articleID(given string, a *news.Article) string {
	switch {
	case given == "":
		return a.ArticleID()
	case utf8.RuneCountInString(given) > maxIDRunes:
		return news.ID("id", given)
	}
	return given
}

// idSet remembers which ids were given out: 8 bytes of hash, and how often. Should two ids ever share a hash, the second is
// numbered as if it were repeated, which does no harm.
type idSet map[uint64]uint32

// claim makes an id unique by numbering its repetitions: "x", "x~2", "x~3".
func (s idSet) claim(id string) string {
	first := hash64(id)
	s[first]++
	if s[first] == 1 {
		return id
	}
	for ; ; s[first]++ {
		numbered := id + "~" + strconv.FormatUint(uint64(s[first]), 10)
		if key := hash64(numbered); s[key] == 0 {
			s[key] = 1
			return numbered
		}
	}
}

func hash64(s string) uint64 {
	sum := sha256.Sum256([]byte(s))
	return binary.LittleEndian.Uint64(sum[:])
}
