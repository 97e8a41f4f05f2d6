package evaluate

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"stance/pipeline/news"
)

// Label Studio and Prodigy both ask one question at a time: here, where does this actor stand in this paragraph? So a
// task is a (paragraph, actor) pair, an ordinary classification of a text, and each answer is one person's choice of a
// label. A paragraph that names nobody is a task without an actor, so that no paragraph is lost on the way there and back.

// task is one question with the answers to it.
type task struct {
	Article   string             `json:"article"`
	Genre     string             `json:"genre,omitempty"`
	Title     string             `json:"title,omitempty"`
	Byline    string             `json:"byline,omitempty"`
	Published string             `json:"published,omitempty"`
	Paragraph int                `json:"paragraph"` // position in the article, from 0
	Kind      news.ParagraphKind `json:"kind"`
	Actor     string             `json:"actor"` // an id; empty where the paragraph names nobody
	Optional  bool               `json:"optional,omitempty"`
	Rules     []int              `json:"rules,omitempty"` // of the whole paragraph
	Text      string             `json:"text,omitempty"`

	answers []answer
}

// answer is one person's label. The one that was decided on, where several people answered, is final.
type answer struct {
	reader int // from 1; 0 for the one and only, or the final one
	label  news.Label
}

func tasks(set []Article) []task {
	var out []task
	for _, a := range set {
		for i, p := range a.Paragraphs {
			t := task{a.ID, a.Genre, a.Title, a.Byline, a.Published, i, p.Kind, "", false, p.Rules, p.Text, nil}
			actors := p.everyone()
			if len(actors) == 0 {
				out = append(out, t)
			}
			for _, id := range actors {
				t.Actor, t.Optional, t.answers = id, slices.Contains(p.Optional, id), nil
				for reader, labels := range p.Readers {
					if label, ok := labels[id]; ok {
						t.answers = append(t.answers, answer{reader + 1, label})
					}
				}
				if label, ok := p.Labels[id]; ok {
					t.answers = append(t.answers, answer{0, label})
				}
				out = append(out, t)
			}
		}
	}
	return out
}

