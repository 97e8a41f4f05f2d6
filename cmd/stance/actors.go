package main

import (
	"bufio"
	"cmp"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"stance/pipeline/actor"
	"stance/pipeline/report"
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
			if _, err := fmt.Fprintln(con.out, printableLines(err.Error())); unread(err) != nil {
				return err
			}
			return hint(usage("check actors %q: not sound", folder), "mend the lines named above and check again")
		},
	}
	s.flags(cmd, "actors")
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
