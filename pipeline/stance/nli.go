package stance

import (
	"fmt"
	"slices"
	"strings"

	"stance/pipeline/news"
)

// entailment is the name by which stance.json points out the output that an entailment model raises when the second text
// follows from the first.
const entailment = "entailment"

// nli asks an entailment model, per subject and label, whether a hypothesis follows from the paragraph. The scores of the
// three labels are its logits for entailment, as in Yin, Hay and Roth 2019, "Benchmarking Zero-shot Text Classification".
type nli struct {
	reader
	hypotheses [len(news.Labels)]string // with actorField
	outputs    int
	entailment int // index among the outputs
}

func newNLI(m Manifest, tok *tokenizer) (layout, error) {
	r, err := newReader(m, tok, tok.special().pair)
	if err != nil {
		return nil, err
	}
	l := nli{reader: r, outputs: len(m.Labels), entailment: slices.Index(m.Labels, entailment)}
	if l.entailment < 0 || slices.Contains(m.Labels[l.entailment+1:], entailment) {
		return nil, fmt.Errorf("stance.json: labels %q must name the model's outputs in order, one of them %q", m.Labels, entailment)
	}
	if len(m.NLI.Hypotheses) != len(news.Labels) {
		return nil, fmt.Errorf("stance.json: nli.hypotheses has %d of the labels %q", len(m.NLI.Hypotheses), news.Labels)
	}
	for i, label := range news.Labels {
		l.hypotheses[i] = m.NLI.Hypotheses[label]
		if !strings.Contains(l.hypotheses[i], actorField) {
			return nil, fmt.Errorf("stance.json: the hypothesis %q for %q does not contain %s", l.hypotheses[i], label, actorField)
		}
	}
	return l, nil
}

func (l nli) windows(pieces []token, subjects []news.Subject) []window {
	var windows []window
	for i, s := range subjects {
		_, first := mark(pieces, s.Mentions, nil, nil)
		var second [len(news.Labels)][]int64
		longest := 0 // all three are asked of the same pieces
		for label, hypothesis := range l.hypotheses {
			second[label] = l.second(hypothesis, s.Actor)
			longest = max(longest, len(second[label]))
		}
		for label := range news.Labels {
			w := l.read(pieces, first, second[label], longest)
			w.shape = []int64{1, int64(l.outputs)}
			w.to = slices.Repeat([]int{nowhere}, l.outputs)
			w.to[l.entailment] = i*len(news.Labels) + label
			windows = append(windows, w)
		}
	}
	return windows
}
