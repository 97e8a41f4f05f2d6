package ingest

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
)

func TestTextIsRepaired(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"plain text", "Troops for Kyiv? No.", "Troops for Kyiv? No."},
		{"spaces of all kinds", "a\u00a0b\u2009c\u3000d\te\u202ff", "a b c d e f"},
		{"runs of spaces", "  a   b \u00a0 c ", "a b c"},
		{"line ends of all kinds", "a\r\nb\rc\u2028d\u2029e\ff\vg", "a b c d e f g"},
		{"invisible characters", "Ze\u200blen\u00adskyy\u200f \u202aKyiv\u202c\u2066\u2069\ufeff\u2060", "Zelenskyy Kyiv"},
		{"control characters", "a\x00b\x07c\x1bd\x7f", "abcd"},
		{"icons of a private font", "\ue001Share\uf099", "Share"},
		{"characters that do not exist", "a\ufffeb\U0001fffec\u0378", "abc"},
		{"decomposed accents", "E\u0301lyse\u0301e, Orba\u0301n, и\u0306", "Élysée, Orbán, й"},
		{"an emoji", "Peace 🕊 now", "Peace 🕊 now"},
		{"Windows-1252 as control characters", "Russia\u0092s \u0093plan\u0094 \u0096 so far\u0085", "Russia’s “plan” – so far…"},
		{"entities left over", "Ukraine&#8217;s &quot;allies&quot; &amp; friends&nbsp;say &lt;yes&gt; &#x2014; now", "Ukraine’s \"allies\" & friends say <yes> — now"},
		{"an ampersand that is none", "AT&T, R&D; Q&A &c. &copyright &; &#; &#xZZ; &unknown; A&", "AT&T, R&D; Q&A &c. &copyright &; &#; &#xZZ; &unknown; A&"},
		{"mojibake of punctuation", "Russiaâ€™s â€œplanâ€\u009d â€“ so farâ€¦ 5Â£ â‚¬9", "Russia’s “plan” – so far… 5£ €9"},
		{"mojibake without its last byte", "he said â€œnoâ€ again", "he said “no” again"},
		{"mojibake of letters", "OrbÃ¡n, SÃ¡nchez, ElysÃ©e, TusÅ\u0082, Ð\u009aÐ¸Ñ—Ð²", "Orbán, Sánchez, Elysée, Tusł, Київ"},
		{"mojibake of an emoji", "Peace ðŸ•Š now", "Peace 🕊 now"},
		{"mojibake of a byte order mark", "ï»¿Kyiv", "Kyiv"},
		{"mojibake of a no-break space", "50Â\u00a0000 soldiers", "50 000 soldiers"},
		{"mojibake twice over", "Russia" + misread(misread("’")) + "s", "Russia’s"},
		{"capitals before punctuation", "“CAFÉ…” and “SPAß« and É”", "“CAFÉ…” and “SPAß« and É”"},
		{"capitals before punctuation beside mojibake", "It’s the “CAFÉ…” that itâ€™s", "It’s the “CAFÉ…” that it’s"},
		{"accents that are meant", "Ça va, Ângela? São Tomé, NÃO, Ærø, Þór — ÄÖÜ", "Ça va, Ângela? São Tomé, NÃO, Ærø, Þór — ÄÖÜ"},
		{"a circumflex", "râle, pâté, bâton", "râle, pâté, bâton"},
		{"nothing", "", ""},
	} {
		if diff := cmp.Diff(test.want, cleanLine(test.in)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", test.name, diff)
		}
	}
}

// misread makes mojibake.
func misread(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if r := charmap.Windows1252.DecodeByte(c); r != utf8.RuneError {
			b.WriteRune(r)
		} else {
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}

func TestBytesBecomeText(t *testing.T) {
	english := strings.Join(sentences, " ")
	encode := func(m *charmap.Charmap, s string) string {
		b, err := m.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	ukrainian := "Міністр заявив у понеділок, що уряд готовий направити військових."
	for _, test := range []struct{ name, in, want, reason string }{
		{"ASCII", "abc", "abc", ""},
		{"UTF-8", english, english, ""},
		{"UTF-8 with a byte order mark", byteOrderMark + english, english, ""},
		{"UTF-8 that says it is something else", "<meta charset=iso-8859-1>" + english, "<meta charset=iso-8859-1>" + english, ""},
		{"Windows-1252", encode(charmap.Windows1252, english+" “Orbán’s” €5…”"), english + " “Orbán’s” €5…”", ""},
		{"Windows-1252 in a few words", encode(charmap.Windows1252, "Orbán’s"), "Orbán’s", ""},
		{"Windows-1251 that does not say so", encode(charmap.Windows1251, ukrainian), ukrainian, ""},
		{"Windows-1251 that does", encode(charmap.Windows1251, "<meta charset=windows-1251>"+ukrainian), "<meta charset=windows-1251>" + ukrainian, ""},
		{"ISO-8859-2 that says so", encode(charmap.ISO8859_2, "<meta charset=iso-8859-2>Wałęsa, Łódź"), "<meta charset=iso-8859-2>Wałęsa, Łódź", ""},
		{"UTF-8 with a pasted apostrophe", english + "Russia\x92s", english + "Russia’s", ""},
		{"UTF-8 with a broken sequence", english + "a\xe2\x80b", english + "a\uFFFDb", ""},
		{"a few control characters", english + "\x00\x01", english + "\x00\x01", ""},
		{"a control character in a word", "Ky\x00iv", "Ky\x00iv", ""},
		{"noise", noise(500), "", Binary},
		{"zeros", "\x00\x00\x00\x00\x00\x00", "", Binary},
		{"Shift JIS that does not say so", strings.Repeat("\x83\x65\x83\x58\x83\x67\x82\xcc", 10), "", Encoding},
	} {
		got, err := decodeText([]byte(test.in))
		if test.reason != "" {
			if err == nil || flawOf(err).reason != test.reason {
				t.Errorf("%s: got %q, %v; want reason %q", test.name, got, err, test.reason)
			}
		} else if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", test.name, err, diff)
		}
	}
}
