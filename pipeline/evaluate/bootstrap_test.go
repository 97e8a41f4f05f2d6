package evaluate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"stance/pipeline/news"
)

// articles are scores on n articles of some pairs each, of a judge who is right with a chance. Judges with the same seed err on the same pairs
// first.
func articles(judge string, n int, chance float64) *Scored {
	rnd := rand.New(rand.NewPCG(3, 5))
	s := &Scored{Judge: judge}
	for i := range n {
		var pairs []Pair
		for j := range 5 {
			p := Pair{Article: fmt.Sprint(i), Paragraph: j, Actor: news.Actor{ID: "france"}, Gold: news.Labels[rnd.IntN(3)]}
			p.Said.Label = news.Labels[rnd.IntN(3)]
			if rnd.Float64() < chance {
				p.Said.Label = p.Gold
			}
			pairs = append(pairs, p)
		}
		s.Articles = append(s.Articles, pairs)
	}
	return s
}

func TestIntervalsAreSeededAndHoldTheirValue(t *testing.T) {
	few, many := articles("j", 10, 0.6).Estimate(), articles("j", 200, 0.6).Estimate()
	if few != articles("j", 10, 0.6).Estimate() {
		t.Error("the same pairs have two intervals")
	}
	for _, f := range estimated {
		for _, e := range []*Estimates{&few, &many} {
			if x := *f.in(e); !(x.Low <= x.Value && x.Value <= x.High) {
				t.Errorf("the value lies outside its interval: %+v", x)
			}
		}
	}
	width := func(e Estimate) float64 { return e.High - e.Low }
	if w, v := width(few.MacroF1), width(many.MacroF1); w == 0 || v >= w/2 {
		t.Errorf("the interval is %.3f wide for 10 articles and %.3f for 200", w, v)
	}
	mean, squares := 0.0, 0.0 // of the articles' accuracies, which have as many pairs each
	for _, pairs := range articles("j", 200, 0.6).Articles {
		a := Measure(pairs).Accuracy
		mean, squares = mean+a/200, squares+a*a/200
	}
	if normal := 2 * 1.96 * math.Sqrt((squares-mean*mean)/200); math.Abs(width(many.Accuracy)/normal-1) > 0.1 {
		t.Errorf("the interval of the accuracy is %.4f wide, and %.4f by the normal approximation", width(many.Accuracy), normal)
	}
	if few.Accuracy.Value != Measure(articles("j", 10, 0.6).Pairs()).Accuracy {
		t.Error("the value is not that of the pairs themselves")
	}
}

// Articles are drawn, not pairs: where all pairs of an article are alike, more of them tell no more.
func TestPairsOfOneArticleAreNotIndependent(t *testing.T) {
	alike := func(times int) Estimate {
		s := articles("j", 10, 0.6)
		for i, pairs := range s.Articles {
			s.Articles[i] = nil
			for range times {
				s.Articles[i] = append(s.Articles[i], pairs...)
			}
		}
		return s.Estimate().Accuracy
	}
	if x, y := alike(1), alike(50); x != y {
		t.Errorf("the interval of the accuracy is %+v, and %+v where every pair stands 50 times", x, y)
	}
}

func TestComparisonsArePaired(t *testing.T) {
	worse, better := articles("worse", 60, 0.5), articles("better", 60, 0.6)
	if c := Compare(worse, worse); c.MacroF1 != (Estimate{}) || c.TriplesF1 != (Estimate{}) || c.OnlyFirst+c.OnlySecond != 0 || c.P != 1 {
		t.Errorf("a judge differs from himself: %+v", c)
	}
	// What the better one mends never makes a sample worse, so that no difference is negative where both see the same samples.
	c := Compare(worse, better)
	if c.OnlyFirst != 0 || c.OnlySecond < 10 || c.MacroF1.Low <= 0 || c.TriplesF1.Low <= 0 || c.P > 0.01 {
		t.Errorf("comparison is %+v", c)
	}
	back := Compare(better, worse)
	if back.MacroF1.Value != -c.MacroF1.Value || back.OnlyFirst != c.OnlySecond || back.P != c.P || back.MacroF1.High >= 0 {
		t.Errorf("comparison is %+v one way and %+v the other", c, back)
	}
	if want := Measure(better.Pairs()).MacroF1 - Measure(worse.Pairs()).MacroF1; c.MacroF1.Value != want {
		t.Errorf("the difference is %v, want %v", c.MacroF1.Value, want)
	}
}

