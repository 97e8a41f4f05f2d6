package evaluate

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"stance/pipeline/news"
)

// Behaviour is a template of the behavioural suite (Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing of NLP
// Models with CheckList"): one sentence pattern, the labels that its actors must get, and what to fill it with.
type Behaviour struct {
	ID         string                `json:"id"`
	Capability string                `json:"capability"`        // what it tries, such as "negation"
	Template   string                `json:"template"`          // with slots such as {A}
	Labels     map[string]news.Label `json:"labels"`            // by slot, without braces, or by actor id; the author has one too
	SameAs     string                `json:"same_as,omitempty"` // a template whose cases, filling by filling, must get the same labels
	Fillings   []map[string]Filling  `json:"fillings"`          // by slot
}

// Filling is what stands in a slot: words, and the actor whom they name where they name one.
type Filling struct {
	Text  string `json:"text"`
	Actor string `json:"actor,omitempty"`
}

// ReadBehaviour reads a behavioural suite, one template per line. Its error names every line that breaks the format and how.
func ReadBehaviour(r io.Reader) ([]Behaviour, error) {
	var all []Behaviour
	byID := map[string]*Behaviour{}
	err := readLines(r, func(text []byte) error {
		var b Behaviour
		if err := decode(text, &b); err != nil {
			return err
		}
		if b.ID == "" || b.Capability == "" || byID[b.ID] != nil {
			return fmt.Errorf("template %q needs a capability and an id of its own", b.ID)
		}
		if len(b.Fillings) == 0 {
			return fmt.Errorf("template %q has no fillings", b.ID)
		}
		for i := range b.Fillings {
			if _, err := b.fill(i); err != nil {
				return fmt.Errorf("template %q, filling %d: %w", b.ID, i+1, err)
			}
		}
		if b.SameAs != "" {
			other := byID[b.SameAs]
			if other == nil {
				return fmt.Errorf("template %q: its same_as %q stands in no earlier line", b.ID, b.SameAs)
			}
			if !slices.EqualFunc(b.Fillings, other.Fillings, func(x, y map[string]Filling) bool { return maps.Equal(x, y) }) || !maps.Equal(b.Labels, other.Labels) {
				return fmt.Errorf("template %q: its labels and fillings are not those of %q", b.ID, b.SameAs)
			}
		}
		byID[b.ID] = &b
		all = append(all, b)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read behavioural suite: %w", err)
	}
	return all, nil
}

// Cases returns an article of one paragraph for each filling. Its id is that of the template and the number of the
// filling, from 1: "negation-ruled-out/07".
func (b *Behaviour) Cases() []Article {
	out := make([]Article, len(b.Fillings))
	for i := range b.Fillings {
		p, _ := b.fill(i) // checked by ReadBehaviour
		out[i] = Article{ID: fmt.Sprintf("%s/%02d", b.ID, i+1), Genre: "behaviour", Title: b.ID, Published: "2026-01-31", Paragraphs: []Paragraph{p}}
	}
	return out
}

func (b *Behaviour) fill(n int) (Paragraph, error) {
	p := Paragraph{Kind: news.Body, Text: b.Template, Labels: map[string]news.Label{}}
	actors := map[string]string{}
	for slot, f := range b.Fillings[n] {
		if !strings.Contains(b.Template, "{"+slot+"}") {
			return p, fmt.Errorf("the template has no slot {%s}", slot)
		}
		p.Text = strings.ReplaceAll(p.Text, "{"+slot+"}", f.Text)
		actors[slot] = f.Actor
	}
	if strings.ContainsAny(p.Text, "{}") {
		return p, fmt.Errorf("a slot is left open: %s", p.Text)
	}
	for name, label := range b.Labels {
		id, slot := actors[name]
		if !slot {
			id = name
		}
		if id == "" {
			return p, fmt.Errorf("slot {%s} has a label but names no actor", name)
		}
		if first, again := p.Labels[id]; again && first != label {
			return p, fmt.Errorf("%s is both %s and %s", id, first, label)
		}
		p.Labels[id] = label
	}
	for slot, id := range actors {
		if _, ok := p.Labels[id]; id != "" && !ok {
			return p, fmt.Errorf("slot {%s} names %s, who has no label", slot, id)
		}
	}
	first, size := utf8.DecodeRuneInString(p.Text)
	p.Text = string(unicode.ToUpper(first)) + p.Text[size:]
	return p, p.check()
}
