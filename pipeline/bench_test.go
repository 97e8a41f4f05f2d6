package pipeline

import (
	"fmt"
	"os"
	"testing"
)

// BenchmarkNight labels the training set's articles with the default model and reports rows per second, peak memory
// of the process, and the share of each stage in the work of all goroutines.
func BenchmarkNight(b *testing.B) {
	const night, model = "../data/labelled/train.jsonl", "../models/default"
	for _, needed := range []string{night, model + "/stance.json"} {
		if _, err := os.Stat(needed); err != nil {
			b.Skip(err)
		}
	}
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			c := testConfig(b, "", night)
			c.Model, c.Workers = model, workers
			rows, seconds, stages, peak := int64(0), 0.0, map[string]float64{}, int64(0)
			for b.Loop() {
				c.Out = b.TempDir()
				s := mustRun(b, c)
				rows, peak = rows+s.Rows, max(peak, s.PeakMemoryBytes)
				for name, t := range s.Stages {
					stages[name] += t
					seconds += t
				}
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(float64(peak)/(1<<20), "MiB-peak")
			for name, t := range stages {
				b.ReportMetric(100*t/seconds, "%"+name)
			}
		})
	}
}
