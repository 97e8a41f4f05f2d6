package news

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"unicode/utf8"
)

// idBytes is the length of derived ids before hex: 12 bytes keep the chance of any collision among a billion ids
// under one in ten billion.
const idBytes = 12

// ID is the hex form of a hash over the fields, each preceded by its length so that no two lists of fields run together.
func ID(fields ...string) string {
	h := sha256.New()
	for _, f := range fields {
		h.Write(strconv.AppendInt(nil, int64(len(f)), 10))
		h.Write([]byte{':'})
		h.Write([]byte(f))
	}
	return hex.EncodeToString(h.Sum(nil)[:idBytes])
}

// ContentID identifies what an article says: its title and paragraphs, whoever published it and wherever it was read.
func (a *Article) ContentID() string {
	fields := make([]string, 0, 2*len(a.Paragraphs)+1)
	fields = append(fields, a.Title)
	for _, p := range a.Paragraphs {
		fields = append(fields, string(p.Kind), p.Text)
	}
	return ID(fields...)
}

// ArticleID derives an id for an article that came without one: from its URL where it has one, since that outlives
// corrections of the text, and from its content otherwise. File names take no part: a moved file is the same article.
func (a *Article) ArticleID() string {
	if a.URL != "" {
		return ID("url", a.URL)
	}
	return ID("content", a.Source, a.ContentID())
}

// RowID identifies a question put to a model: the same article, paragraph text, actor and model have the same id in
// every run on every machine.
func RowID(articleID string, p Paragraph, actorID, modelSHA256 string) string {
	return ID(articleID, strconv.Itoa(p.Index), p.Text, actorID, modelSHA256)
}

// RuneSlice returns the runes of s from start to end.
func RuneSlice(s string, start, end int) string {
	i := 0
	for ; start > 0 && i < len(s); start, end = start-1, end-1 {
		_, n := utf8.DecodeRuneInString(s[i:])
		i += n
	}
	j := i
	for ; end > 0 && j < len(s); end-- {
		_, n := utf8.DecodeRuneInString(s[j:])
		j += n
	}
	return s[i:j]
}
