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
	teaserCue       // points to another article: "Read more: …"
	continueCue     // closes another article's teaser: "Keep reading"
	commentCue      // belongs to a reader's comment: "Ann says:", "Reply"
	endCue          // opens what sites put after an article: most read, comments, tags, related
)

// readCue finds the cue in a line's wording. The order is that of certainty.
func readCue(l line) cue {
	t := l.text
	short := l.words <= shortLineWords
	quoted := strings.ContainsAny(t[:min(len(t), 3)], `"“`) && strings.ContainsAny(t[min(len(t), 3):], `"”`)
	switch {
	case l.words == 0:
		return actionCue // page numbers, separators, counters
	case short && adLine.MatchString(t):
		return adCue
	case short && commentLine.MatchString(t):
		return commentCue
	case l.words <= 3 && addressLine.MatchString(t):
		return actionCue
	case short && continueLine.MatchString(t):
		return continueCue
	case short && !l.prose && endLine.MatchString(t):
		return endCue
	case short && moreLine.MatchString(t):
		return teaserCue
	case teaserLine.MatchString(t) && (!l.prose || l.words <= 30):
		return teaserCue
	case short && !l.prose && timeShare(t) >= 0.5:
		return timeCue
	case l.words <= 30 && !l.prose && bylineLine.MatchString(t):
		return bylineCue
	case l.words <= captionWords && isCredit(l):
		return creditCue
	case !quoted && isAppeal(l):
		return appealCue
	case l.words <= captionWords && noticeLine.MatchString(t):
		return noticeCue
	case l.words <= 100 && !quoted && bioLine.MatchString(t):
		return bioCue
	case !l.prose && actionShare(t) >= 0.5:
		return actionCue
	case short && !l.ended && labelLine.MatchString(t):
		return labelCue
	}
	return noCue
}

