package actor

import "strings"

// class is a set of things known of an English word by itself. The finder has no grammar of English: it decides from the
// classes of the few words around a name, and the tables of this file are all that it knows.
type class uint64

const (
	function    class = 1 << iota // ends a noun phrase: conjunctions, auxiliaries, pronouns, prepositions
	article                       // may stand between a preposition and a name
	preposition                   //
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
)

// tables lists the words of each class. A word may be in several. Verbs are listed in their bare form under "verb" and
// are inflected when the tables are read; irregular forms are spelled out.
func tables() []table {
	return []table{
		{function | article, "a an the"},
		{article, "all both its their his her our your my some several many most any every each another this that these those whole entire " +
			"post-war postwar wartime prewar sovereign independent neutral neighbouring neighboring modern democratic nuclear-armed rival fellow " +
			"ally partner close other new post war nuclear armed"},
		{function, "and or but nor so yet if when while because although though unless until whether than as that which who whom whose " +
			"what where why how there here then not never also only even just still already again now is are was were be been being am has " +
			"have had having do does did done will would shall should can could may might must ought cannot cant wont dont doesnt didnt " +
			"isnt arent wasnt werent hasnt havent hadnt wouldnt couldnt shouldnt it its he him his she her hers they them their theirs " +
			"we us our you your i me my this these those who themselves itself himself herself however meanwhile moreover furthermore " +
			"yesterday today tomorrow later earlier once too very more less much instead perhaps maybe indeed thus hence therefore " +
			"both either neither each every some any all no none such another others many several few one two three"},
		{function | preposition, "of on for with by from to about over under after before since during between among amid against " +
			"without despite except including regarding concerning per versus vs like unlike upon onto via behind beyond beside besides " +
			"alongside toward towards past until because according"},
		{function | preposition | placing, "in into inside within across throughout through near around outside beneath at via elsewhere off"},
		{saying, "say tell speak talk announce declare state claim insist suggest note report add explain ask reply respond answer " +
			"argue warn urge demand call propose offer pledge promise vow reject refuse deny dismiss oppose support back welcome accept agree " +
			"disagree want hope expect fear believe think consider seek plan intend threaten accuse condemn criticise criticize signal " +
			"stress emphasise emphasize reiterate repeat confirm admit acknowledge appear seem remain need push press move act"},
		{saying, "said told spoke spoken thought sought meant made met knows knew sees saw makes gives gave takes took"},
		{arguing | saying, "argue write contend warn urge insist maintain believe assert advocate caution criticise criticize denounce " +
			"condemn dismiss oppose propose reject declare accuse lament complain demand counter retort stress endorse back"},
		{arguing | saying, "wrote written thinks thought"},
		{visiting, "border visit leave enter reach tour flee exit cross"},
		{visiting, "left fled"},
		{storming, "shell bomb storm attack besiege surround capture seize evacuate strike hit take encircle"},
		{storming, "struck took taken"},
		{moving, "deploy send go travel return fly arrive move dispatch come trip journey visit migrate relocate rush flock venture head"},
		{moving, "sent went gone flew flown came troops troop soldiers soldier peacekeepers peacekeeper forces force contingent contingents " +
			"brigade brigades battalion battalions deployment deployments dispatch mission missions visitor trainers instructors advisers " +
			"personnel boots units unit train flight flights border close adjacent home way route army armies observers monitors " +
			"redeployment trips visits"},
		{giving, "give provide supply deliver offer pledge grant commit donate lend extend transfer present hand owe say signal respond " +
			"speak talk listen appeal apologise apologize matter surrender capitulate concede sell ship"},
		{giving, "gave given aid support guarantee guarantees assurance assurances reassurance commitment commitments weapon weapons arms " +
			"assistance missile missiles ammunition shell shells money fund funds funding loan loans help message messages threat threats " +
			"response alternative answer tanks jets aircraft planes equipment deliveries delivery shipments supplies systems sales exports gift " +
			"concession concessions backing loyalty opposition pledges promise promises offer offers deterrent blow warning letter tomahawks taurus " +
			"sold spoke spoken intelligence billion million euros dollars protection approach policy damage harm thanks"},
		{leaving, "withdraw pull flee return evacuate deport export import report remove expel travel retreat"},
		{leaving, "withdrew withdrawn pulled withdrawal fled refugees grain troops forces soldiers gas oil live far home miles kilometres kilometers km " +
			"away out imports exports exile reporting speaking return retreat exit"},
		{strikes, "attack attacks strike strikes drones drone missiles missile shelling assault assaults bombardment raid raids advance march bombs bombing"},
		{compass | soil, "east west north south western eastern northern southern central southeastern southwestern northeastern northwestern occupied"},
		{part, "part parts east west south north southeast south-east most half regions region areas area territory map percent per swathes swaths " +
			"cities city rest border borders soil side out outside streets mayor suburbs outskirts people citizens residents population skies airspace corner " +
			"north-east southwest centre center coast face land lands inch square much fifth third quarter slice fall capital siege battle battlefield battlefields"},
		{side, "head heads official officials government governments administration authority authorities leader leaders leadership minister ministers " +
			"ministry ministries diplomat diplomats diplomacy lawmaker lawmakers parliament parliamentarian parliamentarians mp mps legislator " +
			"legislators senator senators senate congress duma cabinet chancellor chancellery presidency negotiator negotiators delegation " +
			"delegations envoy envoys representative representatives spokesman spokeswoman spokesperson spokespeople counterpart counterparts " +
			"position stance plan plans proposal proposals offer offers demand demands resistance opposition objection objections refusal " +
			"rejection veto security sovereignty interest interests policy policies strategy support backing backstop commitment commitments " +
			"guarantee guarantees assurance assurances pledge pledges promise promises threat threats warning warnings pressure attack attacks " +
			"aggression invasion intervention involvement participation contribution contributions concession concessions assistance help aid " +
			"intelligence approval consent permission agreement decision decisions initiative effort efforts push move moves response reaction " +
			"request requests appeal call calls claim claims accusations allegations rhetoric narrative view views perspective attitude will " +
			"willingness readiness hesitation reluctance scepticism skepticism fear fears concern concerns hopes ambition ambitions goal goals aim aims " +
			"objectives intentions lines side allies ally partners capitals nations countries states powers member members membership accession " +
			"sources source role influence unity consensus solidarity withdrawal defeat victory talks negotiations dialogue relations summit " +
			"relationship deal foreign embassy ambassador ambassadors general generals commander commanders chief chiefs president presidents " +
			"premier strikes bid troops-contribution criticism condemnation denial protest protests retaliation escalation provocation provocations " +
			"perceptions insistence lack flexibility umbrella participation mediation mediators demands terms conditions leverage responsibility sanctions offensive incursion assault buildup threats veto " +
			"admission neutrality independence"},
		{soldiers, "troop troops soldier soldiers force forces army armies military militaries navy fleet contingent contingents brigade brigades battalion " +
			"battalions battlegroup battlegroups unit units peacekeeper peacekeepers peacekeeping boots personnel servicemen serviceman fighter fighters mercenaries " +
			"mercenary conscripts recruits marine marines paratroopers instructors trainers jet jets aircraft plane planes warplane warplanes ship " +
			"ships warship warships submarine submarines tank tanks missile missiles drone drones artillery weapon weapons weaponry arms " +
			"munitions ammunition shells system systems batteries battery equipment hardware satellite satellites rifle rifles bullet bullets " +
			"helicopter helicopters veteran veterans deployment deployments presence mission missions operation operations base bases frigate " +
			"arsenal bomber bombers vehicle vehicles guns gun rockets rocket radar uniform uniforms stockpiles infantry regiment squad squads tripwire " +
			"positions defenders special guards guardsmen pilots pilot hackers spies agent agents volunteers corps boot nukes warheads warhead"},
		{soil, "territory territories soil land lands ground airspace sky skies border borders frontier frontiers city cities town towns village " +
			"villages region regions coast coastline waters port ports capital countryside steppe east west north south front frontline lines-of-contact " +
			"sea seas river airport airports oblast province provinces district enclave exclave peninsula island mainland areas area " +
			"infrastructure suburbs streets street square cathedral metro outskirts mayor embassy-building map time winter weather roads bridge bridges"},
		{belongings, "newspaper newspapers press media outlet outlets journalist journalists reporter reporters correspondent broadcaster channel " +
			"channels television tv radio daily weekly magazine website websites bloggers blogger analyst analysts expert experts academic " +
			"academics historian historians author writer writers commentators commentator pundits economy economies gas oil energy grain coal nuclear company " +
			"companies firm firms conglomerate bank banks banking industry industrial industries manufacturer manufacturers market markets asset assets money ruble rouble exports imports goods " +
			"business businesses businessman businessmen oligarch oligarchs billionaire taxpayer taxpayers war wars warfare people peoples citizen " +
			"citizens public population voter voters electorate civilian civilians child children kids refugee refugees man men woman women " +
			"family families society nationals mother mothers prisoner prisoners pows dead death deaths casualties losses losses language literature culture " +
			"history film church orthodox football soccer team athlete athletes flag flags passport passports roulette opinion speakers-of workers " +
			"farmers farmer students student tourists investors investor minority diaspora residents resident victims hostages dissident dissidents " +
			"singer actor artist poet empire occupation revolution election elections politics political culture identity tradition soul blood lives " +
			"life products product technology budget budgets spending debt economy gdp inflation conflict crisis school university universities hospital " +
			"hospitals homes houses think-tank tank tanks website app cuisine food vodka doctor doctors professor scholar scholars scientists activist activists control"},
		{topic, "war wars crisis conflict peacekeeping issue issues question talks summit mission force deployment peace policy plan aid envoy " +
			"strategy negotiations deal settlement ceasefire cease truce file debate border sanctions correspondent situation diplomacy problem " +
			"invasion veterans editor bureau desk relations expert analyst troops portfolio package fund funding operation task support assistance training"},
		{event, "summit conference talks meeting meetings agreement agreements accord accords protocol protocols declaration treaty pact forum suburb suburbs mayor airport police " +
			"correspondent bureau street streets court region stock time hotel metro convention club process format memorandum communique gathering " +
			"event session dinner ceremony parade festival exhibition embassy university apartment residents resident native area skyline suburbanites " +
			"dinner lunch breakfast visit trip rally march protest attack bombing siege"},
		{one | official, "country nation state"},
		{doing, "led backed brokered proposed drafted sponsored mediated organised organized supported authored hosted mediated initiated run inspired imposed installed aligned"},
		{against, "non pro anti post pre ex neo trans pan counter un sub cross"},
		{house, "daily institute institution center centre university college school foundation fund endowment times post herald independent journal " +
			"tribune news telegraph pravda mail mirror express gazette chronicle observer guardian standard review magazine press agency airlines airways bank " +
			"club group company corporation holdings inc ltd plc llc association society academy museum library theatre theater stadium " +
			"orchestra hotel cathedral church church's hospital street avenue road square bridge airport station studies relations research " +
			"forum conference council-on monitor watch international amnesty rights tv radio television broadcasting wire insider project lab initiative " +
			"marshall voice cup league united open gate wall convention accords agreement agreements protocol protocols memorandum pact treaty " +
			"declaration act doctrine carnegie brookings chatham statecraft network solutions technologies systems industries motors energy"},
		{past, "former ex late onetime erstwhile retired then previous ousted disgraced exiled predecessor"},
		{quality, "deputy vice acting interim outgoing incumbent current new newly elect first senior chief top longtime veteran long serving far right left centrist " +
			"conservative liberal populist nationalist socialist green opposition presidential foreign defense interior finance economy ministry " +
			"department office government party parliamentary parliament military army navy armed forces security national council cabinet senate " +
			"house republican republicans democratic democrat state press general staff federal committee affairs special lead main political chancellery administration " +
			"supreme lower upper chamber ruling hawkish hardline influential key designate"},
		{past, "former ex-"},
		{official, "officials leaders policymakers diplomats authorities government governments ministers lawmakers hawks elites elite politicians decision-makers leadership " +
			"presidents rulers negotiators heads chiefs parliamentarians allies friends"},
		{generic, "leader general official minister head chief boss deputy adviser aide ambassador envoy lawmaker senator spokesman commander diplomat governor " +
			"mayor representative chairman speaker negotiator mp congressman mep colonel admiral"},
		{weak, "head chief boss chair chairman chairwoman leader deputy official speaker commissioner adviser advisor spokesman spokeswoman " +
			"spokesperson commander aide mayor president officer secretary director"},
		{calendar, "january february march april may june july august september october november december " +
			"monday tuesday wednesday thursday friday saturday sunday christmas easter"},
		{honorific, "mr mrs ms miss sir dame lord lady dr madame monsieur herr frau baroness baron count"},
		{particle, "von van der den de del della di da du la le al el bin ben ibn dos ter ten zu san st"},
		{male, "he him his himself"},
		{female, "she her hers herself"},
		{woman, "mrs ms miss dame lady madame frau baroness queen princess spokeswoman chairwoman congresswoman ursula giorgia kaja mette sanna maria mariia karoline " +
			"annalena liz elizabeth theresa angela nancy kamala hillary marine alice sahra yulia yuliia maia tulsi christine magdalena ana evika ingrida salome salome " +
			"roberta katarina kajsa elina margarita natalie melanie marjorie tammy victoria samantha anne anna sarah rachel yvette penny jacinda claudia " +
			"marta federica agnieszka natasa nataliya natalia olha olga iryna irina olena elena svitlana sviatlana svetlana oksana tatiana susan susie linda jill laura lisa ruth " +
			"emma katja ricarda amelie britta franziska saskia valerie florence mathilde yael ann jennie ebba magdalena gabrielle barbara dalia kersti zuzana andrea natasha " +
			"fiona priti suella kemi emily diane bridget nicola michelle mary-lou marie mary helen helena ine jeanine dana pam kristi cecilia jessica kate karen catherine christina"},
		{common, "johnson smith brown white black green miller davis wilson moore taylor anderson thomas jackson harris martin thompson garcia clark " +
			"lewis lee walker hall allen young king wright hill scott adams baker nelson carter mitchell roberts turner phillips campbell parker evans " +
			"edwards collins stewart morris murphy cook rogers cooper reed bailey bell kelly howard ward price bennett wood gray ross graham sullivan " +
			"austin kennedy burns marshall stone day long banks rice cotton paul kirby cruz rose cameron hunt wallace fox jones james george gordon " +
			"david michel simon robert daniel costa silva santos kim li wang chen park singh khan ali ahmed ivanov popov petrov smirnov volkov novak nagy " +
			"bush clinton west may mark pope hamilton washington jordan lincoln blair major heath grant shapps truss hague francis benedict greene waltz power " +
			"jensen hansen nielsen larsen berg meyer schmidt muller weber wagner becker hoffmann schneider fischer richter klein wolf"},
		{suffix, "jr sr ii iii"},
		{government, "administration administrations government governments cabinet"},
	}
}

