package actor

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"stance/pipeline/news"
)

// turn is a paragraph in which somebody speaks for himself, as transcripts and interviews print it.
type turn struct {
	who      *member // who speaks; nil where the label tells nobody
	name, to int     // the words of his name in the label
	from     int     // the first word that is spoken
	marked   bool    // labelled as a question or answer
	asks     bool    // as a question
}

// meetSpeakers reads the labels with which transcripts name who speaks ("MS. SAMPLE:", "Jan Novák (Labour):"). Whom the
// article lets speak in the first person is an actor, unless he mostly asks or has written it.
func (r *reading) meetSpeakers() {
	lines, questions := map[*member]int{}, map[*member]int{}
	turns, body := 0, 0
	for i := range r.paragraphs {
		p := &r.paragraphs[i]
		if p.kind != news.Body {
			continue
		}
		body++
		if p.turn = r.turnAt(p, i); p.turn == nil {
			continue
		}
		if m := p.turn.who; m != nil {
			turns++
			lines[m]++
			if p.asks {
				questions[m]++
			}
		} else if p.turn.marked {
			turns++
		}
	}
	r.transcript = turns >= 3 && turns*4 >= body
	for m, n := range lines {
		m.actor = m.actor || m.spoke && questions[m]*3 < n && !r.signed(m.Name)
	}
	for i := range r.paragraphs {
		if p := &r.paragraphs[i]; p.turn != nil && p.turn.who != nil && p.turn.who.actor && p.words[p.turn.name].shape == upper {
			p.take(p.turn.name, p.turn.to)
			if p.free(p.turn.name, p.turn.to) {
				p.add(p.turn.who.figure, p.turn.name, p.turn.to, news.ByAlias)
			}
		}
	}
}

// signed reports whether somebody's name stands in the byline.
func (r *reading) signed(name string) bool { return strings.Contains(r.byline, plain(name)) }

// turnAt reads the label before a paragraph's first colon, and returns nil where it has none.
func (r *reading) turnAt(p *paragraph, i int) *turn {
	const longest = 16 // words of a label
	end := 1
	for end < len(p.words) && end <= longest && p.gap(end) != colon {
		if g := p.gap(end); g != space && g != hyphen && g != comma && g != bracket {
			return nil
		}
		end++
	}
	if p.gap(end) != colon || end > longest {
		return nil
	}
	if end == 1 || p.gap(1) == bracket {
		switch p.key(0) {
		case "q", "question", "host", "moderator", "interviewer", "reporter":
			return &turn{from: end, marked: true, asks: true}
		case "a", "answer":
			return &turn{from: end, marked: true}
		}
	}
	from := 0
	for from < end {
		if s := p.starting(from); s != nil && s.names(office) && s.to < end {
			from = s.to
		} else if p.is(from, honorific|past|quality) || p.key(from) == "the" || p.key(from) == "hon" || p.key(from) == "right" {
			from++
		} else {
			break
		}
		if p.key(from) == "for" || p.key(from) == "of" { // "Minister for Defence (Jan Novák):"
			for from++; from < end && p.gap(from) != bracket; {
				from++
			}
		}
	}
	if from >= end || p.words[from].shape == lower {
		return nil
	}
	m, to := r.labelled(p, i, from, end)
	if m == nil {
		return &turn{from: end}
	}
	m.spoke = m.spoke || p.firstPerson(end) >= 0
	return &turn{who: m, name: from, to: to, from: end}
}

