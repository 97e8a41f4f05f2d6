package ingest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// listed lists and returns the paths relative to the folder.
func listed(t *testing.T, folder string, patterns ...string) (paths []string) {
	t.Helper()
	var c Config
	for _, p := range patterns {
		c.Inputs = append(c.Inputs, filepath.Join(folder, p))
	}
	inputs, err := List(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range inputs {
		paths = append(paths, strings.TrimPrefix(in.Path, folder+"/"))
	}
	return paths
}

func TestListExpandsFoldersAndGlobs(t *testing.T) {
	folder := write(t, map[string]string{
		"a.txt": "a", "b.jsonl": "b", "deep/c.txt": "c", "deep/er/d.txt": "d", "deep/er/e.csv": "e", "[f].txt": "f", "unknown.pdf": "u",
		".hidden.txt": "h", ".git/g.txt": "g", "README.md": "r", "readme.txt": "r", "_SUCCESS": "", "a.txt.sha256": "s", "deep/run.log": "l",
	})
	all := []string{"[f].txt", "a.txt", "b.jsonl", "deep/c.txt", "deep/er/d.txt", "deep/er/e.csv", "unknown.pdf"}
	for _, test := range []struct {
		name     string
		patterns []string
		want     []string
	}{
		{"a folder, with all folders in it", []string{"."}, all},
		{"a folder with a slash behind it", []string{"deep/"}, []string{"deep/c.txt", "deep/er/d.txt", "deep/er/e.csv"}},
		{"a file by its name", []string{"b.jsonl"}, []string{"b.jsonl"}},
		{"a hidden file by its name", []string{".hidden.txt"}, []string{".hidden.txt"}},
		{"a readme by its name", []string{"readme.txt"}, []string{"readme.txt"}},
		{"a name that looks like a glob", []string{"[f].txt"}, []string{"[f].txt"}},
		{"a glob", []string{"*.txt"}, []string{"[f].txt", "a.txt"}},
		{"a glob that matches a folder", []string{"d*"}, []string{"deep/c.txt", "deep/er/d.txt", "deep/er/e.csv"}},
		{"a glob within a path", []string{"*/er/*.csv"}, []string{"deep/er/e.csv"}},
		{"a glob through all folders", []string{"**/*.txt"}, []string{"[f].txt", "a.txt", "deep/c.txt", "deep/er/d.txt"}},
		{"a glob through all folders below one", []string{"deep/**/*.txt"}, []string{"deep/c.txt", "deep/er/d.txt"}},
		{"two stars alone", []string{"**"}, all},
		{"two stars twice", []string{"**/**/d.txt"}, []string{"deep/er/d.txt"}},
		{"a hidden file by a glob that says so", []string{".h*"}, []string{".hidden.txt"}},
		{"the same file in many ways", []string{"a.txt", ".", "*.txt", "./deep/../a.txt", "**/a.txt"}, all},
	} {
		if diff := cmp.Diff(test.want, listed(t, folder, test.patterns...)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", test.name, diff)
		}
		slices.Reverse(test.patterns)
		if diff := cmp.Diff(test.want, listed(t, folder, test.patterns...)); diff != "" {
			t.Errorf("%s, in reverse: (-want +got)\n%s", test.name, diff)
		}
	}
}

func TestListFollowsLinksOnce(t *testing.T) {
	folder := write(t, map[string]string{"in/a.txt": "a", "in/deep/b.txt": "b", "out/c.txt": "c"})
	for link, target := range map[string]string{
		"in/deep/loop": "../..", "in/self": ".", "in/outside": "../out", "in/latest.txt": "a.txt", "in/z-c.txt": "../out/c.txt",
	} {
		if err := os.Symlink(target, filepath.Join(folder, link)); err != nil {
			t.Skip(err)
		}
	}
	want := []string{"in/a.txt", "in/deep/b.txt", "in/deep/loop/out/c.txt"}
	if diff := cmp.Diff(want, listed(t, folder, "in")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(listed(t, folder, "in", "out"), listed(t, folder, "out", "in")); diff != "" {
		t.Errorf("the order of the inputs matters:\n%s", diff)
	}
	if got := listed(t, folder, "in/**/*.txt"); len(got) != 3 {
		t.Errorf("a glob found %q", got)
	}
}

func TestListHashesWhatIsThere(t *testing.T) {
	folder := write(t, map[string]string{"a.txt": "abc"})
	inputs, err := List(t.Context(), Config{Inputs: []string{folder, "-"}, Stdin: strings.NewReader("not touched")})
	if err != nil {
		t.Fatal(err)
	}
	want := []Input{{Path: "-"}, {Path: folder + "/a.txt", Bytes: 3, SHA256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}}
	if diff := cmp.Diff(want, inputs); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestListRefusesWhatIsMissing(t *testing.T) {
	folder := write(t, map[string]string{"a.txt": "a"})
	for _, missing := range []string{"b.txt", "*.csv", "nowhere/*.txt", "**/*.csv", "nowhere/**"} {
		_, err := List(t.Context(), Config{Inputs: []string{folder, filepath.Join(folder, missing)}})
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), missing) {
			t.Errorf("%s: got error %v", missing, err)
		}
	}
	if _, err := List(t.Context(), Config{Inputs: []string{""}}); err == nil {
		t.Error("an empty name lists the current folder")
	}
}

func TestListSaysWhatIsWrongWithAGlob(t *testing.T) {
	folder := write(t, map[string]string{"a.txt": "a", "[b": "b"})
	for _, bad := range []string{"[a", "[]a]*.txt", "nowhere/*/[a", "*.txt\\", "**/[a-]", "[a/b].txt"} {
		_, err := List(t.Context(), Config{Inputs: []string{filepath.Join(folder, bad)}})
		if !errors.Is(err, filepath.ErrBadPattern) || !strings.Contains(err.Error(), "close its bracket") {
			t.Errorf("%s: got error %v", bad, err)
		}
	}
	if diff := cmp.Diff([]string{"[b"}, listed(t, folder, "[b")); diff != "" {
		t.Errorf("a file of that name: (-want +got)\n%s", diff)
	}
}

func TestListPassesOverTheFolderToSkip(t *testing.T) {
	folder := write(t, map[string]string{"in/a.txt": "a", "in/table/part.parquet": "p", "in/table/deep/b.txt": "b", "in/table2/c.txt": "c"})
	for link, target := range map[string]string{"in/other": "table", "in/one.txt": "table/deep/b.txt", "way": "in"} {
		if err := os.Symlink(target, filepath.Join(folder, link)); err != nil {
			t.Skip(err)
		}
	}
	t.Chdir(folder)
	list := func(skip, in string) (paths []string, err error) {
		inputs, err := List(t.Context(), Config{Inputs: []string{in}, Skip: skip})
		for _, in := range inputs {
			paths = append(paths, in.Path)
		}
		return paths, err
	}
	for _, skip := range []string{"in/table", "./way/table/", filepath.Join(folder, "in/other")} {
		for _, in := range []string{"in", "in/*", "in/**", "in/**/*", "[i]n/*"} {
			got, err := list(skip, in)
			if diff := cmp.Diff([]string{"in/a.txt", "in/table2/c.txt"}, got); diff != "" || err != nil {
				t.Errorf("%s without %s: %v (-want +got)\n%s", in, skip, err, diff)
			}
		}
		for _, in := range []string{"in/table", "in/table/deep", "in/table/part.parquet", "way/table/deep/b.txt", "in/one.txt", "in/table/*.parquet", "in/table/**"} {
			if got, err := list(skip, in); err == nil || !strings.Contains(err.Error(), "holds the table") || !strings.Contains(err.Error(), in) {
				t.Errorf("%s without %s: got %q and error %v", in, skip, got, err)
			}
		}
		if _, err := list(skip, "in/o*"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a glob that matches nothing else: got error %v", err)
		}
	}
	if got, err := list("nowhere", "in/table"); err != nil || len(got) != 2 {
		t.Errorf("a folder to skip that is missing: got %q and error %v", got, err)
	}
}

func TestValidateNamesFieldValueAndCure(t *testing.T) {
	sound := Config{Inputs: []string{"."}}
	for _, test := range []struct {
		name   string
		change func(*Config)
		want   string // words of the error, or nothing
	}{
		{"defaults", func(c *Config) {}, ""},
		{"a map", func(c *Config) { c.Map = map[string]string{"text": "fields.Body_HTML"} }, ""},
		{"no inputs", func(c *Config) { c.Inputs = nil }, "name a file"},
		{"an input without a name", func(c *Config) { c.Inputs = []string{"a.txt", ""} }, `input 2 of 2 is "": it names nothing: drop it`},
		{"standard input that is not there", func(c *Config) { c.Inputs = []string{"-"} }, `"-"`},
		{"a field that is not ours", func(c *Config) { c.Map = map[string]string{"words": "text"} }, `"words": no such field; choose from id, url`},
		{"a name that is none", func(c *Config) { c.Map = map[string]string{"text": " "} }, `"text"`},
		{"a limit under zero", func(c *Config) { c.MaxRecordBytes = -1 }, "max record bytes is -1"},
	} {
		c := sound
		test.change(&c)
		switch err := c.Validate(); {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", test.name, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: got error %v, want one with %q", test.name, err, test.want)
		}
	}
}
