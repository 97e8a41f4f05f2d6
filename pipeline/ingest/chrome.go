package ingest

import (
	"regexp"
	"strings"
	"unicode"
)

// A cue names the kind of furniture that a line's wording gives away.
type cue int

const (
	noCue       cue = iota
	actionCue       // something to click: share, print, log in, menu
	timeCue         // a date, a time, "3 min read"
	bylineCue       // who wrote it
	labelCue        // a section, a breadcrumb: "Analysis | Europe"
	creditCue       // a photo credit, or a caption or alternative text that ends in one
	appealCue       // asks something of the reader, or states terms: newsletters, cookies, donations, copyright
	noticeCue       // about the article: reporting credits, corrections, "this article first appeared in"
	bioCue          // who the author is
	adCue           // "Advertisement"
	teaserCue       // points to other articles: "Read more: …", "Related"
	continueCue     // closes another article's teaser: "Keep reading"
	commentCue      // belongs to a reader's comment: "Ann says:", "Reply"
	endCue          // opens what sites put after an article: most read, comments, tags
)

const (
	shortLine = 12  // words: labels and buttons are shorter
	captions  = 70  // words: captions with their credits are rarely longer
	appeal    = 160 // words: the longest appeals
)

// readCue finds the cue in a line's wording. The order is that of certainty.
func readCue(l line) cue {
	const longWord = 40 // bytes: what is made of longer ones is no language
	if len(l.text) > longWord*max(l.words, 10) {
		return noCue
	}
	text, words := l.text, wordsOf(l.text)
	short := l.words <= shortLine
	label := short && !l.prose
	switch {
	case l.words == 0: // page numbers, separators, counters
		return actionCue
	case short && adPhrases.in(words):
		return adCue
	case label && commentPhrases.in(words):
		return commentCue
	case l.words <= 3 && address.MatchString(text):
		return actionCue
	case short && continuePhrases.in(words):
		return continueCue
	case label && endPhrases.in(words):
		return endCue
	case short && morePhrases.in(words):
		return teaserCue
	case (!l.prose || l.words <= 30) && (teaserPhrases.in(words) || pointer.MatchString(text)):
		return teaserCue
	case label && share(text, isTimeWord) >= 0.5:
		return timeCue
	case !l.prose && l.words <= 30 && byline.MatchString(text):
		return bylineCue
	case l.words <= captions && isCredit(l):
		return creditCue
	case l.words <= appeal && isAppeal(l, words):
		return appealCue
	case l.words <= captions && (noticePhrases.in(words) || notice.MatchString(text)):
		return noticeCue
	case l.words <= 100 && !quoted(text) && biography.MatchString(text):
		return bioCue
	case label && !l.ended && separator.MatchString(text):
		return labelCue
	case !l.prose && share(text, isActionWord) >= 0.5:
		return actionCue
	}
	return noCue
}

// isAppeal tells lines that speak to the reader of the site rather than of the news. One strong phrase does in a short
// line; a longer one needs two, or one with another that is only typical.
func isAppeal(l line, words string) bool {
	if quoted(l.text) {
		return false
	}
	strong := appealPhrases.count(words)
	if strings.Contains(l.text, "©") {
		strong++
	}
	if strong == 0 {
		return false
	}
	spoken := strings.ContainsAny(l.text, `"“”`) || speechPhrases.in(words)
	all := strong + legalPhrases.count(words)
	return l.words <= 25 && !spoken || all >= 2 && l.words <= 40 || all >= 3 && l.words <= 25*all
}

// isCredit tells photo credits, and captions that carry one, from sentences that only speak of agencies: a credit opens
// the line or ends it.
func isCredit(l line) bool {
	if creditStart.MatchString(l.text) && (!l.prose || l.words <= 45) {
		return true
	}
	const tailBytes = 120 // a credit is no longer
	tail := l.text[max(0, len(l.text)-tailBytes):]
	if l.prose && quoted(l.text) && !strings.HasSuffix(tail, ")") {
		return false
	}
	return creditEnd.MatchString(tail)
}

// quoted reports whether a line begins with speech.
func quoted(text string) bool {
	return strings.HasPrefix(text, `"`) || strings.HasPrefix(text, "“") || strings.HasPrefix(text, "‘")
}

// share is the share of a line's words for which is holds. Words that stand in any line count for less than others.
func share(text string, is func(word string) bool) float64 {
	all, telling, hits := 0, 0, 0
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("|•·,()–—…!", r) }) {
		all++
		if functionWords[w] {
			continue
		}
		telling++
		if is(w) {
			hits++
		}
	}
	return float64(hits) / max(float64(telling), 0.8*float64(all), 1)
}

