package store

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"stance/pipeline/news"
)

// columns is the table as the design names it: the contract with every reader.
const columns = `message Row {
	required binary row_id (STRING);
	required binary article_id (STRING);
	optional binary url (STRING);
	optional binary source (STRING);
	optional binary title (STRING);
	optional binary byline (STRING);
	optional binary genre (STRING);
	optional binary language (STRING);
	optional int64 published_at (TIMESTAMP(isAdjustedToUTC=true,unit=MICROS));
	required int32 paragraph_index (INT(32,true));
	required binary paragraph_kind (STRING);
	required binary paragraph (STRING);
	required binary actor_id (STRING);
	required binary actor_name (STRING);
	required binary actor_kind (STRING);
	optional binary principal_id (STRING);
	required group mentions (LIST) {
		repeated group list {
			required group element {
				required int32 start (INT(32,true));
				required int32 end (INT(32,true));
				required binary text (STRING);
				required binary how (STRING);
			}
		}
	}
	required binary label (STRING);
	required float p_pro;
	required float p_anti;
	required float p_neutral;
	required float margin;
	required boolean abstained;
	required boolean truncated;
	optional binary duplicate_of (STRING);
	required binary model_id (STRING);
	required binary model_sha256 (STRING);
	required binary actors_sha256 (STRING);
	required binary run_id (STRING);
	required int64 labelled_at (TIMESTAMP(isAdjustedToUTC=true,unit=MICROS));
}`

var someRun = provenance{"spans-1", "sha-m", "sha-a", "20260131-0123456789ab", "0.1.0", time.Date(2026, 1, 31, 2, 3, 4, 5000, time.UTC)}

func somePart(tb testing.TB, articles []Labelled) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := writePart(&b, articles, someRun); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func someArticles(n int) (articles []Labelled) {
	for i := range n {
		articles = append(articles, labelled(article(i)))
	}
	sortArticles(articles)
	return articles
}

func rowsOf(articles []Labelled) (rows []Row) {
	for _, a := range articles {
		rows = slices.AppendSeq(rows, a.all(someRun))
	}
	return rows
}

func readRows(tb testing.TB, b []byte) (rows []Row) {
	tb.Helper()
	for row, err := range readPart(bytes.NewReader(b), int64(len(b))) {
		if err != nil {
			tb.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

func TestPartsHaveTheColumnsThatTheDesignNames(t *testing.T) {
	if diff := cmp.Diff(columns, parquet.SchemaOf(Row{}).String()); diff != "" {
		t.Errorf("a column was renamed, retyped or moved (-promised +now):\n%s", diff)
	}
}

func TestPartsGiveBackWhatWasWritten(t *testing.T) {
	articles := someArticles(900) // more than one batch of rows
	want := rowsOf(articles)
	if diff := cmp.Diff(want, readRows(t, somePart(t, articles))); diff != "" {
		t.Errorf("rows (-written +read):\n%s", diff)
	}
	if !slices.IsSortedFunc(want, func(a, b Row) int { return a.compare(&b) }) {
		t.Error("the rows of a part are not sorted")
	}
}

func TestPartsOfEqualArticlesAreEqualFiles(t *testing.T) {
	if !bytes.Equal(somePart(t, someArticles(50)), somePart(t, someArticles(50))) {
		t.Error("writing the same rows twice gave two files")
	}
}

func TestPartsTellReadersHowTheyAreMade(t *testing.T) {
	b := somePart(t, someArticles(60))
	f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.RowGroups()); n != 1 {
		t.Errorf("%d row groups, want 1", n)
	}
	if run, _ := f.Lookup("stance.run_id"); run != someRun.runID {
		t.Errorf("run in the metadata is %q", run)
	}
	var sorted []string
	for _, c := range f.RowGroups()[0].SortingColumns() {
		sorted = append(sorted, strings.Join(c.Path(), "."))
		if c.Descending() || c.NullsFirst() != (c.Path()[0] == "source") {
			t.Errorf("%v: descending %v, nulls first %v", c.Path(), c.Descending(), c.NullsFirst())
		}
	}
	if diff := cmp.Diff([]string{"source", "article_id", "paragraph_index", "actor_id"}, sorted); diff != "" {
		t.Errorf("declared order:\n%s", diff)
	}
	for _, c := range f.Metadata().RowGroups[0].Columns {
		name := strings.Join(c.MetaData.PathInSchema, ".")
		if c.MetaData.Codec.String() != "ZSTD" {
			t.Errorf("column %s is compressed by %s", name, c.MetaData.Codec)
		}
		if name == "paragraph" && len(c.MetaData.Statistics.MaxValue) > 0 {
			t.Error("the footer holds whole paragraphs")
		}
	}
}

func TestRowsRepairWhatEnginesWouldRefuse(t *testing.T) {
	a := &news.Article{
		ID: "a\xff", Title: "bad \xff\xfe bytes", Published: time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC), // rounds to the zero time
		Paragraphs: []news.Paragraph{{Index: 0, Kind: news.Body, Text: "\xc3\x28 says Öland"}},
	}
	l := Labelled{
		Article:  a,
		Subjects: [][]news.Subject{{{Actor: news.Actor{ID: "oland", Name: "Öland", Kind: news.State}, Mentions: []news.Mention{{Start: 8, End: 13, Text: "Öland", How: news.ByName}}}}},
		Stances:  [][]news.Stance{{{Label: news.Pro, P: [3]float32{1, 0, 0}, Margin: 1}}},
	}
	if err := l.check(); err != nil {
		t.Fatalf("each bad byte is one rune, so the offsets hold: %v", err)
	}
	row := readRows(t, somePart(t, []Labelled{l}))[0]
	if row.ArticleID != "a\ufffd" || *row.Title != "bad \ufffd\ufffd bytes" || row.Paragraph != "\ufffd( says Öland" {
		t.Errorf("repaired to %q, %q, %q", row.ArticleID, *row.Title, row.Paragraph)
	}
	if row.PublishedAt != nil || row.URL != nil || row.PrincipalID != nil {
		t.Errorf("what is unknown is %v, %v, %v, not NULL", row.PublishedAt, row.URL, row.PrincipalID)
	}
	for _, year := range []int{-40, 0, 10000, 300_000} {
		a.Published = time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)
		if got := l.storable().Article.Published; !got.IsZero() {
			t.Errorf("year %d is kept as %v", year, got)
		}
	}
}

