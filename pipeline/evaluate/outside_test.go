package evaluate

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"stance/pipeline/news"
)

// called knows two actors by their names, and everybody else by the slug of his.
func called(name string) news.Actor {
	switch name {
	case "Paris", "france":
		return news.Actor{ID: "france", Name: "France", Kind: news.State}
	case "the upper house":
		return news.Actor{ID: "us-senate", Name: "United States Senate"}
	case "author":
		return news.TheAuthor
	}
	return news.Actor{ID: slug(name), Name: name}
}

// seesTheElysee is a finder who knows that one place.
func seesTheElysee(a *news.Article) [][]news.Subject {
	out := make([][]news.Subject, len(a.Paragraphs))
	for i, p := range a.Paragraphs {
		if at := strings.Index(p.Text, "the Elysee"); at >= 0 {
			out[i] = []news.Subject{{Actor: called("france"), Mentions: []news.Mention{{Start: at, End: at + 10, Text: "the Elysee", How: news.ByMetonym}}}}
		}
	}
	return out
}

func readCSV(t *testing.T, text string) Outside {
	t.Helper()
	o, err := ReadOutside([]byte(text), called, seesTheElysee)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestATableIsASet(t *testing.T) {
	o := readCSV(t, "\ufeffText,actor,label,note\n"+
		"\"France would go, but not Italy: frances and ITALY.\",France,pro,x\n"+
		"\"France would go, but not Italy: frances and ITALY.\",italy, anti ,\n"+
		"\"France would go, but not Italy: frances and ITALY.\",author,neutral,\n"+
		"It is what the Elysee wants.,france,pro,\n")
	want := []Article{
		{ID: "line-2", Paragraphs: []Paragraph{body("France would go, but not Italy: frances and ITALY.", labels{"france": news.Pro, "italy": news.Anti, "author": news.Neutral})}},
		{ID: "line-5", Paragraphs: []Paragraph{body("It is what the Elysee wants.", labels{"france": news.Pro})}},
	}
	if diff := cmp.Diff(want, o.Set); diff != "" || !o.Partial {
		t.Errorf("partial %v, %s", o.Partial, diff)
	}
	name := func(start, end int, text string) news.Mention {
		return news.Mention{Start: start, End: end, Text: text, How: news.ByName}
	}
	subjects := [][]news.Subject{{
		{Actor: called("France"), Mentions: []news.Mention{name(0, 6, "France")}},
		{Actor: called("italy"), Mentions: []news.Mention{name(25, 30, "Italy"), name(44, 49, "ITALY")}},
		{Actor: news.TheAuthor},
	}}
	if diff := cmp.Diff(subjects, o.Read[0].Subjects); diff != "" {
		t.Error(diff)
	}
	if got := o.Read[1].Subjects[0]; len(got) != 1 || got[0].Mentions[0].How != news.ByMetonym {
		t.Errorf("whom only the finder sees: %+v", got)
	}
	s, err := Score(t.Context(), opinions{"france": news.Pro, "italy": news.Anti}, o.Set, o.Read, called)
	if err != nil {
		t.Fatal(err)
	}
	if m := Measure(s.Pairs()); m.Pairs != 4 || m.Accuracy != 1 {
		t.Errorf("figures are %+v", m)
	}
}

func TestAnActorIsLookedForUnderHisOtherNames(t *testing.T) {
	for actor, text := range map[string]string{"Paris": "Its name is France.", "emmanuel-macron": "His name is Emmanuel Macron.", "france": "It is the Elysee.", "the upper house": "It is the United States Senate."} {
		o := readCSV(t, "text,actor,label\n"+text+","+actor+",pro\n"+text+","+actor+",pro\n") // the same row twice says no more
		if got := o.Read[0].Subjects[0]; len(got) != 1 || len(got[0].Mentions) != 1 || got[0].Mentions[0].End != len(text)-1 {
			t.Errorf("%s: %+v", actor, got)
		}
	}
}

func TestRowsOfOneIDAreAnArticle(t *testing.T) {
	o := readCSV(t, "id,text,actor,label\nx,France goes.,France,pro\ny,France goes.,France,anti\nx,Italy stays.,Italy,anti\nx,France goes.,author,pro\n")
	want := []Article{
		{ID: "x", Paragraphs: []Paragraph{body("France goes.", labels{"france": news.Pro, "author": news.Pro}), body("Italy stays.", labels{"italy": news.Anti})}},
		{ID: "y", Paragraphs: []Paragraph{body("France goes.", labels{"france": news.Anti})}},
	}
	if diff := cmp.Diff(want, o.Set); diff != "" {
		t.Error(diff)
	}
}

func TestPlacesAreCharactersOfTheTextAsItStands(t *testing.T) {
	o := readCSV(t, "text,actor,label,start,end\n"+
		"\"  “Ne\u0301on”\n\n said  he, of Rome. He left.\",He,anti,18,20\n"+
		"\"  “Ne\u0301on”\n\n said  he, of Rome. He left.\",He,anti,30,33\n"+
		"\"  “Ne\u0301on”\n\n said  he, of Rome. He left.\",Rome,pro,,\n")
	if text := o.Set[0].Paragraphs[0].Text; text != "“Néon” said he, of Rome. He left." {
		t.Fatalf("text is %q", text)
	}
	var got []string
	for _, s := range o.Read[0].Subjects[0] {
		for _, m := range s.Mentions {
			got = append(got, s.Actor.ID+" "+m.Text)
			if news.RuneSlice(o.Set[0].Paragraphs[0].Text, m.Start, m.End) != m.Text {
				t.Errorf("%+v is no place of the text", m)
			}
		}
	}
	if diff := cmp.Diff([]string{"he he", "he He", "rome Rome"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryFaultOfATableHasItsLine(t *testing.T) {
	const head = "text,actor,label,start,end\n"
	for name, c := range map[string]struct{ text, want string }{
		"an unknown label":         {head + "France goes.,France,favor,,\n", `line 2: label "favor" of France is none of [pro anti neutral]: write one of these`},
		"a text on several lines":  {head + "\"France\ngoes.\",France,pro,,\nFrance goes.,France,,,\n", `line 4: label "" of France is none of`},
		"no text":                  {head + " ,France,pro,,\n", "line 2: the text is empty"},
		"no actor":                 {head + "France goes., ,pro,,\n", `line 2: actor "" is no name`},
		"a place behind the text":  {head + "France goes.,France,pro,7,13\n", `line 2: start "7" and end "13" of France are no place in the text: give characters from 0 to 12`},
		"a place that is none":     {head + "France goes.,France,pro,3,3\n", "are no place"},
		"a place before the text":  {head + "France goes.,France,pro,-1,3\n", "are no place"},
		"half a place":             {head + "France goes.,France,pro,3,\n", "are no place"},
		"a place without a word":   {head + "France goes.,France,pro,6,7\n", "hold no word"},
		"an actor who is not here": {head + "France goes.,Italy,pro,,\n", `line 2: the text does not name "Italy": write the actor as the text does, or tell the place in the columns start and end`},
		"a part of a word":         {head + "Frances goes.,France,pro,,\n", `does not name "France"`},
		"a label of two":           {head + "France goes.,France,pro,,\nFrance  goes.,France,anti,,\n", "line 3: France is anti, and pro of the same text in an earlier line: keep one of them"},
		"no column for the actor":  {"text,target,label\nx,y,pro\n", `line 1: there is no column "actor"`},
		"other separators":         {"text;actor;label\nx;y;pro\n", `line 1: there is no column "text"`},
		"a row that is too short":  {head + "France goes.,France\n", "line 2: wrong number of fields"},
		"a quotation mark":         {head + "\"France\" goes.,France,pro,,\n", "line 2: extraneous or missing"},
		"another encoding":         {head + "Fran\xe7a goes.,x,pro,,\n", "not UTF-8"},
		"prose":                    {"France goes.\n", "it is no labelled set"},
		"nothing":                  {"", "it is no labelled set"},
		"a set with a fault":       {strings.Replace(good, `"pro"`, `"for"`, 1), `line 1: article "a", paragraph 0: label "for" of france`},
		"tasks without an actor":   {`[{"data":{"text":"France goes."},"annotations":[{"result":[{"type":"choices","value":{"choices":["pro"]}}]}]}]`, "task 1 is answered but names no actor"},
		"tasks with another label": {`[{"data":{"text":"France goes.","actor":"France"},"annotations":[{"result":[{"type":"choices","value":{"choices":["for"]}}]}]}]`, `label "for" of france is none of`},
		"tasks that are none":      {`[1]`, "read Label Studio's tasks: "},
	} {
		if _, err := ReadOutside([]byte(c.text), called, seesTheElysee); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error is %v, want one line with %q", name, err, c.want)
		}
	}
	_, err := ReadOutside([]byte(head+"France goes.,France,favor,,\n,France,pro,,\n"), called, seesTheElysee)
	if err == nil || !strings.Contains(err.Error(), "line 2") || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("of two faults the error is %v", err)
	}
}

func TestLabelStudiosTasksAreASet(t *testing.T) {
	o, err := ReadOutside([]byte(`[
		{"data":{"text":"France goes, Italy stays.","actor":"Paris"},"annotations":[{"completed_by":1,"result":[{"type":"choices","value":{"choices":["pro"]}}]}]},
		{"data":{"text":"France goes, Italy stays.","actor":"Italy"},"annotations":[{"completed_by":1,"result":[{"type":"choices","value":{"choices":["anti"]}}]}]},
		{"data":{"text":"Nobody labelled this.","actor":"Italy"},"annotations":[]}]`), called, seesTheElysee)
	if err != nil {
		t.Fatal(err)
	}
	want := []Article{
		{ID: "task-1", Paragraphs: []Paragraph{body("France goes, Italy stays.", labels{"france": news.Pro, "italy": news.Anti})}},
		{ID: "task-3", Paragraphs: []Paragraph{body("Nobody labelled this.", nil)}},
	}
	if diff := cmp.Diff(want, o.Set); diff != "" || !o.Partial || o.Read != nil {
		t.Errorf("partial %v, read %v, %s", o.Partial, o.Read, diff)
	}
	// What we export comes back as it was, but that nobody else was judged.
	set, err := ReadSet(strings.NewReader(good))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteLabelStudio(&b, set); err != nil {
		t.Fatal(err)
	}
	if o, err = ReadOutside(b.Bytes(), called, seesTheElysee); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(set, o.Set); diff != "" {
		t.Error(diff)
	}
	if o, err = ReadOutside([]byte(good), called, seesTheElysee); err != nil || o.Partial {
		t.Errorf("a set of ours is partial: %v, %v", o.Partial, err)
	}
}

func TestOfAPartialSetOnlyTheLabelledActorsCount(t *testing.T) {
	set := []Article{{ID: "a", Paragraphs: []Paragraph{body("france and italy", labels{"france": news.Pro}), body("nato", nil)}}}
	all := asFound(set)
	read := OnlyLabelled(set, all)
	if n := len(read[0].Subjects[0]) + len(read[0].Subjects[1]); n != 1 || read[0].Subjects[0][0].Actor.ID != "france" {
		t.Errorf("left are %+v", read[0].Subjects)
	}
	if diff := cmp.Diff(asFound(set)[0].Subjects, all[0].Subjects); diff != "" {
		t.Error("what was read has changed")
	}
	s, err := Score(t.Context(), opinions{"france": news.Pro, "italy": news.Pro}, set, read, plainActor)
	if err != nil {
		t.Fatal(err)
	}
	r := Report{Judges: []Judged{{Metrics: Measure(s.Pairs()), Estimates: s.Estimate()}}, Comparisons: []Comparison{Compare(s, s)}}
	if m := r.Judges[0].Metrics; m.Pairs != 1 || m.Accuracy != 1 {
		t.Errorf("figures are %+v", m)
	}
	before, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	r.OnlyGiven()
	after, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{`"triples"`, `"actors"`, `"triples_f1"`, `"actors_recall"`, `"actors_precision"`} {
		if !bytes.Contains(before, []byte(field)) || bytes.Contains(after, []byte(field)) {
			t.Errorf("%s: a whole set has it %v, a partial one %v", field, bytes.Contains(before, []byte(field)), bytes.Contains(after, []byte(field)))
		}
	}
}

func FuzzReadOutside(f *testing.F) {
	f.Add([]byte("text,actor,label,start,end\n\" Fra\u0301nce  goes.\",France,pro,1,8\n"))
	f.Add([]byte(`[{"data":{"text":"France goes.","actor":"France"},"annotations":[]}]`))
	f.Add([]byte(good))
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := ReadOutside(data, called, seesTheElysee)
		if err != nil {
			return
		}
		for i, r := range o.Read {
			for n, subjects := range r.Subjects {
				text := o.Set[i].Paragraphs[n].Text
				for _, s := range subjects {
					for _, m := range s.Mentions {
						if m.Start < 0 || m.Start >= m.End || m.End > utf8.RuneCountInString(text) || m.Text != news.RuneSlice(text, m.Start, m.End) {
							t.Fatalf("%+v is no place of %q", m, text)
						}
					}
				}
			}
		}
	})
}