func isTimeWord(w string) bool {
	return timeWords[strings.Trim(w, ".:")] || timeForm.MatchString(w)
}

func isActionWord(w string) bool {
	w = strings.Trim(w, ".:?'\"")
	return actionWords[w] || !strings.ContainsFunc(w, isWordRune)
}

var (
	separator = regexp.MustCompile(`\S\s?[|>»›•∙]\s?\S|^[•∙|]\s`)
	address   = regexp.MustCompile(`^(?:\S+@\S+\.\S+|(?:https?://|www\.)\S+|[\w.-]+\.[a-z]{2,4}/\S*|@\w+)$`)
	pointer   = regexp.MustCompile(`(?i)^\W{0,3}(?:read|see|watch|listen|look|more|explained|related|recommended|live updates?|\d+[hm] ago)(?: [a-z]+){0,3}\s?[:|–—>»]\s`)

	timeForm = regexp.MustCompile(`^(?:\d+[hm]$|\d{1,2}(?:st|nd|rd|th)?|(?:19|20)\d\d|\d{1,4}[-./:]\d{1,2}(?:[-./:]\d{1,4})?\S*|\d{1,2}h\d\d|\d+[hmd]|\d{1,2}(?::\d\d)?(?:am|pm)\S*|(?:gmt|utc|ago)\S*)$`)
	dayIn    = regexp.MustCompile(`(?i)\b\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,? (?:19|20)\d\d\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2},? (?:19|20)\d\d\b|\b(?:19|20)\d\d[-/]\d\d[-/]\d\d\b`)

	byline = regexp.MustCompile(`^(?i:by|author:|(?:written|story|text|words|interview|interview conducted|reporting|reported|edited|compiled|translated|produced|graphics|research|analysis|opinion|commentary|essay|posted|published|contributed) by:?)\s+(?:[\p{Lu}@]|(?i:our|staff|the|news)\b)` +
		`|^(?:\p{Lu}[\p{L}'’.-]+ \p{Lu}[\p{L}'’.-]+(?:,? and |, )){1,5}\p{Lu}[\p{L}'’.-]+ \p{Lu}[\p{L}'’.-]+$` +
		`|^\p{Lu}[\p{L}'’-]+ (?:\p{Lu}[\p{L}'’.-]+ ){1,3}(?:in|at|for) \p{Lu}\p{L}+(?: and .*)?$` +
		`|(?i)\b(?:correspondent|reporter|editor|columnist|contributor|staff writer|desk|newsroom)s?(?:,? [\p{L} ]{0,30})?$`)
	dateline     = regexp.MustCompile(`^[\p{L}\d ./,-]{0,50}(?:\([A-Z][\p{L} ]{1,20}\)\s?(?:[-–—]|--)?|\s(?:[-–—]|--)) |^\p{Lu}{3,}[\p{L} ,]{0,20}, \p{L}{3,9}\.? \d{1,2}\b`)
	bylinePrefix = regexp.MustCompile(`(?i)^by\s+`)
	authorName   = regexp.MustCompile(`\p{Lu}[\p{L}'’.-]+(?: \p{Lu}[\p{L}'’.-]+){1,3}`)
	honorific    = regexp.MustCompile(`^(?:Mr|Mrs|Ms|Dr|Prof|Professor|Sir|Gen|General)\.? `)
	biography    = regexp.MustCompile(`^(?:(?:Dr|Prof|Professor|Sir|Lt|Gen|Col)\.?\s)?\p{Lu}[\p{L}'’.-]+(?:\s(?:\p{Lu}[\p{L}'’.-]*|de|van|von|der|bin|al)){1,4},? ` +
		`(?:is|was|has been|serves as|works as|writes|teaches|covers|reports|joined|holds) (?:.{0,60}\b)?` +
		`(?i:reporter|editor|correspondent|fellow|professor|lecturer|author|writer|journalist|columnist|contributor|researcher|producer|scholar|novelist|broadcaster|bureau chief|(?:strategy|history|politics|relations|program|programme) at|politics for|for (?:the )?(?:associated press|ap))\b`)
	notice = regexp.MustCompile(`(?i)^\W{0,3}(?:this|the|a (?:shorter |longer )?version of this) (?:article|story|post|piece|interview|report|essay|op-ed|column|text|commentary|audio|content|transcript|live ?blog|page|video)(?: \w+)? ` +
		`(?:was|is|has been|has now|originally|first|may|appeared|appears|contains|reflects|represents|does not)\b.{0,40}\b(?:published|republished|updated|corrected|amended|translated|produced|created|generated|appeared|appears|closed|available|edited|reprinted|adapted|version|part of|opinions?|views)\b` +
		`|^\W{0,3}(?:correction|clarification|editor['’]?s['’]? note|update|source|text|photos?)\s?[:(]`)

	creditStart = regexp.MustCompile(`(?i)^\W{0,2}(?:(?:top |main |lead |file |stock |cover |header )?(?:photo|image|picture|photograph|illustration|graphic|video|screenshot|map|chart|credit|photo ?illustration)s?(?: (?:source|caption|credit|courtesy|by|via|shows|taken|from))?\s?(?:[:,/|©]|credit\b|by\b|source\b|caption\b|courtesy\b)` +
		`|file\s?(?:photo)?\s?[-–—:]|file photo\b|(?:view|open|enlarge) (?:this )?(?:image|photo|gallery)|\[?\d+ ?(?:of|/) ?\d+\]?\b|in this (?:.{0,30} )?(?:image|photo|photograph|handout|picture|screen ?grab|video|frame)\b|©|\(c\)\s|copyright\b)`)
	creditEnd = regexp.MustCompile(`(?i)(?:(?:photo|photograph|photographer|image|picture|credit|illustration|courtesy)s?\s?(?::|by\b|/|courtesy|credit|©)\s?[^.]{2,80}\.?\)?$` +
		`|[(\[©][^()\[\]]{0,80}\b` + agency + `(?:[/ ,]{1,3}[^()\[\]]{0,50})?[)\]]\.?$` +
		`|[/|]\s?` + agency + `(?:[-/ ][\p{L} ]{0,30})?\.?$` +
		`|^(?-i:(?:\p{Lu}[\p{L}.'’-]*[ /]+){0,4})` + agency + `(?: images)?(?:[/,] ?[\p{L} ]{2,25}){0,3}$` +
		`|\bvia (?:` + agency + `|\p{L}+\.com)[^.]{0,30}\.?\)?$` +
		`|\((?:AP Photo|image|photo|picture|credit|file|photograph)\b[^)]{0,80}\)$` +
		`|\bgetty images\)?$|©\s?[\p{L}\d .,/-]{2,60}$` +
		`|\((?:\p{Lu}[\p{L}'’.]+ ){1,3}(?:/|photos?|via)\s?.{0,40}\)$|\[(?:[^\]]{0,60}/[^\]]{0,40}|file)[:\]]|[."”] ?(?-i:\(\p{Lu}[^().]{1,60}\)$))`)

	// when is the day of a picture.
	when = regexp.MustCompile(`\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d{1,2}\b|\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|\b(?:19|20)\d\d\b`)
	// shows is the grammar of captions: the present tense of being in a picture, or who stands where in it.
	shows = regexp.MustCompile(`(?i)^(?:file|pictured)\b|(?:, |\()(?:(?:far |second )?(?:left|right)|cent(?:er|re)|back|foreground|pictured|seen here)\b|\bfile photo\b|\b(?:is|are) (?:seen|shown|pictured)\b` +
		`|^.{0,90}\b(?:stands?|speaks?|talks?|shakes?|attends?|arrives?|walks?|poses?|holds?|looks?|gestures?|meets?|listens?|delivers?|addresses|waves?|sits?|fires?|drives?|rides?|pass(?:es)?|carr(?:y|ies)|greets?|inspects?|takes? part|participates?|embraces?|salutes?|visits?|watch(?:es)?|march(?:es)?|patrols?|works?|gets? off|sails?|leaves?|enters?|joins?|discuss(?:es)?|reports?|reacts?|weighs? in|breaks? down|explains?)\b`)
)

const agency = `(?:getty(?: images)?|reuters|afp|epa(?:-efe)?|ap(?: photo)?|associated press|shutterstock(?:\.com)?|alamy(?: stock photo)?|zuma(?: press)?|anadolu(?: agency)?|bloomberg|sputnik|tass|ria novosti|xinhua|dpa|pa(?: (?:media|images|wire))?|istock|unsplash|wikimedia(?: commons)?|flickr|rex(?: features)?|nurphoto|sopa images|imago|ukrinform|kyodo|press association|wire|handout|pool|creative commons|public domain|file|social media|screenshot|supplied|u\.?s\.? (?:air force|army|navy|marine corps|department of (?:defense|state))(?: photo.*)?)`