var (
	adLine = regexp.MustCompile(`(?i)^(?:-+\s*)?(?:advertisements?|sponsored(?: content)?|ad|promoted|paid (?:post|content)|story continues(?: below.*)?|article continues.*|(?:report|remove) (?:this )?ads?|advertisement\b.{0,40}|don['’]t want to see this\b.*|scroll (?:down )?to continue.*|after newsletter promotion|continue(?:s)? (?:reading )?(?:below|after).*)[.:]?(?:\s*-+)?$`)

	commentLine = regexp.MustCompile(`(?i)^(?:.{2,40}\bsays:|repl(?:y|ies)(?: to .{2,40})?|\d+ (?:likes?|upvotes?|replies|votes)|report (?:comment|abuse|this comment)|(?:view|show|hide) (?:\d+ )?repl(?:y|ies))$`)

	addressLine = regexp.MustCompile(`^(?:\S+@\S+\.\S+|(?:https?://|www\.)\S+|[\w.-]+\.[a-z]{2,4}/\S*|@\w+)$`)

	continueLine = regexp.MustCompile(`(?i)^(?:keep|continue) reading|^(?:read|see) (?:the )?full (?:story|article|report)|^\d+ more (?:comments|replies)|show less$`)

	moreLine = regexp.MustCompile(`(?i)^(?:show|see|view|load|read) (?:more|less|all)(?: ?\W*|\s*(?:stories|articles|posts))$|^expand\b`)

	endLine = regexp.MustCompile(`(?i)^(?:#+\s*)?(?:most (?:read|viewed|popular|recent|commented|shared|watched)\b.*|(?:more|latest|top|other|recent|popular|trending|suggested|similar|featured|also|editor['’]?s['’]?|our)\s(?:on this (?:story|topic|subject)|from\b.*|in\b.*|like this|stories|news|articles?|posts?|topics?|content|videos?|coverage|reads?|reading|picks?|links?|headlines|items|now\b.*|analysis|research|publications|commentary|on these topics|in this section|choice|experts?|tags|about\b.*)(?: (?:for you|in|on|from|about)\b.*)?|explore more\b.*|latest|trending|tags?:?|topics?:?|filed under\b.*|in this (?:story|article):?|read next|up next|next (?:article|story|post|up)|previous (?:article|story|post)|what to read next|you (?:may|might) (?:also|have)\b.*|more for you|(?:\d+ )?comments?(?: ?\(?\d+\)?)?|(?:leave|post|add|write) (?:a|your) (?:comment|reply)|join the (?:conversation|discussion)|discussion about this\b.*|conversation|about (?:us|the \w+|this author)|authors?|contributors?|(?:the )?author['’]s? bio|from (?:around )?the web|promoted (?:links|stories)|sponsored (?:links|stories|by\b.*)|partner content|news ?feed|live feed|our standards\b.*|key (?:people|organi[sz]ations)|footer\b.*|site (?:map|index|information)|company|connect|contact(?: us)?|quick links|follow us\b.*|source:\s.*|sources?|references|footnotes|notes|start your\b.*|end of list|more:?|list of \d+ items|stay (?:informed|connected|up to date)\b.*|share this (?:article|story|post)\b.*|share on\b.*)$`)

	teaserLine = regexp.MustCompile(`(?i)^(?:\W{0,3})(?:(?:read|see|watch|listen|look)(?: (?:more|also|now|next|here|on|the full story|this|too))?\s?[:|–—>»]|(?:also )?read(?: (?:more|also|next|on)):?\s|read more\b|more(?: here| on this)?\s?:\s|(?:related|recommended)(?: (?:stories|story|articles?|news|content|reading|videos?|posts?|coverage|links?|topics?))?(?:\s?[:|].*)?$|read more$|read also$|see also$|more on this (?:story|topic)$|don['’]t miss\b|see (?:also|more)\b|also (?:see|read)\b|(?:click|tap) here (?:to|for)\b|must[- ]read\b|further reading\b|recommended\s?:|in pictures\b|in case you missed it|watch(?: (?:now|live|this|the (?:moment|video)))?\s?[:|]|live updates?\s?:|analysis\s?\|\s|follow live\b|explained\s?[:|]|here['’]s (?:everything|what) you (?:need|missed)\b|list \d+ of \d+)`)

	bylineLine = regexp.MustCompile(`^(?i:by|written by|story by|text by|words by|interview by|interview conducted by|author:|reporting by|reported by|edited by|analysis by|opinion by|commentary by|essay by|posted by|published by|contributed by)\s+(?:[\p{Lu}@]|(?i:our|staff|the|news)\b)|^[\p{Lu}][\p{L}'’-]+ (?:[\p{Lu}][\p{L}'’.-]+ ){1,3}(?:in|at|for) [\p{Lu}][\p{L}]+(?: and .*)?$|(?i)\b(?:correspondent|reporter|editor|columnist|contributor|staff writer|desk|newsroom)s?(?:,? [\p{L} ]{0,30})?$`)

	dayIn = regexp.MustCompile(`(?i)\b\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,? (?:19|20)\d\d\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2},? (?:19|20)\d\d\b|\b(?:19|20)\d\d[-/]\d\d[-/]\d\d\b`)

	authorName = regexp.MustCompile(`\p{Lu}[\p{L}'’.-]+(?: \p{Lu}[\p{L}'’.-]+){1,3}`)
	honorific  = regexp.MustCompile(`^(?:Mr|Mrs|Ms|Dr|Prof|Professor|Sir|Gen|General)\.? `)

	bylinePrefix = regexp.MustCompile(`(?i)^by\s+`)

	// shows is the grammar of captions: the present tense of being in a picture, or who stands where.
	shows = regexp.MustCompile(`(?i)^(?:file\b|pictured\b)|\b(?:left|right|cent(?:er|re)|pictured|seen here|file photo)\b|\b(?:is|are) (?:seen|shown|pictured)\b|^[^.]{0,90}\b(?:stands?|speaks?|talks?|shakes?|attends?|arrives?|walks?|poses?|holds?|looks?|gestures?|meets?|listens?|delivers?|addresses|waves?|sits?|fires?|drives?|rides?|pass(?:es)?|carr(?:y|ies)|greets?|inspects?|takes? part|participates?|embraces?|salutes?|visits?|watch(?:es)?|march(?:es)?|patrols?|works?|gets? off|sails?)\b`)

	noticeLine = regexp.MustCompile(`(?i)^\W{0,3}(?:(?:additional )?(?:reporting|writing|editing|graphics?|research|production) (?:by|for|from)\b|(?:reporting|writing|edited|compiled|translated|produced|written) by\b|(?:this|the|a (?:shorter |longer )?version of this) (?:article|story|post|piece|interview|report|essay|op-ed|column|text|commentary|audio|content|transcript|live ?blog|page|video)(?: \w+)? (?:was|is|has been|has now|originally|first|may|appeared|appears|contains|reflects|represents|does not)\b.{0,40}\b(?:published|republished|updated|corrected|amended|translated|produced|created|generated|appeared|appears|closed|available|edited|reprinted|adapted|version|part of|opinions?|views)\b|(?:correction|clarification|editor['’]?s['’]? note|update)\s?[:(,(]|(?:the )?views? (?:and opinions )?expressed\b|the opinions expressed\b|views are (?:his|her|their) own|appears in print\b|(?:originally|first) published\b|republished\b|article (?:amended|updated)|source:\s|with (?:files|reporting|additional reporting|agencies|input) (?:from|by)\b|text:\s|photos?:\s|copy edited\b|printed from\b|for more information\b|story (?:saved|tips)\b|our standards:|note from the author|\*\s?this\b)`)

	bioLine = regexp.MustCompile(`^(?:(?:Dr|Prof|Professor|Sir|Lt|Gen|Col)\.?\s)?\p{Lu}[\p{L}'’.-]+(?:\s(?:\p{Lu}[\p{L}'’.-]*|de|van|von|der|bin|al)){1,4},? (?:(?:is|was|has been|serves as|works as|writes|teaches|covers|reports|joined|holds) (?:.{0,60}\b)?(?i:reporter|editor|correspondent|fellow|professor|lecturer|author|writer|journalist|columnist|contributor|researcher|producer|scholar|novelist|broadcaster|bureau chief|strategy at|history at|politics at|(?:international )?relations at|program(?:me)? at|politics for|for (?:the )?(?:associated press|ap))\b)`)

	labelLine = regexp.MustCompile(`\S\s?[|>»›•∙]\s?\S|^[•∙|]\s`)
)

