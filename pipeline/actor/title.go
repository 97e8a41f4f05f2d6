package actor

import (
	"slices"
	"strings"

	"stance/pipeline/news"
)

// phrase is a title with all that belongs to it: "the former British prime minister", "speaker of Ukraine's parliament".
type phrase struct {
	from, to int // words
	title    string
	of       *figure // whose office it is; nil where the phrase does not say
	owners   []*span // the names that say so
	past     bool
	definite bool // "the president", "Ukraine's president"
	bare     bool // nothing but article, owner and title
}

// phraseAt reads the title phrase around an office.
func (p *paragraph) phraseAt(s *span) phrase {
	f, _ := s.best(office)
	ph := phrase{from: s.from, to: s.to, title: f.title, of: f.actor, bare: true}
	p.extendLeft(&ph)
	p.extendRight(&ph)
	if !ph.bare && ph.title == "leader" {
		ph.title = "" // a party's leader or an army's chief does not lead the state
	}
	return ph
}

func (p *paragraph) extendLeft(ph *phrase) {
	const longest = 10 // words
	for title := ph.from; ph.from > 0 && ph.from > title-longest && p.gap(ph.from).joins(); {
		if left := p.ending(ph.from); left != nil {
			owner := left.owner()
			if owner == nil || left.taken || p.gap(left.from) == hyphen {
				break
			}
			if ph.of == nil || owner.Kind == news.State {
				ph.of = owner
			}
			ph.owners = append(ph.owners, left)
			ph.definite = ph.definite || p.words[left.to-1].possessive
			ph.from = left.from
			continue
		}
		before := p.words[ph.from-1]
		if before.class&(past|quality) == 0 || before.possessive && before.key != "ministry" {
			break
		}
		ph.past = ph.past || before.class&past != 0
		ph.bare = false
		ph.from--
	}
	if p.key(ph.from-1) == "the" && p.gap(ph.from) == space {
		ph.definite = true
		ph.from--
	}
}

func (p *paragraph) extendRight(ph *phrase) {
	for next := ph.to; p.gap(next) == space; next = ph.to { // "press secretary Maj. Gen.", "prime minister and defence minister"
		if p.key(next) == "and" {
			next++
		}
		for p.is(next, quality) && p.starting(next) == nil {
			next++
		}
		also := p.starting(next)
		if also == nil || !also.names(office) || p.gap(next) != space {
			break
		}
		also.taken = true
		ph.to = also.to
	}
	if k := p.key(ph.to); ph.of != nil || k != "of" && k != "for" {
		return
	}
	next := ph.to + 1
	if p.key(next) == "the" {
		next++
	}
	right := p.starting(next)
	if right == nil || right.taken || p.gap(next) != space || p.gap(right.to) == hyphen || p.ofHouse(right) {
		return
	}
	owner := right.owner()
	if owner == nil {
		return
	}
	ph.of, ph.to = owner, right.to
	ph.owners = append(ph.owners, right)
	if p.words[right.to-1].possessive || right.names(people) {
		ph.title = "" // "the head of Germany's largest bank"
	}
}

// owner returns the state or body that a span names when it stands beside a title, and nil where it names none.
func (s *span) owner() *figure {
	f, _ := s.best(proper, seat, placeSeat, capitalCity, people)
	return f.actor
}

// meetHolder connects a title with the name beside it.
func (r *reading) meetHolder(p *paragraph, i int, s *span) {
	ph := p.phraseAt(s)
	if p.loud && ph.of == nil {
		return
	}
	p.ownerAfterName(&ph)
	m, from, to := r.holderAfter(p, i, ph)
	if m == nil {
		m, from, to = r.holderBefore(p, i, ph)
	}
	if m == nil {
		return
	}
	m.actor = true
	m.woman = m.woman || strings.HasSuffix(p.key(s.to-1), "woman") || p.is(s.to-1, woman)
	if !ph.past {
		m.posts = append(m.posts, post{ph.of, ph.title})
		if m.terms == nil && m.Principal == "" && ph.of != nil && r.finder.figures[m.ID] == nil {
			m.Principal = ph.of.ID
		}
	}
	s.taken = true
	for _, owner := range ph.owners {
		owner.taken = true
	}
	if from < to {
		p.take(from, to)
		p.add(m.figure, from, to, p.nameOrAlias(m.figure, from, to))
	}
}

// ownerAfterName reads whose office it is where the name stands between: "President Emmanuel Macron of France".
func (p *paragraph) ownerAfterName(ph *phrase) {
	if ph.of != nil || p.gap(ph.to) != space {
		return
	}
	end := p.nameRun(ph.to)
	if s := p.starting(ph.to); s != nil && s.names(fullName) {
		end = s.to
	}
	if end == ph.to || p.key(end) != "of" || p.gap(end) != space {
		return
	}
	right := p.starting(end + 1)
	if p.key(end+1) == "the" {
		right = p.starting(end + 2)
	}
	if right == nil || right.taken || p.gap(right.to) == hyphen || p.words[right.to-1].possessive {
		return
	}
	if owner := right.owner(); owner != nil && owner.Kind == news.State && !right.names(people) {
		ph.of = owner
		ph.owners = append(ph.owners, right)
	}
}

