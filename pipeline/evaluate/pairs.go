package evaluate

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"stance/pipeline/news"
)

// Judge says where the subjects of a paragraph stand, in their order: a model, or a baseline.
type Judge interface {
	ID() string
	Label(ctx context.Context, text string, subjects []news.Subject) ([]news.Stance, error)
}

// Read is an article as the pipeline reads it: what is left of its page, and whom the finder sees in each paragraph.
type Read struct {
	Article  *news.Article
	Subjects [][]news.Subject
}

// Pair is a paragraph and an actor of whom readers, the pipeline or both say where he stands.
type Pair struct {
	Article   string
	Paragraph int // in the labelled set, from 0
	Kind      news.ParagraphKind
	Text      string
	Genre     string
	Actor     news.Actor
	Country   string      // the state that the actor is or speaks for; empty where there is none
	How       news.How    // of the first mention; empty for the author, and where nothing was found
	Rules     []int       // of the codebook, that decide something in the paragraph
	Divided   bool        // readers see both sides in the paragraph
	Gold      news.Label  // what readers decided; empty where the pipeline alone sees the actor
	Said      news.Stance // what the judge says; without a label where the finder missed the actor or the text
}

// Given is the label that counts where the gold actors are given: an actor who was missed has taken no side.
func (p Pair) Given() news.Label {
	if p.Said.Label == "" {
		return news.Neutral
	}
	return p.Said.Label
}

// Scored is what a judge says on a labelled set, beside what readers say.
type Scored struct {
	Judge    string
	Articles [][]Pair // of each article of the set, in its order
	Chrome   Chrome
}

// Score has a judge label the articles and puts his answers beside the gold ones. Paragraphs are matched by article and
// text. What the pipeline says on text that is no part of the article counts as said of nobody; what it says in paragraphs that
// nobody judged, and of actors on whose mention the readers differ, counts for nothing.
func Score(ctx context.Context, judge Judge, set []Article, read []Read, actor func(id string) news.Actor) (*Scored, error) {
	type key struct{ article, text string }
	type said struct {
		subjects []news.Subject
		stances  []news.Stance
	}
	answers := map[key]said{}
	for _, r := range read {
		for i, p := range r.Article.Paragraphs {
			stances, err := judge.Label(ctx, p.Text, r.Subjects[i])
			if err != nil {
				return nil, fmt.Errorf("judge paragraph %d of article %q: %w", i, r.Article.ID, err)
			}
			answers[key{r.Article.ID, plain(p.Text)}] = said{r.Subjects[i], stances}
		}
	}
	s := &Scored{Judge: judge.ID(), Articles: make([][]Pair, len(set))}
	for i, a := range set {
		for n, p := range a.Paragraphs {
			at := key{a.ID, plain(p.Text)}
			answer, kept := answers[at]
			if p.Kind == chrome {
				s.Chrome.Of++
				if kept {
					s.Chrome.Kept++
				}
			} else if p.Labels == nil {
				continue
			}
			delete(answers, at) // a text that stands twice is one paragraph
			of := Pair{Article: a.ID, Paragraph: n, Kind: p.Kind, Text: p.Text, Genre: a.Genre, Rules: p.Rules, Divided: divided(p.Labels)}
			var found []string
			for j, subject := range answer.subjects {
				found = append(found, subject.Actor.ID)
				if slices.Contains(p.Optional, subject.Actor.ID) {
					continue
				}
				pair := of
				pair.Actor, pair.Country = subject.Actor, country(subject.Actor, actor)
				pair.Gold, pair.Said = p.Labels[subject.Actor.ID], answer.stances[j]
				if len(subject.Mentions) > 0 {
					pair.How = subject.Mentions[0].How
				}
				s.Articles[i] = append(s.Articles[i], pair)
			}
			for id, label := range p.Labels {
				if !slices.Contains(found, id) && !slices.Contains(p.Optional, id) {
					pair := of
					pair.Actor, pair.Country, pair.Gold = actor(id), country(actor(id), actor), label
					s.Articles[i] = append(s.Articles[i], pair)
				}
			}
		}
		slices.SortFunc(s.Articles[i], func(x, y Pair) int {
			return cmp.Or(cmp.Compare(x.Paragraph, y.Paragraph), cmp.Compare(x.Actor.ID, y.Actor.ID))
		})
	}
	return s, nil
}

func country(a news.Actor, actor func(id string) news.Actor) string {
	for a.Kind != news.State {
		if a.Principal == "" || a.Principal == a.ID {
			return ""
		}
		a = actor(a.Principal)
	}
	return a.ID
}

// Pairs are those of all articles.
func (s *Scored) Pairs() []Pair { return slices.Concat(s.Articles...) }

func divided(labels map[string]news.Label) bool {
	sides := map[news.Label]bool{}
	for _, l := range labels {
		sides[l] = true
	}
	return sides[news.Pro] && sides[news.Anti]
}

// plain is a text as package ingest would leave it.
func plain(text string) string { return strings.Join(strings.Fields(norm.NFC.String(text)), " ") }

// Pages are the articles of a set as the pipeline reads them, without any label: JSON lines, in which an article that came with the
// chrome of its page is that page's text.
func Pages(set []Article) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	for _, a := range set {
		page := map[string]any{"id": a.ID, "genre": a.Genre, "title": a.Title, "byline": a.Byline, "published": a.Published}
		var paragraphs []map[string]any
		var text []string
		raw := false
		for _, p := range a.Paragraphs {
			paragraphs = append(paragraphs, map[string]any{"kind": p.Kind, "text": p.Text})
			text = append(text, p.Text)
			raw = raw || p.Kind == chrome
		}
		if raw {
			page["text"] = strings.Join(text, "\n")
		} else {
			page["paragraphs"] = paragraphs
		}
		e.Encode(page) // strings into memory: it cannot fail
	}
	return b.Bytes()
}
