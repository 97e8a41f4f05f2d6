package ingest

import (
	"strings"
	"time"
)

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
		case upper >= 0 && lines[upper].words >= 5 && s < best+2: // of two lines together the upper is the headline
		case s > best:
			best, h.headline, upper = s, i, i
		}
	}
	if h.headline >= 0 {
		h.readBelow(lines, end, known)
		return h
	}
	for _, l := range lines[max(0, start-5):start] {
		h.readCredits(l)
	}
	return h
}

// headlineScore says how much a line looks like the headline of the article that begins near line start.
func headlineScore(lines []line, i, start, prose int, topic map[string]bool) float64 {
	l := lines[i]
	score := 3 * knownShare(l.text, topic)
	if l.words >= 4 && l.words <= 30 {
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

// readCredits takes the first byline and the first date.
func (h *head) readCredits(l line) {
	if l.cue == bylineCue && h.byline == "" {
		h.byline = bylinePrefix.ReplaceAllString(l.text, "")
	}
	if (l.cue == bylineCue || l.cue == timeCue) && h.published.IsZero() {
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
