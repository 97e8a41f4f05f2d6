package ingest

import (
	"strings"

	"stance/pipeline/news"
)

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

// isCaption tells captions that carry no credit themselves, by the credit next to them.
func isCaption(lines []line, i int) bool {
	l, before, after := lines[i], at(lines, i-1), at(lines, i+1)
	pictured := l.words <= 40 && shows.MatchString(l.text) && when.MatchString(l.text) // "he speaks on Monday": no other text says so
	switch {
	case after.cue == creditCue:
		return !l.prose || pictured && after.words <= 8 && !at(lines, i+2).isPoint()
	case before.cue == creditCue && before.words <= 6:
		return !l.ended || pictured
	}
	return l.prose && before.title && at(lines, i-2).cue == actionCue && shows.MatchString(l.text) // under a video and its title
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
			before := at(lines, i-1)
			inList := listing && (before.teaser || !before.title && startsTeaser(lines, i+2, i+4))
			isCard := after.isLabel() && then.isLabel() && (after.name || then.name)
			if inList || isCard {
				mark(lines[i : i+2])
			}
		case l.isBodyLike() && !l.title && !l.teaser:
			listing = false
		}
	}
	for n := 0; len(more) > 2 && n < len(more); n += 2 {
		mark(lines[more[n]:more[n+1]])
	}
}

// markComments finds the readers' comments of a page that shows more than one: below the lines that name their writers,
// above those that answer them.
func markComments(lines []line) {
	const reach = 4 // lines of a comment
	var above, below []int
	for i := range lines {
		switch l := &lines[i]; {
		case strings.HasSuffix(l.text, " says:") && at(lines, i+1).cue == timeCue:
			l.cue = commentCue
			above = append(above, i)
		case l.cue == commentCue:
			below = append(below, i)
		}
	}
	if len(above)+len(below) < 2 {
		return
	}
	for _, i := range above {
		for j := i + 1; j < min(len(lines), i+reach) && (lines[j].cue == noCue || lines[j].cue == timeCue); j++ {
			lines[j].teaser = true
		}
	}
	for _, i := range below {
		if i > 0 && lines[i-1].cue == noCue {
			lines[i-1].teaser = true
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
