package main

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"stance/pipeline/evaluate"
	"stance/pipeline/news"
	"stance/pipeline/report"
)

// wrongShown is how many of the pairs that a model gets wrong are in the page; all of them are in the file of --errors.
const wrongShown = 30

// evaluationPage lays a report out in the order in which somebody who builds a model asks: on what, how good, better than
// what, and then of each model where it fails. models are the answers of the models in r.Judges, in their order.
func evaluationPage(r evaluate.Report, models []*evaluate.Scored) *report.Page {
	page := &report.Page{Title: "Evaluation on " + r.Data.Path, Intro: aboutSet(r)}
	page.Sections = append(page.Sections, judgesSection(r.Judges))
	if len(r.Comparisons) > 0 {
		page.Sections = append(page.Sections, comparisonsSection(r.Comparisons))
	}
	answers := map[string]*evaluate.Scored{}
	for _, m := range models {
		answers[m.Judge] = m
	}
	for _, j := range r.Judges {
		if m := answers[j.ID]; m != nil {
			page.Sections = append(page.Sections, modelSection(j, m))
		}
	}
	return page
}

func aboutSet(r evaluate.Report) report.Body {
	d := r.Data
	b := report.Body{Warnings: r.Warnings, Facts: []report.Fact{
		{"articles", count(d.Articles)}, {"labelled paragraphs", count(d.Paragraphs)}, {"pairs of paragraph and actor", count(d.Pairs)},
	}}
	for _, l := range news.Labels {
		b.Facts = append(b.Facts, report.Fact{string(l), fmt.Sprintf("%s (%s)", count(d.Labels[l]), inPercent(ratio(d.Labels[l], d.Pairs)))})
	}
	b.Facts = append(b.Facts, report.Fact{"SHA-256 of the set", d.SHA256})
	return b
}

func judgesSection(judges []evaluate.Judged) report.Section {
	interval := func(caption string, of func(evaluate.Estimates) evaluate.Estimate) report.Figures {
		f := report.Figures{Caption: caption, Head: []string{"judge", "95 % interval", "value"}, Groups: make([]report.Group, 1)}
		for _, j := range judges {
			e := of(j.Estimates)
			f.Groups[0].Rows = append(f.Groups[0].Rows, report.Row{Cells: []report.Cell{{Text: j.ID, Under: j.Kind}, drawn(e), estimate(e)}})
		}
		return f
	}
	all := report.Figures{
		Caption: "All figures, with 95 % intervals",
		Head:    []string{"judge", "macro-F1", "pro, anti F1", "accuracy", "Cohen's κ", "triples' F1", "triples' precision", "triples' recall", "finder's precision", "finder's recall"},
		Groups:  make([]report.Group, 1),
	}
	for _, j := range judges {
		e, m := j.Estimates, j.Metrics
		all.Groups[0].Rows = append(all.Groups[0].Rows, report.Row{Cells: []report.Cell{
			{Text: j.ID, Under: j.Kind}, estimate(e.MacroF1), estimate(e.SidesF1), estimate(e.Accuracy), estimate(e.Kappa), estimate(e.TriplesF1),
			{Text: f3(m.Triples.Precision)}, {Text: f3(m.Triples.Recall)}, estimate(e.ActorsPrec), estimate(e.ActorsRecall),
		}})
	}
	return report.Section{
		Title: "All judges",
		Body: report.Body{
			Text: []string{
				"macro-F1 asks where each gold actor stands; one whom the finder missed has taken no side. Triples' F1 asks what a user gets from raw text: " +
					"of the triples of paragraph, actor and side (pro or anti), how many are right and how many are found. Intervals are 95 %, by bootstrap over articles.",
			},
			Tables: []report.Figures{
				interval("macro-F1, given the gold actors", func(e evaluate.Estimates) evaluate.Estimate { return e.MacroF1 }),
				interval("Triples' F1, from raw text", func(e evaluate.Estimates) evaluate.Estimate { return e.TriplesF1 }),
			},
		},
		Parts: []report.Part{{Title: "Every figure", Body: report.Body{Tables: []report.Figures{all}}}},
	}
}

