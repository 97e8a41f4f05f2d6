package ingest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Paragraphs of one article, for pages that differ in one thing.
var (
	offer   = "Denmark is ready to send a battalion to Ukraine once a ceasefire holds, its defence minister said on Thursday."
	plan    = "The battalion would join a force that France and Britain have been planning since the autumn with other allies."
	mandate = "Italy repeated that it would take part in the force only with a mandate of the United Nations Security Council."
	threat  = "Moscow said that it would treat any foreign battalion in Ukraine as a target, whatever flag it came under there."
	meeting = "The defence ministers of nineteen allies are to meet again in Copenhagen when the ceasefire talks have ended."
)

func TestFurnitureAmongParagraphs(t *testing.T) {
	links := "Storm closes schools in the north\nActor apologises for remarks at gala\nTen recipes for winter squash\n"
	cases := []struct {
		name, page string
		want       []string
	}{
		{"a long list of links in the middle is bridged", column(offer, plan, mandate, "Most read", links+"Three ways to sleep better at night\nA village that moved uphill in one day\nHow bees find their way", threat+" "+meeting, meeting+" "+plan),
			[]string{offer, plan, mandate, threat + " " + meeting, meeting + " " + plan}},
		{"a list of links at the end is left out", column(offer, plan, mandate, threat, "Most read", links), []string{offer, plan, mandate, threat}},
		{"another story below a list is left out", column(offer, plan, mandate, threat, "Most read", links, "A bakery in Lisbon has sold the same custard tarts for ninety years and sees no reason to change them now."),
			[]string{offer, plan, mandate, threat}},
		{"a teaser that ends in a button is left out", column(offer, plan, mandate, threat, "Image: a harbour", "Who owns the ports of the Arctic?", meeting, "Keep reading"), []string{offer, plan, mandate, threat}},
		{"a cross-heading with two paragraphs before an advertisement stays", column(offer, plan, "What happens next", mandate, threat, "Advertisement", meeting), []string{offer, plan, "What happens next", mandate, threat, meeting}},
		{"one link to another story is dropped and the text goes on", column(offer, plan, "Read more: How big is the Danish army?", mandate), []string{offer, plan, mandate}},
		{"a link in capitals is dropped", column(offer, plan, "KREMLIN WARNS DENMARK OF GRAVE CONSEQUENCES", mandate), []string{offer, plan, mandate}},
		{"readers' comments are dropped", column(offer, plan, mandate, "Ann says:", "30 January 2026 at 16:12", "The battalion is there so that Moscow has to think twice before it breaks the ceasefire.", "Reply",
			"Bob says:", "31 January 2026 at 09:30", "Denmark has no battalion to spare, and the minister knows that as well as I do.", "Reply"), []string{offer, plan, mandate}},
		{"answers to comments are dropped", column(offer, plan, mandate, "I think that the battalion will never leave Denmark at all.", "Reply", "The ceasefire will come first, and then the force will follow it.", "Reply"), []string{offer, plan, mandate}},
		{"the author's life is dropped", column("By Eva Holm", offer, plan, mandate, "Eva Holm has followed the defence ministry and its ministers for eleven years and lives near Aarhus."), []string{offer, plan, mandate}},
		{"a person of the same family name is not the author", column("By Eva Holm", offer, plan, "Peter Holm, who commands the battalion, said that it was ready for the force."), []string{offer, plan, "Peter Holm, who commands the battalion, said that it was ready for the force."}},
		{"a pull quote is dropped", column(offer, plan, "planning since the autumn with other allies.", mandate), []string{offer, plan, mandate}},
		{"a caption above its credit is dropped", column(offer, plan, "The minister speaks to reporters in Copenhagen on Thursday.", "Eva Lund/Nordfoto/AFP", mandate), []string{offer, plan, mandate}},
		{"a caption below its credit is dropped", column(offer, plan, "Getty Images", "Danish soldiers on exercise near the border", mandate), []string{offer, plan, mandate}},
		{"a paragraph above a credit and its caption stays", column(offer, "The minister speaks to reporters again on Friday.", "Getty Images", "Danish soldiers on exercise near the border", mandate), []string{offer, "The minister speaks to reporters again on Friday.", mandate}},
		{"alternative text above its credit is dropped", column(offer, plan, "Soldiers on a train", "Photo: Eva Lund/AFP", mandate), []string{offer, plan, mandate}},
		{"what stands twice side by side is a caption", column(offer, plan, "A column of trucks near the port of Esbjerg.", "A column of trucks near the port of Esbjerg.", mandate, threat), []string{offer, plan, mandate, threat}},
		{"a page that says everything twice is kept once", column(offer, offer, plan, plan, mandate, mandate), []string{offer, plan, mandate}},
		{"points below a lead-in stay", column(offer, "The ministers agreed on three steps:", "a headquarters near Kyiv", "ports that are to be guarded", plan), []string{offer, "The ministers agreed on three steps:", "a headquarters near Kyiv", "ports that are to be guarded", plan}},
		{"short answers stay", column(offer, "“Will you go?”", "“Yes.”", plan), []string{offer, "“Will you go?”", "“Yes.”", plan}},
		{"a question at the end stays", column(offer, plan, mandate, "But who will pay for all of this in the end?"), []string{offer, plan, mandate, "But who will pay for all of this in the end?"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, p := range parsePage(c.page).paragraphs {
				got = append(got, p.Text)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func column(texts ...string) string { return strings.Join(texts, "\n") }
