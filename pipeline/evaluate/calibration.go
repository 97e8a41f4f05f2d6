package evaluate

import (
	"math"
	"slices"

	"stance/pipeline/news"
)

// Calibration says how far probabilities can be taken at their word, on the gold pairs that the finder sees.
type Calibration struct {
	Pairs   int     `json:"pairs"`
	Brier   float64 `json:"brier"`    // mean over pairs of the squared distance to the gold label, from 0 to 2 (Brier 1950)
	ECE     float64 `json:"ece"`      // expected calibration error of the label's probability over ten bins of equal width
	LogLoss float64 `json:"log_loss"` // mean over pairs of -ln of the gold label's probability
	Bins    []Bin   `json:"bins"`
	Risk    []Risk  `json:"risk"` // of the pro and anti rows, surest first
	AURC    float64 `json:"aurc"` // area under the risk-coverage curve (Geifman and El-Yaniv 2017), of these rows
}

// Bin is the pairs whose label has a probability in a tenth of the range.
type Bin struct {
	Low        float64 `json:"low"` // the tenth above it, without it but with its upper edge (Guo et al. 2017, and scikit-learn)
	Pairs      int     `json:"pairs"`
	Confidence float64 `json:"confidence"` // mean probability of the label
	Accuracy   float64 `json:"accuracy"`
}

// Risk is what is gained by abstaining under a margin.
type Risk struct {
	Margin   float64 `json:"margin"`
	Coverage float64 `json:"coverage"` // share of the pro and anti rows that reach the margin
	Wrong    float64 `json:"wrong"`    // share of these that are wrong
}

// leastP is what the log loss takes a probability of nothing for, as scikit-learn does: the step of a float64 at 1.
const leastP = 0x1p-52

// Calibrate measures the calibration of a judge.
func (s *Scored) Calibrate() (c Calibration) {
	const bins = 10
	c.Bins = make([]Bin, bins)
	for i := range c.Bins {
		c.Bins[i].Low = float64(i) / bins
	}
	type row struct {
		margin float32
		wrong  bool
	}
	var sided []row
	for _, p := range s.Pairs() {
		if p.Said.Label == news.Pro || p.Said.Label == news.Anti {
			sided = append(sided, row{p.Said.Margin, p.Said.Label != p.Gold})
		}
		if p.Said.Label == "" || p.Gold == "" {
			continue
		}
		c.Pairs++
		for i, label := range news.Labels {
			d := float64(p.Said.P[i]) - float64(one(label == p.Gold))
			c.Brier += d * d
		}
		c.LogLoss -= math.Log(max(float64(p.Said.P[indexOf(p.Gold)]), leastP))
		confidence := float64(p.Said.P[indexOf(p.Said.Label)])
		b := &c.Bins[max(int(math.Ceil(confidence*bins))-1, 0)]
		b.Pairs++
		b.Confidence += confidence
		b.Accuracy += float64(one(p.Said.Label == p.Gold))
	}
	for i := range c.Bins {
		if b := &c.Bins[i]; b.Pairs > 0 {
			c.ECE += math.Abs(b.Confidence-b.Accuracy) / float64(c.Pairs)
			b.Confidence /= float64(b.Pairs)
			b.Accuracy /= float64(b.Pairs)
		}
	}
	if c.Pairs > 0 {
		c.Brier /= float64(c.Pairs)
		c.LogLoss /= float64(c.Pairs)
	}
	slices.SortStableFunc(sided, func(a, b row) int {
		switch {
		case a.margin > b.margin:
			return -1
		case a.margin < b.margin:
			return 1
		}
		return 0
	})
	wrong := 0
	for i, r := range sided {
		wrong += one(r.wrong)
		if i+1 == len(sided) || sided[i+1].margin < r.margin { // rows of one margin come together
			c.Risk = append(c.Risk, Risk{float64(r.margin), share(i+1, len(sided)), share(wrong, i+1)})
		}
	}
	before := 0.0
	for _, r := range c.Risk {
		c.AURC += (r.Coverage - before) * r.Wrong
		before = r.Coverage
	}
	return c
}

// leastCoverage is how many of the pro and anti rows must pass a threshold for it to be one.
const leastCoverage = 0.05

// Threshold is the least margin from which on pro and anti rows reach a precision; ok is false where fewer than 5 % would pass.
func (c Calibration) Threshold(precision float64) (r Risk, ok bool) {
	for _, at := range slices.Backward(c.Risk) {
		if at.Coverage >= leastCoverage && 1-at.Wrong >= precision {
			return at, true
		}
	}
	return Risk{}, false
}

// Temperature is the one at which the judge's probabilities, which were made at another, have the least log loss.
func (s *Scored) Temperature(made float64) float64 {
	best, least := made, math.Inf(1)
	for i := 10; i <= 80; i++ { // 0.5 to 4
		t := float64(i) / 20
		if loss := s.Recalibrate(made / t).Calibrate().LogLoss; loss < least {
			best, least = t, loss
		}
	}
	return best
}

// Recalibrate is what the judge would have said with probabilities raised to a power, which is what dividing its logits by another
// temperature comes to. Labels stay; what is abstained is not decided anew.
func (s *Scored) Recalibrate(power float64) *Scored {
	out := &Scored{Judge: s.Judge, Chrome: s.Chrome, Articles: make([][]Pair, len(s.Articles))}
	for i, pairs := range s.Articles {
		out.Articles[i] = slices.Clone(pairs)
		for j := range pairs {
			said := &out.Articles[i][j].Said
			if said.Label == "" {
				continue
			}
			sum := 0.0
			var p [3]float64
			for k := range p {
				p[k] = math.Pow(float64(said.P[k]), power)
				sum += p[k]
			}
			top, next := 0.0, 0.0
			for k := range p {
				p[k] /= sum
				said.P[k] = float32(p[k])
				top, next = max(top, p[k]), max(next, min(top, p[k]))
			}
			said.Margin = float32(top - next)
		}
	}
	return out
}
