package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// onTerminal runs stance with standard output and error on a terminal of that many columns, and returns its exit code
// and all that the terminal was sent.
func onTerminal(t *testing.T, library string, columns uint16, args ...string) (code int, screen string) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	defer master.Close()
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(int(master.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns})
	}
	if err != nil {
		t.Fatal(err)
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	cmd := start(t, library, slave, slave, args...)
	slave.Close()
	var sent bytes.Buffer
	read := make(chan struct{})
	go func() {
		defer close(read)
		io.Copy(&sent, master) // ends with an error once nobody has the other side open
	}()
	code = exitCode(t, cmd)
	<-read
	return code, strings.ReplaceAll(sent.String(), "\r\n", "\n")
}

var colourSequence = regexp.MustCompile("\x1b\\[[0-9;]*m")

func TestOnATerminalShowIsColouredAndKeepsToTheWidth(t *testing.T) {
	library := needModel(t)
	article := filepath.Join(t.TempDir(), "article.jsonl")
	text := `{"id": "a", "title": "Rome says no", "text": "` + strings.Repeat("Italy will not send troops, the minister said on Friday, and nobody should expect it to change its mind. ", 4) + `"}`
	if err := os.WriteFile(article, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TERM", "xterm")
	code, screen := onTerminal(t, library, 60, "show", article)
	if code != exitDone || !colourSequence.MatchString(screen) {
		t.Errorf("exit code %d: %q", code, screen)
	}
	for line := range strings.Lines(colourSequence.ReplaceAllString(screen, "")) {
		if utf8.RuneCountInString(strings.TrimRight(line, "\n")) > 60 {
			t.Errorf("wider than the terminal: %q", line)
		}
	}
	for variable, value := range map[string]string{"NO_COLOR": "1", "TERM": "dumb"} {
		t.Run(variable, func(t *testing.T) {
			t.Setenv(variable, value)
			if code, screen := onTerminal(t, library, 60, "show", article); code != exitDone || strings.Contains(screen, "\x1b") {
				t.Errorf("exit code %d: %q", code, screen)
			}
		})
	}
}

func TestOnATerminalARunShowsABarAndTakesItAway(t *testing.T) {
	library := needModel(t)
	code, screen := onTerminal(t, library, 100, slowNight(t, filepath.Join(t.TempDir(), "labels"))...)
	if code != exitDone {
		t.Fatalf("exit code %d: %s", code, screen)
	}
	bar, summary, found := strings.Cut(screen, clearLine+"run ")
	if !found || !regexp.MustCompile(regexp.QuoteMeta(clearLine)+` *[0-9]+% [█░]{20}  [0-9]+ articles  [0-9]+ rows  [0-9]+ rows/s`).MatchString(bar) {
		t.Errorf("no bar, or none taken away: %q", screen)
	}
	if strings.Contains(summary, clearLine) || strings.Contains(bar, "\n") {
		t.Errorf("the bar was drawn into other text: %q", screen)
	}
	if code, screen := onTerminal(t, library, 100, append(slowNight(t, filepath.Join(t.TempDir(), "labels")), "-q")...); code != exitDone || screen != "" {
		t.Errorf("with -q: exit code %d: %q", code, screen)
	}
}
