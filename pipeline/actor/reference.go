package actor

import (
	"slices"
	"strings"

	"stance/pipeline/news"
)

// referents is who can be meant by an expression without a name, as far as the article has been read.
type referents struct {
	named     map[string]bool              // ids of all actors so far
	anywhere  map[string]bool              // ids of all actors of the article
	governing bool                         // the article tells of a coalition that governs
	carried   [2]*figure                   // by sex: whom a pronoun may mean across a paragraph's end
	pair      map[news.ActorKind][]*figure // the first three different actors of the last paragraph that names any, by kind
}

// resolveReferences finds pronouns, nouns for bodies ("the alliance") and plurals ("the two leaders") whose referent is clear.
func (r *reading) resolveReferences() {
	ref := referents{named: map[string]bool{}, anywhere: map[string]bool{}, pair: map[news.ActorKind][]*figure{}}
	for i := range r.paragraphs {
		for _, m := range r.paragraphs[i].found {
			ref.anywhere[m.who.ID] = true
		}
	}
	ref.governing = r.hasGoverningCoalition()
	for i := range r.paragraphs {
		p := &r.paragraphs[i]
		mentions := slices.Clone(p.found)
		slices.SortStableFunc(mentions, func(a, b found) int { return a.from - b.from })
		for _, m := range mentions {
			ref.named[m.who.ID] = true
		}
		here := map[news.ActorKind][]*figure{}
		for at := p.dateline; at < len(p.words); at++ {
			for len(mentions) > 0 && mentions[0].to <= at {
				note(here, mentions[0].who)
				mentions = mentions[1:]
			}
			r.resolveReference(p, i, at, &ref, here)
		}
		for _, m := range mentions {
			note(here, m.who)
		}
		for kind, actors := range here {
			ref.pair[kind] = actors
		}
		if !p.loud || p.kind != news.Body { // a cross-heading changes nothing
			ref.carried = [2]*figure{r.carriedOver(p, false), r.carriedOver(p, true)}
		}
	}
}

// note adds an actor to those of its kind; three are enough to know that they are no pair.
func note(actors map[news.ActorKind][]*figure, who *figure) {
	if known := actors[who.Kind]; len(known) < 3 && !slices.Contains(known, who) {
		actors[who.Kind] = append(known, who)
	}
}

func (r *reading) resolveReference(p *paragraph, i, at int, ref *referents, here map[news.ActorKind][]*figure) {
	switch {
	case p.covered[at]:
	case p.is(at, male|female):
		if who := r.antecedent(p, at, p.is(at, female), ref); who != nil {
			p.add(who, at, at+1, news.ByPronoun)
			if land := r.landOf(who); land != nil && p.is(at+1, realm) && p.gap(at+1) == space && p.free(at+1, at+2) && p.starting(at+1) == nil {
				p.add(land, at+1, at+2, news.ByPronoun) // "his country"
			}
			if party := r.partyOf(who); party != nil && p.isFaction(at+1) {
				p.add(party, at+1, at+2, news.ByPronoun)
			}
		}
	case p.stateNoun(at) > at:
		end := p.stateNoun(at)
		if land := r.home(i); land != nil && p.free(at, end) {
			p.add(land, at, end, news.ByPronoun)
		}
	case r.finder.bodies[p.key(at)] != nil:
		if from := p.bodyFrom(at); from < at && p.free(from, at+1) && p.isBody(at) {
			if body := r.finder.bodies[p.key(at)]; ref.clear(p, at, body.ID) {
				p.add(body, from, at+1, news.ByPronoun)
			}
		}
	default:
		end, kind := p.pairAt(at)
		if end == 0 || !p.free(at, end) {
			return
		}
		pair := here[kind]
		if len(pair) == 0 {
			pair = ref.pair[kind]
		}
		if len(pair) == 2 {
			p.add(pair[0], at, end, news.ByPronoun)
			p.add(pair[1], at, end, news.ByPronoun)
		}
	}
}

