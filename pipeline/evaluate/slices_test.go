package evaluate

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"stance/pipeline/news"
)

func TestSlicesSortThePairs(t *testing.T) {
	who := func(id string) news.Actor {
		return map[string]news.Actor{
			"france": {ID: "france", Kind: news.State},
			"macron": {ID: "macron", Kind: news.Person, Principal: "france"},
			"lonely": {ID: "lonely", Kind: news.Person, Principal: "lonely"},
		}[id]
	}
	s := &Scored{}
	for i := range 40 {
		id := fmt.Sprint(i % 8)
		p := Pair{Article: id, Paragraph: i, Kind: news.Body, Genre: "wire", Actor: who("france"), Country: country(who("france"), who), Gold: news.Pro, How: news.ByName, Text: "short", Said: news.Stance{Label: news.Pro}}
		q := p
		q.Country = country(who("macron"), who)
		q.Actor, q.Gold, q.Said.Label, q.Said.Truncated, q.Rules, q.Divided = who("macron"), news.Anti, news.Neutral, true, []int{3, 12}, true
		stranger := p
		stranger.Actor, stranger.Country, stranger.Gold = news.Actor{ID: "x"}, "", ""
		pairs := []Pair{p, q, stranger}
		if i < 6 {
			pairs = append(pairs, Pair{Article: id, Paragraph: i, Kind: news.Headline, Genre: "", Actor: who("lonely"), Country: country(who("lonely"), who), Gold: news.Neutral, Text: strings.Repeat("long ", 90)})
		}
		s.Articles = append(s.Articles, pairs)
	}
	all := s.Slices()
	for _, want := range []Slice{
		{By: "label", Name: "pro", Pairs: 40, Articles: 40, MacroF1: 1, Accuracy: 1},
		{By: "label", Name: "anti", Pairs: 40, Articles: 40, MacroF1: 0, Accuracy: 0},
		{By: "label", Name: "neutral", Pairs: 6, Articles: 6, MacroF1: 1, Accuracy: 1, Few: true},
		{By: "genre", Name: "wire", Pairs: 80, Articles: 40, MacroF1: 0.5, Accuracy: 0.5},
		{By: "genre", Name: "unknown", Pairs: 6, Articles: 6, MacroF1: 1, Accuracy: 1, Few: true},
		{By: "paragraph", Name: "headline", Pairs: 6, Articles: 6, MacroF1: 1, Accuracy: 1, Few: true},
		{By: "actor", Name: "state", Pairs: 40, Articles: 40, MacroF1: 1, Accuracy: 1},
		{By: "found by", Name: "name", Pairs: 80, Articles: 40, MacroF1: 0.5, Accuracy: 0.5},
		{By: "found by", Name: "missed", Pairs: 6, Articles: 6, MacroF1: 1, Accuracy: 1, Few: true},
		{By: "rule", Name: "03", Pairs: 40, Articles: 40, MacroF1: 0, Accuracy: 0},
		{By: "rule", Name: "12", Pairs: 40, Articles: 40, MacroF1: 0, Accuracy: 0},
		{By: "length", Name: "80 words or more", Pairs: 6, Articles: 6, MacroF1: 1, Accuracy: 1, Few: true},
		{By: "sides", Name: "both in the paragraph", Pairs: 40, Articles: 40, MacroF1: 0, Accuracy: 0},
		{By: "window", Name: "truncated", Pairs: 40, Articles: 40, MacroF1: 0, Accuracy: 0},
		{By: "country", Name: "france", Pairs: 80, Articles: 40, MacroF1: 0.5, Accuracy: 0.5},
	} {
		i := slices.IndexFunc(all, func(s Slice) bool { return s.By == want.By && s.Name == want.Name })
		if i < 0 {
			t.Errorf("there is no slice %s %s", want.By, want.Name)
			continue
		}
		got := all[i]
		if got.Low > got.Accuracy || got.High < got.Accuracy {
			t.Errorf("%s %s: the accuracy lies outside its interval: %+v", want.By, want.Name, got)
		}
		got.Low, got.High = 0, 0
		if got != want {
			t.Errorf("%s %s is %+v, want %+v", want.By, want.Name, got, want)
		}
	}
	for i := 1; i < len(all); i++ {
		if all[i].By == all[i-1].By && all[i].Pairs > all[i-1].Pairs {
			t.Errorf("%s %s is larger than the slice before it", all[i].By, all[i].Name)
		}
	}
}

func TestASliceOfFewArticlesSaysNothing(t *testing.T) {
	s := &Scored{}
	for i := range 4 {
		var pairs []Pair
		for j := range 20 {
			pairs = append(pairs, Pair{Article: fmt.Sprint(i), Paragraph: j, Genre: "wire", Gold: news.Pro, Said: news.Stance{Label: news.Pro}})
		}
		s.Articles = append(s.Articles, pairs)
	}
	for _, slice := range s.Slices() {
		if !slice.Few {
			t.Errorf("80 pairs of 4 articles are not few: %+v", slice)
		}
	}
}

// reader is a judge who goes by one word.
type reader struct{ opinions }

func (reader) Label(_ context.Context, text string, subjects []news.Subject) ([]news.Stance, error) {
	return certain(subjects, func(a news.Actor) news.Label {
		if a.ID != news.TheAuthor.ID && strings.Contains(text, "ruled out sending") {
			return news.Anti
		}
		return news.Neutral
	}), nil
}

func TestCasesOfTheBehaviouralSuiteAreCounted(t *testing.T) {
	lines := `{"id":"one","capability":"negation","template":"{A} has ruled out {what}.","labels":{"A":"anti","author":"neutral"},"fillings":[` +
		`{"A":{"text":"france","actor":"france"},"what":{"text":"sending troops"}},` + // right
		`{"A":{"text":"france","actor":"france"},"what":{"text":"a deployment"}},` + // wrong
		`{"A":{"text":"rome","actor":"italy"},"what":{"text":"sending troops"}}]}` + "\n" + // not found
		`{"id":"two","capability":"other","template":"{A} met.","labels":{"A":"neutral","author":"neutral"},"fillings":[{"A":{"text":"the italy group","actor":"italy"}},{"A":{"text":"rome","actor":"italy"}}]}` + "\n" +
		`{"id":"three","capability":"negation","template":"{A} and nato, says italy, have ruled out sending troops.","labels":{"A":"anti","nato":"anti","author":"neutral"},"fillings":[{"A":{"text":"The france","actor":"france"}}]}` + "\n"
	suite, err := ReadBehaviour(strings.NewReader(lines))
	if err != nil {
		t.Fatal(err)
	}
	// One who is not found has taken no side, and is a failure all the same: the suite asks to find him.
	// That italy, who has no label in the third template, is found as well is no failure: the suite asks for labels.
	find := func(a *news.Article) [][]news.Subject {
		return [][]news.Subject{subjects(Paragraph{Kind: a.Paragraphs[0].Kind, Text: strings.ToLower(a.Paragraphs[0].Text)})}
	}
	got, err := Try(t.Context(), reader{}, suite, find)
	if err != nil {
		t.Fatal(err)
	}
	// Each of the three answers of the first template is another, so names have moved two of them.
	want := "[{negation 4 2 2 [{one 3 2 2} {three 1 0 0}]} {other 2 1 1 [{two 2 1 1}]}]"
	if s := fmt.Sprint(got); s != want {
		t.Errorf("counts are %s, want %s", s, want)
	}
	if _, err := Try(t.Context(), broken{}, suite, find); err == nil {
		t.Error("a judge who fails is not noticed")
	}
}
