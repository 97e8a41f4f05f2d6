package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"stance/pipeline"
	"stance/pipeline/actor"
	"stance/pipeline/evaluate"
	"stance/pipeline/news"
	"stance/pipeline/report"
	"stance/pipeline/stance"
)

// evaluation is what `stance eval` was asked for.
type evaluation struct {
	*settings
	data, train, behaviour string
	models                 []string
	json                   bool
	html, errors, export   string
	minMacroF1             float64
	noWorseThan            string
}

func newEval(con *console) *cobra.Command {
	e := &evaluation{settings: defaultSettings()}
	cmd := &cobra.Command{
		Use:   "eval --data SET",
		Short: "Measure models on a labelled set: how good, how sure, where they fail",
		Long: "eval takes the articles of a labelled set through the pipeline with each model and puts the answers beside the gold\n" +
			"labels. Three baselines stand beside the models (the most frequent label; each actor's usual side; a bag of words),\n" +
			"which learn from train.jsonl, and a second reader, where the set keeps two.\n\n" +
			"Two questions are kept apart. macro-F1, accuracy and Cohen's κ: where does each gold actor stand? One that the finder\n" +
			"missed has taken no side. triples' F1: of the (paragraph, actor, pro or anti) that a user gets from raw text, how many\n" +
			"are right, and how many are got? Intervals are 95 %, by bootstrap over articles.\n\n" +
			"A set is JSON lines, an article per line, as `stance labelled check` wants them. A set of somebody else's may also be an\n" +
			"export of Label Studio, or a CSV table with the columns text, actor, label and, where there are any, id, start and end:\n" +
			"where an actor (an id, a name, or author) stands in a text, and from which character to which the text names him. Only\n" +
			"the labelled actors of such a set count, those of a table are given to the models, and triples are not measured.\n\n" +
			"With --json, standard output is one object: format, data, warnings, judges (each with metrics, estimates, slices and,\n" +
			"for models, calibration and behaviour) and comparisons. Its fields are only ever added to.",
		Example: "  stance eval --data data/labelled/dev.jsonl\n" +
			"  stance eval --data dev.jsonl --model models/default --model models/candidate --html report.html\n" +
			"  stance eval --data dev.jsonl --model models/candidate --no-worse-than models/default",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return e.run(cmd, con) },
	}
	e.flags(cmd, "actors", "runtime")
	f := cmd.Flags()
	f.StringVar(&e.data, "data", "", "labelled `SET`: JSON lines, CSV or an export of Label Studio; or -")
	f.StringArrayVar(&e.models, "model", nil, "`FOLDER` of a model bundle; repeatable (default "+homeModel+") [$STANCE_MODEL]")
	f.StringVar(&e.train, "train", "", "`SET` that the baselines learn from (default "+homeTrain+")")
	f.StringVar(&e.behaviour, "behaviour", "", "`FILE` of a behavioural suite to try the models on as well")
	f.StringVar(&e.errors, "errors", "", "write what each model gets wrong to this `FILE`, surest first, as JSON lines")
	f.StringVar(&e.export, "export", "", "write --errors as tasks of `label-studio` or prodigy instead, to be labelled again")
	f.StringVar(&e.html, "html", "", "write a report with plots to this `FILE`")
	f.BoolVar(&e.json, "json", false, "print a JSON object with everything that was measured")
	f.Float64Var(&e.minMacroF1, "min-macro-f1", 0, "fail with exit code 1 where a model's macro-F1 is below this `SHARE`")
	f.StringVar(&e.noWorseThan, "no-worse-than", "", "fail with exit code 1 where a model is certainly worse than the one in this `FOLDER`")
	cmd.MarkFlagRequired("data")
	return cmd
}

func (e *evaluation) run(cmd *cobra.Command, con *console) error {
	ctx := cmd.Context()
	if err := e.resolve(cmd, con.getenv); err != nil {
		return err
	}
	if _, ok := tools[e.export]; e.export != "" && (!ok || e.errors == "") {
		return hint(usage("export %q: errors are written as tasks of label-studio or prodigy", e.export), "name one of the two, and the file with --errors")
	}
	inv, err := e.inventory(con)
	if err != nil {
		return err
	}
	finder := actor.NewFinder(inv)
	given, data, err := readOutside(con, e.data, finder)
	if err != nil {
		return err
	}
	if e.train == "" {
		if e.train, err = findHome(con.getenv).find(homeTrain); err != nil {
			return hint(usageError{err}, "name the set that the baselines learn from with --train")
		}
	}
	train, _, err := readSet(con, e.train)
	if err != nil {
		return fmt.Errorf("learn baselines: %w", err)
	}
	suite, err := e.suite(con)
	if err != nil {
		return err
	}
	models, err := e.open(ctx, con)
	for _, m := range models {
		defer m.Close()
	}
	if err != nil {
		return err
	}
	what := pipeline.Evaluation{Outside: given, Data: data, Train: train, TrainPath: e.train, Suite: suite, Inventory: inv, Finder: finder}
	for _, m := range models {
		what.Models = append(what.Models, m)
	}
	r, scored, err := pipeline.Evaluate(ctx, what)
	if err != nil {
		return err
	}

	if e.errors != "" {
		write := func(w io.Writer) error { return writeWrong(w, scored) }
		if e.export != "" {
			write = func(w io.Writer) error { return tools[e.export].write(w, evaluate.Again(given.Set, scored)) }
		}
		if err := writeFile(e.errors, write); err != nil {
			return err
		}
	}
	if e.html != "" {
		page := evaluationPage(r, scored)
		if err := writeFile(e.html, func(w io.Writer) error { return report.HTML(w, page) }); err != nil {
			return err
		}
	}
	if e.json {
		err = report.JSON(con.out, r)
	} else {
		err = writeEvaluation(con, r)
	}
	if err := unread(err); err != nil {
		return err
	}
	return e.gate(r, scored)
}

