package actor

import "strings"

// isPlace reports whether a name is a place here: by the preposition or verb before it, which the members of a list share.
//
//	in, into, inside, across … Ukraine         place; but "officials in Moscow" are Moscow
//	to Ukraine                                 place after deploy, troops, travel; not after guarantees, aid, weapons
//	from Ukraine                               place after withdraw, refugees; not after pressure
//	parts of Ukraine, western Ukraine          place
//	attack on Ukraine, invasion of Ukraine     no place; strikes on Kyiv are
//	over Ukraine, a border with Russia         place
//	Washington, D.C.                           place
//	a force for Ukraine                        place; guarantees for Ukraine are not
//	visited Ukraine, shelled Kyiv              place
func (r *reading) isPlace(p *paragraph, s *span, f form) bool {
	k := s.from - 1
	for p.gap(k+1) == space && !p.is(k, compass) {
		if p.gap(k) == hyphen {
			k-- // "post-war"
		} else if !p.is(k, article) {
			break
		}
		k--
	}
	if left := r.listedBefore(p, s); left != nil {
		return left.place
	}
	if head := p.listHead(s); head >= 0 {
		if left := p.ending(head); left != nil && p.gap(head) == comma {
			return left.place
		}
		k = head - 1
	}
	if key := p.key(k); f.naming == capitalCity && (key == "capital" || key == "city") {
		return true // "the capital, Kyiv"
	}
	if p.gap(s.to) == comma && p.key(s.to) == "dc" {
		return true
	}
	if p.is(s.to-1, compass) && p.words[s.to-1].shape == lower { // "the west" is mostly a direction
		return p.key(s.to) == "of" || p.is(k, preposition) && p.key(k) != "with" && p.key(k) != "between" && p.key(k) != "against" && p.key(k) != "by"
	}
	if k < 0 || p.gap(k+1) != space && p.gap(k+1) != quote {
		return p.afterTown(s)
	}
	town := f.naming != proper
	switch key := p.key(k); {
	case p.is(k, compass):
		return true
	case p.is(k, placing):
		return !p.officialsAt(k-1) && key != "off" && !(town && p.voicesIn(k, s.to))
	case key == "to" || key == "toward" || key == "towards":
		return p.nearest(k-1, moving, giving) == moving || key != "to"
	case key == "from":
		return p.nearest(k-1, leaving, giving) == leaving || town && p.nearest(k-1, moving, giving) == moving
	case key == "over" && town:
		return p.nearest(k-1, soil|moving, giving) != 0
	case key == "over":
		return !isOver(p.key(k - 1))
	case key == "with" || key == "between":
		return strings.HasPrefix(p.key(k-1), "border") || strings.HasPrefix(p.key(k-1), "frontier")
	case key == "on":
		return town && p.nearest(k-1, strikes, giving) == strikes
	case key == "for":
		return f.actor.ID == host && p.is(k-1, moving) || // "a force for Ukraine"
			p.is(k-1, visiting|moving) && !p.is(k-1, soldiers) || // "left for Kyiv"
			town && p.is(k-1, part) // "the battle for Kyiv"
	case key == "of":
		return p.is(k-1, part|soil) || p.is(k-1, official) && r.holder(f.actor, "leader", nil) != nil
	case f.naming == seat:
		return false
	case p.is(k, visiting), town && p.is(k, storming):
		return true
	}
	return false
}

// isOver reports whether "over" after a word means an end: "the war is over".
func isOver(word string) bool {
	switch word {
	case "is", "are", "was", "were", "be", "been", "being":
		return true
	}
	return false
}

// officialsAt reports whether a word means officials who are told only by where they sit: "officials in Moscow", but not
// "European leaders in Washington".
func (p *paragraph) officialsAt(i int) bool {
	return p.is(i, official) && p.ending(i) == nil && !p.inside(i)
}

// voicesIn reports whether the words around "in Paris" or "at the Treasury" mean who speaks or acts there for the state: "In Paris they laugh",
// "some in Paris", "a spokesman in Paris".
func (p *paragraph) voicesIn(in, after int) bool {
	if k := p.key(in); k != "in" && k != "at" {
		return false
	}
	if p.gap(in) == space {
		return p.is(in-1, voice)
	}
	const reach = 4 // words of "the acting foreign minister"
	if p.gap(after) == space && p.is(after, voice) {
		return true
	}
	if g := p.gap(after); g != space && g != comma || p.key(after) != "the" && p.key(after) != "its" {
		return false
	}
	for i := after + 1; i <= after+reach && p.gap(i) == space; i++ {
		if p.is(i, stately|voice|government) {
			return p.key(i+1) != "of" && p.key(i+1) != "in"
		}
		if !p.is(i, quality|resort) {
			break
		}
	}
	return false
}

// nearest returns which of two classes has the word nearest to the left of i in its sentence, and 0 where neither occurs.
func (p *paragraph) nearest(i int, one, other class) class {
	const reach = 8 // words
	for j := i; j >= 0 && j > i-reach; j-- {
		c := p.words[j].class
		switch {
		case c&other != 0 && c&one == 0:
			return other
		case c&one != 0:
			return one
		}
		if g := p.gap(j); g == sentence || g == colon || g == dash {
			break
		}
	}
	return 0
}

// listedBefore returns the name with which s shares its preposition: "in France and Poland", "in France, Poland and Italy".
func (r *reading) listedBefore(p *paragraph, s *span) *span {
	k := s.from - 1
	for p.key(k) == "the" {
		k--
	}
	switch key := p.key(k); {
	case key == "and" || key == "or" || key == "not":
		return p.ending(k)
	case p.gap(k+1) == comma && p.listGoesOn(s.to):
		return p.ending(k + 1)
	}
	return nil
}

// listHead returns the first word of a list of towns that the inventory lacks, at the end of which a name stands, "in Lviv,
// Odesa and Kyiv", or the word after a name in it; -1 where there is no such list.
func (p *paragraph) listHead(s *span) int {
	and := s.from - 1
	if key := p.key(and); key != "and" && key != "or" || p.gap(and) != space || p.gap(s.to) == space && p.is(s.to, saying|deed) {
		return -1
	}
	unknown := func(i int) bool { return p.properNoun(i) && !p.is(i, calendar) && !p.words[i].possessive }
	for end := and; unknown(end - 1); {
		first := end - 1
		for p.gap(first) == space && unknown(first-1) {
			first--
		}
		if p.gap(first) != comma || !unknown(first-1) {
			return first
		}
		end = first
	}
	return -1
}

// listGoesOn reports whether a list of names that has reached a word ends in "and" or "or" and one more.
func (p *paragraph) listGoesOn(i int) bool {
	const longest = 12 // names
	for range longest {
		k := p.key(i)
		if k == "and" || k == "or" {
			return p.starting(i+1) != nil || p.key(i+1) == "elsewhere" // "in Britain, France and elsewhere"
		}
		s := p.starting(i)
		if p.gap(i) != comma || s == nil {
			return false
		}
		i = s.to
	}
	return false
}

// afterTown reports whether a name says in which country a town lies: "in Kharkiv, Ukraine".
func (p *paragraph) afterTown(s *span) bool {
	if p.gap(s.from) != comma || p.gap(s.to) == space && !p.is(s.to, function) {
		return false
	}
	if left := p.ending(s.from); left != nil {
		return left.place && (left.names(capitalCity) || left.names(placeSeat))
	}
	k := s.from - 1
	for p.properNoun(k) && p.gap(k) == space {
		k--
	}
	return k < s.from-1 && p.is(k, placing)
}
