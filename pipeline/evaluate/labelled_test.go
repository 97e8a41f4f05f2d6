package evaluate

import (
	"bytes"
	"os"
	"path/filepath"
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

// The sets of the project are sound, and no article or paragraph stands in two of them.
func TestTheLabelledSetsAreSound(t *testing.T) {
	where := map[string]string{}
	for _, part := range []string{"train", "dev", "test"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "data", "labelled", part+".jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		set, err := ReadSet(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", part, err)
		}
		sided, pairs := 0, 0
		for _, a := range set {
			for i, p := range a.Paragraphs {
				for _, key := range []string{"article " + a.ID, "paragraph " + p.Text} {
					if first, ok := where[key]; ok && first != part+a.ID {
						t.Errorf("%s: %s stands in %s too (paragraph %d)", part, key, first, i)
					}
					where[key] = part + a.ID
				}
				for _, label := range p.Labels {
					pairs++
					if label != news.Neutral {
						sided++
					}
				}
			}
		}
		if len(set) < 5 || sided*4 < pairs {
			t.Errorf("%s: %d articles with %d sided of %d pairs: too few to learn or judge by", part, len(set), sided, pairs)
		}
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