type table struct {
	class class
	words string
}

// sameSide are nouns with which an article goes on to speak of a body that it has named, and the body.
func sameSide() map[string]string {
	return map[string]string{
		"alliance":       "nato",
		"bloc":           "european-union",
		"coalition":      "coalition-of-the-willing",
		"commission":     "european-commission",
		"administration": "united-states",
	}
}

// offices are titles that may come before or after the name of somebody whom the inventory lacks. Those of the inventory's
// office-holders are added to them.
const offices = `president | vice president | prime minister | deputy prime minister | premier | chancellor | vice chancellor | king | queen |
foreign minister | deputy foreign minister | foreign secretary | defense minister | deputy defense minister | defense secretary | secretary of state | secretary of defense |
interior minister | finance minister | economy minister | justice minister | minister | state secretary | secretary general | secretary-general | deputy secretary general |
high representative | foreign policy chief | top diplomat | chief diplomat | spokesman | spokeswoman | spokesperson | press secretary | ambassador |
envoy | special envoy | special representative | peace envoy | national security adviser | national security advisor | speaker | parliament speaker |
senator | sen | rep | congressman | congresswoman | lawmaker | mp | mep | governor | gov | general | gen | lieutenant general | lt gen | major general | maj gen |
colonel | col | admiral | adm | commander | commander-in-chief | chief of staff | army chief | defense chief | chief of defense | chief of the general staff |
chairman | chairwoman | chair | leader | party leader | opposition leader | co-leader | adviser | advisor | presidential adviser | aide | negotiator | chief negotiator |
official | diplomat | commissioner | head | chief | boss | head of state | head of government | military chief | politician | legislator | deputy`