// holderAfter finds the name that follows a title: "French President Emmanuel Macron", "the French president, Emmanuel
// Macron,". The words from and to are those of a name that no later pass would find by itself.
func (r *reading) holderAfter(p *paragraph, i int, ph phrase) (m *member, from, to int) {
	next := ph.to
	between := p.gap(next)
	if p.is(next, honorific) && between == space {
		next++
	}
	if s := p.starting(next); s != nil && !s.taken && (p.loud || !p.partOfName(s)) {
		if f, ok := s.best(fullName); ok && (between == space || between == comma && (ph.definite || ph.of != nil) && f.actor.spokeFor(ph.of)) {
			return r.enter(f.actor, i), 0, 0
		}
		if who := r.bySurname(s, ph); who != nil && between == space {
			return r.enter(who, i), s.from, s.to
		}
	}
	end := p.nameRun(next)
	explained := between == comma && p.gap(end) == comma && len(ph.owners) > 0 // "Canada's ambassador, Jane Doe, said"
	if end == next || p.loud || between != space && !explained || ph.of == nil && p.is(ph.to-1, weak) {
		return nil, 0, 0
	}
	if s := p.starting(end - 1); s != nil && ph.of != nil {
		for _, f := range s.forms { // a given name that is spelled in another way
			if f.naming == surname && f.actor.held(ph.of, ph.title) {
				return r.enter(f.actor, i), next, end
			}
		}
	}
	return r.enterStranger(p, i, next, end), next, end
}

// holderBefore finds the name that a title explains: "Andriy Parubiy, the former speaker of Ukraine's parliament".
func (r *reading) holderBefore(p *paragraph, i int, ph phrase) (m *member, from, to int) {
	start := ph.from
	if k := p.key(start - 1); (k == "a" || k == "an") && p.gap(start) == space {
		start--
	}
	if p.gap(start) != comma || !p.closes(ph.to) {
		return nil, 0, 0
	}
	if s := p.ending(start); s != nil && s.names(fullName) && !s.taken {
		if f, _ := s.best(fullName); ph.past || f.actor.spokeFor(ph.of) {
			return r.enter(f.actor, i), 0, 0
		}
		return nil, 0, 0
	}
	if p.loud || ph.of == nil && p.is(ph.to-1, weak) {
		return nil, 0, 0
	}
	const longest = 6 // words of a name with particles
	for from := max(0, start-longest); from < start-1; from++ {
		if p.nameRun(from) == start {
			return r.enterStranger(p, i, from, start), from, start
		}
	}
	return nil, 0, 0
}

// closes reports whether a noun phrase ends before a word, so that the title before it is no mere adjective: "a deputy
// health director" holds no title of ours.
func (p *paragraph) closes(i int) bool {
	if p.gap(i) != space || p.is(i, function|saying|deed) || p.words[i-1].possessive {
		return true
	}
	w := p.words[i]
	return w.shape == lower && (strings.HasSuffix(w.key, "ed") || w.class == 0 && strings.HasSuffix(w.key, "s"))
}

// bySurname returns who is meant by a surname after a title, and nil where that is open: the one who holds the title, or held
// it, or is in the article, or may hold it for all that the inventory knows.
func (r *reading) bySurname(s *span, ph phrase) *figure {
	met := func(who *figure) *member {
		if m := r.cast.of[who]; m != nil {
			return m
		}
		return &member{figure: who}
	}
	for _, fits := range []func(*figure) bool{
		func(who *figure) bool { return r.holds(met(who), ph.of, ph.title) },
		func(who *figure) bool { return who.held(ph.of, ph.title) },
		func(who *figure) bool { return met(who).actor && who.spokeFor(ph.of) },
		func(who *figure) bool { return len(who.terms) == 0 && who.spokeFor(ph.of) },
	} {
		var only *figure
		n := 0
		for _, f := range s.forms {
			if f.naming == surname && fits(f.actor) {
				only = f.actor
				n++
			}
		}
		if n == 1 {
			return only
		}
	}
	return nil
}

// spokeFor reports whether somebody holds or held an office of an actor. Those of whom the inventory knows no office may
// have any.
func (f *figure) spokeFor(of *figure) bool {
	if of == nil || len(f.terms) == 0 && f.Principal == "" {
		return true
	}
	return f.Principal == of.ID || slices.ContainsFunc(f.terms, func(t term) bool { return t.principal == of.ID })
}

// held reports whether somebody ever had a title.
func (f *figure) held(of *figure, title string) bool {
	return slices.ContainsFunc(f.terms, func(t term) bool { return (of == nil || t.principal == of.ID) && t.has(title) })
}

