package evaluate

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stance/pipeline/news"
)

const good = `{"id":"a","genre":"news","title":"T","byline":"","published":"2026-01-31","paragraphs":[{"kind":"headline","text":"T","labels":{"france":"pro"}},{"kind":"body","text":"x","labels":{"author":"neutral","france":"anti"},"optional":["italy"],"rules":[1,13]}]}`

func TestAGoodSetIsRead(t *testing.T) {
	set, err := ReadSet(strings.NewReader(good + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(set) != 1 || set[0].Paragraphs[1].Labels["france"] != news.Anti {
		t.Errorf("read %+v", set)
	}
}

func TestEveryFaultIsNamedWithItsLine(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"no JSON":                  {`{"id"`, `{id`, "line 1: invalid character"},
		"an unknown field":         {`"genre"`, `"gender"`, "gender"},
		"no id":                    {`"id":"a"`, `"id":""`, "no id"},
		"an id twice":              {"[1,13]}]}", "[1,13]}]}\n" + good, "stands in an earlier line already"},
		"an unknown label":         {`"pro"`, `"for"`, `label "for" of france`},
		"an id that is none":       {`"france":"pro"`, `"France":"pro"`, `actor "France"`},
		"a body without author":    {`"author":"neutral",`, ``, "only body paragraphs"},
		"a headline with author":   {`{"france":"pro"}`, `{"author":"pro"}`, "only body paragraphs"},
		"a kind that is none":      {`"headline"`, `"caption"`, `kind "caption"`},
		"a text that is empty":     {`"text":"x"`, `"text":""`, "empty"},
		"a rule that is none":      {"[1,13]", "[14]", "rule 14"},
		"an actor twice":           {`"labels":{"france":"pro"}`, `"labels":{"france":"pro","italy":"pro","france":"anti"}`, `line 1: paragraphs 0, labels: "france" stands twice: keep one of them`},
		"an article without words": {`"paragraphs":[`, `"paragraphs":[],"x":[`, "line 1"},
	} {
		broken := strings.Replace(good, c.old, c.new, 1)
		if broken == good {
			t.Fatalf("%s: the test breaks nothing", name)
		}
		if _, err := ReadSet(strings.NewReader(broken)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error is %v, want one with %q", name, err, c.want)
		}
	}
}

// The sets of the project are as large and as mixed as they have to be. That they are sound is checked by
// `stance labelled check`.
func TestTheLabelledSetsSuffice(t *testing.T) {
	sets, err := ReadSets(os.DirFS(filepath.Join("..", "..", "data", "labelled")))
	if err != nil {
		t.Fatal(err)
	}
	if len(sets.All) != 3 {
		t.Fatalf("there are %d sets, want train, dev and test", len(sets.All))
	}
	least := func(what string, have, want int) {
		t.Helper()
		if have < want {
			t.Errorf("%s: %d, want at least %d", what, have, want)
		}
	}
	for i, body := range []int{3000, 300, 400} {
		set := sets.All[i]
		c := set.count()
		least(set.Name+": body paragraphs", c.body, body)
		retold := slices.DeleteFunc(slices.Clone(set.Articles), func(a Article) bool { return a.Genre != "retold" })
		invented := slices.DeleteFunc(slices.Clone(set.Articles), func(a Article) bool { return a.Genre == "retold" })
		for _, label := range []news.Label{news.Pro, news.Anti} { // rarer where the news decides
			for what, part := range map[int][]Article{8: retold, 15: invented} {
				c := Set{Articles: part}.count()
				least(fmt.Sprintf("%s: percent %s where %d are wanted", set.Name, label, what), 100*c.labels[label]/c.pairs, what)
			}
		}
		for rule := 1; rule <= hardCaseRules; rule++ {
			if len(c.rules[rule]) == 0 {
				t.Errorf("%s: rule %d decides nothing", set.Name, rule)
			}
		}
		if _, ok := Agree(set.Articles); !ok && set.Name != "train" {
			t.Errorf("%s keeps no two readers", set.Name)
		}
	}
	train := sets.All[0].count()
	least("train: pairs", train.pairs, 10000)
	least("train: contrasts", train.contrasts, 400)
	least("silver paragraphs", len(sets.Silver), 2000)
	least("behavioural templates", len(sets.Behaviour), 30)
	for _, b := range sets.Behaviour {
		least("fillings of "+b.ID, len(b.Fillings), 20)
	}
}

func FuzzReadSet(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("{}\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		set, err := ReadSet(bytes.NewReader(data))
		for _, a := range set {
			if err == nil && (a.ID == "" || len(a.Paragraphs) == 0) {
				t.Fatalf("an article without id or paragraphs was read: %+v", a)
			}
		}
	})
}

func TestASetMayKeepWhereItsParagraphsStoodOnTheirPage(t *testing.T) {
	line := `{"id":"a","genre":"wire","url":"https://example.org/a","source":"Example","paragraphs":[` +
		`{"line":0,"kind":"chrome","text":"Follow us"},{"line":3,"kind":"body","text":"France will go.","labels":{"france":"pro","author":"neutral"}}]}`
	set, err := ReadSet(strings.NewReader(line))
	if err != nil {
		t.Fatal(err)
	}
	if p := set[0].Paragraphs[1]; p.Line == nil || *p.Line != 3 || set[0].Source != "Example" {
		t.Errorf("it was read as %+v", set[0])
	}
	if d := Describe("a", "", set); d.Paragraphs != 1 || d.Pairs != 2 {
		t.Errorf("chrome counts as labelled: %+v", d)
	}
}
