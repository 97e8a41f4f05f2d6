package stance

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestFindRuntime(t *testing.T) {
	home, other := t.TempDir(), t.TempDir()
	installed := filepath.Join(home, "models", "runtime", platform(), libraryNames()[0])
	mine := filepath.Join(other, "mine.so")
	inFolder := filepath.Join(other, libraryNames()[0])
	for _, path := range []string{installed, mine, inFolder} {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		writeTestFile(t, "", path)
	}
	missing := filepath.Join(other, "missing.so")
	tests := []struct {
		name  string
		flag  string
		env   map[string]string
		homes []string
		path  string
		from  string // in the answer, or in the error
	}{
		{"the flag goes first", mine, map[string]string{"STANCE_RUNTIME": inFolder}, []string{home}, mine, "flag"},
		{"a folder stands for the library in it", other, nil, nil, inFolder, "flag"},
		{"then the environment", "", map[string]string{"STANCE_RUNTIME": mine, "ONNXRUNTIME_LIB": inFolder}, []string{home}, mine, "STANCE_RUNTIME"},
		{"then the common variable", "", map[string]string{"ONNXRUNTIME_LIB": mine}, []string{home}, mine, "ONNXRUNTIME_LIB"},
		{"then the homes, in order", "", nil, []string{other, home}, installed, filepath.Dir(installed)},
		{"a flag that is wrong is not passed over", missing, nil, []string{home}, "", missing},
		{"a variable that is wrong is not passed over", "", map[string]string{"STANCE_RUNTIME": missing}, []string{home}, "", "STANCE_RUNTIME"},
		{"a folder without a library is wrong", home, nil, []string{home}, "", libraryNames()[0]},
		{"nowhere", "", nil, []string{other}, "", "make runtime"},
		{"no home", "", nil, nil, "", "make runtime"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path, from, err := FindRuntime(test.flag, func(name string) string { return test.env[name] }, test.homes...)
			if test.path == "" {
				if !errors.Is(err, ErrRuntime) || !strings.Contains(err.Error(), test.from) {
					t.Errorf("got %q, %v", path, err)
				}
			} else if path != test.path || from != test.from || err != nil {
				t.Errorf("got %q, %q, %v", path, from, err)
			}
		})
	}
}

// The library is loaded once per process, so each way to fail is tried in a process of its own.
func TestLibrariesThatCannotBeLoadedAreRefused(t *testing.T) {
	if path := os.Getenv("STANCE_TEST_LOAD"); path != "" {
		_, err := loadRuntime(path)
		fmt.Println(errors.Is(err, ErrRuntime), err)
		return
	}
	good, err := os.ReadFile(library(t))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"empty.so":     {},
		"text.so":      []byte("404: Not Found"),
		"cut-early.so": good[:1000],
		"cut-late.so":  good[:len(good)/2],
	} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"empty.so", "text.so", "cut-early.so", "cut-late.so", "missing.so", ".", self} {
		t.Run(filepath.Base(path), func(t *testing.T) {
			if !filepath.IsAbs(path) {
				path = filepath.Join(folder, path)
			}
			command := exec.Command(self, "-test.run=^TestLibrariesThatCannotBeLoadedAreRefused$")
			command.Env = append(os.Environ(), "STANCE_TEST_LOAD="+path)
			out, err := command.CombinedOutput()
			if err != nil || !strings.HasPrefix(string(out), "true") || !strings.Contains(string(out), "make runtime") {
				t.Errorf("got %v\n%s", err, out)
			}
		})
	}
}

func TestSecondLibraryInOneProcessIsRefused(t *testing.T) {
	path := library(t)
	absolute, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, same := range []string{path, path, absolute} {
		if version, err := loadRuntime(same); err != nil || version == "" {
			t.Fatalf("got %q, %v", version, err)
		}
	}
	other, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := loadRuntime(other); !errors.Is(err, ErrRuntime) || !strings.Contains(err.Error(), "already") {
		t.Errorf("got %v", err)
	}
}

