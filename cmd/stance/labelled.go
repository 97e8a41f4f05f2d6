package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"stance/pipeline/actor"
	"stance/pipeline/evaluate"
	"stance/pipeline/news"
)

func newLabelled(con *console) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "labelled",
		Short:   "Check labelled sets, or take them to a labelling tool and back",
		Example: "  stance labelled check data/labelled\n  stance labelled export --to label-studio data/labelled/dev.jsonl > tasks.json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newLabelledCheck(con), newLabelledExpand(con), newLabelledExport(con), newLabelledImport(con))
	return cmd
}

// errUnsound says that the faults of a labelled set were printed.
var errUnsound = errors.New("the labelled sets have faults")

func newLabelledCheck(con *console) *cobra.Command {
	s, against := defaultSettings(), ""
	cmd := &cobra.Command{
		Use:   "check FOLDER",
		Short: "Check a folder of labelled sets and print its figures",
		Long: "check reads train.jsonl, dev.jsonl and test.jsonl of a folder, with silver.jsonl, behaviour.jsonl and README.md\n" +
			"where they are, and prints every fault: lines that break the format, actors that neither the inventory nor the article\n" +
			"knows, articles and paragraphs that stand in two sets (paragraphs that share half of their runs of five words), figures\n" +
			"and checksums that README.md does not have. Then it prints these figures, as README.md should have them.\n\n" +
			"With --against, it also reads somebody else's text, a paragraph per line, and names every paragraph of the sets that\n" +
			"stands there, at least by half, and how many of the paragraphs that silver.jsonl labels do not.",
		Example: "  stance labelled check data/labelled\n  xz -dc corpus/*.txt.xz | stance labelled check data/labelled --against -",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := s.resolve(cmd, con.getenv); err != nil {
				return err
			}
			inv, err := s.inventory(con)
			if err != nil {
				return err
			}
			known := map[string]bool{}
			for _, a := range inv.Actors() {
				known[a.ID] = true
			}
			if _, err := os.Stat(args[0]); err != nil {
				return usageError{err}
			}
			sets, err := evaluate.ReadSets(os.DirFS(args[0]))
			if err != nil {
				return unsound(con, args[0], err)
			}
			faults := sets.Check(func(id string) bool { return known[id] }, actor.Slug)
			if against != "" {
				text, err := open(con, against)
				if err != nil {
					return err
				}
				defer text.Close()
				copied, err := sets.Outside(text)
				if err != nil {
					return err
				}
				faults = append(faults, copied...)
			}
			if _, err := io.WriteString(con.out, sets.Figures()); unread(err) != nil {
				return err
			}
			return unsound(con, args[0], faults...)
		},
	}
	s.flags(cmd, "actors")
	cmd.Flags().StringVar(&against, "against", "", "a `FILE` of somebody else's text, or -")
	return cmd
}

// unsound prints the faults of a labelled set, where there are any, and fails.
func unsound(con *console, name string, faults ...error) error {
	if len(faults) == 0 {
		return nil
	}
	for _, fault := range faults {
		if _, err := fmt.Fprintln(con.out, printableLines(fault.Error())); unread(err) != nil {
			return err
		}
	}
	return hint(usageError{fmt.Errorf("check %q: %w", name, errUnsound)}, "they are on standard output, each with its place")
}

func newLabelledExpand(con *console) *cobra.Command {
	return &cobra.Command{
		Use:   "expand FILE",
		Short: "Print the contrasts of a labelled set, or the cases of a behavioural suite, as articles",
		Long: "expand prints, as a labelled set, what a file holds in short: of a labelled set each contrast, in its article and with\n" +
			"labels in that paragraph alone; of a behavioural suite each case, an article of one paragraph.",
		Example: "  stance labelled expand data/labelled/train.jsonl > contrasts.jsonl\n  stance labelled expand data/labelled/behaviour.jsonl | stance run --in - --out tried",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			data, err := read(con, args[0])
			if err != nil {
				return err
			}
			suite, err := evaluate.ReadBehaviour(bytes.NewReader(data))
			if err == nil {
				var cases []evaluate.Article
				for _, t := range suite {
					cases = append(cases, t.Cases()...)
				}
				return writeSet(con.out, cases)
			}
			set, setErr := evaluate.ReadSet(bytes.NewReader(data))
			if setErr != nil {
				if bytes.Contains(data, []byte(`"template"`)) {
					setErr = err
				}
				return usageError{fmt.Errorf("expand %q: %w", args[0], setErr)}
			}
			return writeSet(con.out, evaluate.Contrasts(set))
		},
	}
}

