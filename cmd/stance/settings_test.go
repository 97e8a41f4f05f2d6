package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

// resolved gives the settings that result from arguments, variables and a settings file.
func resolved(t *testing.T, args []string, variables map[string]string, file string) (*settings, error) {
	t.Helper()
	if file != "" {
		path := filepath.Join(t.TempDir(), "night.toml")
		if err := os.WriteFile(path, []byte(file), 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--config", path)
	}
	s := &settings{Workers: 2}
	getenv := func(name string) string { return variables[name] }
	var err error
	cmd := &cobra.Command{
		SilenceErrors: true, SilenceUsage: true,
		RunE: func(cmd *cobra.Command, _ []string) error { err = s.resolve(cmd, getenv); return nil },
	}
	var names []string
	for _, set := range s.table() {
		names = append(names, set.name)
	}
	s.flags(cmd, names...)
	cmd.SetArgs(args)
	cmd.SetOut(io.Discard)
	if err := cmd.Execute(); err != nil {
		t.Fatal(err)
	}
	return s, err
}

func TestSettingsComeFromFlagsOverVariablesOverFileOverDefaults(t *testing.T) {
	file := "workers = 3\nout = 'file'\nin = ['a', 'b']\n[map]\ntext = 'body, html'\n"
	tests := []struct {
		name      string
		args      []string
		variables map[string]string
		file      string
		want      settings
	}{
		{"defaults", nil, nil, "", settings{Workers: 2}},
		{"file", nil, nil, file, settings{Workers: 3, Out: "file", In: []string{"a", "b"}, Map: map[string]string{"text": "body, html"}}},
		{
			"variables over the file", nil,
			map[string]string{"STANCE_WORKERS": "4", "STANCE_IN": "c:d e", "STANCE_MAP": "text=t,url=u", "STANCE_OUT": ""}, file,
			settings{Workers: 4, Out: "file", In: []string{"c", "d e"}, Map: map[string]string{"text": "t", "url": "u"}},
		},
		{
			"flags over variables", []string{"--workers", "5", "--in", "x:y", "--in", "z,w", "--map", "text=q", "--fresh"},
			map[string]string{"STANCE_WORKERS": "4", "STANCE_IN": "c", "STANCE_MAP": "url=u", "STANCE_FRESH": "false"}, file,
			settings{Workers: 5, Out: "file", In: []string{"x:y", "z,w"}, Map: map[string]string{"text": "q"}, Fresh: true},
		},
		{"a flag that repeats the default still wins", []string{"--workers", "2"}, map[string]string{"STANCE_WORKERS": "4"}, file,
			settings{Workers: 2, Out: "file", In: []string{"a", "b"}, Map: map[string]string{"text": "body, html"}}},
		{"a file of other writings", nil, nil, "run-date = 2026-01-31\nin = \"one\"\ndry-run = true\nmap.text = 'x'\nmap.url = 'y'\n",
			settings{Workers: 2, RunDate: "2026-01-31", In: []string{"one"}, DryRun: true, Map: map[string]string{"text": "x", "url": "y"}}},
		{"the file is named by a variable", nil, map[string]string{"STANCE_CONFIG": "testdata/workers.toml"}, "", settings{Workers: 7, config: "testdata/workers.toml"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := resolved(t, test.args, test.variables, test.file)
			if err != nil {
				t.Fatal(err)
			}
			if test.file != "" {
				s.config = ""
			}
			if diff := cmp.Diff(&test.want, s, cmp.AllowUnexported(settings{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWrongSettingsAreNamedWithTheirPlace(t *testing.T) {
	tests := []struct {
		name      string
		variables map[string]string
		file      string
		want      string
	}{
		{"unknown key", nil, "workers = 3\n\nwrokers = 4\n", `night.toml:3: unknown key "wrokers"`},
		{"unknown table", nil, "workers = 3\n[maps]\ntext = 'x'\n", `night.toml:2: unknown key "maps"`},
		{"wrong type", nil, "out = 'x'\nworkers = 'many'\n", `night.toml:2: "many" is no value for "workers" (int)`},
		{"a list where one value is wanted", nil, "out = ['a', 'b']\n", `night.toml:1: "out" wants one value, not 2`},
		{"numbers in a list", nil, "in = [1]\n", `night.toml:1: "in": a list holds quoted texts only`},
		{"numbers in the map", nil, "[map]\ntext = 1\n", `night.toml:1: "map": "text" is not a quoted text`},
		{"a fraction", nil, "workers = 1.5\n", `night.toml:1: "workers": neither a text`},
		{"bad syntax", nil, "out = 'x'\nworkers 3\n", `night.toml:2: `},
		{"the same key twice", nil, "workers = 1\nworkers = 2\n", `night.toml:`},
		{"a variable of the wrong type", map[string]string{"STANCE_WORKERS": "many"}, "", `variable STANCE_WORKERS: "many" is no value`},
		{"a map that is none", map[string]string{"STANCE_MAP": "text"}, "", `variable STANCE_MAP: "text" is no value`},
		{"no such file", map[string]string{"STANCE_CONFIG": "nosuch.toml"}, "", `nosuch.toml`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := resolved(t, nil, test.variables, test.file)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			if code, _ := verdict(err); code != exitUsage {
				t.Errorf("exit code %d, want %d", code, exitUsage)
			}
		})
	}
}

func TestEverySettingIsComplete(t *testing.T) {
	for _, set := range defaultSettings().table() {
		if set.help == "" || set.target == nil || set.variable() != strings.ToUpper(set.variable()) {
			t.Errorf("%+v", set)
		}
	}
	if got := (setting{name: "run-date"}).variable(); got != "STANCE_RUN_DATE" {
		t.Errorf("variable %s", got)
	}
}

func FuzzParseSettings(f *testing.F) {
	for _, s := range []string{"", "in = ['a']", "[map]\ntext = 'x'", "map.text = 'x'", "[[map]]", "a.b.c = 1", "in = [[1]]", "x = 2026-01-31", "\xff"} {
		f.Add([]byte(s))
	}
	names := []string{"in", "out", "map", "x"}
	f.Fuzz(func(t *testing.T, data []byte) {
		found, err := parseSettings(data, names)
		if err != nil {
			return
		}
		for name, s := range found {
			if s.line < 1 || s.line > strings.Count(string(data), "\n")+1 || s.values == nil {
				t.Errorf("%s: %+v", name, s)
			}
		}
	})
}

func TestParseShard(t *testing.T) {
	tests := []struct {
		name, text    string
		variables     map[string]string
		shard, shards int
		wrong         bool
	}{
		{"nothing means no shards", "", nil, 0, 0, false},
		{"first of one", "0/1", nil, 0, 1, false},
		{"last of eight", "7/8", nil, 7, 8, false},
		{"Kubernetes", "auto/8", map[string]string{"JOB_COMPLETION_INDEX": "3"}, 3, 8, false},
		{"Slurm", "auto/8", map[string]string{"SLURM_ARRAY_TASK_ID": "0"}, 0, 8, false},
		{"no scheduler", "auto/8", nil, 0, 0, true},
		{"a scheduler that counts too far", "auto/8", map[string]string{"SLURM_ARRAY_TASK_ID": "8"}, 0, 0, true},
		{"counted from one", "8/8", nil, 0, 0, true},
		{"negative", "-1/8", nil, 0, 0, true},
		{"no count", "3", nil, 0, 0, true},
		{"no shards", "0/0", nil, 0, 0, true},
		{"no number", "a/b", nil, 0, 0, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			shard, shards, err := parseShard(test.text, func(name string) string { return test.variables[name] })
			if (err != nil) != test.wrong || err == nil && (shard != test.shard || shards != test.shards) {
				t.Errorf("got %d/%d, %v", shard, shards, err)
			}
		})
	}
}
