package stance

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stance/pipeline/news"
)

// copyExport copies one of the exports that testdata/make_exports.py wrote to a folder that may be spoilt.
func copyExport(t *testing.T, kind string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), kind)
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("testdata/exports", kind))); err != nil {
		t.Fatal(err)
	}
	return folder
}

// asNLI gives an export the names of an entailment model's outputs.
func asNLI(t *testing.T, folder string) {
	t.Helper()
	writeTestFile(t, readTestFile(t, "testdata/exports", filepath.Base(folder)+"-nli.json"), folder, configFile)
}

func importExport(t *testing.T, c ImportConfig) (*Imported, *Model) {
	t.Helper()
	c.To, c.Runtime = filepath.Join(t.TempDir(), "bundle"), library(t)
	im, err := Import(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	m := open(t, c.To)
	if m.SHA256() != im.SHA256 || len(im.Probes) != 3 {
		t.Errorf("sha256 is %s, and %+v was said", m.SHA256(), im)
	}
	return im, m
}

// torchAnswer is what PyTorch said to a text and a second one.
type torchAnswer struct {
	Text, Second string
	IDs          []int64
	Logits       []float64
}

func torchAnswers(t *testing.T, kind string) (all []torchAnswer) {
	t.Helper()
	for line := range strings.Lines(readTestFile(t, "testdata/exports", kind+"-answers.jsonl")) {
		var a torchAnswer
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
	if len(all) != 2 {
		t.Fatalf("%d answers of %s", len(all), kind)
	}
	return all
}

var kinds = []struct {
	name      string
	maxLength int
}{
	{"bert", 32},    // its positions
	{"roberta", 80}, // its positions without the two in front of the first
	{"deberta", 48}, // its tokenizer's limit
}

func TestImportedPairsAnswerAsInPyTorch(t *testing.T) {
	for _, kind := range kinds {
		for _, a := range torchAnswers(t, kind.name) {
			im, m := importExport(t, ImportConfig{From: "testdata/exports/" + kind.name, Second: strings.Replace(a.Second, "france", actorField, 1)})
			if im.MaxLength != kind.maxLength || im.ID != "example/"+kind.name || im.Layout != pairLayout {
				t.Errorf("%s: got %+v", kind.name, im)
			}
			s := subject("france", a.Text)
			if ids := m.layout.windows(m.tok.encode(a.Text), []news.Subject{s})[0].ids; !slices.Equal(ids, a.IDs) {
				t.Errorf("%s, %q: ids are %v, want %v", kind.name, a.Second, ids, a.IDs)
			}
			// The exports call their outputs AGAINST, NONE, FAVOR.
			expectClose(t, m, label(t, m, a.Text, s)[0], [3]float64{a.Logits[2], a.Logits[0], a.Logits[1]})
		}
	}
}

func TestImportedEntailmentModelsAnswerAsInPyTorch(t *testing.T) {
	for _, kind := range kinds {
		answers := torchAnswers(t, kind.name)
		folder := copyExport(t, kind.name)
		asNLI(t, folder)
		hypothesis := func(i int) string { return strings.Replace(answers[i].Second, "france", actorField, 1) }
		im, m := importExport(t, ImportConfig{From: folder, Hypotheses: map[news.Label]string{news.Pro: hypothesis(0), news.Anti: hypothesis(1), news.Neutral: hypothesis(0)}})
		if im.Layout != nliLayout || !slices.Equal(im.Labels, []string{"contradiction", "entailment", "neutral"}) {
			t.Errorf("%s: got %+v", kind.name, im)
		}
		yes := [2]float64{answers[0].Logits[1], answers[1].Logits[1]}
		expectClose(t, m, label(t, m, answers[0].Text, subject("france", answers[0].Text))[0], [3]float64{yes[0], yes[1], yes[0]})
	}
}

func expectClose(t *testing.T, m *Model, got news.Stance, logits [3]float64) {
	t.Helper()
	for k, want := range (oracle{m}).probabilities(logits) {
		if math.Abs(float64(got.P[k])-want) > 1e-4 {
			t.Errorf("%s: probabilities %v, want those of the logits %v", m.ID(), got.P, logits)
			break
		}
	}
}

func TestTheSameImportIsTheSameBundle(t *testing.T) {
	a, _ := importExport(t, ImportConfig{From: "testdata/exports/bert"})
	b, _ := importExport(t, ImportConfig{From: "testdata/exports/bert"})
	if a.SHA256 != b.SHA256 {
		t.Errorf("sha256 is %s, then %s", a.SHA256, b.SHA256)
	}
}

// A temperature under which probabilities all but vanish, and back.
func TestImportedBundlesCanBeRecalibrated(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "bundle")
	if _, err := Import(t.Context(), ImportConfig{From: "testdata/exports/bert", To: folder + "/", Runtime: library(t)}); err != nil {
		t.Fatal(err)
	}
	for _, temperature := range []float64{0.1, 3} {
		if err := Recalibrate(t.Context(), folder, temperature, 0.5); err != nil {
			t.Fatal(err)
		}
		if got := open(t, folder).Manifest().Temperature; got != temperature {
			t.Errorf("temperature %v, want %v", got, temperature)
		}
	}
}

func TestExportsThatCannotBeImportedAreRefusedWithTheReason(t *testing.T) {
	remove := func(file string) func(*testing.T, string) {
		return func(t *testing.T, folder string) {
			if err := os.RemoveAll(filepath.Join(folder, file)); err != nil {
				t.Fatal(err)
			}
		}
	}
	edit := func(file, old, new string) func(*testing.T, string) {
		return func(t *testing.T, folder string) {
			content := readTestFile(t, folder, file)
			if !strings.Contains(content, old) {
				t.Fatalf("%s does not contain %q", file, old)
			}
			writeTestFile(t, strings.ReplaceAll(content, old, new), folder, file)
		}
	}
	model := func(file string) func(*testing.T, string) {
		return func(t *testing.T, folder string) {
			writeTestFile(t, readTestFile(t, "testdata/exports", file), folder, modelFile)
		}
	}
	as := func(_ *testing.T, _ string) {}
	tests := []struct {
		name   string
		spoil  func(t *testing.T, folder string)
		asked  ImportConfig
		reason error
		want   string
	}{
		{"no folder", remove("."), ImportConfig{}, ErrBundle, "it has no config.json: name the folder"},
		{"no tokenizer.json", remove(tokenizerFile), ImportConfig{}, ErrBundle, "it has no tokenizer.json: save the model's fast tokenizer"},
		{"no model", remove(modelFile), ImportConfig{}, ErrBundle, "it has no model.onnx or onnx/model.onnx: export"},
		{"a pointer of Git LFS", func(t *testing.T, folder string) {
			writeTestFile(t, "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", folder, modelFile)
		}, ImportConfig{}, ErrBundle, "git lfs pull"},
		{"a config that is no JSON", edit(configFile, "{", ""), ImportConfig{}, ErrBundle, "config.json"},
		{"a tokenizer_config that is no JSON", edit(tokenizerConfigFile, "{", ""), ImportConfig{}, ErrBundle, "tokenizer_config.json"},
		{"a tokenizer of an unknown kind", edit(tokenizerFile, `"WordPiece"`, `"Letters"`), ImportConfig{}, ErrBundle, `model "Letters" is not supported`},
		{"a tokenizer that is overruled", edit(tokenizerConfigFile, `"do_lower_case":true`, `"do_lower_case":false`), ImportConfig{}, ErrBundle,
			"do_lower_case is false in tokenizer_config.json, but not in tokenizer.json"},
		{"weights in another file", model("external.onnx"), ImportConfig{}, ErrBundle, `tensor "weights" is in another file: export the model as one file`},
		{"a model that is none", func(t *testing.T, folder string) { writeTestFile(t, "\xff\xff", folder, modelFile) }, ImportConfig{}, ErrBundle, "no ONNX file"},
		{"an input that nobody knows", edit(modelFile, "token_type_ids", "token_some_ids"), ImportConfig{}, ErrBundle, `wants the input "token_some_ids"`},
		{"names of another model's outputs", model("two.onnx"), ImportConfig{}, ErrBundle, "has 2 outputs, but id2label in config.json names 3"},
		{"a gap in the names", edit(configFile, `"2":`, `"3":`), ImportConfig{}, ErrBundle, "not the one at 2"},
		{"a head of two outputs", func(t *testing.T, folder string) {
			model("two.onnx")(t, folder)
			edit(configFile, `"0":"AGAINST","1":"NONE","2":"FAVOR"`, `"0":"NEGATIVE","1":"POSITIVE"`)(t, folder)
		}, ImportConfig{}, ErrBundle, "its head has 2 outputs (NEGATIVE, POSITIVE)"},

		{"names that say nothing", edit(configFile, "FAVOR", "X"), ImportConfig{}, ErrAsked,
			"AGAINST, NONE, X, and it is not clear which one means pro: say it, as in pro=AGAINST,anti=NONE,neutral=X"},
		{"two names for one label", edit(configFile, "NONE", "SUPPORT"), ImportConfig{}, ErrAsked, "not clear which one means pro"},
		{"a label that no output has", as, ImportConfig{Labels: map[string]string{"pro": "LABEL_2"}}, ErrAsked, "not clear which one means pro"},
		{"two labels for one output", as, ImportConfig{Labels: map[string]string{"pro": "FAVOR", "anti": "FAVOR"}}, ErrAsked, "not clear which one means anti"},
		{"no such label", as, ImportConfig{Labels: map[string]string{"for": "FAVOR"}}, ErrAsked, `what "for" is called`},
		{"no entailment", as, ImportConfig{Layout: nliLayout}, ErrAsked, "which one means entailment: say it, as in entailment=AGAINST"},
		{"the layout spans", as, ImportConfig{Layout: spansLayout}, ErrAsked, `layout "spans"`},
		{"hypotheses for a pair", as, ImportConfig{Hypotheses: map[news.Label]string{"pro": actorField}}, ErrAsked, "pair has no hypotheses"},
		{"markers for an entailment model", asNLI, ImportConfig{Markers: []string{"[E]", "[/E]"}}, ErrAsked, "nli has no second text"},
		{"a hypothesis for nothing", asNLI, ImportConfig{Hypotheses: map[news.Label]string{"maybe": actorField}}, ErrAsked, `"maybe"`},
		{"a hypothesis without the actor", asNLI, ImportConfig{Hypotheses: map[news.Label]string{"pro": "yes"}}, ErrAsked, `"yes"`},
		{"a second text without the actor", as, ImportConfig{Second: "who?"}, ErrAsked, `"who?"`},
		{"markers that are no tokens", as, ImportConfig{Markers: []string{"<a>", "</a>"}}, ErrAsked, `"<a>"`},
		{"a short length", as, ImportConfig{MaxLength: 8}, ErrAsked, "max_length 8"},
		{"a folder that is there", as, ImportConfig{To: t.TempDir()}, ErrAsked, "is there already: name a new folder"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := test.asked
			c.From = copyExport(t, "bert")
			if c.To == "" {
				c.To = filepath.Join(t.TempDir(), "bundle")
			}
			test.spoil(t, c.From)
			_, err := Import(t.Context(), c)
			if !errors.Is(err, test.reason) || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), c.From) {
				t.Errorf("got %v", err)
			}
			if left, _ := os.ReadDir(filepath.Dir(c.To)); c.To != test.asked.To && len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestAnExportThatCannotReadItsOwnLengthIsRefused(t *testing.T) {
	folder := copyExport(t, "roberta")
	writeTestFile(t, strings.Replace(readTestFile(t, folder, configFile), `"model_type":"roberta"`, `"model_type":"bert"`, 1), folder, configFile)
	_, err := Import(t.Context(), ImportConfig{From: folder, To: filepath.Join(t.TempDir(), "bundle"), Runtime: library(t)})
	if !errors.Is(err, ErrBundle) || !strings.Contains(err.Error(), "cannot read 82 ids") {
		t.Errorf("got %v", err)
	}
}

func TestOutputsAreReadByTheirNames(t *testing.T) {
	tests := []struct {
		outputs string
		asked   ImportConfig
		want    string
	}{
		{"AGAINST FAVOR NONE", ImportConfig{}, "pair: anti pro neutral"},
		{"Negative Neutral Positive", ImportConfig{}, "pair: anti neutral pro"},
		{"no_stance oppose In-Favour", ImportConfig{}, "pair: neutral anti pro"},
		{"LABEL_0 LABEL_1 LABEL_2", ImportConfig{Labels: map[string]string{"pro": "LABEL_2", "anti": "LABEL_0", "neutral": "LABEL_1"}}, "pair: anti neutral pro"},
		{"other anti pro", ImportConfig{Labels: map[string]string{"neutral": "other"}}, "pair: neutral anti pro"},
		{"CONTRADICTION NEUTRAL ENTAILMENT", ImportConfig{}, "nli: CONTRADICTION NEUTRAL entailment"},
		{"entailment not_entailment", ImportConfig{}, "nli: entailment not_entailment"},
		{"LABEL_0 LABEL_1", ImportConfig{Labels: map[string]string{"entailment": "LABEL_1"}}, "nli: LABEL_0 entailment"},
		{"entailment neutral contradiction", ImportConfig{Labels: map[string]string{"pro": "entailment", "anti": "contradiction"}}, "pair: pro neutral anti"},
	}
	for _, test := range tests {
		layout, labels, err := test.asked.labels(strings.Fields(test.outputs))
		if got := layout + ": " + strings.Join(labels, " "); err != nil || got != test.want {
			t.Errorf("%s: %s, %v, want %s", test.outputs, got, err, test.want)
		}
	}
}

func TestTheLengthIsTheLeastOfAllLimits(t *testing.T) {
	tests := []struct {
		kind               string
		positions, padding int
		tokenizer          float64
		asked, want        int
	}{
		{"bert", 512, 0, 512, 0, 512},
		{"roberta", 514, 1, 512, 0, 512},
		{"roberta", 514, 1, 1e30, 1000, 512},
		{"bert", 0, 0, 0, 0, 512},
		{"modernbert", 8192, 0, 1e30, 0, 512},
		{"modernbert", 8192, 0, 1e30, 2048, 2048},
		{"bert", 512, 0, 128, 0, 128},
		{"bert", 512, 0, 512, 100, 100},
	}
	for _, test := range tests {
		x := &export{}
		x.config.Type, x.config.Positions, x.config.Padding, x.tokenizer.MaxLength = test.kind, test.positions, test.padding, test.tokenizer
		if got := x.maxLength(test.asked); got != test.want {
			t.Errorf("%+v: got %d", test, got)
		}
	}
}

func TestPathsOfOtherMachinesAreNoNames(t *testing.T) {
	for name, want := range map[string]string{
		"FacebookAI/roberta-large-mnli": "FacebookAI/roberta-large-mnli", "roberta-base": "roberta-base",
		"/home/somebody/run7": "bert", "./out": "bert", "a/b/c": "bert", "": "bert",
	} {
		folder := copyExport(t, "bert")
		writeTestFile(t, strings.Replace(readTestFile(t, folder, configFile), "example/bert", name, 1), folder, configFile)
		if x, err := readExport(folder); err != nil || x.name != want {
			t.Errorf("%q: %v, %v", name, x, err)
		}
	}
}
