package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// slowNight writes articles of which the model "slow" labels all but the middle one at once, and that one, by one word
// in it, within some seconds. It returns the arguments of a run over them.
func slowNight(t *testing.T, out string) (run []string) {
	t.Helper()
	var b strings.Builder
	for i := range 9 {
		fmt.Fprintf(&b, `{"id": "n%d", "title": "Report %d from Rome", "text": "`, i, i*7919)
		if i == 4 {
			b.WriteString("The slow ")
		}
		fmt.Fprintf(&b, `minister said that Italy will not send troops in week %d, and nobody should expect it to change its mind about this."}`+"\n", i*104729)
	}
	night := filepath.Join(t.TempDir(), "night.jsonl")
	if err := os.WriteFile(night, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	model := absolute(t, "../../pipeline/stance/testdata/slow")
	return []string{"run", "--in", night, "--out", out, "--model", model, "--workers", "1", "--part-rows", "1", "--run-date", "2026-01-31"}
}

// eventually waits until something is so, for a minute at most.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for range 3000 {
		if so() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("there is no %s", what)
}

func TestAnInterruptEndsCleanlyAndTheNextRunGoesOn(t *testing.T) {
	library, out := needModel(t), filepath.Join(t.TempDir(), "labels")
	night := slowNight(t, out)
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		stderr := filepath.Join(t.TempDir(), "stderr")
		f, err := os.Create(stderr)
		if err != nil {
			t.Fatal(err)
		}
		var stdout bytes.Buffer
		cmd := start(t, library, &stdout, f, append(night, "-v")...)
		f.Close()
		eventually(t, "run at work, and a finished part", func() bool {
			said, err := os.ReadFile(stderr)
			parts, _ := filepath.Glob(filepath.Join(out, "_runs", "*", "*.part"))
			return err != nil || strings.Contains(string(said), "msg=settings") && len(parts) > 0
		})
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		code := exitCode(t, cmd)
		said, err := os.ReadFile(stderr)
		if code != exitInterrupted || err != nil {
			t.Fatalf("%v: exit code %d, %v: %s", sig, code, err, said)
		}
		for _, want := range []string{"finishing; once more to end at once", "error: interrupted\n", "hint: what is finished is kept; the same command goes on from there\n"} {
			if bytes.Count(said, []byte(want)) != 1 {
				t.Errorf("%v: no %q in %q", sig, want, said)
			}
		}
		if stdout.Len() > 0 {
			t.Errorf("%v: %q on standard output", sig, &stdout)
		}
	}

	var stdout, stderr bytes.Buffer
	if code := exitCode(t, start(t, library, &stdout, &stderr, night...)); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	if !strings.Contains(stdout.String(), ", taken up where it stopped\narticles    9: 9 labelled") {
		t.Errorf("%.300q", &stdout)
	}
	if code := exitCode(t, start(t, library, nil, &stderr, "verify", out)); code != exitDone {
		t.Errorf("verify: exit code %d: %s", code, &stderr)
	}
}

func TestASecondInterruptEndsAtOnce(t *testing.T) {
	// It writes to a pipe that nobody reads, and so can never finish.
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	stderr, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer stderr.Close()
	const article = `{"id": "n", "title": "Report from Rome", "text": "Italy will not send troops, the minister said, and nobody should expect Italy to change its mind about this."}` + "\n"
	night := filepath.Join(t.TempDir(), "night.jsonl")
	if err := os.WriteFile(night, []byte(strings.Repeat(article, 2000)), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := start(t, "", w, stderr, "actors", "find", night)
	w.Close()
	const pipeBytes = 1 << 16
	eventually(t, "a full pipe", func() bool {
		n, err := unix.IoctlGetInt(int(r.Fd()), unix.TIOCINQ)
		return err != nil || n == pipeBytes
	})
	interrupt := func() {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
	}
	interrupt()
	eventually(t, "an answer to the first interrupt", func() bool {
		said, err := os.ReadFile(stderr.Name())
		return err != nil || strings.Contains(string(said), "once more to end at once")
	})
	interrupt()
	exitCode(t, cmd)
	if status := cmd.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != syscall.SIGINT {
		t.Errorf("it ended with %v", cmd.ProcessState)
	}
}

func TestAnInterruptIsHeardWhileNothingComesFromStandardInput(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd := &exec.Cmd{Path: exe, Args: []string{"stance", "actors", "find", "-"}, Stdin: r, Stderr: &stderr, Env: append(os.Environ(), testVariables(t, "")...)}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r.Close()
	if _, err := w.WriteString("{"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a reader", func() bool {
		n, err := unix.IoctlGetInt(int(w.Fd()), unix.TIOCINQ)
		return err != nil || n == 0
	})
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(t, cmd); code != exitInterrupted {
		t.Errorf("exit code %d: %s", code, &stderr)
	}
}
