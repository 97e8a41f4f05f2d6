package main

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"stance/pipeline/stance"
	"stance/pipeline/store"
)

func readme(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// block returns the console block of the README that begins with the given words.
func block(t *testing.T, begin string) string {
	t.Helper()
	_, rest, ok := strings.Cut(readme(t), "```console\n"+begin)
	if !ok {
		t.Fatalf("the README has no block that begins with %q", begin)
	}
	text, _, _ := strings.Cut(rest, "```")
	return begin + text
}

// stanceInRepository runs the program from the folder above, as a reader of the README would, and returns what it prints.
func stanceInRepository(t *testing.T, args ...string) string {
	t.Helper()
	library := needModel(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "stance") // by this name the test program is stance
	if err := os.Symlink(exe, link); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(link, args...)
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), "STANCE_RUNTIME="+library, "COLUMNS=100")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("stance %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// times and places differ from run to run; everything else that the README shows must come out again.
var varying = regexp.MustCompile(`(?m)^(run|time|part|sound:) .*$`)

func TestReadmeShowsWhatTheSampleArticlesGive(t *testing.T) {
	out := filepath.Join(t.TempDir(), "labels")
	got := stanceInRepository(t, "run", "--in", "data/articles", "--out", out, "--run-date", "2026-03-13")
	got += stanceInRepository(t, "verify", out)
	want := block(t, "run  ")
	if got, want := varying.ReplaceAllString(got, "$1"), varying.ReplaceAllString(want, "$1"); strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("the README shows\n%s\nbut it is\n%s", want, got)
	}
}

func TestReadmeShowsWhatShowPrints(t *testing.T) {
	_, want, _ := strings.Cut(block(t, "$ bin/stance show"), "\n")
	if got := stanceInRepository(t, "show", "data/articles/newswire.jsonl"); !strings.Contains(got, strings.TrimSpace(want)) {
		t.Errorf("the README shows\n%s\nbut it is\n%s", want, got)
	}
}

func TestReadmeNamesEveryExitCodeAndColumn(t *testing.T) {
	text := readme(t)
	for _, e := range exitCodes {
		if line := fmt.Sprintf("| %d | %s |", e.code, e.meaning); !strings.Contains(text, line) {
			t.Errorf("the README lacks %q", line)
		}
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[store.Row]()) {
		column, _, _ := strings.Cut(field.Tag.Get("parquet"), ",")
		if !strings.Contains(text, "`"+column+"`") {
			t.Errorf("the README lacks the column %s", column)
		}
	}
}

// Every flag and subcommand that the README's commands use is there.
func TestReadmeCommandsAreUnderstood(t *testing.T) {
	commands := regexp.MustCompile(`bin/stance ([a-z]+)([^\n|&#`+"`"+`]*)`).FindAllStringSubmatch(readme(t), -1)
	if len(commands) < 6 {
		t.Fatalf("only %d commands were found: is the pattern right?", len(commands))
	}
	for _, c := range commands {
		root := newRoot(newConsole(os.Stdin, os.Stdout, os.Stderr, func(string) string { return "" }))
		cmd, _, err := root.Find(append([]string{c[1]}, strings.Fields(c[2])...))
		if err != nil || cmd == root {
			t.Errorf("%s: %v", c[0], err)
			continue
		}
		for _, flag := range regexp.MustCompile(`--([a-z0-9-]+)`).FindAllStringSubmatch(c[2], -1) {
			if cmd.Flags().Lookup(flag[1]) == nil && root.PersistentFlags().Lookup(flag[1]) == nil {
				t.Errorf("%s: there is no flag --%s", c[0], flag[1])
			}
		}
	}
}

// The README's figures of the model, but for what it shows of commands, are those of its card, and the card is the one that the recipe keeps.
func TestReadmeAndCardGiveTheSameFigures(t *testing.T) {
	card, err := os.ReadFile("../../models/default/MODEL.md")
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := os.ReadFile("../../models/train/CARD.md"); err != nil || string(kept) != string(card) {
		t.Errorf("models/train/CARD.md is not the card of models/default (%v): export the model again", err)
	}
	plain := strings.ReplaceAll(string(card), "*", "")
	figures := regexp.MustCompile(`0\.\d{3} \(0\.\d{3} - 0\.\d{3}\)`).FindAllString(regexp.MustCompile("(?s)```console\n.*?```").ReplaceAllString(readme(t), ""), -1)
	if len(figures) < 2 {
		t.Fatalf("only %d figures were found: is the pattern right?", len(figures))
	}
	for _, f := range figures {
		if !strings.Contains(plain, f) {
			t.Errorf("the README says %s, the card does not", f)
		}
	}
}

