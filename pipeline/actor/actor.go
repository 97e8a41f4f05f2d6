// Package actor finds who is named in an article. In comes a news.Article whose paragraphs are clean text, and an
// Inventory of states, bodies and people that analysts edit; out comes, for each paragraph, every actor that it names with
// the places where it does, by the rules of the codebook: metonyms count when they act and not as places, adjectives when
// they stand for the state's side and not when they say whose soldiers or soil it is, titles and pronouns where the
// article makes clear who is meant.
//
// Promised: mentions lie within their paragraph and hold its very text; mentions of different actors do not overlap, save
// that a plural ("the two leaders") stands whole for each of those it means; subjects are sorted by actor id with the
// author last; the same article and inventory give the same answer; time is linear in the text and does not grow with the
// inventory. What cannot be decided is left out: precision comes before recall.
package actor

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"stance/pipeline/news"
)

// Finder finds the actors of an inventory, and people that it lacks where they come with a title. It is safe for
// concurrent use.
type Finder struct {
	names   *automaton
	figures map[string]*figure // by id
	bodies  map[string]*figure // by the noun with which an article goes on to speak of them: "the alliance"
	inv     *Inventory
}

// figure is an actor as the finder knows it.
type figure struct {
	news.Actor
	terms   []term
	surname string // folded; of people whom the inventory lacks
	place   bool   // its name is also that of a part of the world
}

// NewFinder prepares an inventory for finding.
func NewFinder(inv *Inventory) *Finder {
	f := &Finder{names: newAutomaton(), figures: map[string]*figure{}, bodies: map[string]*figure{}, inv: inv}
	for word, c := range classes() {
		f.names.entries[word] = entry{class: c}
	}
	for _, a := range inv.actors {
		f.figures[a.ID] = &figure{Actor: a, terms: canonicalTerms(inv.terms[a.ID]), place: a.Kind == news.State}
	}
	for _, a := range inv.aliases {
		fig := f.figures[a.actor]
		fig.place = fig.place || a.naming == people && fig.Kind == news.Collective
		f.addAlias(fig, a)
	}
	for text := range strings.SplitSeq(offices, "|") {
		f.addTitle(strings.TrimSpace(text), nil)
	}
	for _, a := range inv.actors {
		for _, t := range inv.terms[a.ID] {
			for _, text := range t.titles {
				f.addTitle(string(text), f.figures[t.principal])
			}
		}
	}
	for noun, id := range sameSide() {
		if fig := f.figures[id]; fig != nil {
			f.bodies[noun] = fig
		}
	}
	return f
}

// addAlias makes a name known, and with that of a person the surname. A single name of a person is treated as a surname:
// whether it is meant depends on the article.
func (f *Finder) addAlias(fig *figure, a alias) {
	if a.naming != fullName {
		f.names.add(a.text, form{actor: fig, naming: a.naming})
		return
	}
	words := split(a.text)
	if len(words) == 1 {
		f.addSurname(fig, a.text)
		return
	}
	f.names.add(a.text, form{actor: fig, naming: fullName})
	last := len(words) - 1
	if f.familyNameFirst(fig) {
		f.addSurname(fig, words[0].text)
		return
	}
	for last > 0 && f.names.entries[words[last].key].class&suffix != 0 {
		last--
	}
	if last == 0 {
		return
	}
	from := last
	for from > 1 && f.names.entries[words[from-1].key].class&particle != 0 {
		from--
	}
	f.addSurname(fig, words[last].text)
	if from < last {
		runes := []rune(a.text)
		f.addSurname(fig, string(runes[words[from].start:words[last].end]))
	}
}

func (f *Finder) addSurname(fig *figure, text string) {
	if f.names.entries[fold(text)].class&function != 0 {
		return
	}
	for _, known := range f.names.exact(text) {
		if known.actor == fig && known.naming == surname {
			return
		}
	}
	f.names.add(text, form{actor: fig, naming: surname})
}

