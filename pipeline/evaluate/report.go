package evaluate

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"stance/pipeline/news"
)

// Report is what is known of some judges on a set. As JSON it is a contract: fields are only ever added.
type Report struct {
	Format      int          `json:"format"` // 1
	Data        Data         `json:"data"`
	Warnings    []string     `json:"warnings"`
	Judges      []Judged     `json:"judges"` // baselines, models, and a second reader where the set has two
	Comparisons []Comparison `json:"comparisons"`
}

// Data is the set.
type Data struct {
	Path       string             `json:"path"`
	SHA256     string             `json:"sha256"`
	Articles   int                `json:"articles"`
	Paragraphs int                `json:"paragraphs"` // with a label
	Pairs      int                `json:"pairs"`
	Labels     map[news.Label]int `json:"labels"`
}

// Judged is one judge's figures.
type Judged struct {
	ID          string       `json:"id"`
	Kind        string       `json:"kind"` // baseline, model or reader
	SHA256      string       `json:"sha256,omitempty"`
	Metrics     Metrics      `json:"metrics"`
	Estimates   Estimates    `json:"estimates"` // the same with 95 % intervals
	Chrome      *Chrome      `json:"chrome,omitempty"`
	Calibration *Calibration `json:"calibration,omitempty"` // of models
	Slices      []Slice      `json:"slices,omitempty"`
	Behaviour   []Capability `json:"behaviour,omitempty"`
}

// Chrome says how much text of a page that is no part of its article was taken for a part.
type Chrome struct {
	Kept int `json:"kept"`
	Of   int `json:"of"`
}

// Capability is how often a judge fails cases of the behavioural suite.
type Capability struct {
	Name      string          `json:"name"`
	Cases     int             `json:"cases"`
	Failed    int             `json:"failed"` // cases in which an actor gets another label than he must, or is not found
	Moved     int             `json:"moved"`  // cases that are answered otherwise than most of their template: the names alone have moved a label
	Templates []TemplateFails `json:"templates"`
}

// TemplateFails is the same for one template.
type TemplateFails struct {
	ID     string `json:"id"`
	Cases  int    `json:"cases"`
	Failed int    `json:"failed"`
	Moved  int    `json:"moved"`
}

// Describe counts a set.
func Describe(path, sha256 string, set []Article) Data {
	d := Data{Path: path, SHA256: sha256, Articles: len(set), Labels: map[news.Label]int{}}
	for _, a := range set {
		for _, p := range a.Paragraphs {
			if p.Labels != nil {
				d.Paragraphs++
			}
			for id, l := range p.Labels {
				if !slices.Contains(p.Optional, id) {
					d.Pairs++
					d.Labels[l]++
				}
			}
		}
	}
	return d
}

// Try has a judge answer a behavioural suite; find sees the actors of each case.
func Try(ctx context.Context, judge Judge, suite []Behaviour, find func(*news.Article) [][]news.Subject) ([]Capability, error) {
	var out []Capability
	at := map[string]int{}
	for _, t := range suite {
		cases := t.Cases()
		read := make([]Read, len(cases))
		for i, c := range cases {
			a := &news.Article{ID: c.ID, Genre: c.Genre, Language: "en", Paragraphs: []news.Paragraph{{Kind: news.Body, Text: c.Paragraphs[0].Text}}}
			a.Published, _ = time.Parse(time.DateOnly, c.Published) // our own
			read[i] = Read{a, find(a)}
		}
		s, err := Score(ctx, judge, cases, read, func(id string) news.Actor { return news.Actor{ID: id} })
		if err != nil {
			return nil, err
		}
		fails := TemplateFails{ID: t.ID, Cases: len(cases)}
		answers := map[string]int{}
		for n, pairs := range s.Articles {
			fails.Failed += one(slices.ContainsFunc(pairs, func(p Pair) bool { return p.Gold != "" && p.Gold != p.Said.Label }))
			answers[t.answer(n, pairs)]++
		}
		fails.Moved = fails.Cases - slices.Max(slices.Collect(maps.Values(answers)))
		i, known := at[t.Capability]
		if !known {
			i = len(out)
			at[t.Capability] = i
			out = append(out, Capability{Name: t.Capability})
		}
		out[i].Cases += fails.Cases
		out[i].Failed += fails.Failed
		out[i].Moved += fails.Moved
		out[i].Templates = append(out[i].Templates, fails)
	}
	return out, nil
}

// answer is what is said of each slot of a case that names a labelled actor, and of the author.
func (b *Behaviour) answer(filling int, pairs []Pair) string {
	var out []string
	for name := range b.Labels {
		id := name
		if f, slot := b.Fillings[filling][name]; slot {
			id = f.Actor
		}
		for _, p := range pairs {
			if p.Actor.ID == id {
				out = append(out, name+"="+string(p.Said.Label))
			}
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// Wrong are the pairs that a judge gets wrong, surest first: a wrong label, a side taken by an actor whom nobody sees, and a side
// missed since the finder does not see the actor.
func (s *Scored) Wrong() (out []Pair) {
	for _, p := range s.Pairs() {
		sided := p.Said.Label == news.Pro || p.Said.Label == news.Anti
		if p.Gold != "" && p.Given() != p.Gold || p.Gold == "" && sided {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b Pair) int { return cmp.Compare(b.Said.Margin, a.Said.Margin) })
	return out
}

// Again is a set with what judges get wrong, to be labelled again: of each article the paragraphs with such pairs, in which a labelling
// tool shall ask about their actors. Gold labels are left out, since whoever labels again should not see them.
func Again(set []Article, judges []*Scored) (out []Article) {
	ask := map[string]map[int][]string{}
	for _, j := range judges {
		for _, p := range j.Wrong() {
			if ask[p.Article] == nil {
				ask[p.Article] = map[int][]string{}
			}
			if !slices.Contains(ask[p.Article][p.Paragraph], p.Actor.ID) {
				ask[p.Article][p.Paragraph] = append(ask[p.Article][p.Paragraph], p.Actor.ID)
			}
		}
	}
	for _, a := range set {
		again := a
		again.Paragraphs = nil
		for n, p := range a.Paragraphs {
			if actors := ask[a.ID][n]; actors != nil {
				slices.Sort(actors)
				again.Paragraphs = append(again.Paragraphs, Paragraph{Kind: p.Kind, Text: p.Text, Ask: actors})
			}
		}
		if again.Paragraphs != nil {
			out = append(out, again)
		}
	}
	return out
}