// What the card and the README say in words of the threshold, the size and the rows that pass is what the bundle has and the card's table gives.
func TestTheCardDescribesTheBundleBesideIt(t *testing.T) {
	b, err := stance.ReadBundle(t.Context(), "../../models/default")
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat("../../models/default/model.onnx")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# " + b.ID + "\n", fmt.Sprintf("the threshold (%v, chosen on dev)", b.Threshold), fmt.Sprintf("half precision: %.0f MB", float64(info.Size())/1e6)} {
		if !strings.Contains(b.Card, want) {
			t.Errorf("the card does not say %q", want)
		}
	}
	said := regexp.MustCompile(`right in about (\d\d) of 100`).FindStringSubmatch(readme(t))
	row := regexp.MustCompile(`precision of pro and anti that are not abstained \| (\S+) .*\| (\S+) `).FindStringSubmatch(b.Card)
	if said == nil || row == nil {
		t.Fatalf("the README says %v, the card %v", said, row)
	}
	hundred, _ := strconv.ParseFloat(said[1], 64)
	dev, _ := strconv.ParseFloat(row[1], 64)
	test, _ := strconv.ParseFloat(row[2], 64)
	if math.Abs(hundred-100*min(dev, test)) > 1.5 {
		t.Errorf("the README says that %s of 100 are right, the card %v", said[1], row[1:])
	}
}

// Whoever clones the repository loads every release of the default model: each stays small.
func TestTheDefaultModelIsSmall(t *testing.T) {
	const most = 40_000_000 // bytes
	files, err := os.ReadDir("../../models/default")
	if err != nil {
		t.Fatal(err)
	}
	var size int64
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			t.Fatal(err)
		}
		size += info.Size()
	}
	if size > most {
		t.Errorf("models/default has %d bytes: at most %d are wanted", size, most)
	}
}

// The card's figures on dev, and what the README shows of `stance eval` there, are what eval says today. Another processor may
// round another way.
func TestTheCardsFiguresAreMeasured(t *testing.T) {
	if underRace {
		t.Skip("measured without the race detector")
	}
	card, err := os.ReadFile("../../models/default/MODEL.md")
	if err != nil {
		t.Fatal(err)
	}
	printed := stanceInRepository(t, "eval", "--data", "data/labelled/dev.jsonl")
	for row, pattern := range map[string]string{
		"macro-F1 given the gold actors": `(?m)^stance-\S+ +(\d\.\d{3}) `, "F1 of pro and anti triples, end to end": `(?m)^  triples  F1 (\d\.\d{3})`,
		"precision of pro and anti that are not abstained": `of which (\d+\.\d) % are right`, "finder: recall of actors": `(?m)^  actors .*recall (\d\.\d{3})`,
	} {
		said := regexp.MustCompile(regexp.QuoteMeta("| "+row+" | ") + `(\d\.\d{3})`).FindStringSubmatch(string(card))
		is := regexp.MustCompile(pattern).FindStringSubmatch(printed)
		if said == nil || is == nil {
			t.Errorf("%q stands in the card: %v, and in what eval prints: %v", row, said != nil, is != nil)
			continue
		}
		x, _ := strconv.ParseFloat(said[1], 64)
		y, _ := strconv.ParseFloat(is[1], 64)
		if strings.Contains(pattern, "%") {
			y /= 100
		}
		if math.Abs(x-y) > 0.01 {
			t.Errorf("%s on dev: the card says %.3f, it is %.3f", row, x, y)
		}
	}

	order := regexp.MustCompile(`(?m)^  weakest:.*$`) // of slices that are nearly equal
	number := regexp.MustCompile(`\d+(\.\d+)?`)
	_, want, _ := strings.Cut(block(t, "$ bin/stance eval"), "\n")
	got := order.ReplaceAllString(printed, "")
	want = order.ReplaceAllString(want, "")
	if a, b := number.ReplaceAllString(strings.TrimSpace(want), "#"), number.ReplaceAllString(strings.TrimSpace(got), "#"); a != b {
		t.Fatalf("the README shows\n%s\nbut it is\n%s", want, got)
	}
	said := number.FindAllString(got, -1)
	for i, shown := range number.FindAllString(want, -1) {
		x, _ := strconv.ParseFloat(shown, 64)
		y, _ := strconv.ParseFloat(said[i], 64)
		if math.Abs(x-y) > max(0.015, 0.02*math.Abs(y)) {
			t.Errorf("the README shows %s where it is %s, in\n%s", shown, said[i], got)
		}
	}
}
