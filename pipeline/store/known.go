package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"

	"stance/pipeline/news"
)

// key stands for an article with the text that it had: a corrected article is labelled again, an unchanged one never.
// 16 bytes keep the chance that any two of a hundred million articles share a key under one in 10^22.
type key [16]byte

func keyOf(a *news.Article) key { return keyFor(a.ID, a) }

// repeat is what an id ends in that comes again within a run: "~2", "~3" and so on, in the order of reading.
var repeat = regexp.MustCompile(`~[0-9]+$`)

// givenKeyOf is the key under the id that the article came with. An article that an earlier run labelled under that id
// is known, although a file that is read before it now has another article of the same id.
func givenKeyOf(a *news.Article) key { return keyFor(repeat.ReplaceAllString(a.ID, ""), a) }

func keyFor(id string, a *news.Article) (k key) {
	h := sha256.New()
	h.Write(binary.AppendUvarint(nil, uint64(len(id))))
	h.Write([]byte(id))
	h.Write([]byte(a.ContentID()))
	copy(k[:], h.Sum(nil))
	return k
}

func (k key) compare(l key) int { return bytes.Compare(k[:], l[:]) }

// keys is a set of articles in ascending order: 16 bytes an article, in memory as on the disk.
type keys []key

func (ks keys) has(k key) bool {
	_, ok := slices.BinarySearchFunc(ks, k, key.compare)
	return ok
}

// sorted orders keys, and drops those that come twice.
func (ks keys) sorted() keys {
	slices.SortFunc(ks, key.compare)
	return slices.Compact(ks)
}

func (ks keys) bytes() []byte {
	b := make([]byte, 0, len(ks)*len(key{}))
	for _, k := range ks {
		b = append(b, k[:]...)
	}
	return b
}

func keysFrom(b []byte) (keys, error) {
	if len(b)%len(key{}) != 0 {
		return nil, fmt.Errorf("%d bytes are no list of articles", len(b))
	}
	ks := make(keys, 0, len(b)/len(key{}))
	for k := range slices.Chunk(b, len(key{})) {
		ks = append(ks, key(k))
	}
	return ks, nil
}

// labelled is the set of articles that the runs have labelled with the model and actors of the plan. The run that
// the plan replaces does not count, nor does the plan's own.
func (t *Table) labelled(p Plan, runs []Manifest) (keys, error) {
	var all keys
	for _, m := range runs {
		if m.ModelSHA256 != p.ModelSHA256 || m.ActorsSHA256 != p.ActorsSHA256 || m.RunID == p.Supersedes || m.RunID == p.RunID {
			continue
		}
		ks, err := t.articles(m)
		if err != nil {
			return nil, err
		}
		all = append(all, ks...)
	}
	return all.sorted(), nil
}

// articles reads which articles a committed run has labelled.
func (t *Table) articles(m Manifest) (keys, error) {
	name := t.articlesPath(m.RunID)
	if err := t.intact(name, m.Articles); err != nil {
		return nil, err
	}
	b, err := t.readFile(name)
	if err != nil {
		return nil, err
	}
	ks, err := keysFrom(b)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w: %w", name, ErrCorrupt, err)
	}
	return ks, nil
}

func (t *Table) publishArticles(runID string, ks keys) (Digest, error) {
	name := t.articlesPath(runID)
	return t.publish(filepath.Dir(name), true, func(Digest) string { return filepath.Base(name) }, func(w io.Writer) error {
		_, err := w.Write(ks.bytes())
		return err
	})
}
