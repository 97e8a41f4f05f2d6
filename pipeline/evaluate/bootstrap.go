package evaluate

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"stance/pipeline/news"
)

// draws is how many samples of articles a bootstrap takes, and seed what it begins with.
const (
	draws = 2000
	seed  = 1
)

// Estimate is a figure with its 95 % interval: where it would lie for other articles of the same kind, by the percentile
// bootstrap over articles (Efron and Tibshirani 1993), since pairs of one article are not independent.
type Estimate struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Estimates are the figures that have intervals.
type Estimates struct {
	MacroF1       Estimate `json:"macro_f1"`
	SidesF1       Estimate `json:"sides_f1"`
	Accuracy      Estimate `json:"accuracy"`
	Kappa         Estimate `json:"kappa"`
	TriplesF1     Estimate `json:"triples_f1,omitzero"`
	SurePrecision Estimate `json:"sure_precision"`
	SureCoverage  Estimate `json:"sure_coverage"`
	ActorsRecall  Estimate `json:"actors_recall,omitzero"`
	ActorsPrec    Estimate `json:"actors_precision,omitzero"`
}

// estimated are the figures of a bootstrap: where each stands in Estimates and how it is read off the metrics.
var estimated = []struct {
	in func(*Estimates) *Estimate
	of func(Metrics) float64
}{
	{func(e *Estimates) *Estimate { return &e.MacroF1 }, func(m Metrics) float64 { return m.MacroF1 }},
	{func(e *Estimates) *Estimate { return &e.SidesF1 }, func(m Metrics) float64 { return m.SidesF1 }},
	{func(e *Estimates) *Estimate { return &e.Accuracy }, func(m Metrics) float64 { return m.Accuracy }},
	{func(e *Estimates) *Estimate { return &e.Kappa }, func(m Metrics) float64 { return m.Kappa }},
	{func(e *Estimates) *Estimate { return &e.TriplesF1 }, func(m Metrics) float64 { return m.Triples.F1 }},
	{func(e *Estimates) *Estimate { return &e.SurePrecision }, func(m Metrics) float64 { return m.Sure.Precision }},
	{func(e *Estimates) *Estimate { return &e.SureCoverage }, func(m Metrics) float64 { return m.Sure.Coverage }},
	{func(e *Estimates) *Estimate { return &e.ActorsRecall }, func(m Metrics) float64 { return m.Actors.Recall }},
	{func(e *Estimates) *Estimate { return &e.ActorsPrec }, func(m Metrics) float64 { return m.Actors.Precision }},
}

// sample calls each with the metrics of the articles drawn. All judges of a set see the same draws, since these depend on the
// number of articles alone: so differences between judges are paired.
func (s *Scored) sample(each func(Metrics)) {
	of := make([]tally, len(s.Articles))
	for i, pairs := range s.Articles {
		of[i] = tallyOf(pairs)
	}
	rnd := rand.New(rand.NewPCG(seed, uint64(len(of))))
	for range draws {
		var sum tally
		for range of {
			sum = sum.plus(of[rnd.IntN(len(of))])
		}
		each(sum.metrics())
	}
}

// Estimate computes the figures of a judge with their intervals.
func (s *Scored) Estimate() (e Estimates) {
	m := Measure(s.Pairs())
	drawn := make([][]float64, len(estimated))
	s.sample(func(m Metrics) {
		for i, f := range estimated {
			drawn[i] = append(drawn[i], f.of(m))
		}
	})
	for i, f := range estimated {
		*f.in(&e) = interval(f.of(m), drawn[i])
	}
	return e
}

func interval(value float64, drawn []float64) Estimate {
	slices.Sort(drawn)
	return Estimate{value, quantile(drawn, 0.025), quantile(drawn, 0.975)}
}

// quantile of sorted values, between neighbours where it falls between them.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 == len(sorted) {
		return sorted[i]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// Comparison says whether the second of two judges is better than the first.
