package stance

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"stance/pipeline/news"
)

// The files of a bundle. All but stance.json itself have to be listed in it.
const (
	manifestFile  = "stance.json"
	modelFile     = "model.onnx"
	tokenizerFile = "tokenizer.json"
	goldenFile    = "golden.jsonl"
	cardFile      = "MODEL.md"
)

// manifestFormat is the version of stance.json that this package reads.
const manifestFormat = 1

// minLength leaves room for the special tokens, a second text and a few words.
const minLength = 16

// maxFileBytes bounds what is read into memory of one file. A model can be no larger: an ONNX file is a protocol buffer
// message, which ends at 2 GiB.
const maxFileBytes = 2 << 30

// Manifest is stance.json: everything that has to be known of a model to use it. Unknown fields are refused.
type Manifest struct {
	Format int    `json:"format"` // 1
	ID     string `json:"id"`
	Layout string `json:"layout"` // spans, pair or nli

	// Labels names the model's outputs in their order: news.Labels, in any order, for spans and pair; for nli whatever
	// the model calls them, one of them "entailment".
	Labels []string `json:"labels"`
	// Inputs are the model's names for what it reads, all int64: ids, mask (1 everywhere, since nothing is padded) and
	// types (segments) are [batch, length], actors is [batch, actors, length]. Those left empty are not given to it.
	Inputs struct {
		IDs    string `json:"ids"`
		Mask   string `json:"mask,omitempty"`
		Types  string `json:"types,omitempty"`
		Actors string `json:"actors,omitempty"`
	} `json:"inputs"`
	// Output is the model's name for its logits, float32: [batch, actors, 3] for spans, [batch, outputs] otherwise.
	Output string `json:"output"`

	MaxLength   int     `json:"max_length"`  // ids in a sequence, special tokens included
	Temperature float64 `json:"temperature"` // by which logits are divided before the softmax
	Threshold   float64 `json:"threshold"`   // margin under which a stance counts as undecided; 0 for never

	// Tolerance is how far probabilities may be from those of golden.jsonl, at most 0.05; 0 for 0.001. A graph that computes in
	// integers needs more than one in fp32.
	Tolerance float64 `json:"tolerance,omitempty"`

	Spans *SpansManifest `json:"spans,omitempty"` // exactly the one that Layout names
	Pair  *PairManifest  `json:"pair,omitempty"`
	NLI   *NLIManifest   `json:"nli,omitempty"`

	Files map[string]string `json:"files"` // name → hex sha256 of every other file in the folder
}

// SpansManifest is what the layout spans needs besides.
type SpansManifest struct {
	AuthorToken string `json:"author_token"` // stands for the article's voice, directly after [CLS]
}

// PairManifest is what the layout pair needs besides. The actor has to show in at least one of the two.
type PairManifest struct {
	Second  string   `json:"second,omitempty"`  // text after the paragraph, {actor} for the name; none where empty
	Markers []string `json:"markers,omitempty"` // tokens to put before and after each mention
}

// NLIManifest is what the layout nli needs besides.
type NLIManifest struct {
	Hypotheses map[news.Label]string `json:"hypotheses"` // one per label, {actor} for the name
}

// Bundle is a model folder whose files are all there, are those that stance.json names, and fit each other as far as can
// be told without running the model.
type Bundle struct {
	Manifest
	Folder string
	SHA256 string // of stance.json, in hex
	Card   string // MODEL.md

	model  []byte
	tok    *tokenizer
	layout layout
	golden []golden
}

// ReadBundle reads and checks a bundle. It needs no ONNX Runtime. Its errors wrap ErrBundle, or are ctx's.
func ReadBundle(ctx context.Context, folder string) (*Bundle, error) {
	b := &Bundle{Folder: folder}
	if err := b.read(ctx); err != nil {
		return nil, b.refuse(err)
	}
	return b, nil
}

// refuse says which bundle cannot be used, unless err only says that there was no time to find out.
func (b *Bundle) refuse(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("open bundle %q: %w", b.Folder, err)
	}
	return fmt.Errorf("open bundle %q: %w: %w", b.Folder, ErrBundle, err)
}

