package main

import (
	"github.com/spf13/cobra"

	"stance/pipeline/report"
)

func newExport(con *console) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "export OUT",
		Short: "Print the rows of a table as CSV or JSON lines",
		Long: "export prints all rows of all published runs to standard output, with the columns of the table.\n\n" +
			"JSON lines hold exactly what the table holds. CSV is meant for spreadsheets: a list is JSON in its cell, control\n" +
			"characters are made visible, and text that a spreadsheet would take for a formula (it begins with = + - or @)\n" +
			"has an apostrophe put before it.",
		Example: "  stance export labels/ --format csv > labels.csv\n" +
			"  stance export labels/ --format jsonl | head -n 3",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f := report.Format(format); f != report.CSV && f != report.JSONL {
				return usage("export rows as %q: the formats are %s and %s", format, report.CSV, report.JSONL)
			}
			table, err := openTable(args[0])
			if err != nil {
				return err
			}
			return report.Export(con.out, report.Format(format), table.Rows(cmd.Context()))
		},
	}
	cmd.Flags().StringVar(&format, "format", string(report.CSV), "`csv` or jsonl")
	return cmd
}
