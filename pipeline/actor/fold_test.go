package actor

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFoldMakesSpellingsOne(t *testing.T) {
	for _, same := range [][]string{
		{"zelensky", "Zelensky", "Zelenskyy", "Zelenskiy", "Zelenskyi", "Zelenskij", "Zelens’kyi", "ZELENSKY", "Zelenský"},
		{"sergey", "Sergei", "Sergey", "Sergej"},
		{"elysee", "Élysée", "E\u0301lyse\u0301e", "ELYSEE"},
		{"lukasz", "Łukasz"},
		{"erdogan", "Erdoğan", "Erdogan"},
		{"defense", "Defence", "defense"},
		{"us", "U.S.", "US", "us"},
		{"turkey", "Turkey"},
		{"mali", "Mali"}, // too short for an ending
		{"xi", "Xi"},
	} {
		for _, s := range same[1:] {
			if got := fold(s); got != same[0] {
				t.Errorf("fold(%q) = %q, want %q", s, got, same[0])
			}
		}
	}
}

func TestSlugIsKebabCase(t *testing.T) {
	for name, want := range map[string]string{
		"Emmanuel Macron":       "emmanuel-macron",
		"Jean-Noël Barrot":      "jean-noel-barrot",
		"Côte d'Ivoire":         "cote-divoire",
		"Volodymyr Zelenskyy":   "volodymyr-zelenskyy",
		"J.D. Vance":            "jd-vance",
		"  Łukasz   Ødegård!":   "lukasz-odegard",
		"European Defence Fund": "european-defence-fund",
		"":                      "",
		"…":                     "",
	} {
		if got := Slug(name); got != want {
			t.Errorf("Slug(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		text string
		want string // each word with the gap before it and ' after it where possessive
	}{
		{"Macron's plan", ".Macron' plan"},
		{"the States’ rights", ".the States' rights"},
		{"‘the states’", ".the states"},
		{"U.S.-EU talks", ".U.S.-EU talks"},
		{"in the U.S. and U.K., he said.", ".in the U.S. and U.K.,he said"},
		{"Gen. Mark A. Milley left. He ran", ".Gen Mark A Milley left.He ran"},
		{"“Yes,” he said — no: never (or so)", ".Yes,he said~no:never(or so"},
		{"Quai d'Orsay doesn't", ".Quai d'Orsay doesn't"},
		{"France/UK 3.5 G7", ".France/UK 3/5 G7"},
		{"zero\u200bwidth soft\u00adhyphen", ".zero\u200bwidth soft\u00adhyphen"},
		{"", ""},
		{"— … !", ""},
	} {
		var got strings.Builder
		for _, w := range split(c.text) {
			got.WriteByte(byte(w.before))
			got.WriteString(w.text)
			if w.possessive {
				got.WriteByte('\'')
			}
		}
		if diff := cmp.Diff(c.want, got.String()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestShapeOf(t *testing.T) {
	for s, want := range map[string]shape{"us": lower, "Us": capital, "US": upper, "U.S.": upper, "G7": upper, "A": capital, "McConnell": capital, "iPhone": lower, "2025": lower, "Élysée": capital} {
		if got := shapeOf(s); got != want {
			t.Errorf("shapeOf(%q) = %d, want %d", s, got, want)
		}
	}
}
