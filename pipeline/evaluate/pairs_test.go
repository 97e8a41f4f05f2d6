package evaluate

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stance/pipeline/news"
)

// opinions is a judge who has one label for each actor, whatever he reads, and neutral for all others.
type opinions map[string]news.Label

func (opinions) ID() string { return "opinions" }

func (o opinions) Label(_ context.Context, _ string, subjects []news.Subject) ([]news.Stance, error) {
	return certain(subjects, func(a news.Actor) news.Label {
		if l, ok := o[a.ID]; ok {
			return l
		}
		return news.Neutral
	}), nil
}

// asFound is the set as the pipeline reads it where it sees, in each paragraph, the actors whose ids stand in its text, and the author
// in body paragraphs.
func asFound(set []Article) (out []Read) {
	for _, a := range set {
		r := Read{Article: &news.Article{ID: a.ID}}
		for _, p := range a.Paragraphs {
			r.Article.Paragraphs = append(r.Article.Paragraphs, news.Paragraph{Kind: p.Kind, Text: p.Text})
			r.Subjects = append(r.Subjects, subjects(p))
		}
		out = append(out, r)
	}
	return out
}

func subjects(p Paragraph) (out []news.Subject) {
	for _, id := range []string{"france", "italy", "nato"} {
		if i := strings.Index(p.Text, id); i >= 0 {
			out = append(out, news.Subject{Actor: plainActor(id), Mentions: []news.Mention{{Start: i, End: i + len(id), Text: id, How: news.ByName}}})
		}
	}
	if p.Kind == news.Body || p.Kind == chrome {
		out = append(out, news.Subject{Actor: news.TheAuthor})
	}
	return out
}

func plainActor(id string) news.Actor { return news.Actor{ID: id, Kind: news.State} }

func body(text string, labels map[string]news.Label) Paragraph {
	return Paragraph{Kind: news.Body, Text: text, Labels: labels}
}

