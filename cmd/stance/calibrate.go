package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"stance/pipeline"
	"stance/pipeline/actor"
	"stance/pipeline/evaluate"
	"stance/pipeline/ingest"
	"stance/pipeline/news"
	"stance/pipeline/stance"
)

func newModelCalibrate(con *console) *cobra.Command {
	s, data, precision, dry := defaultSettings(), "", 0.85, false
	cmd := &cobra.Command{
		Use:   "calibrate --data SET [BUNDLE]",
		Short: "Set a bundle's temperature and threshold by a labelled set",
		Long: "calibrate chooses the temperature at which a model's probabilities fit a labelled set best (least log loss), and the\n" +
			"least margin from which on pro and anti rows are right as often as --target-precision wants, and writes both into the\n" +
			"bundle. The set has to be one that the model has not learnt from, and may not be the test set: what has chosen a\n" +
			"threshold cannot judge it.",
		Example: "  stance model calibrate --data data/labelled/dev.jsonl models/candidate\n" +
			"  stance model calibrate --data data/labelled/dev.jsonl --target-precision 0.95 --dry-run",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			folder, err := s.bundle(cmd, con, args)
			if err != nil {
				return err
			}
			if precision <= 0 || precision > 1 {
				return usage("read target-precision %g: a share from 0 to 1 is wanted, such as 0.9", precision)
			}
			set, _, err := readSet(con, data)
			if err != nil {
				return err
			}
			for _, name := range []string{homeTrain, homeTest} {
				path, err := findHome(con.getenv).find(name)
				if err != nil {
					continue // nothing to compare with
				}
				other, _, err := readSet(con, path)
				if err != nil {
					return err
				}
				if n := evaluate.Overlap(set, other); n > 0 {
					return hint(usage("calibrate by %q: %d of its paragraphs stand in %s", data, n, path), "use a set that the model has not learnt from and is not judged by, such as data/labelled/dev.jsonl")
				}
			}
			scored, old, err := s.score(cmd, con, folder, set)
			if err != nil {
				return err
			}
			temperature := scored.Temperature(old.Temperature)
			scored = scored.Recalibrate(old.Temperature / temperature)
			at, ok := scored.Calibrate().Threshold(precision)
			if !ok {
				return hint(fmt.Errorf("calibrate %q: no threshold lets pro and anti rows reach a precision of %g with at least 5 %% of them left", folder, precision), "lower --target-precision; `stance eval --data %s --json` has the whole risk-coverage curve", data)
			}
			threshold := roundDown(at.Margin)
			if !dry {
				if err := stance.Recalibrate(cmd.Context(), folder, temperature, threshold); err != nil {
					return err
				}
			}
			_, err = fmt.Fprintf(con.out, "temperature  %g (was %g)\nthreshold    %g (was %g): %.1f %% of pro and anti rows pass it, of which %.1f %% are right\n",
				temperature, old.Temperature, threshold, old.Threshold, 100*at.Coverage, 100*(1-at.Wrong))
			return err
		},
	}
	s.flags(cmd, "model", "actors", "runtime")
	f := cmd.Flags()
	f.StringVar(&data, "data", "", "labelled `SET`, one JSON object per article, or -")
	f.Float64Var(&precision, "target-precision", precision, "`SHARE` of pro and anti rows above the threshold that should be right")
	f.BoolVar(&dry, "dry-run", false, "say what would be set, but write nothing")
	cmd.MarkFlagRequired("data")
	return cmd
}

// score has the bundle in a folder answer a labelled set.
func (s *settings) score(cmd *cobra.Command, con *console, folder string, set []evaluate.Article) (*evaluate.Scored, stance.Manifest, error) {
	inv, err := s.inventory(con)
	if err != nil {
		return nil, stance.Manifest{}, err
	}
	library, err := s.runtimePath(con)
	if err != nil {
		return nil, stance.Manifest{}, err
	}
	m, err := stance.Open(cmd.Context(), stance.Config{Bundle: folder, Runtime: library})
	if err != nil {
		return nil, stance.Manifest{}, err
	}
	defer m.Close()
	read, err := pipeline.ReadSet(cmd.Context(), set, actor.NewFinder(inv), func(ingest.Left) {})
	if err != nil {
		return nil, stance.Manifest{}, err
	}
	scored, err := evaluate.Score(cmd.Context(), m, set, read, func(id string) news.Actor { return news.Actor{ID: id} })
	return scored, m.Manifest(), err
}

// roundDown leaves two digits after the point, so that whatever passes the margin passes what is left.
func roundDown(margin float64) float64 { return float64(int(margin*100)) / 100 }