// creditWords stand in captions and credits; a credit is one of them with its colon, dash, bracket or slash.
var (
	creditLine = regexp.MustCompile(`(?i)^\W{0,2}(?:(?:top |main |lead |file |stock |cover |header )?(?:photo|image|picture|photograph|illustration|graphic|video|screenshot|map|chart|credit|photo ?illustration)s?(?: (?:source|caption|credit|courtesy|by|via|shows|taken|from))?\s?(?:[:,/|©]|credit\b|by\b|source\b|caption\b|courtesy\b)|file\s?(?:photo)?\s?[-–—:]|file photo\b|(?:view|open) (?:image|photo|gallery)|\[?\d+ ?(?:of|/) ?\d+\]?\b|in this (?:(?:image|photo|handout|picture|file photo|screen ?grab|pool|undated|video|frame)\b)|©|\(c\)\s|copyright\b)`)

	agency    = `(?:getty(?: images)?|reuters|afp|epa(?:-efe)?|ap(?: photo)?|associated press|shutterstock(?:\.com)?|alamy(?: stock photo)?|zuma(?: press)?|anadolu(?: agency)?|bloomberg|sputnik|tass|ria novosti|xinhua|dpa|pa(?: (?:media|images|wire))?|istock|unsplash|wikimedia(?: commons)?|flickr|rex(?: features)?|nurphoto|sopa images|imago|ukrinform|kyodo|press association|wire|handout|pool|creative commons|cc by[-\w. ]*|public domain|file|social media|screenshot|telegram|x|twitter|instagram|supplied|(?:us |u\.s\. )?(?:air force|army|navy|marine corps|department of (?:defense|state)|dod)(?: photo.*)?)`
	creditEnd = regexp.MustCompile(`(?i)(?:(?:photo|photograph|photographer|image|picture|credit|illustration|source|courtesy)s?\s?(?::|by\b|/|courtesy|credit|©)\s?[^.]{2,80}\.?\)?$|[(\[©][^()\[\]]{0,80}\b` + agency + `(?:[/ ,]{1,3}[^()\[\]]{0,50})?[)\]]\.?$|[/|]\s?` + agency + `(?:[/ ][\p{L} ]{0,30})?\.?$|^[\p{L}.' -]{0,40}\b(?:getty images|afp|epa|ap photo|reuters|shutterstock|alamy|pa media|anadolu)(?:[/ ,]+[\p{L} ]{2,30}){0,3}$|\bvia (?:getty(?: images)?|reuters|ap|afp|shutterstock|x|telegram|ap photo|[\p{L}]+\.com)\b[^.]{0,30}\.?\)?$|\(AP Photo\b[^)]*\)?$|\bgetty images\)?$|©\s?[\p{L}\d .,/-]{2,60}$|\((?:image|photo|picture|credit|file|photograph)\b[^)]{0,80}\)$|\((?:[\p{Lu}][\p{L}'’.]+ ){1,3}(?:/|photos?|via)\s?.{0,40}\)$|\[(?:[^\]]{0,60}/[^\]]{0,40}|file)[:\]])`)
)

