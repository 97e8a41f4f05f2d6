package evaluate

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"stance/pipeline/news"
)

// Outside is a set in whatever format it was kept. In a set of somebody else's, readers were asked about some actors of a paragraph and
// nobody knows where the others stand, so that these count for nothing.
type Outside struct {
	Set     []Article
	Partial bool   // only labelled actors were judged
	Read    []Read // what judges are given; nil where the pipeline reads the articles itself, as it reads a user's
}

// ReadOutside reads a set of ours (JSON lines), an export of Label Studio (a JSON array) or a table (CSV, see readTable), whatever its
// file is called. who knows the actor whom an id or a name means; find sees the actors of an article.
func ReadOutside(text []byte, who func(name string) news.Actor, find func(*news.Article) [][]news.Subject) (o Outside, err error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	header, _, _ := strings.Cut(string(text), "\n")
	isColumn := func(cell string) bool {
		return slices.Contains(columns[:3], strings.ToLower(strings.Trim(cell, "\" \r")))
	}
	switch begin := bytes.TrimSpace(text); {
	case !utf8.Valid(text):
		return o, errors.New("the file is not UTF-8: save it as UTF-8")
	case bytes.HasPrefix(begin, []byte("{")):
		o.Set, err = ReadSet(bytes.NewReader(text))
	case bytes.HasPrefix(begin, []byte("[")):
		o.Partial = true
		if o.Set, err = readTasks(bytes.NewReader(text), who); err != nil {
			err = fmt.Errorf("read Label Studio's tasks: %w", err)
		}
	case slices.ContainsFunc(strings.FieldsFunc(header, func(r rune) bool { return r == ',' || r == ';' || r == '\t' }), isColumn):
		o.Partial = true
		if o.Set, o.Read, err = readTable(bytes.NewReader(text), who, find); err != nil {
			err = fmt.Errorf("read table: %w", err)
		}
	default:
		err = errors.New("it is no labelled set: neither JSON, nor CSV whose first line has the columns text, actor and label")
	}
	return o, err
}

// eachLabel is what labels of somebody else's set must pass.
func eachLabel(_ news.ParagraphKind, labels map[string]news.Label) error {
	for _, id := range slices.Sorted(maps.Keys(labels)) {
		if !slices.Contains(news.Labels[:], labels[id]) {
			return fmt.Errorf("label %q of %s is none of %v", labels[id], id, news.Labels)
		}
	}
	return nil
}

// readTasks reads Label Studio's tasks, which have to have a text and an actor only: one without an article is an article of its own.
func readTasks(r io.Reader, who func(name string) news.Actor) ([]Article, error) {
	all, err := labelStudioTasks(r)
	if err != nil {
		return nil, err
	}
	first := map[string]string{} // the article of each text
	for i := range all {
		t := &all[i]
		if t.Actor == "" && len(t.answers) > 0 {
			return nil, fmt.Errorf("task %d is answered but names no actor: give its data the field actor", i+1)
		}
		if t.Article == "" {
			if first[t.Text] == "" {
				first[t.Text] = fmt.Sprintf("task-%d", i+1)
			}
			t.Article, t.Paragraph = first[t.Text], 0
		}
		t.Kind = cmp.Or(t.Kind, news.Body)
		if t.Actor != "" {
			t.Actor = who(t.Actor).ID
		}
	}
	return assemble(onlyReader(all), eachLabel)
}

// OnlyLabelled leaves, of the actors that the pipeline sees in a partial set, those about whom readers were asked.
func OnlyLabelled(set []Article, read []Read) (out []Read) {
	asked := map[[2]string]map[string]news.Label{}
	for _, a := range set {
		for _, p := range a.Paragraphs {
			asked[[2]string{a.ID, plain(p.Text)}] = p.Labels
		}
	}
	for _, r := range read {
		subjects := make([][]news.Subject, len(r.Subjects))
		for i, p := range r.Article.Paragraphs {
			labels := asked[[2]string{r.Article.ID, plain(p.Text)}]
			subjects[i] = slices.DeleteFunc(slices.Clone(r.Subjects[i]), func(s news.Subject) bool { return labels[s.Actor.ID] == "" })
		}
		out = append(out, Read{r.Article, subjects})
	}
	return out
}

// columns of a table; those after the third may be missing.
var columns = []string{"text", "actor", "label", "id", "start", "end"}

// tableRow is a row of a table: where somebody stands in a text.
type tableRow struct {
	line       int
	text       []rune
	name       string
	actor      news.Actor
	label      news.Label
	id         string
	start, end int // of a mention, half open, in characters of the text; both 0 where it is not told
}

