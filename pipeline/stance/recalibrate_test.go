package stance

import (
	"math"
	"os"
	"testing"
)

func TestRecalibratedBundlesAreSoundAndTheirGoldenTextsFollow(t *testing.T) {
	folder := copyBundle(t, "spans")
	before, err := ReadBundle(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := Recalibrate(t.Context(), folder, 2*before.Temperature, 0.25); err != nil {
		t.Fatal(err)
	}
	after, err := ReadBundle(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	if after.Temperature != 2*before.Temperature || after.Threshold != 0.25 || after.ID != before.ID {
		t.Errorf("it became %+v", after.Manifest)
	}
	for i, g := range after.golden {
		for j, p := range g.Probabilities {
			old := before.golden[i].Probabilities[j]
			// The logarithm of a ratio of probabilities is a difference of logits, divided by the temperature.
			if got, want := math.Log(p[0]/p[1]), math.Log(old[0]/old[1])/2; math.Abs(got-want) > 1e-3 {
				t.Errorf("golden text %d, subject %d: log ratio %.4f, want %.4f", i, j, got, want)
			}
		}
	}
	if entries, _ := os.ReadDir(folder); len(entries) != len(after.Files)+1 {
		t.Errorf("%d files are in the folder: %v", len(entries), entries)
	}
	if library, _, err := FindRuntime("", os.Getenv, "../.."); err == nil {
		m, err := Open(t.Context(), Config{Bundle: folder, Runtime: library})
		if err != nil {
			t.Fatalf("the model answers its golden texts otherwise: %v", err)
		}
		m.Close()
	}
}

func TestImpossibleCalibrationsLeaveABundleAsItIs(t *testing.T) {
	folder := copyBundle(t, "spans")
	before := readTestFile(t, folder, manifestFile)
	for _, c := range [][2]float64{{0, 0.5}, {-1, 0.5}, {math.Inf(1), 0.5}, {1, 1}, {1, -0.1}, {1, math.NaN()}} {
		if err := Recalibrate(t.Context(), folder, c[0], c[1]); err == nil {
			t.Errorf("temperature %v, threshold %v: no error", c[0], c[1])
		}
	}
	if readTestFile(t, folder, manifestFile) != before {
		t.Error("stance.json has changed")
	}
}
