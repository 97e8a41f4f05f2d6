// Package stance asks a model where each actor of a paragraph stands. In come a paragraph's text and its subjects, that
// is its actors with their mentions; out comes one stance per subject, in the same order.
//
// A model is a bundle: a folder with stance.json and the files that it names (see Manifest). Open reads each file once,
// checks its sha256, and uses those very bytes; it then has the model answer the bundle's golden texts before anything
// else. A bundle that is not wholly as its stance.json says is refused with ErrBundle.
//
// What is promised: the same text, subjects, bundle and version of ONNX Runtime give the same stances, whatever the
// number of goroutines, because every call sees one paragraph alone and runs on one thread. A number that is not finite
// never becomes a stance. Nothing is fetched.
//
// A paragraph that is longer than the model can read is read in windows: an actor is judged in the first window that
// shows its first mention (see windowStart), and its stance is marked Truncated.
package stance

import (
	"context"
	"errors"
	"fmt"
	"math"

	"stance/pipeline/news"
)

// The two ways in which a model cannot be used. The first is mended in the bundle, the second on the machine.
var (
	ErrBundle  = errors.New("model not usable")
	ErrRuntime = errors.New("ONNX Runtime not usable")
)

// Config says which model to use and with which library. Both are needed.
type Config struct {
	Bundle  string // folder of the bundle
	Runtime string // path of the ONNX Runtime shared library; FindRuntime finds it
}

// Validate reports a setting that cannot be right.
func (c Config) Validate() error {
	if c.Bundle == "" {
		return errors.New(`Bundle is "": name the folder of a model bundle`)
	}
	if c.Runtime == "" {
		return errors.New(`Runtime is "": name the ONNX Runtime library, or find it with FindRuntime`)
	}
	return nil
}

// Model is an open bundle. Its methods may be called from many goroutines at once.
type Model struct {
	manifest Manifest
	sha256   string
	runtime  string
	tok      *tokenizer
	layout   layout
	session  *session
}

// Open loads the library and the bundle and checks both. Its errors wrap ErrBundle or ErrRuntime, or are ctx's.
func Open(ctx context.Context, c Config) (*Model, error) {
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("open model: %w", err)
	}
	version, err := loadRuntime(c.Runtime)
	if err != nil {
		return nil, err
	}
	b, err := ReadBundle(ctx, c.Bundle)
	if err != nil {
		return nil, err
	}
	m, err := b.load(version)
	if err != nil {
		return nil, b.refuse(err)
	}
	if err := b.rehearse(ctx, m); err != nil {
		m.Close()
		return nil, b.refuse(err)
	}
	return m, nil
}

// load makes a model of a bundle for a runtime of that version, without a rehearsal.
func (b *Bundle) load(version string) (*Model, error) {
	s, err := newSession(b.model, b.Manifest, b.tok.size())
	if err != nil {
		return nil, err
	}
	return &Model{manifest: b.Manifest, sha256: b.SHA256, runtime: version, tok: b.tok, layout: b.layout, session: s}, nil
}

// ID is the bundle's own name for itself.
func (m *Model) ID() string { return m.manifest.ID }

// SHA256 is the hex sha256 of stance.json, which holds the checksums of all other files: it stands for every byte of
// the bundle.
func (m *Model) SHA256() string { return m.sha256 }

// Manifest is what the bundle's stance.json says.
func (m *Model) Manifest() Manifest { return m.manifest }

// Runtime is the version of ONNX Runtime in use, such as "1.30.0".
func (m *Model) Runtime() string { return m.runtime }

// Close waits for the calls under way and frees the model. It may be called more than once.
func (m *Model) Close() error { return m.session.close() }

// Label returns one stance per subject, in the order of subjects. When ctx ends it stops within the operation of the
// model that is under way and returns ctx's error; every other error means that no stance of the paragraph can be trusted.
func (m *Model) Label(ctx context.Context, text string, subjects []news.Subject) ([]news.Stance, error) {
	stances := make([]news.Stance, len(subjects))
	if len(subjects) == 0 {
		return stances, nil
	}
	scores := make([]float64, len(subjects)*len(news.Labels))
	for _, w := range m.layout.windows(m.tok.encode(text), subjects) {
		logits, err := m.session.run(ctx, w)
		if err != nil {
			return nil, fmt.Errorf("run model %q: %w", m.manifest.ID, err)
		}
		for i, to := range w.to {
			if to != nowhere {
				scores[to] = float64(logits[i])
				s := &stances[to/len(news.Labels)]
				s.Truncated = s.Truncated || w.cut
			}
		}
	}
	for i := range stances {
		m.decide(&stances[i], scores[i*len(news.Labels):][:len(news.Labels)])
	}
	return stances, nil
}

// decide turns the scores of one subject, in the order of news.Labels, into its stance. The label is chosen from the
// probabilities as they are stored, so that a reader of the table finds the same one; of equals neutral wins, then the
// first.
func (m *Model) decide(s *news.Stance, scores []float64) {
	top, sum := math.Inf(-1), 0.0
	for _, x := range scores {
		top = max(top, x)
	}
	var e [len(news.Labels)]float64
	for i, x := range scores {
		e[i] = math.Exp((x - top) / m.manifest.Temperature)
		sum += e[i]
	}
	best := 0
	for i := range e {
		s.P[i] = float32(e[i] / sum)
		if s.P[i] > s.P[best] || s.P[i] == s.P[best] && news.Labels[i] == news.Neutral {
			best = i
		}
	}
	var next float32
	for i, p := range s.P {
		if i != best {
			next = max(next, p)
		}
	}
	s.Label, s.Margin = news.Labels[best], s.P[best]-next
	s.Abstained = float64(s.Margin) < m.manifest.Threshold
}
