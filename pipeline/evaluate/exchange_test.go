package evaluate

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stance/pipeline/news"
)

var exchanges = map[string]struct {
	write func(io.Writer, []Article) error
	read  func(io.Reader) ([]Article, error)
}{
	"Label Studio": {WriteLabelStudio, ReadLabelStudio},
	"Prodigy":      {WriteProdigy, ReadProdigy},
}

// exchanged is a set with everything that has to come back: a headline that names nobody, two readers who differ in a
// label and in whom they see, an optional actor, rules, chrome, two articles.
func exchanged() []Article {
	type labels = map[string]news.Label
	return []Article{
		{ID: "a", Genre: "wire", Title: "Nobody <b>", Byline: "N. N.", Published: "2026-01-31", Paragraphs: []Paragraph{
			{Kind: news.Headline, Text: "Nobody <b>", Labels: labels{}, Readers: []map[string]news.Label{{}, {}}},
			{Kind: news.Body, Text: "Paris would; “Rome” would not.", Labels: labels{"author": news.Neutral, "france": news.Pro, "italy": news.Anti}, Optional: []string{"italy"}, Rules: []int{1, 13},
				Readers: []map[string]news.Label{{"author": news.Neutral, "france": news.Pro, "italy": news.Anti}, {"author": news.Pro, "france": news.Pro, "europe": news.Neutral}}},
		}},
		{ID: "b", Published: "2026-02-01", Paragraphs: []Paragraph{
			{Kind: news.Body, Text: "It was raining.", Labels: labels{"author": news.Neutral}, Readers: []map[string]news.Label{{"author": news.Neutral}, {"author": news.Neutral}}},
			{Kind: chrome, Text: "Sign up"},
		}},
	}
}

func TestLabellingToolsGiveBackWhatTheyGot(t *testing.T) {
	without := exchanged()
	for i := range without {
		for j := range without[i].Paragraphs {
			without[i].Paragraphs[j].Readers = nil
		}
	}
	for name, x := range exchanges {
		for what, set := range map[string][]Article{"two readers": exchanged(), "labels alone": without} {
			var b bytes.Buffer
			if err := x.write(&b, set); err != nil {
				t.Fatal(err)
			}
			got, err := x.read(&b)
			if err != nil {
				t.Errorf("%s, %s: %v", name, what, err)
			} else if diff := cmp.Diff(set, got); diff != "" {
				t.Errorf("%s, %s: %s", name, what, diff)
			}
		}
	}
}

// A task of Label Studio as its export has it, with what we do not read left in.
const exported = `[{"id":7,"inner_id":1,"project":3,"data":{"article":"a","published":"2026-01-31","paragraph":0,"kind":"body","actor":"author","text":"Paris would."},
 "annotations":[{"id":1,"completed_by":{"id":5,"email":"x"},"was_cancelled":false,"ground_truth":false,"lead_time":3.2,"result":[{"id":"Zk","from_name":"stance","to_name":"text","type":"choices","origin":"manual","value":{"choices":["neutral"]}}]}]},
 {"id":8,"data":{"article":"a","paragraph":0,"kind":"body","actor":"france","text":"Paris would."},
 "annotations":[{"completed_by":{"id":5,"email":"x"},"was_cancelled":true,"result":[]},{"completed_by":{"id":5,"email":"x"},"result":[{"type":"choices","value":{"choices":["pro"]}}]}]}]`

func TestAnExportOfLabelStudioIsRead(t *testing.T) {
	want := []Article{{ID: "a", Published: "2026-01-31", Paragraphs: []Paragraph{{Kind: news.Body, Text: "Paris would.", Labels: map[string]news.Label{"author": news.Neutral, "france": news.Pro}}}}}
	got, err := ReadLabelStudio(strings.NewReader(exported))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatCannotBeImportedIsNamed(t *testing.T) {
	two := strings.Replace(exported, `"result":[]}`, `"result":[{"type":"choices","value":{"choices":["anti"]}}]}`, 1)
	two = strings.Replace(two, `"was_cancelled":true,`, ``, 1)
	for name, c := range map[string]struct{ text, want string }{
		"no JSON":              {"{", "read Label Studio's tasks"},
		"people who differ":    {strings.Replace(two, `"completed_by":{"id":5,"email":"x"},"result":[{"type":"choices","value":{"choices":["anti"]}}]`, `"completed_by":6,"result":[{"type":"choices","value":{"choices":["anti"]}}]`, 1), "mark one answer as the ground truth"},
		"no single choice":     {strings.Replace(exported, `["pro"]`, `["pro","anti"]`, 1), "no single choice"},
		"a label that is none": {strings.Replace(exported, `["pro"]`, `["for"]`, 1), `label "for"`},
		"another text":         {strings.Replace(exported, `"actor":"france","text":"Paris would."`, `"actor":"france","text":"Paris wouldn't."`, 1), "another text"},
		"a gap":                {strings.Replace(exported, `"paragraph":0,"kind":"body","actor":"france"`, `"paragraph":2,"kind":"body","actor":"france"`, 1), "paragraph 1 is missing before it"},
		"a pair twice":         {strings.Replace(exported, `"actor":"france"`, `"actor":"author"`, 1), "an earlier task asked the same"},
		"no author":            {strings.Replace(exported, `"actor":"author"`, `"actor":"russia"`, 1), "label for the author"},
	} {
		if c.text == exported {
			t.Fatalf("%s: the test breaks nothing", name)
		}
		if _, err := ReadLabelStudio(strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error is %v, want one with %q", name, err, c.want)
		}
	}
	line := `{"text":"x","meta":{"article":"a","paragraph":0,"kind":"body","actor":"author"},"accept":["pro"],"answer":"accept"}` + "\n"
	for name, c := range map[string]struct{ text, want string }{
		"no choice":    {strings.Replace(line, `["pro"]`, `[]`, 1), "no single choice"},
		"another text": {line + strings.Replace(line, `"x"`, `"y"`, 1), "another text"},
		"two finals":   {line + strings.Replace(line, `"pro"`, `"anti"`, 1), "two answers are final and differ"},
	} {
		if _, err := ReadProdigy(strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error is %v, want one with %q", name, err, c.want)
		}
	}
	if set, err := ReadProdigy(strings.NewReader(strings.Replace(line, `"actor":"author"`, `"actor":"author"`, 1) + `{"text":"x","meta":{"article":"a","paragraph":0,"kind":"body","actor":"italy"},"answer":"ignore"}` + "\n")); err != nil || len(set[0].Paragraphs[0].Labels) != 1 {
		t.Errorf("an ignored line: %+v, %v", set, err)
	}
}

func FuzzReadLabelStudio(f *testing.F) {
	f.Add([]byte(exported))
	f.Add([]byte("[]"))
	f.Fuzz(func(t *testing.T, data []byte) { soundOrRefused(t, data, ReadLabelStudio) })
}

func FuzzReadProdigy(f *testing.F) {
	var b bytes.Buffer
	if err := WriteProdigy(&b, exchanged()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) { soundOrRefused(t, data, ReadProdigy) })
}

// soundOrRefused wants a set that ReadSet takes, or an error.
func soundOrRefused(t *testing.T, data []byte, read func(io.Reader) ([]Article, error)) {
	set, err := read(bytes.NewReader(data))
	if err != nil {
		return
	}
	for _, a := range set {
		if a.ID == "" || len(a.Paragraphs) == 0 {
			t.Fatalf("an article without id or paragraphs was read: %+v", a)
		}
		line, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ReadSet(bytes.NewReader(line)); err != nil {
			t.Fatalf("what was read is no sound set: %v", err)
		}
	}
}
