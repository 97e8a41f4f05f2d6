package evaluate

import "stance/pipeline/news"

// Agreement is how far two readers, blind to each other, say the same.
type Agreement struct {
	Pairs   int     // (paragraph, actor) pairs that both labelled
	Either  int     // pairs that at least one labelled: an actor may be seen by one alone
	Same    int     // pairs to which both gave the same label
	Kappa   float64 // Cohen's κ over Pairs (Cohen 1960); 1 where both use one and the same label throughout
	Decided int     // pairs of Pairs that were decided as the first reader had them, of those on which they differ
}

// Share is the share of pairs with the same label, of those that both labelled.
func (a Agreement) Share() float64 { return share(a.Same, a.Pairs) }

// Agree compares the first two readers of a set; ok is false where no paragraph has two.
func Agree(set []Article) (a Agreement, ok bool) {
	var first, second [3]int
	of := map[news.Label]int{}
	for i, l := range news.Labels {
		of[l] = i
	}
	for _, article := range set {
		for _, p := range article.Paragraphs {
			if len(p.Readers) < 2 {
				continue
			}
			ok = true
			x, y := p.Readers[0], p.Readers[1]
			a.Either += len(y)
			for actor, l := range x {
				m, both := y[actor]
				if !both {
					a.Either++
					continue
				}
				a.Pairs++
				first[of[l]]++
				second[of[m]]++
				if l == m {
					a.Same++
				} else if p.Labels[actor] == l {
					a.Decided++
				}
			}
		}
	}
	chance := 0.0
	for i := range first {
		chance += share(first[i], a.Pairs) * share(second[i], a.Pairs)
	}
	a.Kappa = 1
	if chance < 1 {
		a.Kappa = (a.Share() - chance) / (1 - chance)
	}
	return a, ok
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
