package evaluate

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"stance/pipeline/news"
)

// needSklearn is a Python that has scikit-learn and statsmodels. Without them the test is skipped, unless
// STANCE_TEST_SKLEARN=required says that they must be there.
func needSklearn(t *testing.T) (python string) {
	t.Helper()
	python = cmp.Or(os.Getenv("PYTHON"), "/usr/bin/python3")
	out, err := exec.Command(python, "-c", "import sklearn, statsmodels").CombinedOutput()
	switch {
	case err == nil:
		return python
	case os.Getenv("STANCE_TEST_SKLEARN") == "required":
		t.Fatalf("scikit-learn and statsmodels are required and not here (install python3-sklearn and python3-statsmodels): %v\n%s", err, out)
	}
	t.Skip(strings.ToUpper("not compared with scikit-learn and statsmodels: ") + "install python3-sklearn and python3-statsmodels first")
	return ""
}

// sklearnCase is what testdata/sklearn_figures.py is asked, and theirs what it answers.
type sklearnCase struct {
	Gold      []news.Label `json:"gold"`
	Said      []news.Label `json:"said"`
	Second    []news.Label `json:"second"`
	P         [][3]float64 `json:"p"`
	Margin    []float64    `json:"margin"`
	Author    []bool       `json:"author"`
	Abstained []bool       `json:"abstained"`
	Numbers   []float64    `json:"numbers"`
	Percents  []float64    `json:"percents"`
}

type theirs struct {
	Triples, Actors   Found
	Sure              float64
	Percentiles       []float64
	MacroF1           *float64 `json:"macro_f1"` // this and what follows is absent where there is no gold pair
	SidesF1           float64  `json:"sides_f1"`
	Accuracy          float64
	Kappa             *float64 // absent where chance alone would agree always
	Matrix            [3][3]int
	Precision, Recall [3]float64
	F1                [3]float64
	Gold              [3]int
	OnlyFirst         int `json:"only_first"`
	OnlySecond        int `json:"only_second"`
	P                 float64
	Brier             *float64
	LogLoss           float64   `json:"log_loss"`
	BinsAccuracy      []float64 `json:"bins_accuracy"` // absent where all are right or all are wrong
	BinsConfidence    []float64 `json:"bins_confidence"`
	ECE, AURC         *float64
}

// randomPairs are n pairs of one article with their answers by two judges. Probabilities are in 1,024ths, so that they add up exactly in any
// precision, and often lie on the edge of a bin or are 0 or 1.
func randomPairs(rnd *rand.Rand, n int, gold, said func(gold news.Label) news.Label) (first, second *Scored) {
	first, second = &Scored{Judge: "first"}, &Scored{Judge: "second"}
	var x, y []Pair
	for i := range n {
		p := Pair{Article: "a", Paragraph: i, Actor: news.Actor{ID: "france"}, Gold: gold("")}
		if rnd.IntN(4) == 0 {
			p.Actor = news.TheAuthor
		}
		q := p
		if p.Said.Label = said(p.Gold); p.Said.Label != "" {
			p.Said.P = [][3]float32{{0.5, 0.25, 0.25}, {1, 0, 0}, {0, 0.5, 0.5}}[rnd.IntN(3)]
			if rnd.IntN(4) > 0 {
				a := rnd.IntN(1025)
				b := rnd.IntN(1025 - a)
				p.Said.P = [3]float32{float32(a) / 1024, float32(b) / 1024, float32(1024-a-b) / 1024}
			}
			p.Said.Margin = rnd.Float32()
			p.Said.Abstained = rnd.IntN(3) == 0
		}
		if q.Said.Label = said(p.Gold); p.Gold == "" && p.Said.Label == "" {
			continue // whom nobody sees is no pair
		}
		x, y = append(x, p), append(y, q)
	}
	first.Articles, second.Articles = [][]Pair{x}, [][]Pair{y}
	return first, second
}

