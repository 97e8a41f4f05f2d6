package evaluate

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stance/pipeline/news"
)

// lessons is a set in which the words alone say where an actor stands: most are for, Italy never is, and nobody else is neutral.
func lessons() (set []Article) {
	for i := range 40 {
		p := body(fmt.Sprintf("france supports sending soldiers, said paper %d", i), labels{"author": news.Pro, "france": news.Pro})
		if i%4 == 0 {
			p = body(fmt.Sprintf("italy rejects sending soldiers, said paper %d", i), labels{"author": news.Pro, "italy": news.Anti})
		}
		set = append(set, Article{ID: fmt.Sprint(i), Paragraphs: []Paragraph{p}})
	}
	return set
}

func said(t *testing.T, judge Judge, text string) (out []news.Stance) {
	t.Helper()
	out, err := judge.Label(t.Context(), text, subjects(Paragraph{Kind: news.Body, Text: text}))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestBaselinesKnowWhatTheyAreMeantToKnow(t *testing.T) {
	set := lessons()
	judges := Baselines(set, asFound(set))
	var ids []string
	for _, j := range judges {
		ids = append(ids, j.ID())
	}
	if diff := cmp.Diff([]string{"majority", "usual side", "bag of words"}, ids); diff != "" {
		t.Fatal(diff)
	}
	for _, c := range []struct {
		judge int
		text  string
		want  []news.Label // of the actors by id, then of the author
	}{
		{0, "france rejects", []news.Label{news.Pro, news.Pro}},
		{0, "italy", []news.Label{news.Pro, news.Pro}},
		{1, "france rejects", []news.Label{news.Pro, news.Pro}},
		{1, "italy supports", []news.Label{news.Anti, news.Pro}},
		{1, "nato", []news.Label{news.Pro, news.Pro}}, // unknown: as most are
	} {
		var got []news.Label
		for _, s := range said(t, judges[c.judge], c.text) {
			got = append(got, s.Label)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s on %q: %s", ids[c.judge], c.text, diff)
		}
	}
	words := judges[2]
	if x, y := said(t, words, "nato supports sending soldiers")[0], said(t, words, "nato rejects sending soldiers")[0]; x.Label != news.Pro || y.Label != news.Anti {
		t.Errorf("the bag of words has not learnt what the words say: %+v, %+v", x, y)
	}
	for _, s := range said(t, words, "italy rejects sending soldiers") {
		sum := s.P[0] + s.P[1] + s.P[2]
		if sum < 0.9999 || sum > 1.0001 || s.Margin <= 0 || s.P[indexOf(s.Label)] < 0.34 {
			t.Errorf("an answer is %+v", s)
		}
	}
	again := Baselines(lessons(), asFound(lessons()))
	for i := range judges {
		if diff := cmp.Diff(said(t, judges[i], "italy supports sending"), said(t, again[i], "italy supports sending")); diff != "" {
			t.Errorf("%s learns another thing the second time: %s", ids[i], diff)
		}
	}
}

func TestOfEquallyFrequentLabelsNeutralIsTaken(t *testing.T) {
	for _, c := range []struct {
		n    [3]int
		want news.Label
	}{{[3]int{1, 1, 1}, news.Neutral}, {[3]int{2, 1, 1}, news.Pro}, {[3]int{0, 2, 1}, news.Anti}, {[3]int{}, news.Neutral}} {
		if got := most(c.n); got != c.want {
			t.Errorf("of %v it is %s, want %s", c.n, got, c.want)
		}
	}
}

func TestBaselinesLearnFromNothing(t *testing.T) {
	for _, j := range Baselines(nil, nil) {
		if s := said(t, j, "italy rejects"); len(s) != 2 {
			t.Errorf("%s says %+v", j.ID(), s)
		}
	}
}

func TestWordsKnowWhereTheyBegin(t *testing.T) {
	words, at := wordsOf("“Élysée’s” plan, 2 Men")
	if diff := cmp.Diff([]string{"élysées", "plan", "2", "men"}, words); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{1, 11, 17, 19}, at); diff != "" {
		t.Error(diff)
	}
}

func TestParagraphsThatStandInBothSetsAreCounted(t *testing.T) {
	a := []Article{{ID: "a", Paragraphs: []Paragraph{body(long, nil), body("Yes.", nil)}}}
	b := []Article{{ID: "b", Paragraphs: []Paragraph{body("Quite another text, which resembles nothing else at all.", nil), body("Yes.", nil)}}}
	c := []Article{{ID: "c", Paragraphs: []Paragraph{body("The paper says: "+long, nil)}}}
	for _, x := range []struct {
		name       string
		set, other []Article
		want       int
	}{{"itself", a, a, 1}, {"another", b, a, 0}, {"a copy with more words", c, a, 1}, {"nothing", a, nil, 0}} {
		if n := Overlap(x.set, x.other); n != x.want {
			t.Errorf("%s: %d paragraphs, want %d", x.name, n, x.want)
		}
	}
}
