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
// are; the others go through the same rules as the lines of a page, but make no second headline.
func cleanBlocks(blocks []block) []news.Paragraph {
	headed := slices.ContainsFunc(blocks, func(b block) bool { return b.kind == news.Headline })
	var out []news.Paragraph
	var unknown []line
	flush := func() {
		for _, p := range assemble(unknown, hints{}).paragraphs {
			if headed && p.Kind == news.Headline {
				p.Kind = news.Body
			}
			out = append(out, p)
		}
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
	markComments(lines)
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
// were chosen on half of the sites in two public sets of pages with their articles marked (scrapinghub's
// article-extraction-benchmark, the test pages of flairNLP's fundus); none of them is delicate.
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
