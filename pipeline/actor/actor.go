// Package actor finds who is named in an article. In comes a news.Article whose paragraphs are clean text, and an
// Inventory of states, bodies and people that analysts edit; out comes, for each paragraph, every actor that it names with
// the places where it does, by the rules of the codebook: metonyms count when they act and not as places, adjectives when
// they stand for the state's side and not when they say whose soldiers or soil it is, titles and pronouns where the
// article makes clear who is meant.
//
// Promised: mentions lie within their paragraph and hold its very text; mentions of different actors do not overlap, save
// that a plural ("the two leaders") stands whole for each of those it means; subjects are sorted by actor id with the
// author last; the same article and inventory give the same answer; time is linear in the text and does not grow with the
// inventory. What cannot be decided is left out: precision comes before recall.
package actor

import (
	"slices"
	"strings"
	"unicode"

	"stance/pipeline/news"
)

// Finder finds the actors of an inventory, and people that it lacks where they come with a title or have a say. It is
// safe for concurrent use.
type Finder struct {
	inv        *Inventory
	names      *automaton
	figures    map[string]*figure   // by id
	holders    map[string][]*figure // office-holders by the id of the state or body, sorted by their own id
	givenNames map[string]bool      // folded, of the people in the inventory
	bodies     map[string]*figure   // by the noun with which an article goes on to speak of them: "the alliance"
}

// figure is an actor as the finder knows it.
type figure struct {
	news.Actor
	terms []term // with canonical titles
	known bool   // a person whom the inventory calls by one name alone
	place bool   // its name is also that of a part of the world
}

// NewFinder prepares an inventory for finding.
func NewFinder(inv *Inventory) *Finder {
	f := &Finder{inv: inv, names: newAutomaton(classes()), figures: map[string]*figure{}, bodies: map[string]*figure{}, holders: map[string][]*figure{}, givenNames: map[string]bool{}}
	f.learn()
	for noun, id := range bodyNouns() {
		if who := f.figures[id]; who != nil {
			f.bodies[noun] = who
		}
	}
	return f
}

// Find returns one slice for each paragraph of the article: its actors with their mentions, sorted by id, and the author
// last in body paragraphs. Principals are those of the day on which the article was published.
func (f *Finder) Find(a *news.Article) [][]news.Subject {
	r := f.read(a)
	r.meetPeople()
	r.meetSpeakers()
	r.meetInterviewee()
	r.resolvePeople()
	r.seeCountries()
	r.resolveTitles()
	r.resolveNames()
	r.resolveReferences()
	r.resolveSpeakers()
	subjects := make([][]news.Subject, len(a.Paragraphs))
	for i := range a.Paragraphs {
		subjects[i] = r.subjects(a, i)
	}
	return subjects
}

// Named returns the actor of the inventory whom an id or a name means by itself, however it is capitalised: a full name, a surname that
// one person alone has, an adjective, a capital. Whom a title means depends on the article.
func (f *Finder) Named(name string) (who news.Actor, ok bool) {
	if who, ok = f.inv.Lookup(Slug(name)); ok {
		return who, true
	}
	best := office
	for _, form := range f.names.exact(name) {
		switch {
		case form.naming < best:
			best, who, ok = form.naming, form.actor.Actor, true
		case form.naming == best && best != office && form.actor.ID != who.ID:
			ok = false
		}
	}
	if !ok {
		return news.Actor{}, false
	}
	return f.inv.Lookup(who.ID)
}

// subjects gathers what was found in a paragraph by actor.
func (r *reading) subjects(a *news.Article, i int) []news.Subject {
	p, text := &r.paragraphs[i], []rune(a.Paragraphs[i].Text)
	slices.SortStableFunc(p.found, func(x, y found) int {
		if c := strings.Compare(x.who.ID, y.who.ID); c != 0 {
			return c
		}
		return x.from - y.from
	})
	var subjects []news.Subject
	for _, m := range p.found {
		n := len(subjects)
		if n == 0 || subjects[n-1].Actor.ID != m.who.ID {
			actor := m.who.Actor
			if r.finder.figures[actor.ID] == m.who {
				actor.Principal = r.finder.inv.Principal(actor.ID, r.at)
			}
			subjects = append(subjects, news.Subject{Actor: actor})
			n++
		}
		start, end := p.words[m.from].start, p.words[m.to-1].end
		s := &subjects[n-1]
		s.Mentions = append(s.Mentions, news.Mention{Start: start, End: end, Text: string(text[start:end]), How: m.how})
	}
	if a.Paragraphs[i].Kind == news.Body {
		subjects = append(subjects, news.Subject{Actor: news.TheAuthor})
	}
	return subjects
}

// Slug returns the id that an actor with the name has: its letters and figures without accents, in lower case, with
// hyphens between the words.
func Slug(name string) string {
	separates := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	return strings.Join(strings.FieldsFunc(plain(name), separates), "-")
}
