package pipeline

import (
	"bytes"
	"cmp"
	"context"
	"fmt"

	"stance/pipeline/actor"
	"stance/pipeline/evaluate"
	"stance/pipeline/ingest"
	"stance/pipeline/news"
)

// Evaluation says what is measured on what.
type Evaluation struct {
	evaluate.Outside // the set, and how its articles were read where it came with their actors
	Data             evaluate.Data
	Train            []evaluate.Article // that the baselines learn from
	TrainPath        string             // where they stand, for warnings
	Suite            []evaluate.Behaviour
	Models           []Measured
	Inventory        *actor.Inventory
	Finder           *actor.Finder
}

// Measured is a model that is measured.
type Measured interface {
	evaluate.Judge
	SHA256() string
}

// Evaluate takes the articles of a labelled set through the pipeline with each model and puts the answers beside the gold labels,
// and beside those of baselines and of a second reader. Each model is compared with the one before it, the first with the strongest
// baseline. Returns the report and, for every model, what it says of each pair.
func Evaluate(ctx context.Context, e Evaluation) (evaluate.Report, []*evaluate.Scored, error) {
	none := func(err error) (evaluate.Report, []*evaluate.Scored, error) { return evaluate.Report{}, nil, err }
	known := map[string]news.Actor{news.TheAuthor.ID: news.TheAuthor}
	for _, a := range e.Inventory.Actors() {
		known[a.ID] = a
	}
	who := func(id string) news.Actor { return cmp.Or(known[id], news.Actor{ID: id}) }

	r := evaluate.Report{Format: 1, Data: e.Data, Warnings: []string{}}
	warn := func(format string, args ...any) { r.Warnings = append(r.Warnings, fmt.Sprintf(format, args...)) }
	if len(e.Set) < evaluate.FewArticles {
		warn("intervals over fewer than %d articles mean little, and so does what is said to be better", evaluate.FewArticles)
	}
	if n := evaluate.Overlap(e.Set, e.Train); n > 0 {
		warn("%d paragraphs of %s stand in %s as well: figures on them say nothing of other articles", n, e.Data.Path, e.TrainPath)
	}
	if n, example := evaluate.Strangers(e.Set, func(id string) bool { return who(id).Kind != "" }, actor.Slug); n > 0 {
		warn("%d gold actors are neither in the inventory nor named in their article, so that nobody can find them, such as %s: is the id misspelt?", n, example)
	}
	articles := e.Read
	if articles == nil {
		left := func(l ingest.Left) {
			warn("article %q would not be labelled (%s: %s): its actors count as missed", l.ArticleID, l.Reason, l.Detail)
		}
		var err error
		if articles, err = ReadSet(ctx, e.Set, e.Finder, left); err != nil {
			return none(err)
		}
	}
	if e.Partial {
		warn("nobody judged the other actors of these texts: only labelled ones count, and neither triples nor the finding of actors is measured")
		articles = evaluate.OnlyLabelled(e.Set, articles)
	}
	lessons, err := ReadSet(ctx, e.Train, e.Finder, func(ingest.Left) {})
	if err != nil {
		return none(err)
	}

	judge := func(kind, sum string, judge evaluate.Judge) (*evaluate.Scored, error) {
		s, err := evaluate.Score(ctx, judge, e.Set, articles, who)
		if err != nil {
			return nil, err
		}
		j := evaluate.Judged{ID: s.Judge, Kind: kind, SHA256: sum, Metrics: evaluate.Measure(s.Pairs()), Estimates: s.Estimate(), Slices: s.Slices()}
		if s.Chrome.Of > 0 {
			j.Chrome = &s.Chrome
		}
		if kind == "model" {
			c := s.Calibrate()
			j.Calibration = &c
			if j.Behaviour, err = evaluate.Try(ctx, judge, e.Suite, e.Finder.Find); err != nil {
				return nil, err
			}
		}
		r.Judges = append(r.Judges, j)
		return s, nil
	}
	var strongest *evaluate.Scored
	best := -1.0
	for _, b := range evaluate.Baselines(e.Train, lessons) {
		s, err := judge("baseline", "", b)
		if err != nil {
			return none(err)
		}
		if f := r.Judges[len(r.Judges)-1].Metrics.MacroF1; f > best {
			strongest, best = s, f
		}
	}
	var models []*evaluate.Scored
	against := strongest
	for _, m := range e.Models {
		s, err := judge("model", m.SHA256(), m)
		if err != nil {
			return none(err)
		}
		models = append(models, s)
		r.Comparisons = append(r.Comparisons, evaluate.Compare(against, s))
		against = s
	}
	if second := evaluate.Readers(e.Set, who); second != nil {
		r.Judges = append(r.Judges, evaluate.Judged{ID: second.Judge, Kind: "reader", Metrics: evaluate.Measure(second.Pairs()), Estimates: second.Estimate()})
	}
	if e.Partial {
		r.OnlyGiven()
	}
	return r, models, nil
}

// ReadSet takes the articles of a labelled set as far as a run takes its own before it asks the model: cleaned, and with the
// actors that are found in them. left tells of those that a run would not label.
func ReadSet(ctx context.Context, set []evaluate.Article, finder *actor.Finder, left func(ingest.Left)) ([]evaluate.Read, error) {
	c := ingest.Config{Inputs: []string{"-"}, Stdin: bytes.NewReader(evaluate.Pages(set))}
	inputs, err := ingest.List(ctx, c)
	if err != nil {
		return nil, err
	}
	var out []evaluate.Read
	for item, err := range ingest.Read(ctx, c, inputs) {
		if err != nil {
			return nil, err
		}
		if item.Left != nil {
			left(*item.Left)
			continue
		}
		out = append(out, evaluate.Read{Article: item.Article, Subjects: finder.Find(item.Article)})
	}
	return out, ctx.Err()
}
