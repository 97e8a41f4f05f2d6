package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"stance/pipeline/report"
	"stance/pipeline/store"
)

func newVerify(con *console) *cobra.Command {
	return &cobra.Command{
		Use:   "verify OUT",
		Short: "Check every byte of a table against its manifests",
		Long: "verify reads every manifest and every part of a table and checks hashes, counts, columns, order, ids, probabilities\n" +
			"and offsets. It changes nothing. Each problem is a line on standard output, with its cure, and the exit code is\n" +
			"then 13. Leftovers are harmless: what a run that was never finished has left.",
		Example: "  stance verify labels/",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			table, err := store.Open(args[0])
			if err != nil {
				return err
			}
			found, err := table.Verify(cmd.Context())
			if err != nil && !errors.Is(err, store.ErrCorrupt) {
				return err
			}
			return errors.Join(err, unread(con.writeFindings(found)))
		},
	}
}

func (c *console) writeFindings(r store.Report) (err error) {
	say := func(format string, args ...any) {
		if err == nil && !c.quiet {
			_, err = fmt.Fprintf(c.out, format, args...)
		}
	}
	for _, f := range r.Problems {
		say("problem: %s: %s; %s\n", report.Printable(f.Path), report.Printable(f.What), f.Cure)
	}
	for _, f := range r.Leftovers {
		say("leftover: %s: %s; %s\n", report.Printable(f.Path), report.Printable(f.What), f.Cure)
	}
	state := "sound"
	switch {
	case len(r.Problems) > 0:
		state = report.Count(int64(len(r.Problems))) + " problems"
	case r.Runs == 0:
		state = "empty"
	}
	say("%s: %s runs, %s parts, %s rows, %s bytes\n", state, report.Count(int64(r.Runs)), report.Count(int64(r.Parts)), report.Count(r.Rows), report.Count(r.Bytes))
	return err
}
