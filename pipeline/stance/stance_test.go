package stance

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"stance/pipeline/news"
)

// library returns the ONNX Runtime library. A test without it is skipped, or fails where STANCE_TEST_RUNTIME=required.
func library(t testing.TB) string {
	t.Helper()
	path, _, err := FindRuntime("", os.Getenv, filepath.Join("..", ".."))
	if err == nil {
		return path
	}
	if os.Getenv("STANCE_TEST_RUNTIME") == "required" {
		t.Fatal(err)
	}
	t.Skipf("NOT TESTED: %v", err)
	return ""
}

// open opens one of the bundles that testdata/make_models.py wrote.
func open(t testing.TB, folder string) *Model {
	t.Helper()
	m, err := Open(t.Context(), Config{Bundle: folder, Runtime: library(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

// subject is an actor whose mentions are the words of text that are in words.
func subject(actor, text string, words ...string) news.Subject {
	s := news.Subject{Actor: news.Actor{ID: actor, Name: actor}}
	at := 0
	for word := range strings.SplitSeq(text, " ") {
		end := at + len([]rune(word))
		if slices.Contains(words, word) {
			s.Mentions = append(s.Mentions, news.Mention{Start: at, End: end, Text: word})
		}
		at = end + 1
	}
	return s
}

// oracle works out the answers of the test models from the vocabulary of their tokenizer, as make_models.py defines them.
type oracle struct{ m *Model }

func (o oracle) id(t *testing.T, token string) int {
	t.Helper()
	id, ok := o.m.tok.id(token)
	if !ok {
		t.Fatalf("%q is not in the vocabulary", token)
	}
	return int(id)
}

func (o oracle) row(t *testing.T, token string) [3]float64 {
	var row [3]float64
	id := o.id(t, token)
	for k := range row {
		row[k] = float64((7*id+5*k+3*id*k)%11-5) / 8
	}
	return row
}

// marked adds up the rows of the marked tokens of a sequence of the given length.
func (o oracle) marked(t *testing.T, length int, tokens ...string) [3]float64 {
	sum := [3]float64{float64(length) / 100}
	for _, token := range tokens {
		for k, x := range o.row(t, token) {
			sum[k] += x
		}
	}
	return sum
}

// pair adds up the weighted rows of a sequence whose tokens after the first n are of type 1.
func (o oracle) pair(t *testing.T, sequence string, n int) [3]float64 {
	var sum [3]float64
	for i, token := range strings.Fields(sequence) {
		weight := 1 + float64(i)/100
		if i >= n {
			weight *= 2
		}
		for k, x := range o.row(t, token) {
			sum[k] += x * weight
		}
	}
	return sum
}

func (o oracle) probabilities(logits [3]float64) [3]float64 {
	var p [3]float64
	sum := 0.0
	for k, x := range logits {
		p[k] = math.Exp(x / o.m.manifest.Temperature)
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
	}
	return p
}

// expect compares a stance with the logits that it should come from, in the order of news.Labels.
func (o oracle) expect(t *testing.T, name string, got news.Stance, logits [3]float64, truncated bool) {
	t.Helper()
	want := o.probabilities(logits)
	for k := range want {
		if math.Abs(float64(got.P[k])-want[k]) > 1e-6 {
			t.Errorf("%s: probabilities %v, want %v", name, got.P, want)
			break
		}
	}
	if got.Truncated != truncated {
		t.Errorf("%s: truncated is %v", name, got.Truncated)
	}
}

func label(t *testing.T, m *Model, text string, subjects ...news.Subject) []news.Stance {
	t.Helper()
	stances, err := m.Label(t.Context(), text, subjects)
	if err != nil {
		t.Fatal(err)
	}
	if len(stances) != len(subjects) {
		t.Fatalf("%d stances for %d subjects", len(stances), len(subjects))
	}
	return stances
}

func TestSpansModelReadsTheMaskOfEachActor(t *testing.T) {
	m := open(t, "testdata/spans")
	o := oracle{m}
	text := "paris and paris says moscow opposes peace"
	length := 7 + 3
	got := label(t, m, text,
		subject("russia", text, "moscow"),
		subject("author", text),
		subject("france", text, "paris"),
		subject("nobody", text),
		subject("france-again", text, "paris"))
	o.expect(t, "one mention", got[0], o.marked(t, length, "moscow"), false)
	o.expect(t, "the author", got[1], o.marked(t, length, "[AUTHOR]"), false)
	o.expect(t, "two mentions", got[2], o.marked(t, length, "paris", "paris"), false)
	o.expect(t, "no mention", got[3], o.marked(t, length, "[CLS]"), false)
	if got[4] != got[2] {
		t.Errorf("the same mask gives %v and %v", got[2], got[4])
	}
}

func TestParagraphWithoutSubjectsIsNotShownToTheModel(t *testing.T) {
	m := open(t, "testdata/spans")
	if got := label(t, m, "nan nan nan"); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func TestEmptyParagraphIsAnswered(t *testing.T) {
	m := open(t, "testdata/spans")
	got := label(t, m, "", subject("author", ""))
	oracle{m}.expect(t, "author", got[0], oracle{m}.marked(t, 3, "[AUTHOR]"), false)
}

func TestLongParagraphIsReadInWindows(t *testing.T) {
	m := open(t, "testdata/spans") // room for 24 ids, of which 3 are special
	o := oracle{m}
	words := slices.Repeat([]string{"peace"}, 60)
	words[2], words[40], words[41], words[58] = "paris", "paris", "moscow", "kyiv"
	text := strings.Join(words, " ")
	got := label(t, m, text,
		subject("ukraine", text, "kyiv"), subject("france", text, "paris"), subject("russia", text, "moscow"), subject("author", text))
	o.expect(t, "far from the start", got[0], o.marked(t, 24, "kyiv"), true)
	o.expect(t, "at the start and beyond the cut", got[1], o.marked(t, 24, "paris"), true)
	o.expect(t, "beyond the cut", got[2], o.marked(t, 24, "moscow"), true)
	o.expect(t, "author", got[3], o.marked(t, 24, "[AUTHOR]"), true)

	exact := strings.Join(words[:21], " ")
	got = label(t, m, exact, subject("france", exact, "paris"))
	o.expect(t, "a paragraph that just fits", got[0], o.marked(t, 24, "paris"), false)
}

func TestPairModelReadsMarkersAndSecondText(t *testing.T) {
	m := open(t, "testdata/pair")
	o := oracle{m}
	text := "paris says moscow opposes it"
	got := label(t, m, text, subject("russia", text, "moscow", "it"), subject("france", text))
	o.expect(t, "two mentions", got[0],
		o.pair(t, "[CLS] paris says [E] moscow [/E] opposes [E] it [/E] [SEP] who is russia [SEP]", 11), false)
	o.expect(t, "no mention", got[1], o.pair(t, "[CLS] paris says moscow opposes it [SEP] who is france [SEP]", 7), false)

	words := slices.Repeat([]string{"peace"}, 30)
	words[20] = "moscow"
	text = strings.Join(words, " ")
	got = label(t, m, text, subject("russia", text, "moscow"))
	// 24 ids less 3 special and 3 of the second text leave 18; the window starts 4 before the marker, 32-18=14 at most.
	o.expect(t, "beyond the cut", got[0], o.pair(t, "[CLS] "+strings.Repeat("peace ", 6)+"[E] moscow [/E] "+
		strings.Repeat("peace ", 9)+"[SEP] who is russia [SEP]", 20), true)
}

func TestLongNameLeavesHalfTheRoomToTheParagraph(t *testing.T) {
	m := open(t, "testdata/pair")
	text := strings.TrimSpace(strings.Repeat("peace ", 30))
	got := label(t, m, text, subject(strings.TrimSpace(strings.Repeat("force ", 30)), text))
	oracle{m}.expect(t, "long name", got[0], oracle{m}.pair(t, "[CLS] "+strings.Repeat("peace ", 11)+"[SEP] who is "+
		strings.Repeat("force ", 8)+"[SEP]", 13), true)
}

func TestEntailmentModelIsAskedOncePerLabel(t *testing.T) {
	m := open(t, "testdata/nli")
	o := oracle{m}
	text := "paris says no"
	got := label(t, m, text, subject("france", text, "paris"))
	var logits [3]float64
	for k, hypothesis := range []string{"france supports sending troops", "france opposes sending troops", "france is for no position"} {
		logits[k] = o.pair(t, "<s> paris says no </s> </s> "+hypothesis+" </s>", 99)[2]
	}
	o.expect(t, "france", got[0], logits, false)

	words := slices.Repeat([]string{"peace"}, 40)
	text = strings.Join(words, " ")
	got = label(t, m, text, subject("france", text))
	for k, hypothesis := range []string{"france supports sending troops", "france opposes sending troops", "france is for no position"} {
		premise := strings.Repeat("peace ", 24-4-5) // the same for all three: the longest hypothesis has 5 tokens
		logits[k] = o.pair(t, "<s> "+premise+"</s> </s> "+hypothesis+" </s>", 99)[2]
	}
	o.expect(t, "long paragraph", got[0], logits, true)
}

func TestLogitsThatAreNotFiniteAreAnError(t *testing.T) {
	m := open(t, "testdata/spans")
	text := "nan says no"
	if got, err := m.Label(t.Context(), text, []news.Subject{subject("author", text)}); err == nil {
		t.Fatalf("got %v", got)
	}
	label(t, m, "paris says no", subject("author", "paris says no")) // the model is none the worse for it
}

func TestDecide(t *testing.T) {
	const pro, anti, neutral = 0, 1, 2
	tests := []struct {
		name      string
		scores    [3]float64
		threshold float64
		label     int
		margin    float64
		abstained bool
	}{
		{"the highest score wins", [3]float64{0, 3, 1}, 0, anti, 0.7296, false},
		{"all equal is neutral", [3]float64{1, 1, 1}, 0, neutral, 0, false},
		{"pro and neutral equal is neutral", [3]float64{2, 0, 2}, 0, neutral, 0, false},
		{"anti and neutral equal is neutral", [3]float64{0, 2, 2}, 0, neutral, 0, false},
		{"pro and anti equal is pro", [3]float64{2, 2, 0}, 0, pro, 0, false},
		{"huge scores do not overflow", [3]float64{-3e38, 3e38, 0}, 0, anti, 1, false},
		{"a margin under the threshold abstains", [3]float64{0, 3, 1}, 0.73, anti, 0.7296, true},
		{"a margin at the threshold does not", [3]float64{0, 3e38, 0}, 0.999, anti, 1, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := &Model{manifest: Manifest{Temperature: 1, Threshold: test.threshold}}
			var s news.Stance
			m.decide(&s, test.scores[:])
			if s.Label != news.Labels[test.label] || math.Abs(float64(s.Margin)-test.margin) > 1e-4 || s.Abstained != test.abstained {
				t.Errorf("got %+v", s)
			}
			if sum := float64(s.P[0]) + float64(s.P[1]) + float64(s.P[2]); math.Abs(sum-1) > 1e-6 {
				t.Errorf("probabilities add up to %v", sum)
			}
		})
	}
	cold, warm := &Model{manifest: Manifest{Temperature: 1}}, &Model{manifest: Manifest{Temperature: 5}}
	var a, b news.Stance
	cold.decide(&a, []float64{0, 3, 1})
	warm.decide(&b, []float64{0, 3, 1})
	if a.Label != b.Label || a.Margin <= b.Margin {
		t.Errorf("a higher temperature should make the same label less sure: %v, %v", a, b)
	}
}

func TestManyGoroutinesGetTheAnswersOfOne(t *testing.T) {
	for _, bundle := range []string{"spans", "pair", "nli"} {
		t.Run(bundle, func(t *testing.T) {
			m := open(t, "testdata/"+bundle)
			var texts []string
			for i := range 40 {
				texts = append(texts, strings.Repeat("paris will send troops , moscow opposes it ", i%7)+"kyiv says no")
			}
			ask := func(text string) ([]news.Stance, error) {
				return m.Label(t.Context(), text, []news.Subject{
					subject("france", text, "paris"), subject("ukraine", text, "kyiv"), subject("author", text)})
			}
			var want [][]news.Stance
			for _, text := range texts {
				s, err := ask(text)
				if err != nil {
					t.Fatal(err)
				}
				want = append(want, s)
			}
			var group sync.WaitGroup
			for g := range 8 {
				group.Go(func() {
					for i := range texts {
						i = (i + 5*g) % len(texts)
						if got, err := ask(texts[i]); err != nil || !slices.Equal(got, want[i]) {
							t.Errorf("text %d: got %v, %v, want %v", i, got, err, want[i])
						}
					}
				})
			}
			group.Wait()
		})
	}
}

func TestCallUnderWayEndsWithItsContext(t *testing.T) {
	m := open(t, "testdata/slow")
	text := strings.Repeat("slow ", 20) + "text" // some ten seconds of work
	for _, name := range []string{"before the call", "in the call"} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			if name == "before the call" {
				cancel()
			} else {
				time.AfterFunc(20*time.Millisecond, cancel)
			}
			defer cancel()
			_, err := m.Label(ctx, text, []news.Subject{subject("author", text)})
			if !errors.Is(err, context.Canceled) || errors.Is(err, ErrBundle) {
				t.Errorf("got %v", err)
			}
		})
	}
	label(t, m, "paris says no", subject("author", "")) // the next call is not cancelled too
}

func TestOpenEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, Config{Bundle: "testdata/spans", Runtime: library(t)}); !errors.Is(err, context.Canceled) || errors.Is(err, ErrBundle) {
		t.Errorf("got %v", err)
	}
}

