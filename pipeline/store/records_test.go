package store

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

type foreignAuthor struct {
	Name  string   `parquet:"name"`
	Roles []string `parquet:"roles,list"`
}

// foreign is what a crawler may write: none of it as this package would.
type foreign struct {
	ID      int64            `parquet:"id"`
	Raw     []byte           `parquet:"raw"`
	Text    *string          `parquet:"text,zstd"`
	Tags    []string         `parquet:"tags"` // repeated, without a list around it
	List    []string         `parquet:"list,list,optional"`
	Authors []foreignAuthor  `parquet:"authors,list"`
	Meta    map[string]int32 `parquet:"meta"`
	Nested  *struct {
		Score float64 `parquet:"score"`
		Deep  *bool   `parquet:"deep,optional"`
	} `parquet:"nested,optional"`
	Date   int32     `parquet:"date,date"`
	Millis time.Time `parquet:"millis,timestamp(millisecond)"`
	Micros time.Time `parquet:"micros,timestamp(microsecond)"`
	Nanos  time.Time `parquet:"nanos,timestamp(nanosecond)"`
	Price  int64     `parquet:"price,decimal(2:18)"`
	Whole  int64     `parquet:"whole,decimal(0:18)"`
	Big    uint64    `parquet:"big"`
	Small  uint8     `parquet:"small"`
	Half   float32   `parquet:"half"`
	Yes    bool      `parquet:"yes"`
	UUID   [16]byte  `parquet:"uuid,uuid"`
	Time   int64     `parquet:"time,time(microsecond)"`
}

func foreignRows() []foreign {
	text, deep := "ein Satz", true
	full := foreign{
		ID: -3, Raw: []byte{0xff, 0}, Text: &text, Tags: []string{"a", "b"}, List: []string{"x", ""},
		Authors: []foreignAuthor{{"A", []string{"writer", "editor"}}, {"B", nil}}, Meta: map[string]int32{"w": 7},
		Date: 19_753, Millis: time.Date(2024, 1, 31, 1, 2, 3, 4e6, time.UTC), Micros: time.Date(1969, 12, 31, 23, 59, 59, 5000, time.UTC),
		Nanos: time.Date(2024, 1, 31, 1, 2, 3, 6, time.UTC), Price: -12_345, Whole: 77, Big: math.MaxUint64, Small: 200, Half: 0.5, Yes: true,
		UUID: [16]byte{0x12, 0x34, 15: 0xff}, Time: 3e6,
	}
	full.Nested = &struct {
		Score float64 `parquet:"score"`
		Deep  *bool   `parquet:"deep,optional"`
	}{1.25, &deep}
	return []foreign{full, {}, full}
}

func foreignParquet(tb testing.TB, options ...parquet.WriterOption) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[foreign](&b, append(options, parquet.MaxRowsPerRowGroup(2))...)
	if _, err := w.Write(foreignRows()); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func readRecords(b []byte) (records []map[string]any, err error) {
	r, err := OpenRecords(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	for {
		record, err := r.Next()
		if err == io.EOF {
			return records, nil
		}
		if err != nil {
			return records, err
		}
		records = append(records, record)
	}
}

func TestRecordsHaveTheValuesThatWereWrittenInPlainGoTypes(t *testing.T) {
	full := map[string]any{
		"id": int64(-3), "raw": []byte{0xff, 0}, "text": "ein Satz", "tags": []any{"a", "b"}, "list": []any{"x", ""},
		"authors": []any{
			map[string]any{"name": "A", "roles": []any{"writer", "editor"}},
			map[string]any{"name": "B", "roles": []any{}},
		},
		"meta": map[string]any{"w": int64(7)}, "nested": map[string]any{"score": 1.25, "deep": true},
		"date": time.Date(2024, 1, 31, 0, 0, 0, 0, time.UTC), "millis": time.Date(2024, 1, 31, 1, 2, 3, 4e6, time.UTC),
		"micros": time.Date(1969, 12, 31, 23, 59, 59, 5000, time.UTC), "nanos": time.Date(2024, 1, 31, 1, 2, 3, 6, time.UTC),
		"price": -123.45, "whole": int64(77), "big": uint64(math.MaxUint64), "small": int64(200), "half": 0.5, "yes": true,
		"uuid": "12340000-0000-0000-0000-0000000000ff", "time": 3 * time.Second,
	}
	for name, options := range map[string][]parquet.WriterOption{
		"pages of the second version": nil,
		"pages of the first":          {parquet.DataPageVersion(1), parquet.Compression(&parquet.Snappy)},
		"small pages":                 {parquet.PageBufferSize(8), parquet.Compression(&parquet.Gzip)},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readRecords(foreignParquet(t, options...))
			if err != nil || len(got) != 3 {
				t.Fatalf("%d records, %v", len(got), err)
			}
			for _, i := range []int{0, 2} {
				if diff := cmp.Diff(full, got[i]); diff != "" {
					t.Errorf("record %d (-written +read):\n%s", i, diff)
				}
			}
			empty := got[1]
			for name, want := range map[string]any{
				"text": nil, "nested": nil, "list": nil, "tags": []any{}, "authors": []any{}, "meta": map[string]any{}, "raw": "",
			} {
				if diff := cmp.Diff(want, empty[name]); diff != "" {
					t.Errorf("empty %s (-want +got):\n%s", name, diff)
				}
			}
		})
	}
}