// readTable reads a table with a header. Each row says where an actor stands in a text; start and end tell one of his mentions. Rows of one
// text are a body paragraph, and paragraphs of one id are an article; without an id each text is one. The actors are given to the judges
// with their mentions: the places told, else those of the name in the text, else those that find sees.
func readTable(r io.Reader, who func(name string) news.Actor, find func(*news.Article) [][]news.Subject) ([]Article, []Read, error) {
	rows, err := tableRows(r, who)
	if err != nil {
		return nil, nil, err
	}
	var set []Article
	var errs []error
	told := map[[2]string][]tableRow{} // by article and plain text
	at := map[string]int{}
	lineOf := map[string]string{}
	for _, row := range rows {
		text := plain(string(row.text))
		if row.id == "" {
			lineOf[text] = cmp.Or(lineOf[text], fmt.Sprintf("line-%d", row.line))
			row.id = lineOf[text]
		}
		i, known := at[row.id]
		if !known {
			i = len(set)
			at[row.id] = i
			set = append(set, Article{ID: row.id})
		}
		key := [2]string{row.id, text}
		if told[key] == nil {
			set[i].Paragraphs = append(set[i].Paragraphs, Paragraph{Kind: news.Body, Text: text, Labels: map[string]news.Label{}})
		}
		labels := set[i].Paragraphs[slices.IndexFunc(set[i].Paragraphs, func(p Paragraph) bool { return p.Text == text })].Labels
		if label := labels[row.actor.ID]; label != "" && label != row.label {
			errs = append(errs, fmt.Errorf("line %d: %s is %s, and %s of the same text in an earlier line: keep one of them", row.line, row.name, row.label, label))
		}
		labels[row.actor.ID] = row.label
		told[key] = append(told[key], row)
	}
	read := make([]Read, len(set))
	for i, a := range set {
		article := &news.Article{ID: a.ID, Language: "en"}
		for n, p := range a.Paragraphs {
			article.Paragraphs = append(article.Paragraphs, news.Paragraph{Index: n, Kind: p.Kind, Text: p.Text})
		}
		seen := find(article)
		read[i] = Read{article, make([][]news.Subject, len(a.Paragraphs))}
		for n, p := range a.Paragraphs {
			subjects := map[string]news.Subject{}
			for _, row := range told[[2]string{a.ID, p.Text}] {
				s := subjects[row.actor.ID]
				s.Actor = row.actor
				if s.Actor.ID != news.TheAuthor.ID {
					s.Mentions = append(s.Mentions, row.mentions(p.Text, seen[n])...)
					if len(s.Mentions) == 0 {
						errs = append(errs, fmt.Errorf("line %d: the text does not name %q: write the actor as the text does, or tell the place in the columns start and end", row.line, row.name))
					}
				}
				slices.SortFunc(s.Mentions, func(x, y news.Mention) int { return cmp.Or(x.Start-y.Start, x.End-y.End) })
				s.Mentions = slices.Compact(s.Mentions)
				subjects[s.Actor.ID] = s
			}
			read[i].Subjects[n] = slices.SortedFunc(maps.Values(subjects), func(x, y news.Subject) int {
				return cmp.Or(one(x.Actor.ID == news.TheAuthor.ID)-one(y.Actor.ID == news.TheAuthor.ID), cmp.Compare(x.Actor.ID, y.Actor.ID))
			})
		}
	}
	return set, read, errors.Join(errs...)
}

func tableRows(r io.Reader, who func(name string) news.Actor) (rows []tableRow, err error) {
	c := csv.NewReader(r)
	in := map[string]int{}
	var errs []error
	for {
		cells, err := c.Read()
		if err == io.EOF {
			break
		}
		if syntax := (*csv.ParseError)(nil); errors.As(err, &syntax) {
			return nil, errors.Join(append(errs, fmt.Errorf("line %d: %w: put a cell that holds a comma, a quotation mark or a new line in quotation marks, and double those within it", syntax.Line, syntax.Err))...)
		} else if err != nil {
			return nil, err
		}
		if len(in) == 0 {
			for i, name := range cells {
				in[strings.ToLower(strings.TrimSpace(name))] = i
			}
			for _, name := range columns[:3] {
				if _, ok := in[name]; !ok {
					return nil, fmt.Errorf("line 1: there is no column %q: the first line names text, actor and label, and may name id, start and end, with commas between", name)
				}
			}
			continue
		}
		line, _ := c.FieldPos(0)
		row, err := newTableRow(func(column string) string {
			if i, ok := in[column]; ok {
				return cells[i]
			}
			return ""
		}, who)
		if err != nil {
			errs = append(errs, fmt.Errorf("line %d: %w", line, err))
		}
		row.line = line
		rows = append(rows, row)
	}
	return rows, errors.Join(errs...)
}