// same maps titles that mean one office to one of them.
func same(t title) title {
	if head, ok := strings.CutSuffix(string(t), "woman"); ok {
		t = title(head + "man")
	} else if head, ok := strings.CutSuffix(string(t), "spokesperson"); ok {
		t = title(head + "spokesman")
	}
	switch t {
	case "premier", "head of government", "taoiseach":
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
	case "secretary-general":
		return "secretary general"
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
func leads(t title) bool {
	switch t {
	case "president", "prime minister", "chancellor", "secretary general", "king", "leader", "supreme leader", "junta leader", "federal president":
		return true
	}
	return false
}

// classes reads the tables into a class for each folded word.
func classes() map[string]class {
	of := map[string]class{}
	for _, t := range tables() {
		for w := range strings.FieldsSeq(t.words) {
			of[fold(w)] |= t.class
			if t.class&(saying|visiting|storming|moving|giving|leaving) != 0 {
				for _, inflected := range inflect(w) {
					of[fold(inflected)] |= t.class
				}
			}
		}
	}
	return of
}

// inflect returns the regular forms of a verb, with and without a doubled consonant: "travelled", "traveled".
func inflect(verb string) []string {
	last := verb[len(verb)-1:]
	stem, y := strings.CutSuffix(verb, "y")
	switch {
	case last == "e":
		stem = verb[:len(verb)-1]
		return []string{verb + "s", verb + "d", stem + "ing"}
	case y && !strings.ContainsAny(stem[len(stem)-1:], "aeo"):
		return []string{stem + "ies", stem + "ied", verb + "ing"}
	case strings.HasSuffix(verb, "ss"), strings.HasSuffix(verb, "sh"), strings.HasSuffix(verb, "ch"), verb == "go":
		return []string{verb + "es", verb + "ed", verb + "ing"}
	}
	return []string{verb + "s", verb + "ed", verb + "ing", verb + last + "ed", verb + last + "ing"}
}
