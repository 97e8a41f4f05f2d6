package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"stance/pipeline"
	"stance/pipeline/stance"
)

// settings is everything that can be set: by a flag, else by an environment variable, else in the file named with
// --config, else by default.
type settings struct {
	In       []string
	Out      string
	Model    string
	Actors   string
	Runtime  string
	Map      map[string]string
	RunDate  string
	Shard    string
	Workers  int
	Limit    int
	PartRows int
	Fresh    bool
	DryRun   bool

	config string // the settings file
}

// setting declares one of them. Its name is the flag and the key in the file; its variable follows from the name.
type setting struct {
	name   string
	target any    // *string, *int, *bool, *[]string or *map[string]string; what it holds is the default
	help   string // the `quoted` word stands for the value
}

func (s setting) variable() string {
	return "STANCE_" + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
}

// table is the one declaration of flags, variables, keys, defaults and help.
func (s *settings) table() []setting {
	return []setting{
		{"in", &s.In, "articles: `PATH` of a file, a folder, a \"glob\", or - for stdin; repeatable"},
		{"out", &s.Out, "`FOLDER` of the table"},
		{"model", &s.Model, "`FOLDER` of the model bundle (default " + homeModel + ")"},
		{"actors", &s.Actors, "`FOLDER` of the actors (default " + homeActors + ")"},
		{"runtime", &s.Runtime, "`PATH` of the ONNX Runtime library or folder (default " + homeRuntime + ")"},
		{"map", &s.Map, "what records call a field, `FIELD=NAME` such as text=body_html; repeatable"},
		{"run-date", &s.RunDate, "`DATE` of the partition, such as 2026-01-31 (default today in UTC)"},
		{"shard", &s.Shard, "label share `I/N` of the articles and leave it to commit; I from 0, or auto"},
		{"workers", &s.Workers, "`NUMBER` of articles at work at once"},
		{"limit", &s.Limit, "`NUMBER` of articles after which to stop; 0 means never"},
		{"part-rows", &s.PartRows, "`NUMBER` of rows after which a part is full; 0 means what suits readers"},
		{"fresh", &s.Fresh, "forget what an earlier run over the same input left, finished or not"},
		{"dry-run", &s.DryRun, "read everything, but label and write nothing"},
	}
}

func defaultSettings() *settings {
	return &settings{Workers: runtime.GOMAXPROCS(0)}
}

// flags gives a command the named settings as flags.
func (s *settings) flags(cmd *cobra.Command, names ...string) {
	fs := cmd.Flags()
	fs.SortFlags = false
	for _, set := range s.table() {
		if !slices.Contains(names, set.name) {
			continue
		}
		help := set.help + " [$" + set.variable() + "]"
		switch p := set.target.(type) {
		case *string:
			fs.StringVar(p, set.name, *p, help)
		case *int:
			fs.IntVar(p, set.name, *p, help)
		case *bool:
			fs.BoolVar(p, set.name, *p, help)
		case *[]string:
			fs.StringArrayVar(p, set.name, *p, help)
		case *map[string]string:
			fs.StringToStringVar(p, set.name, *p, help)
			fs.Lookup(set.name).DefValue = "" // or the help would say: (default [])
		}
	}
	fs.StringVar(&s.config, "config", "", "TOML `FILE` with the flags as keys, such as workers = 4 [$STANCE_CONFIG]")
}

// resolve fills in what no flag has set. After it, the settings are what the command is to work with.
func (s *settings) resolve(cmd *cobra.Command, getenv func(string) string) error {
	file := map[string]fileSetting{}
	if s.config = cmp.Or(s.config, getenv("STANCE_CONFIG")); s.config != "" {
		var names []string
		for _, set := range s.table() {
			names = append(names, set.name)
		}
		var err error
		if file, err = readSettings(s.config, names); err != nil {
			return err
		}
	}
	for _, set := range s.table() {
		flag := cmd.Flags().Lookup(set.name)
		if flag == nil || flag.Changed {
			continue
		}
		if text := getenv(set.variable()); text != "" {
			values := []string{text}
			if _, isList := flag.Value.(pflag.SliceValue); isList {
				values = filepath.SplitList(text)
			}
			if err := assign(flag, values); err != nil {
				return usage("read variable %s: %w", set.variable(), err)
			}
		} else if entry, ok := file[set.name]; ok {
			if err := assign(flag, entry.values); err != nil {
				return usage("read settings %s:%d: %w", s.config, entry.line, err)
			}
		}
	}
	return nil
}

