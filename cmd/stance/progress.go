package main

import (
	"fmt"
	"strings"
	"time"

	"stance/pipeline"
	"stance/pipeline/report"
)

// logEvery is the time between two progress lines where there is no terminal for a bar.
const logEvery = 30 * time.Second

// progress returns what shows how far a run has come, and what takes the bar away again.
func (c *console) progress() (show func(pipeline.Progress), done func()) {
	switch {
	case c.quiet:
		return func(pipeline.Progress) {}, func() {}
	case c.errTerminal:
		return func(p pipeline.Progress) { c.err.set(progressBar(p, c.errStyle)) }, func() { c.err.set("") }
	default:
		return c.progressLog(), func() {}
	}
}

func (c *console) progressLog() func(pipeline.Progress) {
	next := logEvery
	return func(p pipeline.Progress) {
		if p.Elapsed < next {
			return
		}
		next = p.Elapsed + logEvery
		c.log.Info("progress", "articles", p.Articles, "paragraphs", p.Paragraphs, "rows", p.Rows, "rejected", p.Rejected,
			"read_percent", percent(p), "rows_per_second", int64(rate(p)), "left", remaining(p))
	}
}

func rate(p pipeline.Progress) float64 {
	if p.Elapsed <= 0 {
		return 0
	}
	return float64(p.Rows) / p.Elapsed.Seconds()
}

func percent(p pipeline.Progress) int {
	if p.BytesTotal <= 0 {
		return 0
	}
	return int(min(100, 100*p.BytesRead/p.BytesTotal))
}

// remaining guesses the time left from the share of the input that has been read; "unknown" where that is too little
// to tell, or where the input has no known size.
func remaining(p pipeline.Progress) string {
	if p.BytesTotal <= 0 || p.BytesRead*100 < p.BytesTotal || p.Elapsed < time.Second {
		return "unknown"
	}
	left := float64(p.Elapsed) * float64(p.BytesTotal-p.BytesRead) / float64(p.BytesRead)
	return time.Duration(max(0, left)).Round(time.Second).String()
}

// progressBar is the line that a terminal shows, at most as wide as it.
func progressBar(p pipeline.Progress, style report.Style) string {
	const barColumns = 20
	var parts []string
	if p.BytesTotal > 0 {
		full := percent(p) * barColumns / 100
		parts = append(parts, fmt.Sprintf("%3d%% %s%s", percent(p), strings.Repeat("█", full), strings.Repeat("░", barColumns-full)))
	}
	parts = append(parts,
		report.Count(p.Articles)+" articles",
		report.Count(p.Rows)+" rows",
		report.Count(int64(rate(p)))+" rows/s")
	if left := remaining(p); left != "unknown" {
		parts = append(parts, left+" left")
	}
	line := parts[0]
	for _, part := range parts[1:] {
		if len([]rune(line+"  "+part)) >= style.Width && style.Width > 0 {
			break // an overlong line would wrap and could not be redrawn
		}
		line += "  " + part
	}
	return line
}
