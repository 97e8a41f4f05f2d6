package evaluate

import (
	"fmt"
	"slices"
	"strings"

	"stance/pipeline/news"
)

// Figures describes the sets in Markdown, as their datasheet quotes it: sizes, distributions, rules, agreement, checksums.
func (s *Sets) Figures() string {
	var b strings.Builder
	b.WriteString("| set | articles | body paragraphs | of 80 words or more | pairs | pro | anti | neutral | actors | contrasts |\n")
	b.WriteString("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
	for _, set := range s.All {
		c := set.count()
		fmt.Fprintf(&b, "| %s | %d | %d | %s | %d | %s | %s | %s | %d | %d |\n", set.Name, len(set.Articles), c.body, percent(c.long, c.body), c.pairs,
			percent(c.labels[news.Pro], c.pairs), percent(c.labels[news.Anti], c.pairs), percent(c.labels[news.Neutral], c.pairs), len(c.actors), c.contrasts)
	}
	if n := len(s.Silver); n > 0 {
		pairs, labels := 0, map[news.Label]int{}
		actors := map[string]bool{}
		for _, p := range s.Silver {
			for _, a := range p.Actors {
				pairs++
				labels[a.Label]++
				actors[a.ID] = true
			}
		}
		fmt.Fprintf(&b, "| silver | - | %d | - | %d | %s | %s | %s | %d | - |\n", n, pairs, percent(labels[news.Pro], pairs), percent(labels[news.Anti], pairs), percent(labels[news.Neutral], pairs), len(actors))
	}

	b.WriteString("\n| pairs in paragraphs that a rule decides |")
	for rule := range hardCaseRules {
		fmt.Fprintf(&b, " %d |", rule+1)
	}
	b.WriteString("\n|" + strings.Repeat(" --- |", hardCaseRules+1) + "\n")
	for _, set := range s.All {
		c := set.count()
		for _, label := range news.Labels {
			fmt.Fprintf(&b, "| %s, %s |", set.Name, label)
			for rule := range hardCaseRules {
				fmt.Fprintf(&b, " %d |", c.rules[rule+1][label])
			}
			b.WriteString("\n")
		}
	}

	var agreements []string
	for _, set := range s.All {
		if a, ok := Agree(set.Articles); ok {
			agreements = append(agreements, fmt.Sprintf("| %s | %d | %s | %s | %.3f | %d | %d |", set.Name, a.Pairs, percent(a.Pairs, a.Either),
				fmt.Sprintf("%.1f %%", 100*a.Share()), a.Kappa, a.Pairs-a.Same, a.Decided))
		}
	}
	if agreements != nil {
		b.WriteString("\n| set | pairs that both readers saw | of all pairs that either saw | same label | Cohen's κ | different label | of these, decided as the first had it |\n| --- | --- | --- | --- | --- | --- | --- |\n")
		b.WriteString(strings.Join(agreements, "\n") + "\n")
	}

	if len(s.Behaviour) > 0 {
		cases, by := 0, map[string]int{}
		var capabilities []string
		for _, t := range s.Behaviour {
			cases += len(t.Fillings)
			if by[t.Capability] == 0 {
				capabilities = append(capabilities, t.Capability)
			}
			by[t.Capability]++
		}
		for i, c := range capabilities {
			capabilities[i] = fmt.Sprintf("%s %d", c, by[c])
		}
		fmt.Fprintf(&b, "\nBehavioural suite: %d templates, %d cases (%s).\n", len(s.Behaviour), cases, strings.Join(capabilities, ", "))
	}

	b.WriteString("\n```\n")
	for _, sum := range s.sums {
		b.WriteString(sum + "\n")
	}
	b.WriteString("```\n")
	return b.String()
}

// count is how much there is of what in a set.
type count struct {
	body, long, pairs, contrasts int
	labels                       map[news.Label]int
	rules                        map[int]map[news.Label]int // pairs in the paragraphs in which a rule decides something
	actors                       map[string]bool
}

// longWords is from how many words on a paragraph counts as long.
const longWords = 80

func (s Set) count() count {
	c := count{labels: map[news.Label]int{}, rules: map[int]map[news.Label]int{}, actors: map[string]bool{}}
	for _, a := range s.Articles {
		for _, p := range a.Paragraphs {
			if p.Kind == news.Body {
				c.body++
				if len(strings.Fields(p.Text)) >= longWords {
					c.long++
				}
			}
			if p.Contrast != nil {
				c.contrasts++
			}
			for actor, label := range p.Labels {
				c.pairs++
				c.labels[label]++
				c.actors[actor] = true
			}
			for _, rule := range slices.Compact(slices.Sorted(slices.Values(p.Rules))) {
				if c.rules[rule] == nil {
					c.rules[rule] = map[news.Label]int{}
				}
				for _, label := range p.Labels {
					c.rules[rule][label]++
				}
			}
		}
	}
	return c
}

func percent(part, whole int) string { return fmt.Sprintf("%.1f %%", 100*share(part, whole)) }
