package ingest

import (
	"slices"
	"strings"
	"time"

	"stance/pipeline/news"
)

// page is what is left of a page once everything around the article is gone.
type page struct {
	title, byline, siteName, url, language string
	published                              time.Time
	paragraphs                             []news.Paragraph
}

// block is a paragraph that arrives already split from its neighbours.
type block struct {
	kind news.ParagraphKind // empty where unknown
	text string
}

// parsePage finds the article in the text of a scraped page. It reads a page as a column of lines in which the article
// is one long run of prose with furniture before, in and after it:
//
//  1. every line is judged by its own wording (readLine);
//  2. the run whose lines are worth most together is the article (findArticle);
//  3. at its top stand the headline, the deck and the first paragraph (findHead);
//  4. below that, lines that are furniture by their wording or their neighbours are dropped (findBody).
func parsePage(text string) page {
	var lines []line
	for _, t := range splitLines(text) {
		lines = append(lines, readLine(t))
	}
	return assemble(lines, hints{})
}

// cleanBlocks removes furniture from paragraphs that arrive already split. Those whose kind is known are kept as they
// are; the others go through the same rules as the lines of a page.
func cleanBlocks(blocks []block) []news.Paragraph {
	var out []news.Paragraph
	var unknown []line
	flush := func() {
		out = append(out, assemble(unknown, hints{}).paragraphs...)
		unknown = nil
	}
	for _, b := range blocks {
		text := strings.Join(strings.Fields(b.text), " ")
		switch {
		case text == "":
		case b.kind == "":
			unknown = append(unknown, readLine(text))
		default:
			flush()
			out = append(out, news.Paragraph{Kind: b.kind, Text: text})
		}
	}
	flush()
	for i := range out {
		out[i].Index = i
	}
	return out
}

// hints are keys (textKey) of what a page says of itself to machines; empty where it says nothing.
type hints struct{ title, deck string }

func assemble(lines []line, known hints) page {
	markCopies(lines)
	markTeasers(lines)
	start, end := findArticle(lines)
	h := findHead(lines, start, end, known)
	kinds := findBody(lines, h.body, end)
	dropBios(lines, kinds, h.byline)
	if h.headline >= 0 {
		kinds[h.headline] = news.Headline
	}
	for _, i := range h.deck {
		kinds[i] = news.Deck
	}
	p := page{byline: h.byline, published: h.published}
	for i, k := range kinds {
		if k == news.Headline {
			p.title = lines[i].text
		}
		if k != "" {
			p.paragraphs = append(p.paragraphs, news.Paragraph{Index: len(p.paragraphs), Kind: k, Text: lines[i].text})
		}
	}
	return p
}

// What a line adds to a run of lines. Prose counts for the run and furniture against it, so that a few lines of
// furniture are bridged by the prose behind them, and a list of links or another article's teaser is not. The weights
// were chosen on public sets of news pages with their articles marked; none of them is delicate.
const (
	proseWorth    = 1.0
	wordWorth     = 1.0 / 25 // for each word of prose, up to worthyWords
	worthyWords   = 50
	outsideWorth  = 0.3  // prose that an extraction library left out
	sentenceWorth = 0.5  // a short sentence
	plainWorth    = -0.6 // a label, a cross-heading
	titleWorth    = -1.0 // a longer line without a full stop: mostly another article's headline
	titleWords    = 9
	copyWorth     = -0.2 // words that stand elsewhere on the page, or belong to a list of links
	maxGap        = 4.0  // furniture between two paragraphs never counts for more
)

var cueWorth = map[cue]float64{actionCue: -0.6, timeCue: -0.6, bylineCue: -0.7, labelCue: -1, creditCue: -0.3, appealCue: -1.2,
	noticeCue: -0.8, bioCue: -1.5, adCue: -0.3, teaserCue: -0.5, commentCue: -2, continueCue: -3, endCue: -3}

func worth(lines []line) []float64 {
	values := make([]float64, len(lines))
	listing := false // below "Related" or "Read more"
	appeal := -9     // the last line that asked something of the reader
	for i, l := range lines {
		listing = l.cue == teaserCue && l.opensList() || listing && l.cue == noCue && (l.title || !l.isBodyLike())
		switch {
		case l.cue == appealCue && i-appeal <= 3: // one sign-up form, however many lines
			for j := appeal + 1; j <= i; j++ {
				values[j] = min(values[j], 0) / 10
			}
			values[i], appeal = copyWorth/2, i
		case l.isButton() && i > 0 && lines[i-1].isButton():
			values[i] = copyWorth // one row of them
		case l.cue != noCue:
			values[i] = cueWorth[l.cue]
			if l.cue == appealCue {
				appeal = i
			}
		case l.teaser || l.copy != onlyCopy && l.copy != lastCopy:
			values[i] = copyWorth
		case listing && l.cue == noCue && (l.title || !l.prose):
			values[i] = copyWorth
		case l.prose && l.outside:
			values[i] = outsideWorth
		case l.prose:
			values[i] = proseWorth + wordWorth*float64(min(l.words, worthyWords))
		case l.ended:
			values[i] = sentenceWorth
		case l.words >= titleWords:
			values[i] = titleWorth
		default:
			values[i] = plainWorth
		}
	}
	return values
}

