package evaluate

import (
	"context"
	"hash/fnv"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"stance/pipeline/news"
)

// Baselines are the floor under every model: judges that read nothing, that know only who is speaking, and that know only
// which words stand around him. They learn from the pairs of a set that the finder sees.
func Baselines(train []Article, read []Read) []Judge {
	var labels [3]int
	byActor := map[string]*[3]int{}
	words := &wordsJudge{}
	var examples []example
	for _, p := range goldSubjects(train, read) {
		labels[indexOf(p.gold)]++
		if byActor[p.subject.Actor.ID] == nil {
			byActor[p.subject.Actor.ID] = new([3]int)
		}
		byActor[p.subject.Actor.ID][indexOf(p.gold)]++
		examples = append(examples, example{features(p.text, p.subject), indexOf(p.gold)})
	}
	words.learn(examples)
	side := sideJudge{other: most(labels), of: map[string]news.Label{}}
	for actor, n := range byActor {
		side.of[actor] = most(*n)
	}
	return []Judge{majorityJudge(most(labels)), side, words}
}

// most is the most frequent label, the last of those that are equally frequent: neutral before a side.
func most(n [3]int) news.Label {
	best := 0
	for i := range n {
		if n[i] >= n[best] {
			best = i
		}
	}
	return news.Labels[best]
}

type goldSubject struct {
	text    string
	subject news.Subject
	gold    news.Label
}

func goldSubjects(set []Article, read []Read) (out []goldSubject) {
	gold := map[[2]string]map[string]news.Label{}
	for _, a := range set {
		for _, p := range a.Paragraphs {
			gold[[2]string{a.ID, plain(p.Text)}] = p.Labels
		}
	}
	for _, r := range read {
		for i, p := range r.Article.Paragraphs {
			labels := gold[[2]string{r.Article.ID, plain(p.Text)}]
			for _, s := range r.Subjects[i] {
				if label, ok := labels[s.Actor.ID]; ok {
					out = append(out, goldSubject{p.Text, s, label})
				}
			}
		}
	}
	return out
}

// majorityJudge gives every pair the label that is most frequent in train.
type majorityJudge news.Label

func (majorityJudge) ID() string { return "majority" }

func (j majorityJudge) Label(_ context.Context, _ string, subjects []news.Subject) ([]news.Stance, error) {
	return certain(subjects, func(news.Actor) news.Label { return news.Label(j) }), nil
}

// sideJudge gives every actor the label that he has most often in train, whatever the paragraph says.
type sideJudge struct {
	of    map[string]news.Label
	other news.Label // of actors that train does not know
}

func (sideJudge) ID() string { return "usual side" }

func (j sideJudge) Label(_ context.Context, _ string, subjects []news.Subject) ([]news.Stance, error) {
	return certain(subjects, func(a news.Actor) news.Label {
		if label, ok := j.of[a.ID]; ok {
			return label
		}
		return j.other
	}), nil
}

func certain(subjects []news.Subject, label func(news.Actor) news.Label) []news.Stance {
	out := make([]news.Stance, len(subjects))
	for i, s := range subjects {
		out[i].Label, out[i].Margin = label(s.Actor), 1
		out[i].P[indexOf(out[i].Label)] = 1
	}
	return out
}

// wordsJudge is a multinomial logistic regression over words, pairs of words and words near the actor, hashed (Weinberger
// et al. 2009), learnt with Adagrad. Whose name it is is not among the features.
type wordsJudge struct{ weights [][3]float32 } // by hashed feature and label

const (
	hashBits = 18
	passes   = 8
	near     = 6 // words to either side of a mention
)

type example struct {
	features []uint32
	gold     int
}

func (*wordsJudge) ID() string { return "bag of words" }

func (j *wordsJudge) Label(_ context.Context, text string, subjects []news.Subject) ([]news.Stance, error) {
	out := make([]news.Stance, len(subjects))
	for i, s := range subjects {
		p := j.probabilities(features(text, s))
		first, second := 0, -1
		for k := range p {
			out[i].P[k] = float32(p[k])
			if k > 0 && p[k] > p[first] {
				first, second = k, first
			} else if k > 0 && (second < 0 || p[k] > p[second]) {
				second = k
			}
		}
		out[i].Label, out[i].Margin = news.Labels[first], float32(p[first]-p[second])
	}
	return out, nil
}

func (j *wordsJudge) probabilities(features []uint32) (p [3]float64) {
	var z [3]float64
	for _, f := range features {
		for k, w := range j.weights[f] {
			z[k] += float64(w)
		}
	}
	sum, scale := 0.0, 1/math.Sqrt(float64(len(features)))
	for k := range p {
		p[k] = math.Exp(z[k] * scale)
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
	}
	return p
}

// learn weighs rare labels by the root of how much rarer they are, since macro-F1 is what is measured.
func (j *wordsJudge) learn(examples []example) {
	const rate = 0.3
	j.weights = make([][3]float32, 1<<hashBits)
	squares := make([][3]float32, 1<<hashBits)
	var n [3]float64
	for _, e := range examples {
		n[e.gold]++
	}
	rnd := rand.New(rand.NewPCG(seed, 0))
	order := rnd.Perm(len(examples))
	for range passes {
		rnd.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
		for _, i := range order {
			e := examples[i]
			p := j.probabilities(e.features)
			weight := math.Sqrt(float64(len(examples)) / (3 * n[e.gold]))
			scale := 1 / math.Sqrt(float64(len(e.features)))
			var g [3]float32
			for k := range p {
				g[k] = float32(weight * scale * (p[k] - float64(one(k == e.gold))))
			}
			for _, f := range e.features {
				w, q := j.weights[f], squares[f]
				for k := range g {
					q[k] += g[k] * g[k]
					w[k] -= rate * g[k] / (1e-3 + float32(math.Sqrt(float64(q[k]))))
				}
				j.weights[f], squares[f] = w, q
			}
		}
	}
}

// features are the hashed words of a text, of its pairs of words and of what stands near a subject, and what kind of actor it is.
func features(text string, s news.Subject) []uint32 {
	var out []uint32
	add := func(parts ...string) {
		h := fnv.New32a()
		for _, p := range parts {
			io.WriteString(h, p)
			h.Write([]byte{0})
		}
		out = append(out, h.Sum32()>>(32-hashBits))
	}
	add("kind", string(s.Actor.Kind))
	words, at := wordsOf(text)
	for i, w := range words {
		add("word", w)
		if i > 0 {
			add("pair", words[i-1], w)
		}
	}
	for _, m := range s.Mentions {
		first, _ := slices.BinarySearch(at, m.Start)
		next, _ := slices.BinarySearch(at, m.End)
		for i := max(0, first-near); i < first; i++ {
			add("before", words[i])
		}
		for i := next; i < min(len(words), next+near); i++ {
			add("after", words[i])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// wordsOf splits a text into words in lower case and says at which rune each begins.
func wordsOf(text string) (words []string, at []int) {
	var b strings.Builder
	n, began := 0, 0
	end := func() {
		if b.Len() > 0 {
			words, at = append(words, b.String()), append(at, began)
			b.Reset()
		}
	}
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if b.Len() == 0 {
				began = n
			}
			b.WriteRune(unicode.ToLower(r))
		} else if r != '\'' && r != '’' {
			end()
		}
		n++
	}
	end()
	return words, at
}
