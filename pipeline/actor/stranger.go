package actor

import (
	"slices"
	"strings"

	"stance/pipeline/news"
)

// meetStrangers takes in full names that the inventory lacks.
func (r *reading) meetStrangers(p *paragraph, i int) {
	for from := p.dateline; from < len(p.words); {
		end := p.nameRun(from)
		if end == from {
			from++
			continue
		}
		m := r.enterStranger(p, i, from, end)
		m.actor = m.actor || p.argues(from, end) || p.hasSay(from, end) || r.introduces(p, from, end)
		p.take(from, end)
		from = end
	}
}

// argues reports whether the name between two words has a verb of arguing: "argued George Beebe", "George Beebe, a fellow at
// a think tank, warns".
func (p *paragraph) argues(from, to int) bool {
	if p.is(from-1, arguing) && p.gap(from) == space && p.words[from-1].shape == lower || p.is(to, arguing) && p.gap(to) == space {
		return true
	}
	if p.gap(to) != comma && p.key(to) != "of" {
		return false
	}
	const reach = 16 // words of an explanation
	for i := to + 1; i < to+reach; i++ {
		switch g := p.gap(i); {
		case g == sentence || g == colon:
			return false
		case g == comma && p.is(i, arguing):
			return true
		}
	}
	return false
}

// introduces reports whether the name between two words is clearly a person's, who may then say what he thinks further on:
// it begins with a known given name or has its bearer described beside it, and he is neither an expert nor a victim.
func (r *reading) introduces(p *paragraph, from, to int) bool {
	if p.is(from-1, placing) || p.beside(from, to, expert|harm) || p.gap(to) == space && p.properNoun(to) {
		return false // "near Mala Vyska", "the Marine Expeditionary Unit"
	}
	return r.finder.givenNames[p.key(from)] || p.described(from, to)
}

// described reports whether the name between two words has its bearer described beside it: "the old chaplain, Olav
// Dragset, conducted", "Leanne Wood, who once led it".
func (p *paragraph) described(from, to int) bool {
	const reach = 6 // words in which a calling should be told
	if p.gap(from) == comma && (p.words[from-1].shape == lower || p.is(from-2, preposition)) && (p.gap(to) == comma || p.gap(to) == sentence) {
		for i := from - 1; i >= 0 && i > from-1-reach; i-- {
			if p.personal(i) {
				return true
			}
			if p.gap(i) != space && p.gap(i) != hyphen {
				break
			}
		}
	}
	if p.gap(to) != comma {
		return false
	}
	switch p.key(to) {
	case "who", "whose":
		return true
	case "a", "an", "the", "his", "her", "their", "its", "former", "retired":
		for i := to + 1; i <= to+reach && p.gap(i) == space; i++ {
			if p.personal(i) {
				return true
			}
		}
	}
	return false
}

// personal reports whether a word is a noun for people: an office, a calling, kin.
func (p *paragraph) personal(i int) bool { return p.is(i, calling|generic|weak|kin) }

// hasSay reports whether the name between two words is that of somebody who has a say: he speaks in the sentence, or stands
// there with a calling, an age, a party or as a lawmaker would. Experts who only report have none.
func (p *paragraph) hasSay(from, to int) bool {
	const reach = 16 // words of an explanation
	before := from - 1
	if p.is(before, placing) {
		return false // "near Mala Vyska"
	}
	if p.gap(from) == space && p.is(before, calling|honorific) {
		return !p.beside(from, to, expert)
	}
	if p.gap(from) == space && (p.is(before, generic|weak) || p.titles(before)) {
		return !p.beside(from, to, expert|harm)
	}
	if left := p.ending(from); left != nil && p.words[before].possessive && left.namesParty() {
		return true
	}
	if p.gap(to) == bracket && p.key(before) != "and" {
		if s := p.starting(to); s != nil && s.namesParty() || p.key(to) == "retd" || p.key(to) == "independent" || p.key(to) == "i" {
			return true
		}
	}
	if p.ofParty(to) {
		return true
	}
	if p.gap(to) == comma && p.number(to) && len(p.words[to].text) == 2 { // "Jan Muster, 37, disagreed"
		return true
	}
	if p.beside(from, to, expert) {
		return false
	}
	if p.gap(to) == space && p.is(to, saying) {
		return true
	}
	if p.gap(from) == space && from > 0 && (p.gap(to) != space || p.is(to, preposition)) {
		switch p.key(before) {
		case "said", "says", "wrote", "writes", "added", "adds", "replied", "replies":
			return true
		}
	}
	if p.gap(to) != comma && p.key(to) != "of" || !p.quotes {
		return false
	}
	for i := to + 1; i < to+reach; i++ {
		switch g := p.gap(i); {
		case g == sentence || g == colon:
			return false
		case (g == comma || p.key(to) == "of" && p.gap(to) == space && g == space && !p.is(i-1, function)) && p.is(i, saying):
			return true
		}
	}
	return false
}

