package evaluate

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"stance/pipeline/news"
)

// Sets is a folder of labelled sets: train.jsonl, dev.jsonl and test.jsonl, and beside them, each where there is one,
// silver.jsonl, behaviour.jsonl and the datasheet, README.md.
type Sets struct {
	All       []Set // in the order train, dev, test
	Silver    []Silver
	Behaviour []Behaviour
	Datasheet string

	sums []string // "name sha256" of every file that was read but the datasheet
}

// Set is one labelled set.
type Set struct {
	Name     string // "train", "dev" or "test"
	Articles []Article
}

// ReadSets reads a folder. Its error names every line of every file that breaks the format.
func ReadSets(folder fs.FS) (*Sets, error) {
	s := &Sets{}
	var errs []error
	read := func(name string, parse func(io.Reader) error) bool {
		data, err := fs.ReadFile(folder, name)
		if errors.Is(err, fs.ErrNotExist) {
			return false
		}
		if err == nil {
			err = parse(bytes.NewReader(data))
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
		if name != datasheet {
			s.sums = append(s.sums, fmt.Sprintf("%x  %s", sha256.Sum256(data), name))
		}
		return true
	}
	for _, name := range []string{"train", "dev", "test"} {
		read(name+".jsonl", func(r io.Reader) error {
			articles, err := ReadSet(r)
			s.All = append(s.All, Set{name, articles})
			return err
		})
	}
	read("silver.jsonl", func(r io.Reader) (err error) {
		s.Silver, err = ReadSilver(r)
		return err
	})
	read("behaviour.jsonl", func(r io.Reader) (err error) {
		s.Behaviour, err = ReadBehaviour(r)
		return err
	})
	read(datasheet, func(r io.Reader) error {
		data, err := io.ReadAll(r)
		s.Datasheet = string(data)
		return err
	})
	if len(errs) == 0 && len(s.All) == 0 {
		return nil, errors.New("the folder holds none of train.jsonl, dev.jsonl and test.jsonl")
	}
	return s, errors.Join(errs...)
}

const datasheet = "README.md"

// Check holds the sets against each other and against the actors: known says whether the inventory has an id, slug makes
// an id of a name. It returns an error for each actor that is neither known nor named in his article, and for each article
// or paragraph that stands in two sets, exactly or nearly, and one where the datasheet lacks some of Figures.
func (s *Sets) Check(known func(id string) bool, slug func(name string) string) (errs []error) {
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	articles, x := map[string]string{}, newIndex()
	for _, set := range s.All {
		before := len(x.where)
		for _, a := range set.Articles {
			if other, both := articles[a.ID]; both {
				fail("article %q stands in %s and in %s", a.ID, other, set.Name)
			}
			articles[a.ID] = set.Name
			for _, id := range a.actors() {
				if !known(id) && !a.names(id, slug) {
					fail("%s, article %q: actor %q is neither in the inventory nor named in the article", set.Name, a.ID, id)
				}
			}
			for i, p := range a.Paragraphs {
				if p.Labels == nil {
					fail("%s, article %q: paragraph %d has no labels", set.Name, a.ID, i)
				}
				for _, text := range p.texts() {
					at, runs := place{set.Name, a.ID, text}, shingles(text)
					x.shared(runs, func(n, common int) {
						if n < before && float64(common) >= maxJaccard*float64(x.sizes[n]+len(runs)-common) {
							fail("%v resembles %v", at, x.where[n])
						}
					})
					x.add(at, runs)
				}
			}
		}
	}
	for _, b := range s.Behaviour {
		for i := range b.Fillings {
			for _, f := range b.Fillings[i] {
				if f.Actor != "" && !known(f.Actor) {
					fail("behaviour, template %q: actor %q is not in the inventory", b.ID, f.Actor)
				}
			}
		}
	}
	if missing := s.missing(); len(missing) > 0 {
		fail("%s lacks %d lines of these figures: put them in the place of the old ones; the first is %s", datasheet, len(missing), missing[0])
	}
	return errs
}

// texts returns the text of the paragraph and that of its contrast, where it has one.
func (p Paragraph) texts() []string {
	if p.Contrast == nil {
		return []string{p.Text}
	}
	return []string{p.Text, p.Contrast.Text}
}

// missing lists the lines of the figures that the datasheet does not have; none where there is no datasheet.
func (s *Sets) missing() (lines []string) {
	for line := range strings.Lines(s.Figures()) {
		if line = strings.TrimSpace(line); s.Datasheet != "" && !strings.Contains(s.Datasheet, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// actors lists the ids that some paragraph or contrast of the article labels, but for the author's.
func (a Article) actors() []string {
	var out []string
	add := func(labels map[string]news.Label) {
		for id := range labels {
			if id != news.TheAuthor.ID {
				out = append(out, id)
			}
		}
	}
	for _, p := range a.Paragraphs {
		add(p.Labels)
		if p.Contrast != nil {
			add(p.Contrast.Labels)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// names says whether every word of an id stands in the article: the id of somebody whom the inventory lacks is the slug of his name.
func (a Article) names(id string, slug func(string) string) bool {
	words := a.words(slug)
	for w := range strings.SplitSeq(id, "-") {
		if !words[w] {
			return false
		}
	}
	return true
}

// words are the words of an article as they stand in slugs, those with a possessive ending also without it.
func (a Article) words(slug func(string) string) map[string]bool {
	words := map[string]bool{}
	for _, p := range a.Paragraphs {
		for w := range strings.SplitSeq(slug(strings.Join(p.texts(), " ")+" "+a.Byline), "-") {
			words[w] = true
			words[strings.TrimSuffix(w, "s")] = true
		}
	}
	return words
}

// Strangers counts the gold actors of a set's articles whom nobody could find: known does not know the id, and no word of it stands in
// the article. The example names the first.
func Strangers(set []Article, known func(id string) bool, slug func(name string) string) (n int, example string) {
	for _, a := range set {
		ids := map[string]bool{}
		for _, p := range a.Paragraphs {
			for id := range p.Labels {
				ids[id] = ids[id] || !known(id) && !slices.Contains(p.Optional, id)
			}
		}
		var words map[string]bool
		for _, id := range slices.Sorted(maps.Keys(ids)) {
			if !ids[id] {
				continue
			}
			if words == nil {
				words = a.words(slug)
			}
			if !slices.ContainsFunc(strings.Split(id, "-"), func(w string) bool { return words[w] }) {
				if n++; n == 1 {
					example = fmt.Sprintf("%s in article %q", id, a.ID)
				}
			}
		}
	}
	return n, example
}

// Contrasts returns the contrasts of a set, each as its whole article with the edited paragraph in place of the original.
// Only that paragraph keeps labels, so that nothing of the article counts twice. Its id is that of the article and the
// number of the paragraph, from 0: "a-01~7".
func Contrasts(set []Article) []Article {
	var out []Article
	for _, a := range set {
		for i, p := range a.Paragraphs {
			if p.Contrast == nil {
				continue
			}
			c := a
			c.ID = fmt.Sprintf("%s~%d", a.ID, i)
			c.Paragraphs = make([]Paragraph, len(a.Paragraphs))
			for j, q := range a.Paragraphs {
				c.Paragraphs[j] = Paragraph{Kind: q.Kind, Text: q.Text}
			}
			c.Paragraphs[i] = Paragraph{Kind: p.Kind, Text: p.Contrast.Text, Labels: p.Contrast.Labels}
			out = append(out, c)
		}
	}
	return out
}