func newTableRow(cell func(column string) string, who func(name string) news.Actor) (row tableRow, err error) {
	trimmed := func(column string) string { return strings.TrimSpace(cell(column)) }
	row.text, row.id, row.name, row.label = []rune(cell("text")), trimmed("id"), trimmed("actor"), news.Label(trimmed("label"))
	row.actor = who(row.name)
	switch {
	case plain(string(row.text)) == "":
		return row, errors.New("the text is empty: leave the row out")
	case row.actor.ID == "":
		return row, fmt.Errorf("actor %q is no name: give an id of the inventory or the name that the text has", row.name)
	case !slices.Contains(news.Labels[:], row.label):
		return row, fmt.Errorf("label %q of %s is none of %v: write one of these", row.label, row.name, news.Labels)
	case trimmed("start") == "" && trimmed("end") == "":
		return row, nil
	}
	start, err1 := strconv.Atoi(trimmed("start"))
	end, err2 := strconv.Atoi(trimmed("end"))
	if err1 != nil || err2 != nil || start < 0 || start >= end || end > len(row.text) {
		return row, fmt.Errorf("start %q and end %q of %s are no place in the text: give characters from 0 to %d, the end behind the last", trimmed("start"), trimmed("end"), row.name, len(row.text))
	}
	for start < end && unicode.IsSpace(row.text[start]) {
		start++
	}
	for end > start && unicode.IsSpace(row.text[end-1]) {
		end--
	}
	if start == end {
		return row, fmt.Errorf("start %q and end %q of %s hold no word", trimmed("start"), trimmed("end"), row.name)
	}
	row.start, row.end = start, end
	return row, nil
}

// mentions are the places at which the plain text names the row's actor.
func (row tableRow) mentions(text string, seen []news.Subject) (out []news.Mention) {
	runes := []rune(text)
	add := func(start, end int) {
		out = append(out, news.Mention{Start: start, End: end, Text: string(runes[start:end]), How: news.ByName})
	}
	if row.end > 0 {
		add(moved(row.text, row.start), moved(row.text, row.end))
		return out
	}
	isWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	for _, name := range []string{row.name, row.actor.Name, strings.ReplaceAll(row.actor.ID, "-", " ")} {
		if name = plain(name); name == "" {
			continue
		}
		for _, at := range regexp.MustCompile("(?i)"+regexp.QuoteMeta(name)).FindAllStringIndex(text, -1) {
			before, _ := utf8.DecodeLastRuneInString(text[:at[0]])
			after, _ := utf8.DecodeRuneInString(text[at[1]:])
			if !isWord(before) && !isWord(after) {
				start := utf8.RuneCountInString(text[:at[0]])
				add(start, start+utf8.RuneCountInString(text[at[0]:at[1]]))
			}
		}
		if out != nil {
			return out
		}
	}
	for _, s := range seen {
		if s.Actor.ID == row.actor.ID {
			return s.Mentions
		}
	}
	return nil
}

// moved is where a place of a text comes to lie in the plain text, both in characters.
func moved(text []rune, at int) int {
	n := utf8.RuneCountInString(plain(string(text[:at])))
	if n > 0 && unicode.IsSpace(text[at-1]) {
		n++
	}
	return n
}

// What was not measured is NaN, and left out of the JSON.

// IsZero says whether it was not measured.
func (f Found) IsZero() bool { return math.IsNaN(f.F1) }

// IsZero says whether it was not measured.
func (e Estimate) IsZero() bool { return math.IsNaN(e.Value) }

// OnlyGiven takes out of a report what a partial set says nothing of: whom and what one finds in raw text.
func (r *Report) OnlyGiven() {
	nan := math.NaN()
	unknown := Estimate{nan, nan, nan}
	for i := range r.Judges {
		m, e := &r.Judges[i].Metrics, &r.Judges[i].Estimates
		for _, f := range []*Found{&m.Triples, &m.Actors} {
			f.Precision, f.Recall, f.F1 = nan, nan, nan
		}
		e.TriplesF1, e.ActorsRecall, e.ActorsPrec = unknown, unknown, unknown
	}
	for i := range r.Comparisons {
		r.Comparisons[i].TriplesF1 = unknown
	}
}
