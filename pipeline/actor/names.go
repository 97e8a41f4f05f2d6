package actor

import (
	"strings"

	"stance/pipeline/news"
)

// resolveNames decides for each name of a state or body, each town, seat and adjective, whether it is a mention.
func (r *reading) resolveNames() {
	for i := range r.paragraphs {
		p := &r.paragraphs[i]
		for j := range p.spans {
			s := &p.spans[j]
			f, ok := s.best(proper, seat, placeSeat, capitalCity, people)
			if s.names(shared) && !s.taken {
				f, ok = r.localName(i, s, f)
			}
			if !ok || s.taken || p.ofHouse(s) || !r.stands(p, s, f) {
				continue
			}
			how := p.nameOrAlias(f.actor, s.from, s.to)
			if f.naming == seat || f.naming == placeSeat || f.naming == capitalCity {
				how = news.ByMetonym
			}
			p.add(f.actor, s.from, s.to, how)
		}
	}
}

// stands reports whether a name stands for its actor here.
func (r *reading) stands(p *paragraph, s *span, f form) bool {
	if p.gap(s.from) == hyphen && p.is(s.from-1, against) {
		return false // "anti-Russian", "non-Western"
	}
	if p.gap(s.to) == hyphen {
		if p.starting(s.to) == nil {
			return p.is(s.to, doing) // "French-led"; not "NATO-trained", "Brussels-based"
		}
		if half(p.key(s.from)) {
			return p.pairs(p.afterPair(s.to))
		}
		return p.headAfter(p.afterPair(s.to)) != foreign // "the U.S.-EU consensus"; not "the Russian-Ukrainian border"
	}
	if left := p.ending(s.from); p.gap(s.from) == hyphen && left != nil && !p.words[s.to-1].possessive {
		if half(p.key(left.from)) {
			return p.pairs(s.to)
		}
		return p.headAfter(s.to) != foreign
	}
	if f.naming == people {
		if p.gap(s.from) == hyphen && p.words[s.from].shape == lower && p.ending(s.from) == nil {
			return false // "south-western"
		}
		return p.peopleStand(s, f)
	}
	if p.ofUnion(s, f) || p.bygone(s) {
		return false
	}
	if p.words[s.to-1].possessive {
		return p.possessorStands(s, f)
	}
	if f.actor.Kind == news.Collective && (p.singleMember(s) || p.pointsSomewhere(s)) {
		return false
	}
	acronym := p.words[s.from].shape == upper && !p.loud
	if f.naming == proper && p.gap(s.to) == space && !p.is(s.to, function) {
		switch head, _ := p.sharedHead(s); {
		case f.actor.place && !acronym && p.topical(s.to):
			s.place = true
			return false // "the Ukraine war"
		case acronym || !f.actor.place:
			if head != unclear {
				return head == own && !(f.actor.Kind == news.Alliance && p.whoseSoldiers(s)) || f.actor.Kind == news.Alliance && p.is(s.to, aegis) // "U.S. officials", "a UN mission"; not "NATO troops"
			}
		}
	}
	if f.naming == capitalCity || f.naming == placeSeat {
		noun := p.is(s.to, event|belongings|soil) && !p.is(s.to, saying) && !p.takesObject(s.to)
		if p.gap(s.to) == space && (noun || !p.loud && p.properNoun(s.to)) {
			return false // "the Paris summit", "the Paris police", "the Paris Agreement"
		}
	}
	if f.actor.place || f.naming != proper {
		s.place = r.isPlace(p, s, f)
		return !s.place && !(f.naming == proper && theatre(f.actor.ID) && p.recalled(s))
	}
	return true
}

// recalled reports whether a state's name means what happened there, "since Iraq", "right about Kosovo", "Lebanon, Mali and
// Somalia", and not the state, which acts or is spoken with.
func (p *paragraph) recalled(s *span) bool {
	switch before := s.from - 1; p.key(before) {
	case "by", "with", "between", "against", "including", "whereas", "while":
		return false
	default:
		if p.is(before, preposition) {
			return true
		}
	}
	return p.gap(s.from) != sentence && (p.gap(s.to) != space || !p.is(s.to, saying|deed|function) || p.is(s.to, preposition))
}

