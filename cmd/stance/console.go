package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/term"

	"stance/pipeline/report"
)

// How stance talks:
//
//   - Results, and nothing else, go to standard output. Everything said to a person goes to standard error.
//   - An error is one line that begins with "error:", its cure one line that begins with "hint:". Both are plain text,
//     with control characters of untrusted names made visible.
//   - Progress is a bar where standard error is a terminal, and a log line every 30 seconds where it is not.
//   - Colours only ever repeat what the words say. They are used on terminals, never where NO_COLOR is set or TERM is
//     dumb, and elsewhere if CLICOLOR_FORCE is set.
//   - -q leaves out summaries, warnings and progress, but never an error or rows that were asked for; -v adds what was
//     found where.
//   - Nobody is ever asked anything: stance runs at night.
type console struct {
	in     io.Reader
	out    io.Writer
	err    *statusLine
	getenv func(string) string
	log    *slog.Logger
	level  *slog.LevelVar
	quiet  bool

	outStyle    report.Style
	errStyle    report.Style
	errTerminal bool
}

func newConsole(in, out, err *os.File, getenv func(string) string) *console {
	c := &console{in: in, out: out, err: &statusLine{w: err}, getenv: getenv, level: new(slog.LevelVar)}
	c.outStyle, _ = styleOf(out, getenv)
	c.errStyle, c.errTerminal = styleOf(err, getenv)
	c.log = slog.New(slog.NewTextHandler(c.err, &slog.HandlerOptions{Level: c.level}))
	return c
}

func styleOf(f *os.File, getenv func(string) string) (style report.Style, terminal bool) {
	terminal = term.IsTerminal(int(f.Fd()))
	if terminal {
		style.Width, _, _ = term.GetSize(int(f.Fd()))
	}
	if n, err := strconv.Atoi(getenv("COLUMNS")); err == nil && style.Width == 0 {
		style.Width = n
	}
	style.Colour = (terminal || getenv("CLICOLOR_FORCE") != "") && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
	return style, terminal
}

// speak sets how much is said.
func (c *console) speak(quiet, verbose bool) {
	c.quiet = quiet
	switch {
	case quiet:
		c.level.Set(slog.LevelError)
	case verbose:
		c.level.Set(slog.LevelDebug)
	}
}

// fail says what went wrong and how to mend it.
func (c *console) fail(err error, cure string) {
	fmt.Fprintf(c.err, "error: %s\n", oneLine(err.Error()))
	if cure != "" {
		fmt.Fprintf(c.err, "hint: %s\n", oneLine(cure))
	}
}

// oneLine joins the lines of joined errors.
func oneLine(s string) string {
	return report.Printable(strings.ReplaceAll(strings.TrimSpace(s), "\n", "; "))
}

// statusLine writes text, keeping one line that changes (the progress bar) below it.
type statusLine struct {
	mu     sync.Mutex
	w      io.Writer
	status string
}

const clearLine = "\r\x1b[K"

func (s *statusLine) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.status == "" {
		return s.w.Write(p)
	}
	io.WriteString(s.w, clearLine)
	n, err := s.w.Write(p)
	io.WriteString(s.w, s.status)
	return n, err
}

// set replaces the changing line; empty takes it away.
func (s *statusLine) set(status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.status != "" || status != "" {
		io.WriteString(s.w, clearLine+status)
	}
	s.status = status
}
