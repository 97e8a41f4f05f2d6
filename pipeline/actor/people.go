package actor

import (
	"slices"
	"strings"

	"stance/pipeline/news"
)

// member is somebody who appears in the article.
type member struct {
	*figure
	posts []post // offices that the article says he holds
	woman bool
	given []string // folded given names, of people whom the inventory lacks
	first int      // paragraph of the first full name or title
	actor bool     // false for somebody who is only reported on
}

// post is an office as an article tells it.
type post struct {
	of    *figure
	title title
}

// meet finds the people of the article: full names of the inventory, and others who come with a title or argue.
func (r *reading) meet() {
	for i := range r.paragraphs {
		p := &r.paragraphs[i]
		for j := range p.spans {
			if f, ok := p.spans[j].best(fullName); ok {
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

func (s *span) names(n naming) bool {
	_, ok := s.best(n)
	return ok
}

// enter returns the member of the cast for a figure, new where it was not met before.
func (r *reading) enter(who *figure, paragraph int) *member {
	for _, m := range r.cast {
		if m.figure == who {
			return m
		}
	}
	m := &member{figure: who, first: paragraph, actor: true}
	if first, _, _ := strings.Cut(who.Name, " "); first != "" {
		m.woman = r.finder.names.entries[fold(first)].class&woman != 0
	}
	r.cast = append(r.cast, m)
	return m
}

// phrase is a title with all that belongs to it: "the former British prime minister", "speaker of Ukraine's parliament".
type phrase struct {
	from, to int // words
	title    title
	of       *figure // whose office it is; nil where the phrase does not say
	owners   []*span
	past     bool
	definite bool // "the president", "Ukraine's president"
	plain    bool // nothing but article, owner and title
}

// phraseAt reads the title phrase around an office.
func (r *reading) phraseAt(p *paragraph, s *span) phrase {
	f, _ := s.best(office)
	ph := phrase{from: s.from, to: s.to, title: f.title, of: f.actor, plain: true}
	for ph.from > 0 && p.gap(ph.from).joins() {
		if left := p.ending(ph.from); left != nil {
			owner := left.owner(p)
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
		if p.is(ph.from-1, past) {
			ph.past = true
		} else if !p.is(ph.from-1, quality) || p.words[ph.from-1].possessive {
			break
		}
		ph.plain = false
		ph.from--
	}
	if !ph.plain && ph.title == "leader" {
		ph.title = "" // a party's leader, an army's chief: not the leader of the state
	}
	if k := p.key(ph.from - 1); k == "the" && p.gap(ph.from) == space {
		ph.definite = true
		ph.from--
	}
	for p.key(ph.to) == "and" { // "prime minister and defence minister"
		next := ph.to + 1
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
	if k := p.key(ph.to); ph.of == nil && (k == "of" || k == "for") {
		next := ph.to + 1
		for p.key(next) == "the" {
			next++
		}
		if right := p.starting(next); right != nil && p.gap(next) == space && p.gap(right.to) != hyphen && !p.ofHouse(right) {
			if owner := right.owner(p); owner != nil && !right.taken {
				ph.of, ph.to = owner, right.to
				ph.owners = append(ph.owners, right)
			}
		}
	}
	return ph
}

// owner returns the state or body that a span names when it stands beside a title, and nil where it names none.
func (s *span) owner(p *paragraph) *figure {
	f, ok := s.best(proper, seat, placeSeat, capitalCity, people)
	if !ok {
		return nil
	}
	return f.actor
}

// meetHolder connects a title with the name beside it.
func (r *reading) meetHolder(p *paragraph, i int, s *span) {
	ph := r.phraseAt(p, s)
	if p.loud && ph.of == nil {
		return
	}
	m, from, to := r.holderAfter(p, i, ph)
	if m == nil {
		m, from, to = r.holderBefore(p, i, ph)
	}
	if m == nil {
		return
	}
	s.taken = true
	for _, owner := range ph.owners {
		owner.taken = true
	}
	if !ph.past {
		m.posts = append(m.posts, post{ph.of, ph.title})
	}
	if w := p.words[s.to-1].key; strings.HasSuffix(w, "woman") || w == "queen" {
		m.woman = true
	}
	m.actor = true
	if from < to {
		p.claim(m.figure, from, to)
	}
}

// claim decides that words name somebody, whatever the inventory knows in them.
func (p *paragraph) claim(who *figure, from, to int) {
	for j := range p.spans {
		if s := &p.spans[j]; s.from < to && from < s.to {
			s.taken = true
		}
	}
	p.add(who, from, to, p.nameOrAlias(who, from, to))
}

func (p *paragraph) nameOrAlias(who *figure, from, to int) news.How {
	if plain(who.Name) == plain(p.text(from, to)) {
		return news.ByName
	}
	return news.ByAlias
}

func (p *paragraph) text(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		if i > from {
			if p.words[i].before == hyphen {
				b.WriteByte('-')
			} else {
				b.WriteByte(' ')
			}
		}
		b.WriteString(p.words[i].text)
	}
	return b.String()
}

// holderAfter finds the name that follows a title: "French President Emmanuel Macron", "the French president, Emmanuel
// Macron,". The words from and to are those of a name that no later pass would find by itself.
func (r *reading) holderAfter(p *paragraph, i int, ph phrase) (m *member, from, to int) {
	next, g := ph.to, p.gap(ph.to)
	if p.is(next, honorific) && g == space {
		next, g = next+1, p.gap(next+1)
	}
	if s := p.starting(next); s != nil && !s.taken && g == space {
		if f, ok := s.best(fullName); ok {
			return r.enter(f.actor, i), 0, 0
		}
		if who := r.bySurname(s, ph); who != nil && !p.givenName(next-1) {
			return r.enter(who, i), s.from, s.to
		}
	} else if s != nil && g == comma && (ph.definite || len(ph.owners) > 0) {
		if f, ok := s.best(fullName); ok && f.actor.spokeFor(ph.of) {
			return r.enter(f.actor, i), 0, 0
		}
	}
	end := p.nameRun(next)
	explained := g == comma && p.gap(end) == comma && len(ph.owners) > 0 // "Canada's ambassador, Jane Doe, said"
	if end < next+2 || p.loud || g != space && !explained || ph.of == nil && p.is(ph.to-1, weak) {
		return nil, 0, 0
	}
	return r.enterStranger(p, i, next, end, ph), next, end
}

// holderBefore finds the name that a title explains: "Andriy Parubiy, the former speaker of Ukraine's parliament".
func (r *reading) holderBefore(p *paragraph, i int, ph phrase) (m *member, from, to int) {
	start := ph.from
	if !p.closes(ph.to) {
		return nil, 0, 0
	}
	if k := p.key(start - 1); (k == "a" || k == "an") && p.gap(start) == space {
		start--
	}
	if p.gap(start) != comma {
		return nil, 0, 0
	}
	if s := p.ending(start); s != nil && s.names(fullName) && !s.taken {
		f, _ := s.best(fullName)
		if ph.past || f.actor.spokeFor(ph.of) {
			return r.enter(f.actor, i), 0, 0
		}
		return nil, 0, 0
	}
	if p.loud || ph.of == nil && p.is(ph.to-1, weak) {
		return nil, 0, 0
	}
	for begin := start - 2; begin >= 0 && begin >= start-4; begin-- {
		if p.nameRun(begin) == start && (begin == 0 || p.nameRun(begin-1) != start) {
			return r.enterStranger(p, i, begin, start, ph), begin, start
		}
	}
	return nil, 0, 0
}

// closes reports whether a noun phrase ends before a word, so that the title before it is no mere adjective: "a deputy
// health director" holds no title of ours.
func (p *paragraph) closes(i int) bool {
	if p.gap(i) != space || p.is(i, function|saying) || p.words[i-1].possessive {
		return true
	}
	w := p.words[i]
	return w.shape == lower && (strings.HasSuffix(w.key, "ed") || w.class == 0 && strings.HasSuffix(w.key, "s"))
}

// spokeFor reports whether somebody holds or held an office of an actor. Those of whom the inventory knows no office may
// have any.
func (f *figure) spokeFor(of *figure) bool {
	if of == nil || f.Kind != news.Person || len(f.terms) == 0 && f.Principal == "" {
		return true
	}
	return f.Principal == of.ID || slices.ContainsFunc(f.terms, func(t term) bool { return t.principal == of.ID })
}

// bySurname returns who is meant by a surname after a title, and nil where that is open: somebody who holds the title or
// held it, or else the one of the article or the only one of the inventory with the name who may hold it.
func (r *reading) bySurname(s *span, ph phrase) *figure {
	var namesakes []*figure
	for _, f := range s.forms {
		if f.naming == surname {
			namesakes = append(namesakes, f.actor)
		}
	}
	member := func(f *figure) *member {
		for _, m := range r.cast {
			if m.figure == f {
				return m
			}
		}
		return &member{figure: f}
	}
	for _, fits := range []func(*figure) bool{
		func(f *figure) bool { return r.holds(member(f), ph.of, ph.title) },
		func(f *figure) bool { return f.held(ph.of, ph.title) },
		func(f *figure) bool { return member(f).actor && f.spokeFor(ph.of) },
		func(f *figure) bool { return len(f.terms) == 0 && f.spokeFor(ph.of) },
	} {
		var only *figure
		n := 0
		for _, f := range namesakes {
			if fits(f) {
				only = f
				n++
			}
		}
		if n == 1 {
			return only
		}
	}
	return nil
}

// held reports whether somebody ever had a title.
func (f *figure) held(of *figure, t title) bool {
	return slices.ContainsFunc(f.terms, func(x term) bool {
		return (of == nil || x.principal == of.ID) && (x.has(t) || t == "minister" || t == "leader")
	})
}

// has reports whether a term gives a title, also where another word stands for it.
func (t term) has(want title) bool {
	return slices.ContainsFunc(t.titles, func(x title) bool {
		return x == want || want == "leader" && leads(x) || want == "minister" && strings.HasSuffix(string(x), "minister")
	})
}

// holds reports whether somebody has a title at the time of the article, by the inventory or by the article's own words.
// Where the time is unknown, any time will do: the article names him.
func (r *reading) holds(m *member, of *figure, want title) bool {
	for _, t := range m.terms {
		if (r.at.IsZero() || t.covers(r.at)) && (of == nil || t.principal == of.ID) && t.has(want) {
			return true
		}
	}
	return slices.ContainsFunc(m.posts, func(x post) bool {
		return (of == nil || x.of == of) && (x.title == want || want == "leader" && leads(x.title))
	})
}

// enterStranger makes an actor of somebody whom the inventory lacks.
func (r *reading) enterStranger(p *paragraph, i, from, to int, ph phrase) *member {
	name := p.text(from, to)
	id := Slug(name)
	if known := r.finder.figures[id]; known != nil {
		return r.enter(known, i)
	}
	for _, m := range r.cast {
		if m.ID == id {
			return m
		}
	}
	who := &figure{Actor: news.Actor{ID: id, Name: name, Kind: news.Person}, surname: p.words[to-1].key}
	if ph.of != nil && !ph.past {
		who.Principal = ph.of.ID
	}
	m := r.enter(who, i)
	m.actor = false
	for _, w := range p.words[from : to-1] {
		m.given = append(m.given, w.key)
	}
	return m
}

// meetStrangers finds full names of people whom the inventory lacks. Those who argue are actors; the others are kept, since
// a pronoun or a surname may mean them.
func (r *reading) meetStrangers(p *paragraph, i int) {
	for from := p.dateline; from < len(p.words); {
		end := p.nameRun(from)
		if end < from+2 {
			from++
			continue
		}
		known := false
		for j := from; j < end; j++ {
			s := p.starting(j)
			known = known || s != nil && s.taken
		}
		if !known {
			m := r.enterStranger(p, i, from, end, phrase{})
			m.actor = m.actor || p.argues(from, end)
			for j := from; j < end; j++ {
				if s := p.starting(j); s != nil {
					s.taken = true
				}
			}
		}
		from = end
	}
}

// argues reports whether the name between two words has a verb of arguing: "argued George Beebe", "George Beebe of the
// Quincy Institute, a think tank, warns".
func (p *paragraph) argues(from, to int) bool {
	if p.is(from-1, arguing) && p.gap(from) == space && p.words[from-1].shape == lower {
		return true
	}
	const reach = 16 // words of an explanation between commas
	for i := to; i < len(p.words) && i < to+reach; i++ {
		if g := p.gap(i); i > to && (g == sentence || g == colon) {
			return false
		}
		if p.is(i, arguing) && (i == to || p.gap(i) == comma) {
			return true
		}
		if i == to && p.gap(i) != comma && p.key(i) != "of" {
			return false
		}
	}
	return false
}

// nameRun returns the word after a full name of two to four words that begins at a word, and that word itself where none does.
func (p *paragraph) nameRun(from int) int {
	if !p.givenName(from) || p.key(from-1) == "the" && p.gap(from) == space {
		return from
	}
	end, capitals := from+1, 1
	for end < len(p.words) && p.words[end].before.joins() && !p.words[end-1].possessive {
		w := p.words[end]
		if w.class&particle != 0 && w.shape == lower && p.givenName(end+1) {
			end++
			continue
		}
		if initial := len(w.text) == 1 && w.shape == capital; !initial && !p.givenName(end) {
			break
		}
		end++
		capitals++
	}
	for end > from && len(p.words[end-1].text) == 1 {
		end--
	}
	if capitals < 2 || capitals > 4 || end-from < 2 || p.is(end, house) && p.words[end].shape != lower {
		return from
	}
	return end
}

// givenName reports whether a word can be part of a name of somebody unknown.
func (p *paragraph) givenName(i int) bool {
	if i < 0 || i >= len(p.words) {
		return false
	}
	w := p.words[i]
	if w.shape == lower || w.shape == upper && len(w.text) > 2 || w.text[0] >= '0' && w.text[0] <= '9' {
		return false
	}
	if s := p.starting(i); s != nil && (s.taken || !s.names(surname) || s.to > i+1) {
		return false
	}
	if p.inside(i) {
		return false
	}
	if w.class&(woman|common) != 0 && w.class&(function|honorific|calendar|house) == 0 {
		return true
	}
	const words = function | saying | visiting | moving | giving | leaving | strikes | compass | part | side | soldiers | soil | belongings | topic |
		event | house | past | quality | official | generic | calendar | honorific | suffix | government
	if w.class&words != 0 {
		return false
	}
	if g := p.gap(i); g == space || g == hyphen || g == comma {
		return true
	}
	for _, ending := range [...]string{"ing", "ed", "ly"} { // the first word of a sentence is capitalised anyway
		if strings.HasSuffix(w.key, ending) {
			return false
		}
	}
	return true
}

// inside reports whether a word lies within a longer name and does not begin it.
func (p *paragraph) inside(i int) bool {
	for j := i - 1; j >= 0 && j > i-8; j-- {
		if s := p.starting(j); s != nil {
			return s.to > i
		}
	}
	return false
}

// nameAgain finds the people of the article where they are named in short.
func (r *reading) nameAgain() {
	for i := range r.paragraphs {
		p := &r.paragraphs[i]
		for j := range p.spans {
			s := &p.spans[j]
			if s.taken {
				continue
			}
			if f, ok := s.best(fullName); ok {
				r.named(p, f.actor, s)
			} else if s.names(surname) {
				r.resolveSurname(p, i, s)
			}
		}
		for from := range p.words {
			if s := p.starting(from); s != nil && !s.names(surname) || p.words[from].shape == lower {
				continue
			}
			for _, m := range r.cast {
				if m.surname == p.words[from].key && m.actor {
					r.nameStranger(p, m, from)
				}
			}
		}
	}
}

// nameStranger marks a surname of somebody whom the inventory lacks, with the given names before it.
func (r *reading) nameStranger(p *paragraph, m *member, at int) {
	from := at
	for from > 0 && p.words[from].before.joins() && slices.Contains(m.given, p.words[from-1].key) {
		from--
	}
	if from == at && !p.loud && at > 0 && p.words[at].before == space && p.givenName(at-1) {
		return // another given name
	}
	if p.overlaps(from, at+1) {
		return
	}
	how := news.ByAlias
	if from < at {
		how = news.ByName
	}
	p.add(m.figure, from, at+1, how)
}

func (p *paragraph) overlaps(from, to int) bool {
	return slices.ContainsFunc(p.found, func(m found) bool { return m.from < to && from < m.to })
}

// named marks a person and takes in what stands before the name and belongs to it: "Ukraine's Zelensky".
func (r *reading) named(p *paragraph, who *figure, s *span) {
	s.taken = true
	from := s.from
	for p.is(from-1, honorific) {
		from--
	}
	if left := p.ending(from); left != nil && p.gap(from) == space && !left.taken {
		if f, ok := left.best(proper, people); ok && (f.naming == people || p.words[left.to-1].possessive) && who.spokeFor(f.actor) {
			left.taken = true
		}
	}
	end := s.to
	if p.gap(end) == hyphen {
		end = p.afterPair(end) // "the Biden-Harris administration"
	}
	if p.is(end, government) && p.gap(end) == space && !p.words[end-1].possessive {
		if state := r.governed(who); state != nil {
			for at := s.to; at < end; at++ {
				if other := p.starting(at); other != nil {
					other.taken = true
				}
			}
			p.add(state, s.from, end+1, news.ByAlias)
			return
		}
	}
	if p.gap(s.to) == hyphen && p.key(s.to) != "led" && !p.is(s.to, doing) && p.starting(s.to) == nil {
		return // "Merkel-era"
	}
	p.add(who, s.from, s.to, p.nameOrAlias(who, s.from, s.to))
}

// governed returns the state that somebody leads or led, and nil where there is none.
func (r *reading) governed(who *figure) *figure {
	for _, t := range who.terms {
		if t.has("leader") {
			return r.finder.figures[t.principal]
		}
	}
	return nil
}

// resolveSurname decides whom a surname means: somebody of the article, or else the one person of the inventory who was in
// office at the time and whose name is not that of many.
func (r *reading) resolveSurname(p *paragraph, i int, s *span) {
	if !p.loud && p.partOfName(s) {
		s.taken = true
		return
	}
	if f, ok := s.best(proper, seat, placeSeat, capitalCity, people); ok && !r.appears(s) && f.naming != surname {
		return // a state with the name of a person
	}
	var latest *member
	rivals := 0
	key := p.words[s.to-1].key
	for _, m := range r.cast {
		same := m.surname == key
		for _, f := range s.forms {
			same = same || f.naming == surname && f.actor == m.figure
		}
		if same {
			rivals++
			if latest == nil || m.first <= i {
				latest = m
			}
		}
	}
	if rivals > 0 {
		if latest.actor {
			r.named(p, latest.figure, s)
		}
		s.taken = true
		return
	}
	if who := r.famous(s); who != nil && !p.is(s.to-1, common) {
		r.enter(who, i)
		r.named(p, who, s)
	}
	s.taken = true
}

// partOfName reports whether a surname is part of another name: "Melania Trump", "Omar al-Bashir", "Trump Tower", "Bush Jr".
func (p *paragraph) partOfName(s *span) bool {
	if p.gap(s.from) == space && p.givenName(s.from-1) {
		return true
	}
	next := s.to
	if !p.gap(next).joins() || p.words[next-1].possessive || p.starting(next) != nil {
		return false
	}
	return p.is(next, suffix|house) && p.words[next].shape != lower || p.is(next, particle) && p.givenName(next+1) || p.givenName(next)
}

func (r *reading) appears(s *span) bool {
	return slices.ContainsFunc(r.cast, func(m *member) bool {
		return slices.ContainsFunc(s.forms, func(f form) bool { return f.naming == surname && f.actor == m.figure })
	})
}

// famous returns who is known by a surname alone.
func (r *reading) famous(s *span) *figure {
	var candidates []*figure
	for _, f := range s.forms {
		if f.naming == surname {
			candidates = append(candidates, f.actor)
		}
	}
	inOffice := func(f *figure) bool {
		return f.Principal != "" || slices.ContainsFunc(f.terms, func(t term) bool { return t.covers(r.at) })
	}
	leading := func(f *figure) bool {
		return slices.ContainsFunc(f.terms, func(t term) bool { return t.covers(r.at) && t.has("leader") })
	}
	for _, narrower := range []func(*figure) bool{inOffice, leading} {
		if len(candidates) > 1 {
			candidates = slices.DeleteFunc(candidates, func(f *figure) bool { return !narrower(f) })
		}
	}
	if len(candidates) != 1 {
		return nil
	}
	return candidates[0]
}
