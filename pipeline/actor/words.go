package actor

import "strings"

// table is the words of a class, in the forms that inflection makes of those written.
type table struct {
	class class
	forms inflection
	words string
}

type inflection uint8

const (
	asWritten inflection = iota
	verbs                // with -s, -ed and -ing
	nouns                // with the plural
)

// tables lists the words of each class. A word may be in several.
func tables() []table {
	return []table{
		{function | article, asWritten, `a an the`},
		{article, asWritten, `
			all ally another any both close democratic each entire every fellow her his independent its many modern most my
			neighboring neighbouring neutral new other our partner postwar prewar rival several some sovereign that their
			these this those wartime whole your`},
		{function, asWritten, `
			again all already also although am and another any are arent as be because been being both but can cannot cant
			could couldnt did didnt do does doesnt done dont each earlier either even every few furthermore had hadnt has
			hasnt have havent having he hence her here hers herself him himself his how however i if indeed instead is isnt
			it its itself just later less many may maybe me meanwhile might more moreover much must my neither never no none
			nor not now once one only or others ought our perhaps several shall she should shouldnt so some still such than
			that their theirs them themselves then there therefore these they this those though three thus today tomorrow
			too two unless until us very was wasnt we were werent what when where whether which while who whom whose why
			will wont would wouldnt yesterday yet you your`},
		{function | preposition, asWritten, `
			about according after against alongside amid among because before behind beside besides between beyond by
			concerning despite during except for from including like of on onto over past per regarding since to toward
			towards under unlike until upon versus via vs with without`},
		{function | preposition | placing, asWritten, `
			above across around at below beneath elsewhere in inside into near off outside through throughout via within`},
		{saying, verbs, `
			accept accuse acknowledge act add admit agree announce answer appear argue ask back believe call claim condemn
			confirm consider criticise criticize declare demand deny disagree dismiss emphasise emphasize expect explain
			fear hope insist intend move need note offer oppose plan pledge press promise propose push refuse reiterate
			reject remain repeat reply report respond say seek seem signal speak state stress suggest support talk tell
			think threaten urge vow want warn welcome`},
		{saying, asWritten, `
			gave gives knew knows made makes meant met said saw sees sought spoke spoken takes thought told took`},
		{deed, verbs, `
			agree begin build come do drop end get give go hesitate insist join keep lead like listen look lose love make
			manage pay prefer pull push put read run see sell send stand start stay stop take try turn understand use wait
			walk win wish work`},
		{deed, asWritten, `
			began came chose did does fought found gave got had has have held kept knew left lost made paid ran sat saw sent
			stood took went won`},
		{aegis, asWritten, `
			auspices battlegroup colours flag flags force forces mandate mission missions observer observers peacekeeping
			peacekeepers personnel system territory umbrella`},
		{side, asWritten, `colleagues friends lawyers patrons planners signature`},
		{stately, asWritten, `
			country government military ministry treasury`},
		{resort, asWritten, `
			affairs defense economy energy exterior external finance foreign interior justice`},
		{faction, asWritten, `caucus group mps party`},
		{realm, asWritten, `cabinet country countrymen government kingdom nation`},
		{governs, asWritten, `
			agreement cabinet chancellery collapsed election elections government junior majority parliament partner
			partners party parties seats vote votes`},
		{voice, asWritten, `
			adviser advisers aide aides anybody cabinet critics envoy envoys everybody everyone few
			government many minister ministry mood most nobody official one party planner planners reaction several
			skeptics some somebody someone source sources spokesman spokesperson spokeswoman strategists suspicion they
			those treasury view voices`},
		{calling, asWritten, `
			alderman alderperson alderwoman archbishop backbencher bishop brigadier campaigner canon captain cardinal chairman
			chairwoman chaplain commandant commodore comrade convenor corporal councillor councilman councilor councilwoman
			deputy electrician emir farmer father fisherman frontbencher grandfather grandmother headmaster headteacher imam
			jurist landlady landlord lawyer lieutenant lord major marine mayor miner minister monsignor mp msp nurse para
			pastor patriarch pensioner plumber priest publican rabbi reservist retiree reverend sailor sergeant shopkeeper
			student td teacher trucker veteran vicar villager volunteer welder whip widow widower`},
		{kin, asWritten, `actor actress brother candidate challenger colleague contender daughter father friend husband man member mother neighbor neighbour nominee opponent predecessor rival sister son spokesperson successor wife woman worker`},
		{harm, asWritten, `buried died fled injured killed lost murdered perished wounded`},
		{expert, nouns, `
			analyst anchor author blogger broadcaster columnist commentator correspondent editor expert fellow foundation historian
			institute journalist lecturer newspaper podcaster photographer pollster presenter producer professor reporter researcher scholar
			scientist tank university`},
		{count, asWritten, `
			couple dozen dozens eight eighteen eighty eleven fifteen fifty five forty four fourteen hundred hundreds many
			million millions nine nineteen ninety seven seventeen seventy six sixteen sixty ten thirteen thirty thousand
			thousands three twelve twenty two`},
		{handling, verbs, `deploy drill free instruct keep kill put send shoot station train`},
		{handling, asWritten, `killed putting sent shot`},
		{arguing | saying, verbs, `
			accuse advocate argue assert back believe caution complain condemn contend counter criticise criticize declare
			demand denounce dismiss endorse insist lament maintain oppose propose reject retort stress urge warn write`},
		{arguing | saying, asWritten, `thinks thought written wrote`},
		{visiting, verbs, `border cross enter exit flee leave reach tour visit`},
		{visiting, asWritten, `fled left`},
		{storming, verbs, `
			attack besiege bomb capture encircle evacuate hit seize shell storm strike surround take win`},
		{storming, asWritten, `struck taken took won`},
		{moving, verbs, `
			arrive come deploy dispatch flock fly go head journey migrate move relocate return rush send travel trip venture
			visit`},
		{moving, nouns, `
			army battalion brigade contingent deployment flight force mission peacekeeper soldier troop unit`},
		{moving, asWritten, `
			adjacent advisers boots border came close dispatch flew flown gone home instructors monitors observers personnel
			redeployment route sent train trainers trips visitor visits way went`},
		{giving, verbs, `
			apologise apologize appeal capitulate commit concede deliver donate extend give grant hand lend listen matter
			offer owe pledge present provide respond say sell ship signal speak supply surrender talk transfer`},
		{giving, nouns, `
			assurance commitment concession delivery fund guarantee loan message missile offer promise shell threat weapon`},
		{giving, asWritten, `
			aid aircraft alternative ammunition answer approach arms assistance backing billion blow damage deterrent
			dollars equipment euros exports funding gave gift given harm help intelligence jets letter loyalty million money
			opposition planes pledges policy protection reassurance response sales shipments sold spoke spoken supplies
			support systems tanks taurus thanks tomahawks warning`},
		{leaving, verbs, `
			deport evacuate expel export flee import pull remove report retreat return travel withdraw`},
		{leaving, asWritten, `
			away exile exit exports far fled forces gas grain home imports kilometers kilometres km live miles oil out
			pulled refugees reporting retreat return soldiers speaking troops withdrawal withdrawn withdrew`},
		{strikes, nouns, `assault attack drone missile raid strike`},
		{strikes, asWritten, `advance bombardment bombing bombs march shelling`},
		{compass | soil, asWritten, `
			central east eastern north northeastern northern northwestern occupied south southeastern southern southwestern
			west western`},
		{part, nouns, `area battlefield border city gulf land majority minority part region strait third`},
		{part, asWritten, `
			airspace battle bay capital cent center centre citizens coast corner east face fall fifth half inch map mayor most much
			north out outside outskirts people per percent population quarter residents rest side siege skies slice soil
			south southeast southwest square streets suburbs swathes swaths territory west`},
		{side, nouns, `
			aim ally ambassador ambition assurance attack authority backer call chief claim commander commitment concern
			concession contribution counterpart decision delegation demand diplomat draft effort envoy fear general goal
			government guarantee head interest lawmaker leader legislator member minister ministry move mp negotiator
			objection offer official parliamentarian plan pledge policy president promise proposal protest provocation
			representative request senator source supporter threat view warning`},
		{side, asWritten, `
			accession accusations administration admission aggression agreement aid allegations appeal approval assault
			assistance attitude backing backstop bid buildup cabinet capitals chancellery chancellor condemnation conditions
			congress consensus consent countries criticism deal defeat denial dialogue diplomacy duma embassy escalation
			flexibility foreign help hesitation hopes incursion independence influence initiative insistence intelligence
			intentions intervention invasion involvement lack leadership leverage lines mediation mediators membership
			narrative nations negotiations neutrality objectives offensive opposition parliament participation partners
			perceptions permission perspective position powers premier presidency pressure push reaction readiness refusal
			rejection relations relationship reluctance resistance response responsibility retaliation rhetoric role
			sanctions scepticism security senate side skepticism solidarity sovereignty spokesman spokespeople spokesperson
			spokeswoman stance states strategy strikes summit support talks terms umbrella unity veto victory will
			willingness withdrawal`},
		{soldiers, nouns, `
			agent army base battalion battery battlegroup bomber boot brigade bullet contingent deployment drone fighter
			force gun helicopter jet marine mercenary military missile mission operation peacekeeper pilot plane rifle
			rocket satellite ship soldier squad submarine system tank troop uniform unit vehicle veteran warhead warplane
			warship weapon`},
		{soldiers, asWritten, `
			aircraft ammunition arms arsenal artillery conscripts corps defenders equipment fleet frigate guards guardsmen
			hackers hardware infantry instructors munitions navy nukes paratroopers peacekeeping personnel positions
			presence radar recruits regiment serviceman servicemen shells special spies stockpiles trainers tripwire
			volunteers weaponry`},
		{soil, nouns, `
			airport area border bridge city frontier land port province region sea sky street territory town village`},
		{soil, asWritten, `
			airspace capital cathedral coast coastline countryside district east enclave exclave front frontline ground
			infrastructure island mainland map mayor metro north oblast outskirts peninsula river roads soil south square
			steppe suburbs time waters weather west winter`},
		{belongings, nouns, `
			academic activist analyst asset athlete bank blogger budget business channel citizen civilian commentator
			company death dissident doctor economy election expert family farmer firm flag historian hospital industry
			investor journalist manufacturer market mother newspaper outlet passport people prisoner product refugee
			reporter resident scholar student tank taxpayer university voter war website writer`},
		{belongings, asWritten, `
			actor app artist author banking billionaire blood broadcaster businessman businessmen casualties child children
			church coal conflict conglomerate control correspondent crisis cuisine culture daily dead debt diaspora
			electorate empire energy exports film food football gas gdp goods grain history homes hostages houses identity
			imports industrial inflation kids language life literature lives losses magazine man media men minority money
			nationals nuclear occupation oil oligarch oligarchs opinion orthodox poet political politics population pows
			press professor public pundits radio revolution rouble roulette ruble school scientists singer soccer society
			soul spending team technology television tourists tradition tv victims vodka warfare weekly woman women workers`},
		{topic, nouns, `issue war`},
		{topic, asWritten, `
			aid analyst assistance border bureau cease ceasefire conflict correspondent crisis deal debate deployment desk
			diplomacy editor envoy expert file force fund funding invasion mandate mission negotiations operation package peace
			peacekeepers peacekeeping plan policy portfolio problem question relations sanctions settlement situation strategy summit
			support talks task training troops truce veterans`},
		{event, nouns, `accord agreement attack bombing conference meeting protocol resident street suburb summit`},
		{event, asWritten, `
			airport apartment area breakfast bureau ceremony club communique convention
			correspondent court declaration dinner embassy event exhibition festival format forum gathering hotel lunch
			march mayor memorandum metro native pact parade police process protest rally region session siege skyline stock
			talks time treaty trip university visit`},
		{one | official, asWritten, `country nation state`},
		{doing, asWritten, `
			aligned authored backed brokered drafted hosted imposed initiated inspired installed led mediated organised
			organized proposed run sponsored supported`},
		{against, asWritten, `anti counter cross ex neo non pan post pre pro sub trans`},
		{house, nouns, `agreement protocol service`},
		{house, asWritten, `
			academy accords act agency airlines airport airways alliance amnesty association avenue bank bridge brigade
			broadcasting brookings campaign carnegie cathedral cavalry center centre chatham chronicle church club coalition college
			command commission committee company conference convention corporation county cup daily declaration division doctrine
			emergency empire endowment energy express forum foundation front fund garden gate gazette group guardian herald
			holdings hospital hotel inc independent industries initiative insider institute institution international
			journal lab league library llc ltd magazine mail marshall medical memorandum mirror monitor motors movement
			museum network news observer open orchestra pact party plc post pravda press project radio regiment relations research
			review rights road school society solutions soviet square stadium standard statecraft station street studies
			systems technologies telegraph television theater theatre times treaty tribune tv union united university voice
			wall watch wire`},
		{union, nouns, `congressman congresswoman democrat gov governor rep representative republican sen senator`},
		{past, asWritten, `
			disgraced erstwhile ex exiled former formerly late once onetime ousted predecessor previous retired then`},
		{quality, asWritten, `
			acting administration affairs armed army cabinet centrist chamber chancellery chief committee conservative
			council current defense democrat democratic department deputy designate economy elect far federal finance first
			forces foreign general government green hardline hawkish house incumbent influential interim interior key lead
			left liberal long longtime lower main military ministry national nationalist navy new newly office official
			opposition outgoing parliament parliamentary party political populist presidential press republican republicans right
			ruling security senate senior serving socialist special staff state supreme top upper veteran vice`},
		{official, nouns, `elite government`},
		{official, asWritten, `
			allies authorities chiefs diplomats friends hawks heads lawmakers leaders leadership ministers negotiators
			officials parliamentarians policymakers politicians presidents rulers`},
		{generic, asWritten, `
			admiral adviser aide ambassador boss chairman chief colonel commander congressman counterpart deputy diplomat
			envoy general governor head lawmaker leader mayor mep minister mp negotiator official representative senator
			speaker spokesman`},
		{weak, asWritten, `
			adviser advisor aide boss chair chairman chairwoman chief commander commissioner counterpart deputy director
			head leader mayor officer official president secretary speaker spokesman spokesperson spokeswoman`},
		{calendar, asWritten, `
			april august christmas december easter february friday january july june march may monday november october
			saturday september sunday thursday tuesday wednesday`},
		{honorific, asWritten, `
			baron baroness count dame dr frau herr lady lord madame md miss monsieur mr mrs ms sir`},
		{particle, asWritten, `
			al ben bin da de del della den der di dos du el ibn la le san st ten ter van von zu`},
		{male, asWritten, `he him himself his`},
		{female, asWritten, `her hers herself she`},
		{woman, asWritten, `
			adriana agata agnes agnieszka aleksandra alessandra alexandra alice alla alona alyona amanda amelie amina amy
			ana anastasia anastasiia andrea angela anita anja ann anna annalena anne antonina astrid ayesha barbara barbora
			baroness beata beatrice beatriz bettina birgit brenda bridget brigitte britta camilla carmen carolina caroline
			catarina catherine cecilia chairwoman charlotte chloe christina christine claire clara claudia congresswoman
			cornelia cynthia dalia dame dana daniela deborah diane dora doris dorothy ebba edith eleanor elena eleni elina
			elisabeth elise elizabeth elke ellen emilia emilie emily emma erica erika esther eva evelyn evika ewa fatima
			fatma federica fiona florence frances franziska frau frida gabriela gabrielle georgina gerda gina giorgia greta
			gretchen halyna hanna hannah heather heidi helen helena helene helga henriette hilary hilde hillary ida ilona
			ine ines inga ingeborg ingrida inna irena irene irina irma iryna isabel isabella isabelle ivana izabela jacinda
			jadwiga jana jane janet jeanine jelena jennie jennifer jenny jessica jill joan joanna johanna josephine judith
			julia juliana julie juliet justyna kaja kajsa kamala kamila karen karin karina karoline katalin katarina kate
			katerina kateryna katharina katherine kathleen kathryn katja katrin kemi kersti khrystyna kira kirsten kirsti
			klara kristi krystyna lady larisa larysa laura lauren leila lena lesia lesya leyla lidia lidiia lina linda lisa
			liudmila liudmyla liz ljubica loretta lotte louise lucia lucy luisa lydia lyudmila lyudmyla madame magdalena
			maggie maia maja malgorzata manuela margaret margarita maria mariana marianne marie mariia marija marina marine
			mariya marjorie marta martha martina mary maryna mathilde maureen maya melanie melissa mette mia michelle milena
			miriam miss monica monika mrs ms nadezhda nadia nadiia nadine nancy naomi natalia natalie nataliia nataliya
			natasa natasha nelly nicola nicole nina nora odile oksana oleksandra olena olga olha orla pam patricia paula
			pauline penny petra polina princess priti queen rachel raisa rebecca renate ricarda riikka rita roberta roisin
			rosa ruta ruth sabine sahra salla salome samantha samira sandra sanna sara sarah saskia sharon shirley signe
			sigrid silvia sinead siobhan sofia sofiia solveig sonia sonja sophia sophie spokeswoman stefania stella
			stephanie suella susan susanne susie suzanne svetlana sviatlana svitlana sylvia tamara tammy tanja tanya tatiana
			tatjana teresa tetiana tetyana theresa tina tulsi tuula tytti ulrike ursula valentina valerie vanessa vera
			veronica veronika victoria viktoria viktoriia vita vlasta wendy wiktoria yael yana yaroslava yelena yevheniia
			yulia yuliia yvette yvonne zhanna zoe zofia zoya zuzana`},
		{common, asWritten, `
			adams ahmed ali allen anderson austin bailey baker banks becker bell benedict bennett berg black blair brown
			burns bush cameron campbell carter chen clark clinton collins cook cooper costa cotton cruz daniel david davis
			day edwards evans fischer fox francis garcia george gordon graham grant gray green greene hague hall hamilton
			hansen harris heath hill hoffmann howard hunt ivanov jackson james jensen johnson jones jordan kelly kennedy
			khan kim king kirby klein larsen lee lewis li lincoln long major mark marshall martin may meyer michel miller
			mitchell moore morris muller murphy nagy nelson nielsen novak park parker paul petrov phillips pope popov power
			price reed rice richter robert roberts rogers rose ross santos schmidt schneider scott shapps silva simon singh
			smirnov smith stewart stone sullivan taylor thomas thompson truss turner volkov wagner walker wallace waltz wang
			ward washington weber west white wilson wolf wood wright young`},
		{suffix, asWritten, `ii iii jr sr`},
		{government, nouns, `administration government`},
		{government, asWritten, `cabinet`},
	}
}