// TestFetchScript runs models/runtime/fetch.sh with a curl and an npm of its own, which hand over made-up archives.
func TestFetchScript(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("NOT TESTED: needs a Unix shell")
	}
	script := readTestFile(t, "..", "..", "models", "runtime", "fetch.sh")
	const failing = "#!/bin/sh\necho 'could not reach it' >&2\nexit 7\n"
	const platform, library = "linux-x64", "libonnxruntime.so.1"
	const toOut = "#!/bin/sh\nfor arg; do [ \"$flag\" = -o ] && out=$arg; flag=$arg; done\n"
	release := func(content string) string {
		return toOut + fmt.Sprintf(`d=$(mktemp -d); mkdir -p "$d/onnxruntime-linux-x64-1.30.0/lib"
printf '%s' > "$d/onnxruntime-linux-x64-1.30.0/lib/libonnxruntime.so.1.30.0"
tar -czf "$out" -C "$d" .; rm -r "$d"
`, content)
	}
	npm := func(content string) string {
		return fmt.Sprintf(`#!/bin/sh
d=package/bin/napi-v6/linux/x64; mkdir -p "$d"
printf '%s' > "$d/libonnxruntime.so.1"
tar -czf onnxruntime-node-1.30.0.tgz package; rm -r package
`, content)
	}
	tests := []struct {
		name      string
		curl, npm string
		before    string // what lies there
		after     string // what lies there then
		out       []string
		fails     bool
	}{
		{"nothing is fetched where the right one lies", failing, failing, "release", "release", []string{"is in place"}, false},
		{"the release is tried first", release("release"), npm("npm"), "", "release", []string{"official release"}, false},
		{"npm is the second", failing, npm("npm"), "", "npm", []string{"npm package"}, false},
		{"a wrong one that lies there is replaced", failing, npm("npm"), "old", "npm", []string{"npm package"}, false},
		{"a release with another checksum is not used", release("evil"), npm("npm"), "", "npm", []string{"npm package"}, false},
		{"an archive that is none is not used", toOut + "echo login > \"$out\"\n", npm("npm"), "", "npm", []string{"npm package"}, false},
		{"without either there is one error and one hint", failing, failing, "old", "old",
			[]string{"error: ", "release: could not reach it", "npm: could not reach it", "hint: "}, true},
		{"two wrong ones are an error", release("evil"), npm("evil"), "", "",
			[]string{"error: ", "the official release: the library is not one", "the npm package: the library is not one", "hint: "}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			folder, bin := t.TempDir(), t.TempDir()
			target := filepath.Join(folder, platform, library)
			writeTestFile(t, script, folder, "fetch.sh")
			writeTestFile(t, fmt.Sprintf("# comment\n%x  %s/%s  release\n%x  %s/%s  npm\n", sha256.Sum256([]byte("release")), platform, library,
				sha256.Sum256([]byte("npm")), platform, library), folder, "checksums.txt")
			for name, content := range map[string]string{"curl": test.curl, "npm": test.npm} {
				if err := os.WriteFile(filepath.Join(bin, name), []byte(content), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			if test.before != "" {
				if err := os.Mkdir(filepath.Dir(target), 0o755); err != nil {
					t.Fatal(err)
				}
				writeTestFile(t, test.before, target)
			}
			command := exec.Command("sh", filepath.Join(folder, "fetch.sh"), platform)
			command.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
			out, err := command.CombinedOutput()
			if (err != nil) != test.fails {
				t.Errorf("got %v", err)
			}
			for _, want := range test.out {
				if strings.Count(string(out), want) != 1 {
					t.Errorf("output has not one %q:\n%s", want, out)
				}
			}
			got, _ := os.ReadFile(target)
			if string(got) != test.after {
				t.Errorf("%q lies there, want %q\n%s", got, test.after, out)
			}
			if left, _ := filepath.Glob(filepath.Join(folder, platform, ".fetch*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestPinnedChecksumsAreWellFormed(t *testing.T) {
	platforms := make(map[string]bool)
	for line := range strings.Lines(readTestFile(t, "..", "..", "models", "runtime", "checksums.txt")) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) != 3 || len(fields[0]) != 64 || fields[2] != "release" && fields[2] != "npm" {
			t.Errorf("line %q", line)
			continue
		}
		platforms[filepath.Dir(fields[1])] = true
	}
	for _, want := range []string{"linux-x64", "linux-arm64", "darwin-arm64", "win-x64"} {
		if !platforms[want] {
			t.Errorf("nothing is pinned for %s", want)
		}
	}
}

// The library carries telemetry that would look up a host and leave a database in the user's cache.
func TestTheRuntimeLeavesNothingOutsideAndKeepsQuiet(t *testing.T) {
	if os.Getenv("STANCE_TEST_QUIET") != "" {
		open(t, "testdata/spans")
		return
	}
	path, err := filepath.Abs(library(t))
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	cmd.Env = []string{"STANCE_TEST_QUIET=1", "STANCE_RUNTIME=" + path, "HOME=" + home, "TMPDIR=" + home, "XDG_CACHE_HOME=" + home}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	left, err := filepath.Glob(filepath.Join(home, "*"))
	hidden, _ := filepath.Glob(filepath.Join(home, ".*"))
	if left = append(left, hidden...); err != nil || len(left) > 0 {
		t.Errorf("the process left %q (%v)", left, err)
	}
}