func comparisonsSection(comparisons []evaluate.Comparison) report.Section {
	s := report.Section{Title: "Comparisons"}
	f := report.Figures{
		Caption: "Second less first, with 95 % intervals",
		Head:    []string{"first and second", "macro-F1", "by", "triples' F1", "by", "only first right", "only second right", "McNemar's p"},
		Groups:  make([]report.Group, 1),
	}
	reach := 0.05
	for _, c := range comparisons {
		s.Text = append(s.Text, c.String()+".")
		for _, e := range []evaluate.Estimate{c.MacroF1, c.TriplesF1} {
			if !e.IsZero() {
				reach = max(reach, math.Abs(e.Low), math.Abs(e.High))
			}
		}
		f.Groups[0].Rows = append(f.Groups[0].Rows, report.Row{Cells: []report.Cell{
			{Text: c.First, Under: "and " + c.Second}, drawn(c.MacroF1), signed(c.MacroF1), drawn(c.TriplesF1), signed(c.TriplesF1),
			{Text: count(c.OnlyFirst)}, {Text: count(c.OnlySecond)}, {Text: f3(c.P)},
		}})
	}
	f.To = math.Ceil(20*reach) / 20
	f.From = -f.To
	s.Tables = []report.Figures{f}
	return s
}

func modelSection(j evaluate.Judged, answers *evaluate.Scored) report.Section {
	s := report.Section{Title: j.ID}
	s.Facts = []report.Fact{{"SHA-256 of the bundle", j.SHA256}}
	s.Parts = []report.Part{labelsPart(j.Metrics), finderPart(j)}
	if j.Calibration != nil {
		s.Parts = append(s.Parts, surenessPart(j))
	}
	if len(j.Slices) > 0 {
		s.Parts = append(s.Parts, slicesPart(j.Slices))
	}
	if len(j.Behaviour) > 0 {
		s.Parts = append(s.Parts, behaviourPart(j.Behaviour))
	}
	s.Parts = append(s.Parts, wrongPart(answers.Wrong()))
	return s
}

func labelsPart(m evaluate.Metrics) report.Part {
	matrix := report.Figures{Caption: "What is gold (rows) and what was said (columns): pairs, and their share of the row", Head: []string{"label"}, Groups: make([]report.Group, 1)}
	each := report.Figures{Caption: "Each label", Head: []string{"label", "precision", "recall", "F1", "gold pairs"}, Groups: make([]report.Group, 1)}
	for i, gold := range news.Labels {
		l := m.Labels[gold]
		matrix.Head = append(matrix.Head, "said "+string(gold))
		cells := []report.Cell{{Text: "gold " + string(gold)}}
		for _, n := range m.Matrix[i] {
			share := ratio(n, l.Gold)
			cells = append(cells, report.Cell{Text: count(n), Under: inPercent(share), Heat: share})
		}
		matrix.Groups[0].Rows = append(matrix.Groups[0].Rows, report.Row{Cells: append(cells, report.Cell{Text: count(l.Gold)})})
		each.Groups[0].Rows = append(each.Groups[0].Rows, report.Row{Cells: report.Cells(string(gold), f3(l.Precision), f3(l.Recall), f3(l.F1), count(l.Gold))})
	}
	matrix.Head = append(matrix.Head, "all")
	return report.Part{Title: "Labels", Body: report.Body{Tables: []report.Figures{matrix, each}}}
}

func finderPart(j evaluate.Judged) report.Part {
	row := func(name string, f evaluate.Found) report.Row {
		return report.Row{Cells: report.Cells(name, f3(f.Precision), f3(f.Recall), f3(f.F1), count(f.Gold), count(f.Said))}
	}
	p := report.Part{Title: "From raw text"}
	p.Tables = []report.Figures{{
		Caption: "What is found",
		Head:    []string{"what", "precision", "recall", "F1", "gold", "said"},
		Groups:  []report.Group{{Rows: []report.Row{row("actors in a paragraph, without the author", j.Metrics.Actors), row("triples of paragraph, actor and side", j.Metrics.Triples)}}},
	}}
	if j.Chrome != nil {
		p.Text = []string{fmt.Sprintf("Of %s pieces of text that are no part of their articles, %s were taken for a part.", count(j.Chrome.Of), count(j.Chrome.Kept))}
	}
	return p
}