func TestFiguresAreThoseOfScikitLearnAndStatsmodels(t *testing.T) {
	python := needSklearn(t)
	rnd := rand.New(rand.NewPCG(7, 11))
	any := func(labels ...news.Label) func(news.Label) news.Label {
		return func(news.Label) news.Label { return labels[rnd.IntN(len(labels))] }
	}
	mixed := any(news.Pro, news.Anti, news.Neutral, news.Neutral, news.Neutral, "")
	right := func(gold news.Label) news.Label { return gold }
	mostly := func(gold news.Label) news.Label {
		if rnd.IntN(4) > 0 {
			return gold
		}
		return mixed(gold)
	}
	kinds := []struct {
		name       string
		gold, said func(news.Label) news.Label
	}{
		{"mixed", mixed, mixed},
		{"mostly right", mixed, mostly},
		{"all right", mixed, right},
		{"nothing said", any(news.Pro, news.Anti, news.Neutral), any("")},
		{"one label only", any(news.Anti), mixed},
		{"one label, said of all", any(news.Neutral), any(news.Neutral)},
		{"one label, never said", any(news.Pro), any(news.Anti)},
		{"no gold at all", any(""), any(news.Pro, news.Neutral)},
		{"two labels", any(news.Pro, news.Neutral), any(news.Pro, news.Anti)},
	}
	type ours struct {
		name          string
		first, second *Scored
		numbers       []float64
	}
	var mine []ours
	var asked []sklearnCase
	percents := []float64{0, 2.5, 33.3, 50, 97.5, 100}
	for _, kind := range kinds {
		for _, n := range []int{1, 2, 3, 10, 100, 1000} {
			o := ours{name: fmt.Sprintf("%s, %d", kind.name, n)}
			o.first, o.second = randomPairs(rnd, n, kind.gold, kind.said)
			for range n {
				o.numbers = append(o.numbers, rnd.NormFloat64())
			}
			c := sklearnCase{Numbers: o.numbers, Percents: percents}
			second := o.second.Pairs()
			for i, p := range o.first.Pairs() {
				c.Gold, c.Said, c.Second = append(c.Gold, p.Gold), append(c.Said, p.Said.Label), append(c.Second, second[i].Said.Label)
				c.P = append(c.P, [3]float64{float64(p.Said.P[0]), float64(p.Said.P[1]), float64(p.Said.P[2])})
				c.Margin, c.Author, c.Abstained = append(c.Margin, float64(p.Said.Margin)), append(c.Author, p.Actor.ID == news.TheAuthor.ID), append(c.Abstained, p.Said.Abstained)
			}
			if len(c.Gold) == 0 {
				continue
			}
			mine, asked = append(mine, o), append(asked, c)
		}
	}
	answers := askSklearn(t, python, asked)
	undefined := 0
	for i, o := range mine {
		want := answers[i]
		near := func(what string, got, want float64) {
			t.Helper()
			if !(math.Abs(got-want) <= 1e-9) {
				t.Errorf("%s: %s is %.12g, theirs is %.12g", o.name, what, got, want)
			}
		}
		m, c := Measure(o.first.Pairs()), o.first.Calibrate()
		for what, f := range map[string][2]Found{"triples": {m.Triples, want.Triples}, "actors": {m.Actors, want.Actors}} {
			near(what+"' precision", f[0].Precision, f[1].Precision)
			near(what+"' recall", f[0].Recall, f[1].Recall)
			near(what+"' F1", f[0].F1, f[1].F1)
		}
		near("precision where sure", m.Sure.Precision, want.Sure)
		numbers := slices.Sorted(slices.Values(o.numbers))
		for k, percent := range percents {
			near(fmt.Sprint("percentile ", percent), quantile(numbers, percent/100), want.Percentiles[k])
		}
		if want.MacroF1 != nil {
			near("macro-F1", m.MacroF1, *want.MacroF1)
			near("mean F1 of the sides", m.SidesF1, want.SidesF1)
			near("accuracy", m.Accuracy, want.Accuracy)
			if want.Kappa == nil {
				undefined++
				want.Kappa = new(float64) // see Metrics.Kappa
			}
			near("kappa", m.Kappa, *want.Kappa)
			if m.Matrix != want.Matrix {
				t.Errorf("%s: matrix is %v, theirs is %v", o.name, m.Matrix, want.Matrix)
			}
			for k, label := range news.Labels {
				near("precision of "+string(label), m.Labels[label].Precision, want.Precision[k])
				near("recall of "+string(label), m.Labels[label].Recall, want.Recall[k])
				near("F1 of "+string(label), m.Labels[label].F1, want.F1[k])
				near("pairs of "+string(label), float64(m.Labels[label].Gold), float64(want.Gold[k]))
			}
			d := Compare(o.first, o.second)
			near("pairs that only the first gets right", float64(d.OnlyFirst), float64(want.OnlyFirst))
			near("pairs that only the second gets right", float64(d.OnlySecond), float64(want.OnlySecond))
			near("McNemar's p", d.P, want.P)
		}
		if want.Brier != nil {
			near("Brier score", c.Brier, *want.Brier)
			near("log loss", c.LogLoss, want.LogLoss)
		}
		if want.ECE != nil {
			near("calibration error", c.ECE, *want.ECE)
			bins := slices.DeleteFunc(slices.Clone(c.Bins), func(b Bin) bool { return b.Pairs == 0 })
			if len(bins) != len(want.BinsAccuracy) {
				t.Errorf("%s: %d bins, theirs are %d", o.name, len(bins), len(want.BinsAccuracy))
				continue
			}
			for k, b := range bins {
				near(fmt.Sprintf("accuracy of bin %g", b.Low), b.Accuracy, want.BinsAccuracy[k])
				near(fmt.Sprintf("confidence of bin %g", b.Low), b.Confidence, want.BinsConfidence[k])
			}
		}
		if want.AURC != nil {
			near("area under risk-coverage", c.AURC, *want.AURC)
		}
	}
	if len(mine) < 40 || undefined == 0 {
		t.Errorf("%d cases, of which %d have no kappa: the test does not try what it should", len(mine), undefined)
	}
}

func askSklearn(t *testing.T, python string, cases []sklearnCase) (answers []theirs) {
	t.Helper()
	in, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "testdata/sklearn_figures.py")
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &stderr
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &answers)
	}
	if err != nil || len(answers) != len(cases) {
		t.Fatalf("%d answers to %d cases: %v\n%s", len(answers), len(cases), err, &stderr)
	}
	return answers
}
