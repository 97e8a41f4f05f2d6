package evaluate

import (
	"bytes"
	"strings"
	"testing"
)

const (
	silverText = "Paris sent soldiers to Mali."
	silver     = `{"sha256":"35478f1baf868b079815cf0b673d230623a6102bfa683d381146c41994c463e9","file":"x","actors":[{"id":"france","label":"pro","spans":[[0,5]]},{"id":"author","label":"neutral","spans":[]}]}` + "\n"
)

func TestEveryFaultOfASilverParagraphIsNamed(t *testing.T) {
	if _, err := ReadSilver(strings.NewReader(silver)); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, new, want string }{
		"no checksum":               {`"3547`, `"`, "is no checksum"},
		"a paragraph twice":         {"\n", "\n" + silver, "earlier line"},
		"an actor without a span":   {`[[0,5]]`, `[]`, "every actor but the author has spans"},
		"an author with a span":     {`"spans":[]}]`, `"spans":[[1,2]]}]`, "every actor but the author has spans"},
		"spans out of order":        {`[[0,5]]`, `[[7,9],[0,5]]`, "are not in order"},
		"an actor with two labels":  {`{"id":"author"`, `{"id":"france","label":"anti","spans":[[0,5]]},{"id":"author"`, "two labels"},
		"no author":                 {`,{"id":"author","label":"neutral","spans":[]}`, ``, "author"},
		"a label that is none":      {`"pro"`, `"for"`, `label "for"`},
		"a field that nobody knows": {`"file"`, `"text"`, "unknown field"},
	} {
		broken := strings.Replace(silver, c.old, c.new, 1)
		if broken == silver {
			t.Fatalf("%s: the test breaks nothing", name)
		}
		if _, err := ReadSilver(strings.NewReader(broken)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error is %v, want one with %q", name, err, c.want)
		}
	}
}

func FuzzReadSilver(f *testing.F) {
	f.Add([]byte(silver))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := ReadSilver(bytes.NewReader(data))
		for _, s := range all {
			if err == nil && len(s.SHA256) != 64 {
				t.Fatalf("a paragraph without a checksum was read: %+v", s)
			}
		}
	})
}