func surenessPart(j evaluate.Judged) report.Part {
	c, sure := *j.Calibration, j.Metrics.Sure
	p := report.Part{Title: "How sure"}
	p.Facts = []report.Fact{
		{"calibration error", f3(c.ECE)}, {"Brier score", f3(c.Brier)}, {"log loss", f3(c.LogLoss)}, {"area under risk-coverage", f3(c.AURC)},
	}
	p.Plots = []report.Plot{reliability(c)}
	if len(c.Risk) > 0 {
		p.Plots = append(p.Plots, riskCoverage(c, sure))
	}
	now := "On no pro or anti row is it sure enough not to abstain."
	if sure.Rows > 0 {
		e := j.Estimates
		now = fmt.Sprintf("Now it does not abstain on %s of %s pro and anti rows: %s (95 %%: %s), of which %s are right (95 %%: %s).",
			count(sure.Rows), count(j.Metrics.Triples.Said), inPercent(sure.Coverage), fromTo(e.SureCoverage), inPercent(sure.Precision), fromTo(e.SurePrecision))
	}
	p.Text = []string{now}
	return p
}

func reliability(c evaluate.Calibration) report.Plot {
	p := report.Plot{
		Title: "Reliability", X: "probability of the label", Y: "right", Diagonal: true, Dots: true, BarsOf: "pairs",
		Desc:  fmt.Sprintf("The share of labels that are right over their mean probability in ten bins, with the number of pairs in each below; on the dashed diagonal both are the same. The mean distance from it is %s.", f3(c.ECE)),
		Table: report.Figures{Caption: "Reliability by bin", Head: []string{"probability", "pairs", "mean", "right"}, Groups: make([]report.Group, 1)},
	}
	for _, b := range c.Bins {
		if b.Pairs == 0 {
			continue
		}
		high := b.Low + 1/float64(len(c.Bins))
		p.Curve = append(p.Curve, report.Point{X: b.Confidence, Y: b.Accuracy})
		p.Bars = append(p.Bars, report.Bar{From: b.Low, To: high, Count: b.Pairs})
		p.Table.Groups[0].Rows = append(p.Table.Groups[0].Rows, report.Row{Cells: report.Cells(fmt.Sprintf("%.1f to %.1f", b.Low, high), count(b.Pairs), f3(b.Confidence), f3(b.Accuracy))})
	}
	return p
}

func riskCoverage(c evaluate.Calibration, sure evaluate.Sure) report.Plot {
	p := report.Plot{
		Title: "Risk and coverage", X: "pro and anti rows kept, surest first", Y: "wrong among them",
		Table: report.Figures{Caption: "Risk by coverage", Head: []string{"kept", "least margin", "wrong"}, Groups: make([]report.Group, 1)},
	}
	next := 0.1
	for _, r := range c.Risk {
		p.Curve = append(p.Curve, report.Point{X: r.Coverage, Y: r.Wrong})
		p.Top = max(p.Top, r.Wrong)
		if r.Coverage >= next-1e-9 {
			p.Table.Groups[0].Rows = append(p.Table.Groups[0].Rows, report.Row{Cells: report.Cells(inPercent(r.Coverage), f3(r.Margin), inPercent(r.Wrong))})
			next = math.Floor(10*r.Coverage+1e-9)/10 + 0.1
		}
	}
	p.Top = max(math.Ceil(10*p.Top)/10, 0.1)
	p.Desc = fmt.Sprintf("The share of wrong rows among those kept, from the surest to all, where it is %s.", inPercent(c.Risk[len(c.Risk)-1].Wrong))
	if sure.Rows > 0 {
		p.Mark = &report.Mark{Point: report.Point{X: sure.Coverage, Y: 1 - sure.Precision}, Name: "now: " + inPercent(sure.Coverage) + " kept, " + inPercent(1-sure.Precision) + " wrong"}
		p.Desc += " The bundle's threshold keeps " + inPercent(sure.Coverage) + ", of which " + inPercent(1-sure.Precision) + " are wrong."
	}
	return p
}

func slicesPart(all []evaluate.Slice) report.Part {
	f := report.Figures{Caption: "Accuracy of slices, with 95 % intervals", Head: []string{"slice", "accuracy, 95 % interval", "value", "macro-F1", "pairs", "articles"}}
	for i, s := range all {
		if i == 0 || s.By != all[i-1].By {
			f.Groups = append(f.Groups, report.Group{Name: s.By})
		}
		row := report.Row{Faint: s.Few, Cells: []report.Cell{{Text: s.Name}, {Text: "too few to say"}, {Text: f3(s.Accuracy)}, {Text: f3(s.MacroF1)}, {Text: count(s.Pairs)}, {Text: count(s.Articles)}}}
		if s.By == "label" { // of which one alone occurs
			row.Cells[3].Text = "–"
		}
		if !s.Few {
			e := evaluate.Estimate{Value: s.Accuracy, Low: s.Low, High: s.High}
			row.Cells[1], row.Cells[2] = drawn(e), estimate(e)
		}
		g := &f.Groups[len(f.Groups)-1]
		g.Rows = append(g.Rows, row)
	}
	return report.Part{Title: "Slices", Body: report.Body{
		Text:   []string{"macro-F1 is over the labels that occur in a slice. Slices of too few pairs or articles are listed in grey italics, without an interval: their figures say nothing of other articles."},
		Tables: []report.Figures{f},
	}}
}

