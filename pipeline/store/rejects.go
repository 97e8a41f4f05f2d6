package store

import (
	"bufio"
	"encoding/json"
	"fmt"
)

// Left is one line of rejects.jsonl: an article, or a whole file, that was not labelled.
type Left struct {
	Outcome   string `json:"outcome"` // Skipped or Rejected
	Reason    string `json:"reason"`  // a short code
	Detail    string `json:"detail"`  // a sentence
	File      string `json:"file"`
	Offset    int64  `json:"offset"`
	ArticleID string `json:"article_id"`
}

// rejects is the file of these lines while it grows.
type rejects struct {
	draft *draft
	to    *bufio.Writer
	lines int64
}

func newRejects(t *Table, dir string) (*rejects, error) {
	d, err := t.draft(dir)
	if err != nil {
		return nil, err
	}
	return &rejects{draft: d, to: bufio.NewWriterSize(d, 1<<16)}, nil
}

func (r *rejects) add(l Left) error {
	b, err := json.Marshal(l)
	if err == nil {
		_, err = r.to.Write(append(b, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write rejects: %w", err)
	}
	r.lines++
	return nil
}

func (r *rejects) publish() (Lines, error) {
	if err := r.to.Flush(); err != nil {
		return Lines{}, fmt.Errorf("write rejects: %w", err)
	}
	sum, err := r.draft.publish(true, func(d Digest) string { return rejectsName(d.SHA256) })
	return Lines{Lines: r.lines, Digest: sum}, err
}

func (r *rejects) drop() { r.draft.drop() }