// markTeasers finds other articles' teasers by their shape: a title and its prose up to "keep reading", or up to "read
// more" where a page repeats that; a title with one paragraph in a list; a title, a sentence and then labels.
func markTeasers(lines []line) {
	var more []int // titles of what ends in "read more"
	listing := false
	for i := range lines {
		l, next, after, then := lines[i], at(lines, i+1), at(lines, i+2), at(lines, i+3)
		switch {
		case l.cue == continueCue:
			if j := titleOf(lines, i); j >= 0 {
				mark(lines[j:i])
			}
		case l.opensList():
			listing = true
			if j := titleOf(lines, i); j >= 0 && l.isMore() {
				more = append(more, j, i)
			}
		case l.title && next.isBodyLike() && !next.title:
			inList := listing && (at(lines, i-1).teaser || startsTeaser(lines, i+2, i+4))
			isCard := after.isLabel() && then.isLabel() && (after.name || then.name)
			if inList || isCard {
				mark(lines[i : i+2])
			}
		case l.isBodyLike() && !l.title && !l.teaser:
			listing = false
		}
	}
	markComments(lines)
	for n := 0; len(more) > 2 && n < len(more); n += 2 {
		mark(lines[more[n]:more[n+1]])
	}
}

// markComments finds the readers' comments of a page that shows more than one, around the lines that name or answer their
// writers.
func markComments(lines []line) {
	const reach = 4 // lines of a comment
	var at []int
	for i, l := range lines {
		if l.cue == commentCue {
			at = append(at, i)
		}
	}
	if len(at) < 2 {
		return
	}
	for _, i := range at {
		for j := i + 1; j < min(len(lines), i+reach) && (lines[j].cue == noCue || lines[j].cue == timeCue); j++ {
			lines[j].teaser = true
		}
		for j := i - 1; j > max(0, i-reach) && lines[j].cue == noCue; j-- {
			lines[j].teaser = true
		}
	}
}

// titleOf returns the title of the teaser that ends above line i, or -1. It is no cross-heading: those have the text
// that they divide above them.
func titleOf(lines []line, i int) int {
	const most = 3 // paragraphs of a teaser
	prose := 0
	for j := i - 1; j > 0 && prose <= most; j-- {
		switch l := lines[j]; {
		case l.title && prose > 0 && !lines[j-1].isBodyLike():
			return j
		case l.isBodyLike():
			prose++
		case l.cue == continueCue || l.opensList():
			return -1
		}
	}
	return -1
}

// startsTeaser reports whether a title with prose right below it begins at one of the lines from first to last.
func startsTeaser(lines []line, first, last int) bool {
	for i := first; i <= last && !at(lines, i).isBodyLike(); i++ {
		if at(lines, i).title && at(lines, i+1).isBodyLike() {
			return true
		}
	}
	return false
}

func mark(lines []line) {
	for i := range lines {
		lines[i].teaser = true
	}
}

// findArticle returns where the article begins and ends: lines[start:end]. Its core is the run of lines worth most. From
// there it grows over furniture in both directions, as long as the prose behind it speaks of the same things.
func findArticle(lines []line) (start, end int) {
	values := worth(lines)
	best, sum, from := 0.0, 0.0, 0
	for i, v := range values {
		if sum <= 0 {
			sum, from = 0, i
		}
		if sum += v; sum > best {
			best, start, end = sum, from, i+1
		}
	}
	topic := vocabulary(lines[start:end])
	end += growth(lines[end:], values[end:], topic)
	before, valuesBefore := slices.Clone(lines[:start]), slices.Clone(values[:start])
	slices.Reverse(before)
	slices.Reverse(valuesBefore)
	start -= growth(before, valuesBefore, topic)
	return start, end
}

// growth says how many of the lines next to the core belong to the article.
func growth(lines []line, values []float64, topic map[string]bool) (n int) {
	best, sum, gap := 0.0, 0.0, 0.0
	for i, l := range lines {
		if v := values[i]; v > 0 {
			sum, gap = sum+v*cohesion(l.text, topic), 0
		} else {
			v = max(v, gap-maxGap)
			sum, gap = sum+v, gap-v
		}
		if sum > best {
			best, n = sum, i+1
		}
	}
	return n
}