func score(t *testing.T, judge Judge, set ...Article) *Scored {
	t.Helper()
	s, err := Score(t.Context(), judge, set, asFound(set), plainActor)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type labels = map[string]news.Label

func TestAChangedGoldLabelChangesEveryFigure(t *testing.T) {
	judge := opinions{"france": news.Pro, "italy": news.Anti}
	set := func(france news.Label) Article {
		return Article{ID: "a", Paragraphs: []Paragraph{body("france and italy", labels{"author": news.Neutral, "france": france, "italy": news.Anti})}}
	}
	before, after := Measure(score(t, judge, set(news.Pro)).Pairs()), Measure(score(t, judge, set(news.Anti)).Pairs())
	if before.MacroF1 != 1 || before.Accuracy != 1 || before.Kappa != 1 || before.Triples.F1 != 1 {
		t.Errorf("all is right, and the figures are %+v", before)
	}
	if after.MacroF1 >= 0.9 || after.Accuracy != 2.0/3 || after.Kappa >= 0.9 || after.Triples.Precision != 0.5 || after.Labels[news.Pro].F1 != 0 {
		t.Errorf("one label of three is wrong, and the figures are %+v", after)
	}
}

func TestWhatNobodyJudgedCountsForNothing(t *testing.T) {
	judge := opinions{"france": news.Pro, "italy": news.Pro, "nato": news.Pro}
	a := Article{ID: "a", Paragraphs: []Paragraph{body("france", labels{"author": news.Neutral, "france": news.Pro})}}
	want := Measure(score(t, judge, a).Pairs())

	optional := body("italy and nato", labels{"author": news.Neutral, "italy": news.Anti, "france": news.Pro}) // found, said of a third, missed
	optional.Optional = []string{"italy", "nato", "france"}
	a.Paragraphs = append(a.Paragraphs, body("italy would", nil), optional)
	s := score(t, judge, a)
	want.Pairs, want.Labels[news.Neutral], want.Matrix[2][2] = 3, LabelF1{1, 1, 1, 2}, 2 // the author of the third paragraph
	if diff := cmp.Diff(want, Measure(s.Pairs())); diff != "" {
		t.Error(diff)
	}
	if d := Describe("", "", []Article{a}); d.Paragraphs != 2 || d.Pairs != 3 || d.Labels[news.Anti] != 0 {
		t.Errorf("the set is described as %+v", d)
	}
}

func TestAMissedActorHasTakenNoSide(t *testing.T) {
	a := Article{ID: "a", Paragraphs: []Paragraph{
		body("paris", labels{"author": news.Neutral, "france": news.Pro}),
		body("rome", labels{"author": news.Neutral, "italy": news.Neutral}),
	}}
	m := Measure(score(t, opinions{}, a).Pairs())
	if m.Pairs != 4 || m.Matrix != [3][3]int{0: {2: 1}, 2: {2: 3}} {
		t.Errorf("given the gold actors: %+v, want one of four wrong", m)
	}
	if m.Triples != (Found{Gold: 1}) || m.Actors != (Found{Gold: 2}) {
		t.Errorf("end to end: triples %+v and actors %+v, want one and two missed", m.Triples, m.Actors)
	}
	if c := score(t, opinions{}, a).Calibrate(); c.Pairs != 2 {
		t.Errorf("%d pairs have probabilities, want those of the author alone", c.Pairs)
	}
}

func TestAnActorWhomNobodySeesCountsAgainst(t *testing.T) {
	a := Article{ID: "a", Paragraphs: []Paragraph{body("france and italy", labels{"author": news.Neutral, "france": news.Pro})}}
	m := Measure(score(t, opinions{"france": news.Pro, "italy": news.Anti}, a).Pairs())
	if m.Pairs != 2 || m.Triples.Precision != 0.5 || m.Triples.Recall != 1 || m.Actors.Precision != 0.5 {
		t.Errorf("figures are %+v", m)
	}
	if m := Measure(score(t, opinions{"france": news.Pro}, a).Pairs()); m.Triples.Precision != 1 {
		t.Errorf("he takes no side, and the figures are %+v", m)
	}
}

func TestRowsOnChromeCountAgainst(t *testing.T) {
	a := Article{ID: "a", Paragraphs: []Paragraph{
		body("france", labels{"author": news.Neutral, "france": news.Pro}),
		{Kind: chrome, Text: "read more on italy"},
		{Kind: chrome, Text: "share"},
	}}
	read := asFound([]Article{a})
	read[0].Article.Paragraphs = read[0].Article.Paragraphs[:2] // that "share" is no text was seen
	s, err := Score(t.Context(), opinions{"france": news.Pro, "italy": news.Pro}, []Article{a}, read, plainActor)
	if err != nil {
		t.Fatal(err)
	}
	m := Measure(s.Pairs())
	if s.Chrome != (Chrome{1, 2}) || m.Pairs != 2 || m.Triples.Said != 2 || m.Triples.Precision != 0.5 || m.Actors.Precision != 0.5 {
		t.Errorf("chrome %+v, figures %+v", s.Chrome, m)
	}
}

func TestParagraphsAreMatchedByTheirText(t *testing.T) {
	judge := opinions{"france": news.Pro}
	gold := labels{"author": news.Neutral, "france": news.Pro}
	set := []Article{{ID: "a", Paragraphs: []Paragraph{body("france  will\u00a0e\u0301tudier ", gold), body("nothing", labels{"author": news.Neutral})}}}
	read := asFound(set)
	read[0].Article.Paragraphs[0].Text = "france will étudier"
	read[0].Article.Paragraphs = append([]news.Paragraph{{Kind: news.Headline, Text: "a headline that was put above it"}}, read[0].Article.Paragraphs...)
	read[0].Subjects = append([][]news.Subject{nil}, read[0].Subjects...)
	s, err := Score(t.Context(), judge, set, read, plainActor)
	if err != nil {
		t.Fatal(err)
	}
	if m := Measure(s.Pairs()); m.Pairs != 3 || m.Accuracy != 1 || m.Triples.Recall != 1 {
		t.Errorf("figures are %+v", m)
	}
	read[0].Article.ID = "another"
	if s, err = Score(t.Context(), judge, set, read, plainActor); err != nil || Measure(s.Pairs()).Triples.Recall != 0 {
		t.Errorf("the text of another article was taken for that of this one: %v", err)
	}
}

type broken struct{ opinions }

func (broken) Label(context.Context, string, []news.Subject) ([]news.Stance, error) {
	return nil, errors.New("out of paper")
}

func TestAJudgeWhoFailsIsNamed(t *testing.T) {
	set := []Article{{ID: "a", Paragraphs: []Paragraph{body("france", labels{"author": news.Neutral})}}}
	if _, err := Score(t.Context(), broken{}, set, asFound(set), plainActor); err == nil || err.Error() != `judge paragraph 0 of article "a": out of paper` {
		t.Errorf("error is %v", err)
	}
}

func TestNothingHasFiguresOfNothing(t *testing.T) {
	m := Measure(nil)
	for _, f := range estimated {
		if v := f.of(m); v != 0 || math.IsNaN(v) {
			t.Errorf("a figure of no pairs is %v", v)
		}
	}
	c := (&Scored{}).Calibrate()
	if c.Brier != 0 || c.LogLoss != 0 || c.ECE != 0 || c.AURC != 0 {
		t.Errorf("the calibration of no pairs is %+v", c)
	}
	if e := (&Scored{}).Estimate(); e != (Estimates{}) {
		t.Errorf("estimates of no pairs are %+v", e)
	}
}

func TestMistakesComeSurestFirst(t *testing.T) {
	pair := func(actor string, gold, said news.Label, margin float32) Pair {
		return Pair{Actor: plainActor(actor), Gold: gold, Said: news.Stance{Label: said, Margin: margin}}
	}
	s := &Scored{Articles: [][]Pair{{
		pair("missed", news.Pro, "", 0),
		pair("missed neutral", news.Neutral, "", 0),
		pair("wrong", news.Pro, news.Anti, 0.2),
		pair("right", news.Pro, news.Pro, 0.9),
	}, {
		pair("nobody", "", news.Pro, 0.8),
		pair("nobody, no side", "", news.Neutral, 0.9),
	}}}
	var got []string
	for _, p := range s.Wrong() {
		got = append(got, p.Actor.ID)
	}
	if diff := cmp.Diff([]string{"nobody", "wrong", "missed"}, got); diff != "" {
		t.Error(diff)
	}
}
