package ingest

import (
	"strings"
	"unicode"
)

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

// functionWords are the words that sentences need and lists of links lack.
var functionWords = wordSet(`a about after all also an and any are as at be because been before being but by can could did do does for from had has
	have he her his how i if in into is it its just may more most much must no not now of on one only or other our out over said say says she should
	so some such than that the their them then there these they this those to too under until up very was we were what when where which while who will
	with without would you your`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// The wordings of furniture. Phrases are divided by ";"; "^" stands for the beginning of the text and "$" for its end, and
// "*" lets the last word go on.
var (
	adPhrases = phraseList(`
		^advertisement*; ^sponsored$; ^sponsored content$; ^ad$; ^ad feedback$; ^promoted$; ^paid post$; ^paid content$;
		^story continues*; ^article continues*; ^report this ad$; ^remove ads$; ^scroll to continue*; ^dont want to see this*;
		^after newsletter promotion$; ^end of list$; ^continues below*; ^article content$`)
	commentPhrases = phraseList(`
		^reply$; ^replies$; ^reply to*; ^report abuse$; ^report comment$; ^report this comment$; ^click to rate$;
		^view replies$; ^show replies$`)
	continuePhrases = phraseList(`
		^keep reading*; ^continue reading*; ^read full story$; ^read full article$; ^read the full*; ^see full story$;
		show less$; more comments$; more replies$`)
	morePhrases = phraseList(`
		^read more$; ^read more about*; ^see more$; ^show more$; ^show more stories$; ^view more$; ^load more$;
		^load more stories$; ^view all$; ^expand$; ^expand all$; ^see all$`)
	teaserPhrases = phraseList(`
		^related$; ^related stor*; ^related article*; ^related news$; ^related content$; ^related coverage$; ^related reading$;
		^related post*; ^related link*; ^related topics$; ^related video*; ^recommended$; ^recommended stories$;
		^recommended reading$; ^recommended for you$; ^recommended from*; ^recommended videos$; ^read also$; ^also read*;
		^see also*; ^read next*; ^read on*; ^read this next*; ^more on this story$; ^more on this topic$; ^more on the topic$;
		^more here$; ^dont miss*; ^must read*; ^further reading*; ^in case you missed it*; ^in pictures$; ^follow live*;
		^click here to*; ^click here for*; ^tap here to*; ^list 1 of*; ^list 2 of*; ^list 3 of*; ^list 4 of*; ^list of 2 items$;
		^list of 3 items$; ^list of 4 items$; ^share or comment on this article*`)
	endPhrases = phraseList(`
		^most read*; ^most viewed*; ^most popular*; ^most recent*; ^most commented*; ^most shared*; ^most watched*; ^more from*;
		^more in*; ^more stories*; ^more news*; ^more articles*; ^more top stories*; ^more like this*; ^more for you*;
		^more about*; ^latest$; ^latest news*; ^latest in*; ^latest from*; ^latest stories*; ^latest articles*;
		^latest headlines*; ^latest posts*; ^latest videos*; ^top stories*; ^top story$; ^top news*; ^top articles$;
		^top headlines$; ^top videos*; ^top video$; ^top reads*; ^other stories*; ^other articles*; ^recent posts*;
		^recent articles*; ^recent stories*; ^recent news*; ^trending*; ^similar articles*; ^similar stories*; ^featured*;
		^explore more*; ^our picks*; ^editors picks*; ^editors choice*; ^tags*; ^topics$; ^topics in this*; ^filed under*;
		^in this story$; ^in this article$; ^up next$; ^next up$; ^next article*; ^next story*; ^next post*; ^previous article*;
		^previous story*; ^previous post*; ^what to read next$; ^you might also*; ^you may also*; ^you might have*; ^comments$;
		^comments 1*; ^comments 2*; ^comments 3*; ^comments 4*; ^comments 5*; ^leave a comment*; ^leave a reply*;
		^post a comment*; ^add a comment*; ^write a comment*; ^join the conversation*; ^join the discussion*;
		^discussion about*; ^conversation$; ^about us$; ^about this author$; ^author$; ^authors$; ^contributor$; ^contributors$;
		^author bio$; ^from around the web$; ^from the web$; ^promoted links$; ^promoted stories$; ^sponsored links$;
		^sponsored stories$; ^sponsored by*; ^partner content$; ^news feed$; ^live feed$; ^our standards*; ^key people$;
		^footer*; ^site map$; ^site index$; ^site information*; ^company$; ^connect$; ^contact$; ^contact us$; ^quick links$;
		^source$; ^sources$; ^popular$; ^popular now$; ^popular stories*; ^popular articles*; ^popular posts*; ^suggested$;
		^suggested reading*; ^about the author*; ^about the writer*; ^about the contributor*; ^about the interviewee*;
		^filed in*; ^posted in*; ^follow us*; ^references$; ^footnotes$; ^notes$; ^stay informed*; ^stay connected*;
		^share this article*; ^share this story*; ^share this post*; ^share this page*; ^share on*; ^see more on*;
		^suggested topics*`)
	noticePhrases = phraseList(`
		^reporting by*; ^additional reporting*; ^writing by*; ^editing by*; ^copy edited*; ^printed from*; ^with reporting by*;
		^with reporting from*; ^with files from*; ^with additional reporting*; ^with input from*; ^with agencies$;
		^originally published*; ^first published*; ^republished*; ^article amended*; ^article updated*; appears in print;
		^views expressed*; ^the views expressed*; ^the views and opinions*; ^the opinions expressed*; ^opinions expressed*;
		views are his own; views are her own; views are their own; ^note from the author*; ^story saved$;
		^for more information*; ^our standards*`)
	appealPhrases = phraseList(`
		^sign up*; sign up here; sign up for our; sign up for the; sign up for emails; sign up to our; sign up to get;
		sign up now; sign up below; by signing up; for signing up; signing up for our; subscrib*; subscription*; newsletter*;
		your inbox; my inbox; your email; your account; your browser; your device; your donation*; your contribution*;
		your privacy; your preferences; your subscription; my bookmarks; my account; unsubscribe*; cookie*; privacy policy;
		privacy notice; terms of use; terms of service; terms conditions; all rights reserved; dear reader*; our readers;
		readers like you; reader supported; reader funded; tax deductible; tax exempt; please consider; please donate;
		please enable; please disable; please refresh; please enter; please log in; please sign; please try again; please click;
		please note that comments; feel free to share; ^become a member; become a member today; becoming a member of our;
		become a subscriber; become a patron; ^become a supporter; support our journalis*; support our work;
		support our newsroom; support our reporting; support our mission; support us; fund our journalism;
		support independent journalism; our journalism; independent journalism; quality journalism; join us; join our;
		join the conversation; join the discussion; join the debate; join the list; follow us; ^follow our; follow him on;
		follow her on; follow them on; click here; click the; click on; tap here; be published broadcast;
		may not be republished; may not be published; may not be reproduced; material may not be; ^log in; log in to;
		please log in; or log in; logged in; ^sign in; sign in to; or sign in; download our; download the app; news app;
		^get the latest; ^get our; ^get the best; ^get all the; straight to your; delivered to your; email us; email him;
		email her; contact us; contact the author; write to us; story tips; got a story; do you have a story; do you have a tip;
		do you have a question; do you have any; got a tip; whatsapp channel; telegram channel; push notifications;
		breaking news alerts; breaking news email*; ad block*; adblock*; javascript; recaptcha; preferred source; google news;
		thanks for reading; thank you for reading; thank you for registering; thanks for subscribing; thanks for signing;
		leave a comment; post a comment; post comments; view comments; view the comments; comments below have not;
		accepting comments on; community guidelines; community standards; not responsible for the content; external links;
		external sites; ai assistance; registered trademark; this website; our website; our site; you agree to;
		you can unsubscribe; you consent; premium content; already a subscriber; ^already a member; already subscribed;
		already registered; subscriber only; buy us a coffee; buy me a coffee; patreon; share this article; share your thoughts;
		share your views; we would like to hear; wed like to hear; love to hear from you; failed to load; has not loaded;
		try refreshing; to view this video; external content; copyright 20*; supports html5; we use some; audio is created;
		now listen to; listen to this article; share this story`)
	// legalPhrases are typical of appeals and terms, and common enough elsewhere: they count only beside another phrase.
	legalPhrases = phraseList(`
		third party; third parties; personal data; personal information; opt out; opt in; consent; browser; plugin; visitors;
		website; inbox; email; emails; adverts; advertising; promotions; special offers; readers; donat*; gift; nonprofit;
		nonpartisan; privacy; thank you; comments; app; facebook; instagram; whatsapp; tiktok; letters to the editor; weekly;
		daily; tell us; let us know; per month; without permission; without prior*; without written*; free trial;
		terms and conditions; there was an error; our team; our work; our staff; our writers; does not take; policy positions;
		independent`)
	speechPhrases = phraseList(`
		said; says; told; added; wrote; according`)
)

// phrase is a run of whole words.
type phrase struct {
	words      string // with a space at either end, unless a word may go on there
	start, end bool   // must stand at the start, at the end of the text
}

type phrases []phrase

func phraseList(list string) phrases {
	var out phrases
	for entry := range strings.SplitSeq(list, ";") {
		entry = strings.TrimSpace(entry)
		p := phrase{start: strings.HasPrefix(entry, "^"), end: strings.HasSuffix(entry, "$")}
		words, goesOn := strings.CutSuffix(strings.Trim(entry, "^$"), "*")
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

// wordsOf is a text as phrases are looked up in it: lower-case words with single spaces between and around them. The
// country is written "usa", lest "support US troops" speak of the site.
func wordsOf(text string) string {
	mixed := strings.ContainsFunc(text, unicode.IsLower)
	var b strings.Builder
	b.Grow(len(text) + 2)
	b.WriteByte(' ')
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !isWordRune(r) && r != '\'' && r != '’' }) {
		if w = strings.Map(lowerWordRune, w); w == "" {
			continue
		}
		b.WriteString(w)
		b.WriteByte(' ')
	}
	if mixed && strings.Contains(text, "US") {
		return strings.ReplaceAll(b.String(), " us ", " usa ")
	}
	return b.String()
}

func lowerWordRune(r rune) rune {
	if r == '\'' || r == '’' {
		return -1
	}
	return unicode.ToLower(r)
}
