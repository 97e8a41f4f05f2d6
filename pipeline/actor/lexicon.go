package actor

import (
	"slices"
	"strings"

	"stance/pipeline/news"
)

// canonical returns the form in which titles are compared: folded, one of several with the same meaning.
func canonical(title string) string {
	words := split(title)
	keys := make([]string, len(words))
	for i, w := range words {
		keys[i] = w.key
	}
	return same(strings.Join(keys, " "))
}

// learn fills the automaton with all names and titles of the inventory.
func (f *Finder) learn() {
	for _, a := range f.inv.actors {
		who := &figure{Actor: a, place: a.Kind == news.State}
		for _, t := range f.inv.terms[a.ID] {
			titles := make([]string, len(t.titles))
			for i, title := range t.titles {
				titles[i] = canonical(title)
			}
			who.terms = append(who.terms, term{t.principal, titles, t.from, t.until})
			if held := f.holders[t.principal]; len(held) == 0 || held[len(held)-1] != who {
				f.holders[t.principal] = append(held, who)
			}
		}
		f.figures[a.ID] = who
	}
	for _, a := range f.inv.aliases {
		who := f.figures[a.actor]
		who.place = who.place || a.naming == people && who.Kind == news.Collective
		if a.naming == fullName {
			f.learnPerson(who, a.text)
		} else {
			text := a.text
			if name, ok := strings.CutSuffix(text, " Party"); ok && who.Kind == news.Party {
				text = name + " party" // as British papers write; it matches the capital letter too
			}
			f.names.add(text, form{actor: who, naming: a.naming})
		}
	}
	for text := range strings.SplitSeq(offices, "|") {
		f.learnTitle(text, nil)
	}
	for _, a := range f.inv.actors {
		for _, t := range f.inv.terms[a.ID] {
			for _, title := range t.titles {
				f.learnTitle(title, f.figures[t.principal])
			}
		}
	}
}

// learnPerson makes a person's name known and the surname in it. A single name is treated as a surname: whether it is meant
// depends on the article.
func (f *Finder) learnPerson(who *figure, name string) {
	words := split(name)
	f.names.look(words)
	first, last := 0, len(words)-1
	if last > 0 {
		f.names.add(name, form{actor: who, naming: fullName})
	}
	if f.familyNameFirst(who) {
		last = 0
	}
	for last > 0 && words[last].class&suffix != 0 {
		last--
	}
	if last > 0 && words[0].class&(function|honorific|soldiers|calling|generic) == 0 {
		f.givenNames[words[0].key] = true
	}
	if last == 0 && len(words) > 1 && !f.familyNameFirst(who) {
		return // "King Charles III" without Charles would be King
	}
	who.known = who.known || len(words) == 1
	f.learnSurname(who, words[last].text)
	for first = last; first > 1 && words[first-1].class&particle != 0; {
		first--
	}
	if first < last { // "von der Leyen" besides "Leyen"
		f.learnSurname(who, string([]rune(name)[words[first].start:words[last].end]))
	}
}

func (f *Finder) learnSurname(who *figure, text string) {
	if f.names.entries[fold(text)].class&function != 0 {
		return // "To Lam": "to" is no name
	}
	known := func(g form) bool { return g.actor == who && g.naming == surname }
	if !slices.ContainsFunc(f.names.exact(text), known) {
		f.names.add(text, form{actor: who, naming: surname})
	}
}

// familyNameFirst reports whether somebody's family name stands first, as in Chinese, Korean and Vietnamese names.
func (f *Finder) familyNameFirst(who *figure) bool {
	east := func(id string) bool {
		switch id {
		case "china", "taiwan", "north-korea", "south-korea", "vietnam", "chinese-communist-party":
			return true
		}
		return false
	}
	return east(who.Principal) || slices.ContainsFunc(who.terms, func(t term) bool { return east(t.principal) })
}

// learnTitle makes a title known. One that begins with a name of the principal ("Pentagon chief") says whose it is.
func (f *Finder) learnTitle(text string, principal *figure) {
	text = strings.TrimSpace(text)
	if slices.ContainsFunc(f.names.exact(text), func(g form) bool { return g.naming == office }) {
		return
	}
	g := form{naming: office, title: canonical(text)}
	named, _ := f.names.spelled(split(text))
	if slices.ContainsFunc(named, func(n form) bool { return n.actor == principal }) {
		g.actor = principal
	}
	f.names.add(strings.ToLower(text), g)
}
