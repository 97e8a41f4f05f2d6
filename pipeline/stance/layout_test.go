package stance

import (
	"slices"
	"testing"

	"stance/pipeline/news"

	"github.com/google/go-cmp/cmp"
)

// bertFrames are [CLS]=101 and [SEP]=102 around texts, as for BERT.
var (
	bertSingle = frame{{id: 101}, {text: 1}, {id: 102}}
	bertPair   = frame{{id: 101}, {text: 1}, {id: 102}, {text: 2, typeID: 1}, {id: 102, typeID: 1}}
)

// letters returns n pieces of one rune each, with ids from 0.
func letters(n int) []token {
	pieces := make([]token, n)
	for i := range pieces {
		pieces[i] = token{id: int32(i), start: i, end: i + 1}
	}
	return pieces
}

// at is a subject that is mentioned at each of the given runes.
func at(runes ...int) news.Subject {
	var s news.Subject
	for _, r := range runes {
		s.Mentions = append(s.Mentions, news.Mention{Start: r, End: r + 1})
	}
	return s
}

func TestWindowStart(t *testing.T) {
	tests := []struct {
		name                 string
		first, room, n, want int
	}{
		{"a short paragraph is shown whole", 5, 8, 8, 0},
		{"a first mention before the cut needs no other window", 7, 8, 100, 0},
		{"the first piece beyond the cut has a quarter of the room before it", 8, 8, 100, 6},
		{"near the end the window is still full", 99, 8, 100, 92},
		{"one piece too many", 8, 8, 9, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := windowStart(test.first, test.room, test.n); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
	for n := 1; n < 50; n++ {
		for room := 1; room < 20; room++ {
			for first := range n {
				from := windowStart(first, room, n)
				if to := min(from+room, n); from < 0 || first < from || first >= to || (n >= room && to-from != room) {
					t.Fatalf("piece %d of %d, room %d: window %d to %d", first, n, room, from, to)
				}
			}
		}
	}
}

func TestOverlap(t *testing.T) {
	pieces := []token{{start: 0, end: 3}, {start: 3, end: 5}, {start: 5, end: 5}, {start: 6, end: 9}, {start: 9, end: 10}}
	tests := []struct {
		name                 string
		start, end, from, to int
	}{
		{"a whole piece", 0, 3, 0, 1},
		{"part of a piece", 7, 8, 3, 4},
		{"parts of two pieces", 2, 4, 0, 2},
		{"over a gap and an empty piece", 4, 7, 1, 4},
		{"only a gap", 5, 6, 0, 0},
		{"nothing", 3, 3, 0, 0},
		{"beyond the end", 10, 20, 0, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			from, to := overlap(pieces, news.Mention{Start: test.start, End: test.end})
			if empty := from == to; empty != (test.from == test.to) || !empty && (from != test.from || to != test.to) {
				t.Errorf("got %d to %d, want %d to %d", from, to, test.from, test.to)
			}
		})
	}
}

func TestSpansWindows(t *testing.T) {
	l := spans{frame: bertSingle, author: 7, room: 4, labels: []int{2, 0, 1}}
	author := news.Subject{Actor: news.TheAuthor}
	got := l.windows(letters(9), []news.Subject{at(6), at(1, 2), author, at(5, 8), at(8)})
	want := []window{
		{
			ids: []int64{101, 7, 0, 1, 2, 3, 102}, types: make([]int64, 7), shape: []int64{1, 2, 3}, cut: true,
			actors: slices.Concat([]int64{0, 0, 0, 1, 1, 0, 0}, []int64{0, 1, 0, 0, 0, 0, 0}),
			to:     []int{5, 3, 4, 8, 6, 7},
		},
		{ // starts one piece before 5, the first mention that is waiting; 8 is out of it
			ids: []int64{101, 7, 4, 5, 6, 7, 102}, types: make([]int64, 7), shape: []int64{1, 2, 3}, cut: true,
			actors: slices.Concat([]int64{0, 0, 0, 0, 1, 0, 0}, []int64{0, 0, 0, 1, 0, 0, 0}),
			to:     []int{2, 0, 1, 11, 9, 10},
		},
		{
			ids: []int64{101, 7, 5, 6, 7, 8, 102}, types: make([]int64, 7), shape: []int64{1, 1, 3}, cut: true,
			actors: []int64{0, 0, 0, 0, 0, 1, 0},
			to:     []int{14, 12, 13},
		},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(window{})); diff != "" {
		t.Error(diff)
	}

	got = l.windows(letters(9), []news.Subject{at(8)})
	if len(got) != 1 || got[0].ids[2] != 5 {
		t.Errorf("a headline whose only actor is at its end needs no window at its start: %+v", got)
	}
}

func TestSpansWindowsAnswerEverySubjectOnce(t *testing.T) {
	l := spans{frame: bertSingle, author: 7, room: 5, labels: []int{0, 1, 2}}
	for n := range 30 {
		var subjects []news.Subject
		for i := range n {
			subjects = append(subjects, at(i), at((i*7)%n, n+3))
		}
		subjects = append(subjects, news.Subject{Actor: news.TheAuthor}, at(-1))
		answered := make([]int, 3*len(subjects))
		for _, w := range l.windows(letters(n), subjects) {
			if len(w.ids) > 8 || len(w.actors) != len(w.ids)*len(w.to)/3 {
				t.Fatalf("%d pieces: %+v", n, w)
			}
			for row := range len(w.to) / 3 {
				if !slices.Contains(w.actors[row*len(w.ids):][:len(w.ids)], 1) {
					t.Errorf("%d pieces: a subject marks nothing in %+v", n, w)
				}
			}
			for _, to := range w.to {
				answered[to]++
			}
		}
		if slices.Min(answered) != 1 || slices.Max(answered) != 1 {
			t.Errorf("%d pieces: answered %v", n, answered)
		}
	}
}

func TestMark(t *testing.T) {
	open, close := []token{{id: 50}}, []token{{id: 51}}
	word := []token{{id: 1, start: 0, end: 2}, {id: 2, start: 2, end: 4}, {id: 3, start: 5, end: 6}}
	tests := []struct {
		name     string
		mentions []news.Mention
		want     []int64
		first    int
	}{
		{"no mention", nil, []int64{1, 2, 3}, 0},
		{"a mention of two pieces", []news.Mention{{Start: 0, End: 4}}, []int64{50, 1, 2, 51, 3}, 0},
		{"two mentions", []news.Mention{{Start: 2, End: 4}, {Start: 5, End: 6}}, []int64{1, 50, 2, 51, 50, 3, 51}, 1},
		{"two mentions in one piece are marked once", []news.Mention{{Start: 0, End: 1}, {Start: 1, End: 2}}, []int64{50, 1, 51, 2, 3}, 0},
		{"a mention that the tokenizer left nothing of", []news.Mention{{Start: 4, End: 5}, {Start: 5, End: 6}}, []int64{1, 2, 50, 3, 51}, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text, first := mark(word, test.mentions, open, close)
			if got := pieceIDs(text); !slices.Equal(got, test.want) || first != test.first {
				t.Errorf("got %v first %d, want %v first %d", got, first, test.want, test.first)
			}
		})
	}
}

