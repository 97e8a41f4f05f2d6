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

	"github.com/google/go-cmp/cmp"
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
			wrong := 0
			for i, v := range vectors {
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

var _ = fmt.Sprint
