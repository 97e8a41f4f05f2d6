package ingest

import (
	"strings"
	"testing"
	"time"

	"stance/pipeline/news"

	"github.com/google/go-cmp/cmp"
)

const (
	first3 = `<p>Denmark is ready to send a battalion to Ukraine once a ceasefire holds, its defence minister said on Thursday after long talks.</p>
<p>“If there is a truce, we will be there,” Henrik Aagaard told reporters in Copenhagen, adding that planning had begun in earnest.</p>
<p>Italy repeated that it would take part only with a mandate of the United Nations, and Germany said that it had not decided.</p>`
	last2 = `<p>Ministers from nineteen countries met to settle who would command the force and what it may do when it is attacked.</p>
<p>Moscow said that any foreign soldiers in Ukraine would be treated as a hostile army, whatever flag they came under.</p>`
)

var firstTexts, lastTexts = textsOf(first3), textsOf(last2)

func textsOf(markup string) (texts []string) {
	for l := range strings.Lines(markup) {
		texts = append(texts, strings.NewReplacer("<p>", "", "</p>", "", "\n", "").Replace(l))
	}
	return texts
}

func bodies(groups ...[]string) (out []news.Paragraph) {
	for _, g := range groups {
		for _, t := range g {
			out = append(out, news.Paragraph{Kind: news.Body, Text: t})
		}
	}
	return out
}

func number(head []news.Paragraph, rest ...news.Paragraph) []news.Paragraph {
	out := append(head, rest...)
	for i := range out {
		out[i].Index = i
	}
	return out
}