func TestReaderCutsTheParagraphNotTheSecondText(t *testing.T) {
	tests := []struct {
		name   string
		frame  frame
		pieces int
		first  int
		second []int64
		ids    []int64
		types  []int64
		cut    bool
	}{
		{"alone", bertSingle, 2, 0, nil, []int64{101, 0, 1, 102}, []int64{0, 0, 0, 0}, false},
		{"as a pair", bertPair, 2, 0, []int64{70}, []int64{101, 0, 1, 102, 70, 102}, []int64{0, 0, 0, 0, 1, 1}, false},
		{"too long", bertPair, 20, 0, []int64{70, 71}, []int64{101, 0, 1, 2, 102, 70, 71, 102}, []int64{0, 0, 0, 0, 0, 1, 1, 1}, true},
		{"too long, with the mention at the end", bertPair, 20, 19, []int64{70, 71}, []int64{101, 17, 18, 19, 102, 70, 71, 102},
			[]int64{0, 0, 0, 0, 0, 1, 1, 1}, true},
		{"empty", bertPair, 0, 0, []int64{70}, []int64{101, 102, 70, 102}, []int64{0, 0, 1, 1}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := reader{frame: test.frame, room: 5}
			w := r.read(letters(test.pieces), test.first, test.second, len(test.second))
			if !slices.Equal(w.ids, test.ids) || !slices.Equal(w.types, test.types) || w.cut != test.cut {
				t.Errorf("got %+v", w)
			}
		})
	}
}

func TestLabelIndex(t *testing.T) {
	if got, err := labelIndex([]string{"neutral", "pro", "anti"}); err != nil || !slices.Equal(got, []int{2, 0, 1}) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range [][]string{nil, {"pro", "anti"}, {"pro", "anti", "anti"}, {"pro", "anti", "none"}, {"pro", "anti", "neutral", "pro"}} {
		if got, err := labelIndex(bad); err == nil {
			t.Errorf("%q gives %v", bad, got)
		}
	}
}

func TestFrameThatLeavesNoRoomIsRefused(t *testing.T) {
	f := slices.Repeat(frame{{id: 1}}, 9)
	if room, err := f.room(Manifest{MaxLength: 17}); err != nil || room != 8 {
		t.Errorf("got %d, %v", room, err)
	}
	if room, err := f.room(Manifest{MaxLength: 16}); err == nil {
		t.Errorf("got %d", room)
	}
}
