package stance

import (
	"fmt"
	"slices"
	"sort"

	"stance/pipeline/news"
)

// The layouts, as stance.json names them.
const (
	spansLayout = "spans"
	pairLayout  = "pair"
	nliLayout   = "nli"
)

// layout decides what a model is shown of a paragraph.
type layout interface {
	// windows lays out a paragraph for its subjects, of which there is at least one. Every subject is answered.
	windows(pieces []token, subjects []news.Subject) []window
}

// window is one call of the model: a sequence of ids, and where each logit belongs. It is always a batch of one, since
// padding costs more than a larger batch wins, and a text alone cannot depend on its neighbours.
type window struct {
	ids    []int64 // with special tokens
	types  []int64 // segment of each id
	actors []int64 // layout spans: for one subject after another, 1 at each id that is part of its mentions
	shape  []int64 // of the logits
	to     []int   // for each logit its place, 3*subject + label, or nowhere
	cut    bool    // some of the paragraph is not in ids
}

const nowhere = -1

// newLayout returns the layout that a valid manifest asks for.
func newLayout(m Manifest, tok *tokenizer) (layout, error) {
	switch m.Layout {
	case spansLayout:
		return newSpans(m, tok)
	case pairLayout:
		return newPair(m, tok)
	default:
		return newNLI(m, tok)
	}
}

// windowStart returns where a window of room pieces starts in a paragraph of n pieces so that it shows piece first: at
// the start of the paragraph if that shows it; otherwise a quarter of the room before it, or earlier where the paragraph
// would end before the window is full. The training recipe does the same.
func windowStart(first, room, n int) int {
	if first < room {
		return 0
	}
	return min(first-room/4, n-room)
}

// frame is what the tokenizer puts around one or two texts, such as [CLS] text [SEP].
type frame []slot

// room is the number of ids that a sequence has for texts.
func (f frame) room(m Manifest) (int, error) {
	room := m.MaxLength
	for _, s := range f {
		if s.text == 0 {
			room--
		}
	}
	if room < minLength/2 {
		return 0, fmt.Errorf("tokenizer.json: its post-processor leaves %d ids of max_length %d for text", room, m.MaxLength)
	}
	return room, nil
}

// before is the number of special tokens in front of the first text.
func (f frame) before() int {
	return max(0, slices.IndexFunc(f, func(s slot) bool { return s.text != 0 }))
}

// around returns the ids of the texts with the frame around them, and the segment of each id.
func (f frame) around(texts ...[]int64) (ids, types []int64) {
	for _, s := range f {
		part := []int64{int64(s.id)}
		if s.text > 0 {
			part = texts[s.text-1]
		}
		ids = append(ids, part...)
		for range part {
			types = append(types, int64(s.typeID))
		}
	}
	return ids, types
}

// pieceIDs returns the ids of pieces.
func pieceIDs(pieces []token) []int64 {
	ids := make([]int64, len(pieces))
	for i, p := range pieces {
		ids[i] = int64(p.id)
	}
	return ids
}

// overlap returns the pieces from…to that a mention is made of. It is empty where the tokenizer left nothing of it.
func overlap(pieces []token, m news.Mention) (from, to int) {
	from = sort.Search(len(pieces), func(i int) bool { return pieces[i].end > m.Start })
	to = from + sort.Search(len(pieces)-from, func(i int) bool { return pieces[from+i].start >= m.End })
	return from, to
}

// labelIndex maps the model's outputs to news.Labels.
func labelIndex(outputs []string) ([]int, error) {
	var at []int
	for _, o := range outputs {
		if i := slices.Index(news.Labels[:], news.Label(o)); i >= 0 && !slices.Contains(at, i) {
			at = append(at, i)
		}
	}
	if len(at) != len(outputs) || len(at) != len(news.Labels) {
		return nil, fmt.Errorf("stance.json: labels %q must be %q in the order of the model's outputs", outputs, news.Labels)
	}
	return at, nil
}
