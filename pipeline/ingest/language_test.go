package ingest

import (
	"strings"
	"testing"
)

var languageTexts = map[string]string{
	"en": "The minister said on Monday that the government had not decided whether soldiers would be sent, and that the question was not on the table for now.",
	"de": "Der Minister sagte am Montag, dass die Regierung noch nicht entschieden habe, ob Soldaten entsandt werden, und dass die Frage derzeit nicht auf dem Tisch liege.",
	"fr": "Le ministre a déclaré lundi que le gouvernement n'avait pas encore décidé si des soldats seraient envoyés et que la question n'était pas sur la table.",
	"es": "El ministro dijo el lunes que el gobierno no había decidido todavía si se enviarían soldados y que la cuestión no estaba sobre la mesa por ahora.",
	"it": "Il ministro ha detto lunedì che il governo non ha ancora deciso se inviare soldati e che la questione per ora non è sul tavolo.",
	"pt": "O ministro disse na segunda-feira que o governo ainda não decidiu se os soldados serão enviados e que a questão não está em cima da mesa.",
	"nl": "De minister zei maandag dat de regering nog niet had besloten of er soldaten worden gestuurd en dat de vraag voorlopig niet aan de orde is.",
	"pl": "Minister powiedział w poniedziałek, że rząd jeszcze nie zdecydował, czy żołnierze zostaną wysłani, i że ta sprawa na razie nie jest omawiana.",
	"cs": "Ministr v pondělí řekl, že vláda se ještě nerozhodla, zda vojáky vyšle, a že tato otázka zatím není na stole.",
	"ro": "Ministrul a spus luni că guvernul nu a decis încă dacă vor fi trimiși soldați și că problema nu este deocamdată pe masă.",
	"hu": "A miniszter hétfőn azt mondta, hogy a kormány még nem döntött arról, küld-e katonákat, és hogy ez a kérdés egyelőre nincs napirenden.",
	"tr": "Bakan pazartesi günü hükümetin asker gönderip göndermeyeceğine henüz karar vermediğini ve bu konunun şimdilik gündemde olmadığını söyledi ve daha sonra konuşacağını ifade etti.",
	"sv": "Ministern sade på måndagen att regeringen inte har beslutat om soldater ska skickas och att frågan inte är aktuell för närvarande.",
	"fi": "Ministeri sanoi maanantaina, että hallitus ei ole vielä päättänyt lähetetäänkö sotilaita, ja että kysymys ei ole nyt esillä.",
	"et": "Minister ütles esmaspäeval, et valitsus ei ole veel otsustanud, kas sõdureid saadetakse, ja et see küsimus ei ole praegu laual.",
	"lt": "Ministras pirmadienį sakė, kad vyriausybė dar nėra nusprendusi, ar siųsti karius, ir kad šis klausimas kol kas nėra svarstomas.",
	"lv": "Ministrs pirmdien sacīja, ka valdība vēl nav izlēmusi, vai karavīri tiks nosūtīti, un ka šis jautājums pagaidām nav dienas kārtībā.",
	"hr": "Ministar je u ponedjeljak rekao da vlada još nije odlučila hoće li poslati vojnike i da to pitanje za sada nije na stolu.",
	"id": "Menteri itu mengatakan pada hari Senin bahwa pemerintah belum memutuskan apakah tentara akan dikirim dan bahwa masalah tersebut tidak dibahas untuk saat ini.",
	"vi": "Bộ trưởng nói hôm thứ Hai rằng chính phủ vẫn chưa quyết định có gửi binh lính hay không và vấn đề này không được bàn đến vào lúc này.",
	"ru": "Министр заявил в понедельник, что правительство ещё не решило, будут ли отправлены солдаты, и что этот вопрос пока не обсуждается.",
	"uk": "Міністр заявив у понеділок, що уряд ще не вирішив, чи будуть відправлені солдати, і що це питання поки не обговорюється.",
	"el": "Ο υπουργός δήλωσε τη Δευτέρα ότι η κυβέρνηση δεν έχει ακόμη αποφασίσει αν θα σταλούν στρατιώτες.",
	"ar": "قال الوزير يوم الاثنين إن الحكومة لم تقرر بعد ما إذا كان سيتم إرسال جنود.",
	"he": "השר אמר ביום שני שהממשלה עדיין לא החליטה אם יישלחו חיילים.",
	"zh": "部长周一表示，政府尚未决定是否派遣士兵，目前不讨论这个问题。",
	"ja": "大臣は月曜日、政府はまだ兵士を派遣するかどうか決めていないと述べた。",
	"ko": "장관은 월요일 정부가 아직 병력 파견 여부를 결정하지 않았다고 말했다.",
	"hi": "मंत्री ने सोमवार को कहा कि सरकार ने अभी तक सैनिकों को भेजने का फैसला नहीं किया है।",
}

func TestEachLanguageIsTold(t *testing.T) {
	for want, text := range languageTexts {
		ok, got := isEnglish(text)
		if ok != (want == "en") || got != want {
			t.Errorf("%s: got %v %q for %q", want, ok, got, text)
		}
	}
}

func TestEnglishIsToldFromTheRest(t *testing.T) {
	cases := []struct {
		name, text string
		ok         bool
	}{
		{"an empty text is let through", "", true},
		{"a headline of names", "Macron, Starmer, Merz: Kyiv summit", true},
		{"three short words", "Troops to Ukraine", true},
		{"a short French sentence", "La France n'est pas prête à envoyer des soldats.", false},
		{"a short German headline", "Merz will keine Soldaten in die Ukraine schicken", false},
		{"English that quotes German", languageTexts["en"] + " „Wir haben noch nicht entschieden“, said the chancellor, and that was that for the evening.", true},
		{"English that quotes Russian", languageTexts["en"] + " «Это провокация», he said.", true},
		{"English with names from everywhere", "Łukasz Żółć, José Ñáñez and Øyvind Ås met in Plzeň, Málaga and Tromsø, where they agreed on what to do with the force.", true},
		{"German with an English motto", languageTexts["de"] + " Das Motto lautet: boots on the ground.", false},
		{"two languages, the English one longer", strings.Repeat(languageTexts["en"]+" ", 3) + languageTexts["fr"], true},
		{"two languages, the other one longer", strings.Repeat(languageTexts["fr"]+" ", 3) + languageTexts["en"], false},
		{"Ukrainian with English names", languageTexts["uk"] + " Reuters, Bloomberg.", false},
		{"letters that are no language", strings.Repeat("xkcd qwrt plmk ", 20), false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if ok, guess := isEnglish(c.text); ok != c.ok {
				t.Errorf("got %v (%s)", ok, guess)
			}
		})
	}
}
