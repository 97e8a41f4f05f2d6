package actor

import (
	"slices"
	"strings"

	"stance/pipeline/news"
)

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
			ph := r.phraseAt(p, s)
			switch {
			case ph.past:
				for _, owner := range ph.owners {
					owner.taken = true // "a former French president" is nobody here
				}
			case ph.of != nil:
				r.resolveOwned(p, s, ph)
			case ph.definite && ph.plain && p.closes(ph.to) && p.key(ph.to) != "of":
				if m := r.nearestHolder(i, s, ph.title); m != nil {
					s.taken = true
					p.add(m.figure, ph.from, ph.to, news.ByTitle)
				}
			}
		}
	}
}

// resolveOwned decides a title that says whose it is.
func (r *reading) resolveOwned(p *paragraph, s *span, ph phrase) {
	start := p.key(ph.from - 1)
	deputy := slices.ContainsFunc(p.words[ph.from:ph.to], func(w word) bool { return w.key == "deputy" || w.key == "vice" })
	var m *member
	if start != "a" && start != "an" && start != "another" && !deputy {
		m = r.holder(ph.of, ph.title, nil)
	}
	who := ph.of
	switch {
	case m != nil:
		who = m.figure
	case p.is(s.from, generic) && s.to == s.from+1:
		return // "a Russian general" is decided as any noun
	}
	if p.overlaps(ph.from, ph.to) {
		return
	}
	s.taken = true
	for _, owner := range ph.owners {
		owner.taken = true
	}
	p.add(who, ph.from, ph.to, news.ByTitle)
}

// nearestHolder returns whom "the president" means in a paragraph: the only one of the article's people who holds the title,
// or the only one in this paragraph before the title, or in the paragraph before.
func (r *reading) nearestHolder(i int, s *span, t title) *member {
	if m := r.holder(nil, t, nil); m != nil && m.first <= i {
		return m
	}
	for k := i; k >= 0 && k >= i-1; k-- {
		p := &r.paragraphs[k]
		named := func(m *member) bool {
			return slices.ContainsFunc(p.found, func(f found) bool { return f.who == m.figure && (k < i || f.to <= s.from) })
		}
		if slices.ContainsFunc(r.cast, func(m *member) bool { return named(m) && r.holds(m, nil, t) }) {
			return r.holder(nil, t, named)
		}
	}
	return nil
}

// resolveReferences finds pronouns, nouns for bodies ("the alliance") and plurals ("the two leaders") whose referent is clear.
func (r *reading) resolveReferences() {
	seen := map[string]bool{} // bodies named so far
	for i := range r.paragraphs {
		p := &r.paragraphs[i]
		slices.SortStableFunc(p.found, func(a, b found) int { return a.from - b.from })
		for _, m := range p.found {
			seen[m.who.ID] = true
		}
		named := slices.Clone(p.found)
		for at, w := range p.words {
			switch {
			case at < p.dateline || p.overlaps(at, at+1):
			case w.class&(male|female) != 0:
				if who := r.antecedent(i, at, w.class&female != 0); who != nil {
					p.add(who, at, at+1, news.ByPronoun)
				}
			case p.key(at-1) == "the" && p.gap(at) == space:
				r.resolveDescription(p, at, seen)
			}
			if end, kind := p.pairAt(at); kind != "" && !p.overlaps(at, end) {
				for _, who := range r.pairBefore(i, at, kind, named) {
					p.add(who, at, end, news.ByPronoun)
				}
			}
		}
	}
}

// resolveDescription decides "the alliance" and the like once the article has named the body.
func (r *reading) resolveDescription(p *paragraph, at int, seen map[string]bool) {
	body := r.finder.bodies[p.key(at)]
	if body == nil || !seen[body.ID] || p.starting(at) != nil {
		return
	}
	if p.key(at+1) == "of" || p.gap(at+1) == hyphen || p.gap(at+1) == space && p.headAfter(at+1) == foreign {
		return
	}
	p.add(body, at-1, at+1, news.ByPronoun)
}

// antecedent returns whom "he" or "she" means: the only person named before it in its sentence, else in the nearest
// sentence before that names anybody, and at last in the paragraph before. Of several the last who spoke is meant, and
// where nobody spoke it is not clear who is.
func (r *reading) antecedent(i, at int, she bool) *figure {
	p := &r.paragraphs[i]
	if p.kind != news.Body {
		return nil
	}
	for end := at; end > 0; {
		start := end - 1
		for start > 0 && p.gap(start) != sentence {
			start--
		}
		if who, n := r.onlyPerson(p, start, end, she); n > 0 {
			return who
		}
		end = start
	}
	for i--; i > 0 && r.paragraphs[i].loud; i-- { // a cross-heading
	}
	if i < 0 || r.paragraphs[i].kind != news.Body {
		return nil
	}
	p = &r.paragraphs[i]
	who, n := r.onlyPerson(p, 0, len(p.words), she)
	if n > 1 {
		return r.lastSpeaker(p, she)
	}
	return who
}

// lastSpeaker returns the person beside the last verb of speech of a paragraph, and nil where a stranger or nobody is.
func (r *reading) lastSpeaker(p *paragraph, she bool) *figure {
	for at := len(p.words) - 1; at >= 0; at-- {
		if !p.is(at, saying) {
			continue
		}
		for _, f := range p.found {
			if f.to == at || f.from == at+1 && p.key(at) == "said" {
				if f.who.Kind == news.Person && she == r.isWoman(f.who) {
					return f.who
				}
			}
		}
	}
	return nil
}

// onlyPerson returns the person named between two words and how many come into question; nobody where there are several or
// where he is a stranger.
func (r *reading) onlyPerson(p *paragraph, from, to int, she bool) (*figure, int) {
	people := map[*figure]bool{}
	var who *figure
	for _, f := range p.found {
		if f.from < from || f.to > to || f.who.Kind != news.Person || she != r.isWoman(f.who) {
			continue
		}
		people[f.who] = true
		who = f.who
	}
	n := len(people)
	for at := from; at < to; at++ { // strangers too may be meant
		for _, m := range r.cast {
			if !m.actor && m.surname == p.words[at].key && p.words[at].shape != lower && she == m.woman {
				n++
			}
		}
	}
	if n != 1 {
		return nil, n
	}
	return who, n
}

func (r *reading) isWoman(who *figure) bool {
	return slices.ContainsFunc(r.cast, func(m *member) bool { return m.figure == who && m.woman })
}

// pairAt reads a plural that means two actors, such as "the two leaders" or "both countries", and says of which kind they are.
func (p *paragraph) pairAt(at int) (end int, kind news.ActorKind) {
	switch {
	case p.key(at) == "the" && p.key(at+1) == "two" && p.gap(at+1) == space:
		end = at + 3
	case p.key(at) == "both":
		end = at + 2
	default:
		return 0, ""
	}
	if end > len(p.words) || p.gap(end-1) != space {
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

// pairBefore returns the two actors of a kind that are named before a plural in its paragraph, or in the one before, and
// nothing where there are more or fewer.
func (r *reading) pairBefore(i, at int, kind news.ActorKind, named []found) []*figure {
	var pair []*figure
	collect := func(mentions []found, before int) {
		for _, f := range mentions {
			if f.who.Kind == kind && f.to <= before && !slices.Contains(pair, f.who) {
				pair = append(pair, f.who)
			}
		}
	}
	collect(named, at)
	if len(pair) == 0 && i > 0 {
		collect(r.paragraphs[i-1].found, len(r.paragraphs[i-1].words))
	}
	if len(pair) != 2 {
		return nil
	}
	return pair
}
