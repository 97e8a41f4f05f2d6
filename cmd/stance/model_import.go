package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"stance/pipeline/news"
	"stance/pipeline/report"
	"stance/pipeline/stance"
)

func newModelImport(con *console) *cobra.Command {
	s, c, hypotheses := defaultSettings(), stance.ImportConfig{}, []string{}
	cmd := &cobra.Command{
		Use:   "import DIR --out BUNDLE",
		Short: "Make a bundle of a Hugging Face ONNX export",
		Long: "import makes a bundle of an ordinary ONNX export of a sequence classification or entailment model, as Optimum writes\n" +
			"it: config.json, tokenizer.json, tokenizer_config.json where there is one, and model.onnx or onnx/model.onnx.\n\n" +
			"A head with an output for entailment is asked whether a hypothesis per label follows from the paragraph (layout\n" +
			"nli); one of three outputs whose names mean pro, anti and neutral reads the paragraph, and behind it the actor's\n" +
			"name (layout pair). The flags are for what config.json does not say: how the outputs are to be read, and how the\n" +
			"model was asked when it was trained. In texts, {actor} stands for the actor's name.\n\n" +
			"The golden texts of an import hold this machine's own answers: they will show a bundle that has been damaged, but\n" +
			"not one that was imported wrongly. So three plain sentences are put to the model, for you to look at its answers.\n" +
			"Then measure it with `stance eval`, and set its temperature and threshold with `stance model calibrate`.",
		Example: "  optimum-cli export onnx --model FacebookAI/roberta-large-mnli --task text-classification export/\n" +
			"  stance model import export/ --out models/mnli\n" +
			"  stance model import export/ --out models/mine --labels pro=LABEL_2,anti=LABEL_0,neutral=LABEL_1\n" +
			"  stance model import export/ --out models/mine --second 'Where does {actor} stand?' --markers '[E],[/E]'",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := s.resolve(cmd, con.getenv); err != nil {
				return err
			}
			if c.To == "" {
				return hint(usage("import %q: no folder is named for the bundle", args[0]), "name one with --out")
			}
			c.From, c.Hypotheses = args[0], map[news.Label]string{}
			for _, h := range hypotheses {
				label, text, ok := strings.Cut(h, "=")
				if !ok {
					return hint(usage("read hypothesis %q: it is for no label", h), "write it as 'pro={actor} wants to send troops'")
				}
				c.Hypotheses[news.Label(label)] = text
			}
			var err error
			if c.Runtime, err = s.runtimePath(con); err != nil {
				return err
			}
			im, err := stance.Import(cmd.Context(), c)
			switch {
			case errors.Is(err, stance.ErrAsked):
				return hint(usageError{err}, "`stance model import --help` explains --out, --layout, --labels, --second, --markers and --hypothesis")
			case errors.Is(err, stance.ErrBundle):
				return hint(err, "export it anew: optimum-cli export onnx --model NAME --task text-classification DIR")
			case err != nil:
				return err
			}
			return con.writeImported(im, c.To)
		},
	}
	s.flags(cmd, "runtime")
	f := cmd.Flags()
	f.StringVar(&c.To, "out", "", "`FOLDER` of the new bundle, which may not be there yet")
	f.StringVar(&c.ID, "id", "", "`NAME` of the model in tables (default that in config.json or of DIR)")
	f.StringVar(&c.Layout, "layout", "", "`LAYOUT` of the bundle, pair or nli (default by the names of the outputs)")
	f.StringToStringVar(&c.Labels, "labels", nil, "which outputs mean what: pro=`NAME`,anti=NAME,neutral=NAME or entailment=NAME")
	f.Lookup("labels").DefValue = ""
	f.StringVar(&c.Second, "second", "", "pair: `TEXT` behind the paragraph (default {actor} where there are no markers)")
	f.StringSliceVar(&c.Markers, "markers", nil, "pair: two `TOKENS` to put before and after each mention, as in [E],[/E]")
	f.StringArrayVar(&hypotheses, "hypothesis", nil, "nli: LABEL=`TEXT` for pro, anti or neutral; repeatable")
	f.IntVar(&c.MaxLength, "max-length", 512, "read at most `N` tokens at once; the export's own limit if that is less")
	return cmd
}

// writeImported says what has become of an export, and what to do next.
func (c *console) writeImported(im *stance.Imported, folder string) error {
	var labels []string
	for i, l := range im.Labels {
		labels = append(labels, fmt.Sprintf("%s (%s)", l, im.Outputs[i]))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s is sound: model %s, sha256 %s, on ONNX Runtime %s\nlayout      %s\noutputs     %s\nmax length  %d\n",
		folder, report.Printable(im.ID), im.SHA256, im.Runtime, im.Layout, report.Printable(strings.Join(labels, ", ")), im.MaxLength)
	fmt.Fprintf(&b, "\nDo these answers make sense? Nothing else here would show a wrong import.\n")
	for _, p := range im.Probes {
		fmt.Fprintf(&b, "%s\n  %s: pro %.2f  anti %.2f  neutral %.2f, where a reader says %s\n", p.Text, p.Actor, p.P[0], p.P[1], p.P[2], p.Expected)
	}
	if _, err := fmt.Fprint(c.out, b.String()); err != nil || c.quiet {
		return err
	}
	_, err := fmt.Fprintf(c.err, "next: stance eval --data data/labelled/dev.jsonl --model %s\n      stance model calibrate --data data/labelled/dev.jsonl %[1]s\n", folder)
	return err
}
