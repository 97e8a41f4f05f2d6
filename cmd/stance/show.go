package main

import (
	"cmp"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"stance/pipeline"
	"stance/pipeline/news"
	"stance/pipeline/report"
	"stance/pipeline/store"
)

func newShow(con *console) *cobra.Command {
	s, asJSON := defaultSettings(), false
	cmd := &cobra.Command{
		Use:   "show FILE|-",
		Short: "Show one article with its actors and where they stand",
		Long: "show takes one article through all the stages of a run and prints it with the actors found in each paragraph and\n" +
			"the probabilities of pro, anti and neutral. Nothing is written anywhere.\n\n" +
			"With --json, standard output is one object: article (id, url, source, title, byline, genre, language, published_at,\n" +
			"paragraphs of index, kind and text), and rows, with the columns of the table.",
		Example: "  stance show article.txt\n" +
			"  curl -s https://example.org/article | stance show -\n" +
			"  stance show article.html --json",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := s.resolve(cmd, con.getenv); err != nil {
				return err
			}
			s.In = args
			c, err := s.pipeline(con)
			if err != nil {
				return err
			}
			rows, article, err := pipeline.Show(cmd.Context(), c)
			if err != nil {
				return err
			}
			if asJSON {
				return report.JSON(con.out, struct {
					Article shownArticle `json:"article"`
					Rows    []store.Row  `json:"rows"`
				}{shown(article), rows})
			}
			return report.Article(con.out, article, judgements(article, rows), con.outStyle)
		},
	}
	s.flags(cmd, "model", "actors", "runtime", "map")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return cmd
}

// judgements sorts rows to the paragraphs that they belong to, the author's last.
func judgements(a *news.Article, rows []store.Row) [][]report.Judged {
	judged := make([][]report.Judged, len(a.Paragraphs))
	for i, p := range a.Paragraphs {
		for _, r := range rows {
			if int(r.ParagraphIndex) == p.Index {
				judged[i] = append(judged[i], judgement(r))
			}
		}
		slices.SortStableFunc(judged[i], func(x, y report.Judged) int {
			return cmp.Compare(isAuthor(x), isAuthor(y))
		})
	}
	return judged
}

func isAuthor(j report.Judged) int {
	if j.Actor.Kind == news.Author {
		return 1
	}
	return 0
}

func judgement(r store.Row) report.Judged {
	j := report.Judged{
		Subject: news.Subject{Actor: actorOf(r)},
		Stance:  stanceOf(r),
	}
	for _, m := range r.Mentions {
		j.Mentions = append(j.Mentions, news.Mention{Start: int(m.Start), End: int(m.End), Text: m.Text, How: news.How(m.How)})
	}
	return j
}

func actorOf(r store.Row) news.Actor {
	return news.Actor{ID: r.ActorID, Name: r.ActorName, Kind: news.ActorKind(r.ActorKind)}
}

func stanceOf(r store.Row) news.Stance {
	return news.Stance{
		Label: news.Label(r.Label), P: [3]float32{r.PPro, r.PAnti, r.PNeutral},
		Margin: r.Margin, Abstained: r.Abstained, Truncated: r.Truncated,
	}
}

// shownArticle is what --json prints besides the rows.
type shownArticle struct {
	ID          string           `json:"id"`
	URL         string           `json:"url"`
	Source      string           `json:"source"`
	Title       string           `json:"title"`
	Byline      string           `json:"byline"`
	Genre       string           `json:"genre"`
	Language    string           `json:"language"`
	PublishedAt *time.Time       `json:"published_at"`
	Paragraphs  []shownParagraph `json:"paragraphs"`
}

type shownParagraph struct {
	Index int                `json:"index"`
	Kind  news.ParagraphKind `json:"kind"`
	Text  string             `json:"text"`
}

func shown(a *news.Article) shownArticle {
	s := shownArticle{ID: a.ID, URL: a.URL, Source: a.Source, Title: a.Title, Byline: a.Byline, Genre: a.Genre, Language: a.Language}
	if !a.Published.IsZero() {
		s.PublishedAt = &a.Published
	}
	for _, p := range a.Paragraphs {
		s.Paragraphs = append(s.Paragraphs, shownParagraph(p))
	}
	return s
}