// isCredit tells photo credits, and captions that carry one, from sentences that only speak of agencies: a credit ends
// the line or opens it.
func isCredit(l line) bool {
	if creditLine.MatchString(l.text) && (!l.prose || l.words <= 45) {
		return true
	}
	return creditEnd.MatchString(l.text)
}

// Wording that speaks to the reader of the site rather than of the news. One such phrase makes a short line an appeal,
// two a longer one.
var appeals = regexp.MustCompile(`(?i)\b(?:sign(?:ing)?[- ]?up\b|subscri(?:be|ber|bers|ption|ptions|bing)\b|newsletters?|(?:your|my) (?:inbox|email(?: address)?|privacy|consent|subscription|donation|contribution|browser|account|device|preferences|bookmarks|data|feed|comment|story)|unsubscribe|cookies|privacy (?:policy|notice)|terms (?:of (?:use|service)|and conditions|& conditions)|all rights reserved|(?:dear|our|fellow|loyal) (?:\w+ )?readers?|readers? like you|reader[- ](?:supported|funded)|tax[- ]deductible|please (?:consider|support|donate|enable|disable|refresh|note that comments|enter|check|sign|log|click|share|feel free)|become a (?:\w+ )?(?:member|subscriber|patron|supporter)|(?:support|fund|back|sustain) (?:our|independent|quality|us\b|(?:the )?\w+ journalism|\w+'s work|this work|my work)|(?:our|independent|quality|fearless) (?:journalism|newsroom|reporting team)|join (?:our|us (?:on|in|today|for)|the (?:conversation|discussion|debate)|the \w+ community)|follow (?:us|me|our|him on|her on|the \w+ on|@)|(?:click|tap) (?:here|the|on|below)|(?:may|must) not be (?:published|reproduced|redistributed|copied|broadcast)|without (?:prior|express|written) (?:written )?permission|(?:log|sign)(?:ged)?[- ](?:in|out|into)\b|download (?:the|our) (?:\w+ )?app|(?:our|free|mobile|news) app\b|get (?:the|our) (?:latest|best|top|app|newsletter|daily|free)|delivered (?:\w+ )?(?:to|straight)|straight to your|free trial|(?:first|per) month|e-?mail (?:us|him|her|the author)|contact (?:us|the (?:author|reporter|newsroom))|(?:got|have|do you have) (?:a |any )?(?:story|news|tip|tips|question|questions|feedback)\b|story tips|let us know|tell us\b|whatsapp (?:channel|group)|telegram channel|push notifications|breaking news (?:alerts?|emails?)|ad[- ]?block|javascript|recaptcha|affiliate|copyright (?:©|\(c\)|\d{4})|(?:listen|subscribe|available) (?:to|on) (?:our|apple|spotify|the) (?:podcast|podcasts)|preferred source|google news|google preferred|thanks? (?:you )?for (?:reading|registering|subscribing|signing)|feel free to share|leave a comment|(?:post|moderate|view) (?:a )?comments|community (?:guidelines|standards|rules)|house rules|click-through|nonpartisan|nonprofit|501\(c\)|not responsible for the content|external (?:links|sites)|(?:special )?offers?,? (?:and )?(?:promotions|adverts|updates)|ai assistance|registered (?:trademark|charity|in england)|(?:use of|using) (?:this|our) (?:site|website)|we use\b|you (?:agree|can unsubscribe|consent|have been)|paywall|(?:there was|we encountered) an? (?:error|issue)|(?:has )?(?:failed|unable) to (?:load|play)|has not loaded|(?:please )?try (?:again|refreshing)|premium (?:content|subscription|access)|already (?:a )?(?:subscriber|member|subscribed|registered)|subscriber[- ]only|buy (?:me|us) a coffee|patreon|paypal|share (?:this|your) (?:article|story|post|thoughts|views)|newsroom@|editor@|©)`)

