package store

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"stance/pipeline/news"
)

// Row is one row of the table: one actor in one paragraph. A nil pointer is NULL, a thing that is not known. Columns
// stand in the order of the table; none is ever renamed, retyped or removed.
type Row struct {
	RowID string `parquet:"row_id" json:"row_id"` // news.RowID

	ArticleID string  `parquet:"article_id,dict" json:"article_id"`
	URL       *string `parquet:"url,dict" json:"url"`
	Source    *string `parquet:"source,dict" json:"source"`
	Title     *string `parquet:"title,dict" json:"title"`
	Byline    *string `parquet:"byline,dict" json:"byline"`
	Genre     *string `parquet:"genre,dict" json:"genre"`
	Language  *string `parquet:"language,dict" json:"language"`

	PublishedAt *time.Time `parquet:"published_at,timestamp(microsecond)" json:"published_at"` // UTC

	ParagraphIndex int32  `parquet:"paragraph_index" json:"paragraph_index"`
	ParagraphKind  string `parquet:"paragraph_kind,dict" json:"paragraph_kind"`
	Paragraph      string `parquet:"paragraph" json:"paragraph"`

	ActorID     string  `parquet:"actor_id,dict" json:"actor_id"`
	ActorName   string  `parquet:"actor_name,dict" json:"actor_name"`
	ActorKind   string  `parquet:"actor_kind,dict" json:"actor_kind"`
	PrincipalID *string `parquet:"principal_id,dict" json:"principal_id"`

	Mentions []Mention `parquet:"mentions,list" json:"mentions"`

	Label     string  `parquet:"label,dict" json:"label"`
	PPro      float32 `parquet:"p_pro" json:"p_pro"`
	PAnti     float32 `parquet:"p_anti" json:"p_anti"`
	PNeutral  float32 `parquet:"p_neutral" json:"p_neutral"`
	Margin    float32 `parquet:"margin" json:"margin"`
	Abstained bool    `parquet:"abstained" json:"abstained"`
	Truncated bool    `parquet:"truncated" json:"truncated"`

	DuplicateOf *string `parquet:"duplicate_of,dict" json:"duplicate_of"`

	ModelID      string    `parquet:"model_id,dict" json:"model_id"`
	ModelSHA256  string    `parquet:"model_sha256,dict" json:"model_sha256"`
	ActorsSHA256 string    `parquet:"actors_sha256,dict" json:"actors_sha256"`
	RunID        string    `parquet:"run_id,dict" json:"run_id"`
	LabelledAt   time.Time `parquet:"labelled_at,timestamp(microsecond)" json:"labelled_at"` // when the run began, UTC
}

// Mention is one element of Row.Mentions; Start and End are rune offsets into Row.Paragraph, half open.
type Mention struct {
	Start int32  `parquet:"start" json:"start"`
	End   int32  `parquet:"end" json:"end"`
	Text  string `parquet:"text,dict" json:"text"`
	How   string `parquet:"how,dict" json:"how"`
}

// Labelled is an article with the actors found in each of its paragraphs and the stance of each of them.
type Labelled struct {
	Article  *news.Article
	Subjects [][]news.Subject // by paragraph
	Stances  [][]news.Stance  // by paragraph, one per subject
}

// Rows are the rows that the article would make in a run, in the order of the table. They name no run.
func (l Labelled) Rows(run Run) []Row {
	from := provenance{modelID: run.ModelID, modelSHA256: run.ModelSHA256, actorsSHA256: run.ActorsSHA256, begun: run.Begun.UTC()}
	return slices.Collect(l.all(from))
}

// provenance is what all rows of a run have in common.
type provenance struct {
	modelID, modelSHA256, actorsSHA256, runID, version string
	begun                                              time.Time
}

// rows is how many rows the article makes.
func (l Labelled) rows() (n int64) {
	for _, s := range l.Subjects {
		n += int64(len(s))
	}
	return n
}

// all yields the rows in the order of the table: by paragraph, then by actor id.
func (l Labelled) all(from provenance) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		a := l.Article
		row := Row{
			ArticleID: text(a.ID), URL: nullable(a.URL), Source: nullable(a.Source), Title: nullable(a.Title),
			Byline: nullable(a.Byline), Genre: nullable(a.Genre), Language: nullable(a.Language),
			PublishedAt: known(a.Published), DuplicateOf: nullable(a.DuplicateOf),
			ModelID: text(from.modelID), ModelSHA256: from.modelSHA256, ActorsSHA256: from.actorsSHA256,
			RunID: from.runID, LabelledAt: from.begun,
		}
		for i, p := range a.Paragraphs {
			p.Text = text(p.Text)
			row.ParagraphIndex, row.ParagraphKind, row.Paragraph = int32(p.Index), string(p.Kind), p.Text
			for _, j := range byActor(l.Subjects[i]) {
				row.subject(l.Subjects[i][j], l.Stances[i][j])
				row.RowID = news.RowID(row.ArticleID, p, row.ActorID, from.modelSHA256)
				if !yield(row) {
					return
				}
			}
		}
	}
}

