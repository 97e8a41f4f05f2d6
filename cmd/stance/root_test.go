package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

func TestEveryCommandExplainsItselfInLinesThatFit(t *testing.T) {
	root := newRoot(newConsole(os.Stdin, os.Stdout, os.Stderr, os.Getenv))
	var visit func(*cobra.Command)
	visit = func(cmd *cobra.Command) {
		if cmd.Short == "" || cmd.Example == "" || strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("%s: short %q, example %q", cmd.CommandPath(), cmd.Short, cmd.Example)
		}
		var help bytes.Buffer
		cmd.SetOut(&help)
		if err := cmd.Help(); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(help.String()) {
			if n := utf8.RuneCountInString(line); n > 121 {
				t.Errorf("%s: %d columns: %s", cmd.CommandPath(), n, line)
			}
		}
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
	}
	visit(root)
}

func TestAnErrorIsOneLineAndSoIsItsHint(t *testing.T) {
	var said bytes.Buffer
	con := &console{err: &statusLine{w: &said}}
	con.fail(usage("read \x1b[31m%s\nand more\n", "it"), "do\nthis")
	if want := "error: read ␛[31mit; and more\nhint: do; this\n"; said.String() != want {
		t.Errorf("got %q, want %q", said.String(), want)
	}
}
