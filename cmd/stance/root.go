package main

import (
	"errors"
	"fmt"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// execute runs the command that the arguments name and returns its exit code.
func execute(args []string, con *console) int {
	signal.Ignore(syscall.SIGPIPE) // a reader that has gone away is an error to be quiet about, not a death
	ctx, stop := interruptible(con)
	defer stop()
	con.in = abandonable(ctx, con.in)

	root, started := newRoot(con), false
	root.SetArgs(args)
	root.SetOut(con.out)
	root.SetErr(con.err)
	quiet, verbose := new(bool), new(bool)
	root.PersistentFlags().BoolVarP(quiet, "quiet", "q", false, "no summary, no progress, no warnings")
	root.PersistentFlags().BoolVarP(verbose, "verbose", "v", false, "say more")
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if err := cmd.ValidateRequiredFlags(); err != nil {
			return err // cobra itself would look only after this
		}
		started = true
		con.speak(*quiet, *verbose)
		return nil
	}

	cmd, err := root.ExecuteContextC(ctx)
	err = unread(err)
	if err != nil && !started { // a mistake in the arguments, found before the command began
		err = misspelt(cmd, err)
	}
	code, cure := verdict(err)
	if code == exitInterrupted {
		err = errors.New("interrupted")
	}
	if err != nil && !errors.As(err, new(said)) {
		con.fail(err, cure)
	}
	return code
}

// unread is the error of an output, or nil where nobody reads it any more: what a command has found still decides its exit code.
func unread(err error) error {
	if errors.Is(err, syscall.EPIPE) {
		return nil
	}
	return err
}

// misspelt says which command an unknown one may have been meant for, or else where its arguments are explained.
func misspelt(cmd *cobra.Command, err error) error {
	if args := cmd.Flags().Args(); cmd.HasSubCommands() && len(args) > 0 {
		cmd.SuggestionsMinimumDistance = 2 // letters apart
		if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
			return hint(usageError{err}, "did you mean `%s %s`?", cmd.CommandPath(), near[0])
		}
	}
	return hint(usageError{err}, "see `%s --help`", cmd.CommandPath())
}

func newRoot(con *console) *cobra.Command {
	root := &cobra.Command{
		Use:   "stance",
		Short: "who is for and against foreign troops in Ukraine, paragraph by paragraph",
		Long: "stance reads news articles and writes a Parquet table with one row per paragraph and actor, each saying\n" +
			"whether that actor is for or against sending foreign troops to Ukraine in that paragraph.\n\n" +
			exitCodesHelp(),
		Example: "  stance run --in crawl/ --out labels/\n" +
			"  stance show article.txt",
		Args:          cobra.NoArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(con.out, "%s\n\n%s", cmd.Short, cmd.UsageString())
			return err
		},
	}
	root.AddGroup(
		&cobra.Group{ID: "night", Title: "Every night:"},
		&cobra.Group{ID: "look", Title: "Looking at things:"},
	)
	add := func(group string, commands ...*cobra.Command) {
		for _, c := range commands {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	add("night", newRun(con), newCommit(con), newVerify(con))
	add("look", newShow(con), newExport(con), newActors(con), newModel(con), newEval(con), newLabelled(con))
	add("", newDoctor(con), newVersion(con))
	return root
}
