package stance

import (
	"fmt"
	"strings"

	"stance/pipeline/news"
)

// actorField stands for the actor's name in the texts of stance.json.
const actorField = "{actor}"

// pair shows the model a paragraph once per subject, as an ordinary export for sequence classification reads it: the
// paragraph, alone or with a second text that names the actor, the subject's mentions marked or not.
type pair struct {
	reader
	open, close []token // before and after each mention; none where mentions are not marked
	template    string  // of the second text; may hold actorField; empty where the paragraph stands alone
	labels      []int   // of each output, the index in news.Labels
}

func newPair(m Manifest, tok *tokenizer) (layout, error) {
	l := pair{template: m.Pair.Second}
	f := tok.special().pair
	if l.template == "" {
		f = tok.special().single
	}
	var err error
	if l.reader, err = newReader(m, tok, f); err != nil {
		return nil, err
	}
	switch len(m.Pair.Markers) {
	case 0:
		if !strings.Contains(l.template, actorField) {
			return nil, fmt.Errorf("stance.json: pair has no markers and its second %q no %s: the model would not know the actor",
				l.template, actorField)
		}
	case 2:
		for i, to := range []*[]token{&l.open, &l.close} {
			id, ok := tok.id(m.Pair.Markers[i])
			if !ok {
				return nil, fmt.Errorf("stance.json: marker %q is no token of tokenizer.json", m.Pair.Markers[i])
			}
			*to = []token{{id: id}}
		}
	default:
		return nil, fmt.Errorf("stance.json: pair.markers %q must be two tokens, or none", m.Pair.Markers)
	}
	l.labels, err = labelIndex(m.Labels)
	return l, err
}

func (l pair) windows(pieces []token, subjects []news.Subject) []window {
	windows := make([]window, len(subjects))
	for i, s := range subjects {
		text, first := mark(pieces, s.Mentions, l.open, l.close)
		second := l.second(l.template, s.Actor)
		w := l.read(text, first, second, len(second))
		w.shape = []int64{1, int64(len(l.labels))}
		for _, label := range l.labels {
			w.to = append(w.to, i*len(news.Labels)+label)
		}
		windows[i] = w
	}
	return windows
}

// mark puts open before and close after each mention. First is the index in text of the first mention, 0 without one.
func mark(pieces []token, mentions []news.Mention, open, close []token) (text []token, first int) {
	done, first := 0, -1
	for _, m := range mentions {
		from, to := overlap(pieces, m)
		if from == to || from < done {
			continue
		}
		text = append(text, pieces[done:from]...)
		if first < 0 {
			first = len(text)
		}
		text = append(text, open...)
		text = append(text, pieces[from:to]...)
		text = append(text, close...)
		done = to
	}
	return append(text, pieces[done:]...), max(first, 0)
}

// reader lays out a paragraph, and a second text where there is one, as one sequence.
type reader struct {
	tok   *tokenizer
	frame frame
	room  int // ids of both texts together
}

func newReader(m Manifest, tok *tokenizer, f frame) (reader, error) {
	room, err := f.room(m)
	return reader{tok: tok, frame: f, room: room}, err
}

// second returns the ids of a second text with the actor's name in it. One of more than half the room loses its end.
func (r reader) second(text string, a news.Actor) []int64 {
	ids := pieceIDs(r.tok.encode(strings.ReplaceAll(text, actorField, a.Name)))
	return ids[:min(len(ids), r.room/2)]
}

// read returns a window of text that shows its piece first and leaves reserved ids to the second text.
func (r reader) read(text []token, first int, second []int64, reserved int) window {
	room := r.room - reserved
	from := windowStart(first, room, len(text))
	to := min(from+room, len(text))
	w := window{cut: to-from < len(text)}
	w.ids, w.types = r.frame.around(pieceIDs(text[from:to]), second)
	return w
}