// titles reports whether a word is a title in the plural, as before the first of several names: "Senators Jan Muster and".
func (p *paragraph) titles(i int) bool {
	return p.is(i, official|union) && p.words[i].shape != lower && !p.words[i].possessive && strings.HasSuffix(p.key(i), "s")
}

// ofParty reports whether the words after a name say of which party its bearer is: "Enrico Borghi of Italia Viva", "Ruba
// Ghazal, for the Greens".
func (p *paragraph) ofParty(to int) bool {
	if k := p.key(to); k != "of" && k != "for" {
		return false
	}
	party := p.starting(to + 1)
	if p.key(to+1) == "the" && party == nil {
		party = p.starting(to + 2)
	}
	return party != nil && party.namesParty()
}

// beside reports whether a word of a class stands near a name in its sentence: that calls him an expert, say.
func (p *paragraph) beside(from, to int, of class) bool {
	const reach = 10 // words
	for i := from - 1; i >= 0 && i > from-reach && p.gap(i+1) != sentence; i-- {
		if p.is(i, of) {
			return true
		}
	}
	for i := to; i < len(p.words) && i < to+reach && p.gap(i) != sentence; i++ {
		if k := p.key(i); k == "told" || k == "said" || k == "says" {
			of &^= expert // "told reporters"
		}
		if p.is(i, of) {
			return true
		}
	}
	return false
}

// namesParty reports whether a span is the name of a party.
func (s *span) namesParty() bool {
	return slices.ContainsFunc(s.forms, func(f form) bool { return f.actor != nil && f.actor.Kind == news.Party })
}

// nameRun returns the word after a full name of two to four words that begins at a word and that the inventory lacks, and
// that word itself where none does.
func (p *paragraph) nameRun(from int) int {
	const longest = 4 // words, without particles
	if !p.givenName(from) || p.gap(from) == space && (p.key(from-1) == "the" || isVessel(p.key(from-1))) {
		return from
	}
	end, names := from+1, 1
	for names <= longest && p.gap(end).joins() && !p.words[end-1].possessive {
		if p.givenName(end) || p.words[end].initial() {
			names++
		} else if names > 1 && p.syllable(end) {
			end++
			break
		} else if !p.is(end, particle) || p.words[end].shape != lower || !p.givenName(end+1) {
			break
		}
		end++
	}
	if p.words[end-1].initial() {
		end--
		names--
	}
	spaced := false
	for i := from + 1; i < end; i++ {
		spaced = spaced || p.gap(i) == space
	}
	if names < 2 || names > longest || !spaced || p.is(end, house) && p.words[end].shape != lower {
		return from
	}
	return end
}

// isVessel reports whether a word stands before the name of a ship: "the USS Gerald R. Ford".
func isVessel(word string) bool {
	switch word {
	case "carrier", "destroyer", "ferry", "frigate", "hmcs", "hms", "rfa", "ship", "submarine", "tanker", "uss", "vessel", "warship", "yacht":
		return true
	}
	return false
}

// syllable reports whether a word ends a given name of two syllables, before which the surname stands: "Ban Ki-moon"; not
// "the Tony Blair-era policy".
func (p *paragraph) syllable(i int) bool {
	const longest = 5 // letters
	if w := p.words[i]; p.gap(i) != hyphen || w.shape != lower || w.class != 0 || len(w.text) > longest || len(p.words[i-1].text) > longest {
		return false
	}
	switch p.key(i) {
	case "based", "born", "era", "like", "owned", "style", "type", "wide":
		return false
	}
	return true
}

// givenName reports whether a word can be part of a name of somebody unknown: it is capitalised, no word that the rules
// know as something else, and no name of the inventory but a surname.
func (p *paragraph) givenName(i int) bool {
	if i < 0 || i >= len(p.words) {
		return false
	}
	w := p.words[i]
	if w.shape == lower || w.shape == upper && len(w.text) > 2 || w.text[0] >= '0' && w.text[0] <= '9' || p.inside(i) {
		return false
	}
	if s := p.starting(i); s != nil && (s.taken || !s.names(surname) || s.to > i+1) {
		return false
	}
	if w.class&(woman|common) != 0 {
		return w.class&(function|honorific|calendar|house) == 0
	}
	if w.class&^(placing|article|arguing|doing|one|particle|male|female) != 0 || w.class&function != 0 {
		return false
	}
	if g := p.gap(i); g == space || g == hyphen || g == comma {
		return true
	}
	// The first word of a sentence is capitalised whatever it is.
	return !strings.HasSuffix(w.key, "ing") && !strings.HasSuffix(w.key, "ed") && !strings.HasSuffix(w.key, "ly")
}

// inside reports whether a word lies within a name of the inventory and does not begin it.
func (p *paragraph) inside(i int) bool {
	const longest = 12 // words of a name
	for j := i - 1; j >= 0 && j > i-longest; j-- {
		if s := p.starting(j); s != nil {
			return s.to > i
		}
	}
	return false
}
