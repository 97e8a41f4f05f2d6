package stance

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	ort "github.com/yalue/onnxruntime_go"
)

// session runs one model. Calls may come from many goroutines: each runs on the thread that it comes on, so that as many
// texts are worked on as there are callers, and none waits for a pool.
type session struct {
	vocabulary int64 // ids run from 0 to under this
	inputs     []input
	ones       []int64

	open sync.RWMutex // held for reading while a call is under way
	ort  *ort.DynamicAdvancedSession
}

// input says what part of a window a model gets under which name.
type input struct {
	name string
	of   func(w window) (data []int64, shape ort.Shape)
}

var errClosed = errors.New("the model is closed")

// newSession loads a model for texts of ids under vocabulary.
func newSession(model []byte, m Manifest, vocabulary int) (*session, error) {
	s := &session{vocabulary: int64(vocabulary), ones: slices.Repeat([]int64{1}, m.MaxLength)}
	length := func(w window) ort.Shape { return ort.NewShape(1, int64(len(w.ids))) }
	all := []input{
		{m.Inputs.IDs, func(w window) ([]int64, ort.Shape) { return w.ids, length(w) }},
		{m.Inputs.Mask, func(w window) ([]int64, ort.Shape) { return s.ones[:len(w.ids)], length(w) }},
		{m.Inputs.Types, func(w window) ([]int64, ort.Shape) { return w.types, length(w) }},
		{m.Inputs.Actors, func(w window) ([]int64, ort.Shape) {
			return w.actors, ort.NewShape(1, int64(len(w.actors)/len(w.ids)), int64(len(w.ids)))
		}},
	}
	var names []string
	for _, in := range all {
		if in.name != "" {
			s.inputs, names = append(s.inputs, in), append(names, in.name)
		}
	}

	options, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	defer options.Destroy()
	if err := errors.Join(
		options.SetIntraOpNumThreads(1),
		options.SetInterOpNumThreads(1),
		options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"),
		options.SetMemPattern(false), // it would keep a plan for every shape there ever was, and wins nothing here
		// A file that calls itself another format would pass by the checks of checkGraph.
		options.AddSessionConfigEntry("session.load_model_format", "ONNX"),
	); err != nil {
		return nil, err
	}
	s.ort, err = ort.NewDynamicAdvancedSessionWithONNXData(model, names, []string{m.Output}, options)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", modelFile, err)
	}
	return s, nil
}

// run returns the logits of a window. It stops soon after ctx ends, between two operations of the model.
func (s *session) run(ctx context.Context, w window) ([]float32, error) {
	for _, id := range w.ids {
		if id < 0 || id >= s.vocabulary { // the runtime would read a negative one from the end of the table
			return nil, fmt.Errorf("id %d is not in the vocabulary of %d", id, s.vocabulary)
		}
	}
	s.open.RLock()
	defer s.open.RUnlock()
	if s.ort == nil {
		return nil, errClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}

	logits := make([]float32, len(w.to))
	var values []ort.Value
	defer func() {
		for _, v := range values {
			v.Destroy()
		}
	}()
	for _, in := range s.inputs {
		data, shape := in.of(w)
		v, err := ort.NewTensor(shape, data)
		if err != nil {
			return nil, fmt.Errorf("give input %q: %w", in.name, err)
		}
		values = append(values, v)
	}
	v, err := ort.NewTensor(ort.Shape(w.shape), logits)
	if err != nil {
		return nil, fmt.Errorf("take output: %w", err)
	}
	values = append(values, v)

	options, err := ort.NewRunOptions()
	if err != nil {
		return nil, err
	}
	terminated := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		options.Terminate()
		close(terminated)
	})
	n := len(s.inputs)
	err = s.ort.RunWithOptions(values[:n], values[n:], options)
	if !stop() {
		<-terminated // before the options go
	}
	options.Destroy()
	if err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, err
	}
	for _, x := range logits {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return nil, fmt.Errorf("a logit is %v", x)
		}
	}
	return logits, nil
}

// close waits for the calls under way.
func (s *session) close() error {
	s.open.Lock()
	defer s.open.Unlock()
	if s.ort == nil {
		return nil
	}
	err := s.ort.Destroy()
	s.ort = nil
	return err
}
