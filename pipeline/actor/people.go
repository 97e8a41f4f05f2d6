package actor

import (
	"slices"
	"strings"

	"stance/pipeline/news"
)

// cast is the people of an article.
type cast struct {
	members   []*member // in order of appearance
	of        map[*figure]*member
	given     map[string]*member   // whom a folded given name alone means
	strangers map[string][]*member // people whom the inventory lacks, by the folded last word of the name
}

// member is somebody who appears in the article.
type member struct {
	*figure
	posts []post   // offices that the article says he holds
	given []string // folded given names of a stranger
	woman bool
	spoke bool // in the first person, behind a label
	actor bool // false for a stranger of whom nothing tells that he may have a say
	first int  // paragraph in which he is named in full first
}

// post is an office as an article tells it.
type post struct {
	of    *figure // nil where the article does not say
	title string
}

func newCast() cast {
	return cast{of: map[*figure]*member{}, strangers: map[string][]*member{}}
}

// enter returns the member of the cast for somebody of the inventory, new where he was not met before.
func (r *reading) enter(who *figure, paragraph int) *member {
	m := r.cast.of[who]
	if m == nil {
		first, _, _ := strings.Cut(who.Name, " ")
		m = &member{figure: who, actor: true, first: paragraph, woman: r.finder.names.entries[fold(first)].class&woman != 0}
		r.cast.of[who] = m
		r.cast.members = append(r.cast.members, m)
	}
	return m
}

// enterStranger returns the member of the cast for a full name that the inventory lacks. Whether he is an actor is up to the
// caller.
func (r *reading) enterStranger(p *paragraph, i, from, to int) *member {
	name := spellName(p.text(from, to))
	id := Slug(name)
	if who := r.finder.figures[id]; who != nil {
		return r.enter(who, i)
	}
	surname, given := to-1, p.words[from:to-1]
	if p.syllable(to - 1) {
		surname, given = from, p.words[from+1:to]
	}
	family := p.words[surname].key
	for _, m := range r.cast.strangers[family] {
		if m.ID == id {
			return m
		}
	}
	m := r.enter(&figure{Actor: news.Actor{ID: id, Name: name, Kind: news.Person}}, i)
	m.actor = false
	for _, w := range given {
		m.given = append(m.given, w.key)
	}
	r.cast.strangers[family] = append(r.cast.strangers[family], m)
	return m
}

// meetPeople finds out who appears in the article: full names of the inventory, and strangers. Strangers with a title and
// those who have a say or are clearly people are actors; the others are kept, since a surname or a pronoun may mean them.
func (r *reading) meetPeople() {
	for i := range r.paragraphs {
		for _, s := range r.paragraphs[i].spans {
			if f, ok := s.best(fullName); ok {
				r.enter(f.actor, i)
			}
		}
	}
	for i := range r.paragraphs {
		p := &r.paragraphs[i]
		for j := range p.spans {
			if s := &p.spans[j]; s.names(office) && !s.taken {
				r.meetHolder(p, i, s)
			}
		}
		if !p.loud {
			r.meetStrangers(p, i)
		}
	}
}

// resolvePeople finds the people of the article wherever they are named, in full or by the surname.
func (r *reading) resolvePeople() {
	r.callByGivenNames()
	for i := range r.paragraphs {
		p := &r.paragraphs[i]
		for j := range p.spans {
			s := &p.spans[j]
			if s.taken {
				continue
			}
			if f, ok := s.best(fullName); ok {
				r.name(p, f.actor, s)
			} else if s.names(surname) {
				r.resolveSurname(p, i, s)
			}
		}
		for at, w := range p.words {
			if w.shape == lower {
				continue
			}
			if m := r.cast.given[w.key]; m != nil && r.alone(p, at) {
				p.add(m.figure, at, at+1, news.ByAlias)
			}
			if namesakes := r.cast.strangers[w.key]; len(namesakes) > 0 {
				p.nameStranger(namesakes, i, at)
			}
		}
	}
}

// callByGivenNames finds out whom of the article's people a given name alone means: the only one of the inventory who has it.
// "Sir Keir" may be somebody whom the article never names in full.
func (r *reading) callByGivenNames() {
	r.cast.given = map[string]*member{}
	for _, m := range r.cast.members {
		first := fold(firstWord(m.Name))
		if _, twice := r.cast.given[first]; twice {
			r.cast.given[first] = nil
		} else if len(first) > 2 {
			r.cast.given[first] = m
		}
	}
	for first, m := range r.cast.given {
		if m != nil && (!m.actor || r.finder.figures[m.ID] != m.figure) {
			r.cast.given[first] = nil
		}
	}
}

func firstWord(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}

// alone reports whether a capitalised word is no part of a longer name.
func (r *reading) alone(p *paragraph, at int) bool {
	if p.loud || p.words[at].shape != capital || !p.free(at, at+1) || p.starting(at) != nil || p.inside(at) {
		return false
	}
	next := at + 1
	if p.gap(next).joins() && !p.words[at].possessive && next < len(p.words) && p.words[next].shape != lower {
		return false
	}
	return p.gap(at) != hyphen && (p.gap(at) != space || p.is(at-1, honorific) || p.words[at-1].shape == lower)
}

