package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"

	"stance/pipeline/stance"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"stance": main})
}

// TestScripts runs testdata/script: one file for each command, and one for each way of talking to all of them. Besides
// the usual commands of testscript they have
//
//	exits CODE PROGRAM ARGUMENT...  runs a program and wants that exit code
//	flip FILE                       changes a byte in the middle of a file
//	hold FOLDER                     holds the lock of the table in the folder until the script ends
//
// and the condition [model], which is true where the ONNX Runtime library is. They may use $ACTORS, $MODELS, $NIGHT and $EVAL.
func TestScripts(t *testing.T) {
	library := runtimeLibrary(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, testVariables(t, library)...)
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond != "model" {
				return false, errors.New("no such condition")
			}
			return library != "", nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "flip": flip, "hold": hold},
	})
}

// runtimeLibrary is the ONNX Runtime library of this checkout; empty where it has not been fetched.
func runtimeLibrary(t *testing.T) string {
	t.Helper()
	path, _, err := stance.FindRuntime("", os.Getenv, absolute(t, "../.."))
	if err == nil {
		return absolute(t, path)
	}
	if os.Getenv("STANCE_TEST_RUNTIME") == "required" {
		t.Fatal(err)
	}
	t.Logf("SKIPPING all that needs a model: %v", err)
	return ""
}

func needModel(t *testing.T) (library string) {
	t.Helper()
	if library = runtimeLibrary(t); library == "" {
		t.Skip("no ONNX Runtime library")
	}
	return library
}

// testVariables is the environment of a stance that uses the small models and actors of the tests.
func testVariables(t *testing.T, library string) []string {
	t.Helper()
	models := absolute(t, "../../pipeline/stance/testdata")
	actors := absolute(t, "testdata/actors")
	return []string{
		"MODELS=" + models, "ACTORS=" + actors, "NIGHT=" + absolute(t, "testdata/night.jsonl"), "EVAL=" + absolute(t, "testdata/eval"),
		"STANCE_MODEL=" + filepath.Join(models, "spans"), "STANCE_ACTORS=" + actors, "STANCE_RUNTIME=" + library,
		"COLUMNS=100",
	}
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGUMENT...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit := (*exec.ExitError)(nil)
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

func flip(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		found, err := filepath.Glob(ts.MkAbs(name))
		ts.Check(err)
		if len(found) == 0 {
			ts.Fatalf("there is no %s", name)
		}
		data, err := os.ReadFile(found[0])
		ts.Check(err)
		data[len(data)/2] ^= 1
		ts.Check(os.WriteFile(found[0], data, 0o644))
	}
}

func hold(ts *testscript.TestScript, neg bool, args []string) {
	f, err := os.OpenFile(filepath.Join(ts.MkAbs(args[0]), "_runs", "lock"), os.O_RDWR|os.O_CREATE, 0o644)
	ts.Check(err)
	ts.Check(unix.Flock(int(f.Fd()), unix.LOCK_EX))
	ts.Defer(func() { f.Close() })
}

// start starts stance as its own process.
func start(t *testing.T, library string, stdout, stderr io.Writer, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := &exec.Cmd{Path: exe, Args: append([]string{"stance"}, args...), Stdout: stdout, Stderr: stderr}
	cmd.Env = append(os.Environ(), testVariables(t, library)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	return cmd
}

// exitCode waits for a process, for a minute at most.
func exitCode(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	timer := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer timer.Stop()
	cmd.Wait()
	return cmd.ProcessState.ExitCode()
}

func TestAReaderThatGoesAwayIsNoErrorAndHidesNone(t *testing.T) {
	for _, test := range []struct {
		args []string
		code int
	}{
		{[]string{"version"}, exitDone}, {[]string{"help"}, exitDone}, {[]string{"run", "--help"}, exitDone},
		{[]string{"completion", "bash"}, exitDone}, {[]string{"actors", "list"}, exitDone},
		{[]string{"actors", "check", t.TempDir()}, exitUsage},
	} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		var stderr bytes.Buffer
		cmd := start(t, "", w, &stderr, test.args...)
		w.Close()
		if code := exitCode(t, cmd); code != test.code || (code == exitDone) != (stderr.Len() == 0) {
			t.Errorf("stance %v: exit code %d, %s", test.args, code, &stderr)
		}
	}
}
