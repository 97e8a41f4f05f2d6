package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"stance/pipeline/actor"
	"stance/pipeline/ingest"
	"stance/pipeline/report"
	"stance/pipeline/store"
)

func newActors(con *console) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "actors",
		Short:   "List and check the actors, or find them in an article",
		Example: "  stance actors check data/actors\n  stance actors find article.txt",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newActorsList(con), newActorsCheck(con), newActorsFind(con))
	return cmd
}

func newActorsList(con *console) *cobra.Command {
	s := defaultSettings()
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "Print all actors: id, kind, whom they speak for, name",
		Long:    "list prints a line for each actor with its id, its kind, the id of the actor that it speaks for (or -) and its\nname, separated by tabs.",
		Example: "  stance actors list\n  stance actors list | grep person",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := s.resolve(cmd, con.getenv); err != nil {
				return err
			}
			inv, err := s.inventory(con)
			if err != nil {
				return err
			}
			out := bufio.NewWriter(con.out)
			for _, a := range inv.Actors() {
				fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", a.ID, a.Kind, cmp.Or(a.Principal, "-"), report.Printable(a.Name))
			}
			return out.Flush()
		},
	}
	s.flags(cmd, "actors")
	return cmd
}

func newActorsCheck(con *console) *cobra.Command {
	s := defaultSettings()
	cmd := &cobra.Command{
		Use:     "check [FOLDER]",
		Short:   "Check the files of the actors after editing them",
		Long:    "check reads the files of the actors as a run would and prints every fault with its file and line.",
		Example: "  stance actors check\n  stance actors check data/actors",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := s.resolve(cmd, con.getenv); err != nil {
				return err
			}
			if len(args) == 1 {
				s.Actors = args[0]
			}
			folder, err := s.actorsPath(con)
			if err != nil {
				return err
			}
			inv, err := loadActors(folder)
			if err == nil {
				_, err = fmt.Fprintf(con.out, "%s is sound: %s actors, sha256 %s\n", folder, report.Count(int64(len(inv.Actors()))), inv.SHA256())
				return err
			}
			if _, err := fmt.Fprintln(con.out, printableLines(err.Error())); err != nil {
				return err
			}
			return hint(usage("check actors %q: not sound", folder), "mend the lines named above and check again")
		},
	}
	s.flags(cmd, "actors")
	return cmd
}

func newActorsFind(con *console) *cobra.Command {
	s := defaultSettings()
	cmd := &cobra.Command{
		Use:   "find FILE|-",
		Short: "Print who is mentioned in the articles of a file, and how",
		Long: "find prints a line for each mention: article id, paragraph number, actor id, how it is named (name, alias, title,\n" +
			"metonym, pronoun), the offsets in characters, and the words themselves, separated by tabs. The model is not needed.",
		Example: "  stance actors find article.txt\n  stance actors find crawl.jsonl.gz | cut -f3 | sort | uniq -c",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := s.resolve(cmd, con.getenv); err != nil {
				return err
			}
			inv, err := s.inventory(con)
			if err != nil {
				return err
			}
			c := ingest.Config{Inputs: args, Stdin: con.in, Map: s.Map, OpenParquet: openParquet}
			if err := c.Validate(); err != nil {
				return usageError{err}
			}
			inputs, err := ingest.List(cmd.Context(), c)
			if err != nil {
				return err
			}
			finder, out, rejected := actor.NewFinder(inv), bufio.NewWriter(con.out), false
			for item := range ingest.Read(cmd.Context(), c, inputs) {
				if left := item.Left; left != nil {
					con.log.Warn("article left out", "reason", left.Reason, "detail", left.Detail, "file", left.File, "offset", left.Offset)
					rejected = rejected || left.Outcome == ingest.Rejected
					continue
				}
				a := item.Article
				for i, subjects := range finder.Find(a) {
					for _, subject := range subjects {
						for _, m := range subject.Mentions {
							fmt.Fprintf(out, "%s\t%d\t%s\t%s\t%d-%d\t%s\n", report.Printable(a.ID), a.Paragraphs[i].Index, subject.Actor.ID, m.How, m.Start, m.End, report.Printable(m.Text))
						}
					}
				}
			}
			if err := cmp.Or(out.Flush(), cmd.Context().Err()); err != nil {
				return err
			}
			if rejected {
				return errRejects
			}
			return nil
		},
	}
	s.flags(cmd, "actors", "map")
	return cmd
}

// inventory loads the actors that the settings name. Its error tells the first fault and how to see all.
func (s *settings) inventory(con *console) (*actor.Inventory, error) {
	folder, err := s.actorsPath(con)
	if err != nil {
		return nil, err
	}
	inv, err := loadActors(folder)
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return nil, hint(usage("load actors %q: %s", folder, first), "`stance actors check %s` lists all faults", folder)
	}
	return inv, nil
}

func loadActors(folder string) (*actor.Inventory, error) { return actor.Load(os.DirFS(folder)) }

func openParquet(r io.ReaderAt, size int64) (ingest.Records, error) {
	return store.OpenRecords(r, size)
}
