package stance

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestZZStress(t *testing.T) {
	f, err := os.Open(os.Getenv("STRESS"))
	if err != nil { t.Skip() }
	r := bufio.NewReaderSize(f, 1<<26)
	line, _ := r.ReadBytes('\n')
	var texts []string
	json.Unmarshal(line, &texts)
	for {
		line, err := r.ReadBytes('\n')
		if err != nil { break }
		var v struct { Name string; JSON json.RawMessage; Res [][2][]int }
		if err := json.Unmarshal(line, &v); err != nil { t.Fatal(err) }
		tok, err := newTokenizer(v.JSON)
		if err != nil { t.Error(v.Name, err); continue }
		wrong := 0
		for i, x := range texts {
			want := encoded{v.Res[i][0], v.Res[i][1]}
			if want.IDs == nil { want.IDs = []int{} }
			if want.Steps == nil { want.Steps = []int{} }
			if d := cmp.Diff(want, flatten(tok.encode(x))); d != "" {
				if wrong++; wrong <= 2 { t.Errorf("%s: %+q: want %v got %v", v.Name, x, want, flatten(tok.encode(x))) }
			}
		}
		t.Log(v.Name, len(texts), wrong)
	}
}
