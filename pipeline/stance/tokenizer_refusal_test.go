package stance

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// smallest returns a tokenizer.json with some parts replaced.
func smallest(parts map[string]string) string {
	file := map[string]string{
		"version": `"1.0"`,
		"model":   `{"type": "WordPiece", "unk_token": "?", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": {"?": 0, "a": 1, "[S]": 2}}`,
	}
	for name, part := range parts {
		file[name] = part
	}
	var fields []string
	for name, part := range file {
		fields = append(fields, fmt.Sprintf("%q: %s", name, part))
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

func TestTokenizerThatCannotBeReproducedIsRefused(t *testing.T) {
	if _, err := newTokenizer([]byte(smallest(nil))); err != nil {
		t.Fatalf("the tokenizer that the others differ from: %v", err)
	}
	part := func(name, value string) string { return smallest(map[string]string{name: value}) }
	charsmap := func(blob string) string {
		return part("normalizer", `{"type": "Precompiled", "precompiled_charsmap": "`+base64.StdEncoding.EncodeToString([]byte(blob))+`"}`)
	}
	regex := func(expression string) string {
		quoted, _ := json.Marshal(expression)
		return part("pre_tokenizer", `{"type": "Split", "behavior": "Isolated", "pattern": {"Regex": `+string(quoted)+`}}`)
	}
	for _, c := range []struct{ name, file, want string }{
		{"nothing", "", "unexpected end of JSON input"},
		{"no JSON", "vocab.txt", "invalid character"},
		{"no UTF-8", "{\"version\": \"\xff\"}", "not UTF-8"},
		{"another version", part("version", `"2.0"`), `version "2.0" is not supported`},
		{"no model", part("model", "null"), "model is missing"},
		{"another model", part("model", `{"type": "WordLevel", "vocab": {}}`), `model "WordLevel" is not supported`},
		{"another normalizer", part("normalizer", `{"type": "Sequence", "normalizers": [{"type": "Rot13"}]}`), `normalizer "Rot13" is not supported`},
		{"another pre-tokenizer", part("pre_tokenizer", `{"type": "Sequence", "pretokenizers": [{"type": "UnicodeScripts"}]}`), `pre-tokenizer "UnicodeScripts" is not supported`},
		{"another post-processor", part("post_processor", `{"type": "Rot13"}`), `"Rot13" is not supported`},
		{"another behavior", part("pre_tokenizer", `{"type": "Punctuation", "behavior": "Doubled"}`), `behavior "Doubled" is not supported`},

		{"no vocab", part("model", `{"type": "WordPiece", "unk_token": "?"}`), "no vocab"},
		{"negative id", part("model", `{"type": "BPE", "merges": [], "vocab": {"a": -1}}`), `id -1 of "a" is out of range`},
		{"huge id", part("model", `{"type": "BPE", "merges": [], "vocab": {"a": 2147483647}}`), "out of range"},
		{"id with a fraction", part("model", `{"type": "BPE", "merges": [], "vocab": {"a": 1.5}}`), "read vocab"},
		{"unknown token that is unknown", part("model", `{"type": "WordPiece", "unk_token": "?", "max_input_chars_per_word": 9, "vocab": {"a": 0}}`), `unk_token "?" is not in vocab`},
		{"words without a limit", part("model", `{"type": "WordPiece", "unk_token": "?", "max_input_chars_per_word": 1000000, "vocab": {"?": 0}}`), "max_input_chars_per_word 1000000"},
		{"no merges", part("model", `{"type": "BPE", "vocab": {"a": 0}}`), "merges are missing"},
		{"merge of three", part("model", `{"type": "BPE", "vocab": {"a": 0}, "merges": ["a a a"]}`), `merge "a a a" is not a pair`},
		{"merge of the unknown", part("model", `{"type": "BPE", "vocab": {"a": 0}, "merges": [["a", "a"]]}`), "not in vocab"},
		{"chance", part("model", `{"type": "BPE", "dropout": 0.1, "vocab": {"a": 0}, "merges": []}`), "dropout 0.1"},
		{"no unk_id", part("model", `{"type": "Unigram", "vocab": [["a", -1]]}`), "unk_id is missing"},
		{"unk_id out of range", part("model", `{"type": "Unigram", "unk_id": 1, "vocab": [["a", -1]]}`), "unk_id 1 is not in vocab"},
		{"piece without a score", part("model", `{"type": "Unigram", "unk_id": 0, "vocab": [["a"]]}`), "entry 0 of vocab"},
		{"piece of a kilobyte", part("model", `{"type": "Unigram", "unk_id": 0, "vocab": [["`+strings.Repeat("a", 1025)+`", -1]]}`), "longer than 1024 bytes"},

		{"charsmap that is cut off", charsmap("\x01"), "charsmap is too short"},
		{"charsmap whose trie is longer than it", charsmap("\x40\x00\x00\x00abcd"), "cannot hold a trie of 64"},
		{"charsmap without UTF-8", charsmap("\x04\x00\x00\x00\x00\x00\x00\x00\xff\x00"), "not UTF-8"},
		{"look-ahead", regex(`a(?=b)`), "has no equal in Go"},
		{"look-behind", regex(`(?<=a)b`), "has no equal in Go"},
		{"anchor", regex(`^a`), "has no equal in Go"},
		{"word class", regex(`\w+`), "has no equal in Go"},
		{"class in a class", regex(`[a[bc]]`), "has no equal in Go"},
		{"possessive quantifier", regex(`a++`), "invalid nested repetition"},
		{"pattern that finds nothing", regex(`a*`), "matches the empty text"},
		{"empty pattern", part("normalizer", `{"type": "Replace", "content": "a", "pattern": {"String": ""}}`), "pattern is empty"},
		{"metaspace of two characters", part("pre_tokenizer", `{"type": "Metaspace", "replacement": "__"}`), "not one character"},
		{"metaspace that contradicts itself", part("pre_tokenizer", `{"type": "Metaspace", "replacement": "_", "prepend_scheme": "always", "add_prefix_space": false}`), "contradicts"},

		{"added token with another's id", part("added_tokens", `[{"id": 1, "content": "b"}]`), `added token "b" claims id 1 but has 3`},
		{"added token with another id than the vocabulary's", part("added_tokens", `[{"id": 0, "content": "a"}]`), `added token "a" claims id 0 but has 1`},
		{"added token twice", part("added_tokens", `[{"id": 1, "content": "a"}, {"id": 1, "content": "a"}]`), "twice"},
		{"added tokens that are one once normalised", smallest(map[string]string{
			"normalizer":   `{"type": "Lowercase"}`,
			"added_tokens": `[{"id": 3, "content": "B", "normalized": true}, {"id": 4, "content": "b", "normalized": true}]`,
		}), "the same once they are normalised"},
		{"special token with another id", part("post_processor", `{"type": "BertProcessing", "cls": ["[S]", 1], "sep": ["[S]", 2]}`), `token "[S]" does not have the id 1`},
		{"template without the second text", part("post_processor", `{"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A"}}], "pair": [{"Sequence": {"id": "A"}}]}`), "does not hold each text once"},
		{"template with an unknown token", part("post_processor", `{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "[S]"}}]}`), "not among the special_tokens"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := newTokenizer([]byte(c.file))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestTokenizerOfTenMegabytesIsRead(t *testing.T) {
	var vocab strings.Builder
	vocab.WriteString(`{"?": 0`)
	n := 1
	for ; vocab.Len() < 10<<20; n++ {
		fmt.Fprintf(&vocab, `, "%s%d": %d`, strings.Repeat("word", 10), n, n)
	}
	vocab.WriteString("}")
	tok, err := newTokenizer([]byte(smallest(map[string]string{
		"model": `{"unk_token": "?", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": ` + vocab.String() + `}`,
	})))
	if err != nil {
		t.Fatal(err)
	}
	if tok.size() != n {
		t.Errorf("size %d, want %d", tok.size(), n)
	}
}

func FuzzEncode(f *testing.F) {
	var toks []*tokenizer
	for _, base := range bases {
		toks = append(toks, openBase(f, base))
	}
	vectors := readVectors(f)
	for i := 0; i < len(vectors); i += 10 {
		f.Add(vectors[i].Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		runes := len([]rune(text))
		for i, tok := range toks {
			last := token{}
			for _, tok := range tok.encode(text) {
				if tok.start > tok.end || tok.end > runes || tok.start < last.start || tok.end < last.end {
					t.Errorf("%s: %v after %v in %q of %d runes", bases[i], tok, last, text, runes)
				}
				if int(tok.id) >= toks[i].size() || tok.id < 0 {
					t.Errorf("%s: id %d of %d", bases[i], tok.id, toks[i].size())
				}
				last = tok
			}
		}
	})
}

func FuzzNewTokenizer(f *testing.F) {
	f.Add(smallest(nil), "a b")
	f.Add(smallest(map[string]string{"model": `{"type": "BPE", "unk_token": "?", "vocab": {"?": 0, "a": 1, "aa": 2}, "merges": [["a", "a"]]}`}), "aaa")
	f.Add(smallest(map[string]string{"model": `{"type": "Unigram", "unk_id": 0, "vocab": [["?", 0], ["a", -1]]}`, "pre_tokenizer": `{"type": "Metaspace", "replacement": "_"}`}), "a b")
	f.Add(smallest(map[string]string{"normalizer": `{"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": "x"}]}`}), "a \u0301")
	f.Add(smallest(map[string]string{"post_processor": `{"type": "ByteLevel", "trim_offsets": true}`, "pre_tokenizer": `{"type": "ByteLevel"}`}), " a")
	f.Add(smallest(map[string]string{"added_tokens": `[{"id": 3, "content": "b", "lstrip": true, "normalized": true}]`}), "a b")
	f.Fuzz(func(t *testing.T, file, text string) {
		tok, err := newTokenizer([]byte(file))
		if err != nil {
			return
		}
		for _, piece := range tok.encode(text) {
			if piece.id < 0 || int(piece.id) >= tok.size() || piece.start < 0 || piece.end > len(text) {
				t.Errorf("%v of %d ids in %q", piece, tok.size(), text)
			}
		}
	})
}

func FuzzCharsmap(f *testing.F) {
	var file struct {
		Normalizer struct {
			Normalizers []struct {
				PrecompiledCharsmap []byte `json:"precompiled_charsmap"`
			}
		}
	}
	if err := json.Unmarshal(readGzip(f, "unigram.json"), &file); err != nil {
		f.Fatal(err)
	}
	blob := file.Normalizer.Normalizers[1].PrecompiledCharsmap
	if len(blob) == 0 {
		f.Fatal("no charsmap in unigram.json")
	}
	f.Add(blob, "ﬁ e\u0301")
	f.Fuzz(func(t *testing.T, blob []byte, text string) {
		m, err := newCharsmap(blob)
		if err != nil || text == "" {
			return
		}
		s := new(scratch)
		s.read(text)
		m.apply(nil, s.chars)
	})
}

func FuzzRegex(f *testing.F) {
	f.Add(`\s+|[^\s\p{L}]+|\p{N}{1,3}`+trailingSpaces, "a  b 12")
	f.Add(`(?i:'s|x)|[^\r\n]`, "A'S x")
	f.Fuzz(func(t *testing.T, expression, text string) {
		p, err := parseRegex(expression)
		if err != nil {
			return
		}
		s := new(scratch)
		s.read(text)
		end := 0
		for _, found := range p(nil, s.chars) {
			if found.start < end || found.end <= found.start || found.end > len(s.chars) {
				t.Errorf("%q finds %v in %q", expression, found, text)
			}
			end = found.end
		}
	})
}