// labelled returns whom a label means that has a name at a word, and where the name ends.
func (r *reading) labelled(p *paragraph, i, from, end int) (*member, int) {
	if s := p.starting(from); s != nil {
		if who := p.people[from]; who != nil {
			return r.cast.of[who], s.to
		}
		if f, ok := s.best(fullName); ok {
			return r.enter(f.actor, i), s.to
		}
		if s.names(surname) && !s.taken && (s.to == end || !p.gap(s.to).joins()) {
			return r.surnamed(s, p.words[s.to-1].key, i), s.to
		}
	}
	to := from + 1
	for to < end && p.gap(to).joins() && p.words[to].shape != lower {
		to++
	}
	const longest = 5 // words of a name
	if to < end && p.gap(to).joins() || to > from+longest || p.inside(from) {
		return nil, 0
	}
	for _, m := range r.cast.strangers[p.key(to-1)] {
		if id := p.text(from, to); strings.HasSuffix(m.ID, Slug(id)) {
			return m, to
		}
	}
	if to == from+1 || p.starting(from) != nil && !p.starting(from).names(surname) || p.is(to-1, house|calendar) && !p.is(to-1, common) {
		return nil, 0
	}
	return r.enterStranger(p, i, from, to), to
}

// surnamed returns the member of the cast whom a surname means, who may be known by it alone.
func (r *reading) surnamed(s *span, key string, i int) *member {
	namesakes := slices.Clone(r.cast.strangers[key])
	for _, f := range s.forms {
		if m := r.cast.of[f.actor]; f.naming == surname && m != nil {
			namesakes = append(namesakes, m)
		}
	}
	if m := lastNamed(namesakes, i); m != nil {
		return m
	}
	if who := r.famous(s); who != nil {
		return r.enter(who, i)
	}
	return nil
}

// firstPerson returns the first word from a word on with which a speaker speaks of himself, and -1 where there is none.
// What he quotes does not count.
func (p *paragraph) firstPerson(from int) int {
	for i := from; i < len(p.words); i++ {
		if p.inQuotes[i] && !p.quoted {
			continue
		}
		switch p.key(i) {
		case "i", "im", "ive", "id", "ill":
			if p.words[i].shape != lower && p.free(i, i+1) {
				return i
			}
		case "me", "my", "myself", "mine":
			if p.free(i, i+1) {
				return i
			}
		}
	}
	return -1
}

// manner is how a paragraph of an interview is printed, as far as its marks tell.
type manner struct {
	asks    bool // ends with a question mark
	quoted  bool // a quotation from beginning to end
	dashed  bool // begins with a dash, or an answer stands behind one
	replies bool // "Will you go? - Of course."
}

func mannerOf(text string) manner {
	text = strings.TrimSpace(text)
	first, n := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	m := manner{asks: strings.HasSuffix(strings.TrimRightFunc(text, quotes), "?"), quoted: quotes(first) && quotes(last)}
	m.dashed = isDash(first) && strings.HasPrefix(text[n:], " ")
	for at, c := range text {
		if isDash(c) && at > 1 && text[at-1] == ' ' && strings.HasPrefix(text[at+utf8.RuneLen(c):], " ") {
			m.replies = m.replies || strings.HasSuffix(strings.TrimRightFunc(text[:at], quotesOrSpace), "?")
		}
	}
	m.dashed = m.dashed || m.replies
	return m
}

func quotesOrSpace(r rune) bool { return r == ' ' || quotes(r) }

// inQuotes reports for each word whether it stands between double quotation marks.
func inQuotes(text string, words []word) []bool {
	in := make([]bool, len(words))
	next, at, open := 0, 0, false
	for _, c := range text {
		switch c {
		case '"':
			open = !open
		case '“', '„', '«':
			open = true
		case '”', '»':
			open = false
		}
		if next < len(words) && words[next].start == at {
			in[next] = open
			next++
		}
		at++
	}
	return in
}

func quotes(r rune) bool {
	return r == '"' || r == '“' || r == '”' || apostrophe(r) || r == '«' || r == '»'
}
func isDash(r rune) bool { return r == '-' || r == '–' || r == '—' }

