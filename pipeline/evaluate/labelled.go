// Package evaluate reads labelled sets, which say where the actors of an article stand according to readers, and holds
// them to their format, so that what a model learns from and is judged by can be relied on.
package evaluate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	Paragraphs []Paragraph `json:"paragraphs"`
}

// Paragraph is a paragraph with the label of every actor in it.
type Paragraph struct {
	Kind     news.ParagraphKind    `json:"kind"`
	Text     string                `json:"text"`
	Labels   map[string]news.Label `json:"labels"`             // by actor id; body paragraphs have the author too
	Optional []string              `json:"optional,omitempty"` // actors on whose mention the labellers differed
	Rules    []int                 `json:"rules,omitempty"`    // the codebook's rules for hard cases that decide something here
}

// hardCaseRules is how many such rules the codebook has.
const hardCaseRules = 13

var actorID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// ReadSet reads a labelled set, one JSON object per line. Its error names every line that breaks the format and how.
func ReadSet(r io.Reader) ([]Article, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read labelled set: %w", err)
	}
	var set []Article
	var errs []error
	ids, line := map[string]int{}, 0
	for text := range bytes.Lines(data) {
		line++
		fail := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("line %d: %w", line, fmt.Errorf(format, args...)))
		}
		var a Article
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(&a); err != nil {
			fail("%w", err)
			continue
		}
		switch first, again := ids[a.ID]; {
		case a.ID == "":
			fail("the article has no id")
		case again:
			fail("article %q stands in line %d already", a.ID, first)
		}
		ids[a.ID] = line
		if len(a.Paragraphs) == 0 {
			fail("article %q has no paragraphs", a.ID)
		}
		for i, p := range a.Paragraphs {
			if err := p.check(); err != nil {
				fail("article %q, paragraph %d: %w", a.ID, i, err)
			}
		}
		set = append(set, a)
	}
	if len(errs) > 0 {
		return nil, fmt.Errorf("read labelled set: %w", errors.Join(errs...))
	}
	return set, nil
}

func (p Paragraph) check() error {
	_, author := p.Labels[news.TheAuthor.ID]
	switch {
	case p.Kind != news.Headline && p.Kind != news.Deck && p.Kind != news.Body:
		return fmt.Errorf("kind %q is none of headline, deck and body", p.Kind)
	case p.Text == "":
		return errors.New("the text is empty")
	case author != (p.Kind == news.Body):
		return fmt.Errorf("a %s paragraph: only body paragraphs have a label for the author, and all of them do", p.Kind)
	}
	for actor, label := range p.Labels {
		if !actorID.MatchString(actor) {
			return fmt.Errorf("actor %q is no id in lower case with hyphens", actor)
		}
		if !slices.Contains(news.Labels[:], label) {
			return fmt.Errorf("label %q of %s is none of %v", label, actor, news.Labels)
		}
	}
	for _, rule := range p.Rules {
		if rule < 1 || rule > hardCaseRules {
			return fmt.Errorf("rule %d: the codebook has rules 1 to %d", rule, hardCaseRules)
		}
	}
	return nil
}