// assign gives a flag its values; only lists and maps take any number but one.
func assign(flag *pflag.Flag, values []string) error {
	if list, ok := flag.Value.(pflag.SliceValue); ok {
		return list.Replace(values)
	}
	if flag.Value.Type() != "stringToString" && len(values) != 1 {
		return fmt.Errorf("%q wants one value, not %d", flag.Name, len(values))
	}
	for _, v := range values {
		if err := flag.Value.Set(v); err != nil {
			return fmt.Errorf("%q is no value for %q (%s)", v, flag.Name, flag.Value.Type())
		}
	}
	return nil
}

// pipeline turns settings into the pipeline's own, with the things that come with stance found in its home.
func (s *settings) pipeline(con *console) (pipeline.Config, error) {
	c := pipeline.Config{
		Inputs: s.In, Stdin: con.in, Out: s.Out,
		Map: s.Map, Workers: s.Workers, Limit: s.Limit, PartRows: s.PartRows,
		Fresh: s.Fresh, DryRun: s.DryRun, Version: buildInfo().version,
	}
	var err error
	if c.RunDate, err = parseRunDate(s.RunDate); err != nil {
		return c, err
	}
	if c.Shard, c.Shards, err = parseShard(s.Shard, con.getenv); err != nil {
		return c, err
	}
	if c.Model, err = s.modelPath(con); err != nil {
		return c, err
	}
	if c.Runtime, err = s.runtimePath(con); err != nil {
		return c, err
	}
	if _, err = s.inventory(con); err != nil { // loaded here only for its hint, before any work
		return c, err
	}
	c.Actors, err = s.actorsPath(con)
	return c, err
}

// modelPath, actorsPath and runtimePath are what the settings name, or else what comes with stance.

func (s *settings) modelPath(con *console) (string, error) {
	if s.Model != "" {
		return s.Model, nil
	}
	path, err := findHome(con.getenv).find(homeModel)
	if err != nil {
		return "", fmt.Errorf("%w: %w", stance.ErrBundle, err)
	}
	return path, nil
}

func (s *settings) actorsPath(con *console) (string, error) {
	if s.Actors != "" {
		return s.Actors, nil
	}
	path, err := findHome(con.getenv).find(homeActors)
	if err != nil {
		return "", hint(usageError{err}, "name the folder of the actors with --actors or STANCE_ACTORS")
	}
	return path, nil
}

func (s *settings) runtimePath(con *console) (string, error) {
	path, _, err := stance.FindRuntime(s.Runtime, con.getenv, findHome(con.getenv)...)
	return path, err
}

func parseRunDate(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	date, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return date, hint(usage("read run-date %q: not a date", text), "write it as 2026-01-31")
	}
	return date, nil
}

// parseShard reads I/N; no text stands for no sharding, 0 of 0. Where I is "auto", a scheduler has put it into the environment: Kubernetes for indexed jobs,
// Slurm for arrays, both from 0.
func parseShard(text string, getenv func(string) string) (shard, shards int, err error) {
	if text == "" {
		return 0, 0, nil
	}
	const cure = "write I/N with I from 0 to N-1, such as 0/8, or auto/8 under Kubernetes or Slurm"
	index, count, _ := strings.Cut(text, "/")
	if index == "auto" {
		if index = cmp.Or(getenv("JOB_COMPLETION_INDEX"), getenv("SLURM_ARRAY_TASK_ID")); index == "" {
			return 0, 0, hint(usage("read shard %q: neither JOB_COMPLETION_INDEX nor SLURM_ARRAY_TASK_ID is set", text), cure)
		}
	}
	shard, err1 := strconv.Atoi(index)
	shards, err2 := strconv.Atoi(count)
	if err1 != nil || err2 != nil || shard < 0 || shard >= shards {
		return 0, 0, hint(usage("read shard %q: there is no share %s of %q", text, index, count), cure)
	}
	return shard, shards, nil
}
