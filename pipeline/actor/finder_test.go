package actor

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stance/pipeline/news"
)

// autumn is a day on which all office-holders of the test inventory without an end of term are in office.
var autumn = time.Date(2025, 9, 15, 0, 0, 0, 0, time.UTC)

func testFinder(t testing.TB) *Finder {
	t.Helper()
	inv, err := Load(os.DirFS("testdata/inventory"))
	if err != nil {
		t.Fatal(err)
	}
	return NewFinder(inv)
}

// newArticle makes body paragraphs of texts; "H:" before a text makes it a headline.
func newArticle(at time.Time, texts ...string) *news.Article {
	a := &news.Article{Published: at}
	for i, text := range texts {
		kind := news.Body
		if rest, ok := strings.CutPrefix(text, "H:"); ok {
			kind, text = news.Headline, rest
		}
		a.Paragraphs = append(a.Paragraphs, news.Paragraph{Index: i, Kind: kind, Text: text})
	}
	return a
}

// summary writes subjects as "actor/how actor/how", each pair once, without the author.
func summary(subjects []news.Subject) string {
	var pairs []string
	for _, s := range subjects {
		for _, m := range s.Mentions {
			pair := s.Actor.ID + "/" + string(m.How)
			if !slices.Contains(pairs, pair) {
				pairs = append(pairs, pair)
			}
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, " ")
}

func TestFindInOneSentence(t *testing.T) {
	f := testFinder(t)
	for _, group := range []struct {
		rule  string
		cases [][2]string // sentence, actors with how they are named
	}{
		{"names of states", [][2]string{
			{"Poland will not take part.", "poland/name"},
			{"Britain and the Czech Republic agreed with the United States of America.", "czechia/alias united-kingdom/alias united-states/alias"},
			{"TÜRKIYE WARNS FRANCE", "france/name turkey/alias"},
			{"Turkiye would patrol the sea.", "turkey/alias"},
			{"They served turkey for dinner.", ""},
			{"Nobody asked us who would pay.", ""},
			{"The US will pay, said the WHO.", "united-states/alias world-health-organization/alias"},
			{"The U.S. and the U.K. agreed.", "united-kingdom/alias united-states/alias"},
			{"It was agreed with the U.S. The plan is ready.", "united-states/alias"},
			{"TELL US WHO WINS", ""},
			{"US SENDS NO TROOPS", "united-states/alias"},
			{"Nato and the Eu met.", "nato/name"},
			{"The Russian Federation objects.", "russia/alias"},
			{"North Korea has sent shells.", "north-korea/name"},
			{"The States' rights were discussed.", ""},
			{"the United States' offer", "united-states/name"},
		}},
		{"a country as a place", [][2]string{
			{"Nobody will fight in Ukraine.", ""},
			{"The convoy crossed into Ukraine and moved through Moldova.", ""},
			{"They would deploy to Ukraine after a truce.", ""},
			{"The deployment of troops to Ukraine was discussed.", ""},
			{"Sending European soldiers to Ukraine is off the table.", ""},
			{"He travelled to Poland on Monday.", ""},
			{"The brigade is based near Ukraine.", ""},
			{"Refugees from Ukraine arrived.", ""},
			{"They want foreign soldiers withdrawn from Ukraine.", ""},
			{"The front runs through eastern Ukraine.", ""},
			{"A force for Ukraine is being planned.", ""},
			{"The border with Russia is long.", ""},
			{"Drones were shot down over Ukraine.", ""},
			{"Half the party voted for Iraq, and remembers it.", ""},
			{"Iraq wants no part of it.", "iraq/name"},
			{"The plan was rejected by Iraq.", "iraq/name"},
			{"He said Iraq is ready, and Poland too.", "iraq/name poland/name"},
			{"When the war is over Ukraine will need soldiers.", "ukraine/name"},
			{"It is no mission for Italy.", "italy/name"},
			{"Central and western Ukraine would be covered.", ""},
			{"Large parts of Ukraine are mined.", ""},
			{"He visited Ukraine twice.", ""},
			{"Farmers in France and Poland fear cheap grain.", ""},
			{"Depots in Poland, Romania and Slovakia were filled.", ""},
			{"Depots in Poland, Romania and elsewhere were filled.", ""},
			{"The hospital in Kharkiv, Ukraine, was hit.", ""},
			{"They sang in Lviv, Odesa and Kyiv on Friday.", ""},
			{"They were sent to Lviv, Vinnytsia and Kyiv.", ""},
			{"In Lviv they sang and Kyiv objected.", "ukraine/metonym"},
			{"The border between Russia and Ukraine was shut.", ""},
			{"They sailed the Gulf of Finland.", ""},
			{"The war in Ukraine goes on.", ""},
			{"Life in a post-war Ukraine will be hard.", ""},
			{"The no-fly zone would cover the skies over Ukraine.", ""},
			{"KYIV, Ukraine (AP) — The talks failed.", ""},
		}},
		{"a country as an actor behind a preposition", [][2]string{
			{"It offers guarantees to Ukraine.", "ukraine/name"},
			{"They promised to send more weapons to Ukraine.", "ukraine/name"},
			{"A commitment to Ukraine was repeated.", "ukraine/name"},
			{"There was pressure from Russia.", "russia/name"},
			{"Scepticism from Hungary delayed it.", "hungary/name"},
			{"The attack on Ukraine was condemned.", "ukraine/name"},
			{"Talks with Russia and Ukraine are planned.", "russia/name ukraine/name"},
			{"A peace deal between Russia and Ukraine is far.", "russia/name ukraine/name"},
			{"According to Poland this is wrong.", "poland/name"},
			{"They would defend Ukraine against Russia.", "russia/name ukraine/name"},
			{"The invasion of Ukraine changed minds.", "ukraine/name"},
			{"They would fight Russia over Ukraine.", "russia/name"},
			{"Talks with Russia resumed.", "russia/name"},
			{"In Ukraine, Russia has lost.", "russia/name"},
			{"In the war Ukraine has lost many.", "ukraine/name"},
			{"Troops from a third country accepted by Russia would patrol.", "russia/name"},
		}},
		{"a country's name before a noun", [][2]string{
			{"The Ukraine war is in its fourth year.", ""},
			{"A plan for Ukraine peacekeeping leaked.", ""},
			{"The Bundestag debates a Ukraine mandate.", "germany/metonym"},
			{"Ukraine peace talks resumed.", ""},
			{"Ukraine rejects the plan.", "ukraine/name"},
			{"U.S. troops will stay at home.", ""},
			{"U.S. officials and EU diplomats met.", "european-union/alias united-states/alias"},
			{"A U.S. commitment is needed.", "united-states/alias"},
			{"NATO troops would not go.", ""},
			{"No soldiers of NATO countries will go.", ""},
			{"NATO countries will send no soldiers.", "nato/name"},
			{"It would be a UN mission under the NATO flag.", "nato/name united-nations/alias"},
			{"Turkey is a NATO member.", "nato/name turkey/name"},
			{"It sets out U.S. policy in writing.", "united-states/alias"},
		}},
		{"possessives", [][2]string{
			{"Ukraine's security is at stake.", "ukraine/name"},
			{"Russia’s demand was refused.", "russia/name"},
			{"It lies on Ukraine's territory.", ""},
			{"Europe's largest army is at war.", ""},
			{"Ukraine's borders are open.", ""},
			{"Russia's war has cost lives.", ""},
			{"Ukraine's president spoke.", "ukraine/title"},
			{"Moscow's demand stands.", "russia/metonym"},
			{"The EU's 27 members met.", "european-union/alias"},
			{"Kyiv's suburbs burned.", ""},
		}},
		{"capitals as seats", [][2]string{
			{"Moscow said no.", "russia/metonym"},
			{"Talks between Kyiv and Washington stalled.", "ukraine/metonym united-states/metonym"},
			{"There is pressure on Moscow.", "russia/metonym"},
			{"From Berlin's perspective it is early.", "germany/metonym"},
			{"Kiev asked for help.", "ukraine/metonym"},
			{"Brussels adopted new sanctions.", "european-union/metonym"},
			{"Officials in Moscow were angry.", "russia/metonym"},
			{"In Warsaw they will not hear of it.", "poland/metonym"},
			{"In Moscow, the foreign ministry protested.", "russia/metonym russia/pronoun"},
			{"Nobody in Berlin will say it aloud.", "germany/metonym"},
			{"A source at the State Department denied it.", "united-states/metonym"},
			{"It offers reassurance to Kyiv.", "ukraine/metonym"},
		}},
		{"capitals as places", [][2]string{
			{"They met in Paris.", ""},
			{"A summit in Paris ended late.", ""},
			{"The Paris summit ended late.", ""},
			{"It is bound by the Paris Agreement.", ""},
			{"PARIS (Reuters) - Ministers spoke.", ""},
			{"BRUSSELS, Sept 4 (Reuters) — Ministers spoke.", ""},
			{"MOSCOW, September 4. Ministers spoke.", ""},
			{"MOSCOW, September 4. /TASS/. Ministers spoke.", ""},
			{"MOSCOW spoke on September 4. Ministers spoke too.", "russia/metonym"},
			{"Paris, Sept 4 - Ministers spoke.", ""},
			{"Paris, so its envoy said, - and not he alone - is ready.", "france/metonym"},
			{"The Brussels-based group left.", ""},
			{"He flew to Washington.", ""},
			{"Strikes on Kyiv killed nine.", ""},
			{"Missiles hit Kyiv overnight.", ""},
			{"The Moscow Times reported it.", ""},
			{"The streets of Kyiv were empty.", ""},
			{"Protests in London and Paris grew.", ""},
			{"She lives in Washington, D.C.", ""},
			{"Central London was closed.", ""},
			{"Ukraine's capital, Kyiv, was dark.", ""},
			{"The battle for Kyiv was lost.", ""},
			{"She came from Moscow by train.", ""},
		}},
		{"seats of government", [][2]string{
			{"The Kremlin denied it.", "russia/metonym"},
			{"The Élysée would not comment.", "france/metonym"},
			{"The Elysee would not comment.", "france/metonym"},
			{"Downing Street and the Pentagon agreed.", "united-kingdom/metonym united-states/metonym"},
			{"They met at the White House.", ""},
			{"The State Department objected.", "united-states/metonym"},
			{"A lunch at Downing Street followed.", ""},
			{"The Verkhovna Rada must vote.", "ukraine/metonym"},
		}},
		{"adjectives that stand for the state's side", [][2]string{
			{"Russian officials insisted on it.", "russia/alias"},
			{"German resistance is strong.", "germany/alias"},
			{"Estonian lawmakers voted.", "estonia/alias"},
			{"Russian and Ukrainian negotiators met.", "russia/alias ukraine/alias"},
			{"American, British and French officials met.", "france/alias united-kingdom/alias united-states/alias"},
			{"Ukrainian membership is far.", "ukraine/alias"},
			{"The Ukrainian-European plan is new.", "europe/alias ukraine/alias"},
			{"Defend it from future Russian attack.", "russia/alias"},
			{"The Russian foreign ministry protested.", "russia/alias"},
			{"Senior Polish military officials objected.", "poland/alias"},
			{"The Russians refused.", "russia/alias"},
			{"The French want more.", "france/alias"},
			{"They asked the Europeans and Ukraine.", "europe/alias ukraine/name"},
			{"The Turkish side agreed.", "turkey/alias"},
			{"Two governments met; the Polish one agreed.", "poland/alias"},
			{"French planners and German colleagues met.", "france/alias germany/alias"},
			{"Poles and Danes would go first.", "denmark/alias poland/alias"},
			{"Nobody had asked the Turks, least of all the Frenchmen.", "france/alias turkey/alias"},
			{"It is up to the French, the Belgians and the Danes.", "belgium/alias denmark/alias france/alias"},
			{"The French sent nobody.", "france/alias"},
			{"The British and the French provide the staff.", "france/alias united-kingdom/alias"},
			{"The French and British have been planning for a year.", "france/alias united-kingdom/alias"},
			{"It was called a Franco-British plan.", "france/alias united-kingdom/alias"},
			{"A Franco-British-led force would go.", "france/alias united-kingdom/alias"},
		}},
		{"adjectives that only say whose", [][2]string{
			{"European troops would come.", ""},
			{"Ukrainian territory is mined.", ""},
			{"It is a NATO-trained army.", ""},
			{"The French press cheered.", ""},
			{"A Russian gas conglomerate gained.", ""},
			{"American weapons arrived.", ""},
			{"Chinese or Brazilian contingents were proposed.", ""},
			{"Russian military jets flew by.", ""},
			{"Most Ukrainian soldiers agreed.", ""},
			{"The Polish economy grew.", ""},
			{"A Frenchman was hurt.", ""},
			{"Anti-Russian feeling grew.", ""},
			{"A non-Western force could come.", ""},
			{"The Russian-Ukrainian border is long.", ""},
			{"A Franco-British headquarters opened.", ""},
			{"Franco was a dictator.", ""},
			{"Five hundred Danes and French would sleep there.", ""},
			{"The Anglo-Saxon world cheered.", ""},
			{"Many Germans are tired.", ""},
			{"Five hundred Danes would sleep there.", ""},
			{"They train Ukrainians in Spain.", ""},
			{"Half of the French watched.", ""},
			{"60 percent of Danes and two thirds of Germans watched.", ""},
			{"A majority of Poles watched.", ""},
			{"The Ukrainian military said it was ready.", "ukraine/alias"},
			{"The Ukrainian military sang.", ""},
			{"The fall of Nazi Germany and Vichy France was recalled.", ""},
			{"The Paris attacks were recalled.", ""},
			{"Berlin attacks the plan.", "germany/metonym"},
			{"The Ukrainian capital was dark.", ""},
			{"European Christmas markets opened.", ""},
		}},
		{"hyphens", [][2]string{
			{"The U.S.-EU consensus is thin.", "european-union/alias united-states/alias"},
			{"Russia-Ukraine talks began.", "russia/name ukraine/name"},
			{"A French-led force is planned.", "france/alias"},
			{"The U.S.-brokered deal held.", "united-states/alias"},
			{"Russian-occupied land is mined.", ""},
			{"The Trump-Putin call was short.", "donald-trump/alias vladimir-putin/alias"},
			{"It was a Merkel-era policy.", ""},
			{"Ban Ki-moon said no.", "ban-ki-moon/name"},
			{"They praised the Tony Blair-era rules.", ""},
			{"He spoke in the Rose Garden.", ""},
		}},
		{"countries and American states of one name", [][2]string{
			{"New Mexico sent guardsmen.", ""},
			{"Mexico sent guardsmen.", "mexico/name"},
			{"Georgia Republicans objected.", "republican-party/alias"},
			{"The senator from Georgia objected.", ""},
			{"Atlanta, Georgia, is hot.", ""},
			{"They met in Atlanta. Georgia objected.", "georgia/name"},
			{"The permanent representative of Georgia objected.", "georgia/name"},
			{"They flew to Washington, D.C., and back.", ""},
			{"The Congress of Deputies and the Congress of Vienna danced.", ""},
			{"US senators were told that Georgia objected.", "georgia/name united-states/alias"},
			{"The president of Georgia objected.", "georgia/title"},
		}},
		{"collectives and bodies", [][2]string{
			{"European leaders hesitated.", "europe/alias"},
			{"Europe wants a say.", "europe/name"},
			{"Only the west and south of the country were calm.", ""},
			{"A West African force and the West African bloc left.", ""},
			{"The West promised troops.", "the-west/name"},
			{"In Europe few believed it.", ""},
			{"The West can wait.", "the-west/name"},
			{"Western leaders wait.", "the-west/alias"},
			{"Some western governments wait.", "the-west/alias"},
			{"Relations with the west are bad.", "the-west/name"},
			{"The sun sets in the west of the city.", ""},
			{"Any Western country would be refused.", ""},
			{"A global south country could do it.", ""},
			{"The coalition of the willing met.", "coalition-of-the-willing/name"},
			{"The Coalition of the Willing met.", "coalition-of-the-willing/name"},
			{"The Baltic states would join.", "baltic-states/name"},
			{"The European Commission proposed it.", "european-commission/name"},
			{"The AfD opposes it.", "afd/name"},
		}},
		{"names of houses", [][2]string{
			{"The Kyiv Independent reported it.", ""},
			{"The Bank of America reported a loss.", ""},
			{"Radio Free Europe reported it.", ""},
			{"The European Policy Centre published it.", ""},
			{"The China Daily wrote it.", ""},
		}},
		{"people by name", [][2]string{
			{"Emmanuel Macron agreed.", "emmanuel-macron/name"},
			{"Macron agreed with Putin.", "emmanuel-macron/alias vladimir-putin/alias"},
			{"Macron's idea was new.", "emmanuel-macron/alias"},
			{"Zelenskyy, Zelenskiy and Zelenskyi are one.", "volodymyr-zelensky/alias"},
			{"Volodymyr Zelenskij spoke.", "volodymyr-zelensky/alias"},
			{"Erdogan and Orban objected.", "recep-tayyip-erdogan/alias viktor-orban/alias"},
			{"von der Leyen agreed.", "ursula-von-der-leyen/alias"},
			{"Donald J. Trump wrote it.", "donald-trump/alias"},
			{"J.D. Vance wrote it.", "jd-vance/name"},
			{"Mr. Putin refused.", "vladimir-putin/alias"},
			{"MACRON CALLS ZELENSKY", "emmanuel-macron/alias volodymyr-zelensky/alias"},
			{"Xi Jinping and Kim Jong-un met.", "kim-jong-un/alias xi-jinping/name"},
			{"Xi spoke.", "xi-jinping/alias"},
			{"To Lam spoke.", "to-lam/name"},
			{"To be fair, nobody agreed.", ""},
			{"The MERZ satellite rose.", ""},
			{"The United A. States met.", ""},
			{"Russia's Trump problem grows.", "donald-trump/alias russia/name"},
			{"Melania Trump smiled.", ""},
			{"Donald Trump Jr. smiled.", "donald-trump/name"},
			{"The Trump Tower was lit.", ""},
			{"Johnson smiled.", ""},
			{"Probe smiled.", ""},
			{"Fameman smiled.", "tom-fameman/alias"},
			{"The Trump administration refused.", "united-states/alias"},
			{"The Trump-Vance administration refused.", "united-states/alias"},
			{"France's Macron and Ukraine's Zelensky met.", "emmanuel-macron/alias volodymyr-zelensky/alias"},
		}},
		{"people with a title", [][2]string{
			{"French President Emmanuel Macron agreed.", "emmanuel-macron/name"},
			{"German Defense Minister Boris Pistorius refused.", "boris-pistorius/name"},
			{"The French president, Emmanuel Macron, agreed.", "emmanuel-macron/name"},
			{"Emmanuel Macron, the French president, agreed.", "emmanuel-macron/name"},
			{"Friedrich Merz, Germany's chancellor, agreed.", "friedrich-merz/name"},
			{"Ukrainian President Vladimir Zelensky asked.", "volodymyr-zelensky/alias"},
			{"Foreign minister Lavrov refused.", "sergey-lavrov/alias"},
			{"Russian Foreign Minister Lavrov refused.", "sergey-lavrov/alias"},
			{"House Speaker Johnson refused.", "mike-johnson/alias"},
			{"Former British prime minister Boris Johnson agreed.", "boris-johnson/name"},
			{"British Prime Minister Johnson agreed.", "boris-johnson/alias"},
			{"Kremlin spokesman Dmitry Peskov refused.", "dmitry-peskov/name"},
			{"NATO Secretary General Mark Rutte agreed.", "mark-rutte/name"},
			{"European Commission President Ursula von der Leyen agreed.", "ursula-von-der-leyen/name"},
			{"US Secretary of State Marco Rubio left.", "marco-rubio/name"},
			{"Ukraine's President Volodymyr Zelensky asked.", "volodymyr-zelensky/name"},
			{"Ukraine's leader, Volodymyr Zelensky, asked.", "volodymyr-zelensky/name"},
		}},
		{"titles alone", [][2]string{
			{"The French president agreed.", "france/title"},
			{"President Emmanuel Macron of France agreed.", "emmanuel-macron/name"},
			{"Prime Minister Jane Doe of France agreed.", "jane-doe/name"},
			{"Emmanuel Macron, once France's president, agreed.", "emmanuel-macron/name"},
			{"It failed, said Jane Doe, the French foreign ministry's official spokeswoman.", "jane-doe/name"},
			{"Emmanuel Macron spoke of one who would be president of France.", "emmanuel-macron/name france/name"},
			{"The president of France agreed.", "france/title"},
			{"France's president agreed.", "france/title"},
			{"The German defence minister refused.", "germany/title"},
			{"A former French president objected.", ""},
			{"The president agreed.", ""},
			{"A Russian general objected.", "russia/alias"},
			{"The Ukrainian leader objected.", "ukraine/alias"},
			{"A White House official objected.", "united-states/metonym"},
			{"A spokesman for the German government objected.", "germany/alias"},
			{"The head of Germany's largest bank objected.", ""},
			{"His Russian counterpart objected.", "russia/alias"},
		}},
		{"people whom the inventory lacks", [][2]string{
			{"Slovak Prime Minister Jan Novák refused.", "jan-novak/name"},
			{"Senator Ann Example (R-TX) refused.", "ann-example/name"},
			{"Polish general Adam Nowicki refused.", "adam-nowicki/name"},
			{"Retired Lt. Gen. Bob Sample agreed.", "bob-sample/name"},
			{"Oleh Prykladny, the former speaker of Ukraine's parliament, died.", "oleh-prykladny/name"},
			{"Canada's ambassador, Jane Sample, said so.", "jane-sample/name"},
			{"It is a bad idea, argued Peter Muster of the Example Institute.", "peter-muster/name"},
			{"Peter Muster, a fellow at a think tank, warned against it.", "peter-muster/name"},
			{"Peter Muster, a fellow at a think tank, said it rained.", ""},
			{"Peter Muster, an ambassador programme trainer, said it rained.", "peter-muster/name"},
			{"A baker, Maria Musterova, lost her shop.", ""},
			{"A farmer, Xqara Musterova, would send them bread.", "xqara-musterova/name"},
			{"Xqara Musterova, who once led it, held a placard.", "xqara-musterova/name"},
			{"Xqara Musterova held a placard.", ""},
			{"Emmanuel Muster held a placard.", "emmanuel-muster/name"},
			{"The old chaplain, Xqara Musterova, conducted.", "xqara-musterova/name"},
			{"A village in the east, Stara Musterivka, fell.", ""},
			{"They shelled Mala Vyska, then withdrew.", ""},
			{"The Republican party agreed, and the Left Alliance did not.", "left-alliance/name republican-party/name"},
			{"Acme Dynamics, a maker of drones, opened a plant.", ""},
			{"The 24th Marine Expeditionary Unit arrived.", ""},
			{"Human Rights Watch warned of it.", ""},
			{"The Supreme Court argued otherwise.", ""},
			{"Tom Graham of a think tank said so.", ""},
			{"Peter Muster told reporters that it rained.", "peter-muster/name"},
			{"The ambassador to Finland, Peter Muster, left.", "finland/name peter-muster/name"},
			{"Her opponent, Xqara Musterova, was silent.", "xqara-musterova/name"},
			{"Peter Muster of the AfD stayed away.", "afd/name peter-muster/name"},
			{"The faction leader Xqara Musterova stayed away.", "xqara-musterova/name"},
			{"Mayor Peter Muster waved.", "peter-muster/name"},
			{"Mrs Maria Musterova lost a shop.", "maria-musterova/name"},
			{"Peter Muster, 37, disagreed.", "peter-muster/name"},
			{"“Never again,” said Peter Muster.", "peter-muster/name"},
			{"Peter Muster wants them home.", "peter-muster/name"},
			{"Peter Muster, a historian, said it rained.", ""},
			{"Peter Muster, who keeps bees, said: “Never again.”", "peter-muster/name"},
			{"The AfD's Peter Muster stayed away.", "afd/name peter-muster/name"},
			{"It rained in Mala Vyska, said nobody.", ""},
			{"Senators Peter Muster and others waved.", "peter-muster/name"},
			{"The carrier Peter Muster and HMS Emmanuel Muster sailed.", ""},
		}},
	} {
		t.Run(group.rule, func(t *testing.T) {
			for _, c := range group.cases {
				got := summary(f.Find(newArticle(autumn, c[0]))[0])
				if got != c[1] {
					t.Errorf("%s\n got  %s\n want %s", c[0], got, c[1])
				}
			}
		})
	}
}

func TestFindInAnArticle(t *testing.T) {
	f := testFinder(t)
	spring2021 := time.Date(2021, 4, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		at   time.Time
		text []string
		want []string
	}{
		{"a bare title is the person whom the article names", autumn,
			[]string{"Emmanuel Macron spoke first.", "The French president agreed.", "The president of France left."},
			[]string{"emmanuel-macron/name", "emmanuel-macron/title", "emmanuel-macron/title"}},
		{"a bare title is the office-holder's country where another held the office", autumn,
			[]string{"Olaf Scholz had refused it.", "The German chancellor agrees."},
			[]string{"olaf-scholz/name", "germany/title"}},
		{"a title has several names", autumn,
			[]string{"Boris Pistorius and NATO's Rutte spoke.", "The German minister of defence agreed.", "The NATO Secretary-General left."},
			[]string{"boris-pistorius/name mark-rutte/alias", "boris-pistorius/title", "mark-rutte/title"}},
		{"the date of the article says who held the office", spring2021,
			[]string{"Angela Merkel and Olaf Scholz spoke.", "The German chancellor agreed."},
			[]string{"angela-merkel/name olaf-scholz/name", "angela-merkel/title"}},
		{"without a date the one whom the article names held the office", time.Time{},
			[]string{"Joe Biden spoke.", "The US president agreed."},
			[]string{"joe-biden/name", "joe-biden/title"}},
		{"a title without its country is clear when one person holds it", autumn,
			[]string{"Keir Starmer met Friedrich Merz.", "The chancellor agreed, the prime minister did not."},
			[]string{"friedrich-merz/name keir-starmer/name", "friedrich-merz/title keir-starmer/title"}},
		{"a title that two people hold is the one named in the paragraph", autumn,
			[]string{"Vladimir Putin and Emmanuel Macron spoke.", "Putin called. The president was angry.", "The president was angry."},
			[]string{"emmanuel-macron/name vladimir-putin/name", "vladimir-putin/alias vladimir-putin/title", "vladimir-putin/title"}},
		{"a title that two people hold is nobody's where both are near", autumn,
			[]string{"Vladimir Putin and Emmanuel Macron spoke.", "The president was angry."},
			[]string{"emmanuel-macron/name vladimir-putin/name", ""}},
		{"a stranger is known by his surname after his title", autumn,
			[]string{"Slovak Prime Minister Jan Novák refused.", "Novák said no.", "The Slovak prime minister left."},
			[]string{"jan-novak/name", "jan-novak/alias", "jan-novak/title"}},
		{"a stranger whose given name has two syllables is known by the first word", autumn,
			[]string{"Foreign Minister Ban Ki-moon refused.", "Ban said no, and Mr Ban left.", "Nobody likes a ban."},
			[]string{"ban-ki-moon/name", "ban-ki-moon/alias", ""}},
		{"a surname is the one of the article and not the famous one", autumn,
			[]string{"Tom Graham of a think tank said so.", "Graham added that it rained."},
			[]string{"", ""}},
		{"a common surname needs the full name in the article", autumn,
			[]string{"Johnson spoke.", "Boris Johnson, who had left office, agreed."},
			[]string{"boris-johnson/alias", "boris-johnson/name"}},
		{"a headline takes surnames from the body", autumn,
			[]string{"H:Novák Says No to Troops", "Slovak Prime Minister Jan Novák refused."},
			[]string{"jan-novak/alias", "jan-novak/name"}},
		{"he is the only man named before", autumn,
			[]string{"Macron spoke to reporters.", "“It is time,” he added."},
			[]string{"emmanuel-macron/alias", "emmanuel-macron/pronoun"}},
		{"he is nobody where two men are named", autumn,
			[]string{"Macron and Putin were in the room.", "“It is time,” he added."},
			[]string{"emmanuel-macron/alias vladimir-putin/alias", ""}},
		{"he is the last who spoke where two men are named", autumn,
			[]string{"Macron said no. Putin told Macron why. A deal is far.", "“It is time,” he added."},
			[]string{"emmanuel-macron/alias vladimir-putin/alias", "vladimir-putin/pronoun"}},
		{"she is the woman", autumn,
			[]string{"Putin spoke to Giorgia Meloni.", "“It is time,” she said."},
			[]string{"giorgia-meloni/name vladimir-putin/alias", "giorgia-meloni/pronoun"}},
		{"he may be a stranger", autumn,
			[]string{"Macron sat with Peter Muster, a baker.", "“It is time,” he said."},
			[]string{"emmanuel-macron/alias", ""}},
		{"he is nobody after somebody without a name", autumn,
			[]string{"Macron spoke to reporters.", "My neighbour was a sergeant. “It is time,” he said."},
			[]string{"emmanuel-macron/alias", ""}},
		{"he is somebody described before he is named by a pronoun", autumn,
			[]string{"Macron spoke to reporters.", "As the leader of the country, he had to."},
			[]string{"emmanuel-macron/alias", "emmanuel-macron/pronoun"}},
		{"his party is the one that he speaks for", autumn,
			[]string{"Lindsey Graham spoke.", "His party would vote against it.", "His party conference is on Sunday."},
			[]string{"lindsey-graham/name", "lindsey-graham/pronoun republican-party/pronoun", "lindsey-graham/pronoun"}},
		{"a cross-heading does not change whom he means", autumn,
			[]string{"Macron spoke to reporters.", "What Putin Wants Next", "“It is time,” he added."},
			[]string{"emmanuel-macron/alias", "vladimir-putin/alias", "emmanuel-macron/pronoun"}},
		{"the two leaders are both", autumn,
			[]string{"Macron received Starmer.", "The two leaders agreed."},
			[]string{"emmanuel-macron/alias keir-starmer/alias", "emmanuel-macron/pronoun keir-starmer/pronoun"}},
		{"both countries are both", autumn,
			[]string{"Russia and China agreed. Both countries will pay."},
			[]string{"china/name china/pronoun russia/name russia/pronoun"}},
		{"the two countries are nobody where three are named", autumn,
			[]string{"Russia, China and Brazil agreed. The two countries will pay."},
			[]string{"brazil/name china/name russia/name"}},
		{"the alliance and the bloc are NATO and the EU once named", autumn,
			[]string{"The alliance waits.", "NATO and the EU met.", "The alliance waits. The bloc pays."},
			[]string{"", "european-union/alias nato/name", "european-union/pronoun nato/pronoun"}},
		{"the coalition is that of the willing", autumn,
			[]string{"Its planners expect that the coalition will go.", "The so-called coalition waits."},
			[]string{"coalition-of-the-willing/pronoun", "coalition-of-the-willing/pronoun"}},
		{"a coalition that governs is not that of the willing", autumn,
			[]string{"The junior partner in the coalition objects.", "The coalition waits."},
			[]string{"", ""}},
		{"the Commission and the Council with a capital are those of the unions that the article names", autumn,
			[]string{"The EU met.", "A spokesman said that the Commission agreed.", "Nobody asked the Council."},
			[]string{"european-union/alias", "european-commission/pronoun", ""}},
		{"the government is that of the country spoken of most", autumn,
			[]string{"Estonia votes. Estonians wait.", "Tallinn and Paris agree.", "The government is for it, the defence ministry is not, and this country pays."},
			[]string{"estonia/alias estonia/name", "estonia/metonym france/metonym", "estonia/pronoun"}},
		{"the military is the country's, and what is called after it is not", autumn,
			[]string{"Estonia votes. Estonians wait.", "Tallinn and Estonia agree.", "The military objects.", "The military academy is shut."},
			[]string{"estonia/alias estonia/name", "estonia/metonym estonia/name", "estonia/pronoun", ""}},
		{"the government is nobody's where two countries are spoken of", autumn,
			[]string{"Estonia and France agree. Estonians and Frenchmen wait.", "The government is for it."},
			[]string{"estonia/alias estonia/name france/alias france/name", ""}},
		{"a title that two people have is that of the country spoken of", autumn,
			[]string{"Vladimir Putin and Emmanuel Macron spoke.", "France waits. Paris will vote.", "The president was angry."},
			[]string{"emmanuel-macron/name vladimir-putin/name", "france/metonym france/name", "emmanuel-macron/title"}},
		{"his country is the state for which he speaks", autumn,
			[]string{"Macron said that his country would go."},
			[]string{"emmanuel-macron/alias emmanuel-macron/pronoun france/pronoun"}},
		{"a given name is that of whom the article names so", autumn,
			[]string{"Keir Starmer and Emmanuel Macron spoke.", "They had told Keir and Emmanuel.", "Sir Keir agreed."},
			[]string{"emmanuel-macron/name keir-starmer/name", "emmanuel-macron/alias keir-starmer/alias", "keir-starmer/alias"}},
		{"the alliance troops are not NATO", autumn,
			[]string{"NATO met.", "The alliance troops stayed."},
			[]string{"nato/name", ""}},
		{"an army's chief does not lead the state", autumn,
			[]string{"Zelensky spoke.", "Ukraine's army chief agreed."},
			[]string{"volodymyr-zelensky/alias", "ukraine/title"}},
		{"a party's leader does not lead the state", autumn,
			[]string{"Zelensky spoke.", "The Ukrainian opposition leader agreed.", "The Ukrainian conservative leader agreed."},
			[]string{"volodymyr-zelensky/alias", "ukraine/title", "ukraine/alias"}},
		{"a deputy is not the one whose deputy he is", autumn,
			[]string{"Sergey Lavrov spoke.", "The Russian deputy foreign minister agreed."},
			[]string{"sergey-lavrov/name", "russia/title"}},
		{"the chancellor of a country's university is not the chancellor of the country", autumn,
			[]string{"Friedrich Merz spoke.", "The chancellor of Germany's largest university agreed."},
			[]string{"friedrich-merz/name", ""}},
		{"of two people with one surname the last one named is meant", autumn,
			[]string{"Slovak Prime Minister Jan Novák refused.", "Novák left.", "Czech general Petr Novák agreed.", "Novák nodded."},
			[]string{"jan-novak/name", "jan-novak/alias", "petr-novak/name", "petr-novak/alias"}},
		{"a spokeswoman is a woman", autumn,
			[]string{"Estonian foreign ministry spokeswoman Jo Sample sat with Macron.", "“It is time,” she said."},
			[]string{"emmanuel-macron/alias jo-sample/name", "jo-sample/pronoun"}},
		{"a transcript says who speaks", autumn,
			[]string{"MS. SAMPLE: I have nothing to announce.", "QUESTION: Would you send soldiers?", "MS. SAMPLE: No.", "State Department spokeswoman Jo Sample spoke."},
			[]string{"jo-sample/alias jo-sample/pronoun", "jo-sample/pronoun", "jo-sample/alias", "jo-sample/name"}},
		{"a speaker goes on until the next label", autumn,
			[]string{"Jan Muster (Upton): I will vote for it.", "I have read the text.", "Deputy Ann Example: I will not.", "I am against it.", "Jan Muster: So be it."},
			[]string{"jan-muster/name jan-muster/pronoun", "jan-muster/pronoun", "ann-example/name ann-example/pronoun", "ann-example/pronoun", "jan-muster/name"}},
		{"who is interviewed speaks of himself behind the dash", autumn,
			[]string{"Jan Muster, 60, keeps bees.", "Would you go? - I would.", "And the others? - My friends too.", "You are sure? - Yes."},
			[]string{"jan-muster/name", "jan-muster/pronoun", "jan-muster/pronoun", "jan-muster/pronoun"}},
		{"who is interviewed answers in quotation marks", autumn,
			[]string{"Jan Muster keeps bees.", "Would you go?", "“I would.”", "Are you sure?", "“I am. My wife told Macron.”"},
			[]string{"jan-muster/name", "jan-muster/pronoun", "jan-muster/pronoun", "jan-muster/pronoun", "emmanuel-macron/alias jan-muster/pronoun"}},
		{"an article in the first person is no interview", autumn,
			[]string{"Macron spoke.", "Should we go?", "I think not."},
			[]string{"emmanuel-macron/alias", "", ""}},
		{"a party's name that several bear is that of the country spoken of", autumn,
			[]string{"Poland votes today.", "The Greens are for it.", "The Centre Party is not."},
			[]string{"poland/name", "polish-greens/alias", ""}},
		{"a party's name that several bear is the best-known one's where no country is spoken of", autumn,
			[]string{"The Greens are for it.", "In Estonia the Centre Party is not."},
			[]string{"german-greens/alias", "estonian-centre-party/alias"}},
		{"leaders of countries are the people whom the article names", autumn,
			[]string{"Putin may meet Zelensky.", "A meeting of the leaders of Ukraine and Russia is planned."},
			[]string{"vladimir-putin/alias volodymyr-zelensky/alias", ""}},
		{"leaders of countries are the countries otherwise", autumn,
			[]string{"A meeting of the leaders of Ukraine and Russia is planned."},
			[]string{"russia/name ukraine/name"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, subjects := range f.Find(newArticle(c.at, c.text...)) {
				got = append(got, summary(subjects))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("actors of %q (-want +got):\n%s", c.text, diff)
			}
		})
	}
}

func TestBodyParagraphsHaveTheAuthorLast(t *testing.T) {
	f := testFinder(t)
	a := newArticle(autumn, "H:France Wants More", "France wants more than Poland.", "It rains.")
	a.Paragraphs = append(a.Paragraphs, news.Paragraph{Index: 3, Kind: news.Deck, Text: "Nobody agrees"})
	got := f.Find(a)
	author := news.Subject{Actor: news.TheAuthor}
	france := news.Actor{ID: "france", Name: "France", Kind: news.State}
	poland := news.Actor{ID: "poland", Name: "Poland", Kind: news.State}
	want := [][]news.Subject{
		{{Actor: france, Mentions: []news.Mention{{Start: 0, End: 6, Text: "France", How: news.ByName}}}},
		{
			{Actor: france, Mentions: []news.Mention{{Start: 0, End: 6, Text: "France", How: news.ByName}}},
			{Actor: poland, Mentions: []news.Mention{{Start: 23, End: 29, Text: "Poland", How: news.ByName}}},
			author,
		},
		{author},
		nil,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestOffsetsCountRunes(t *testing.T) {
	f := testFinder(t)
	got := f.Find(newArticle(autumn, "“Ça suffit” – l’Élysée, Türkiye’s ally, told Erdoğan."))[0]
	want := map[string]news.Mention{
		"recep-tayyip-erdogan": {Start: 45, End: 52, Text: "Erdoğan", How: news.ByAlias},
		"turkey":               {Start: 24, End: 31, Text: "Türkiye", How: news.ByAlias},
	}
	for _, s := range got {
		if w, ok := want[s.Actor.ID]; ok {
			if diff := cmp.Diff([]news.Mention{w}, s.Mentions); diff != "" {
				t.Errorf("%s: %s", s.Actor.ID, diff)
			}
			delete(want, s.Actor.ID)
		}
	}
	if len(want) > 0 {
		t.Errorf("missing %v in %v", want, got)
	}
}

func TestPrincipalsAreThoseOfTheDay(t *testing.T) {
	f := testFinder(t)
	for _, c := range []struct {
		at   time.Time
		text string
		want string
	}{
		{autumn, "Donald Trump spoke.", "united-states"},
		{time.Date(2022, 3, 1, 0, 0, 0, 0, time.UTC), "Donald Trump spoke.", ""},
		{time.Date(2022, 3, 1, 0, 0, 0, 0, time.UTC), "Boris Johnson spoke.", "united-kingdom"},
		{time.Time{}, "Boris Johnson spoke.", ""},
		{autumn, "Dmitry Peskov spoke.", "russia"},
		{autumn, "Slovak Prime Minister Jan Novák spoke.", "slovakia"},
		{autumn, "Former Slovak Prime Minister Jan Novák spoke.", ""},
	} {
		subjects := f.Find(newArticle(c.at, c.text))[0]
		if len(subjects) != 2 || subjects[0].Actor.Principal != c.want {
			t.Errorf("%s: principal of %v, want %q", c.text, subjects, c.want)
		}
	}
}