func TestAComparisonIsSaidInWords(t *testing.T) {
	for _, c := range []struct {
		of   Comparison
		want string
	}{
		{Comparison{First: "a", Second: "b", MacroF1: Estimate{0.021, 0.004, 0.039}, P: 0.0124},
			"b is better than a by 2.1 points of macro-F1 (95 % 0.4 … 3.9; McNemar p = 0.012)"},
		{Comparison{First: "a", Second: "b", MacroF1: Estimate{-0.021, -0.039, -0.004}, P: 0.0004},
			"a is better than b by 2.1 points of macro-F1 (95 % 0.4 … 3.9; McNemar p < 0.001)"},
		{Comparison{First: "a", Second: "b", MacroF1: Estimate{0.021, -0.004, 0.039}, P: 1},
			"no difference is certain: b is ahead of a by 2.1 points of macro-F1 (95 % -0.4 … 3.9; McNemar p = 1.000)"},
		{Comparison{First: "a", Second: "b", MacroF1: Estimate{-0.021, -0.039, 0.004}, P: 0.5},
			"no difference is certain: a is ahead of b by 2.1 points of macro-F1 (95 % -0.4 … 3.9; McNemar p = 0.500)"},
	} {
		if got := c.of.String(); got != c.want {
			t.Errorf("it is said as\n%s\nwant\n%s", got, c.want)
		}
	}
}

func TestASecondReaderIsAJudge(t *testing.T) {
	p := body("france and italy", labels{"author": news.Neutral, "france": news.Pro})
	p.Readers = []map[string]news.Label{{"author": news.Neutral, "france": news.Pro}, {"author": news.Pro, "italy": news.Anti}}
	s := Readers([]Article{{ID: "a", Paragraphs: []Paragraph{p, body("nothing", labels{"author": news.Neutral})}}}, plainActor)
	m := Measure(s.Pairs())
	if m.Pairs != 2 || m.Accuracy != 0 || m.Triples != (Found{Gold: 1, Said: 2}) || m.Actors != (Found{Gold: 1, Said: 1}) {
		t.Errorf("figures are %+v", m)
	}
	if s := Readers([]Article{{ID: "a", Paragraphs: []Paragraph{body("x", labels{"author": news.Neutral})}}}, plainActor); s != nil {
		t.Errorf("a set without readers has a second one: %+v", s)
	}
}

func TestTheThresholdIsTheLeastMarginThatSuffices(t *testing.T) {
	var pairs []Pair
	add := func(n int, margin float32, gold, said news.Label) {
		for range n {
			pairs = append(pairs, Pair{Gold: gold, Said: news.Stance{Label: said, Margin: margin}})
		}
	}
	add(4, 0.9, news.Pro, news.Pro)
	add(1, 0.9, news.Pro, news.Anti)
	add(5, 0.5, news.Anti, news.Anti)
	add(10, 0.1, news.Neutral, news.Pro)
	add(50, 0.99, news.Neutral, news.Neutral) // no pro or anti row
	c := (&Scored{Articles: [][]Pair{pairs}}).Calibrate()
	for _, want := range []struct {
		precision, margin, coverage float64
		ok                          bool
	}{{0.4, 0.1, 1, true}, {0.8, 0.5, 0.5, true}, {0.9, 0.5, 0.5, true}, {0.95, 0, 0, false}} {
		r, ok := c.Threshold(want.precision)
		if ok != want.ok || float32(r.Margin) != float32(want.margin) || r.Coverage != want.coverage {
			t.Errorf("threshold for a precision of %v is %+v, %v, want %+v", want.precision, r, ok, want)
		}
	}
	pairs = nil
	add(1, 0.9, news.Pro, news.Pro)
	add(99, 0.1, news.Neutral, news.Pro)
	if r, ok := (&Scored{Articles: [][]Pair{pairs}}).Calibrate().Threshold(0.9); ok {
		t.Errorf("one row of a hundred makes a threshold: %+v", r)
	}
}
