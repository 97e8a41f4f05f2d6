package evaluate

import (
	"bytes"
	"strings"
	"testing"

	"stance/pipeline/news"
)

const template = `{"id":"ruled-out","capability":"negation","template":"{A} has ruled out {what}.","labels":{"A":"anti","author":"neutral"},"fillings":[` +
	`{"A":{"text":"the French government","actor":"france"},"what":{"text":"sending troops"}},{"A":{"text":"France","actor":"france"},"what":{"text":"a deployment"}}]}` + "\n"

func TestTemplatesAreFilled(t *testing.T) {
	suite, err := ReadBehaviour(strings.NewReader(template))
	if err != nil {
		t.Fatal(err)
	}
	cases := suite[0].Cases()
	if len(cases) != 2 || cases[0].ID != "ruled-out/01" || cases[1].ID != "ruled-out/02" {
		t.Fatalf("cases are %+v", cases)
	}
	p := cases[0].Paragraphs[0]
	if p.Text != "The French government has ruled out sending troops." || p.Labels["france"] != news.Anti || p.Labels["author"] != news.Neutral || len(p.Labels) != 2 {
		t.Errorf("the first case is %+v", p)
	}
}

func TestEveryFaultOfATemplateIsNamed(t *testing.T) {
	same := strings.Replace(template, `"id":"ruled-out"`, `"id":"other","same_as":"ruled-out"`, 1)
	for name, c := range map[string]struct{ old, new, want string }{
		"a slot left open":           {`,"what":{"text":"a deployment"}`, ``, "a slot is left open"},
		"a slot that is none":        {`"what":{"text":"a deployment"}`, `"where":{"text":"x"}`, "no slot {where}"},
		"an actor without a label":   {`"A":"anti",`, ``, "who has no label"},
		"no author":                  {`,"author":"neutral"`, ``, "author"},
		"a label for no actor":       {`"A":"anti"`, `"A":"anti","what":"pro"`, "names no actor"},
		"the same id":                {"\n", "\n" + template, "an id of its own"},
		"no fillings":                {template[strings.Index(template, `"fillings"`):], `"fillings":[]}`, "no fillings"},
		"a template that is nowhere": {`"id":"ruled-out"`, `"id":"ruled-out","same_as":"nowhere"`, "stands in no earlier line"},
		"other labels than its twin": {"\n", "\n" + strings.Replace(same, `"A":"anti"`, `"A":"pro"`, 1), "are not those of"},
	} {
		broken := strings.Replace(template, c.old, c.new, 1)
		if broken == template {
			t.Fatalf("%s: the test breaks nothing", name)
		}
		if _, err := ReadBehaviour(strings.NewReader(broken)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error is %v, want one with %q", name, err, c.want)
		}
	}
	if _, err := ReadBehaviour(strings.NewReader(template + same)); err != nil {
		t.Errorf("a twin: %v", err)
	}
}

func FuzzReadBehaviour(f *testing.F) {
	f.Add([]byte(template))
	f.Fuzz(func(t *testing.T, data []byte) {
		suite, err := ReadBehaviour(bytes.NewReader(data))
		if err != nil {
			return
		}
		for _, b := range suite {
			for _, a := range b.Cases() {
				if err := a.Paragraphs[0].check(); err != nil {
					t.Fatalf("a template was read whose case is unsound: %v", err)
				}
			}
		}
	})
}