type Comparison struct {
	First     string   `json:"first"`
	Second    string   `json:"second"`
	MacroF1   Estimate `json:"macro_f1"`            // second minus first, given the gold actors; the bootstrap is paired
	TriplesF1 Estimate `json:"triples_f1,omitzero"` // the same end to end
	// Pairs that exactly one of them gets right, and the p of McNemar's exact test of these.
	OnlyFirst  int     `json:"only_first"`
	OnlySecond int     `json:"only_second"`
	P          float64 `json:"p"`
}

// Compare compares two judges of the same set.
func Compare(first, second *Scored) Comparison {
	c := Comparison{First: first.Judge, Second: second.Judge}
	difference := func(of func(Metrics) float64) Estimate {
		var x, y []float64
		first.sample(func(m Metrics) { x = append(x, of(m)) })
		second.sample(func(m Metrics) { y = append(y, of(m)) })
		for i := range y {
			y[i] -= x[i]
		}
		return interval(of(Measure(second.Pairs()))-of(Measure(first.Pairs())), y)
	}
	c.MacroF1 = difference(func(m Metrics) float64 { return m.MacroF1 })
	c.TriplesF1 = difference(func(m Metrics) float64 { return m.Triples.F1 })
	right := map[[3]string]bool{}
	at := func(p Pair) [3]string { return [3]string{p.Article, fmt.Sprint(p.Paragraph), p.Actor.ID} }
	for _, p := range first.Pairs() {
		right[at(p)] = p.Given() == p.Gold
	}
	for _, p := range second.Pairs() {
		if p.Gold == "" {
			continue
		}
		switch x, y := right[at(p)], p.Given() == p.Gold; {
		case x && !y:
			c.OnlyFirst++
		case y && !x:
			c.OnlySecond++
		}
	}
	c.P = McNemar(c.OnlyFirst, c.OnlySecond)
	return c
}

// String says it in plain words: "b is better than a by 2.1 points of macro-F1 (95 % 0.4 … 3.9; McNemar p = 0.012)".
func (c Comparison) String() string {
	d := c.MacroF1
	better, worse := c.Second, c.First
	if d.Value < 0 {
		better, worse = worse, better
		d = Estimate{-d.Value, -d.High, -d.Low}
	}
	by := fmt.Sprintf("by %.1f points of macro-F1 (95 %% %.1f … %.1f; McNemar %s)", 100*d.Value, 100*d.Low, 100*d.High, pValue(c.P))
	if d.Low > 0 {
		return fmt.Sprintf("%s is better than %s %s", better, worse, by)
	}
	return fmt.Sprintf("no difference is certain: %s is ahead of %s %s", better, worse, by)
}

func pValue(p float64) string {
	if p < 0.001 {
		return "p < 0.001"
	}
	return fmt.Sprintf("p = %.3f", p)
}

// Readers compares the first two readers of a set as if the first were gold and the second a judge: the ceiling for everybody who is
// measured by what such readers say. Nil where the set does not keep them.
func Readers(set []Article, actor func(id string) news.Actor) *Scored {
	s := &Scored{Judge: "a second reader"}
	for _, a := range set {
		var pairs []Pair
		for n, p := range a.Paragraphs {
			if len(p.Readers) < 2 {
				continue
			}
			for id, label := range p.Readers[0] {
				pairs = append(pairs, Pair{Article: a.ID, Paragraph: n, Kind: p.Kind, Text: p.Text, Actor: actor(id), Gold: label, Said: news.Stance{Label: p.Readers[1][id]}})
			}
			for id, label := range p.Readers[1] {
				if _, both := p.Readers[0][id]; !both {
					pairs = append(pairs, Pair{Article: a.ID, Paragraph: n, Kind: p.Kind, Text: p.Text, Actor: actor(id), Said: news.Stance{Label: label}})
				}
			}
		}
		if pairs != nil {
			s.Articles = append(s.Articles, pairs)
		}
	}
	if s.Articles == nil {
		return nil
	}
	return s
}
