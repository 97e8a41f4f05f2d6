package ingest

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// allocatedBy is how many bytes f allocates, freed or not.
func allocatedBy(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// BenchmarkRead reads 500 articles of some 5 kB each, whole and (under "records") as far as their fields.
func BenchmarkRead(b *testing.B) {
	const articles = 500
	var lines []string
	var rows strings.Builder
	rows.WriteString("id,text\n")
	for i := range articles {
		var paragraphs []string
		for j := range 30 {
			paragraphs = append(paragraphs, paragraph(i*30+j))
		}
		lines = append(lines, asJSON(map[string]any{"id": fmt.Sprint(i), "text": text(paragraphs...), "crawler": strings.Repeat("x", 500)}))
		fmt.Fprintf(&rows, "%d,\"%s\"\n", i, text(paragraphs...))
	}
	jsonl := strings.Join(lines, "\n")
	for _, f := range []struct{ name, data string }{
		{"night.jsonl", jsonl},
		{"night.jsonl.gz", packGzip(jsonl)},
		{"night.jsonl.zst", packZstd(jsonl)},
		{"night.json", "[" + strings.Join(lines, ",") + "]"},
		{"night.csv", rows.String()},
	} {
		folder := write(b, map[string]string{f.name: f.data})
		c := Config{Inputs: []string{folder}}
		inputs, err := List(b.Context(), c)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("records/"+f.name, func(b *testing.B) {
			b.SetBytes(int64(len(jsonl)))
			for b.Loop() {
				n := 0
				for range newReader(b.Context(), c).records(inputs[0]) {
					n++
				}
				if n != articles {
					b.Fatalf("%d records", n)
				}
			}
			b.ReportMetric(articles*float64(b.N)/b.Elapsed().Seconds(), "articles/s")
		})
		b.Run("articles/"+f.name, func(b *testing.B) {
			b.SetBytes(int64(len(jsonl)))
			for b.Loop() {
				n := 0
				for range Read(b.Context(), c, inputs) {
					n++
				}
				if n != articles {
					b.Fatalf("%d items", n)
				}
			}
			b.ReportMetric(articles*float64(b.N)/b.Elapsed().Seconds(), "articles/s")
		})
	}
}