// suite reads the behavioural suite, where one was named.
func (e *evaluation) suite(con *console) ([]evaluate.Behaviour, error) {
	if e.behaviour == "" {
		return nil, nil
	}
	text, err := read(con, e.behaviour)
	if err != nil {
		return nil, err
	}
	suite, err := evaluate.ReadBehaviour(bytes.NewReader(text))
	if err != nil {
		return nil, hint(usageError{fmt.Errorf("read %q: %w", e.behaviour, firstFault(err))}, "name a behavioural suite with --behaviour, such as data/labelled/behaviour.jsonl")
	}
	return suite, nil
}

// named is a model under the name that it has in a report.
type named struct {
	*stance.Model
	name string
}

func (n named) ID() string { return n.name }

// open opens the models, each under its id, or under its folder where two have the same.
func (e *evaluation) open(ctx context.Context, con *console) ([]named, error) {
	folders := e.models
	if len(folders) == 0 {
		e.Model = con.getenv("STANCE_MODEL")
		folder, err := e.modelPath(con)
		if err != nil {
			return nil, err
		}
		folders = []string{folder}
	}
	if e.noWorseThan != "" { // stands first, so that gate finds it
		same := func(folder string) bool { return filepath.Clean(folder) == filepath.Clean(e.noWorseThan) }
		folders = append([]string{e.noWorseThan}, slices.DeleteFunc(slices.Clone(folders), same)...)
	}
	library, err := e.runtimePath(con)
	if err != nil {
		return nil, err
	}
	var out []named
	ids := map[string]int{}
	for _, folder := range folders {
		m, err := stance.Open(ctx, stance.Config{Bundle: folder, Runtime: library})
		if err != nil {
			return out, err
		}
		ids[m.ID()]++
		out = append(out, named{m, m.ID()})
	}
	for i := range out {
		if ids[out[i].name] > 1 {
			out[i].name = folders[i]
		}
	}
	return out, nil
}

// errGate says that a model is not as good as was asked for.
var errGate = errors.New("not good enough")

func (e *evaluation) gate(r evaluate.Report, models []*evaluate.Scored) error {
	var errs []error
	for _, j := range r.Judges {
		if j.Kind == "model" && j.Metrics.MacroF1 < e.minMacroF1 {
			errs = append(errs, fmt.Errorf("%w: macro-F1 of %s is %.3f, and %.3f is the least (--min-macro-f1)", errGate, j.ID, j.Metrics.MacroF1, e.minMacroF1))
		}
	}
	if e.noWorseThan != "" {
		for _, m := range models[1:] {
			if c := evaluate.Compare(models[0], m); c.MacroF1.High < 0 {
				errs = append(errs, fmt.Errorf("%w: %s (--no-worse-than)", errGate, c))
			}
		}
	}
	return errors.Join(errs...)
}

// wrong is a line of --errors. Its fields are only ever added to.
type wrong struct {
	Model     string             `json:"model"`
	Article   string             `json:"article"`
	Paragraph int                `json:"paragraph"` // in the set, from 0
	Kind      news.ParagraphKind `json:"kind"`
	Actor     string             `json:"actor"`
	Gold      news.Label         `json:"gold"`  // empty where nobody labelled the actor there
	Label     news.Label         `json:"label"` // empty where the finder missed the actor
	PPro      float32            `json:"p_pro"`
	PAnti     float32            `json:"p_anti"`
	PNeutral  float32            `json:"p_neutral"`
	Margin    float32            `json:"margin"`
	Abstained bool               `json:"abstained"`
	How       news.How           `json:"how"`
	Rules     []int              `json:"rules"`
	Text      string             `json:"text"`
}

func writeWrong(w io.Writer, models []*evaluate.Scored) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, m := range models {
		for _, p := range m.Wrong() {
			if err := e.Encode(wrong{m.Judge, p.Article, p.Paragraph, p.Kind, p.Actor.ID, p.Gold, p.Said.Label,
				p.Said.P[0], p.Said.P[1], p.Said.P[2], p.Said.Margin, p.Said.Abstained, p.How, p.Rules, p.Text}); err != nil {
				return err
			}
		}
	}
	return nil
}

func writeFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return hint(usageError{err}, "name a file that this user may write, in a folder that is there")
	}
	defer func() { err = cmp.Or(err, f.Close()) }()
	return write(f)
}

// writeEvaluation prints what fits on a screen.
func writeEvaluation(con *console, r evaluate.Report) error {
	d := r.Data
	var labels []string
	for _, l := range news.Labels {
		labels = append(labels, fmt.Sprintf("%s %.1f %%", l, 100*float64(d.Labels[l])/float64(d.Pairs)))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s articles, %s paragraphs, %s pairs (%s)\n", d.Path, report.Count(int64(d.Articles)), report.Count(int64(d.Paragraphs)), report.Count(int64(d.Pairs)), strings.Join(labels, ", "))
	for _, w := range r.Warnings {
		fmt.Fprintf(&b, "! %s\n", w)
	}
	b.WriteString("\n")
	var rows [][]string
	for _, j := range r.Judges {
		rows = append(rows, []string{j.ID, withInterval(j.Estimates.MacroF1), f3(j.Metrics.SidesF1), f3(j.Metrics.Accuracy), f3(j.Metrics.Kappa), withInterval(j.Estimates.TriplesF1)})
	}
	if err := report.Table(&b, con.outStyle, []string{"", "macro-F1 (95 %)", "pro, anti F1", "accuracy", "κ", "triples' F1 (95 %)"}, rows); err != nil {
		return err
	}
	b.WriteString("\n")
	for _, c := range r.Comparisons {
		fmt.Fprintf(&b, "%s.\n", c)
	}
	for _, j := range r.Judges {
		if j.Kind != "model" {
			continue
		}
		m, c := j.Metrics, j.Calibration
		fmt.Fprintf(&b, "\n%s\n", j.ID)
		for _, l := range news.Labels {
			f := m.Labels[l]
			fmt.Fprintf(&b, "  %-8s F1 %.3f  precision %.3f  recall %.3f\n", l, f.F1, f.Precision, f.Recall)
		}
		if !m.Triples.IsZero() {
			fmt.Fprintf(&b, "  triples  F1 %.3f  precision %.3f  recall %.3f\n", m.Triples.F1, m.Triples.Precision, m.Triples.Recall)
			fmt.Fprintf(&b, "  actors   F1 %.3f  precision %.3f  recall %.3f\n", m.Actors.F1, m.Actors.Precision, m.Actors.Recall)
		}
		if j.Chrome != nil {
			fmt.Fprintf(&b, "  chrome   %d of %d pieces kept as text\n", j.Chrome.Kept, j.Chrome.Of)
		}
		fmt.Fprintf(&b, "  not abstained: %.1f %% of pro and anti rows, of which %.1f %% are right (95 %% %.1f … %.1f)\n", 100*m.Sure.Coverage, 100*m.Sure.Precision, 100*j.Estimates.SurePrecision.Low, 100*j.Estimates.SurePrecision.High)
		fmt.Fprintf(&b, "  calibration: error %.3f, Brier score %.3f; area under risk-coverage %.3f\n", c.ECE, c.Brier, c.AURC)
		if worst := weakest(j.Slices, 5); len(worst) > 0 {
			b.WriteString("  weakest:")
			for _, s := range worst {
				fmt.Fprintf(&b, " %s %s %.2f;", s.By, s.Name, s.MacroF1)
			}
			b.WriteString(" (macro-F1)\n")
		}
		if len(j.Behaviour) > 0 {
			var rows [][]string
			for _, c := range j.Behaviour {
				rows = append(rows, []string{"  " + c.Name, fmt.Sprint(c.Cases), shareOf(c.Failed, c.Cases), shareOf(c.Moved, c.Cases)})
			}
			if err := report.Table(&b, con.outStyle, []string{"  behaviour", "cases", "failed", "moved by names"}, rows); err != nil {
				return err
			}
		}
	}
	_, err := io.WriteString(con.out, b.String())
	return err
}

// weakest are the slices with the lowest macro-F1, of those that say something; sorted by the label itself they would be no figures
// of that kind.
func weakest(all []evaluate.Slice, n int) []evaluate.Slice {
	all = slices.DeleteFunc(slices.Clone(all), func(s evaluate.Slice) bool { return s.Few || s.By == "label" || s.Name == "missed" })
	slices.SortStableFunc(all, func(a, b evaluate.Slice) int { return cmp.Compare(a.MacroF1, b.MacroF1) })
	return all[:min(n, len(all))]
}

func shareOf(part, whole int) string { return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole)) }

// f3 writes a figure; one that was not measured is a dash.
func f3(x float64) string {
	if math.IsNaN(x) {
		return "–"
	}
	return fmt.Sprintf("%.3f", x)
}

func withInterval(e evaluate.Estimate) string {
	if e.IsZero() {
		return f3(e.Value)
	}
	return fmt.Sprintf("%.3f (%.3f - %.3f)", e.Value, e.Low, e.High)
}
