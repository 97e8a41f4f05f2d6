package ingest

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"stance/pipeline/news"
)

// checkItems fails unless every item is what Read promises.
func checkItems(t *testing.T, items []Item) {
	t.Helper()
	if len(items) == 0 {
		t.Fatal("the file vanished uncounted")
	}
	ids := map[string]bool{}
	for _, item := range items {
		if (item.Article == nil) == (item.Left == nil) {
			t.Fatalf("%+v is not one of the two", item)
		}
		if l := item.Left; l != nil {
			if l.Outcome != Skipped && l.Outcome != Rejected || l.Reason == "" || l.Detail == "" || l.Offset < 0 {
				t.Fatalf("incomplete: %+v", l)
			}
			continue
		}
		a := item.Article
		if ids[a.ID] || a.ID == "" {
			t.Fatalf("id %q", a.ID)
		}
		ids[a.ID] = true
		for _, s := range []string{a.ID, a.URL, a.Source, a.Title, a.Byline, a.Genre, a.Language} {
			checkLine(t, s)
		}
		body := false
		for i, p := range a.Paragraphs {
			if checkLine(t, p.Text); p.Text == "" || p.Index != i {
				t.Fatalf("paragraph %d is %+v", i, p)
			}
			body = body || p.Kind == news.Body
		}
		if !body {
			t.Fatal("an article without body")
		}
		if y := a.Published.Year(); !a.Published.IsZero() && (y < firstYear || y > lastYear) {
			t.Fatalf("published %v", a.Published)
		}
	}
}

// checkLine fails unless s is one clean line.
func checkLine(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) || strings.Contains(s, "  ") || s != strings.TrimSpace(s) {
		t.Fatalf("%q is not clean", s)
	}
	for _, r := range s {
		if r != ' ' && unicode.IsSpace(r) || unicode.Is(unicode.C, r) {
			t.Fatalf("%q holds %U", s, r)
		}
	}
}

