package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"stance/pipeline/report"
	"stance/pipeline/stance"
)

func newModel(con *console) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "model",
		Short:   "Inspect, verify, import and calibrate model bundles",
		Example: "  stance model info\n  stance model verify models/default\n  stance model import export/ --out models/candidate",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newModelInfo(con), newModelVerify(con), newModelImport(con), newModelCalibrate(con))
	return cmd
}

func newModelInfo(con *console) *cobra.Command {
	s := defaultSettings()
	cmd := &cobra.Command{
		Use:     "info [BUNDLE]",
		Short:   "Print what a bundle says about itself, and its card",
		Long:    "info prints what a bundle says about itself, and its card. Every file of the bundle is checked against its\nchecksum; the ONNX Runtime library is not needed.",
		Example: "  stance model info\n  stance model info models/default",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			folder, err := s.bundle(cmd, con, args)
			if err != nil {
				return err
			}
			b, err := stance.ReadBundle(cmd.Context(), folder)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(con.out, "id           %s\nsha256       %s\nlayout       %s\nlabels       %s\nmax length   %d\ntemperature  %g\nthreshold    %g\nfolder       %s\n\n%s\n",
				report.Printable(b.ID), b.SHA256, b.Layout, strings.Join(b.Labels, ", "), b.MaxLength, b.Temperature, b.Threshold,
				b.Folder, printableLines(b.Card))
			return err
		},
	}
	s.flags(cmd, "model")
	return cmd
}

func newModelVerify(con *console) *cobra.Command {
	s := defaultSettings()
	cmd := &cobra.Command{
		Use:   "verify [BUNDLE]",
		Short: "Check a bundle as a run would: checksums, names, shapes and golden texts",
		Long: "verify does what a run does before its first article: it checks every file of the bundle against its checksum,\n" +
			"loads the model, and compares its answers to the bundle's golden texts with those of the side that trained it.",
		Example: "  stance model verify\n  stance model verify models/candidate && stance run --model models/candidate …",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			folder, err := s.bundle(cmd, con, args)
			if err != nil {
				return err
			}
			library, err := s.runtimePath(con)
			if err != nil {
				return err
			}
			m, err := stance.Open(cmd.Context(), stance.Config{Bundle: folder, Runtime: library})
			if err != nil {
				return err
			}
			defer m.Close()
			_, err = fmt.Fprintf(con.out, "%s is sound: model %s, sha256 %s, on ONNX Runtime %s\n", folder, report.Printable(m.ID()), m.SHA256(), m.Runtime())
			return err
		},
	}
	s.flags(cmd, "model", "runtime")
	return cmd
}

// bundle is the folder that the argument names, or else the settings.
func (s *settings) bundle(cmd *cobra.Command, con *console, args []string) (string, error) {
	if err := s.resolve(cmd, con.getenv); err != nil {
		return "", err
	}
	if len(args) == 1 {
		return args[0], nil
	}
	return s.modelPath(con)
}

// printableLines makes every line of a text printable.
func printableLines(text string) string {
	lines := slices.Collect(strings.Lines(text))
	for i, l := range lines {
		lines[i] = report.Printable(strings.TrimRight(l, "\r\n"))
	}
	return strings.Join(lines, "\n")
}