func isAppeal(l line) bool {
	if l.words > 160 {
		return false
	}
	distinct := map[string]bool{}
	for _, m := range appeals.FindAllString(l.text, -1) {
		distinct[strings.ToLower(m)] = true
	}
	switch n := len(distinct); {
	case n == 0:
		return false
	case n >= 3 || n == 2 && (l.words <= 40 || !speech.MatchString(l.text)):
		return true
	default:
		return l.words <= 25 && !speech.MatchString(l.text)
	}
}

var speech = regexp.MustCompile(`(?i)["“”]|\b(?:said|says|told|added|wrote|according)\b`)

// timeShare is the share of a line's words that speak of dates, times and reading times.
func timeShare(t string) float64 { return share(t, timeWord) }

// actionShare is the share of a line's words that name buttons, networks and menus.
func actionShare(t string) float64 { return share(t, actionWord) }

func share(t string, word *regexp.Regexp) float64 {
	n, hits := 0, 0
	for _, f := range strings.FieldsFunc(t, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("|•·,()–—…!", r) }) {
		n++
		if word.MatchString(f) {
			hits++
		}
	}
	return float64(hits) / float64(max(n, 1))
}

var (
	timeWord = regexp.MustCompile(`(?i)^(?:\d{1,2}(?:st|nd|rd|th)?|(?:19|20)\d\d|\d{1,4}[-./:]\d{1,2}(?:[-./:]\d{1,4})?\S*|\d{1,2}h\d\d|\d+[hmd]|\d{1,2}(?::\d\d)?(?:am|pm)\S*|jan(?:uary)?\.?|feb(?:ruary)?\.?|mar(?:ch)?\.?|apr(?:il)?\.?|may|june?\.?|july?\.?|aug(?:ust)?\.?|sept?(?:ember)?\.?|oct(?:ober)?\.?|nov(?:ember)?\.?|dec(?:ember)?\.?|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?|a\.?m\.?|p\.?m\.?|gmt\S*|utc\S*|[ecmp][sde]?t|cet|cest|bst|eet|msk|z|ago|mins?|minutes?|hours?|hrs?|days?|weeks?|yesterday|today|updated:?|published:?|posted:?|modified:?|last|first|on:?|at|read|min-read|date:?|time|created:?|reading)$`)

	actionWord = regexp.MustCompile(`(?i)^(?:share\d*|save|saved|print|e-?mail|comments?|facebook|twitter|x|whatsapp|linkedin|reddit|telegram|pinterest|flipboard|instagram|youtube|tiktok|threads|bluesky|messenger|viber|copy|copied|link|subscribe|sign|log|login|in|up|out|register|account|menu|navigation|search|skip|to|content|main|close|open|listen|play|pause|watch|video|audio|mute|download|app|pdf|newsletters?|follow|us|bookmark|gift|article|this|font|size|resize|text|toggle|next|previous|prev|back|top|home|homepage|reply|like|likes|report|reuse|rss|feedback|help|faq|settings|preferences|cookies?|privacy|terms|contact|about|accept|reject|decline|agree|all|more|yes|no|ok|not|now|loading|live|donate|join|shop|store|jobs|careers|advertise|sitemap|submit|send|go|edition|editions|image|images|photo|photos|gallery|share:|tweet|post|view|and|on|via|edit|a|the|story|license|republish|permissions|hide|show|enable|click|here|message|sms|logo|icon|cta|banner|button|placeholder|thumbnail|avatar|restacks?|google|apple|spotify|podcasts?|embed|transcript|full|screen|fullscreen|tap|today's|e-paper|epaper|paper|weather|games|crosswords?|puzzles|horoscopes?|obituaries|classifieds|english|français|deutsch|русский|українська|español|skipto|item|page|someone|send|location|&|›|»|\W+)$`)
)
