package stance

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// copyBundle copies a test bundle to a folder that may be spoilt.
func copyBundle(t *testing.T, name string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), name)
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("testdata", name))); err != nil {
		t.Fatal(err)
	}
	return folder
}

func readTestFile(t *testing.T, path ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func writeTestFile(t *testing.T, content string, path ...string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(path...), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// editFile replaces old by new, everywhere in a file of a bundle, and has stance.json vouch for the result.
func editFile(file, old, new string) func(*testing.T, string) {
	return func(t *testing.T, folder string) {
		t.Helper()
		content := readTestFile(t, folder, file)
		if !strings.Contains(content, old) {
			t.Fatalf("%s does not contain %q", file, old)
		}
		writeTestFile(t, strings.ReplaceAll(content, old, new), folder, file)
		vouch(t, folder)
	}
}

// editManifest sets fields of stance.json; nil takes one away.
func editManifest(fields map[string]any) func(*testing.T, string) {
	return func(t *testing.T, folder string) {
		t.Helper()
		var m map[string]any
		if err := json.Unmarshal([]byte(readTestFile(t, folder, manifestFile)), &m); err != nil {
			t.Fatal(err)
		}
		for name, value := range fields {
			if m[name] = value; value == nil {
				delete(m, name)
			}
		}
		data, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		writeTestFile(t, string(data), folder, manifestFile)
	}
}

// vouch writes the checksums of the files as they are into stance.json.
func vouch(t *testing.T, folder string) {
	t.Helper()
	files := make(map[string]any)
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != manifestFile {
			files[e.Name()] = sha256Hex([]byte(readTestFile(t, folder, e.Name())))
		}
	}
	editManifest(map[string]any{"files": files})(t, folder)
}

func TestReadBundleTellsWhatItReads(t *testing.T) {
	b, err := ReadBundle(t.Context(), "testdata/pair")
	if err != nil {
		t.Fatal(err)
	}
	if b.ID != "test-pair" || b.Layout != "pair" || b.Pair.Second != "Who is {actor}" || !strings.HasPrefix(b.Card, "# pair") {
		t.Errorf("got %+v", b.Manifest)
	}
	if want := sha256Hex([]byte(readTestFile(t, "testdata/pair", manifestFile))); b.SHA256 != want {
		t.Errorf("sha256 is %s, want %s", b.SHA256, want)
	}
}

func TestSpoiltBundlesAreRefusedWithTheReason(t *testing.T) {
	sum := strings.Repeat("0", 64)
	remove := func(file string) func(*testing.T, string) {
		return func(t *testing.T, folder string) {
			if err := os.RemoveAll(filepath.Join(folder, file)); err != nil {
				t.Fatal(err)
			}
		}
	}
	tests := []struct {
		name   string
		bundle string
		spoil  func(t *testing.T, folder string)
		want   string // in the message
	}{
		{"no folder", "spans", remove("."), "no such file"},
		{"no stance.json", "spans", remove(manifestFile), manifestFile},
		{"no model", "spans", remove(modelFile), modelFile},
		{"no card", "spans", remove(cardFile), cardFile},
		{"a folder in a file's place", "spans", func(t *testing.T, folder string) {
			remove(cardFile)(t, folder)
			if err := os.Mkdir(filepath.Join(folder, cardFile), 0o755); err != nil {
				t.Fatal(err)
			}
		}, "MODEL.md is not a file"},
		{"a flipped byte", "spans", func(t *testing.T, folder string) {
			data := []byte(readTestFile(t, folder, modelFile))
			data[len(data)/2] ^= 1
			writeTestFile(t, string(data), folder, modelFile)
		}, "model.onnx: its sha256 is"},
		{"a file that nobody vouches for", "spans", func(t *testing.T, folder string) {
			writeTestFile(t, "", folder, "weights.bin")
		}, "weights.bin is not listed"},
		{"a folder that nobody vouches for", "spans", func(t *testing.T, folder string) {
			if err := os.Mkdir(filepath.Join(folder, "more"), 0o755); err != nil {
				t.Fatal(err)
			}
		}, "more is not listed"},
		{"a link out of the folder", "spans", func(t *testing.T, folder string) {
			content := readTestFile(t, folder, cardFile)
			outside := filepath.Join(t.TempDir(), cardFile)
			writeTestFile(t, content, outside)
			remove(cardFile)(t, folder)
			if err := os.Symlink(outside, filepath.Join(folder, cardFile)); err != nil {
				t.Skip(err)
			}
		}, "escapes"},

		{"stance.json that is no JSON", "spans", func(t *testing.T, folder string) { writeTestFile(t, "{", folder, manifestFile) }, "stance.json"},
		{"something after the JSON", "spans", func(t *testing.T, folder string) {
			writeTestFile(t, readTestFile(t, folder, manifestFile)+"{}", folder, manifestFile)
		}, "follows"},
		{"an unknown field", "spans", editManifest(map[string]any{"colour": "red"}), "colour"},
		{"another format", "spans", editManifest(map[string]any{"format": 2}), "format is 2"},
		{"no id", "spans", editManifest(map[string]any{"id": ""}), "id is"},
		{"no layout", "spans", editManifest(map[string]any{"layout": nil}), "layout"},
		{"an unknown layout", "spans", editManifest(map[string]any{"layout": "triple"}), `"triple"`},
		{"the field of another layout", "spans", editManifest(map[string]any{"nli": map[string]any{}}), "layout spans needs"},
		{"a layout without its field", "spans", editManifest(map[string]any{"spans": nil}), "layout spans needs"},
		{"a short max_length", "spans", editManifest(map[string]any{"max_length": 15}), "max_length is 15"},
		{"a temperature of zero", "spans", editManifest(map[string]any{"temperature": 0}), "temperature is 0"},
		{"a threshold of one", "spans", editManifest(map[string]any{"threshold": 1}), "threshold is 1"},
		{"a tolerance that lets all pass", "spans", editManifest(map[string]any{"tolerance": 0.5}), "tolerance is 0.5"},
		{"a negative threshold", "spans", editManifest(map[string]any{"threshold": -0.1}), "threshold is -0.1"},
		{"no files", "spans", editManifest(map[string]any{"files": nil}), "does not list model.onnx"},
		{"files outside of the folder", "spans", editManifest(map[string]any{"files": map[string]string{
			modelFile: sum, tokenizerFile: sum, goldenFile: sum, cardFile: sum, "../spans/MODEL.md": sum}}), "directly"},
		{"the checksum of itself", "spans", editManifest(map[string]any{"files": map[string]string{
			modelFile: sum, tokenizerFile: sum, goldenFile: sum, cardFile: sum, manifestFile: sum}}), "directly"},
		{"a checksum that is none", "spans", editManifest(map[string]any{"files": map[string]string{
			modelFile: "sha256:" + sum, tokenizerFile: sum, goldenFile: sum, cardFile: sum}}), "no sha256"},

		{"labels that are no permutation", "spans", editManifest(map[string]any{"labels": []string{"pro", "anti", "pro"}}), "labels"},
		{"too few labels", "pair", editManifest(map[string]any{"labels": []string{"pro", "anti"}}), "axis 1"},
		{"no entailment", "nli", editManifest(map[string]any{"labels": []string{"a", "b", "c"}}), "entailment"},
		{"two entailments", "nli", editManifest(map[string]any{"labels": []string{"entailment", "b", "entailment"}}), "entailment"},
		{"an author token that is none", "spans", editManifest(map[string]any{"spans": map[string]any{"author_token": "[VOICE]"}}), "[VOICE]"},
		{"a marker that is no token", "pair", editManifest(map[string]any{"pair": map[string]any{"markers": []string{"<a>", "<b>"}}}), "<a>"},
		{"one marker", "pair", editManifest(map[string]any{"pair": map[string]any{"markers": []string{"[E]"}}}), "two tokens"},
		{"a pair that does not show the actor", "pair", editManifest(map[string]any{"pair": map[string]any{"second": "troops"}}), "{actor}"},
		{"a hypothesis without the actor", "nli", editManifest(map[string]any{"nli": map[string]any{
			"hypotheses": map[string]string{"pro": "yes", "anti": "{actor} no", "neutral": "{actor}"}}}), `"yes"`},
		{"a missing hypothesis", "nli", editManifest(map[string]any{"nli": map[string]any{
			"hypotheses": map[string]string{"pro": "{actor}", "anti": "{actor}"}}}), "hypotheses"},

		{"an input of another name", "spans", editFile(modelFile, "input_ids", "inpet_ids"), `no input "input_ids"`},
		{"an input that is not given", "pair", editManifest(map[string]any{
			"inputs": map[string]string{"ids": "input_ids", "mask": "attention_mask"}}), "3 inputs"},
		{"an output of another name", "spans", editManifest(map[string]any{"output": "scores"}), `no output "scores"`},
		{"a model that is no protocol buffer", "spans", func(t *testing.T, folder string) {
			writeTestFile(t, "\xff\xff\xff", folder, modelFile)
			vouch(t, folder)
		}, "no ONNX"},
		{"a tokenizer that is none", "spans", func(t *testing.T, folder string) {
			writeTestFile(t, "{}", folder, tokenizerFile)
			vouch(t, folder)
		}, tokenizerFile},
		{"no golden text", "spans", func(t *testing.T, folder string) {
			writeTestFile(t, "\n", folder, goldenFile)
			vouch(t, folder)
		}, "golden"},
		{"a golden text with an unknown field", "spans", editFile(goldenFile, `"ids"`, `"idz"`), `golden.jsonl: line 1: json: unknown field "idz"`},
		{"a golden text without its answer", "spans", editFile(goldenFile, `"probabilities": [[`, `"probabilities": [[0,0,0], [`), "line 1: 3 subjects and 4"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			folder := copyBundle(t, test.bundle)
			test.spoil(t, folder)
			_, err := ReadBundle(t.Context(), folder)
			if !errors.Is(err, ErrBundle) || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), folder) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestHiddenFilesInABundleAreLetBe(t *testing.T) {
	folder := copyBundle(t, "spans")
	writeTestFile(t, "", folder, ".DS_Store")
	if _, err := ReadBundle(t.Context(), folder); err != nil {
		t.Error(err)
	}
}

func TestModelsThatDoNotFitTheirBundleAreRefusedWhenTheyRun(t *testing.T) {
	tests := []struct {
		name   string
		bundle string
		spoil  func(t *testing.T, folder string)
		want   string
	}{
		{"an operation that does not exist", "spans", editFile(modelFile, "MatMul", "MutMal"), "load model.onnx"},
		{"a tokenizer with more ids than the model", "spans", editFile(tokenizerFile, `".": 47`, `".": 47, "more": 48`), "cannot read 24 ids up to 48"},
		{"a tokenizer with other ids", "spans", editFile(tokenizerFile, `"paris": 21`, `"paris": 22`), "golden.jsonl: text 1: ids are"},
		{"another temperature", "spans", editManifest(map[string]any{"temperature": 2.2}), "probabilities of france"},
		{"another temperature, for whatever tolerance", "spans", editManifest(map[string]any{"temperature": 4, "tolerance": 0.05}), "probabilities of"},
		{"another order of the labels", "pair", editManifest(map[string]any{"labels": []string{"anti", "pro", "neutral"}}), "probabilities of"},
		{"another entailment", "nli", editManifest(map[string]any{"labels": []string{"entailment", "b", "c"}}), "probabilities of"},
		{"another hypothesis", "nli", editManifest(map[string]any{"nli": map[string]any{
			"hypotheses": map[string]string{"pro": "{actor}", "anti": "{actor} no", "neutral": "{actor}"}}}), "ids are"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			folder := copyBundle(t, test.bundle)
			test.spoil(t, folder)
			_, err := Open(t.Context(), Config{Bundle: folder, Runtime: library(t)})
			if !errors.Is(err, ErrBundle) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestABundleMayAllowForRounding(t *testing.T) {
	for tolerance, fits := range map[float64]bool{0: false, 0.004: false, 0.02: true} {
		folder := copyBundle(t, "spans")
		editFile(goldenFile, "0.304153", "0.314153")(t, folder)
		editManifest(map[string]any{"tolerance": tolerance})(t, folder)
		m, err := Open(t.Context(), Config{Bundle: folder, Runtime: library(t)})
		if (err == nil) != fits {
			t.Errorf("tolerance %v: got %v", tolerance, err)
		}
		if err == nil {
			m.Close()
		}
	}
}

func TestEveryFlippedByteOfABundleIsFound(t *testing.T) {
	for _, file := range []string{modelFile, tokenizerFile, goldenFile, cardFile, manifestFile} {
		folder := copyBundle(t, "spans")
		content := readTestFile(t, folder, file)
		want, err := ReadBundle(t.Context(), folder)
		if err != nil {
			t.Fatal(err)
		}
		for at := 0; at < len(content); at += 1 + len(content)/100 {
			data := []byte(content)
			data[at] ^= 1 << (at % 8)
			writeTestFile(t, string(data), folder, file)
			// A flip in stance.json may leave it valid; then it is another model.
			if b, err := ReadBundle(t.Context(), folder); err == nil && b.SHA256 == want.SHA256 {
				t.Errorf("byte %d of %s is not missed", at, file)
			}
		}
	}
}