// everyone lists whom to ask about: who is labelled or optional in a paragraph, was labelled by some reader or is to be
// asked about anyway, in order of their ids.
func (p Paragraph) everyone() []string {
	out := slices.Concat(p.Optional, p.Ask)
	for _, labels := range append([]map[string]news.Label{p.Labels}, p.Readers...) {
		for id := range labels {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// assemble makes articles of tasks, in the order in which their first tasks come. Where people differ and no answer is
// final, where tasks contradict each other or labels do not pass the check, its error says so.
func assemble(tasks []task, checkLabels func(news.ParagraphKind, map[string]news.Label) error) ([]Article, error) {
	var set []Article
	var errs []error
	at := map[string]int{}
	for n, t := range tasks {
		fail := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("task %d (article %q, paragraph %d, actor %q): %w", n+1, t.Article, t.Paragraph, t.Actor, fmt.Errorf(format, args...)))
		}
		if t.Article == "" {
			fail("it names no article")
			continue
		}
		i, known := at[t.Article]
		if !known {
			i = len(set)
			at[t.Article] = i
			set = append(set, Article{ID: t.Article, Genre: t.Genre, Title: t.Title, Byline: t.Byline, Published: t.Published})
		}
		a := &set[i]
		if t.Paragraph < 0 || t.Paragraph > len(a.Paragraphs) {
			fail("paragraph %d is missing before it", len(a.Paragraphs))
			continue
		}
		if t.Paragraph == len(a.Paragraphs) {
			a.Paragraphs = append(a.Paragraphs, Paragraph{Kind: t.Kind, Text: t.Text, Rules: t.Rules, Labels: map[string]news.Label{}})
		}
		p := &a.Paragraphs[t.Paragraph]
		if p.Text != t.Text || p.Kind != t.Kind {
			fail("another task has another text for the same paragraph")
			continue
		}
		if t.Actor == "" {
			continue
		}
		if t.Optional {
			p.Optional = append(p.Optional, t.Actor)
		}
		if err := p.take(t.Actor, t.answers); err != nil {
			fail("%w", err)
		}
	}
	readers := 0
	for _, a := range set {
		for _, p := range a.Paragraphs {
			readers = max(readers, len(p.Readers))
		}
	}
	for _, a := range set {
		for i := range a.Paragraphs {
			p := &a.Paragraphs[i]
			for len(p.Readers) < readers && p.Kind != chrome { // of people who saw nobody in it
				p.Readers = append(p.Readers, map[string]news.Label{})
			}
			if len(p.Labels) == 0 && (p.Kind == chrome || p.Kind == news.Body && readers == 0) {
				p.Labels = nil // nobody has judged it
			}
			if err := p.checkWith(checkLabels); err != nil {
				errs = append(errs, fmt.Errorf("article %q, paragraph %d: %w", a.ID, i, err))
			}
		}
	}
	return set, errors.Join(errs...)
}

// take enters what people answered about an actor: the final answer, or the one on which all agree. That only one of
// several people saw the actor is no agreement.
func (p *Paragraph) take(actor string, answers []answer) error {
	if _, again := p.Labels[actor]; again {
		return errors.New("an earlier task asked the same")
	}
	var label news.Label
	final, several := false, false
	for _, x := range answers {
		if x.reader == 0 {
			if final && x.label != label {
				return errors.New("two answers are final and differ")
			}
			final, label = true, x.label
			continue
		}
		for len(p.Readers) < x.reader {
			p.Readers = append(p.Readers, map[string]news.Label{})
		}
		p.Readers[x.reader-1][actor] = x.label
		if !final {
			several = several || label != "" && label != x.label
			label = x.label
		}
	}
	if several && !final {
		return errors.New("people differ about it: mark one answer as the ground truth")
	}
	if label != "" && (final || len(answers) > 1) {
		p.Labels[actor] = label
	}
	return nil
}

// labelStudio is a task in Label Studio's JSON. The labelling configuration that goes with it is LabelStudioConfig.
type labelStudio struct {
	ID          int                     `json:"id,omitempty"`
	Data        task                    `json:"data"`
	Annotations []labelStudioAnnotation `json:"annotations"`
}

type labelStudioAnnotation struct {
	CompletedBy json.RawMessage     `json:"completed_by,omitempty"` // a number, or an object with one
	GroundTruth bool                `json:"ground_truth"`
	Cancelled   bool                `json:"was_cancelled,omitempty"`
	Result      []labelStudioResult `json:"result"`
}

type labelStudioResult struct {
	FromName string `json:"from_name"`
	ToName   string `json:"to_name"`
	Type     string `json:"type"`
	Value    struct {
		Choices []news.Label `json:"choices"`
	} `json:"value"`
}

// LabelStudioConfig is the labelling interface that a Label Studio project needs for these tasks.
const LabelStudioConfig = `<View>
  <Header value="Where does $actor stand on sending foreign troops to Ukraine?"/>
  <Text name="text" value="$text"/>
  <Choices name="stance" toName="text" choice="single" required="true">
    <Choice value="pro"/><Choice value="anti"/><Choice value="neutral"/>
  </Choices>
</View>
`

// WriteLabelStudio writes a set as Label Studio's JSON (an array of tasks, as its import and export have it). Where
// several readers answered, each is an annotation of its own, and the label that was decided is the ground truth.
// Contrasts are left out.
func WriteLabelStudio(w io.Writer, set []Article) error {
	out := []labelStudio{}
	for _, t := range tasks(set) {
		s := labelStudio{Data: t, Annotations: []labelStudioAnnotation{}}
		for _, x := range t.answers {
			r := labelStudioResult{FromName: "stance", ToName: "text", Type: "choices"}
			r.Value.Choices = []news.Label{x.label}
			a := labelStudioAnnotation{GroundTruth: x.reader == 0, Result: []labelStudioResult{r}}
			if x.reader > 0 {
				a.CompletedBy = json.RawMessage(fmt.Sprint(x.reader))
			}
			s.Annotations = append(s.Annotations, a)
		}
		out = append(out, s)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(out)
}

// ReadLabelStudio reads what WriteLabelStudio writes and what Label Studio exports of a project with such tasks. Tasks
// without an answer leave no label. Where people differ, one annotation must be the ground truth.
func ReadLabelStudio(r io.Reader) ([]Article, error) {
	all, err := labelStudioTasks(r)
	var set []Article
	if err == nil {
		set, err = assemble(onlyReader(all), checkLabels)
	}
	if err != nil {
		return nil, fmt.Errorf("read Label Studio's tasks: %w", err)
	}
	return set, nil
}

func labelStudioTasks(r io.Reader) ([]task, error) {
	var in []labelStudio
	if err := json.NewDecoder(r).Decode(&in); err != nil {
		return nil, err
	}
	readers := readers{}
	var all []task
	for n, s := range in {
		t := s.Data
		for _, a := range s.Annotations {
			if a.Cancelled {
				continue
			}
			for _, result := range a.Result {
				if result.Type != "choices" || len(result.Value.Choices) != 1 {
					return nil, fmt.Errorf("task %d: an annotation is no single choice", n+1)
				}
				who := 0
				if !a.GroundTruth {
					who = readers.number(string(a.CompletedBy))
				}
				t.answers = append(t.answers, answer{who, result.Value.Choices[0]})
			}
		}
		all = append(all, t)
	}
	return all, nil
}

// prodigy is a line of Prodigy's JSONL for its choice interface.
type prodigy struct {
	Text    string          `json:"text"`
	Meta    task            `json:"meta"`
	Options []prodigyOption `json:"options"`
	Accept  []news.Label    `json:"accept,omitempty"`
	Answer  string          `json:"answer,omitempty"` // accept, reject or ignore; empty for a task that waits
	Session string          `json:"_session_id,omitempty"`
}

type prodigyOption struct {
	ID   news.Label `json:"id"`
	Text string     `json:"text"`
}

// WriteProdigy writes a set as Prodigy's JSONL for the choice interface, a line for each answer, with the readers as
// sessions; the label that was decided is a line without a session. A pair that nobody answered is a line without an
// answer. Contrasts are left out.
func WriteProdigy(w io.Writer, set []Article) error {
	b := bufio.NewWriter(w)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	var options []prodigyOption
	for _, l := range news.Labels {
		options = append(options, prodigyOption{l, string(l)})
	}
	for _, t := range tasks(set) {
		line := prodigy{Text: t.Text, Meta: t, Options: options}
		line.Meta.Text = ""
		if len(t.answers) == 0 {
			if err := e.Encode(line); err != nil {
				return err
			}
		}
		for _, x := range t.answers {
			line.Accept, line.Answer, line.Session = []news.Label{x.label}, "accept", ""
			if x.reader > 0 {
				line.Session = fmt.Sprintf("reader-%d", x.reader)
			}
			if err := e.Encode(line); err != nil {
				return err
			}
		}
	}
	return b.Flush()
}

// ReadProdigy reads what WriteProdigy writes and what `prodigy db-out` gives of such tasks. Lines that were rejected or
// ignored leave no label. Where sessions differ, a line without a session decides.
func ReadProdigy(r io.Reader) ([]Article, error) {
	type pair struct {
		article, actor string
		paragraph      int
	}
	readers := readers{}
	var all []task
	at := map[pair]int{}
	err := readLines(r, func(text []byte) error {
		var line prodigy
		if err := json.Unmarshal(text, &line); err != nil {
			return err
		}
		t := line.Meta
		t.Text = line.Text
		key := pair{t.Article, t.Actor, t.Paragraph}
		n, known := at[key]
		if !known {
			n = len(all)
			at[key] = n
			all = append(all, t)
		}
		if all[n].Text != t.Text {
			return errors.New("an earlier line has another text for the same paragraph")
		}
		if line.Answer != "accept" {
			return nil
		}
		if len(line.Accept) != 1 {
			return fmt.Errorf("accept %v is no single choice", line.Accept)
		}
		who := 0
		if line.Session != "" {
			who = readers.number(line.Session)
		}
		all[n].answers = append(all[n].answers, answer{who, line.Accept[0]})
		return nil
	})
	var set []Article
	if err == nil {
		set, err = assemble(onlyReader(all), checkLabels)
	}
	if err != nil {
		return nil, fmt.Errorf("read Prodigy's lines: %w", err)
	}
	return set, nil
}

// readers numbers people in the order in which they are met.
type readers map[string]int

func (r readers) number(name string) int {
	name = strings.TrimSpace(name)
	if r[name] == 0 {
		r[name] = len(r) + 1
	}
	return r[name]
}

// onlyReader makes the answers of one person final where nobody else answered anything: then there is nothing to agree on.
func onlyReader(all []task) []task {
	for _, t := range all {
		for _, x := range t.answers {
			if x.reader != 1 {
				return all
			}
		}
	}
	for _, t := range all {
		for i := range t.answers {
			t.answers[i].reader = 0
		}
	}
	return all
}