// stateNoun returns the word after a phrase that means the state of which an article speaks, "the government", "the foreign
// ministry", "our parliament", and the word at which it would begin where there is none.
func (p *paragraph) stateNoun(at int) int {
	switch p.key(at) {
	case "the", "our", "my", "this":
	default:
		return at
	}
	noun := at + 1
	if p.is(noun, resort) && p.gap(noun) == space {
		noun++
	}
	if p.key(noun) == "country" && p.key(at) == "the" {
		return at
	}
	if p.gap(noun) != space || p.starting(noun) != nil || !p.is(noun, stately) {
		return at
	}
	if (p.key(noun) == "ministry" || p.key(noun) == "department") && noun == at+1 && p.key(noun+1) == "of" && p.is(noun+2, resort) {
		return noun + 3
	}
	if p.key(noun+1) == "of" || p.key(noun+1) == "in" || p.gap(noun+1) == hyphen || p.key(noun) == "military" && !p.closes(noun+1) {
		return at
	}
	return noun + 1
}

// bodyFrom returns where the phrase begins that has a noun for a body at a word, "the alliance", "the so-called coalition",
// and that word itself where no article stands before it.
func (p *paragraph) bodyFrom(at int) int {
	from := at
	for from > 0 && p.gap(from).joins() {
		switch p.key(from - 1) {
		case "the":
			return from - 1
		case "so", "called", "european", "western", "international", "entire", "whole":
			from--
		default:
			return at
		}
	}
	return at
}

// isBody reports whether a noun stands for a body here: "the alliance", but not "the alliance of parties" or "the alliance
// troops".
func (p *paragraph) isBody(at int) bool {
	if p.starting(at) != nil || p.key(at+1) == "of" || p.gap(at+1) == hyphen || p.properNoun(at+1) && p.gap(at+1) == space {
		return false
	}
	return p.words[at].possessive || p.headAfter(at+1) != foreign
}

// isFaction reports whether the word after "his" or "her" means the party that he or she speaks for: "her party", not "her
// party conference".
func (p *paragraph) isFaction(at int) bool {
	return p.is(at, faction) && p.gap(at) == space && p.free(at, at+1) && p.isBody(at) &&
		(p.gap(at+1) != space || !p.is(at+1, house|event|belongings|side))
}

// clear reports whether a noun for a body means the best-known one: the article has named it, or writes it with a capital
// and names it or its union somewhere. A coalition is the one that would send the force, unless one governs here.
func (ref *referents) clear(p *paragraph, at int, id string) bool {
	if ref.named[id] {
		return true
	}
	written := p.words[at].shape != lower && !p.loud
	switch p.key(at) {
	case "coalition":
		return !ref.governing && !written
	case "alliance":
		return written
	case "union", "commission":
		return written && (ref.anywhere["european-union"] || ref.anywhere["european-commission"])
	case "council":
		return written && ref.anywhere[id]
	}
	return false
}

// hasGoverningCoalition reports whether the article tells of a coalition of parties: by the words around it.
func (r *reading) hasGoverningCoalition() bool {
	const reach = 6 // words
	for i := range r.paragraphs {
		p := &r.paragraphs[i]
		for at := range p.words {
			if p.key(at) != "coalition" || p.key(at+1) == "of" {
				continue
			}
			switch p.key(at - 1) {
			case "governing", "ruling", "grand", "his", "her", "their", "opposition":
				return true
			}
			for k := max(0, at-reach); k <= at+reach; k++ {
				if p.is(k, governs) {
					return true
				}
			}
		}
	}
	return false
}