// check is what an article must fulfil to enter the table.
func (l Labelled) check() error {
	n := len(l.Article.Paragraphs)
	if len(l.Subjects) != n || len(l.Stances) != n {
		return fmt.Errorf("%d paragraphs have subjects and %d have stances, of %d", len(l.Subjects), len(l.Stances), n)
	}
	for i, subjects := range l.Subjects {
		if len(l.Stances[i]) != len(subjects) {
			return fmt.Errorf("paragraph %d has %d subjects and %d stances", i, len(subjects), len(l.Stances[i]))
		}
	}
	var last *Row
	for row := range l.all(provenance{}) {
		if err := row.check(); err != nil {
			return err
		}
		if last != nil && last.compare(&row) >= 0 {
			return fmt.Errorf("paragraph %d has actor %q twice, or comes twice", row.ParagraphIndex, row.ActorID)
		}
		last = &row
	}
	return nil
}

// storable is the article without a time that the table cannot hold.
func (l Labelled) storable() Labelled {
	if !l.Article.Published.IsZero() && known(l.Article.Published) == nil {
		a := *l.Article
		a.Published = time.Time{}
		l.Article = &a
	}
	return l
}

func byActor(subjects []news.Subject) []int {
	order := make([]int, len(subjects))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(subjects[a].Actor.ID, subjects[b].Actor.ID)
	})
	return order
}

func (r *Row) subject(s news.Subject, st news.Stance) {
	r.ActorID, r.ActorName, r.ActorKind = text(s.Actor.ID), text(s.Actor.Name), string(s.Actor.Kind)
	r.PrincipalID = nullable(s.Actor.Principal)
	r.Mentions = make([]Mention, len(s.Mentions))
	for i, m := range s.Mentions {
		r.Mentions[i] = Mention{Start: int32(m.Start), End: int32(m.End), Text: text(m.Text), How: string(m.How)}
	}
	r.Label, r.Margin, r.Abstained, r.Truncated = string(st.Label), st.Margin, st.Abstained, st.Truncated
	r.PPro, r.PAnti, r.PNeutral = st.P[0], st.P[1], st.P[2]
}

// check is what a row must fulfil to enter the table, and what verify asks of it later.
func (r *Row) check() error {
	if r.ArticleID == "" || r.ActorID == "" {
		return errors.New("a row has no article or no actor")
	}
	if !slices.Contains(news.Labels[:], news.Label(r.Label)) {
		return fmt.Errorf("label %q is none of %v", r.Label, news.Labels)
	}
	// Rounding of three float32 and of the calibration before them stays far below a thousandth.
	if sum := r.PPro + r.PAnti + r.PNeutral; !(math.Abs(float64(sum)-1) < 1e-3) || min(r.PPro, r.PAnti, r.PNeutral) < 0 {
		return fmt.Errorf("probabilities %g, %g, %g do not add up to 1", r.PPro, r.PAnti, r.PNeutral)
	}
	if math.IsNaN(float64(r.Margin)) || r.Margin < -1e-3 || r.Margin > 1+1e-3 {
		return fmt.Errorf("margin %g is not between 0 and 1", r.Margin)
	}
	for _, m := range r.Mentions {
		if m.Start < 0 || m.End <= m.Start || news.RuneSlice(r.Paragraph, int(m.Start), int(m.End)) != m.Text {
			return fmt.Errorf("mention %q of %s is not at %d to %d of its paragraph", m.Text, r.ActorID, m.Start, m.End)
		}
	}
	return nil
}

// compare orders rows as parts are sorted: by source (NULL first), article, paragraph, actor.
func (r *Row) compare(s *Row) int {
	return cmp.Or(cmp.Compare(orEmpty(r.Source), orEmpty(s.Source)), cmp.Compare(r.ArticleID, s.ArticleID),
		cmp.Compare(r.ParagraphIndex, s.ParagraphIndex), cmp.Compare(r.ActorID, s.ActorID))
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// text is s as valid UTF-8, which DuckDB and others insist on. Each bad byte becomes one U+FFFD, so that offsets
// in runes keep their meaning.
func text(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.Map(func(r rune) rune { return r }, s)
}

func nullable(s string) *string {
	if s == "" {
		return nil
	}
	s = text(s)
	return &s
}

// known is the time in the precision of the table, or nil where there is none: a zero time.Time would be stored as
// the year 1754, and years of more than four digits are no dates of articles but errors that engines trip over.
func known(t time.Time) *time.Time {
	t = t.UTC().Truncate(time.Microsecond)
	if t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
		return nil
	}
	return &t
}
