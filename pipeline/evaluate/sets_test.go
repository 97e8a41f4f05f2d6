package evaluate

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"stance/pipeline/news"
)

func folder(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func article(id, text, labels string) string {
	return fmt.Sprintf(`{"id":%q,"genre":"wire","title":"T","byline":"","published":"2026-01-31","paragraphs":[{"kind":"body","text":%q,"labels":{"author":"neutral"%s}}]}`+"\n", id, text, labels)
}

const long = "Paris would send a brigade to the west of the country as soon as there is a truce that both armies keep."

func slug(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), "-")) }

func known(id string) bool { return id == "france" }

func TestEveryFaultOfAFolderIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string // of the one fault; "" for none
	}{
		"a sound folder": {map[string]string{"train.jsonl": article("a", long, `,"france":"pro"`), "dev.jsonl": article("b", "Quite another text, which resembles nothing else at all.", ``)}, ""},
		"an article in two sets": {map[string]string{"train.jsonl": article("a", long, ``), "test.jsonl": article("a", "Quite another text, which resembles nothing else at all.", ``)},
			`article "a" stands in train and in test`},
		"a paragraph in two sets": {map[string]string{"train.jsonl": article("a", long, ``), "test.jsonl": article("b", strings.ToUpper(long), ``)}, "resembles train"},
		"a contrast in two sets": {map[string]string{"train.jsonl": strings.Replace(article("a", "Nobody will go.", ``), `"author":"neutral"}`, `"author":"neutral"},"contrast":{"text":"`+long+`","labels":{"author":"pro"}}`, 1),
			"test.jsonl": article("b", long, ``)}, "resembles train"},
		"nearly the same paragraph": {map[string]string{"dev.jsonl": article("a", long, ``), "test.jsonl": article("b", strings.Replace(long, "brigade", "regiment", 1), ``)},
			"resembles dev"},
		"a paragraph that shares less than half": {map[string]string{"dev.jsonl": article("a", long, ``), "test.jsonl": article("b", long[:40]+" if the parliament of the country that is asked for it says yes in time for that", ``)}, ""},
		"an actor whom nobody knows":             {map[string]string{"train.jsonl": article("a", long, `,"italy":"anti"`)}, `actor "italy" is neither`},
		"a stranger whom the article names":      {map[string]string{"train.jsonl": article("a", "Mario Bianchi would send nobody.", `,"mario-bianchi":"anti"`)}, ""},
		"a datasheet without the figures":        {map[string]string{"train.jsonl": article("a", long, ``), "README.md": "# Nothing\n"}, "README.md lacks"},
		"a suite with an unknown actor": {map[string]string{"train.jsonl": article("a", long, ``), "behaviour.jsonl": strings.Replace(template, `"actor":"france"`, `"actor":"atlantis"`, 1)},
			`actor "atlantis" is not in the inventory`},
	} {
		s, err := ReadSets(folder(c.files))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		errs := s.Check(known, slug)
		switch {
		case c.want == "" && len(errs) > 0:
			t.Errorf("%s: %v", name, errs)
		case c.want != "" && (len(errs) != 1 || !strings.Contains(errs[0].Error(), c.want)):
			t.Errorf("%s: faults are %v, want one with %q", name, errs, c.want)
		}
	}
}

func TestActorsWhomNobodyCouldFindAreCounted(t *testing.T) {
	set := []Article{
		{ID: "a", Paragraphs: []Paragraph{
			body("Mario Bianchi's party would send nobody.", labels{"author": news.Neutral, "mario-bianchi": news.Anti, "france": news.Pro}),
			body("He said so.", labels{"mario-bianchi": news.Anti, "emanuel-macron": news.Pro, "atlantis": news.Pro, "a-ghost": news.Pro}),
			{Kind: news.Body, Text: "Nor would others.", Labels: labels{"others-who-differ": news.Pro}, Optional: []string{"others-who-differ"}},
		}},
		{ID: "b", Paragraphs: []Paragraph{body("Atlantis rises.", labels{"atlantis": news.Pro, "emanuel-macron": news.Pro})}},
	}
	isKnown := func(id string) bool { return known(id) || id == "author" }
	if n, example := Strangers(set, isKnown, slug); n != 4 || example != `a-ghost in article "a"` {
		t.Errorf("%d of them, such as %s, want four: three in a and one in b", n, example)
	}
	if n, example := Strangers(set[:0], isKnown, slug); n != 0 || example != "" {
		t.Errorf("%d of them, such as %q", n, example)
	}
}

