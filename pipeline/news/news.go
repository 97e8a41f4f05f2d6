// Package news holds the nouns of the pipeline: what an article, a paragraph, an actor, a mention and a stance are, and
// how each gets an id that stays the same from one night to the next. It knows nothing of files, models or tables and
// imports the standard library alone; every other package of the pipeline speaks to its neighbours in these types.
package news

import "time"

// Article is one news article as it was read, with everything around it already removed.
type Article struct {
	ID         string // as the crawler named it, or derived from the content (see ArticleID)
	URL        string
	Source     string // outlet or feed, such as "reuters.com"
	Title      string
	Byline     string
	Genre      string
	Language   string    // BCP 47, such as "en"
	Published  time.Time // UTC; zero where unknown
	Paragraphs []Paragraph

	DuplicateOf string // id of the first copy of the same text read in this run; empty for the first copy itself
	File        string // the input that it came from
	Offset      int64  // byte offset of its record in the decompressed input
}

// ParagraphKind says which part of an article a paragraph is.
type ParagraphKind string

// The kinds of paragraph that are kept. Everything else on a page is chrome and never becomes a Paragraph.
const (
	Headline ParagraphKind = "headline"
	Deck     ParagraphKind = "deck" // the standfirst
	Body     ParagraphKind = "body"
)

// Paragraph is the unit in which stances are judged.
type Paragraph struct {
	Index int // position among the kept paragraphs of the article, from 0
	Kind  ParagraphKind
	Text  string // valid UTF-8, NFC, one line, single spaces
}

// ActorKind says what sort of thing can hold a position.
type ActorKind string

// The kinds of actor.
const (
	State       ActorKind = "state"
	Person      ActorKind = "person"
	Institution ActorKind = "institution"
	Alliance    ActorKind = "alliance"
	Party       ActorKind = "party"
	Collective  ActorKind = "collective"
	Author      ActorKind = "author"
)

// ActorKinds lists every kind in the order in which documentation and reports name them.
var ActorKinds = []ActorKind{State, Person, Institution, Alliance, Party, Collective, Author}

// Actor is a state, body, party or person that can be for or against something.
type Actor struct {
	ID        string // kebab-case slug of the common English name, such as "emmanuel-macron"
	Name      string
	Kind      ActorKind
	Principal string // id of the actor spoken for; empty where there is none
}

// TheAuthor is the article's own voice. Every body paragraph has it; it is never mentioned, so it has no mentions.
var TheAuthor = Actor{ID: "author", Name: "the author", Kind: Author}

// How says by what kind of expression a mention names its actor.
type How string

// The ways of naming an actor.
const (
	ByName    How = "name"    // its common English name
	ByAlias   How = "alias"   // another name, a spelling, a surname, an adjective
	ByTitle   How = "title"   // an office: "the French president"
	ByMetonym How = "metonym" // a capital or seat: "the Kremlin"
	ByPronoun How = "pronoun" // a pronoun or a definite description
)

// Mention is one place in a paragraph that names an actor.
type Mention struct {
	Start, End int    // half open, in runes of Paragraph.Text
	Text       string // the runes between them
	How        How
}

// Subject is an actor together with its mentions in one paragraph: one row of the table to be.
type Subject struct {
	Actor    Actor
	Mentions []Mention // in order of Start, not overlapping; empty for the author
}

// Label is a position on the deployment.
type Label string

// The three labels. The codebook says what they mean.
const (
	Pro     Label = "pro"
	Anti    Label = "anti"
	Neutral Label = "neutral"
)

// Labels is the order of probabilities in Stance.P, in the table and in reports. A model may emit another order; its
// bundle says which.
var Labels = [3]Label{Pro, Anti, Neutral}

// Stance is the answer for one subject.
type Stance struct {
	Label     Label
	P         [3]float32 // calibrated, in the order of Labels, adding up to 1
	Margin    float32    // P of the label minus P of the next
	Abstained bool       // Margin is under the bundle's threshold: count this row as undecided
	Truncated bool       // the model did not see the whole paragraph
}