func TestHTMLPagesGiveTheirArticles(t *testing.T) {
	headline := news.Paragraph{Kind: news.Headline, Text: "Denmark offers battalion for Ukraine force"}
	deck := news.Paragraph{Kind: news.Deck, Text: "Copenhagen could deploy within weeks of a truce, minister says"}
	cases := []struct {
		name, source string
		want         []news.Paragraph
	}{
		{
			"an article element with furniture around and in it",
			`<!doctype html><html lang="en"><head><title>Denmark offers battalion for Ukraine force - The Daily Example</title>
			<meta property="og:description" content="Copenhagen could deploy within weeks of a truce, minister says"></head><body>
			<nav><a href="/">Home</a><a href="/world">World</a></nav>
			<div id="consent"><p>We use cookies to improve our website. You agree to our privacy policy by clicking here.</p></div>
			<article><h1>Denmark offers battalion for Ukraine force</h1><p class="standfirst">Copenhagen could deploy within weeks of a truce, minister says</p>
			<div class="byline">By Ida Lund</div><time>12 February 2026</time>
			<figure><img src="a.jpg" alt="Danish soldiers in the snow"><figcaption>Danish troops on exercise. Photograph: Ida Lund/EPA</figcaption></figure>` + first3 +
				`<aside><h3>Related</h3><ul><li><a href="/a">Kremlin dismisses proposal for a force</a></li></ul></aside>
			<form><p>Sign up to our newsletter</p><input name="email"></form>` + last2 + `</article>
			<footer><p>© 2026 The Daily Example. All rights reserved.</p></footer></body></html>`,
			number([]news.Paragraph{headline, deck}, bodies(firstTexts, lastTexts)...),
		},
		{
			"a page without any structure",
			`<html><body><div><div>Home</div><div>World</div></div><div class="x1"><div class="t">Denmark offers battalion for Ukraine force</div>
			<div>By Ida Lund</div>` + strings.NewReplacer("<p>", "<div>", "</p>", "</div>").Replace(first3+last2) + `</div>
			<div>Most read</div><div>Ten recipes for winter squash</div><div>Storm to hit the coast on Friday</div></body></html>`,
			number([]news.Paragraph{headline}, bodies(firstTexts, lastTexts)...),
		},
		{
			"paragraphs made of line breaks in a page that is one form",
			`<html><body><form id="aspnet"><h1>Denmark offers battalion for Ukraine force</h1><span>By Ida Lund</span><div id="text">` +
				strings.Join(append(firstTexts, lastTexts...), "<br><br>") + strings.Repeat("<br>", 3) + `</div></form></body></html>`,
			number([]news.Paragraph{headline}, bodies(firstTexts, lastTexts)...),
		},
		{
			"list items and cross-headings belong to the body",
			`<html><body><article><h1>Denmark offers battalion for Ukraine force</h1><p>By Ida Lund</p>` + first3 +
				`<h2>What happens next</h2><p>The ministers agreed on three steps that are to be taken before the end of the month:</p>
			<ul><li>to send officers to the headquarters near Kyiv</li><li>to choose the ports that the force will guard</li></ul>` + last2 + `</article></body></html>`,
			number([]news.Paragraph{headline}, bodies(firstTexts, []string{"What happens next",
				"The ministers agreed on three steps that are to be taken before the end of the month:",
				"to send officers to the headquarters near Kyiv", "to choose the ports that the force will guard"}, lastTexts)...),
		},
		{
			"hidden text is not read",
			`<html><body><article><h1>Denmark offers battalion for Ukraine force</h1><p>By Ida Lund</p><p style="display: none">You have reached the end of your free articles for this month and should now subscribe.</p>
			<div hidden><p>This paragraph is hidden from those who read the page and must stay so.</p></div>` + first3 + last2 + `</article></body></html>`,
			number([]news.Paragraph{headline}, bodies(firstTexts, lastTexts)...),
		},
		{
			"links that the extraction library leaves out",
			`<html><body><article><h1>Denmark offers battalion for Ukraine force</h1><p>By Ida Lund</p>` + first3 +
				`<div class="sidebar"><ul><li><a href="/a">Kremlin dismisses idea</a></li></ul></div>` + last2 + `</article></body></html>`,
			number([]news.Paragraph{headline}, bodies(firstTexts, lastTexts)...),
		},
		{
			"a dialog that the extraction library takes for the article",
			`<html><body><div><h1>Denmark offers battalion for Ukraine force</h1>` + strings.NewReplacer("<p>", "<div><span>", "</p>", "</span></div>").Replace(first3+last2) + `</div>
			<div>Most read</div>` + "<div>" + strings.ReplaceAll("Europe Africa Asia Americas Football Tennis Rowing Chess Opera Cinema Books Gardens", " ", "</div><div>") + `</div><div class="article-content"><p>The first prize of the summer draw is a week for two in a house by the sea, with a boat and a garden.</p>
			<p>The second prize is a bicycle, which the winner may choose from the shops that take part, in any colour, with lights.</p>
			<p>The third prize is a basket of cheese from the mountains, sent by post before the end of the year, with a letter.</p>
			<p>Winners are drawn by lot, told by post, and named in the autumn, unless they would rather that nobody knew.</p></div></body></html>`,
			number([]news.Paragraph{headline}, bodies(firstTexts, lastTexts)...),
		},
		{
			"a fragment of paragraphs", first3 + last2, number(bodies(firstTexts, lastTexts)),
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := parseHTML([]byte(c.source), "https://example.com/a")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.paragraphs); diff != "" {
				t.Errorf("paragraphs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMetadataIsReadFromWhereverItStands(t *testing.T) {
	day := time.Date(2026, 2, 12, 18, 41, 0, 0, time.UTC)
	rest := `</head><body><h1>A headline</h1>` + first3 + last2 + `</body></html>`
	cases := []struct {
		name, head string
		want       page
	}{
		{
			"a graph of linked data",
			`<html lang="en-GB"><head><script type="application/ld+json">{"@graph":[{"@type":"Organization","name":"X"},
			{"@type":["NewsArticle"],"headline":"Denmark &amp; the force","author":[{"name":"Ida Lund"},{"name":"Bo Frost"}],
			"datePublished":"2026-02-12T19:41:00+01:00","publisher":{"name":"The Daily Example"}}]}</script><link rel="canonical" href="https://example.com/a">`,
			page{title: "Denmark & the force", byline: "Ida Lund, Bo Frost", siteName: "The Daily Example", url: "https://example.com/a", language: "en-GB", published: day},
		},
		{
			"Open Graph and plain meta elements",
			`<html><head><meta property="og:title" content="Denmark and the force"><meta property="og:site_name" content="The Daily Example">
			<meta name="author" content="Ida Lund"><meta property="article:published_time" content="2026-02-12T18:41:00Z"><meta property="og:url" content="https://example.com/a">`,
			page{title: "Denmark and the force", byline: "Ida Lund", siteName: "The Daily Example", url: "https://example.com/a", published: day},
		},
		{"broken linked data is passed over", `<html><head><title>Denmark and the force</title><script type="application/ld+json">{"@type":"NewsArticle","headline":</script>`,
			page{title: "Denmark and the force"}},
		{"nothing at all", `<html><head>`, page{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := parseHTML([]byte(c.head+rest), "")
			if err != nil {
				t.Fatal(err)
			}
			got.paragraphs = nil
			if got.title == "A headline" {
				got.title = c.want.title // the page shows another one
			}
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(page{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestMonstrousHTMLIsStillRead(t *testing.T) {
	cases := map[string]string{
		"elements nested ten thousand deep": strings.Repeat("<div>", 10_000) + first3 + last2,
		"half a million empty tags":         "<html><body>" + strings.Repeat("<b></b>", 500_000) + first3 + last2,
		"a table in a table in a table":     strings.Repeat("<table><tr><td>", 3000) + first3 + last2,
		"an unclosed comment at the end":    first3 + last2 + "<!-- " + strings.Repeat("x", 1<<20),
		"attributes without end":            "<p " + strings.Repeat(`a="b" `, 100_000) + ">" + first3 + last2,
	}
	for name, source := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := parseHTML([]byte(source), "")
			if err != nil {
				t.Fatal(err)
			}
			var texts []string
			for _, p := range got.paragraphs {
				texts = append(texts, p.Text)
			}
			all := strings.Join(texts, " ")
			for _, want := range append(firstTexts, lastTexts...) {
				if !strings.Contains(all, want) {
					t.Errorf("lost %q", want)
				}
			}
		})
	}
}

func FuzzParseHTML(f *testing.F) {
	f.Add([]byte(`<html><body><h1>A</h1>` + first3 + last2))
	f.Add([]byte(`<p>a<br><table><p>b</table><script>c</script><!--d`))
	f.Add([]byte(`<script type="application/ld+json">[{"@type":"NewsArticle","author":[[]],"headline":{}}]</script>`))
	f.Add([]byte(strings.Repeat("<div>", 600) + "text"))
	f.Fuzz(func(t *testing.T, source []byte) {
		source = []byte(strings.ToValidUTF8(string(source), "�"))
		p, err := parseHTML(source, "")
		if err == nil {
			checkParagraphs(t, p.paragraphs)
		}
	})
}
