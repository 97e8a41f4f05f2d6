package main

import (
	"github.com/spf13/cobra"

	"stance/pipeline"
)

func newCommit(con *console) *cobra.Command {
	var runID string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "commit OUT",
		Short: "Publish a run once all its shards are done",
		Long: "commit checks that every shard of a run has finished and that they agree, and then makes the run part of the\n" +
			"table, all of it at once. It may be repeated at will: a run that is published already stays as it is.\n" +
			"`stance run` without --shard does this by itself.\n\n" +
			"Without --run it publishes every run that is finished, and ends with 75 while a shard of the newest run is missing.\n" +
			"A run that was given up is passed over once a newer one, for the same night or a later one, is published.",
		Example: "  stance commit labels/\n" +
			"  stance commit labels/ --run 20260131-0a1b2c3d4e5f",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := openTable(args[0]); err != nil {
				return err
			}
			summary, err := pipeline.Commit(cmd.Context(), args[0], runID)
			if err != nil {
				return err
			}
			return con.summarize(cmd.Context(), summary, asJSON)
		},
	}
	cmd.Flags().StringVar(&runID, "run", "", "`ID` of the run (default all that are finished)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the summary as a JSON object")
	return cmd
}
