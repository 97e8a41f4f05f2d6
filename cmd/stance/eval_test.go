package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// evalFields is what `stance eval --json` prints, [] standing for the elements of a list. Fields are only ever added.
const evalFields = `
format  data.path  data.sha256  data.articles  data.paragraphs  data.pairs  data.labels.pro  data.labels.anti  data.labels.neutral  warnings[]

judges[].id  judges[].kind  judges[].sha256

judges[].metrics.pairs  judges[].metrics.macro_f1  judges[].metrics.accuracy  judges[].metrics.kappa  judges[].metrics.sides_f1  judges[].metrics.matrix[][]
judges[].metrics.labels.pro.precision      judges[].metrics.labels.pro.recall      judges[].metrics.labels.pro.f1      judges[].metrics.labels.pro.gold
judges[].metrics.labels.anti.precision     judges[].metrics.labels.anti.recall     judges[].metrics.labels.anti.f1     judges[].metrics.labels.anti.gold
judges[].metrics.labels.neutral.precision  judges[].metrics.labels.neutral.recall  judges[].metrics.labels.neutral.f1  judges[].metrics.labels.neutral.gold
judges[].metrics.triples.precision  judges[].metrics.triples.recall  judges[].metrics.triples.f1  judges[].metrics.triples.gold  judges[].metrics.triples.said
judges[].metrics.actors.precision   judges[].metrics.actors.recall   judges[].metrics.actors.f1   judges[].metrics.actors.gold   judges[].metrics.actors.said
judges[].metrics.sure.precision     judges[].metrics.sure.coverage   judges[].metrics.sure.rows

judges[].estimates.macro_f1.value          judges[].estimates.macro_f1.low          judges[].estimates.macro_f1.high
judges[].estimates.sides_f1.value          judges[].estimates.sides_f1.low          judges[].estimates.sides_f1.high
judges[].estimates.accuracy.value          judges[].estimates.accuracy.low          judges[].estimates.accuracy.high
judges[].estimates.kappa.value             judges[].estimates.kappa.low             judges[].estimates.kappa.high
judges[].estimates.triples_f1.value        judges[].estimates.triples_f1.low        judges[].estimates.triples_f1.high
judges[].estimates.sure_precision.value    judges[].estimates.sure_precision.low    judges[].estimates.sure_precision.high
judges[].estimates.sure_coverage.value     judges[].estimates.sure_coverage.low     judges[].estimates.sure_coverage.high
judges[].estimates.actors_recall.value     judges[].estimates.actors_recall.low     judges[].estimates.actors_recall.high
judges[].estimates.actors_precision.value  judges[].estimates.actors_precision.low  judges[].estimates.actors_precision.high

judges[].chrome.kept  judges[].chrome.of

judges[].calibration.pairs  judges[].calibration.brier  judges[].calibration.ece  judges[].calibration.log_loss  judges[].calibration.aurc
judges[].calibration.bins[].low  judges[].calibration.bins[].pairs  judges[].calibration.bins[].confidence  judges[].calibration.bins[].accuracy
judges[].calibration.risk[].margin  judges[].calibration.risk[].coverage  judges[].calibration.risk[].wrong

judges[].slices[].by  judges[].slices[].name  judges[].slices[].pairs  judges[].slices[].articles  judges[].slices[].macro_f1
judges[].slices[].accuracy  judges[].slices[].accuracy_low  judges[].slices[].accuracy_high  judges[].slices[].few

judges[].behaviour[].name  judges[].behaviour[].cases  judges[].behaviour[].failed  judges[].behaviour[].moved
judges[].behaviour[].templates[].id  judges[].behaviour[].templates[].cases  judges[].behaviour[].templates[].failed
judges[].behaviour[].templates[].moved

comparisons[].first  comparisons[].second  comparisons[].only_first  comparisons[].only_second  comparisons[].p
comparisons[].macro_f1.value    comparisons[].macro_f1.low    comparisons[].macro_f1.high
comparisons[].triples_f1.value  comparisons[].triples_f1.low  comparisons[].triples_f1.high
`

func TestTheFieldsOfAnEvaluationStay(t *testing.T) {
	const eval = "cmd/stance/testdata/eval/"
	out := stanceInRepository(t, "eval", "--data", eval+"set.jsonl", "--train", eval+"train.jsonl", "--behaviour", eval+"behaviour.jsonl", "--json")
	var report any
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	fieldsOf(report, "", got)
	want := strings.Fields(evalFields)
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(got))); diff != "" {
		t.Error(diff)
	}
	r := report.(map[string]any)
	var kinds []string
	for _, j := range r["judges"].([]any) {
		kinds = append(kinds, fmt.Sprint(j.(map[string]any)["kind"]))
	}
	if diff := cmp.Diff([]string{"baseline", "baseline", "baseline", "model", "reader"}, kinds); diff != "" || r["format"] != 1.0 {
		t.Errorf("format %v, judges %s", r["format"], diff)
	}
}

// fieldsOf enters the paths of all values, in which lists are [].
func fieldsOf(value any, path string, into map[string]bool) {
	switch v := value.(type) {
	case map[string]any:
		for key, x := range v {
			fieldsOf(x, strings.TrimPrefix(path+"."+key, "."), into)
		}
	case []any:
		for _, x := range v {
			fieldsOf(x, path+"[]", into)
		}
		if len(v) == 0 {
			into[path] = true
		}
	default:
		into[path] = true
	}
}
