package evaluate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"stance/pipeline/news"
)

// Slice is the gold pairs that have something in common, and how well a judge does on them.
type Slice struct {
	By       string  `json:"by"`   // what they are sorted by, such as "rule"
	Name     string  `json:"name"` // what they have in common, such as "3"
	Pairs    int     `json:"pairs"`
	Articles int     `json:"articles"`
	MacroF1  float64 `json:"macro_f1"` // over the labels that occur in them
	Accuracy float64 `json:"accuracy"`
	Low      float64 `json:"accuracy_low"` // 95 % interval of the accuracy, by bootstrap over articles
	High     float64 `json:"accuracy_high"`
	Few      bool    `json:"few"` // too few pairs or articles to say anything
}

// Fewer cases than these say nothing of a slice.
const (
	FewPairs    = 30
	FewArticles = 5
)

// sortings are what pairs are sorted by. A pair may belong to several slices of one sorting.
var sortings = []struct {
	by    string
	names func(Pair) []string
}{
	{"label", func(p Pair) []string { return []string{string(p.Gold)} }},
	{"genre", func(p Pair) []string { return []string{cmp.Or(p.Genre, "unknown")} }},
	{"paragraph", func(p Pair) []string { return []string{string(p.Kind)} }},
	{"actor", func(p Pair) []string {
		return []string{cmp.Or(string(p.Actor.Kind), "not in the inventory")}
	}},
	{"found by", func(p Pair) []string {
		switch {
		case p.Said.Label == "":
			return []string{"missed"}
		case p.Actor.ID == news.TheAuthor.ID:
			return []string{"author"}
		}
		return []string{string(p.How)}
	}},
	{"rule", func(p Pair) (names []string) {
		for _, r := range p.Rules {
			names = append(names, fmt.Sprintf("%02d", r))
		}
		return names
	}},
	{"length", func(p Pair) []string {
		switch n := len(strings.Fields(p.Text)); {
		case n < 40:
			return []string{"under 40 words"}
		case n < longWords:
			return []string{"40 to 79 words"}
		}
		return []string{"80 words or more"}
	}},
	{"sides", func(p Pair) []string {
		if p.Divided {
			return []string{"both in the paragraph"}
		}
		return []string{"one at most"}
	}},
	{"window", func(p Pair) []string {
		if p.Said.Truncated {
			return []string{"truncated"}
		}
		return []string{"whole paragraph"}
	}},
	{"country", func(p Pair) []string {
		if p.Country == "" {
			return nil
		}
		return []string{p.Country}
	}},
}

// Slices measures a judge on the gold pairs, sorted in several ways; each sorting begins with its largest slice.
func (s *Scored) Slices() (out []Slice) {
	for _, sorting := range sortings {
		parts := map[string][][]Pair{}
		for i, pairs := range s.Articles {
			for _, p := range pairs {
				if p.Gold == "" {
					continue
				}
				for _, name := range sorting.names(p) {
					if parts[name] == nil {
						parts[name] = make([][]Pair, len(s.Articles))
					}
					parts[name][i] = append(parts[name][i], p)
				}
			}
		}
		var made []Slice
		for name, articles := range parts {
			made = append(made, newSlice(sorting.by, name, articles))
		}
		slices.SortFunc(made, func(a, b Slice) int { return cmp.Or(cmp.Compare(b.Pairs, a.Pairs), cmp.Compare(a.Name, b.Name)) })
		out = append(out, made...)
	}
	return out
}

func newSlice(by, name string, articles [][]Pair) Slice {
	articles = slices.DeleteFunc(articles, func(a []Pair) bool { return len(a) == 0 })
	part := &Scored{Articles: articles}
	m := Measure(part.Pairs())
	s := Slice{By: by, Name: name, Pairs: m.Pairs, Articles: len(articles), Accuracy: m.Accuracy, Few: m.Pairs < FewPairs || len(articles) < FewArticles}
	occurring := 0
	for _, label := range news.Labels {
		if l := m.Labels[label]; l.Gold > 0 {
			occurring++
			s.MacroF1 += l.F1
		}
	}
	s.MacroF1 /= float64(max(occurring, 1))
	var drawn []float64
	part.sample(func(m Metrics) { drawn = append(drawn, m.Accuracy) })
	e := interval(m.Accuracy, drawn)
	s.Low, s.High = e.Low, e.High
	return s
}
