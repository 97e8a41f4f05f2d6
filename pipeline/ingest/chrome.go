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
	text, words := l.text, wordsOf(l.text)
	short := l.words <= shortLine
	label := short && !l.prose
	switch {
	case l.words == 0: // page numbers, separators, counters
		return actionCue
	case short && adPhrases.in(words):
		return adCue
	case label && (commentPhrases.in(words) || strings.HasSuffix(text, "says:")):
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
	case !l.prose && share(text, isActionWord) >= 0.5:
		return actionCue
	case label && !l.ended && separator.MatchString(text):
		return labelCue
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

	byline = regexp.MustCompile(`^(?i:by|author:|(?:written|story|text|words|interview|interview conducted|reporting|reported|edited|analysis|opinion|commentary|essay|posted|published|contributed) by)\s+(?:[\p{Lu}@]|(?i:our|staff|the|news)\b)` +
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
	creditEnd = regexp.MustCompile(`(?i)(?:(?:photo|photograph|photographer|image|picture|credit|illustration|source|courtesy)s?\s?(?::|by\b|/|courtesy|credit|©)\s?[^.]{2,80}\.?\)?$` +
		`|[(\[©][^()\[\]]{0,80}\b` + agency + `(?:[/ ,]{1,3}[^()\[\]]{0,50})?[)\]]\.?$` +
		`|[/|]\s?` + agency + `(?:[/ ][\p{L} ]{0,30})?\.?$` +
		`|^(?-i:(?:\p{Lu}[\p{L}.'’-]*[ /]+){0,4})` + agency + `(?: images)?(?:[/,] ?[\p{L} ]{2,25}){0,3}$` +
		`|\bvia (?:` + agency + `|\p{L}+\.com)[^.]{0,30}\.?\)?$` +
		`|\((?:AP Photo|image|photo|picture|credit|file|photograph)\b[^)]{0,80}\)$` +
		`|\bgetty images\)?$|©\s?[\p{L}\d .,/-]{2,60}$` +
		`|\((?:\p{Lu}[\p{L}'’.]+ ){1,3}(?:/|photos?|via)\s?.{0,40}\)$|\[(?:[^\]]{0,60}/[^\]]{0,40}|file)[:\]]|[."”] ?(?-i:\(\p{Lu}[^().]{1,60}\)$))`)

	// shows is the grammar of captions: the present tense of being in a picture, or who stands where in it.
	shows = regexp.MustCompile(`(?i)^(?:file|pictured)\b|(?:, |\()(?:(?:far |second )?(?:left|right)|cent(?:er|re)|back|foreground|pictured|seen here)\b|\bfile photo\b|\b(?:is|are) (?:seen|shown|pictured)\b` +
		`|^.{0,90}\b(?:stands?|speaks?|talks?|shakes?|attends?|arrives?|walks?|poses?|holds?|looks?|gestures?|meets?|listens?|delivers?|addresses|waves?|sits?|fires?|drives?|rides?|pass(?:es)?|carr(?:y|ies)|greets?|inspects?|takes? part|participates?|embraces?|salutes?|visits?|watch(?:es)?|march(?:es)?|patrols?|works?|gets? off|sails?|joins?|discuss(?:es)?|reports?|reacts?|weighs? in|breaks? down|explains?)\b`)
)

const agency = `(?:getty(?: images)?|reuters|afp|epa(?:-efe)?|ap(?: photo)?|associated press|shutterstock(?:\.com)?|alamy(?: stock photo)?|zuma(?: press)?|anadolu(?: agency)?|bloomberg|sputnik|tass|ria novosti|xinhua|dpa|pa(?: (?:media|images|wire))?|istock|unsplash|wikimedia(?: commons)?|flickr|rex(?: features)?|nurphoto|sopa images|imago|ukrinform|kyodo|press association|wire|handout|pool|creative commons|public domain|file|social media|screenshot|supplied|u\.?s\.? (?:air force|army|navy|marine corps|department of (?:defense|state))(?: photo.*)?)`

// The words of buttons, menus and networks, and those of dates.
var (
	actionWords = wordSet(`share save saved print email e-mail comments comment facebook twitter x whatsapp linkedin reddit telegram pinterest flipboard
		instagram youtube tiktok threads bluesky messenger viber copy copied link subscribe sign log login in up out register account menu navigation
		search skip content main close open listen play pause watch video audio mute download app pdf newsletter newsletters follow us bookmark
		gift article font size resize text toggle next previous prev back top home homepage reply like likes report reuse rss feedback help faq
		settings preferences cookies cookie privacy terms contact about accept reject decline agree yes ok loading live donate join
		shop store jobs careers advertise sitemap submit send go edition editions image images photo photos gallery tweet post view via edit story license republish permissions hide show enable click here message sms logo icon cta banner button placeholder thumbnail avatar
		restack restacks google apple spotify podcast podcasts embed transcript full screen fullscreen tap today's e-paper epaper paper weather games
		crossword crosswords puzzles horoscopes obituaries classifieds english item page someone location`)
	timeWords = wordSet(`january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
		monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun a.m p.m am pm est edt cst cdt mst mdt pst pdt
		cet cest bst eet msk ist z min mins minute minutes hour hours hrs hr day days week weeks yesterday today updated published posted modified last
		first on at read min-read date time created reading`)
)

// The wordings of furniture. In a list of phrases a line is one phrase; "^" stands for the beginning of the text and "$"
// for its end, and "*" lets a word go on.
var (
	adPhrases = phraseList(`
		^advertisement*
		^sponsored$
		^sponsored content$
		^ad$
		^ad feedback$
		^promoted$
		^paid post$
		^paid content$
		^story continues*
		^article continues*
		^report this ad$
		^remove ads$
		^scroll to continue*
		^dont want to see this*
		^after newsletter promotion$
		^end of list$
		^continues below*
		^article content$`)
	commentPhrases = phraseList(`
		^reply$
		^replies$
		^reply to*
		^report abuse$
		^report comment$
		^report this comment$
		^click to rate$
		^view replies$
		^show replies$`)
	continuePhrases = phraseList(`
		^keep reading*
		^continue reading*
		^read full story$
		^read full article$
		^read the full*
		^see full story$
		show less$
		more comments$
		more replies$`)
	morePhrases = phraseList(`
		^read more$
		^read more about*
		^see more$
		^show more$
		^show more stories$
		^view more$
		^load more$
		^load more stories$
		^view all$
		^see all$
		^expand*`)
	teaserPhrases = phraseList(`
		^related$
		^related stor*
		^related article*
		^related news$
		^related content$
		^related coverage$
		^related reading$
		^related post*
		^related link*
		^related topics$
		^related video*
		^recommended$
		^recommended stories$
		^recommended reading$
		^recommended for you$
		^recommended from*
		^recommended videos$
		^read also$
		^also read*
		^see also*
		^read next*
		^read on*
		^read this next*
		^more on this story$
		^more on this topic$
		^more on the topic$
		^more here$
		^dont miss*
		^must read*
		^further reading*
		^in case you missed it*
		^in pictures$
		^follow live*
		^click here to*
		^click here for*
		^tap here to*
		^list 1 of*
		^list 2 of*
		^list 3 of*
		^list 4 of*
		^list of 2 items$
		^list of 3 items$
		^list of 4 items$
		^share or comment on this article*`)
	endPhrases = phraseList(`
		^most read*
		^most viewed*
		^most popular*
		^most recent*
		^most commented*
		^most shared*
		^most watched*
		^more from*
		^more in*
		^more stories*
		^more news*
		^more articles*
		^more top stories*
		^more like this*
		^more for you*
		^more about*
		^latest$
		^latest news*
		^latest in*
		^latest from*
		^latest stories*
		^latest articles*
		^latest headlines*
		^latest posts*
		^latest videos*
		^top stories*
		^top story$
		^top news*
		^top articles$
		^top headlines$
		^top videos*
		^top video$
		^top reads*
		^other stories*
		^other news*
		^other articles*
		^recent posts*
		^recent articles*
		^recent stories*
		^recent news*
		^popular*
		^trending*
		^suggested*
		^similar articles*
		^similar stories*
		^featured*
		^explore more*
		^our picks*
		^editors picks*
		^editors choice*
		^tags*
		^topics$
		^topics in this*
		^filed under*
		^in this story$
		^in this article$
		^up next$
		^next up$
		^next article*
		^next story*
		^next post*
		^previous article*
		^previous story*
		^previous post*
		^what to read next$
		^you might also*
		^you may also*
		^you might have*
		^comments$
		^comments 1*
		^comments 2*
		^comments 3*
		^comments 4*
		^comments 5*
		^leave a comment*
		^leave a reply*
		^post a comment*
		^add a comment*
		^write a comment*
		^join the conversation*
		^join the discussion*
		^discussion about*
		^conversation$
		^about us$
		^about the*
		^about this author$
		^author$
		^authors$
		^contributor$
		^contributors$
		^author bio$
		^from around the web$
		^from the web$
		^promoted links$
		^promoted stories$
		^sponsored links$
		^sponsored stories$
		^sponsored by*
		^partner content$
		^news feed$
		^live feed$
		^our standards*
		^key people$
		^footer*
		^site map$
		^site index$
		^site information*
		^company$
		^connect$
		^contact$
		^contact us$
		^quick links$
		^follow us*
		^source*
		^references$
		^footnotes$
		^notes$
		^stay informed*
		^stay connected*
		^share this article*
		^share this story*
		^share this post*
		^share this page*
		^share on*
		^see more on*
		^suggested topics*`)
	noticePhrases = phraseList(`
		^reporting by*
		^additional reporting*
		^writing by*
		^editing by*
		^written by*
		^edited by*
		^compiled by*
		^translated by*
		^produced by*
		^graphics by*
		^research by*
		^copy edited*
		^printed from*
		^with reporting by*
		^with reporting from*
		^with files from*
		^with additional reporting*
		^with input from*
		^with agencies$
		^originally published*
		^first published*
		^republished*
		^article amended*
		^article updated*
		appears in print
		^views expressed*
		^the views expressed*
		^the views and opinions*
		^the opinions expressed*
		^opinions expressed*
		views are his own
		views are her own
		views are their own
		^note from the author*
		^story saved$
		^for more information*
		^our standards*`)
	appealPhrases = phraseList(`
		sign up*
		signing up*
		subscrib*
		subscription*
		newsletter*
		your inbox
		my inbox
		your email
		your account
		your browser
		your device
		your donation*
		your contribution*
		your privacy
		your preferences
		your subscription
		my bookmarks
		my account
		unsubscribe*
		cookie*
		privacy policy
		privacy notice
		terms of use
		terms of service
		terms and conditions
		terms conditions
		all rights reserved
		dear reader*
		our readers
		readers like you
		reader supported
		reader funded
		tax deductible
		tax exempt
		please consider
		please donate
		please enable
		please disable
		please refresh
		please enter
		please log in
		please sign
		please try again
		please click
		please note that comments
		feel free to share
		become a member
		become a subscriber
		become a patron
		become a supporter
		support our
		support us
		fund our journalism
		support independent journalism
		our journalism
		independent journalism
		quality journalism
		join us
		join our
		join the conversation
		join the discussion
		join the debate
		join the list
		follow us
		follow our
		follow him on
		follow her on
		follow them on
		click here
		click the
		click on
		tap here
		tap the
		be published broadcast
		not be reproduced
		not be published
		may not be republished
		without permission
		without prior*
		without express*
		without written*
		log in
		logged in
		sign in
		download our
		download the app
		news app
		get the latest
		get our
		get the best
		straight to your
		delivered to your
		free trial
		per month
		email us
		email him
		email her
		contact us
		contact the author
		story tips
		got a story
		have a story
		got a tip
		whatsapp channel
		telegram channel
		push notifications
		breaking news alerts
		breaking news email*
		ad block*
		adblock*
		javascript
		recaptcha
		preferred source
		google news
		thanks for reading
		thank you for reading
		thank you for registering
		thanks for subscribing
		thanks for signing
		leave a comment
		post a comment
		post comments
		view comments
		view the comments
		comments below have not
		accepting comments on
		community guidelines
		community standards
		house rules
		not responsible for the content
		external links
		external sites
		ai assistance
		registered trademark
		this website
		our website
		our site
		you agree to
		you can unsubscribe
		you consent
		premium content
		already a subscriber
		already a member
		already subscribed
		already registered
		subscriber only
		buy us a coffee
		buy me a coffee
		patreon
		share this article
		share your thoughts
		share your views
		we would like to hear
		wed like to hear
		love to hear from you
		there was an error
		failed to load
		has not loaded
		try refreshing
		to view this video
		external content
		copyright 20*
		supports html5
		we use some
		audio is created
		now listen to
		listen to this article
		share this story`)
	// legalPhrases are typical of appeals and terms, and common enough elsewhere: they count only beside another phrase.
	legalPhrases = phraseList(`
		third party
		third parties
		personal data
		personal information
		opt out
		opt in
		consent
		browser
		plugin
		visitors
		website
		inbox
		email
		emails
		adverts
		advertising
		promotions
		special offers
		readers
		donat*
		gift
		nonprofit
		nonpartisan
		privacy
		thank you
		comments
		app
		facebook
		instagram
		whatsapp
		tiktok
		letters to the editor
		weekly
		daily
		tell us
		let us know
		our team
		our work
		our staff
		our writers
		does not take
		policy positions
		independent`)
	speechPhrases = phraseList(`
		said
		says
		told
		added
		wrote
		according`)
)

// phrase is a run of whole words.
type phrase struct {
	words      string // with a space at either end, unless a word may go on there
	start, end bool   // must stand at the start, at the end of the text
}

type phrases []phrase

func phraseList(list string) phrases {
	var out phrases
	for l := range strings.Lines(list) {
		l = strings.TrimSpace(l)
		if l == "" {
			continue
		}
		p := phrase{start: strings.HasPrefix(l, "^"), end: strings.HasSuffix(l, "$")}
		words, goesOn := strings.CutSuffix(strings.Trim(l, "^$"), "*")
		if p.words = " " + words; !goesOn {
			p.words += " "
		}
		out = append(out, p)
	}
	return out
}

// in reports whether one of the phrases stands in a text (as wordsOf gives it).
func (ps phrases) in(words string) bool {
	for _, p := range ps {
		if p.in(words) {
			return true
		}
	}
	return false
}

// count is the number of phrases that stand in a text (as wordsOf gives it).
func (ps phrases) count(words string) (n int) {
	for _, p := range ps {
		if p.in(words) {
			n++
		}
	}
	return n
}

func (p phrase) in(words string) bool {
	switch {
	case p.start && p.end:
		return words == p.words
	case p.start:
		return strings.HasPrefix(words, p.words)
	case p.end:
		return strings.HasSuffix(words, p.words)
	}
	return strings.Contains(words, p.words)
}

// wordsOf is a text as phrases are looked up in it: lower-case words with single spaces between and around them.
func wordsOf(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 2)
	b.WriteByte(' ')
	gap := true
	for _, r := range text {
		switch {
		case isWordRune(r):
			b.WriteRune(unicode.ToLower(r))
			gap = false
		case r == '\'' || r == '’':
		case !gap:
			b.WriteByte(' ')
			gap = true
		}
	}
	if !gap {
		b.WriteByte(' ')
	}
	return b.String()
}