// familyNameFirst reports whether somebody's family name stands first, as in Chinese, Korean and Vietnamese names.
func (f *Finder) familyNameFirst(fig *figure) bool {
	principals := []string{fig.Principal}
	for _, t := range fig.terms {
		principals = append(principals, t.principal)
	}
	return slices.ContainsFunc(principals, func(id string) bool {
		switch id {
		case "china", "taiwan", "north-korea", "south-korea", "vietnam", "chinese-communist-party":
			return true
		}
		return false
	})
}

// addTitle makes a title known. One that begins with a name of the principal ("Pentagon chief") says whose it is.
func (f *Finder) addTitle(text string, principal *figure) {
	known := f.names.exact(text)
	if slices.ContainsFunc(known, func(g form) bool { return g.naming == office }) {
		return
	}
	g := form{naming: office, title: canonical(text)}
	named, end := f.names.spelled(split(text))
	if slices.ContainsFunc(named, func(n form) bool { return n.actor == principal }) && end > 0 {
		g.actor = principal
	}
	f.names.add(strings.ToLower(text), g)
}

// canonical returns the form in which titles are compared.
func canonical(text string) title {
	return same(title(fold(strings.Join(strings.Fields(text), " "))))
}

func canonicalTerms(terms []term) []term {
	terms = slices.Clone(terms)
	for i := range terms {
		titles := make([]title, 0, len(terms[i].titles))
		for _, t := range terms[i].titles {
			titles = append(titles, canonical(string(t)))
		}
		terms[i].titles = titles
	}
	return terms
}

// Find returns one slice for each paragraph of the article: its actors with their mentions, sorted by id, and the author
// last in body paragraphs. Principals are those of the day on which the article was published.
func (f *Finder) Find(a *news.Article) [][]news.Subject {
	r := f.read(a)
	r.meet()
	r.nameAgain()
	r.resolveTitles()
	r.decideNames()
	r.resolveReferences()
	subjects := make([][]news.Subject, len(a.Paragraphs))
	for i := range a.Paragraphs {
		subjects[i] = r.subjects(a, i)
	}
	return subjects
}

// subjects gathers what was found in a paragraph by actor.
func (r *reading) subjects(a *news.Article, i int) []news.Subject {
	p, text := &r.paragraphs[i], []rune(a.Paragraphs[i].Text)
	slices.SortStableFunc(p.found, func(x, y found) int {
		if c := strings.Compare(x.who.ID, y.who.ID); c != 0 {
			return c
		}
		return x.from - y.from
	})
	var subjects []news.Subject
	for _, m := range p.found {
		n := len(subjects)
		if n == 0 || subjects[n-1].Actor.ID != m.who.ID {
			actor := m.who.Actor
			if r.finder.figures[actor.ID] == m.who {
				actor.Principal = r.finder.inv.Principal(actor.ID, r.at)
			}
			subjects = append(subjects, news.Subject{Actor: actor})
			n++
		}
		start, end := p.words[m.from].start, p.words[m.to-1].end
		s := &subjects[n-1]
		s.Mentions = append(s.Mentions, news.Mention{Start: start, End: end, Text: string(text[start:end]), How: m.how})
	}
	if a.Paragraphs[i].Kind == news.Body {
		subjects = append(subjects, news.Subject{Actor: news.TheAuthor})
	}
	return subjects
}

// Slug returns the id that an actor with the name has: its letters and figures without accents, in lower case, with
// hyphens between the words.
func Slug(name string) string {
	separates := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	return strings.Join(strings.FieldsFunc(plain(name), separates), "-")
}

// title is an office in the form in which titles are compared: folded, one of several with the same meaning.
type title string

// reading is an article while it is read.
type reading struct {
	finder     *Finder
	at         time.Time // when the article was published; zero where unknown
	paragraphs []paragraph
	cast       []*member // the people of the article, in order of appearance
}

type paragraph struct {
	kind     news.ParagraphKind
	words    []word
	spans    []span // names and titles, leftmost first, longest at each place
	starts   []int32
	ends     []int32 // number of the span that begins or ends before a word, from 1; 0 for none
	loud     bool    // in Title Case or CAPITALS: capitals tell nothing
	dateline int     // how many words at the beginning say where and when it was written
	found    []found
}

// span is an expression that the inventory knows.
type span struct {
	from, to int // words
	forms    []form
	place    bool // names a place here, no actor
	taken    bool // part of a longer expression that was decided as a whole
}