func TestCloseWaitsForCallsAndRefusesLaterOnes(t *testing.T) {
	m := open(t, "testdata/spans")
	text := "paris says no"
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 200 {
				if _, err := m.Label(t.Context(), text, []news.Subject{subject("author", text)}); err != nil && !errors.Is(err, errClosed) {
					t.Error(err)
				}
			}
		})
	}
	for range 2 {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	}
	group.Wait()
	if _, err := m.Label(t.Context(), text, []news.Subject{subject("author", text)}); !errors.Is(err, errClosed) {
		t.Errorf("got %v", err)
	}
}

func TestTwentyThousandCallsDoNotGrowTheProcess(t *testing.T) {
	m := open(t, "testdata/spans")
	call := func(n int) {
		for i := range n {
			text := strings.Repeat("paris says no ", 1+i%8)
			label(t, m, text, subject("france", text, "paris"), subject("author", text))
		}
	}
	call(1000)
	before := residentKB(t)
	call(20000)
	// Without the release of the tensors it grows by some 17 MB.
	if grown := residentKB(t) - before; grown > 4<<10 {
		t.Errorf("grown by %d kB", grown)
	}
}

func residentKB(t *testing.T) int {
	t.Helper()
	debug.FreeOSMemory() // what other tests have left
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("NOT TESTED: ", err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	var kb int
	if _, err := fmt.Sscan(rest, &kb); err != nil {
		t.Fatal(err)
	}
	return kb
}

func TestConfigNamesWhatIsMissing(t *testing.T) {
	for _, test := range []struct {
		config Config
		want   string
	}{
		{Config{Runtime: "lib"}, "Bundle"},
		{Config{Bundle: "folder"}, "Runtime"},
		{Config{Bundle: "folder", Runtime: "lib"}, ""},
	} {
		err := test.config.Validate()
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: got %v", test.config, err)
		}
	}
}

// BenchmarkLabel shows what a call costs around the model: the test models themselves do next to nothing.
func BenchmarkLabel(b *testing.B) {
	text := "paris will send troops , moscow opposes it"
	for _, bundle := range []string{"spans", "pair", "nli"} {
		b.Run(bundle, func(b *testing.B) {
			m := open(b, "testdata/"+bundle)
			subjects := []news.Subject{subject("france", text, "paris"), subject("russia", text, "moscow"), subject("author", text)}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.Label(b.Context(), text, subjects); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