// holds reports whether somebody has a title at the time of the article, by the inventory or by the article's own words.
// Where the time is unknown, any time will do: the article names him.
func (r *reading) holds(m *member, of *figure, title string) bool {
	for _, t := range m.terms {
		if (r.at.IsZero() || t.covers(r.at)) && (of == nil || t.principal == of.ID) && t.has(title) {
			return true
		}
	}
	return slices.ContainsFunc(m.posts, func(x post) bool { return (of == nil || x.of == of) && means(x.title, title) })
}

// has reports whether a term gives a title, with canonical titles on both sides.
func (t term) has(title string) bool {
	return slices.ContainsFunc(t.titles, func(x string) bool { return means(x, title) })
}

// means reports whether the holder of an office may be called by a title: "the leader", "the minister".
func means(office, title string) bool {
	return office == title || title == "leader" && leads(office) || title == "minister" && strings.HasSuffix(office, "minister")
}

// resolveTitles decides titles without a name: "the French president" is the one whom the article names, or else France;
// "the president" alone is somebody only where no second one comes into question.
func (r *reading) resolveTitles() {
	for i := range r.paragraphs {
		p := &r.paragraphs[i]
		for j := range p.spans {
			s := &p.spans[j]
			if s.taken || !s.names(office) {
				continue
			}
			ph := p.phraseAt(s)
			switch {
			case ph.past:
				for _, owner := range ph.owners {
					owner.taken = true // "a former French president" is nobody here
				}
			case !p.free(ph.from, ph.to):
			case !ph.definite && p.becoming(ph.from-1):
			case ph.of != nil:
				r.resolveOwned(p, s, ph)
			case ph.definite && ph.bare && p.closes(ph.to) && p.key(ph.to) != "of":
				if m := r.nearestHolder(i, s, ph.title); m != nil {
					p.add(m.figure, ph.from, ph.to, news.ByTitle)
				}
			}
		}
	}
}

// becoming reports whether a word makes the title after it somebody's past, future or wish, and not a name of its holder: "he
// wants to be prime minister of France".
func (p *paragraph) becoming(i int) bool {
	switch p.key(i) {
	case "be", "became", "become", "becoming", "been", "being", "was":
		return p.gap(i+1) == space
	}
	return false
}

// resolveOwned decides a title that says whose it is.
func (r *reading) resolveOwned(p *paragraph, s *span, ph phrase) {
	deputy := slices.ContainsFunc(p.words[ph.from:ph.to], func(w word) bool { return w.key == "deputy" || w.key == "vice" })
	who := ph.of
	switch m := r.holder(ph.of, ph.title, nil); {
	case m != nil && !deputy && (ph.definite || !p.is(ph.from-1, article)): // not "a French minister"
		who = m.figure
	case ph.title == "" || p.is(s.from, generic) && s.to == s.from+1:
		return // "a Russian general" is decided like any noun
	}
	s.taken = true
	for _, owner := range ph.owners {
		owner.taken = true
	}
	p.add(who, ph.from, ph.to, news.ByTitle)
}

// nearestHolder returns whom "the president" means in a paragraph: the only one of the article's people who holds the title,
// or the only one in this paragraph before the title, or in the paragraph before.
func (r *reading) nearestHolder(i int, s *span, title string) *member {
	const reach = 400 // words
	if m := r.holder(nil, title, nil); m != nil {
		return m
	}
	for k := i; k >= 0 && k >= i-1; k-- {
		p := &r.paragraphs[k]
		end := len(p.words)
		if k == i {
			end = s.from
		}
		near := p.people[max(0, end-reach):end]
		named := func(m *member) bool { return slices.Contains(near, m.figure) }
		if slices.ContainsFunc(r.cast.members, func(m *member) bool { return named(m) && r.holds(m, nil, title) }) {
			if m := r.holder(nil, title, named); m != nil {
				return m
			}
			break
		}
	}
	return r.localHolder(i, title)
}

// localHolder returns the one of the article's people with a title who speaks for the country of which it speaks most around
// a paragraph, or else, of a title that its leader has, whom the inventory knows to have it there.
func (r *reading) localHolder(i int, title string) *member {
	var only *member
	most := 0
	for _, m := range r.cast.members {
		if !m.actor || !r.holds(m, nil, title) {
			continue
		}
		switch weight := r.speaksOf(r.landOf(m.figure), i); {
		case weight > most:
			only, most = m, weight
		case weight == most:
			only = nil
		}
	}
	if only != nil || !leads(title) {
		return only
	}
	land := r.home(i)
	if land == nil {
		return nil
	}
	for _, who := range r.finder.holders[land.ID] { // who needs no name there
		if slices.ContainsFunc(who.terms, func(t term) bool { return t.principal == land.ID && t.covers(r.at) && t.has(title) }) {
			return &member{figure: who, actor: true}
		}
	}
	return nil
}

// holder returns the only one of the article's people who holds a title and passes the filter.
func (r *reading) holder(of *figure, title string, among func(*member) bool) *member {
	var only *member
	for _, m := range r.cast.members {
		if m.actor && r.holds(m, of, title) && (among == nil || among(m)) {
			if only != nil {
				return nil
			}
			only = m
		}
	}
	return only
}