func (b *Bundle) read(ctx context.Context) error {
	root, err := os.OpenRoot(b.Folder) // which no name and no symbolic link in it can lead out of
	if err != nil {
		return fmt.Errorf("%w: name a folder with a %s in it", err, manifestFile)
	}
	defer root.Close()

	data, err := readFile(root, manifestFile)
	if err != nil {
		return err
	}
	b.SHA256 = sha256Hex(data)
	if err := decodeStrictly(data, &b.Manifest); err != nil {
		return fmt.Errorf("%s: %w", manifestFile, err)
	}
	if err := b.Manifest.validate(); err != nil {
		return fmt.Errorf("%s: %w", manifestFile, err)
	}
	if err := b.onlyListed(root); err != nil {
		return err
	}
	files := make(map[string][]byte, len(b.Files))
	for _, name := range slices.Sorted(maps.Keys(b.Files)) {
		if err := ctx.Err(); err != nil {
			return err
		}
		data, err := readFile(root, name)
		if err != nil {
			return err
		}
		if got, want := sha256Hex(data), b.Files[name]; got != want {
			return fmt.Errorf("%s: its sha256 is %s, but %s says %s: restore the file", name, got, manifestFile, want)
		}
		files[name] = data
	}

	b.Card, b.model = string(files[cardFile]), files[modelFile]
	if err := checkGraph(b.model, b.Manifest); err != nil {
		return fmt.Errorf("%s: %w", modelFile, err)
	}
	if b.tok, err = newTokenizer(files[tokenizerFile]); err != nil {
		return fmt.Errorf("%s: %w", tokenizerFile, err)
	}
	if b.layout, err = newLayout(b.Manifest, b.tok); err != nil {
		return err
	}
	if b.golden, err = readGolden(files[goldenFile]); err != nil {
		return fmt.Errorf("%s: %w", goldenFile, err)
	}
	return nil
}

// validate checks what can be checked of a manifest alone.
func (m Manifest) validate() error {
	switch {
	case m.Format != manifestFormat:
		return fmt.Errorf("format is %d, this version of stance reads %d", m.Format, manifestFormat)
	case m.ID == "" || strings.TrimSpace(m.ID) != m.ID:
		return fmt.Errorf("id is %q: give the model a name", m.ID)
	case !slices.Contains([]string{spansLayout, pairLayout, nliLayout}, m.Layout):
		return fmt.Errorf("layout %q is not one of %s, %s, %s", m.Layout, spansLayout, pairLayout, nliLayout)
	case (m.Spans != nil) != (m.Layout == spansLayout), (m.Pair != nil) != (m.Layout == pairLayout), (m.NLI != nil) != (m.Layout == nliLayout):
		return fmt.Errorf("layout %s needs the field %s, and none of the other layouts'", m.Layout, m.Layout)
	case m.MaxLength < minLength:
		return fmt.Errorf("max_length is %d: it must be at least %d", m.MaxLength, minLength)
	case !(m.Temperature > 0) || math.IsInf(m.Temperature, 0):
		return fmt.Errorf("temperature is %v: it must be above 0; 1 leaves the logits as they are", m.Temperature)
	case !(m.Threshold >= 0 && m.Threshold < 1):
		return fmt.Errorf("threshold is %v: it must be from 0, for never undecided, to under 1", m.Threshold)
	case !(m.Tolerance >= 0 && m.Tolerance <= mostTolerance):
		return fmt.Errorf("tolerance is %v: it must be from 0, for %v, to %v, or another model would pass", m.Tolerance, goldenTolerance, mostTolerance)
	}
	for _, name := range []string{modelFile, tokenizerFile, goldenFile, cardFile} {
		if _, ok := m.Files[name]; !ok {
			return fmt.Errorf("files does not list %s", name)
		}
	}
	for name, sum := range m.Files {
		if name != filepath.Base(name) || !filepath.IsLocal(name) || name == manifestFile || strings.ContainsAny(name, `/\`) {
			return fmt.Errorf("files lists %q: every file has to lie directly in the bundle's folder", name)
		}
		if raw, err := hex.DecodeString(sum); err != nil || len(raw) != sha256.Size || strings.ToLower(sum) != sum {
			return fmt.Errorf("files: %q of %s is no sha256 in lower-case hex", sum, name)
		}
	}
	return nil
}

// onlyListed refuses a file that nobody vouches for. Hidden files, which desktops and git leave behind, are let be: they
// are never read.
func (b *Bundle) onlyListed(root *os.Root) error {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := e.Name()
		if _, ok := b.Files[name]; !ok && name != manifestFile && !strings.HasPrefix(name, ".") {
			return fmt.Errorf("%s is not listed in %s: list it there or take it away", name, manifestFile)
		}
	}
	return nil
}

// readFile reads a regular file of the bundle.
func readFile(root *os.Root, name string) ([]byte, error) {
	info, err := root.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("%w: restore the file", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxFileBytes {
		return nil, fmt.Errorf("%s is not a file of at most %d bytes", name, maxFileBytes)
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data := make([]byte, info.Size()) // not io.ReadAll, which would hold a large model twice
	if _, err := io.ReadFull(f, data); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}

func sha256Hex(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// decodeStrictly decodes the one JSON value that data is, and refuses fields that it does not know.
func decodeStrictly(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows the JSON value")
	}
	return nil
}