func TestADatasheetWithTheFiguresIsComplete(t *testing.T) {
	files := map[string]string{"train.jsonl": article("a", long, `,"france":"pro"`), "behaviour.jsonl": template, "silver.jsonl": silver}
	s, err := ReadSets(folder(files))
	if err != nil {
		t.Fatal(err)
	}
	figures := s.Figures()
	for _, want := range []string{"| train | 1 | 1 | 0.0 % | 2 | 50.0 % | 0.0 % | 50.0 % | 2 | 0 |", "| silver | - | 1 |", "1 templates, 2 cases (negation 1)", "  behaviour.jsonl\n"} {
		if !strings.Contains(figures, want) {
			t.Errorf("the figures lack %q:\n%s", want, figures)
		}
	}
	files["README.md"] = "# Sets\n\n" + figures
	if s, err = ReadSets(folder(files)); err != nil {
		t.Fatal(err)
	}
	if errs := s.Check(known, slug); len(errs) > 0 {
		t.Errorf("faults: %v", errs)
	}
	files["train.jsonl"] = strings.Replace(files["train.jsonl"], `"pro"`, `"anti"`, 1)
	if s, err = ReadSets(folder(files)); err != nil {
		t.Fatal(err)
	}
	if errs := s.Check(known, slug); len(errs) != 1 {
		t.Errorf("after one label was changed the faults are %v, want one", errs)
	}
}

func TestAFolderWithoutSetsIsRefused(t *testing.T) {
	if _, err := ReadSets(folder(map[string]string{"README.md": "x"})); err == nil || !strings.Contains(err.Error(), "none of") {
		t.Errorf("error is %v", err)
	}
	_, err := ReadSets(folder(map[string]string{"train.jsonl": "{", "silver.jsonl": "{}\n", "behaviour.jsonl": "{}\n"}))
	for _, want := range []string{"train.jsonl: ", "silver.jsonl: ", "behaviour.jsonl: ", "line 1: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want one with %q", err, want)
		}
	}
}

func TestTextOfOthersIsRecognised(t *testing.T) {
	s, err := ReadSets(folder(map[string]string{"train.jsonl": article("a", long, ``) + article("b", "Quite another text, which resembles nothing else at all.", ``), "silver.jsonl": silver}))
	if err != nil {
		t.Fatal(err)
	}
	outside := "Something that nobody copied from anywhere in the world.\n\n  " + silverText + "\n"
	if errs, err := s.Outside(strings.NewReader(outside)); err != nil || len(errs) > 0 {
		t.Errorf("faults %v, error %v", errs, err)
	}
	errs, err := s.Outside(strings.NewReader("He said: " + long + " Nobody believed him.\n"))
	if err != nil || len(errs) != 2 || !strings.Contains(errs[0].Error(), "1 of 1 silver") || !strings.Contains(errs[1].Error(), `article "a"`) {
		t.Errorf("faults %v, error %v", errs, err)
	}
	s.Silver[0].Actors[0].Spans[0][1] = 1000
	if errs, err := s.Outside(strings.NewReader(outside)); err != nil || len(errs) != 1 || !strings.Contains(errs[0].Error(), "does not lie within") {
		t.Errorf("faults %v, error %v", errs, err)
	}
}

func TestContrastsStandInTheirArticle(t *testing.T) {
	labels := func(france, author news.Label) map[string]news.Label {
		return map[string]news.Label{"france": france, "author": author}
	}
	set := []Article{{ID: "a", Paragraphs: []Paragraph{
		{Kind: news.Body, Text: "Paris will.", Labels: labels(news.Pro, news.Neutral), Contrast: &Contrast{"Paris will not.", labels(news.Anti, news.Neutral)}},
		{Kind: news.Body, Text: "It said so.", Labels: labels(news.Pro, news.Neutral)},
	}}}
	want := []Article{{ID: "a~0", Paragraphs: []Paragraph{
		{Kind: news.Body, Text: "Paris will not.", Labels: labels(news.Anti, news.Neutral)},
		{Kind: news.Body, Text: "It said so."},
	}}}
	if diff := cmp.Diff(want, Contrasts(set)); diff != "" {
		t.Error(diff)
	}
}

func TestAgreementIsCohens(t *testing.T) {
	// The example of Cohen's κ in its best-known form: 20 and 15 of 50 agreed, 5 and 10 not; κ = 0.4.
	var set []Article
	add := func(n int, x, y news.Label) {
		for range n {
			l := func(v news.Label) map[string]news.Label { return map[string]news.Label{"france": v} }
			set = append(set, Article{Paragraphs: []Paragraph{{Labels: l(x), Readers: []map[string]news.Label{l(x), l(y)}}}})
		}
	}
	add(20, news.Pro, news.Pro)
	add(5, news.Pro, news.Anti)
	add(10, news.Anti, news.Pro)
	add(15, news.Anti, news.Anti)
	a, ok := Agree(set)
	if !ok || a.Pairs != 50 || a.Same != 35 || a.Decided != 15 || a.Kappa < 0.4-1e-12 || a.Kappa > 0.4+1e-12 {
		t.Errorf("agreement is %+v, %v", a, ok)
	}
	set = append(set, Article{Paragraphs: []Paragraph{{Readers: []map[string]news.Label{{"france": news.Pro}, {"italy": news.Pro}}}}})
	if a, _ := Agree(set); a.Pairs != 50 || a.Either != 52 {
		t.Errorf("agreement is %+v: an actor whom one reader saw alone is no pair of both", a)
	}
	if _, ok := Agree([]Article{{Paragraphs: []Paragraph{{}}}}); ok {
		t.Error("a set without readers has an agreement")
	}
}
