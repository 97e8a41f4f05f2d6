package actor

import "slices"

// automaton recognises all names of the inventory at once. It reads words, not letters: names begin and end at word
// boundaries anyway, one look-up tells for most words that no name begins there, and a longer inventory makes the table
// larger but the reading no slower.
type automaton struct {
	entries map[string]entry // by folded word
	edges   map[edge]int32   // to the next node; node 0 is the root
	ends    [][]form         // by node: the names that end there
	names   int32            // how many different words occur in names
}

// entry is what is known of a word by itself.
type entry struct {
	number int32 // of the word among the words of names, from 1; 0 where no name contains it
	class  class
}

type edge struct{ node, number int32 }

// form is one way to write an actor or a title.
type form struct {
	actor  *figure // of an office, whose it is where the title says so
	naming naming
	title  string // canonical, of an office
	words  []word // as the inventory writes them
}

func newAutomaton(words map[string]class) *automaton {
	a := &automaton{entries: map[string]entry{}, edges: map[edge]int32{}, ends: make([][]form, 1)}
	for word, c := range words {
		a.entries[word] = entry{class: c}
	}
	return a
}

// add makes the automaton recognise text as f. A text without a word is ignored.
func (a *automaton) add(text string, f form) {
	node := int32(0)
	f.words = split(text)
	for _, w := range f.words {
		e := a.entries[w.key]
		if e.number == 0 {
			a.names++
			e.number = a.names
			a.entries[w.key] = e
		}
		next, ok := a.edges[edge{node, e.number}]
		if !ok {
			next = int32(len(a.ends))
			a.ends = append(a.ends, nil)
			a.edges[edge{node, e.number}] = next
		}
		node = next
	}
	if node != 0 {
		a.ends[node] = append(a.ends[node], f)
	}
}

// exact returns the names that are spelled like text, however capitalised.
func (a *automaton) exact(text string) []form {
	words := split(text)
	if forms, end := a.spelled(words); end == len(words) {
		return forms
	}
	return nil
}

// spelled returns the longest name with which words begin, however capitalised, and how long it is.
func (a *automaton) spelled(words []word) (forms []form, end int) {
	node := int32(0)
	for i, w := range words {
		next, ok := a.edges[edge{node, a.entries[w.key].number}]
		if !ok {
			break
		}
		node = next
		if len(a.ends[node]) > 0 {
			forms, end = a.ends[node], i+1
		}
	}
	return forms, end
}

// look fills in what the lexicon knows of each word.
func (a *automaton) look(words []word) {
	for i := range words {
		words[i].entry = a.entries[words[i].key]
	}
}

// match returns the longest name that begins at words[i] and where it ends, or no forms. An initial between the words of a
// person's name is passed over: "Donald J. Trump".
func (a *automaton) match(words []word, i int) (forms []form, end int) {
	node, initial := int32(0), -1
	for j := i; j < len(words) && (j == i || words[j].before.joins()); j++ {
		next, ok := a.edges[edge{node, words[j].number}]
		if !ok {
			if j == i || initial >= 0 || !words[j].initial() {
				break
			}
			initial = j
			continue
		}
		node = next
		if fit := fitting(a.ends[node], words[i:j+1], initial-i); len(fit) > 0 {
			forms, end = fit, j+1
		}
	}
	return forms, end
}

// fitting returns the forms that words have, passing over the one at initial where that is not negative.
func fitting(forms []form, words []word, initial int) []form {
	unfit := func(f form) bool { return !f.fits(words, initial) }
	if !slices.ContainsFunc(forms, unfit) {
		return forms
	}
	return slices.DeleteFunc(slices.Clone(forms), unfit)
}

func (f form) fits(words []word, initial int) bool {
	if initial >= 0 && f.naming != fullName {
		return false
	}
	i := 0
	for j, w := range words {
		if j == initial {
			continue
		}
		last := j == len(words)-1
		if !w.hasCapitals(f.words[i].shape, i > 0) || !last && w.possessive != f.words[i].possessive {
			return false
		}
		i++
	}
	return true
}

// hasCapitals reports whether the word is capitalised as a name asks for: a lower-case name matches any, a capitalised one
// also a text in capitals, and an acronym only capitals, so that "us" and "who" are no actors. British papers write acronyms
// of four letters and more as words ("Nato"). Inside a name, the part after a hyphen may be small.
func (w word) hasCapitals(want shape, inner bool) bool {
	switch {
	case want == lower, want == capital && inner && w.before == hyphen: // "Kim Jong-un"; "Ban Ki-moon" is no Moon
		return true
	case w.shape == lower:
		return w.text[0] >= '0' && w.text[0] <= '9'
	case want == capital || w.shape == upper:
		return true
	}
	return len(w.key) >= 4
}