// cohesion is 0 for a text that shares no more words with the topic than any two news texts do, and 1 for one that
// shares as many as the paragraphs of one article do among each other.
func cohesion(text string, topic map[string]bool) float64 {
	const full, rich = 0.3, 150 // the share of known words that a paragraph has when the topic is rich: measured on news pages
	kin := full * min(1, float64(len(topic))/rich)
	chance := kin / 3
	return min(1, max(0, (knownShare(text, topic)-chance)/(kin-chance)))
}

// knownShare is the share of a text's content words that belong to the topic.
func knownShare(text string, topic map[string]bool) float64 {
	words := contentWords(text)
	known := 0
	for _, w := range words {
		if topic[w] {
			known++
		}
	}
	return float64(known) / float64(max(len(words), 3))
}

func vocabulary(lines []line) map[string]bool {
	words := map[string]bool{}
	for _, l := range lines {
		if l.prose {
			for _, w := range contentWords(l.text) {
				words[w] = true
			}
		}
	}
	return words
}

// contentWords lists the words of a text that say what it is about.
func contentWords(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !isWordRune(r) })
	return slices.DeleteFunc(words, func(w string) bool { return len(w) < 4 || functionWords[w] })
}

// head is the top of an article, as indexes of lines.
type head struct {
	headline  int // -1 without one
	deck      []int
	body      int // the first line that can be body
	byline    string
	published time.Time
}

const (
	maxDeck     = 50  // words of a paragraph of the deck
	headLines   = 40  // how far above the article's first prose a headline is looked for
	minHeadline = 1.4 // score below which no line is taken for a headline
)

// findHead looks for the headline above the first paragraphs, and below it for the deck and the start of the body.
func findHead(lines []line, start, end int, known hints) head {
	h := head{headline: -1, body: start}
	topic := vocabulary(lines[start:end])
	best, prose, upper := minHeadline, 0, -1 // upper: the first of the lines that stand together with the best one
	for i := max(0, start-headLines); i < end && prose < 4; i++ {
		l := lines[i]
		if i >= start && l.isBodyLike() {
			prose++
		}
		if l.cue != noCue || l.words < 3 || l.words > 40 || l.item {
			upper = -1
			continue
		}
		s := headlineScore(lines, i, start, prose, topic)
		if len(known.title) > 15 && strings.HasPrefix(known.title, l.key) {
			s += 3
		}
		switch {
		case upper >= 0 && lines[upper].words >= 5 && s < best+3: // the upper of two lines is the headline, the lower the deck
		case s > best:
			best, h.headline, upper = s, i, i
		}
	}
	if h.headline >= 0 {
		h.readBelow(lines, end, known)
	}
	return h
}

// headlineScore says how much a line looks like the headline of the article that begins near line start.
func headlineScore(lines []line, i, start, prose int, topic map[string]bool) float64 {
	l := lines[i]
	score := 3 * knownShare(l.text, topic)
	if l.words >= 5 && l.words <= 30 {
		score++
	}
	if l.copy != onlyCopy {
		score += 0.4 // page titles and headlines repeat each other
	}
	if l.prose && !strings.HasSuffix(l.text, "?") {
		score -= 1.5
	} else if l.ended {
		score -= 0.3
	}
	for _, below := range lines[i+1 : min(len(lines), i+8)] {
		if below.cue == bylineCue || below.cue == timeCue {
			score += 0.8
			break
		}
	}
	for _, above := range lines[max(0, i-6):i] {
		if above.cue == bylineCue {
			score -= 0.8
			break
		}
	}
	if isCaption(lines, i) {
		score--
	}
	if i > 0 && (lines[i-1].cue == teaserCue || lines[i-1].cue == creditCue || lines[i-1].cue == endCue) {
		score -= 0.7
	}
	score -= 1.5 * float64(prose)
	score -= 0.03 * float64(max(0, start-i))
	return score
}

// readBelow walks down from the headline to the first paragraph of the body.
func (h *head) readBelow(lines []line, end int, known hints) {
	headline := lines[h.headline]
	last, dated := h.headline, false // the last line of the head; whether a byline or date was seen
	prose := 0
	for i := h.headline + 1; i < min(end, h.headline+30) && prose < 3; i++ {
		switch l := lines[i]; {
		case l.cue == bylineCue || l.cue == timeCue:
			last, dated = i, true
			h.readCredits(l)
		case (l.cue == actionCue || l.cue == labelCue) && (prose == 0 || prose == 1 && (!dated || furniture(lines, i, 3))):
			last = i
		case l.isBodyLike():
			if prose++; l.words > maxDeck || dateline.MatchString(l.text) {
				prose = 3 // no deck
			}
		}
	}
	h.body = end
	for i := h.headline + 1; i < end && h.body == end; i++ {
		l := lines[i]
		switch {
		case l.cue != noCue || l.key == headline.key || l.teaser:
		case isCaption(lines, i) && !(i == h.headline+1 && l.words >= 8 && !shows.MatchString(l.text)):
		case i > last && (l.prose || l.ended && l.words > 3) && l.key != known.deck:
			h.body = i
		case l.words < 5 || l.words > maxDeck || l.name:
		case i < last || i == h.headline+1 || l.key == known.deck || len(h.deck) > 0 || at(lines, i+1).isPoint():
			h.addDeck(i)
		}
	}
}