// classes reads the tables into the classes of each folded word.
func classes() map[string]class {
	of := map[string]class{}
	for _, t := range tables() {
		for w := range strings.FieldsSeq(t.words) {
			for _, form := range t.forms.of(w) {
				of[fold(form)] |= t.class
			}
		}
	}
	return of
}

// of returns the forms of a word. Verbs come with and without a doubled consonant: "travelled", "traveled".
func (f inflection) of(word string) []string {
	stem, last := word[:len(word)-1], word[len(word)-1:]
	sibilant := strings.HasSuffix(word, "ss") || strings.HasSuffix(word, "sh") || strings.HasSuffix(word, "ch") || last == "x"
	y := last == "y" && !strings.ContainsAny(stem[len(stem)-1:], "aeo")
	var forms []string
	switch {
	case f == asWritten:
		return []string{word}
	case y:
		forms = []string{word, stem + "ies", stem + "ied", word + "ing"}
	case sibilant || word == "go":
		forms = []string{word, word + "es", word + "ed", word + "ing"}
	case last == "e":
		forms = []string{word, word + "s", word + "d", stem + "ing"}
	default:
		forms = []string{word, word + "s", word + "ed", word + "ing", word + last + "ed", word + last + "ing"}
	}
	if f == nouns {
		forms = forms[:2]
	}
	return forms
}
