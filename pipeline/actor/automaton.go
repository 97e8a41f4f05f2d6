package actor

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
	actor  *figure
	naming naming
	title  title
	length int     // in words
	shapes []shape // how each word has to be capitalised
}

func newAutomaton() *automaton {
	return &automaton{entries: map[string]entry{}, edges: map[edge]int32{}, ends: make([][]form, 1)}
}

// add makes the automaton recognise text as f. A text without a word is ignored.
func (a *automaton) add(text string, f form) {
	node := int32(0)
	for _, w := range split(text) {
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
		f.length++
		f.shapes = append(f.shapes, w.shape)
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

// match returns the longest name that begins at words[i] and where it ends, or no forms. Initials between the words of a
// name are passed over: "Donald J. Trump".
func (a *automaton) match(words []word, i int) (forms []form, end int) {
	node := int32(0)
	initials := 0
	for j := i; j < len(words); j++ {
		if j > i && !words[j].before.joins() {
			break
		}
		next, ok := a.edges[edge{node, words[j].number}]
		if !ok {
			if j > i && initials == 0 && len(words[j].text) == 1 && words[j].shape == capital {
				initials++
				continue
			}
			break
		}
		node = next
		if fit := fitting(a.ends[node], words[i:j+1], initials); len(fit) > 0 {
			forms, end = fit, j+1
		}
	}
	return forms, end
}

// fitting returns the forms whose capitals the words have.
func fitting(forms []form, words []word, initials int) []form {
	for i, f := range forms {
		if fits(f, words, initials) {
			continue
		}
		fit := append([]form(nil), forms[:i]...)
		for _, f := range forms[i+1:] {
			if fits(f, words, initials) {
				fit = append(fit, f)
			}
		}
		return fit
	}
	return forms
}

func fits(f form, words []word, initials int) bool {
	if initials > 0 && f.naming != fullName {
		return false
	}
	i := 0
	for _, w := range words {
		if initials > 0 && len(w.text) == 1 && i > 0 {
			initials--
			continue
		}
		if !w.hasCapitals(f.shapes[i]) {
			return false
		}
		i++
	}
	return true
}

// hasCapitals reports whether the word is capitalised as a name asks for: a lower-case name matches any, a capitalised one
// also a text in capitals, and an acronym only capitals, so that "us" and "who" are no actors. British papers write acronyms
// of four letters and more as words ("Nato").
func (w word) hasCapitals(want shape) bool {
	switch {
	case want == lower, want == capital && w.before == hyphen: // "Kim Jong-un"
		return true
	case w.shape == lower:
		return w.text[0] >= '0' && w.text[0] <= '9'
	case want == capital || w.shape == upper:
		return true
	}
	return len(w.key) >= 4
}