// ofHouse reports whether a name is part of that of a newspaper, school, firm or think tank: "the Kyiv Independent", "Bank
// of America", "Radio Free Europe".
func (p *paragraph) ofHouse(s *span) bool {
	if p.loud {
		return p.is(s.to, house) && p.gap(s.to) == space && !p.is(s.to, saying|side|event)
	}
	isHouse := func(i int) bool { return p.is(i, house) && p.words[i].shape != lower }
	for i := s.to; i < s.to+3 && p.properNoun(i) && p.gap(i) == space; i++ {
		if isHouse(i) {
			return true
		}
	}
	left := s.from - 1
	for p.key(left) == "of" || p.key(left) == "for" || p.key(left) == "the" || p.key(left) == "on" {
		left--
	}
	for i := left; i > left-3 && p.properNoun(i) && p.gap(i+1) == space; i-- {
		if isHouse(i) {
			return true
		}
	}
	return false
}

// properNoun reports whether a word is capitalised and belongs to no name of the inventory.
func (p *paragraph) properNoun(i int) bool {
	return i >= 0 && i < len(p.words) && p.words[i].shape != lower && p.starting(i) == nil && !p.inside(i) && !p.is(i, function)
}

// verdict says what the head of a noun phrase makes of the name before it.
type verdict uint8

const (
	unclear verdict = iota
	own             // the state's side: officials, position, security
	foreign         // not the state itself: its soldiers, soil, press, economy, war
)

// headAfter reads the noun phrase that goes on at a word and judges by its last telling noun: in "military officials" the
// officials, in "intelligence satellites" the satellites. A plural ends the phrase, for what follows is a verb.
func (p *paragraph) headAfter(from int) verdict {
	const longest = 6 // words
	v := unclear
	for i := from; i < len(p.words) && i < from+longest; i++ {
		if g := p.gap(i); i > from && !g.joins() || i == from && g != space || p.is(i, function) {
			break
		}
		if s := p.starting(i); s != nil && !s.names(office) && i > from {
			break
		}
		w := p.words[i]
		if w.class&(saying|visiting) != 0 && v != unclear && w.class&(side|soldiers|soil|belongings) == 0 {
			break
		}
		switch {
		case w.class&side != 0:
			v = own
		case w.class&(soldiers|soil|belongings) != 0:
			v = foreign
		}
		next := p.starting(i + 1)
		plural := v != unclear && strings.HasSuffix(w.key, "s") && !strings.HasSuffix(w.key, "ss")
		if w.possessive || plural && (next == nil || !next.names(office)) {
			break
		}
	}
	return v
}

// afterPair returns the word after a chain of names that hyphens join.
func (p *paragraph) afterPair(i int) int {
	const longest = 6 // names
	for range longest {
		s := p.starting(i)
		if s == nil {
			break
		}
		if i = s.to; p.gap(i) != hyphen {
			break
		}
	}
	return i
}

// sharedHead judges an adjective by its noun, which several may share: "Russian and Ukrainian negotiators". It also returns
// the word at which that noun should stand.
func (p *paragraph) sharedHead(s *span) (verdict, int) {
	const longest = 8 // adjectives
	for range longest {
		next := s.to
		if k := p.key(next); (k == "and" || k == "or") && (p.gap(next) == space || p.gap(next) == comma) {
			next++
		} else if p.gap(next) != comma && p.gap(next) != hyphen {
			return p.headAfter(s.to), s.to
		}
		also := p.starting(next)
		if also == nil || !also.names(people) && p.words[next].shape != upper {
			return p.headAfter(s.to), s.to
		}
		s = also
	}
	return unclear, s.to
}

