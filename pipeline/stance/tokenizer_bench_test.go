package stance

import (
	"strings"
	"testing"

	sugarme "github.com/sugarme/tokenizer"
	"github.com/sugarme/tokenizer/model/bpe"
	sugarmenormalizer "github.com/sugarme/tokenizer/normalizer"
	"github.com/sugarme/tokenizer/pretokenizer"
)

// benchmarkTexts are paragraphs of a hundred words or so.
func benchmarkTexts(b *testing.B) []string {
	var texts []string
	var paragraph strings.Builder
	for _, v := range readVectors(b) {
		if len(v.Text) < 80 || len(v.Text) > 200 || strings.ContainsFunc(v.Text, func(r rune) bool { return r < ' ' || r > 0x2100 }) {
			continue
		}
		paragraph.WriteString(v.Text + " ")
		if paragraph.Len() > 600 {
			texts = append(texts, paragraph.String())
			paragraph.Reset()
		}
	}
	return texts
}

func BenchmarkEncode(b *testing.B) {
	texts := benchmarkTexts(b)
	for _, base := range bases {
		b.Run(base, func(b *testing.B) {
			tok := openBase(b, base)
			b.ReportAllocs()
			tokens := 0
			for i := 0; b.Loop(); i++ {
				tokens += len(tok.encode(texts[i%len(texts)]))
			}
			b.ReportMetric(float64(tokens)/b.Elapsed().Seconds(), "tokens/s")
		})
	}
}

// BenchmarkLibraryAlone is what the same texts cost when the library does everything. It gets many of them wrong.
func BenchmarkLibraryAlone(b *testing.B) {
	texts := benchmarkTexts(b)
	wordPieces := sugarme.NewTokenizer(openBase(b, "wordpiece").vocabulary.(*wordPiece).library)
	wordPieces.WithNormalizer(sugarmenormalizer.NewBertNormalizer(true, true, true, false)) // with accents stripped it panics
	wordPieces.WithPreTokenizer(pretokenizer.NewBertPreTokenizer())
	pairs := openBase(b, "bytebpe").vocabulary.(*pairEncoding)
	cached := bpe.NewBPE(pairs.ids, pairs.merges)
	bytePairs := sugarme.NewTokenizer(cached)
	bytePairs.WithPreTokenizer(pretokenizer.NewByteLevel())
	for name, library := range map[string]*sugarme.Tokenizer{"wordpiece": wordPieces, "bytebpe": bytePairs} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			tokens := 0
			for i := 0; b.Loop(); i++ {
				e, err := library.EncodeSingle(texts[i%len(texts)])
				if err != nil {
					b.Fatal(err)
				}
				tokens += len(e.Ids)
			}
			b.ReportMetric(float64(tokens)/b.Elapsed().Seconds(), "tokens/s")
		})
	}
}
