package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"stance/pipeline"
	"stance/pipeline/news"
	"stance/pipeline/report"
	"stance/pipeline/store"
)

func newRun(con *console) *cobra.Command {
	s, asJSON := defaultSettings(), false
	cmd := &cobra.Command{
		Use:   "run --in PATH --out FOLDER",
		Short: "Label articles and add them to a table",
		Long: "run reads articles (.txt, .html, .jsonl, .json, .csv and .parquet, also as .gz and .zst), finds the actors of each\n" +
			"paragraph, asks the model where each of them stands, and adds the rows to the table in --out.\n\n" +
			"Articles that the table has are not labelled again. Whenever a run is stopped, the same command goes on where it\n" +
			"stopped. What cannot be read becomes a line in the run's rejects file; all the rest is labelled.\n\n" +
			"Every setting is taken from its flag, else from its variable, else from the file named with --config, else from its\n" +
			"default. The file is TOML, with the names of the flags as keys:\n\n" +
			"  in = [\"crawl/\"]\n  out = \"labels/\"\n  [map]\n  text = \"body_html\"\n\n" +
			"To share a night between machines, start it N times with --shard 0/N to N-1/N, in any order and as often as need\n" +
			"be, and then `stance commit`. With --shard auto/N the share is the scheduler's: JOB_COMPLETION_INDEX of Kubernetes\n" +
			"or SLURM_ARRAY_TASK_ID of Slurm.\n\n" +
			summaryHelp + "\n" + exitCodesHelp(),
		Example: "  stance run --in crawl/ --out labels/\n" +
			"  stance run --config night.toml --run-date 2026-01-31 --json\n" +
			"  zcat today.jsonl.gz | stance run --in - --out labels/\n" +
			"  stance run --in crawl/ --out labels/ --shard auto/8",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := s.resolve(cmd, con.getenv); err != nil {
				return err
			}
			if len(s.In) == 0 {
				return hint(usage("run: no input is named"), "name files or folders with --in, STANCE_IN, or in = [...] in the --config file")
			}
			if s.Out == "" && !s.DryRun {
				return hint(usage("run: no output folder is named"), "name one with --out, STANCE_OUT, or out = ... in the --config file")
			}
			c, err := s.pipeline(con)
			if err != nil {
				return err
			}
			if err := c.Validate(); err != nil {
				return usageError{err}
			}
			con.log.Debug("settings", "in", c.Inputs, "out", c.Out, "model", c.Model, "actors", c.Actors, "runtime", c.Runtime, "workers", c.Workers)
			show, done := con.progress()
			c.Progress = show
			summary, err := pipeline.Run(cmd.Context(), c)
			done()
			if err != nil {
				return err
			}
			if c.Shards > 0 {
				con.log.Info("shard is staged; publish the run with `stance commit` once all are", "shard", c.Shard, "of", c.Shards)
			}
			if summary.Articles == 0 {
				con.log.Warn("the input holds no article at all", "in", s.In)
			}
			return con.summarize(cmd.Context(), summary, asJSON)
		},
	}
	s.flags(cmd, "in", "out", "model", "actors", "runtime", "map", "run-date", "shard", "workers", "limit", "part-rows", "fresh", "dry-run")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the summary as a JSON object")
	return cmd
}

// summaryHelp documents what --json prints.
const summaryHelp = `With --json, standard output is one object: run_id, run_date, out; articles, the sum of labelled, duplicates, skipped
and rejected; paragraphs; rows; labels (rows per label); left_out (articles per reason); parts (paths below out);
resumed (went on with an earlier attempt); already (there was nothing to do); seconds; rows_per_second; stages (seconds
per stage); peak_memory_bytes.
`

// summary is the object that summaryHelp documents. Its fields are only ever added to.
type summary struct {
	RunID           string               `json:"run_id"`
	RunDate         string               `json:"run_date"`
	Out             string               `json:"out"`
	Articles        int64                `json:"articles"`
	Labelled        int64                `json:"labelled"`
	Duplicates      int64                `json:"duplicates"`
	Skipped         int64                `json:"skipped"`
	Rejected        int64                `json:"rejected"`
	Paragraphs      int64                `json:"paragraphs"`
	Rows            int64                `json:"rows"`
	Labels          map[news.Label]int64 `json:"labels"`
	Left            map[string]int64     `json:"left_out"`
	Parts           []string             `json:"parts"`
	Resumed         bool                 `json:"resumed"`
	Already         bool                 `json:"already"`
	Seconds         float64              `json:"seconds"`
	RowsPerSecond   float64              `json:"rows_per_second"`
	Stages          map[string]float64   `json:"stages"`
	PeakMemoryBytes int64                `json:"peak_memory_bytes"`
}

// topActors is how many lines the table of who is for and against has.
const topActors = 20

// summarize prints what became of a run. Its error is errRejects where all went well but for rejected input.
func (c *console) summarize(ctx context.Context, s pipeline.Summary, asJSON bool) error {
	var err error
	switch {
	case asJSON:
		s.Labels, s.Left, s.Stages = filled(s.Labels), filled(s.Left), filled(s.Stages)
		s.Parts = append([]string{}, s.Parts...)
		err = report.JSON(c.out, summary(s))
	case !c.quiet:
		err = c.writeSummary(ctx, s)
	}
	if s.Rejected > 0 && unread(err) == nil {
		err = errRejects
	}
	return err
}

// filled makes an absent map an empty one, so that the JSON object always has the same shape.
func filled[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return m
}

func (c *console) writeSummary(ctx context.Context, s pipeline.Summary) error {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-12s%s\n", name, report.Printable(fmt.Sprintf(format, args...)))
	}
	state := ""
	switch {
	case s.Already:
		state = ", which was done before"
	case s.Resumed:
		state = ", taken up where it stopped"
	}
	line("run", "%s%s", cmp.Or(s.RunID, "none: nothing was labelled or written"), state)
	line("articles", "%s: %s labelled, %s duplicates (labelled and marked), %s skipped, %s rejected", report.Count(s.Articles),
		report.Count(s.Labelled), report.Count(s.Duplicates), report.Count(s.Skipped), report.Count(s.Rejected))
	for _, reason := range slices.Sorted(maps.Keys(s.Left)) {
		line("", "%s %s", report.Count(s.Left[reason]), reason)
	}
	line("paragraphs", "%s", report.Count(s.Paragraphs))
	line("rows", "%s: %s pro, %s anti, %s neutral", report.Count(s.Rows),
		report.Count(s.Labels[news.Pro]), report.Count(s.Labels[news.Anti]), report.Count(s.Labels[news.Neutral]))
	line("time", "%s, %s rows/s", time.Duration(s.Seconds*float64(time.Second)).Round(time.Second/10), report.Count(int64(s.RowsPerSecond)))
	for _, part := range s.Parts {
		line("part", "%s", filepath.Join(s.Out, part))
	}
	if _, err := io.WriteString(c.out, b.String()); err != nil || len(s.Parts) == 0 {
		return err
	}
	return c.writeSides(ctx, s)
}

// writeSides prints who is for and against by the rows of a published run.
func (c *console) writeSides(ctx context.Context, s pipeline.Summary) error {
	table, err := store.Open(s.Out)
	if err != nil {
		return err
	}
	var tally report.Tally
	for row, err := range table.Rows(ctx, s.RunID) {
		if err != nil {
			return err
		}
		tally.Add(actorOf(row), stanceOf(row), row.DuplicateOf != nil)
	}
	if _, err := fmt.Fprintln(c.out); err != nil {
		return err
	}
	return tally.Write(c.out, c.outStyle, topActors)
}
