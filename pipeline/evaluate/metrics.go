package evaluate

import (
	"math"

	"stance/pipeline/news"
)

// Metrics are the figures of a judge on some pairs. All but the counts are shares from 0 to 1; what has no cases is 0, as in
// scikit-learn with zero_division=0.
type Metrics struct {
	// Where each gold actor stands; one that the finder missed has taken no side.
	Pairs    int                    `json:"pairs"`
	MacroF1  float64                `json:"macro_f1"`
	Accuracy float64                `json:"accuracy"`
	Kappa    float64                `json:"kappa"`    // Cohen's κ against gold; 0 where chance alone would agree always and κ is undefined (scikit-learn: NaN), since nothing is shown then
	SidesF1  float64                `json:"sides_f1"` // mean F1 of pro and anti, as the literature on stance reports it
	Labels   map[news.Label]LabelF1 `json:"labels"`
	Matrix   [3][3]int              `json:"matrix"` // pairs by gold and said label, in the order pro, anti, neutral

	// What a user gets from raw text.
	Triples Found `json:"triples,omitzero"` // (paragraph, actor, pro or anti)
	Actors  Found `json:"actors,omitzero"`  // (paragraph, actor), without the author

	// Pro and anti rows whose margin reaches the threshold.
	Sure Sure `json:"sure"`
}

// LabelF1 is how well one label is told.
type LabelF1 struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Gold      int     `json:"gold"`
}

// Found is how well something is found.
type Found struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Gold      int     `json:"gold"`
	Said      int     `json:"said"`
}

// Sure says how good the rows are on which the model does not abstain.
type Sure struct {
	Precision float64 `json:"precision"`
	Coverage  float64 `json:"coverage"` // their share of all pro and anti rows
	Rows      int     `json:"rows"`
}

// tally is all that the metrics are made of. Those of several articles add up.
type tally struct {
	matrix                            [3][3]int // gold × said, of gold pairs
	triplesHit, triplesSaid, triples  int
	actorsHit, actorsSaid, actorsGold int
	sureHit, sure                     int
}

func tallyOf(pairs []Pair) (c tally) {
	for _, p := range pairs {
		sided := p.Said.Label == news.Pro || p.Said.Label == news.Anti
		right := p.Said.Label == p.Gold
		if p.Gold != "" {
			c.matrix[indexOf(p.Gold)][indexOf(p.Given())]++
		}
		if p.Gold == news.Pro || p.Gold == news.Anti {
			c.triples++
		}
		if sided {
			c.triplesSaid++
			c.triplesHit += one(right)
			if !p.Said.Abstained {
				c.sure++
				c.sureHit += one(right)
			}
		}
		if p.Actor.ID != news.TheAuthor.ID {
			c.actorsGold += one(p.Gold != "")
			c.actorsSaid += one(p.Said.Label != "")
			c.actorsHit += one(p.Gold != "" && p.Said.Label != "")
		}
	}
	return c
}

func (c tally) plus(d tally) tally {
	for i := range c.matrix {
		for j := range c.matrix[i] {
			c.matrix[i][j] += d.matrix[i][j]
		}
	}
	c.triplesHit, c.triplesSaid, c.triples = c.triplesHit+d.triplesHit, c.triplesSaid+d.triplesSaid, c.triples+d.triples
	c.actorsHit, c.actorsSaid, c.actorsGold = c.actorsHit+d.actorsHit, c.actorsSaid+d.actorsSaid, c.actorsGold+d.actorsGold
	c.sureHit, c.sure = c.sureHit+d.sureHit, c.sure+d.sure
	return c
}

// Measure computes the metrics of some pairs.
func Measure(pairs []Pair) Metrics { return tallyOf(pairs).metrics() }

func (c tally) metrics() Metrics {
	m := Metrics{Labels: map[news.Label]LabelF1{}, Matrix: c.matrix}
	var gold, said [3]int
	right := 0
	for i := range c.matrix {
		for j, n := range c.matrix[i] {
			gold[i] += n
			said[j] += n
			m.Pairs += n
		}
		right += c.matrix[i][i]
	}
	chance := 0.0
	for i, label := range news.Labels {
		l := LabelF1{Precision: share(c.matrix[i][i], said[i]), Recall: share(c.matrix[i][i], gold[i]), F1: share(2*c.matrix[i][i], gold[i]+said[i]), Gold: gold[i]}
		m.Labels[label] = l
		m.MacroF1 += l.F1 / float64(len(news.Labels))
		chance += share(gold[i], m.Pairs) * share(said[i], m.Pairs)
	}
	m.SidesF1 = (m.Labels[news.Pro].F1 + m.Labels[news.Anti].F1) / 2
	m.Accuracy = share(right, m.Pairs)
	if chance < 1 {
		m.Kappa = (m.Accuracy - chance) / (1 - chance)
	}
	m.Triples = found(c.triplesHit, c.triplesSaid, c.triples)
	m.Actors = found(c.actorsHit, c.actorsSaid, c.actorsGold)
	m.Sure = Sure{Precision: share(c.sureHit, c.sure), Coverage: share(c.sure, c.triplesSaid), Rows: c.sure}
	return m
}

func found(hit, said, gold int) Found {
	return Found{Precision: share(hit, said), Recall: share(hit, gold), F1: share(2*hit, said+gold), Gold: gold, Said: said}
}

func indexOf(l news.Label) int {
	for i, label := range news.Labels {
		if l == label {
			return i
		}
	}
	panic("no label: " + string(l)) // ReadSet and the judges know three
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// McNemar is the two-sided exact p of McNemar's test (1947): how likely so uneven a split of the pairs on which exactly one of two
// judges is right would be if both were equally good.
func McNemar(onlyFirst, onlySecond int) float64 {
	n, k := onlyFirst+onlySecond, min(onlyFirst, onlySecond)
	lgamma := func(x int) float64 { v, _ := math.Lgamma(float64(x) + 1); return v }
	p := 0.0
	for i := 0; i <= k; i++ {
		p += math.Exp(lgamma(n) - lgamma(i) - lgamma(n-i) - float64(n)*math.Ln2)
	}
	return min(1, 2*p)
}
