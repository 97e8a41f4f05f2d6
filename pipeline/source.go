package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"stance/pipeline/ingest"
	"stance/pipeline/store"
)

// source is the input of a run, fixed before the run begins: every file listed and hashed, standard input spooled to a
// temporary file, so that a run can be recognised and gone on with by what it reads.
type source struct {
	config ingest.Config
	inputs []ingest.Input
	before map[string]int64 // bytes of all inputs before this one
	total  int64
	spool  *os.File
}

func (c Config) source(ctx context.Context) (*source, error) {
	s := &source{config: c.ingest(), before: map[string]int64{}}
	var err error
	if s.inputs, err = ingest.List(ctx, s.config); err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(s.inputs, func(in ingest.Input) bool { return in.Path == "-" }); i >= 0 {
		if err := s.spoolStdin(&s.inputs[i]); err != nil {
			s.close()
			return nil, fmt.Errorf("spool standard input: %w", err)
		}
	}
	for _, in := range s.inputs {
		s.before[in.Path] = s.total
		s.total += in.Bytes
	}
	return s, nil
}

func (s *source) spoolStdin(in *ingest.Input) (err error) {
	if s.spool, err = os.CreateTemp("", "stance-stdin-"); err != nil {
		return err
	}
	hash := sha256.New()
	if in.Bytes, err = io.Copy(io.MultiWriter(s.spool, hash), s.config.Stdin); err != nil {
		return err
	}
	in.SHA256 = hex.EncodeToString(hash.Sum(nil))
	s.config.Stdin = s.spool
	_, err = s.spool.Seek(0, io.SeekStart)
	return err
}

func (s *source) close() {
	if s.spool != nil {
		s.spool.Close()
		os.Remove(s.spool.Name())
	}
}

func (s *source) stored() []store.Input {
	out := make([]store.Input, len(s.inputs))
	for i, in := range s.inputs {
		out[i] = store.Input(in)
	}
	return out
}

// at is about how many bytes of all inputs have been read when the record at offset of a file has been; offsets count
// decompressed bytes, so within a compressed file it is a guess from below and above.
func (s *source) at(file string, offset int64) int64 {
	return min(s.before[file]+offset, s.total)
}

func (c Config) runDate(now time.Time) time.Time {
	if c.RunDate.IsZero() {
		return now.UTC()
	}
	return c.RunDate
}