func behaviourPart(capabilities []evaluate.Capability) report.Part {
	f := report.Figures{Caption: "Share of cases that fail", Head: []string{"template", "failed", "share", "cases failed", "moved by names", "cases"}}
	for _, c := range capabilities {
		g := report.Group{Name: fmt.Sprintf("%s: %s of %s fail (%s)", c.Name, count(c.Failed), count(c.Cases), inPercent(ratio(c.Failed, c.Cases)))}
		for _, t := range c.Templates {
			share := ratio(t.Failed, t.Cases)
			g.Rows = append(g.Rows, report.Row{Cells: []report.Cell{{Text: t.ID}, drawn(evaluate.Estimate{Value: share, Low: share, High: share}), {Text: inPercent(share)}, {Text: count(t.Failed)}, {Text: count(t.Moved)}, {Text: count(t.Cases)}}})
		}
		f.Groups = append(f.Groups, g)
	}
	return report.Part{Title: "Behaviour", Body: report.Body{Tables: []report.Figures{f}}}
}

func wrongPart(wrong []evaluate.Pair) report.Part {
	p := report.Part{Title: "Surest and wrong"}
	shown := wrong[:min(wrongShown, len(wrong))]
	p.Text = []string{fmt.Sprintf("Pairs that are wrong: %s, the surest first; an actor who was not found has no probabilities and comes last.", count(len(wrong)))}
	if len(shown) < len(wrong) {
		p.Text[0] += fmt.Sprintf(" Here are %s of them; --errors writes them all.", count(len(shown)))
	}
	for _, w := range shown {
		q := report.Quote{Text: w.Text}
		q.Head = fmt.Sprintf("%s: gold %s, said %s", cmp.Or(w.Actor.Name, w.Actor.ID), cmp.Or(w.Gold, "nothing"), cmp.Or(w.Said.Label, "nothing"))
		if w.Said.Label != "" {
			for i, l := range news.Labels {
				q.Facts = append(q.Facts, report.Fact{"p " + string(l), fmt.Sprintf("%.3f", w.Said.P[i])})
			}
			if w.Said.Abstained {
				q.Facts = append(q.Facts, report.Fact{"abstained", "yes"})
			}
		}
		if w.How != "" {
			q.Facts = append(q.Facts, report.Fact{"found by", string(w.How)})
		}
		if len(w.Rules) > 0 {
			q.Facts = append(q.Facts, report.Fact{"rules", strings.Trim(fmt.Sprint(w.Rules), "[]")})
		}
		q.Facts = append(q.Facts, report.Fact{"at", fmt.Sprintf("%s, %s, paragraph %d", w.Article, w.Kind, w.Paragraph)})
		p.Quotes = append(p.Quotes, q)
	}
	return p
}

func drawn(e evaluate.Estimate) report.Cell {
	if e.IsZero() {
		return report.Cell{Text: f3(e.Value)}
	}
	return report.Cell{Interval: &report.Interval{Value: e.Value, Low: e.Low, High: e.High}}
}

func estimate(e evaluate.Estimate) report.Cell {
	if e.IsZero() {
		return report.Cell{Text: f3(e.Value)}
	}
	return report.Cell{Text: f3(e.Value), Under: fmt.Sprintf("%.3f to %.3f", e.Low, e.High)}
}

func fromTo(e evaluate.Estimate) string { return fmt.Sprintf("%.1f to %.1f", 100*e.Low, 100*e.High) }

func signed(e evaluate.Estimate) report.Cell {
	if e.IsZero() {
		return report.Cell{Text: f3(e.Value)}
	}
	return report.Cell{Text: fmt.Sprintf("%+.3f", e.Value), Under: fmt.Sprintf("%+.3f to %+.3f", e.Low, e.High)}
}

func count(n int) string { return report.Count(int64(n)) }

func inPercent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }

func ratio(n, of int) float64 { return float64(n) / float64(max(of, 1)) }
