// Package evaluate measures models on labelled sets, which say where the actors of an article stand according to readers: metrics
// with intervals, slices, baselines, calibration, a behavioural suite. It holds the sets to their format, so that what a model
// learns from and is judged by can be relied on, and takes them to labelling tools and back.
package evaluate

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"

	"stance/pipeline/news"
)

// Article is one article of a labelled set.
type Article struct {
	ID         string      `json:"id"`
	Genre      string      `json:"genre"`
	Title      string      `json:"title"`
	Byline     string      `json:"byline"`
	Published  string      `json:"published"` // YYYY-MM-DD
	URL        string      `json:"url,omitempty"`
	Source     string      `json:"source,omitempty"`
	Paragraphs []Paragraph `json:"paragraphs"`
}

// Paragraph is a paragraph with the label of every actor in it.
type Paragraph struct {
	Kind     news.ParagraphKind    `json:"kind"`
	Text     string                `json:"text"`
	Line     *int                  `json:"line,omitempty"`     // of the page from which it was taken, from 0
	Labels   map[string]news.Label `json:"labels,omitzero"`    // by actor id; body paragraphs have the author too; nil where nobody judged it
	Optional []string              `json:"optional,omitempty"` // actors on whose mention the labellers differed: to find them or not is neither right nor wrong
	Rules    []int                 `json:"rules,omitempty"`    // the codebook's rules for hard cases that decide something here

	// Ask names actors whom a labelling tool shall ask about although nobody has labelled them yet.
	Ask []string `json:"-"`
	// Readers holds what each of several readers said, blind to the others, where Labels is what was decided from it.
	Readers []map[string]news.Label `json:"readers,omitempty"`
	// Contrast is the same paragraph after a small edit that changes somebody's label.
	Contrast *Contrast `json:"contrast,omitempty"`
}

// Contrast is an edited paragraph with its own labels. It stands in the place of the original one, in the same article.
type Contrast struct {
	Text   string                `json:"text"`
	Labels map[string]news.Label `json:"labels"`
}

// chrome is the kind of what stands on a page and is no part of its article; only a labelled set has it.
const chrome news.ParagraphKind = "chrome"

// hardCaseRules is how many such rules the codebook has.
const hardCaseRules = 13

var actorID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// ReadSet reads a labelled set, one JSON object per line. Its error names every line that breaks the format and how.
func ReadSet(r io.Reader) ([]Article, error) {
	var set []Article
	ids := map[string]bool{}
	err := readLines(r, func(text []byte) error {
		var a Article
		if err := decode(text, &a); err != nil {
			return err
		}
		var errs []error
		switch {
		case a.ID == "":
			errs = append(errs, errors.New("the article has no id"))
		case ids[a.ID]:
			errs = append(errs, fmt.Errorf("article %q stands in an earlier line already", a.ID))
		}
		ids[a.ID] = true
		if len(a.Paragraphs) == 0 {
			errs = append(errs, fmt.Errorf("article %q has no paragraphs", a.ID))
		}
		for i, p := range a.Paragraphs {
			if err := p.check(); err != nil {
				errs = append(errs, fmt.Errorf("article %q, paragraph %d: %w", a.ID, i, err))
			}
		}
		set = append(set, a)
		return errors.Join(errs...)
	})
	if err != nil {
		return nil, fmt.Errorf("read labelled set: %w", err)
	}
	return set, nil
}

func (p Paragraph) check() error { return p.checkWith(checkLabels) }

func (p Paragraph) checkWith(checkLabels func(news.ParagraphKind, map[string]news.Label) error) error {
	switch {
	case p.Kind == chrome && p.Labels != nil:
		return errors.New("text of kind chrome is no part of the article and has no labels")
	case p.Kind != news.Headline && p.Kind != news.Deck && p.Kind != news.Body && p.Kind != chrome:
		return fmt.Errorf("kind %q is none of headline, deck, body and chrome", p.Kind)
	case p.Text == "":
		return errors.New("the text is empty")
	}
	if p.Labels != nil {
		if err := checkLabels(p.Kind, p.Labels); err != nil {
			return err
		}
	}
	for _, actor := range p.Optional {
		if !actorID.MatchString(actor) {
			return fmt.Errorf("optional actor %q is no id in lower case with hyphens", actor)
		}
	}
	for _, rule := range p.Rules {
		if rule < 1 || rule > hardCaseRules {
			return fmt.Errorf("rule %d: the codebook has rules 1 to %d", rule, hardCaseRules)
		}
	}
	for i, labels := range p.Readers {
		if err := checkLabels(p.Kind, labels); err != nil {
			return fmt.Errorf("reader %d: %w", i+1, err)
		}
	}
	if c := p.Contrast; c != nil {
		if err := checkLabels(p.Kind, c.Labels); err != nil {
			return fmt.Errorf("contrast: %w", err)
		}
		if c.Text == "" || c.Text == p.Text || maps.Equal(c.Labels, p.Labels) {
			return errors.New("contrast: the text and somebody's label must differ from the paragraph's")
		}
	}
	return nil
}

func checkLabels(kind news.ParagraphKind, labels map[string]news.Label) error {
	if _, author := labels[news.TheAuthor.ID]; author != (kind == news.Body) {
		return fmt.Errorf("a %s paragraph: only body paragraphs have a label for the author, and all of them do", kind)
	}
	for actor, label := range labels {
		if !actorID.MatchString(actor) {
			return fmt.Errorf("actor %q is no id in lower case with hyphens", actor)
		}
		if !slices.Contains(news.Labels[:], label) {
			return fmt.Errorf("label %q of %s is none of %v", label, actor, news.Labels)
		}
	}
	return nil
}