// Lists have been stored in several ways; the readers of the format must know them all.
func TestListsAreListsHoweverTheyAreStored(t *testing.T) {
	text := parquet.String()
	tests := map[string]parquet.Node{
		"three levels":                parquet.Group{"list": parquet.Repeated(parquet.Group{"element": parquet.Optional(text)})},
		"three levels, names of Hive": parquet.Group{"bag": parquet.Repeated(parquet.Group{"array_element": parquet.Optional(text)})},
		"two levels":                  parquet.Group{"array": parquet.Repeated(text)},
		"two levels, any name":        parquet.Group{"element": parquet.Repeated(text)},
	}
	for name, group := range tests {
		t.Run(name, func(t *testing.T) {
			got := readList(t, group, func(optional bool) []parquet.Row {
				depth := 1
				if optional {
					depth = 2
				}
				return []parquet.Row{
					{parquet.ValueOf("a").Level(0, depth, 0), parquet.ValueOf("b").Level(1, depth, 0)},
					{parquet.ValueOf(nil).Level(0, 0, 0)},
				}
			})
			if diff := cmp.Diff([]any{[]any{"a", "b"}, []any{}}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("two levels of groups, names of Thrift", func(t *testing.T) {
		for _, wrapper := range []string{"array", "x_tuple"} {
			got := readList(t, parquet.Group{wrapper: parquet.Repeated(parquet.Group{"text": text})}, func(bool) []parquet.Row {
				return []parquet.Row{{parquet.ValueOf("a").Level(0, 1, 0)}}
			})
			if diff := cmp.Diff([]any{[]any{map[string]any{"text": "a"}}}, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", wrapper, diff)
			}
		}
	})
}

// listNode marks a group as a list without changing how it is stored.
type listNode struct{ parquet.Group }

func (listNode) Type() parquet.Type { return parquet.List(parquet.String()).Type() }

func readList(t *testing.T, group parquet.Node, rows func(optional bool) []parquet.Row) (lists []any) {
	t.Helper()
	schema := parquet.NewSchema("m", parquet.Group{"x": listNode{group.(parquet.Group)}})
	var b bytes.Buffer
	w := parquet.NewWriter(&b, schema)
	leaf := schema.Columns()[0]
	column, _ := schema.Lookup(leaf...)
	if _, err := w.WriteRows(rows(column.MaxDefinitionLevel > 1)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	records, err := readRecords(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		lists = append(lists, r["x"])
	}
	return lists
}

func TestOldAndOddValues(t *testing.T) {
	noon := parquet.ValueOf(deprecated.Int96{0: 0x4E93D000, 1: 0x2746, 2: 2_440_588 + 19_753}) // 43,180 s into the day
	if got, want := plain(noon), time.Unix(19_753*86400, 0x2746<<32|0x4E93D000).UTC(); got != want {
		t.Errorf("INT96 is %v, want %v", got, want)
	}
	minus := parquet.FixedLenByteArrayValue([]byte{0xff, 0xff, 0xfe, 0xd4}) // -300
	if got := decimal(minus, 2); got != -3.0 {
		t.Errorf("decimal bytes are %v", got)
	}
	wide := parquet.ByteArrayValue(append([]byte{1}, make([]byte, 8)...))
	if got := decimal(wide, 0); got.(*big.Int).String() != "18446744073709551616" {
		t.Errorf("a wide decimal is %v", got)
	}
	if got := decimal(minus, math.MaxInt32); got != nil {
		t.Errorf("a decimal of two billion digits is %v", got)
	}
	if got := instant(math.MinInt64, time.Microsecond); got.Year() > -290_000 {
		t.Errorf("the earliest time is %v", got)
	}
}

func TestDamagedParquetIsAnErrorAndNoPanic(t *testing.T) {
	whole := foreignParquet(t)
	for at := 0; at < len(whole); at += 19 {
		b := bytes.Clone(whole)
		b[at] ^= 1 << (at % 8)
		readRecords(b) // whether it is noticed depends on the place; it must come back, and without gigabytes
		if _, err := readRecords(whole[:at]); err == nil {
			t.Errorf("cut at %d unseen", at)
		}
	}
	for b, want := range map[string]string{
		"": "no Parquet file", "PAR1": "no Parquet file", "PAR1PAR1": "no Parquet file",
		"PAR1xxxx\xff\xff\xff\x7fPAR1": "footer claims", strings.Repeat("\x00", 100): "magic",
	} {
		if _, err := readRecords([]byte(b)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q was read with %v", b, err)
		}
	}
}

func TestNoCompressionHidesMoreThanThePageClaims(t *testing.T) {
	plain := bytes.Repeat([]byte("stance "), 100_000)
	for name, codec := range map[string]compress.Codec{
		"snappy": &parquet.Snappy, "gzip": &parquet.Gzip, "brotli": &parquet.Brotli, "zstd": &parquet.Zstd, "lz4": &parquet.Lz4Raw,
	} {
		packed, err := codec.Encode(nil, plain)
		if err != nil || len(packed) > len(plain)/10 {
			t.Fatalf("%s: %d bytes, %v", name, len(packed), err)
		}
		page := io.NewSectionReader(bytes.NewReader(packed), 0, int64(len(packed)))
		if err := fits(page, codec.CompressionCodec(), int64(len(plain))); err != nil {
			t.Errorf("%s: an honest page: %v", name, err)
		}
		page.Seek(0, io.SeekStart)
		if err := fits(page, codec.CompressionCodec(), int64(len(plain))-1); err == nil {
			t.Errorf("%s: one byte more than claimed was not noticed", name)
		}
	}
	if err := fits(io.NewSectionReader(nil, 0, 0), format.LZO, 1); err == nil {
		t.Error("a compression that nobody reads")
	}
}

func TestAPageThatClaimsToBeHugeIsNotBelieved(t *testing.T) {
	type row struct {
		Text string `parquet:"text,zstd"`
	}
	var b bytes.Buffer
	w := parquet.NewGenericWriter[row](&b, parquet.SkipPageBounds("text"), parquet.SkipPageStatistics("text"))
	if _, err := w.Write([]row{{strings.Repeat("x", 1_000_000)}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if b.Len() > 2000 {
		t.Fatalf("a bomb of %d bytes is none", b.Len())
	}
	for maxPage, want := range map[int32]bool{maxPageBytes: true, 900_000: false} {
		r, err := OpenRecords(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		r.maxPage = maxPage
		if _, err := r.Next(); (err == nil) != want {
			t.Errorf("pages of %d bytes at most: %v", maxPage, err)
		}
	}
}

func TestAFileOfNullsIsNotUnrolledForEver(t *testing.T) {
	type row struct {
		Text *string `parquet:"text"`
	}
	for rows, want := range map[int]bool{freeValues: true, 40 * freeValues: false} {
		var b bytes.Buffer
		w := parquet.NewGenericWriter[row](&b)
		for range rows / 1024 {
			if _, err := w.Write(make([]row, 1024)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil || b.Len() > 10*freeValues {
			t.Fatalf("%d bytes, %v", b.Len(), err)
		}
		if records, err := readRecords(b.Bytes()); (err == nil) != want || want && len(records) != rows {
			t.Errorf("%d rows in %d bytes: %d records, %v", rows, b.Len(), len(records), err)
		}
	}
}

func TestRecordsEndForGood(t *testing.T) {
	b := foreignParquet(t)
	r, err := OpenRecords(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if _, err := r.Next(); err != io.EOF {
			t.Error(err)
		}
	}
	r, _ = OpenRecords(bytes.NewReader(b), int64(len(b)))
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if _, err := r.Next(); err == nil {
		t.Error("a closed reader goes on")
	}
}

func TestOwnPartsAreRecordsToo(t *testing.T) {
	records, err := readRecords(somePart(t, someArticles(3)))
	if err != nil || len(records) != len(rowsOf(someArticles(3))) {
		t.Fatalf("%d records, %v", len(records), err)
	}
	mention := records[0]["mentions"].([]any)[0].(map[string]any)
	if mention["text"] != "France" || mention["end"] != int64(6) {
		t.Errorf("mention %v", mention)
	}
}

func FuzzOpenRecords(f *testing.F) {
	f.Add(foreignParquet(f))
	f.Add(foreignParquet(f, parquet.DataPageVersion(1), parquet.Compression(&parquet.Zstd)))
	f.Add(somePart(f, someArticles(2)))
	f.Add(binary.LittleEndian.AppendUint32([]byte("PAR1"), 0))
	f.Fuzz(func(t *testing.T, b []byte) { readRecords(b) })
}
