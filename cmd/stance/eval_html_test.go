package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stance/pipeline/evaluate"
	"stance/pipeline/news"
	"stance/pipeline/report"
)

const stranger = "<script>window.owned = true</script><img src=\"https://stranger.example/x.png\" onerror=\"window.owned = true\">\x1b[2J\u202etxt.exe"

// madeUp is a report of the size of one on test.jsonl, of the same made-up figures every time: baselines, two models, a reader.
func madeUp() (evaluate.Report, []*evaluate.Scored) {
	rnd := rand.New(rand.NewPCG(1, 2))
	r := evaluate.Report{Format: 1, Warnings: []string{"12 paragraphs of " + stranger + " stand in train.jsonl as well"}}
	r.Data = evaluate.Data{Path: "data/labelled/test.jsonl", SHA256: strings.Repeat("5c8c3212", 8), Articles: 33, Paragraphs: 540, Pairs: 1974,
		Labels: map[news.Label]int{news.Pro: 387, news.Anti: 350, news.Neutral: 1237}}
	var models []*evaluate.Scored
	for i, id := range []string{"majority", "usual side", "first-model-2026-03", "second-model-2026-11", "a second reader"} {
		s := &evaluate.Scored{Judge: id}
		for a := range 33 {
			var pairs []evaluate.Pair
			for n := range 60 {
				text := fmt.Sprintf("%s said in paragraph %d what is to be read here. %s", stranger, n, strings.Repeat("France weighs sending troops. ", 20))
				p := evaluate.Pair{Article: fmt.Sprintf("te-%02d", a), Paragraph: n, Kind: news.Body, Text: text, Genre: "news", How: news.ByName, Rules: []int{1, 8},
					Actor: news.Actor{ID: fmt.Sprintf("actor-%d", n%40), Name: "Actor " + stranger, Kind: news.State}, Gold: news.Labels[rnd.IntN(3)]}
				if confident := 0.4 + 0.6*rnd.Float32(); n%8 > 0 {
					said := rnd.IntN(3)
					if rnd.Float32() < confident {
						said = slices.Index(news.Labels[:], p.Gold)
					}
					p.Said = news.Stance{Label: news.Labels[said], Margin: confident - (1-confident)/2, Abstained: confident < 0.9}
					p.Said.P = [3]float32{(1 - confident) / 2, (1 - confident) / 2, (1 - confident) / 2}
					p.Said.P[said] = confident
				}
				pairs = append(pairs, p)
			}
			s.Articles = append(s.Articles, pairs)
		}
		j := evaluate.Judged{ID: id, Kind: []string{"baseline", "baseline", "model", "model", "reader"}[i], Metrics: evaluate.Measure(s.Pairs()), Estimates: s.Estimate()}
		if j.Kind == "model" {
			c := s.Calibrate()
			j.SHA256, j.Calibration, j.Chrome = strings.Repeat("c97cfc7c", 8), &c, &evaluate.Chrome{Kept: 3, Of: 40}
			for k := range 100 {
				j.Slices = append(j.Slices, evaluate.Slice{By: []string{"label", "genre", "rule", "country"}[k/25], Name: fmt.Sprintf("slice-%d", k), Pairs: 1000 / (k%25 + 1), Articles: 33 / (k%25 + 1), MacroF1: 0.6, Accuracy: 0.7, Low: 0.6, High: 0.8, Few: k%25 > 12})
			}
			for k := range 15 {
				b := evaluate.Capability{Name: fmt.Sprintf("capability %d", k), Cases: 88, Failed: 22}
				for n := range 4 {
					b.Templates = append(b.Templates, evaluate.TemplateFails{ID: fmt.Sprintf("template-%d-%d", k, n), Cases: 22, Failed: 22 * n / 4})
				}
				j.Behaviour = append(j.Behaviour, b)
			}
			models = append(models, s)
		}
		r.Judges = append(r.Judges, j)
	}
	r.Comparisons = []evaluate.Comparison{evaluate.Compare(models[0], models[1])}
	return r, models
}

func pageOf(t *testing.T, r evaluate.Report, models []*evaluate.Scored) string {
	t.Helper()
	var b strings.Builder
	if err := report.HTML(&b, evaluationPage(r, models)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTheEvaluationPageSaysWhatWasMeasured(t *testing.T) {
	r, models := madeUp()
	page := pageOf(t, r, models)
	sure := r.Judges[2].Metrics.Sure
	for _, want := range []string{
		r.Data.Path, r.Data.SHA256, "387 (19.6 %)", "<strong>Warning:</strong> 12 paragraphs of &lt;script&gt;",
		r.Comparisons[0].String(), "too few to say", "3 were taken for a part",
		fmt.Sprintf("now: %.1f %% kept, %.1f %% wrong", 100*sure.Coverage, 100*(1-sure.Precision)),
		"capability 3: 22 of 88 fail (25.0 %)",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("it does not say %q", want)
		}
	}
	if n := strings.Count(page, "<blockquote"); n != 2*wrongShown {
		t.Errorf("%d wrong pairs for 2 models", n)
	}
	if n := len(page); n > 300<<10 {
		t.Errorf("it has %d bytes", n)
	}
	if again := pageOf(t, r, models); again != page {
		t.Error("it differs the second time")
	}
}

func TestAnEvaluationOfLittleIsAPageAsWell(t *testing.T) {
	silent := &evaluate.Scored{Judge: "silent", Articles: [][]evaluate.Pair{{{Article: "a", Text: "Text.", Actor: news.Actor{ID: "france"}, Gold: news.Pro}}}}
	c := silent.Calibrate()
	r := evaluate.Report{Judges: []evaluate.Judged{{ID: "silent", Kind: "model", Metrics: evaluate.Measure(silent.Pairs()), Estimates: silent.Estimate(), Calibration: &c}}}
	page := pageOf(t, r, []*evaluate.Scored{silent})
	for _, want := range []string{"france: gold pro, said nothing", "On no pro or anti row is it sure enough"} {
		if !strings.Contains(page, want) {
			t.Errorf("it does not say %q", want)
		}
	}
	if strings.Contains(page, "NaN") {
		t.Error("it says NaN")
	}
}
