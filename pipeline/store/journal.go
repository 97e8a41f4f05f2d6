package store

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"strings"
)

// journal holds the articles that are labelled and not yet in a part, so that a killed run loses none of its work. It
// is a list of frames: length and CRC-32C of the payload, little endian, then the payload; the first one is the hash
// of the plan. Each is written at once and none is synced: what a power cut takes is labelled again.
type journal struct {
	file outFile
}

// entry is one labelled article on its way into a part.
type entry struct {
	Ordinal int64    `json:"ordinal"`
	Key     []byte   `json:"key"`
	Given   []byte   `json:"given"` // the key under the id that it came with; earlier versions lack it
	Of      Labelled `json:"of"`
}

func (e entry) identity() identity { return identity{key(e.Key), key(e.Given)} }

const frameHead = 8

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (w *Writer) openJournal() (*journal, error) {
	name := journalStem(w.shard, w.plan.Shards, w.number) + strings.ToLower(rand.Text())
	f, err := w.table.disk.Create(w.staged(name))
	if err != nil {
		return nil, fmt.Errorf("create journal in %q: %w", w.staged(""), refusal(err))
	}
	j := &journal{f}
	return j, j.frame([]byte(w.planSum))
}

func (w *Writer) closeJournal() {
	if w.journal != nil {
		w.journal.file.Close() // it was not synced either, so there is nothing to be sure of
		w.journal = nil
	}
}

func (j *journal) add(e entry) error {
	payload, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("encode journal entry: %w", err)
	}
	return j.frame(payload)
}

func (j *journal) frame(payload []byte) error {
	b := make([]byte, frameHead, frameHead+len(payload))
	binary.LittleEndian.PutUint32(b, uint32(len(payload)))
	binary.LittleEndian.PutUint32(b[4:], crc32.Checksum(payload, castagnoli))
	if _, err := j.file.Write(append(b, payload...)); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	return nil
}

// readJournal returns the entries up to the first that is torn.
func readJournal(b []byte, planSum string) (entries []entry) {
	next := func() []byte {
		if len(b) < frameHead {
			return nil
		}
		n, crc := int64(binary.LittleEndian.Uint32(b)), binary.LittleEndian.Uint32(b[4:])
		if n > int64(len(b)-frameHead) {
			return nil
		}
		payload := b[frameHead : frameHead+n]
		if crc32.Checksum(payload, castagnoli) != crc {
			return nil
		}
		b = b[frameHead+n:]
		return payload
	}
	if !bytes.Equal(next(), []byte(planSum)) {
		return nil
	}
	for payload := next(); payload != nil; payload = next() {
		var e entry
		if json.Unmarshal(payload, &e) != nil || e.Of.Article == nil || e.Of.check() != nil {
			return entries
		}
		if e.Given == nil {
			e.Given = e.Key
		}
		if len(e.Key) != len(key{}) || len(e.Given) != len(key{}) {
			return entries
		}
		if n := len(entries); n > 0 && e.Ordinal <= entries[n-1].Ordinal {
			return entries
		}
		entries = append(entries, e)
	}
	return entries
}
