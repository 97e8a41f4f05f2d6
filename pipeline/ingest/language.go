package ingest

import (
	"strings"
	"unicode"
)

// isEnglish says whether a text is English, and otherwise, where it can tell, in which language it is (BCP 47 base).
// It counts the commonest small words of each language: they make up a third of running text, and names, quotations
// and terms from elsewhere hardly touch them. A text too short to tell is taken for English, since a line that is
// wrongly read costs less than one wrongly dropped.
func isEnglish(text string) (ok bool, guess string) {
	if script := mainScript(text); script != "" {
		return false, script
	}
	hits := map[string]int{}
	words := 0
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' }) {
		words++
		for _, language := range smallWords[strings.ReplaceAll(w, "’", "'")] {
			hits[language]++
		}
	}
	guess = "en"
	for language, n := range hits {
		if n > hits[guess] || n == hits[guess] && guess != "en" && language < guess {
			guess = language
		}
	}
	switch {
	case guess != "en" && hits[guess] >= 2 && 2*hits[guess] > 3*hits["en"]:
		return false, guess
	case words >= 30 && 12*hits["en"] < words: // Latin letters, yet no language of ours
		return false, ""
	}
	return true, "en"
}

// mainScript returns a language for a text that is mostly not in Latin letters, and "" for any other.
func mainScript(text string) string {
	latin, letters, ukrainian := 0, 0, 0
	seen := map[string]int{}
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		if r < 0x250 {
			latin++
			continue
		}
		for _, s := range scripts {
			if unicode.Is(s.table, r) {
				seen[s.language]++
				break
			}
		}
		if strings.ContainsRune("іїєґІЇЄҐ", r) { // not in Russian
			ukrainian++
		}
	}
	if 2*latin >= letters {
		return ""
	}
	best := "und"
	for _, s := range scripts {
		if seen[s.language] > seen[best] {
			best = s.language
		}
	}
	switch {
	case best == "ru" && ukrainian*20 > seen["ru"]: // one letter in ten
		return "uk"
	case best == "zh" && seen["ja"]*10 > seen["zh"]: // Japanese writes Chinese characters between its own
		return "ja"
	}
	return best
}

// scripts names for each script the language that most news in it is written in.
var scripts = []struct {
	language string
	table    *unicode.RangeTable
}{
	{"ru", unicode.Cyrillic}, {"el", unicode.Greek}, {"ar", unicode.Arabic}, {"he", unicode.Hebrew}, {"zh", unicode.Han},
	{"ja", unicode.Hiragana}, {"ja", unicode.Katakana}, {"ko", unicode.Hangul}, {"hi", unicode.Devanagari}, {"th", unicode.Thai},
	{"ka", unicode.Georgian}, {"hy", unicode.Armenian}, {"bn", unicode.Bengali}, {"ta", unicode.Tamil}, {"am", unicode.Ethiopic},
}

