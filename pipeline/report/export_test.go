package report

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"iter"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type row struct {
	ID       string     `json:"row_id"`
	URL      *string    `json:"url"`
	At       *time.Time `json:"published_at"`
	Index    int32      `json:"paragraph_index"`
	P        float32    `json:"p_pro"`
	Cut      bool       `json:"truncated"`
	Mentions []mention  `json:"mentions"`
}

type mention struct {
	Start int32  `json:"start"`
	Text  string `json:"text"`
}

func rowsOf[R any](rows ...R) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func exported(t *testing.T, format Format, rows ...row) string {
	t.Helper()
	var out strings.Builder
	if err := Export(&out, format, rowsOf(rows...)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func wholeRow() row {
	url, at := "https://example.org/?a=1&b=2", time.Date(2026, 3, 4, 5, 7, 8, 9000, time.UTC)
	return row{"r1", &url, &at, -3, 0.1, true, []mention{{0, `Paris "x"`}, {7, "日"}}}
}

func TestExportJSONL(t *testing.T) {
	want := `{"row_id":"r1","url":"https://example.org/?a=1&b=2","published_at":"2026-03-04T05:07:08.000009Z","paragraph_index":-3,"p_pro":0.1,"truncated":true,"mentions":[{"start":0,"text":"Paris \"x\""},{"start":7,"text":"日"}]}
{"row_id":"","url":null,"published_at":null,"paragraph_index":0,"p_pro":0,"truncated":false,"mentions":[]}
`
	if diff := cmp.Diff(want, exported(t, JSONL, wholeRow(), row{})); diff != "" {
		t.Error(diff)
	}
}

func TestExportCSV(t *testing.T) {
	want := `row_id,url,published_at,paragraph_index,p_pro,truncated,mentions
r1,https://example.org/?a=1&b=2,2026-03-04T05:07:08.000009Z,-3,0.1,true,"[{""start"":0,""text"":""Paris \""x\""""},{""start"":7,""text"":""日""}]"
,,,0,0,false,[]
`
	if diff := cmp.Diff(want, exported(t, CSV, wholeRow(), row{})); diff != "" {
		t.Error(diff)
	}
}

func TestExportOfNoRows(t *testing.T) {
	if got := exported(t, JSONL); got != "" {
		t.Errorf("jsonl: %q", got)
	}
	if got := exported(t, CSV); got != "row_id,url,published_at,paragraph_index,p_pro,truncated,mentions\n" {
		t.Errorf("csv: %q", got)
	}
}

func TestCSVCellsAreNeverFormulas(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"a formula becomes text", "=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"},
		{"a plus becomes text", "+1", "'+1"},
		{"a minus becomes text", "-1", "'-1"},
		{"an at becomes text", "@SUM(1)", "'@SUM(1)"},
		{"a formula behind spaces becomes text", "  =1", "'  =1"},
		{"a formula behind a tab becomes text", "\t=1", "' =1"},
		{"a formula behind a line break becomes text", "\r\n=1", "'  =1"},
		{"a full-width formula becomes text", "＝1", "'＝1"},
		{"a guarded formula is guarded again", "'=1", "''=1"},
		{"a quotation stays", "'We will go'", "'We will go'"},
		{"a dash within stays", "a-b =c", "a-b =c"},
		{"a control character becomes visible", "a\x1b[2J", "a␛[2J"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			records, err := csv.NewReader(strings.NewReader(exported(t, CSV, row{ID: test.in}))).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			if got := records[1][0]; got != test.want {
				t.Errorf("%q became %q, want %q", test.in, got, test.want)
			}
		})
	}
}

func TestExportEndsWithTheErrorOfTheRows(t *testing.T) {
	broken := errors.New("broken")
	rows := func(yield func(row, error) bool) {
		if yield(row{ID: "first"}, nil) && yield(row{}, broken) {
			t.Error("went on after the error")
		}
	}
	for _, format := range []Format{CSV, JSONL} {
		var out strings.Builder
		if err := Export(&out, format, rows); !errors.Is(err, broken) {
			t.Errorf("%s: %v", format, err)
		}
		if !strings.Contains(out.String(), "first") {
			t.Errorf("%s: the row before the error is lost", format)
		}
	}
}

func TestExportRefusesWhatItCannotWrite(t *testing.T) {
	if err := Export(new(strings.Builder), "xlsx", rowsOf(row{})); err == nil || !strings.Contains(err.Error(), "csv and jsonl") {
		t.Error(err)
	}
	for _, format := range []Format{CSV, JSONL} {
		if err := Export(new(strings.Builder), format, rowsOf(row{P: float32(math.NaN())})); err == nil {
			t.Errorf("%s: no error for a number that is none", format)
		}
	}
}

func FuzzExport(f *testing.F) {
	for _, s := range []string{"", "=1", "'=1", "\x1b[2J", "a,\"b\"\n", "\u202e", "\U000e0001", "\xff", "'", "''-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		valid := strings.ToValidUTF8(s, "�")
		line := exported(t, JSONL, row{ID: valid})
		var back map[string]any
		if err := json.Unmarshal([]byte(line), &back); err != nil || back["row_id"] != valid {
			t.Errorf("%q came back as %q: %v", valid, back["row_id"], err)
		}
		if body := strings.TrimSuffix(line, "\n"); Printable(body) != body {
			t.Errorf("not printable: %q", line)
		}
		records, err := csv.NewReader(strings.NewReader(exported(t, CSV, row{ID: s}))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		got, shown := records[1][0], Printable(s)
		if got != shown && got != "'"+shown {
			t.Errorf("%q became %q", s, got)
		}
		if strings.IndexAny(strings.TrimLeft(got, " "), "=+-@") == 0 {
			t.Errorf("%q became a formula: %q", s, got)
		}
	})
}

func TestJSONIsIndentedAndPrintable(t *testing.T) {
	var out strings.Builder
	if err := JSON(&out, map[string]any{"title": "a\u009b1m<b>", "list": []int{1}}); err != nil {
		t.Fatal(err)
	}
	want := "{\n  \"list\": [\n    1\n  ],\n  \"title\": \"a\\u009b1m<b>\"\n}\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}
