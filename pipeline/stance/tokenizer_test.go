package stance

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"
)

// The files in testdata/tokenizer were made by the reference implementation; make.mjs beside them says how.
const (
	minVectorTexts = 2000
	minVariants    = 50
)

var bases = []string{"wordpiece", "bytebpe", "unigram"}

func readGzip(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "tokenizer", name+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func openBase(t testing.TB, name string) *tokenizer {
	t.Helper()
	tok, err := newTokenizer(readGzip(t, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// encoded is what the reference made of a text: ids, and of each token the start, counted from the end before it, and the
// length.
type encoded struct{ IDs, Steps []int }

func flatten(tokens []token) encoded {
	e := encoded{IDs: []int{}, Steps: []int{}}
	at := 0
	for _, tok := range tokens {
		e.IDs = append(e.IDs, int(tok.id))
		e.Steps = append(e.Steps, tok.start-at, tok.end-tok.start)
		at = tok.end
	}
	return e
}

type vector struct {
	Text string
	want map[string]encoded
}

func readVectors(t testing.TB) []vector {
	t.Helper()
	var vectors []vector
	lines := bufio.NewScanner(bytes.NewReader(readGzip(t, "vectors.jsonl")))
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		v := vector{want: map[string]encoded{}}
		var raw map[string]json.RawMessage
		if err := json.Unmarshal(lines.Bytes(), &raw); err != nil {
			t.Fatal(err)
		}
		json.Unmarshal(raw["text"], &v.Text)
		for _, base := range bases {
			var e encoded
			if err := json.Unmarshal(raw[base], &[]any{&e.IDs, &e.Steps}); err != nil {
				t.Fatal(err)
			}
			v.want[base] = e
		}
		vectors = append(vectors, v)
	}
	if len(vectors) < minVectorTexts {
		t.Fatalf("only %d texts in vectors.jsonl.gz", len(vectors))
	}
	return vectors
}

func TestIDsAndOffsetsAreThoseOfTheReference(t *testing.T) {
	vectors := readVectors(t)
	for _, base := range bases {
		t.Run(base, func(t *testing.T) {
			tok := openBase(t, base)
			wrong := 0
			for _, v := range vectors {
				if diff := cmp.Diff(v.want[base], flatten(tok.encode(v.Text))); diff != "" {
					if wrong++; wrong <= 5 {
						t.Errorf("encode(%+q): %s", v.Text, diff)
					}
				}
			}
			t.Logf("%d texts, %d wrong", len(vectors), wrong)
		})
	}
}

func TestVariantsOfEveryPartAreEncodedAsByTheReference(t *testing.T) {
	vectors := readVectors(t)
	files := map[string]map[string]json.RawMessage{}
	for _, base := range bases {
		var file map[string]json.RawMessage
		if err := json.Unmarshal(readGzip(t, base+".json"), &file); err != nil {
			t.Fatal(err)
		}
		files[base] = file
	}
	variants := bytes.Split(bytes.TrimSpace(readGzip(t, "variants.jsonl")), []byte("\n"))
	if len(variants) < minVariants {
		t.Fatalf("only %d variants", len(variants))
	}
	for _, line := range variants {
		var variant struct {
			Name, Base string
			Set        map[string]json.RawMessage
			Frames     [2]struct{ IDs, Types []int } // of one text, and of two
			Hashes     []byte
		}
		if err := json.Unmarshal(line, &variant); err != nil {
			t.Fatal(err)
		}
		t.Run(variant.Name, func(t *testing.T) {
			file := map[string]json.RawMessage{}
			for key, part := range files[variant.Base] {
				file[key] = part
			}
			for key, part := range variant.Set {
				file[key] = part
			}
			raw, err := json.Marshal(file)
			if err != nil {
				t.Fatal(err)
			}
			tok, err := newTokenizer(raw)
			if err != nil {
				t.Fatal(err)
			}
			each := len(variant.Hashes) / len(vectors)
			if each == 0 || len(variant.Hashes)%len(vectors) != 0 {
				t.Fatalf("%d bytes of hashes for %d texts", len(variant.Hashes), len(vectors))
			}
			wrong, step := 0, 1
			if testing.Short() {
				step = 5
			}
			for i := 0; i < len(vectors); i += step {
				v := vectors[i]
				got := flatten(tok.encode(v.Text))
				sum := sha256.Sum256([]byte(joined(got.IDs) + "|" + joined(got.Steps)))
				if !bytes.Equal(sum[:each], variant.Hashes[each*i:each*(i+1)]) {
					if wrong++; wrong <= 3 {
						t.Errorf("encode(%+q) = %v: not what the reference says", v.Text, got)
					}
				}
			}
			if wrong > 0 {
				t.Errorf("%d of %d texts are wrong", wrong, len(vectors))
			}
			for i, frame := range [][]slot{tok.special().single, tok.special().pair} {
				ids, types := framed(tok, frame, "troops", "border patrol")
				if diff := cmp.Diff(variant.Frames[i].IDs, ids) + cmp.Diff(variant.Frames[i].Types, types); diff != "" {
					t.Errorf("frame around %d texts: %s", i+1, diff)
				}
			}
		})
	}
}

func joined(numbers []int) string {
	var b strings.Builder
	for i, n := range numbers {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}

// framed puts texts into a frame.
func framed(tok *tokenizer, frame []slot, texts ...string) (ids, types []int) {
	for _, s := range frame {
		tokens := []token{{id: s.id}}
		if s.text > 0 {
			tokens = tok.encode(texts[s.text-1])
		}
		for _, tok := range tokens {
			ids = append(ids, int(tok.id))
			types = append(types, int(s.typeID))
		}
	}
	return ids, types
}

func TestSpecialTokensAreFound(t *testing.T) {
	for base, want := range map[string][5]int32{ // cls, sep, pad, unk, mask
		"wordpiece": {2, 3, 0, 1, 4},
		"bytebpe":   {0, 2, 1, -1, int32(openBase(t, "bytebpe").size() - 1)},
		"unigram":   {1, 2, 0, 3, int32(openBase(t, "unigram").size() - 1)},
	} {
		s := openBase(t, base).special()
		if got := [5]int32{s.cls, s.sep, s.pad, s.unk, s.mask}; got != want {
			t.Errorf("%s: %v, want %v", base, got, want)
		}
	}
	tok := openBase(t, "wordpiece")
	if id, ok := tok.id("[AUTHOR]"); !ok || id != 5 {
		t.Errorf("[AUTHOR] is %d, %v", id, ok)
	}
	if id, ok := tok.id("[NOBODY]"); ok {
		t.Errorf("[NOBODY] is %d", id)
	}
}

func TestAddedTokenThatIsASingleWordIsNotFoundInsideOne(t *testing.T) {
	tok, err := newTokenizer([]byte(smallest(map[string]string{"added_tokens": `[{"id": 1, "content": "a", "single_word": true}]`})))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]token{
		"a":   {{1, 0, 1}},
		"ba":  {{0, 0, 2}},
		"ab":  {{0, 0, 2}},
		"-a-": {{0, 0, 1}, {1, 1, 2}, {0, 2, 3}},
	} {
		if diff := cmp.Diff(want, tok.encode(text), cmp.AllowUnexported(token{})); diff != "" {
			t.Errorf("encode(%q): %s", text, diff)
		}
	}
}

func TestBytesThatAreNotUTF8AreReplacementCharacters(t *testing.T) {
	for _, base := range bases {
		tok := openBase(t, base)
		for i, v := range readVectors(t) {
			at := len(v.Text) * (i % 7) / 7
			text := v.Text[:at] + []string{"\xff", "\xc3", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\x80b"}[i%5] + v.Text[at:]
			if diff := cmp.Diff(tok.encode(string([]rune(text))), tok.encode(text), cmp.AllowUnexported(token{})); diff != "" {
				t.Fatalf("%s: encode(%+q): %s", base, text, diff)
			}
		}
	}
}

func TestTokenizerIsSafeForConcurrentUse(t *testing.T) {
	vectors := readVectors(t)[:500]
	for _, base := range bases {
		tok := openBase(t, base)
		tok.words = newWordCache(64 << 10) // so small that it turns over all the time
		var group errgroup.Group
		for worker := range 8 {
			group.Go(func() error {
				for i := range vectors {
					v := vectors[(i+worker*61)%len(vectors)]
					if diff := cmp.Diff(v.want[base], flatten(tok.encode(v.Text))); diff != "" {
						return fmt.Errorf("%s: encode(%+q): %s", base, v.Text, diff)
					}
				}
				return nil
			})
		}
		if err := group.Wait(); err != nil {
			t.Error(err)
		}
	}
}

func TestHugeTextsTakeTimeInProportion(t *testing.T) {
	const size = 1 << 18 // a step that takes the square of it would take minutes
	for _, base := range bases {
		tok := openBase(t, base)
		for name, text := range map[string]string{
			"one letter":     strings.Repeat("a", size),
			"one word":       strings.Repeat("troops", size/6),
			"marks":          "a" + strings.Repeat("\u0301\u0327", size/4),
			"spaces":         strings.Repeat(" \u00a0", size/3) + "x",
			"short words":    strings.Repeat("no man ", size/7),
			"special tokens": strings.Repeat("[SEP]<mask>", size/11),
		} {
			if tokens := tok.encode(text); len(tokens) == 0 || tokens[len(tokens)-1].end > utf8.RuneCountInString(text) {
				t.Errorf("%s: %d tokens for %s", base, len(tokens), name)
			}
		}
	}
}
