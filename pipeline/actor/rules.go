package actor

import "strings"

// class is a set of things known of an English word by itself. The finder has no grammar of English: it decides from the
// classes of the few words around a name, and the tables of this file are all that it knows.
type class uint64

const (
	function    class = 1 << iota // ends a noun phrase: conjunctions, auxiliaries, pronouns, prepositions
	article                       // may stand between a preposition and a name
	preposition                   // any
	placing                       // a preposition that makes a country or town a place: "in Paris"
	saying                        // a verb of speech or thought
	arguing                       // a verb that makes a stranger an actor, since he argues: "argued George Beebe"
	visiting                      // a verb whose object is a place: "visited Kyiv"
	storming                      // the same for towns alone: "shelled Kyiv"
	moving                        // before "to", makes a country a place: "deploy to Ukraine", "troops to Ukraine"
	giving                        // before "to", makes a country a recipient: "guarantees to Ukraine"
	leaving                       // before "from", makes a country a place: "withdraw from Ukraine"
	strikes                       // before "on", makes a town a place: "strikes on Kyiv"
	compass                       // makes a country a place: "western Ukraine"
	part                          // before "of", makes a country a place: "parts of Ukraine"
	side                          // a noun that stands for the state's side: "Russian officials"
	soldiers                      // a noun that does not: soldiers and weapons
	soil                          // territory and places
	belongings                    // newspapers, economy, war, people and what they own
	topic                         // after a bare country's name, makes it a subject of talk: "the Ukraine war"
	event                         // after a town's name, makes it a place: "the Paris summit"
	one                           // a single member of a group, which is not the group: "a Western country"
	doing                         // after a hyphen, makes the name one who acts: "French-led"
	against                       // before a hyphen, makes the name no actor: "anti-Russian"
	house                         // a word of names of media, firms, schools and think tanks
	past                          // before a title: no longer in office
	quality                       // before a title: part of the office, or says nothing of its holder
	official                      // plural holders of office: "officials in Moscow", "leaders of Ukraine and Russia"
	generic                       // a title that many hold: does not tell its holder without his country
	weak                          // a title that makes a stranger an actor only with the state or body whose it is
	calendar                      // months and days
	honorific                     // Mr, Dame, Sir: before a surname
	particle                      // of surnames: von, van der, al
	male                          // a pronoun for men
	female                        // a pronoun for women
	woman                         // a given name of women, or a title of theirs
	common                        // a surname that too many have to be known by it alone
	suffix                        // after a name: Jr, II
	government                    // after a leader's name: "the Trump administration"
	aegis                         // what alliances of states lend to others' soldiers: "a UN mission", "the NATO flag"
	stately                       // after "the" or "our", means the state of which the article speaks
	realm                         // after "his" or "her", means the state for which he speaks
	faction                       // after "his" or "her", means the party for which he speaks
	resort                        // what a ministry is for
	governs                       // near "coalition", makes it one of parties
	voice                         // before or after "in Paris": somebody who speaks there for the state
	calling                       // before a name: a rank, an office or a trade that tells nothing of states
	expert                        // near a name: reports and has no say himself
	kin                           // a relation or a role that no table has: describes the person named beside it
	harm                          // near a name: what befell a victim, who has no say either
	count                         // a number in words, or an indefinite one: before "Danes", makes them people of the country
	handling                      // a verb with the same effect: "to train Ukrainians"
	union                         // a politician of one of the United States, whose name may be a country's: "Georgia Gov. Kemp"
	deed                          // a verb that is no saying: after "the French", makes them a people who act
)

// bodyNouns are nouns with which an article goes on to speak of a body that it has named, and the body.
func bodyNouns() map[string]string {
	return map[string]string{
		"alliance":       "nato",
		"bloc":           "european-union",
		"coalition":      "coalition-of-the-willing",
		"commission":     "european-commission",
		"council":        "un-security-council",
		"union":          "european-union",
		"administration": "united-states",
	}
}

// host is the state to which the force would go.
const host = "ukraine"

// theatre reports whether a state is known above all for the foreign troops that were sent there: its bare name means these
// deployments, "since Iraq", "right about Libya", unless it acts.
func theatre(id string) bool {
	switch id {
	case "afghanistan", "bosnia-and-herzegovina", "central-african-republic", "dr-congo", "east-timor", "haiti", "iraq", "kosovo", "lebanon",
		"libya", "mali", "somalia", "south-sudan", "sudan", "syria", "yemen":
		return true
	}
	return false
}

// offices are titles that may come before or after the name of somebody whom the inventory lacks. Those of the inventory's
// office-holders are added to them.
const offices = `
	president | vice president | prime minister | deputy prime minister | premier | chancellor | vice chancellor |
	king | queen | foreign minister | minister of foreign affairs | minister of defense | minister of state |
	deputy foreign minister | foreign secretary | defense minister | deputy defense minister | defense secretary |
	secretary of state | secretary of defense | interior minister | finance minister | economy minister |
	justice minister | minister | state secretary | secretary general | deputy secretary general |
	high representative | foreign policy chief | top diplomat | chief diplomat | spokesman | spokeswoman |
	spokesperson | press secretary | ambassador | envoy | special envoy | special representative | peace envoy |
	national security adviser | national security advisor | speaker | parliament speaker | senator | sen | rep |
	congressman | congresswoman | lawmaker | mp | mep | governor | gov | general | gen | lieutenant general | lt gen
	| major general | maj gen | colonel | col | admiral | adm | commander | commander-in-chief | chief of staff |
	army chief | defense chief | chief of defense | chief of the general staff | chairman | chairwoman | chair |
	leader | party leader | opposition leader | co-leader | adviser | advisor | presidential adviser | aide |
	negotiator | chief negotiator | official | diplomat | commissioner | head | chief | boss | head of state |
	head of government | military chief | politician | legislator | deputy | counterpart | pm`

// same maps titles that mean one office to one of them.
func same(t string) string {
	if head, ok := strings.CutSuffix(t, "woman"); ok {
		t = head + "man"
	} else if head, ok := strings.CutSuffix(t, "spokesperson"); ok {
		t = head + "spokesman"
	}
	switch t {
	case "premier", "pm", "head of government", "taoiseach":
		return "prime minister"
	case "foreign secretary", "minister of foreign affairs", "minister for foreign affairs", "top diplomat", "chief diplomat":
		return "foreign minister"
	case "defense secretary", "defense chief", "secretary of defense", "minister of defense", "armed forces minister", "armies minister":
		return "defense minister"
	case "press secretary":
		return "spokesman"
	case "house speaker", "speaker of the house", "parliament speaker", "speaker of parliament", "parliamentary speaker":
		return "speaker"
	case "chief", "head", "boss", "head of state":
		return "leader"
	case "national security advisor":
		return "national security adviser"
	case "sen":
		return "senator"
	case "rep":
		return "congressman"
	case "gov":
		return "governor"
	case "gen":
		return "general"
	}
	return t
}

// leads reports whether the holder of a title is called the leader of his country or body.
func leads(title string) bool {
	switch title {
	case "president", "prime minister", "chancellor", "secretary general", "king", "leader", "supreme leader", "junta leader", "federal president":
		return true
	}
	return false
}