// peopleStand decides adjectives and names of peoples.
func (p *paragraph) peopleStand(s *span, f form) bool {
	if plural(p.words[s.to-1].key) {
		return p.pluralStands(s, f)
	}
	head, next := p.sharedHead(s)
	switch head {
	case own:
		return f.actor.Kind != news.Collective || !p.singleMember(s)
	case foreign:
		return p.armySpeaks(next)
	}
	if p.gap(next) != space || p.is(next, function|saying|deed) || p.takesObject(next) { // the people itself
		key := p.words[s.to-1].key
		likePlural := strings.HasSuffix(key, "ch") || strings.HasSuffix(key, "sh") || strings.HasSuffix(key, "ese") || strings.HasSuffix(key, "ss")
		return likePlural && p.asPeople(s)
	}
	if p.key(next) == "one" && p.key(s.from-1) == "the" {
		return true // "the Polish one agreed"
	}
	return f.actor.Kind != news.Collective && abstract(p.words[next].key)
}

// armySpeaks reports whether an army stands at a word and says something, as the state does: "the Ukrainian military said".
func (p *paragraph) armySpeaks(i int) bool {
	switch p.key(i) {
	case "army", "military", "navy":
	default:
		return false
	}
	switch p.key(i + 1) {
	case "announced", "confirmed", "denied", "reported", "said", "says", "warned":
		return p.gap(i+1) == space
	}
	return false
}

// takesObject reports whether a word after "the French" must be a verb, by the word after it: "the French provide the staff".
func (p *paragraph) takesObject(i int) bool {
	k := p.key(i + 1)
	return p.gap(i+1) == space && p.is(i+1, article) && k != "a" && k != "an" && k != "that"
}

// asPeople reports whether an adjective is used for the people itself: "the British", "both British and French", "Danes and
// Dutch".
func (p *paragraph) asPeople(s *span) bool {
	const longest = 8 // peoples
	for range longest {
		before := s.from - 1
		if k := p.key(before); k == "the" || k == "both" {
			return !p.partOf(before)
		} else if k == "and" || k == "or" {
			before--
		} else if p.gap(s.from) != comma {
			return false
		}
		left := p.ending(before + 1)
		if left == nil || !left.names(people) {
			return false
		}
		if plural(p.words[left.to-1].key) {
			f, _ := left.best(people)
			return p.pluralStands(left, f)
		}
		s = left
	}
	return false
}

// half reports whether the name of a people is only used with another's: "Franco-British".
func half(people string) bool { return people == "franco" || people == "anglo" }

// pairs reports whether the word after "Franco-British" makes it the two states: "the Franco-British plan", "a
// Franco-British-led force"; not "the Franco-British headquarters".
func (p *paragraph) pairs(next int) bool {
	if p.gap(next) == hyphen {
		return p.is(next, doing)
	}
	head := p.headAfter(next)
	return head == own || head == unclear && abstract(p.key(next))
}

// partOf reports whether a noun phrase that begins at a word is what part of something is told of: "58 per cent of the
// French".
func (p *paragraph) partOf(i int) bool {
	return p.key(i-1) == "of" && p.gap(i) == space && (p.is(i-2, part|count|function) || p.number(i-2))
}

// plural reports whether the name of a people is a noun in the plural: "Danes", "Frenchmen"; not "Swiss".
func plural(people string) bool {
	return strings.HasSuffix(people, "s") && !strings.HasSuffix(people, "ss") || strings.HasSuffix(people, "men")
}

// pluralStands decides a people in the plural: it stands for its state, "the Danes agreed", unless it is so many soldiers,
// "five hundred Danes", "to train Danes".
func (p *paragraph) pluralStands(s *span, f form) bool {
	before := s.from - 1
	if p.gap(s.from) != space {
		return true
	}
	switch {
	case f.actor.Kind == news.Party:
		return true
	case p.key(before) == "of":
		return f.actor.Kind != news.Collective && !p.is(before-1, part|count) && !p.number(before-1) // "two thirds of Danes"
	case p.is(before, compass) || p.key(before) == "latin":
		return false // "Central Americans"
	}
	return !p.is(before, handling|count) && !p.number(before)
}

// number reports whether a word is written in figures.
func (p *paragraph) number(i int) bool {
	return i >= 0 && i < len(p.words) && p.words[i].text[0] >= '0' && p.words[i].text[0] <= '9'
}