// smallWords maps a small word to the languages in which it is common.
var smallWords = func() map[string][]string {
	languages := map[string][]string{}
	for language, words := range map[string]string{
		"en": "the of and to in is a us do me am our says said over after about that it for was on are as with his they at be this from have or by had not but what all were when we there can an your which their if will each how up out them then she many some so these would other into has her two like him see could no than been its who now my made did down only way find use may long also most more before because through between should against where under while i he you",
		"de": "der die in will kein keine keinen und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei ich wir",
		"fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son cette aux ou mais comme ont être fait été sa leur nous vous deux ses elle même entre tout après où je c'est d'un d'une qu'il l'",
		"es": "de la que el en y a los del se las por un para con no una su al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante todos uno les ni contra otros fue ha era",
		"it": "di che e la il un a per è in una non sono da del con si della le dei come anche più nel ma al alla ha lo i gli delle questo su dalla nella ed essere stato tra se o ai dal suo loro ancora dopo questa degli hanno sul",
		"pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando muito há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos seus",
		"nl": "de van het een en in is dat op te zijn met voor niet aan er die om ook als dan bij uit nog wel naar heeft hebben door maar over ze hij was worden wordt kan geen deze tot meer moet zal zou onder hun ik we",
		"pl": "i w na z do nie się że to jest o jak po za od przez przy dla są tym co ale tak czy był już jego tylko oraz która który które być może ma jej ich pod bez ze było także przed między tego",
		"cs": "a v na se je že s z do o k i ale by to za jako pro si po který která jsou už od podle tak jeho nebo při ve své až také jen není kteří bude byl byla před mezi aby jak však",
		"sk": "a v na sa je že s z do o k aj ale by to za ako pre si po ktorý ktorá sú už od podľa tak jeho alebo pri vo až len nie bude bol bola pred medzi aby však tiež ktoré",
		"ro": "de și în a la cu pe din că nu o un este care pentru mai au fost ce se prin dar sau sunt după să lui al ale unei unui între această acest când fi cea cele le va",
		"hu": "a az és hogy nem is egy ez meg de csak van volt már mint el még ki azt lesz szerint ha vagy után között amely minden pedig fel kell több akkor így be ezt nincs sem most",
		"tr": "bir ve bu da de için ile olarak çok daha en olan gibi kadar sonra ne ama değil var ise o olduğunu her dedi ya tarafından göre yeni kendi iki şekilde ancak önce arasında olduğu",
		"sv": "och i att det som en på är av för med den till inte har de om ett men var jag från vid så vi kan när ska också efter än eller hade sig under mot där blir varit nu skulle",
		"da": "og i at det som en på er af for med den til ikke har de om et men var jeg fra ved så vi kan når skal også efter end eller havde sig under mod der bliver været nu ville hvor blev",
		"nb": "og i at det som en på er av for med den til ikke har de om et men var jeg fra ved så vi kan når skal også etter enn eller hadde seg under mot der blir vært nå ville hvor ble",
		"fi": "ja on ei että se oli hän mutta ovat myös kun niin kuin joka jos tai sen mukaan ole olisi vain vielä mitä ollut nyt sitä voi jo kanssa jälkeen sekä he tämä siitä ennen",
		"et": "ja on ei et see oli ta aga ka kui siis või mis kes oma seda ning kuid välja pole sest nii olla veel juba mida pärast ole selle eest tema",
		"lv": "un ir ka ar no par bet arī to tas kas uz nav lai pēc kā vai pie tika viņš tiek var būs gan savu jau bija gada ko kur pret",
		"lt": "ir kad yra su į iš o bet tai kaip ne jis dėl už apie nuo taip buvo prie tik ar jo po bus dar jau savo pat arba prieš kuris",
		"hr": "i u je na se da su za od koji to a s o što kako bi će ne koje ali iz kao nije po do sve koja ili samo biti bio nakon više prema bila",
		"sl": "in je v na da se so za ki z pa ne bi tudi s po kot še od do bo o že pri kako ali sta bil bila med lahko ter ni več",
		"id": "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena tersebut bisa ada mereka lebih telah oleh sebagai adalah bahwa kata atau kami sudah para",
		"vi": "là và của có không được cho người trong một các đã với những để này khi về như từ đến cũng tại sẽ nhưng ra vào trên bị",
		"sq": "të e në dhe se për me nga një që i është ka si nuk do më u ky kjo janë por duke edhe ishte pas kanë",
		"ca": "de la i que el a en les per un amb és una del no els al ha va com més però dels són seva aquest també ser aquesta sobre fins",
		"zu": "ukuthi futhi uma ngoba kanye kodwa yena lapho ngesikhathi kusho umuntu abantu unkk umnuz ngemuva kakhulu okuthiwa ubona njengoba bese",
		"af": "die en van het in is nie dat 'n te op met vir wat om aan sy as deur ook by was maar uit kan sal hulle na word oor ons",
		"sw": "ya na wa kwa ni katika za la kuwa cha hiyo huo huyo pia kwamba hii yake baada watu ambao lakini alisema hilo zaidi",
		"tl": "ang ng sa na mga ay at ni si para hindi kung ito niya siya nang mula din rin ngunit pero",
	} {
		for _, w := range strings.Fields(words) {
			languages[w] = append(languages[w], language)
		}
	}
	return languages
}()