func FuzzStandardInput(f *testing.F) {
	page := text(sentences...)
	for _, seed := range []string{
		soundLine("a"), soundLine("a") + "\n" + soundLine("a"), "[" + soundLine("a") + "]", `{"articles":[` + soundLine("a") + `]}`, page,
		"<html><p>" + page + "</p></html>", "id,text\n1,\"" + page + "\"\n", packGzip(soundLine("a")), packZstd(soundLine("a")), utf16LE(soundLine("a")),
		fakeParquet(map[string]any{"text": page}), soundLine("a")[:50], "\x1f\x8b\x08", "\x28\xb5\x2f\xfd", `{"a":[[[{"text":"`, "\xff\xfe\x00\xd8", "",
		`{"text":["a",{"kind":"body","text":null}],"paragraphs":[{"kind":"x"}],"date":1e300,"id":[1,{"name":[]}],"url":"//a.b"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c := Config{OpenParquet: openFakeParquet, MaxRecordBytes: 2000, MaxSpoolBytes: 4000}
		var runs [2][]Item
		for i := range runs {
			c.Stdin = bytes.NewReader(data)
			for item := range Read(t.Context(), c, []Input{{Path: stdinPath}}) {
				runs[i] = append(runs[i], item)
			}
		}
		checkItems(t, runs[0])
		if !reflect.DeepEqual(runs[0], runs[1]) {
			t.Fatal("two runs differ")
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"text":"a\u00e9\ud83d\ude00\ud83d\n\"\\/"}`, `{"a":{"b":[1,2,{}]},"text":"x"}`, `[{"text":"x"}, 5, [true], "s"]`, `{"text": NaN, "id": -Infinity}`, "{\"text\":\"a\nb\tc\"}", `{"text":1e5} {"id":null}`, `{"r":{"s":[{"text":"x"},{"text":"y"}]}}`, `{"c":[{"text":"x"}],"text":"y"} {"d":[{"text":"x"}],"e":{"f":[{"text":"y"}]}} {"g":[{"text":"z"}],"h":{"i":[`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var document, lines []record
		r := newReader(t.Context(), Config{MaxRecordBytes: 1 << 20})
		open := func() *source {
			s, err := r.unpack(&source{}, &verified{ctx: t.Context(), r: bytes.NewReader(data)})
			if err != nil {
				t.Skip()
			}
			return s
		}
		r.jsonDocument(open(), func(rec record) bool { document = append(document, rec); return true })
		r.jsonLines(open(), func(rec record) bool { lines = append(lines, rec); return true })
		for _, rec := range append(document, lines...) {
			if rec.offset < 0 || rec.offset > int64(3*len(data)) { // three times: UTF-16 grows
				t.Fatalf("offset %d of %d", rec.offset, len(data))
			}
		}
		if utf8.Valid(data) && json.Valid(data) {
			for _, rec := range document {
				if rec.err != nil && flawOf(rec.err).reason != Schema && flawOf(rec.err).reason != Binary && flawOf(rec.err).reason != TooDeep {
					t.Fatalf("sound JSON is rejected: %v", rec.err)
				}
			}
			var s string
			if json.Unmarshal(data, &s) == nil {
				if inside := bytes.TrimSpace(data); unquote(inside[1:len(inside)-1]) != s {
					t.Fatalf("unquote %s: got %q", data, unquote(inside[1:len(inside)-1]))
				}
			}
		}
	})
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "a,b\r\n\"1\n2\",\"3\"\"4\"\r\n", "\"a\"b\"c\",d\n", "a\n\n\"", ",,\n,", "a,\"b\" \"c\"\n", "a\r,,\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		r := newReader(t.Context(), Config{})
		s, err := r.unpack(&source{}, &verified{ctx: t.Context(), r: strings.NewReader(data)})
		if err != nil {
			t.Skip()
		}
		rows := rowReader{source: s, delimiter: ',', max: 1 << 20}
		var got [][]string
		for rows.err == nil {
			_, row, err := rows.next()
			if err != nil {
				break
			}
			var cells []string
			for _, cell := range row {
				cells = append(cells, string(cell))
			}
			got = append(got, cells)
		}
		// What the standard library accepts must come out the same; it drops blank lines and carriage returns alike.
		if strings.ContainsAny(data, "\r\x00") || strings.HasPrefix(data, byteOrderMark) || strings.HasPrefix(data, "\xff\xfe") || strings.HasPrefix(data, "\xfe\xff") {
			return
		}
		reference := csv.NewReader(strings.NewReader(data))
		reference.FieldsPerRecord = -1
		want, err := reference.ReadAll()
		if err == nil && len(want) > 0 && !reflect.DeepEqual(want, got) {
			t.Fatalf("got %q, want %q", got, want)
		}
	})
}

func FuzzRepair(f *testing.F) {
	for _, seed := range []string{"a\u00a0b", "â€™ Ã© &amp;amp; &#8217;", "E\u0301\u0302\u0303", "\xe2\x80", "\x93x\x94", strings.Repeat("\u0301", 100), "\u1100\u1161\u11a8", "Ã¢â‚¬â„¢", "\xcc\xf3\xef"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := decodeText(data)
		if err != nil {
			return
		}
		if !utf8.ValidString(s) {
			t.Fatalf("%q decodes to %q", data, s)
		}
		checkLine(t, cleanLine(s))
		if isPlain(s) && strings.Join(strings.Fields(s), " ") != cleanLine(s) {
			t.Fatalf("plain text %q became %q", s, cleanLine(s))
		}
	})
}

func FuzzDecompression(f *testing.F) {
	lines := strings.Repeat(soundLine("a")+"\n", 3)
	for _, seed := range []string{packGzip(lines), packZstd(lines), packGzip(lines) + packGzip(lines), packGzip(lines)[:40], "\x50\x2a\x4d\x18\x01\x00\x00\x00x" + packZstd(lines), packGzip(strings.Repeat("\n", 1<<20))} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		const limit = 64 << 10
		r := newReader(t.Context(), Config{MaxRecordBytes: limit})
		s, err := r.unpack(&source{}, &verified{ctx: t.Context(), r: bytes.NewReader(data)})
		if err != nil {
			return
		}
		defer s.Close()
		total := 0
		for {
			line, _, err := s.line(limit)
			if total += len(line); len(line) > limit {
				t.Fatalf("a line of %d bytes", len(line))
			}
			if err != nil {
				break
			}
		}
		if most := limit + 3*r.MaxExpansion*(len(data)+1) + 2*bufferBytes; total > most { // three times: UTF-16 grows
			t.Fatalf("%d bytes became %d", len(data), total)
		}
	})
}