// whoseSoldiers reports whether a name only says whose soldiers are spoken of: "troops from NATO countries".
func (p *paragraph) whoseSoldiers(s *span) bool {
	k := s.from - 1
	if p.is(k, article) {
		k--
	}
	return (p.key(k) == "of" || p.key(k) == "from") && p.is(k-1, soldiers)
}

// singleMember reports whether a name belongs to one member of a group, which is not the group: "any Western country".
func (p *paragraph) singleMember(s *span) bool {
	return p.gap(s.to) == space && p.is(s.to, one) && !strings.HasSuffix(p.key(s.to), "s")
}

// pointsSomewhere reports whether the name of a group is a direction or begins another name: "the west and south of the
// country", "the West African state".
func (p *paragraph) pointsSomewhere(s *span) bool {
	if !p.is(s.to-1, compass) || p.gap(s.to) != space {
		return false
	}
	return p.key(s.to) == "of" || p.key(s.to) == "and" && p.is(s.to+1, compass) ||
		!p.loud && p.words[s.to].shape == capital && !p.is(s.to, function)
}

// ofUnion reports whether a country's name is that of one of the United States: "New Mexico", "Sen. Raphael Warnock of
// Georgia", "Georgia Gov. Brian Kemp".
func (p *paragraph) ofUnion(s *span, f form) bool {
	before := s.from - 1
	switch {
	case f.actor.ID == "mexico":
		return p.key(before) == "new" && p.gap(s.from) == space && p.words[before].shape != lower
	case f.actor.ID != "georgia" || f.naming != proper:
		return false
	case p.key(before) == "atlanta" && p.gap(s.from) == comma || p.gap(s.to) == space && p.words[s.to].shape != lower && p.is(s.to, union):
		return true
	case p.key(before) != "of" && p.key(before) != "from":
		return false
	}
	const reach = 6 // words of "senator Raphael Warnock, Democrat of Georgia"
	for i := before - 1; i >= 0 && i > before-reach && p.gap(i+1) != sentence; i-- {
		if p.is(i, union) && p.words[i].shape != lower || p.key(i) == "senator" {
			return true // not "the permanent representative of Georgia"
		}
	}
	return false
}

// bygone reports whether a name is of a state that is no more, or of an assembly of the past: "Nazi Germany", "the Congress
// of Vienna".
func (p *paragraph) bygone(s *span) bool {
	if p.key(s.to-1) == "congress" && p.key(s.to) == "of" && p.gap(s.to) == space {
		return p.words[s.to-1].shape == capital && s.to+1 < len(p.words) && p.words[s.to+1].shape == capital
	}
	if p.gap(s.from) != space {
		return false
	}
	switch p.key(s.from-1) + " " + p.key(s.to-1) {
	case "imperial germany", "imperial japan", "imperial russia", "nazi germany", "soviet russia", "tsarist russia", "vichy france":
		return true
	}
	return false
}

// abstract reports whether a noun that no table has means something that a state does or has as a state.
func abstract(noun string) bool {
	for _, ending := range [...]string{"ion", "ions", "ment", "ments", "ance", "ence", "ship", "ism", "ity", "acy"} {
		if strings.HasSuffix(noun, ending) && len(noun) > len(ending)+2 {
			return true
		}
	}
	return false
}

// possessorStands decides a name with a possessive ending: "Ukraine's security", but not "Ukraine's east".
func (p *paragraph) possessorStands(s *span, f form) bool {
	next := s.to
	if p.gap(next) != space {
		return true
	}
	if f.actor.Kind == news.Collective && (p.key(next) == "most" || strings.HasSuffix(p.key(next), "est")) {
		return false // "Europe's largest army"
	}
	if k := p.key(next); k == "army" || k == "military" || k == "armed" {
		return true
	}
	return p.headAfter(next) != foreign
}

// topical reports whether a noun makes the bare name of a country before it a subject of talk: "Ukraine peace talks".
func (p *paragraph) topical(i int) bool {
	return p.is(i, topic) && p.words[i].shape != upper
}