// tools are the labelling tools that sets can be taken to and back from.
var tools = map[string]struct {
	write func(io.Writer, []evaluate.Article) error
	read  func(io.Reader) ([]evaluate.Article, error)
}{
	"label-studio": {evaluate.WriteLabelStudio, evaluate.ReadLabelStudio},
	"prodigy":      {evaluate.WriteProdigy, evaluate.ReadProdigy},
}

func newLabelledExport(con *console) *cobra.Command {
	s, to, unlabelled := defaultSettings(), "", false
	cmd := &cobra.Command{
		Use:   "export --to label-studio|prodigy FILE",
		Short: "Print a labelled set, or articles to label, for a labelling tool",
		Long: "export prints a task for each paragraph and actor, with the labels that it has: Label Studio's JSON, or JSON lines for\n" +
			"Prodigy's choice interface. Where a set keeps several readers, each is an annotator (a session), and the label\n" +
			"that was decided is the ground truth (a line without a session). Contrasts are left out: see `stance labelled expand`.\n\n" +
			"With --unlabelled, the file holds articles, in any format that `stance run` reads, and the tasks ask about the author\n" +
			"and the actors that are found in them.\n\n" +
			"A Label Studio project for such tasks has this labelling interface:\n\n" + evaluate.LabelStudioConfig,
		Example: "  stance labelled export --to label-studio data/labelled/dev.jsonl > tasks.json\n  stance labelled export --to prodigy --unlabelled crawl.jsonl > tasks.jsonl",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			tool, ok := tools[to]
			if !ok {
				return usage("export to %q: the tools are label-studio and prodigy (--to)", to)
			}
			if unlabelled {
				var set []evaluate.Article
				rejected, err := s.find(cmd, con, args[0], func(a *news.Article, found [][]news.Subject) error {
					set = append(set, toLabel(a, found))
					return nil
				})
				if err == nil {
					err = tool.write(con.out, set)
				}
				if err == nil && rejected {
					err = errRejects
				}
				return err
			}
			data, err := read(con, args[0])
			if err != nil {
				return err
			}
			set, err := evaluate.ReadSet(bytes.NewReader(data))
			if err != nil {
				return usageError{fmt.Errorf("export %q: %w", args[0], err)}
			}
			return tool.write(con.out, set)
		},
	}
	s.flags(cmd, "actors", "map")
	cmd.Flags().StringVar(&to, "to", "", "`label-studio` or prodigy")
	cmd.Flags().BoolVar(&unlabelled, "unlabelled", false, "the file holds articles that nobody has labelled")
	return cmd
}

// toLabel is an article as a labelled set has it, with questions in place of labels.
func toLabel(a *news.Article, found [][]news.Subject) evaluate.Article {
	out := evaluate.Article{ID: a.ID, Genre: a.Genre, Title: a.Title, Byline: a.Byline}
	if !a.Published.IsZero() {
		out.Published = a.Published.Format(time.DateOnly)
	}
	for i, p := range a.Paragraphs {
		q := evaluate.Paragraph{Kind: p.Kind, Text: p.Text}
		for _, subject := range found[i] {
			q.Ask = append(q.Ask, subject.Actor.ID)
		}
		out.Paragraphs = append(out.Paragraphs, q)
	}
	return out
}

func newLabelledImport(con *console) *cobra.Command {
	var from string
	cmd := &cobra.Command{
		Use:   "import --from label-studio|prodigy FILE",
		Short: "Print what a labelling tool gives back as a labelled set",
		Long: "import prints a labelled set made of what Label Studio exports (JSON) or Prodigy's db-out prints (JSON lines) of tasks\n" +
			"that `stance labelled export` made, or of tasks with the same fields. Where people differ about a pair, one\n" +
			"answer must be the ground truth (in Prodigy: a line without a session), or the import fails and names the pairs.",
		Example: "  stance labelled import --from label-studio project-1.json > data/labelled/more.jsonl",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			tool, ok := tools[from]
			if !ok {
				return usage("import from %q: the tools are label-studio and prodigy (--from)", from)
			}
			data, err := read(con, args[0])
			if err != nil {
				return err
			}
			set, err := tool.read(bytes.NewReader(data))
			if err != nil {
				return usageError{fmt.Errorf("import %q: %w", args[0], err)}
			}
			return writeSet(con.out, set)
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "`label-studio` or prodigy")
	return cmd
}

func writeSet(w io.Writer, set []evaluate.Article) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, a := range set {
		if err := e.Encode(a); err != nil {
			return err
		}
	}
	return nil
}

// open opens a file for reading, or standard input where it is called -.
func open(con *console, path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(con.in), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, usageError{err}
	}
	return f, nil
}

func read(con *console, path string) ([]byte, error) {
	f, err := open(con, path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}