// meetInterviewee finds whom an article without labels interviews, if it is an interview: who is named in full first, on the
// way to the first question. The byline's names ask.
func (r *reading) meetInterviewee() {
	first, dashes, answers, asked := -1, 0, 0, false
	for i := range r.paragraphs {
		p := &r.paragraphs[i]
		if p.kind != news.Body || p.turn != nil && p.turn.who != nil {
			continue
		}
		asks := p.asks && !p.quoted && p.addressed(0) >= 0 && p.firstPerson(0) < 0
		answered := asks && i+1 < len(r.paragraphs) && (r.paragraphs[i+1].quoted || r.paragraphs[i+1].firstPerson(0) >= 0)
		if p.dashed {
			dashes++
			asked = asked || p.asks || p.replies
		} else if answered {
			answers++
		}
		marked := p.turn != nil && p.turn.marked
		if marked {
			answers++
		}
		if first < 0 && (p.dashed || answered || marked) {
			first = i
		}
	}
	if (dashes < 3 || !asked) && answers < 2 {
		return
	}
	for i := 0; i <= first; i++ {
		if m := r.firstNamed(&r.paragraphs[i]); m != nil {
			m.actor = true
			r.interviewee, r.questions = m, first
			return
		}
	}
}

// firstNamed returns the first person whom a paragraph names in full, outside the byline.
func (r *reading) firstNamed(p *paragraph) *member {
	for at := range p.words {
		if s := p.starting(at); s != nil {
			if f, ok := s.best(fullName); ok && !r.signed(f.actor.Name) {
				return r.cast.of[f.actor]
			}
		}
		for _, m := range r.cast.strangers[p.words[at].key] {
			if at > 0 && slices.Contains(m.given, p.key(at-1)) && !r.signed(m.Name) {
				return m
			}
		}
	}
	return nil
}

// addressed returns the first word from a word on with which somebody is spoken to, and -1 where there is none.
func (p *paragraph) addressed(from int) int {
	return p.find(from, "you", "your", "youre", "youve", "yours")
}

// find returns the first of some words from a word on that belongs to no mention and no quotation, and -1 where there is none.
func (p *paragraph) find(from int, keys ...string) int {
	for i := from; i < len(p.words); i++ {
		if slices.Contains(keys, p.words[i].key) && p.free(i, i+1) && (p.quoted || !p.inQuotes[i]) {
			return i
		}
	}
	return -1
}

// resolveSpeakers finds what speakers say of themselves, and the "you" of who asks them.
func (r *reading) resolveSpeakers() {
	var who *member // speaks on until the next label
	for i := range r.paragraphs {
		p := &r.paragraphs[i]
		t := p.turn
		switch {
		case p.kind != news.Body || !r.transcript && r.interviewee == nil:
		case t != nil && t.asks:
			who = nil
			p.speaks(r.answering(i), p.addressed(t.from))
		case t != nil && t.who != nil:
			who = t.who
			p.speaks(who, p.firstPerson(t.from))
		case t != nil && t.marked:
			who = r.answering(i)
			p.speaks(who, 0)
		case t != nil:
			who = nil
		case r.interviewee != nil && i >= r.questions:
			at := p.firstPerson(0)
			if at < 0 {
				at = p.addressed(0)
			}
			if at < 0 {
				at = p.find(0, "we", "us", "our", "ours", "weve")
			}
			p.speaks(r.interviewee, at)
		case who != nil:
			p.speaks(who, p.firstPerson(0))
		}
	}
}

// speaks takes down a word with which somebody speaks of himself or is spoken to.
func (p *paragraph) speaks(m *member, at int) {
	if m != nil && m.actor && at >= 0 && p.free(at, at+1) {
		p.add(m.figure, at, at+1, news.ByPronoun)
	}
}

// answering returns who answers next in a transcript: who is labelled next, or the interviewee.
func (r *reading) answering(i int) *member {
	const reach = 3 // paragraphs
	for k := i + 1; k < len(r.paragraphs) && k <= i+reach; k++ {
		if t := r.paragraphs[k].turn; t != nil && t.who != nil {
			return t.who
		}
	}
	return r.interviewee
}

// spellName writes a name in capitals as names are written.
func spellName(name string) string {
	if strings.ToUpper(name) != name {
		return name
	}
	var b strings.Builder
	begins := true
	for _, c := range strings.ToLower(name) {
		if begins {
			c = unicode.ToUpper(c)
		}
		begins = c == ' ' || c == '-'
		b.WriteRune(c)
	}
	return b.String()
}