// antecedent returns whom "he" or "she" means: the only person named before in the sentence, else in the nearest of the
// sentences before that names anybody, else the one carried over from the paragraph before.
func (r *reading) antecedent(p *paragraph, at int, she bool, ref *referents) *figure {
	const reach = 120 // words
	if p.kind != news.Body {
		return nil
	}
	for end := at; end > 0; {
		start := end - 1
		for start > 0 && p.gap(start) != sentence {
			start--
			if start < at-reach {
				return nil
			}
		}
		if who, n := r.onlyPerson(p, start, end, she); n > 0 {
			return who
		}
		if p.anybody(start, end) {
			return nil // "my neighbour … he"
		}
		end = start
	}
	if she {
		return ref.carried[1]
	}
	return ref.carried[0]
}

// carriedOver returns whom "he" or "she" means at the beginning of the next paragraph: the only person named in this one, or
// of several the one who spoke last.
func (r *reading) carriedOver(p *paragraph, she bool) *figure {
	if p.kind != news.Body {
		return nil
	}
	who, n := r.onlyPerson(p, 0, len(p.words), she)
	if n < 2 {
		return who
	}
	for at := len(p.words) - 1; at >= 0; at-- {
		if !p.is(at, saying) {
			continue
		}
		if who := p.personEnding(at); who != nil && r.isWoman(who) == she {
			return who
		}
		if at+1 < len(p.words) && p.key(at) == "said" && p.people[at+1] != nil && r.isWoman(p.people[at+1]) == she {
			return p.people[at+1]
		}
	}
	return nil
}

// personEnding returns the person whose mention ends before a word.
func (p *paragraph) personEnding(at int) *figure {
	for _, m := range p.found {
		if m.to == at && m.who.Kind == news.Person {
			return m.who
		}
	}
	return nil
}

// onlyPerson returns the person named between two words and how many come into question; nobody where there are several or
// where it is a stranger who is no actor.
func (r *reading) onlyPerson(p *paragraph, from, to int, she bool) (*figure, int) {
	var only *figure
	n := 0
	for at := from; at < to; at++ {
		if who := p.people[at]; who != nil && who != only && r.isWoman(who) == she {
			only = who
			n++
		}
		if p.words[at].shape == lower {
			continue
		}
		for _, m := range r.cast.strangers[p.words[at].key] {
			if !m.actor && m.woman == she {
				n++
			}
		}
	}
	if n != 1 {
		return nil, n
	}
	return only, n
}

// anybody reports whether somebody without a name stands between two words: "a sergeant said", "my neighbour"; not "a former
// general, he" or "as the leader of the party, he", which describe whom the pronoun means.
func (p *paragraph) anybody(from, to int) bool {
	const reach = 4 // words of "a senior French defence official"
	for i := from; i+1 < to; i++ {
		switch p.key(i) {
		case "a", "an", "my", "one", "another", "the":
		default:
			if !p.words[i].possessive {
				continue
			}
		}
		if p.key(i-1) == "as" {
			continue
		}
		for k := i + 1; k <= i+reach && k < to && p.gap(k).joins() && !p.is(k, function); k++ {
			noun := p.personal(k) && !strings.HasSuffix(p.key(k), "s") && p.words[k].shape == lower
			if noun && (p.gap(k+1) != space || p.is(k+1, function|saying|deed)) && (k+1 < to || p.gap(to) != comma) {
				return true
			}
		}
	}
	return false
}

func (r *reading) isWoman(who *figure) bool {
	m := r.cast.of[who]
	return m != nil && m.woman
}

// pairAt reads a plural that means two actors, such as "the two leaders" or "both countries", and says of which kind they
// are; end is 0 where there is none.
func (p *paragraph) pairAt(at int) (end int, kind news.ActorKind) {
	switch {
	case p.key(at) == "the" && p.key(at+1) == "two" && p.gap(at+1) == space:
		end = at + 3
	case p.key(at) == "both":
		end = at + 2
	}
	if end == 0 || end > len(p.words) || p.gap(end-1) != space {
		return 0, ""
	}
	switch strings.TrimSuffix(p.key(end-1), "s") {
	case "leader", "president", "men":
		return end, news.Person
	case "countrie", "side", "nation", "state", "government", "capital", "partie":
		return end, news.State
	}
	return 0, ""
}