// found is a mention.
type found struct {
	who      *figure
	from, to int // words
	how      news.How
}

// read splits the article into words and finds all that the inventory knows in it.
func (f *Finder) read(a *news.Article) *reading {
	r := &reading{finder: f, at: a.Published, paragraphs: make([]paragraph, len(a.Paragraphs))}
	for i, text := range a.Paragraphs {
		p := &r.paragraphs[i]
		p.kind = text.Kind
		p.words = split(text.Text)
		f.names.look(p.words)
		p.loud = loud(p.words)
		p.dateline = dateline(p.words)
		p.starts = make([]int32, len(p.words)+1)
		p.ends = make([]int32, len(p.words)+1)
		for from := 0; from < len(p.words); {
			forms, to := f.names.match(p.words, from)
			if len(forms) == 0 || to <= p.dateline || p.shouts(from, to) {
				from++
				continue
			}
			p.spans = append(p.spans, span{from: from, to: to, forms: forms})
			p.starts[from], p.ends[to] = int32(len(p.spans)), int32(len(p.spans))
			from = to
		}
	}
	return r
}

// shouts reports whether a name is an ordinary word in a text in capitals: "WHO WINS", "TELL US".
func (p *paragraph) shouts(from, to int) bool {
	w := p.words[from]
	if to != from+1 || !p.loud || w.class&function == 0 || w.text != strings.ToUpper(w.key) {
		return false
	}
	for i := max(0, from-1); i <= from+1 && i < len(p.words); i++ {
		if i != from && p.words[i].shape != upper {
			return false // only the name is in capitals
		}
	}
	switch p.key(from - 1) {
	case "tell", "let", "join", "help", "give", "show", "follow", "contact", "about", "of", "for":
		return true
	}
	return w.key != "us"
}

// loud reports whether nearly all words that carry meaning are capitalised.
func loud(words []word) bool {
	telling, low := 0, 0
	for _, w := range words {
		if w.class&function == 0 && len(w.text) > 1 {
			telling++
			if w.shape == lower {
				low++
			}
		}
	}
	return telling > 1 && low*10 <= telling
}

// dateline returns how many words open a paragraph as a dateline: "PARIS, Aug 21 (Reuters) -".
func dateline(words []word) int {
	const longest = 12 // words
	if len(words) == 0 || words[0].shape != upper || len(words[0].text) < 4 {
		return 0
	}
	for i := 1; i < len(words) && i <= longest; i++ {
		switch words[i].before {
		case dash:
			return i
		case sentence, colon, quote:
			return 0
		}
	}
	return 0
}

// starting and ending return the span that begins or ends before word i, and nil where none does.
func (p *paragraph) starting(i int) *span { return p.at(p.starts, i) }
func (p *paragraph) ending(i int) *span   { return p.at(p.ends, i) }

func (p *paragraph) at(index []int32, i int) *span {
	if i < 0 || i >= len(index) || index[i] == 0 {
		return nil
	}
	return &p.spans[index[i]-1]
}

// best returns the form that is meant where only the namings allowed come into question.
func (s *span) best(allowed ...naming) (form, bool) {
	var best form
	ok := false
	for _, f := range s.forms {
		if slices.Contains(allowed, f.naming) && (!ok || f.naming < best.naming) {
			best, ok = f, true
		}
	}
	return best, ok
}

func (p *paragraph) add(who *figure, from, to int, how news.How) {
	p.found = append(p.found, found{who, from, to, how})
}

// is reports whether there is a word i and it has any of the classes.
func (p *paragraph) is(i int, c class) bool {
	return i >= 0 && i < len(p.words) && p.words[i].class&c != 0
}

// key returns the folded word i, and "" where there is none.
func (p *paragraph) key(i int) string {
	if i < 0 || i >= len(p.words) {
		return ""
	}
	return p.words[i].key
}

// gap returns what stands before word i; a paragraph ends like a sentence.
func (p *paragraph) gap(i int) gap {
	if i <= 0 || i >= len(p.words) {
		return sentence
	}
	return p.words[i].before
}