func TestRowsThatVerifyWouldRefuseDoNotEnterTheTable(t *testing.T) {
	tests := map[string]func(*Labelled){
		"a paragraph without subjects":    func(l *Labelled) { l.Subjects = l.Subjects[1:] },
		"a paragraph without stances":     func(l *Labelled) { l.Stances = l.Stances[1:] },
		"a subject without a stance":      func(l *Labelled) { l.Stances[0] = l.Stances[0][1:] },
		"a label that is none":            func(l *Labelled) { l.Stances[0][0].Label = "maybe" },
		"probabilities that add up to 2":  func(l *Labelled) { l.Stances[0][0].P = [3]float32{1, 1, 0} },
		"a negative probability":          func(l *Labelled) { l.Stances[0][0].P = [3]float32{1.5, -0.5, 0} },
		"a probability that is no number": func(l *Labelled) { l.Stances[0][0].P[1] = float32(math.NaN()) },
		"a margin above 1":                func(l *Labelled) { l.Stances[0][0].Margin = 1.5 },
		"a margin that is no number":      func(l *Labelled) { l.Stances[0][0].Margin = float32(math.NaN()) },
		"a mention at another place":      func(l *Labelled) { l.Subjects[0][0].Mentions[0].Start-- },
		"a mention behind the end":        func(l *Labelled) { l.Subjects[0][0].Mentions[0].End = 1000 },
		"a mention of nothing":            func(l *Labelled) { l.Subjects[0][0].Mentions[0] = news.Mention{} },
		"an actor twice in a paragraph":   func(l *Labelled) { l.Subjects[0][0].Actor = l.Subjects[0][1].Actor; l.Subjects[0][0].Mentions = nil },
		"a paragraph twice":               func(l *Labelled) { l.Article.Paragraphs[1].Index = 0 },
		"an actor without an id":          func(l *Labelled) { l.Subjects[0][0].Actor.ID = "" },
		"an article without an id":        func(l *Labelled) { l.Article.ID = "" },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			l := labelled(article(1))
			if err := l.check(); err != nil {
				t.Fatalf("unspoilt: %v", err)
			}
			spoil(&l)
			if l.check() == nil {
				t.Error("it was let in")
			}
		})
	}
}

// The peak is what a shard adds to the memory of the pipeline: the articles of a part and the columns made from them.
func BenchmarkPart(b *testing.B) {
	var articles []Labelled
	rows := int64(0)
	for i := 0; rows < DefaultPartRows; i++ {
		articles = append(articles, labelled(article(i)))
		rows += articles[i].rows()
	}
	sortArticles(articles)
	b.ReportAllocs()
	for b.Loop() {
		size := len(somePart(b, articles))
		b.ReportMetric(float64(size)/float64(rows), "bytes/row")
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
