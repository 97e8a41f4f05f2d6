package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"stance/pipeline"
	"stance/pipeline/actor"
	"stance/pipeline/ingest"
	"stance/pipeline/news"
	"stance/pipeline/report"
)

func newActorsFind(con *console) *cobra.Command {
	s, asJSON := defaultSettings(), false
	cmd := &cobra.Command{
		Use:   "find FILE|-",
		Short: "Print who is mentioned in the articles of a file, and how",
		Long: "find prints a line for each mention: article id, paragraph number, actor id, how it is named (name, alias, title,\n" +
			"metonym, pronoun), the offsets in characters, and the words themselves, separated by tabs. The model is not needed.\n\n" +
			"With --json, it prints a line for each article: id, and paragraphs of index, kind, text and subjects, each an actor with\n" +
			"its mentions (start, end, text, how); the author has none.",
		Example: "  stance actors find article.txt\n  stance actors find crawl.jsonl.gz | cut -f3 | sort | uniq -c",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			out := bufio.NewWriter(con.out)
			write := writeMentions
			if asJSON {
				write = writeFound
			}
			rejected, err := s.find(cmd, con, args[0], func(a *news.Article, found [][]news.Subject) error { return write(out, a, found) })
			if err := cmp.Or(err, out.Flush()); err != nil {
				return err
			}
			if rejected {
				return errRejects
			}
			return nil
		},
	}
	s.flags(cmd, "actors", "map")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object for each article")
	return cmd
}

// find calls each with every article of a file, in order, and the actors of its paragraphs. It logs what could not be
// read, and rejected says whether there was something that should have been.
func (s *settings) find(cmd *cobra.Command, con *console, file string, each func(*news.Article, [][]news.Subject) error) (rejected bool, err error) {
	if err := s.resolve(cmd, con.getenv); err != nil {
		return false, err
	}
	inv, err := s.inventory(con)
	if err != nil {
		return false, err
	}
	c := ingest.Config{Inputs: []string{file}, Stdin: con.in, Map: s.Map, OpenParquet: pipeline.OpenParquet}
	if err := c.Validate(); err != nil {
		return false, usageError{err}
	}
	inputs, err := ingest.List(cmd.Context(), c)
	if err != nil {
		return false, err
	}
	finder := actor.NewFinder(inv)
	for item, err := range ingest.Read(cmd.Context(), c, inputs) {
		if err != nil {
			return rejected, err
		}
		if left := item.Left; left != nil {
			con.log.Warn("article left out", "reason", left.Reason, "detail", left.Detail, "file", left.File, "offset", left.Offset)
			rejected = rejected || left.Outcome == ingest.Rejected
			continue
		}
		if err := each(item.Article, finder.Find(item.Article)); err != nil {
			return rejected, err
		}
	}
	return rejected, cmd.Context().Err()
}

func writeMentions(w io.Writer, a *news.Article, found [][]news.Subject) error {
	for i, subjects := range found {
		for _, subject := range subjects {
			for _, m := range subject.Mentions {
				if _, err := fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%d-%d\t%s\n", report.Printable(a.ID), a.Paragraphs[i].Index,
					subject.Actor.ID, m.How, m.Start, m.End, report.Printable(m.Text)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// foundArticle is a line of `actors find --json`. Its fields are only ever added to.
type foundArticle struct {
	ID         string           `json:"id"`
	Paragraphs []foundParagraph `json:"paragraphs"`
}

type foundParagraph struct {
	Index    int                `json:"index"`
	Kind     news.ParagraphKind `json:"kind"`
	Text     string             `json:"text"`
	Subjects []foundSubject     `json:"subjects"`
}

type foundSubject struct {
	Actor    string         `json:"actor"`
	Mentions []foundMention `json:"mentions"`
}

type foundMention struct {
	Start int      `json:"start"`
	End   int      `json:"end"`
	Text  string   `json:"text"`
	How   news.How `json:"how"`
}

func writeFound(w io.Writer, a *news.Article, found [][]news.Subject) error {
	out := foundArticle{ID: a.ID, Paragraphs: make([]foundParagraph, len(found))}
	for i, subjects := range found {
		p := a.Paragraphs[i]
		out.Paragraphs[i] = foundParagraph{p.Index, p.Kind, p.Text, make([]foundSubject, len(subjects))}
		for j, subject := range subjects {
			mentions := make([]foundMention, len(subject.Mentions))
			for k, m := range subject.Mentions {
				mentions[k] = foundMention(m)
			}
			out.Paragraphs[i].Subjects[j] = foundSubject{subject.Actor.ID, mentions}
		}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(out)
}