// addDeck takes a line for a part of the deck if it is the first or stands right below the part before.
func (h *head) addDeck(i int) {
	if n := len(h.deck); n == 0 || h.deck[n-1] == i-1 {
		h.deck = append(h.deck, i)
	}
}

func (h *head) readCredits(l line) {
	if l.cue == bylineCue && h.byline == "" {
		h.byline = bylinePrefix.ReplaceAllString(l.text, "")
	}
	if h.published.IsZero() {
		h.published = published(dayIn.FindString(l.text))
	}
}

// furniture reports whether the n lines from i on are all without prose.
func furniture(lines []line, i, n int) bool {
	for _, l := range lines[i:min(len(lines), i+n)] {
		if l.isBodyLike() {
			return false
		}
	}
	return true
}

// isCaption tells the captions that carry no credit themselves by the credit next to them, and those that only show what
// a picture shows by their grammar.
func isCaption(lines []line, i int) bool {
	l, before, after := lines[i], at(lines, i-1), at(lines, i+1)
	switch {
	case after.cue == creditCue && !l.prose: // alternative text
		return true
	case after.cue == creditCue && after.words <= 8 && l.words <= 40 && shows.MatchString(l.text):
		return true
	case before.cue == creditCue && before.words <= 6 && !l.ended:
		return true
	}
	return l.prose && before.title && at(lines, i-2).cue == actionCue && shows.MatchString(l.text) // under a video and its title
}

// findBody gives kind Body to the lines from start to end that are not furniture.
func findBody(lines []line, start, end int) []news.ParagraphKind {
	kinds := make([]news.ParagraphKind, len(lines))
	listing := false // in a list of other articles
	for i := start; i < end; i++ {
		l := lines[i]
		switch {
		case l.opensList():
			listing = true
		case !l.title && (l.isBodyLike() || l.ended && l.words > 1):
			listing = false
		}
		if !listing && isBody(lines, i, end) {
			kinds[i] = news.Body
		}
	}
	return kinds
}

// isBody decides about one line of the article's run.
func isBody(lines []line, i, end int) bool {
	l, before, after := lines[i], at(lines, i-1), at(lines, i+1)
	switch {
	case l.cue != noCue || l.outside && !l.prose:
		return false
	case l.copy == refrain || l.copy == twinCopy || l.copy == earlierCopy && !(l.title && after.isBodyLike()):
		return false
	case l.teaser || isCaption(lines, i):
		return false
	case l.prose && !l.title || l.ended && !l.title:
		return !isPullQuote(lines, i)
	case l.prose: // a question
		return after.cue != appealCue && after.cue != timeCue && after.cue != bylineCue && after.cue != continueCue
	case l.item || strings.HasSuffix(before.text, ":") || strings.HasSuffix(l.text, ":"):
		return true
	case l.caps && l.words > 4: // cross-headings in capitals are shorter than links
		return false
	case l.name && (before.cue != noCue || after.cue != noCue || before.isLabel() || after.isLabel()):
		return false // a person, among other labels
	}
	for after.cue == adCue || after.cue == actionCue || after.copy == refrain {
		i++
		after = at(lines, i+1)
	}
	return i+1 < end && after.cue == noCue // a cross-heading has something below it
}

// dropBios drops what is said about the author, by name: articles do not speak of their own author.
func dropBios(lines []line, kinds []news.ParagraphKind, byline string) {
	for _, name := range authorName.FindAllString(byline, -1) {
		surname := name[strings.LastIndex(name, " ")+1:]
		for i, l := range lines {
			if kinds[i] == news.Body && (strings.HasPrefix(l.text, name+" ") || honorific.MatchString(l.text) && strings.HasPrefix(honorific.ReplaceAllString(l.text, ""), surname)) {
				kinds[i] = ""
			}
		}
	}
}

// isPullQuote tells a sentence that stands in a paragraph nearby as well.
func isPullQuote(lines []line, i int) bool {
	const reach, least = 8, 20 // lines; letters
	l := lines[i]
	if len(l.key) < least || l.words > 45 {
		return false
	}
	for j := max(0, i-reach); j < min(len(lines), i+reach); j++ {
		if j != i && len(lines[j].key) > len(l.key) && lines[j].prose && strings.Contains(lines[j].key, l.key) {
			return true
		}
	}
	return false
}

func at(lines []line, i int) line {
	if i < 0 || i >= len(lines) {
		return line{}
	}
	return lines[i]
}
