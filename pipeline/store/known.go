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

func keyOf(a *news.Article) key { return identityOf(a).own }

// identity is an article under its id, and under the id that it came with; for most articles these are the same. The
// number that a repeated id gets changes when a file is added or removed that is read before it, so an article is known
// by either.
type identity struct{ own, given key }

// repeat is what an id ends in that comes again within a run: "~2", "~3" and so on, in the order of reading.
var repeat = regexp.MustCompile(`~[0-9]+$`)

func identityOf(a *news.Article) identity {
	content := a.ContentID()
	return identity{own: keyFor(a.ID, content), given: keyFor(repeat.ReplaceAllString(a.ID, ""), content)}
}

func keyFor(id, content string) (k key) {
	h := sha256.New()
	h.Write(binary.AppendUvarint(nil, uint64(len(id))))
	h.Write([]byte(id))
	h.Write([]byte(content))
	copy(k[:], h.Sum(nil))
	return k
}

// identities pairs two lists of keys of the same articles. Earlier versions wrote none of the given ids.
func identities(own, given []byte) ([]identity, error) {
	if given == nil {
		given = own
	}
	a, err := keysFrom(own)
	if err != nil {
		return nil, err
	}
	b, err := keysFrom(given)
	if err != nil {
		return nil, err
	}
	if len(a) != len(b) {
		return nil, fmt.Errorf("%d articles came with %d ids", len(a), len(b))
	}
	ids := make([]identity, len(a))
	for i := range ids {
		ids[i] = identity{a[i], b[i]}
	}
	return ids, nil
}

func (k key) compare(l key) int { return bytes.Compare(k[:], l[:]) }

// keys is a set of articles in ascending order: 16 bytes an article, in memory as on the disk, and 16 more for one whose
// id is not the one that it came with.
type keys []key

func (ks keys) has(k key) bool {
	_, ok := slices.BinarySearchFunc(ks, k, key.compare)
	return ok
}

// know says whether the article is in the set under either of its ids.
func (ks keys) know(id identity) bool { return ks.has(id.own) || ks.has(id.given) }

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

// labelled is the set of articles, under all their ids, that the runs have labelled with the model and actors of the
// plan. The run that the plan replaces does not count, nor does the plan's own.
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
