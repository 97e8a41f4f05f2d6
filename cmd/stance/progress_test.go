package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"stance/pipeline"
	"stance/pipeline/report"
)

func someProgress(elapsed time.Duration) pipeline.Progress {
	return pipeline.Progress{Articles: 1234, Paragraphs: 20000, Rows: 60000, Rejected: 2, BytesRead: 25, BytesTotal: 100, Elapsed: elapsed}
}

func TestProgressBar(t *testing.T) {
	const long = " 25% █████░░░░░░░░░░░░░░░  1,234 articles  60,000 rows  1,000 rows/s  3m0s left"
	tests := []struct {
		name  string
		p     pipeline.Progress
		width int
		want  string
	}{
		{"all of it", someProgress(time.Minute), 100, long},
		{"what fits", someProgress(time.Minute), 60, " 25% █████░░░░░░░░░░░░░░░  1,234 articles  60,000 rows"},
		{"no width known", someProgress(time.Minute), 0, long},
		{"standard input has no size", pipeline.Progress{Articles: 5, Rows: 10, Elapsed: time.Second}, 100, "5 articles  10 rows  10 rows/s"},
		{"before the first moment", pipeline.Progress{BytesTotal: 10}, 100, "  0% ░░░░░░░░░░░░░░░░░░░░  0 articles  0 rows  0 rows/s"},
		{"more read than there was", pipeline.Progress{BytesRead: 30, BytesTotal: 10, Elapsed: time.Minute}, 60, "100% ████████████████████  0 articles  0 rows  0 rows/s"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := progressBar(test.p, report.Style{Width: test.width}); got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestProgressIsLoggedEveryHalfMinuteWhereThereIsNoTerminal(t *testing.T) {
	var log bytes.Buffer
	con := &console{log: slog.New(slog.NewTextHandler(&log, nil))}
	show, done := con.progress()
	for s := range 95 {
		show(someProgress(time.Duration(s) * time.Second))
	}
	done()
	if got := strings.Count(log.String(), "\n"); got != 3 {
		t.Errorf("%d lines:\n%s", got, &log)
	}
	if !strings.Contains(log.String(), "msg=progress articles=1234 paragraphs=20000 rows=60000 rejected=2 read_percent=25 rows_per_second=2000 left=1m30s") {
		t.Error(log.String())
	}
}

func TestTheBarIsTakenAwayForOtherTextAndInTheEnd(t *testing.T) {
	var screen bytes.Buffer
	con := &console{err: &statusLine{w: &screen}, errTerminal: true}
	show, done := con.progress()
	show(pipeline.Progress{Articles: 5})
	con.err.Write([]byte("warning\n"))
	done()
	const bar = "5 articles  0 rows  0 rows/s"
	if want := clearLine + bar + clearLine + "warning\n" + bar + clearLine; screen.String() != want {
		t.Errorf("got  %q\nwant %q", screen.String(), want)
	}
}

func TestQuietShowsNoProgress(t *testing.T) {
	var screen bytes.Buffer
	con := &console{err: &statusLine{w: &screen}, errTerminal: true, quiet: true}
	show, done := con.progress()
	show(someProgress(time.Hour))
	done()
	if screen.Len() > 0 {
		t.Errorf("%q", screen.String())
	}
}
