package ingest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stance/pipeline/news"
)

// one reads a record that must become one article.
func one(t *testing.T, mapped map[string]string, fields map[string]any) *news.Article {
	t.Helper()
	var items []Item
	c := Config{Stdin: strings.NewReader(asJSON(fields)), Map: mapped}
	for item := range Read(t.Context(), c, []Input{{Path: stdinPath}}) {
		items = append(items, item)
	}
	if len(items) != 1 || items[0].Article == nil {
		t.Fatalf("%v: got %q, want one article", fields, brief(items))
	}
	return items[0].Article
}

func TestFieldsAreFoundUnderTheirUsualNames(t *testing.T) {
	body := text(sentences...)
	when := time.Date(2025, 1, 2, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name   string
		fields map[string]any
		mapped map[string]string
		want   news.Article // without paragraphs
	}{
		{"our own names",
			map[string]any{"id": "7", "url": "https://x.org/1", "source": "X", "title": "T", "byline": "B", "published": "2025-01-02", "language": "en-GB", "genre": "opinion", "text": body}, nil,
			news.Article{ID: "7", URL: "https://x.org/1", Source: "X", Title: "T", Byline: "B", Published: when, Language: "en-GB", Genre: "opinion"}},
		{"a news service's",
			map[string]any{"source": map[string]any{"id": nil, "name": "The Example"}, "author": nil, "title": "T", "url": "https://www.x.org/1", "publishedAt": "2025-01-02T00:00:00Z", "content": body, "description": "D", "urlToImage": "https://x.org/i.png"}, nil,
			news.Article{URL: "https://www.x.org/1", Source: "The Example", Title: "T", Published: when}},
		{"an extraction library's",
			map[string]any{"source_domain": "x.org", "authors": []string{"A", "B"}, "headline": "T", "date_publish": "2025-01-02 00:00:00", "maintext": body, "lang": "en", "canonical_url": "https://x.org/1"}, nil,
			news.Article{URL: "https://x.org/1", Source: "x.org", Byline: "A, B", Title: "T", Published: when, Language: "en"}},
		{"a publisher's metadata",
			map[string]any{"@type": "NewsArticle", "headline": "T", "author": []any{map[string]any{"name": "A"}, map[string]any{"name": "B"}}, "publisher": map[string]any{"name": "P"}, "datePublished": "2025-01-02T00:00:00Z", "articleBody": body, "inLanguage": "en_US"}, nil,
			news.Article{Title: "T", Byline: "A, B", Source: "P", Published: when, Language: "en-US"}},
		{"capitals and spaces", map[string]any{"ID": 12345678901234567, "Article Text": body, "Publication-Date": "2 January 2025", "LINK": "http://x.org"}, nil,
			news.Article{ID: "12345678901234567", URL: "http://x.org", Source: "x.org", Published: when}},
		{"the better of two names", map[string]any{"body": "short", "text": body, "date": "2025-01-02", "timestamp": 1}, nil, news.Article{Published: when}},
		{"the name that is not empty", map[string]any{"text": "", "body": body, "title": " ", "headline": "T"}, nil, news.Article{Title: "T"}},
		{"names that are mapped", map[string]any{"words": body, "title": "not this", "name": "T", "doc": "9"}, map[string]string{"text": "Words", "title": "name", "id": "doc"}, news.Article{ID: "9", Title: "T"}},
		{"names within objects", map[string]any{"webUrl": "https://x.org/1", "fields": map[string]any{"bodyText": body, "headline": "T"}}, map[string]string{"text": "fields.bodyText", "title": "fields.headline"},
			news.Article{URL: "https://x.org/1", Source: "x.org", Title: "T"}},
		{"a mapped name with a dot in it", map[string]any{"dc.text": body}, map[string]string{"text": "dc.text"}, news.Article{}},
		{"an id of a database", map[string]any{"_id": map[string]any{"$oid": "abc"}, "published": map[string]any{"$date": "2025-01-02T00:00:00Z"}, "text": body}, nil, news.Article{ID: "abc", Published: when}},
		{"metadata of the wrong type", map[string]any{"title": true, "byline": map[string]any{"x": 1}, "date": []any{}, "source": 5.5, "text": body}, nil, news.Article{Source: "5.5"}},
		{"no address", map[string]any{"url": "n/a", "text": body}, nil, news.Article{}},
		{"an address that runs", map[string]any{"url": "javascript:alert(1)", "text": body}, nil, news.Article{}},
		{"a title with the site behind it", map[string]any{"title": "Troops - no troops? | Kyiv Example", "url": "https://kyivexample.com/1", "text": body}, nil,
			news.Article{Title: "Troops - no troops?", URL: "https://kyivexample.com/1", Source: "kyivexample.com"}},
		{"a title that only looks so", map[string]any{"title": "France - Committee split", "url": "https://www.cnn.com/1", "text": body}, nil,
			news.Article{Title: "France - Committee split", URL: "https://www.cnn.com/1", Source: "cnn.com"}},
		{"a source that is an address", map[string]any{"source": "https://www.x.org/feed.xml", "text": body}, nil, news.Article{Source: "x.org"}},
		{"a date that cannot be read", map[string]any{"date": "yesterday", "text": body}, nil, news.Article{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := one(t, test.mapped, test.fields)
			got := *a
			if test.want.ID == "" {
				test.want.ID = a.ArticleID()
			}
			if test.want.Language == "" {
				test.want.Language = "en"
			}
			got.Paragraphs, got.File, got.Offset = nil, "", 0
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestParagraphsGetTheirKinds(t *testing.T) {
	h, d, b := news.Headline, news.Deck, news.Body
	type object = map[string]any
	for _, test := range []struct {
		name   string
		fields map[string]any
		want   []news.ParagraphKind
	}{
		{"a title becomes a headline", object{"title": "T", "paragraphs": sentences}, []news.ParagraphKind{h, b, b, b, b}},
		{"title and deck", object{"title": "T", "standfirst": "A deck that says something.", "paragraphs": sentences}, []news.ParagraphKind{h, d, b, b, b, b}},
		{"a title that the body begins with", object{"title": "Ministers weigh: troops?", "paragraphs": append([]string{"MINISTERS WEIGH “TROOPS”"}, sentences...)}, []news.ParagraphKind{h, b, b, b, b}},
		{"a headline that is there", object{"title": "Another wording", "paragraphs": []object{{"kind": "headline", "text": "Its wording"}, {"kind": "body", "text": sentences[0]}, {"text": sentences[1]}}}, []news.ParagraphKind{h, b, b}},
		{"a deck under a headline that is there", object{"deck": "A deck.", "paragraphs": []object{{"kind": "headline", "text": "Its wording"}, {"kind": "body", "text": sentences[0]}}}, []news.ParagraphKind{h, d, b}},
		{"chrome and labels", object{"paragraphs": []object{{"kind": "chrome", "text": "Share"}, {"kind": "Body", "text": sentences[0], "labels": object{"nato": "pro"}}, {"kind": "deck", "text": "Deck"}, {"kind": "body", "text": "  "}}}, []news.ParagraphKind{b, d}},
		{"types and content", object{"paragraphs": []object{{"type": "body", "content": sentences[0]}}}, []news.ParagraphKind{b}},
		{"text as a list", object{"text": sentences}, []news.ParagraphKind{b, b, b, b}},
		{"a list within text", object{"text": asJSON(object{"x": sentences})[5 : len(asJSON(object{"x": sentences}))-1]}, []news.ParagraphKind{b, b, b, b}},
		{"paragraphs as text", object{"paragraphs": text(sentences...)}, []news.ParagraphKind{b, b, b, b}},
		{"empty paragraphs beside text", object{"paragraphs": []string{}, "text": text(sentences...)}, []news.ParagraphKind{b, b, b, b}},
		{"a flash that is its own headline", object{"title": sentences[0], "paragraphs": sentences[:1]}, []news.ParagraphKind{b}},
		{"no title", object{"text": text(sentences...)}, []news.ParagraphKind{b, b, b, b}},
	} {
		a := one(t, nil, test.fields)
		var got []news.ParagraphKind
		for i, p := range a.Paragraphs {
			got = append(got, p.Kind)
			if p.Index != i {
				t.Errorf("%s: paragraph %d has index %d", test.name, i, p.Index)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", test.name, diff)
		}
		if test.want[0] == h && a.Title == "" {
			t.Errorf("%s: no title", test.name)
		}
	}
}

func TestIDsAreUniqueAndStable(t *testing.T) {
	body := func(n int) map[string]any {
		return map[string]any{"paragraphs": []string{fmt.Sprint(paragraph(n), " ", paragraph(n+1)), paragraph(n + 2)}}
	}
	with := func(n int, id any) string {
		fields := body(n)
		fields["id"] = id
		return asJSON(fields) + "\n"
	}
	long := strings.Repeat("x", 201)
	data := with(0, "a") + with(10, "b") + with(20, "a") + with(30, "a~2") + with(40, " a ") + with(50, "") + with(60, long) + with(70, long[:200]) +
		asJSON(body(50)) + "\n" + with(80, "a~2") + with(90, "c~2") + with(100, "c") + with(110, "c")
	content := (&news.Article{Paragraphs: one(t, nil, body(50)).Paragraphs}).ArticleID()
	want := []string{"a", "b", "a~2", "a~2~2", "a~3", content, news.ID("id", long), long[:200], content + "~2", "a~2~3", "c~2", "c", "c~3"}
	var got []string
	for _, item := range readFolder(t, map[string]string{"a.jsonl": data}) {
		if item.Article == nil {
			t.Fatal(item.Left)
		}
		got = append(got, item.Article.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAMillionEqualIDsCostNoMoreThanDifferentOnes(t *testing.T) {
	ids := idSet{}
	for i := range 200_000 {
		if got, want := ids.claim("same"), fmt.Sprintf("same~%d", i+1); i > 0 && got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
}

func TestDuplicatesAreMarked(t *testing.T) {
	var long []string
	for i := range 12 {
		long = append(long, paragraph(i))
	}
	items := readFolder(t, map[string]string{
		"a.txt":   text(long...),
		"b.jsonl": asJSON(map[string]any{"id": "copy", "text": text(long...)}) + "\n" + soundLine("other"),
	})
	if len(items) != 3 {
		t.Fatalf("got %q", brief(items))
	}
	first := items[0].Article
	if first.DuplicateOf != "" || items[1].Article.DuplicateOf != first.ID || items[2].Article.DuplicateOf != "" {
		t.Errorf("duplicates of %q: %q, %q, %q", first.ID, first.DuplicateOf, items[1].Article.DuplicateOf, items[2].Article.DuplicateOf)
	}
}

func TestLanguageIsTakenFromTheWords(t *testing.T) {
	if a := one(t, nil, map[string]any{"language": "de", "text": text(sentences...)}); a.Language != "en" {
		t.Errorf("English that is declared German is %q", a.Language)
	}
	items := readFolder(t, map[string]string{"a.jsonl": asJSON(map[string]any{"language": "de", "paragraphs": []string{"Macron, Merz, Starmer."}})})
	if len(items) != 1 || items[0].Left == nil || items[0].Left.Reason != NotEnglish {
		t.Errorf("three words that are declared German: %q", brief(items))
	}
	german := strings.Repeat("Der Minister sagte am Montag, dass die Regierung bereit sei, Soldaten in das Land zu schicken. ", 5)
	items = readFolder(t, map[string]string{"a.jsonl": asJSON(map[string]any{"id": "g", "language": "en", "text": german})})
	if len(items) != 1 || items[0].Left == nil || items[0].Left.Reason != NotEnglish || items[0].Left.ArticleID != "g" {
		t.Errorf("German that is declared English: %q", brief(items))
	}
}

func TestDatesAreRead(t *testing.T) {
	day := time.Date(2025, 3, 4, 0, 0, 0, 0, time.UTC)
	at := func(h, m, s int) time.Time { return day.Add(time.Duration(h*3600+m*60+s) * time.Second) }
	for in, want := range map[any]time.Time{
		"2025-03-04T05:06:07Z": at(5, 6, 7), "2025-03-04T05:06:07.891Z": at(5, 6, 7).Add(891 * time.Millisecond), "2025-03-04T05:06:07+02:00": at(3, 6, 7),
		"2025-03-04T05:06:07": at(5, 6, 7), "2025-03-04 05:06:07": at(5, 6, 7), "2025-03-04 05:06": at(5, 6, 0), "2025-03-04T05:06:07+0200": at(3, 6, 7),
		"2025-03-04 05:06:07 UTC": at(5, 6, 7), "2025-03-04 05:06:07+00": at(5, 6, 7), "2025-03-04": day, "2025/03/04": day, "20250304": day, "20250304050607": at(5, 6, 7),
		"202503040506": at(5, 6, 0), "2025030405": at(5, 0, 0), "1712251200": time.Date(2024, 4, 4, 17, 20, 0, 0, time.UTC),
		"20250304T050607Z": at(5, 6, 7), "Tue, 04 Mar 2025 05:06:07 GMT": at(5, 6, 7), "Tue, 04 Mar 2025 05:06:07 +0100": at(4, 6, 7),
		"Tue, 04 Mar 2025 05:06:07 EST": at(10, 6, 7), "Tuesday, March 4, 2025": day, "4 March 2025": day, "4 Mar 2025": day, "March 4th, 2025": day,
		"Mar. 4, 2025": day, "Published March 4, 2025 at 5:06 a.m. ET": at(10, 6, 0), "March 4, 2025, 5:06 PM": at(17, 6, 0), "4 March 2025, 17:06 GMT": at(17, 6, 0),
		"Updated: 4 March 2025 | 17:06": at(17, 6, 0), "Tue Mar  4 05:06:07 2025": at(5, 6, 7), "Sept. 4, 2025": time.Date(2025, 9, 4, 0, 0, 0, 0, time.UTC),
		"1741064767": at(5, 6, 7), "1741064767000": at(5, 6, 7), "1741064767.5": at(5, 6, 7).Add(500 * time.Millisecond),
		int64(1741064767): at(5, 6, 7), int64(1741064767000): at(5, 6, 7), int64(1741064767000000): at(5, 6, 7), float64(1741064767): at(5, 6, 7),
		day.In(time.FixedZone("", 3600)): day,
		"":                               {}, "yesterday": {}, "n/a": {}, "3/4/2025": {}, "04-03-2025": {}, "2025": {}, int64(2025): {}, "2025-13-04": {}, "0001-01-01T00:00:00Z": {},
		"9999-12-31T00:00:00Z": {}, "March 2025": {}, "2025-03-04 05:06:07 XYZ": {}, "NaN": {}, "Inf": {}, true: {}, strings.Repeat("2025-03-04 ", 1000): {},
	} {
		if got := published(in); !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%v: got %v, want %v", in, got, want)
		}
	}
}
