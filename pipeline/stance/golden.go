package stance

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"stance/pipeline/news"
)

// A probability may be this far from the golden one, or as far as the manifest says, which may say at most mostTolerance. The sums
// of fp32 kernels come out in another order on another processor or in another framework, which moves probabilities by about 1e-6
// to 1e-5, and by up to 1e-2 where the graph then rounds to integers: a number near a tie goes the other way. A wrong weight, mask,
// id, label order or temperature moves some by far more.
const (
	goldenTolerance = 1e-3
	mostTolerance   = 0.05
)

// golden is a line of golden.jsonl: a question, and how the training side, or Import, laid it out and answered it.
type golden struct {
	Text          string                      `json:"text"`
	Subjects      []goldenSubject             `json:"subjects"`
	IDs           []int64                     `json:"ids"`           // of all windows, one after another
	Probabilities [][len(news.Labels)]float64 `json:"probabilities"` // per subject, in the order of news.Labels
}

type goldenSubject struct {
	Actor string   `json:"actor"` // id
	Name  string   `json:"name"`
	Spans [][2]int `json:"spans"` // of its mentions, half open, in runes
}

func readGolden(data []byte) ([]golden, error) {
	var all []golden
	line := 0
	for text := range bytes.Lines(data) {
		line++
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		var g golden
		if err := decodeStrictly(text, &g); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		if len(g.Subjects) == 0 || len(g.Subjects) != len(g.Probabilities) {
			return nil, fmt.Errorf("line %d: %d subjects and %d probabilities: there must be as many, and one at least",
				line, len(g.Subjects), len(g.Probabilities))
		}
		all = append(all, g)
	}
	if len(all) == 0 {
		return nil, errors.New("there is no golden text: have the training side write some")
	}
	return all, nil
}

func (g golden) subjects() []news.Subject {
	subjects := make([]news.Subject, len(g.Subjects))
	for i, s := range g.Subjects {
		subjects[i].Actor = news.Actor{ID: s.Actor, Name: s.Name}
		for _, span := range s.Spans {
			subjects[i].Mentions = append(subjects[i].Mentions, news.Mention{Start: span[0], End: span[1]})
		}
	}
	return subjects
}

// sixDigits keeps six significant digits of a probability, however small it is: at another temperature it may be large.
func sixDigits(p float64) float64 {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(p, 'g', 6, 64), 64)
	return rounded
}

// rehearse has an opened model do what the night may ask of it: read the longest text with the highest id that the
// tokenizer knows, and answer the golden texts as the training side did.
func (b *Bundle) rehearse(ctx context.Context, m *Model) error {
	longest := make([]token, b.MaxLength)
	for i := range longest {
		longest[i] = token{id: int32(b.tok.size() - 1), start: i, end: i + 1}
	}
	two := []news.Subject{
		{Actor: news.TheAuthor},
		{Actor: news.Actor{ID: "rehearsal", Name: "rehearsal"}, Mentions: []news.Mention{{Start: 0, End: 2}, {Start: 4, End: 5}}},
	}
	for _, w := range b.layout.windows(longest, two) {
		if _, err := m.session.run(ctx, w); err != nil {
			return fmt.Errorf("%s cannot read %d ids up to %d, which max_length and %s allow: %w",
				modelFile, len(w.ids), b.tok.size()-1, tokenizerFile, err)
		}
	}
	for i, g := range b.golden {
		if err := g.check(ctx, m); err != nil {
			return fmt.Errorf("%s: text %d: %w", goldenFile, i+1, err)
		}
	}
	return nil
}

// layOut returns the ids of all windows, one after another.
func (g golden) layOut(m *Model) (ids []int64) {
	for _, w := range m.layout.windows(m.tok.encode(g.Text), g.subjects()) {
		ids = append(ids, w.ids...)
	}
	return ids
}

func (g golden) check(ctx context.Context, m *Model) error {
	if ids := g.layOut(m); !slices.Equal(ids, g.IDs) {
		return fmt.Errorf("ids are %v, but the training side had %v: tokenizer.json or the layout is not the model's", ids, g.IDs)
	}
	stances, err := m.Label(ctx, g.Text, g.subjects())
	if err != nil {
		return err
	}
	tolerance := cmp.Or(m.manifest.Tolerance, goldenTolerance)
	for i, s := range stances {
		for l, want := range g.Probabilities[i] {
			if !(math.Abs(float64(s.P[l])-want) <= tolerance) {
				return fmt.Errorf("probabilities of %s are %v, but the training side had %v: the model is not the one that was trained",
					g.Subjects[i].Actor, s.P, g.Probabilities[i])
			}
		}
	}
	return nil
}