// nameStranger takes down a stranger's surname, with his given names around it.
func (p *paragraph) nameStranger(namesakes []*member, i, at int) {
	if s := p.starting(at); s != nil && !s.names(surname) {
		return
	}
	m, from, to := lastNamed(namesakes, i), at, at+1
	for _, other := range namesakes {
		start, end := at, at+1
		for start > 0 && p.gap(start).joins() && slices.Contains(other.given, p.words[start-1].key) {
			start--
		}
		for p.gap(end).joins() && slices.Contains(other.given, p.key(end)) { // "Ban Ki-moon"
			end++
		}
		if end-start > to-from {
			m, from, to = other, start, end
		}
	}
	unknown := from == at && !p.loud && p.gap(at) == space && p.givenName(at-1) // somebody else's given name
	if m.actor && !unknown && p.free(from, to) {
		p.add(m.figure, from, to, p.nameOrAlias(m.figure, from, to))
	}
}

// lastNamed returns the one of several people with one surname whom it means in a paragraph: the last who was named in full
// until then, or else the first who is named in full at all.
func lastNamed(namesakes []*member, paragraph int) *member {
	var meant *member
	for _, m := range namesakes {
		if meant == nil || m.first <= paragraph && m.first >= meant.first || meant.first > paragraph && m.first < meant.first {
			meant = m
		}
	}
	return meant
}

// name takes down somebody of the inventory, and takes in what stands around the name and belongs to it.
func (r *reading) name(p *paragraph, who *figure, s *span) {
	s.taken = true
	if left := p.ending(s.from); left != nil && !left.taken && p.gap(s.from) == space { // "Ukraine's Zelensky"
		f, ok := left.best(proper, people)
		if ok && (f.naming == people || p.words[left.to-1].possessive) && who.spokeFor(f.actor) {
			left.taken = true
		}
	}
	end := s.to
	if p.gap(end) == hyphen {
		if end = p.afterPair(end); end == s.to && !p.is(end, doing) {
			return // "Merkel-era"
		}
	}
	if state := r.ledBy(who); state != nil && p.is(end, government) && p.gap(end) == space && !p.words[end-1].possessive {
		p.take(s.to, end) // "the Biden-Harris administration"
		p.add(state, s.from, end+1, news.ByAlias)
		return
	}
	p.add(who, s.from, s.to, p.nameOrAlias(who, s.from, s.to))
}

// ledBy returns the state that somebody leads or led, and nil where there is none.
func (r *reading) ledBy(who *figure) *figure {
	for _, t := range who.terms {
		if t.has("leader") {
			return r.finder.figures[t.principal]
		}
	}
	return nil
}

// resolveSurname decides whom a surname means: the one of the article's people who was named last with it, or else the one
// person of the inventory who is known by it alone.
func (r *reading) resolveSurname(p *paragraph, i int, s *span) {
	if !p.loud && (p.partOfName(s) || p.words[s.from].shape == upper) { // "LEO" is no Leo
		s.taken = true
		return
	}
	namesakes := slices.Clone(r.cast.strangers[p.words[s.to-1].key])
	for _, f := range s.forms {
		if m := r.cast.of[f.actor]; f.naming == surname && m != nil {
			namesakes = append(namesakes, m)
		}
	}
	meant := lastNamed(namesakes, i)
	_, other := s.best(proper, seat, placeSeat, capitalCity, people) // a state with the name of a person
	if meant == nil && !other && !p.is(s.to-1, common) {
		if who := r.famous(s); who != nil {
			meant = r.enter(who, i)
		}
	}
	switch {
	case meant != nil && meant.actor:
		r.name(p, meant.figure, s)
	case meant != nil || !other:
		s.taken = true
	}
}

// partOfName reports whether a surname is part of another name: "Melania Trump", "Omar al-Bashir", "Trump Tower", "Bush Jr".
func (p *paragraph) partOfName(s *span) bool {
	if s.names(fullName) {
		return false
	}
	if p.gap(s.from) == space && p.givenName(s.from-1) {
		return true
	}
	next := s.to
	if !p.gap(next).joins() || p.words[next-1].possessive || p.starting(next) != nil {
		return false
	}
	return p.is(next, suffix|house) && p.words[next].shape != lower || p.is(next, particle) && p.givenName(next+1) || p.givenName(next)
}

// famous returns who is known by a surname alone: the only one with it, or the only one in office, or the only one who leads
// a state or body.
func (r *reading) famous(s *span) *figure {
	var namesakes []*figure
	for _, f := range s.forms {
		if f.naming == surname {
			namesakes = append(namesakes, f.actor)
		}
	}
	inOffice := func(who *figure) bool {
		return who.Principal != "" || slices.ContainsFunc(who.terms, func(t term) bool { return t.covers(r.at) })
	}
	leading := func(who *figure) bool {
		return slices.ContainsFunc(who.terms, func(t term) bool { return t.covers(r.at) && t.has("leader") })
	}
	for _, narrower := range []func(*figure) bool{r.prominent, inOffice, leading} {
		if len(namesakes) > 1 {
			namesakes = slices.DeleteFunc(namesakes, func(who *figure) bool { return !narrower(who) })
		}
	}
	if len(namesakes) != 1 || !r.prominent(namesakes[0]) {
		return nil
	}
	return namesakes[0]
}

// prominent reports whether somebody may be known by his surname alone: not a lawmaker without an office, unless the
// inventory gives the surname as an alias.
func (r *reading) prominent(who *figure) bool {
	party := r.finder.figures[who.Principal]
	return who.known || len(who.terms) > 0 || party == nil || party.Kind != news.Party
}
