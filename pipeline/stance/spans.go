package stance

import (
	"errors"
	"fmt"
	"slices"

	"stance/pipeline/news"
)

// spans shows the model a paragraph once for all its subjects: [CLS] [AUTHOR] piece … [SEP], with a mask per subject
// that marks the pieces of its mentions. The author's mask marks [AUTHOR]; a subject without a mention that is any piece
// marks [CLS].
type spans struct {
	frame  frame
	author int64
	room   int   // pieces of a paragraph in one window
	labels []int // of each output, the index in news.Labels
}

func newSpans(m Manifest, tok *tokenizer) (layout, error) {
	author, ok := tok.id(m.Spans.AuthorToken)
	if !ok {
		return nil, fmt.Errorf("stance.json: author_token %q is no token of tokenizer.json", m.Spans.AuthorToken)
	}
	labels, err := labelIndex(m.Labels)
	if err != nil {
		return nil, err
	}
	f := frame(tok.special().single)
	if f.before() == 0 {
		return nil, errors.New("tokenizer.json: layout spans needs a post-processor that puts a token such as [CLS] in front")
	}
	room, err := f.room(m)
	return spans{frame: f, author: int64(author), room: room - 1, labels: labels}, err
}

func (l spans) windows(pieces []token, subjects []news.Subject) []window {
	marks := make([][]int, len(subjects)) // pieces of each subject's mentions
	first := make([]int, len(subjects))   // the piece that a subject's window has to show
	waiting := make([]int, len(subjects))
	for i, s := range subjects {
		waiting[i] = i
		for _, m := range s.Mentions {
			for from, to := overlap(pieces, m); from < to; from++ {
				marks[i] = append(marks[i], from)
			}
		}
		if len(marks[i]) > 0 {
			first[i] = slices.Min(marks[i])
		}
	}
	slices.SortStableFunc(waiting, func(a, b int) int { return first[a] - first[b] })

	var windows []window
	for len(waiting) > 0 {
		from := windowStart(first[waiting[0]], l.room, len(pieces))
		to := min(from+l.room, len(pieces))
		n := 1
		for n < len(waiting) && first[waiting[n]] < to {
			n++
		}
		rows := waiting[:n]
		waiting = waiting[n:]
		slices.Sort(rows)
		windows = append(windows, l.window(pieces, from, to, rows, subjects, marks))
	}
	return windows
}

// window shows pieces from…to to the subjects that rows names.
func (l spans) window(pieces []token, from, to int, rows []int, subjects []news.Subject, marks [][]int) window {
	text := append([]int64{l.author}, pieceIDs(pieces[from:to])...)
	w := window{shape: []int64{1, int64(len(rows)), int64(len(l.labels))}, cut: to-from < len(pieces)}
	w.ids, w.types = l.frame.around(text)
	w.actors = make([]int64, len(rows)*len(w.ids))

	author := l.frame.before()
	for row, s := range rows {
		mask := w.actors[row*len(w.ids):][:len(w.ids)]
		switch {
		case subjects[s].Actor.ID == news.TheAuthor.ID:
			mask[author] = 1
		case len(marks[s]) == 0:
			mask[0] = 1
		}
		for _, at := range marks[s] {
			if at < to { // none is before from: windows are taken in the order of first mentions
				mask[author+1+at-from] = 1
			}
		}
		for _, label := range l.labels {
			w.to = append(w.to, s*len(news.Labels)+label)
		}
	}
	return w
}
