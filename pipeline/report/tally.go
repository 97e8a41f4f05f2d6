package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"stance/pipeline/news"
)

// Tally counts who is for and against. The zero Tally is ready to use.
type Tally struct {
	counts  map[string]*counts
	Copies  int64 // rows of syndicated copies: counted here and nowhere else
	Counted int64 // all other rows
}

type counts struct {
	actor     news.Actor
	labels    map[news.Label]int64
	undecided int64
}

func (c counts) sides() int64 { return c.labels[news.Pro] + c.labels[news.Anti] }

func (c counts) rows() int64 { return c.sides() + c.labels[news.Neutral] + c.undecided }

// Add counts one row. A stance on which the model abstained is undecided, whatever its label.
func (t *Tally) Add(actor news.Actor, stance news.Stance, copied bool) {
	if copied {
		t.Copies++
		return
	}
	t.Counted++
	c := t.counts[actor.ID]
	if c == nil {
		if t.counts == nil {
			t.counts = map[string]*counts{}
		}
		c = &counts{actor: actor, labels: map[news.Label]int64{}}
		t.counts[actor.ID] = c
	}
	if stance.Abstained {
		c.undecided++
	} else {
		c.labels[stance.Label]++
	}
}

// Write prints a line for each of the top actors (all of them where top is 0): first those who took sides most often.
func (t *Tally) Write(w io.Writer, style Style, top int) error {
	actors := make([]*counts, 0, len(t.counts))
	for _, c := range t.counts {
		actors = append(actors, c)
	}
	slices.SortFunc(actors, func(a, b *counts) int {
		return cmp.Or(cmp.Compare(b.sides(), a.sides()), cmp.Compare(b.rows(), a.rows()), cmp.Compare(a.actor.ID, b.actor.ID))
	})
	hidden := 0
	if top > 0 && len(actors) > top {
		hidden = len(actors) - top
		actors = actors[:top]
	}

	nameColumns := len("actor")
	for _, c := range actors {
		nameColumns = max(nameColumns, columns(Printable(c.actor.Name)))
	}
	nameColumns = min(nameColumns, style.width()-4*tallyColumns)

	out := bufio.NewWriter(w)
	fmt.Fprintln(out, style.paint(bold, fit("actor", nameColumns)+cells("for", "against", "neutral", "undecided")))
	for _, c := range actors {
		pro, anti := c.labels[news.Pro], c.labels[news.Anti]
		fmt.Fprint(out, fit(Printable(c.actor.Name), nameColumns))
		fmt.Fprint(out, style.paint(inkIf(pro > 0, green), cells(Count(pro))))
		fmt.Fprint(out, style.paint(inkIf(anti > 0, red), cells(Count(anti))))
		fmt.Fprintln(out, style.paint(faint, cells(Count(c.labels[news.Neutral]), Count(c.undecided))))
	}
	if hidden > 0 {
		fmt.Fprintln(out, style.paint(faint, fmt.Sprintf("and %s more", Count(int64(hidden)))))
	}
	if t.Copies > 0 {
		fmt.Fprintln(out, style.paint(faint, fmt.Sprintf("not counted: %s rows of duplicate articles", Count(t.Copies))))
	}
	return out.Flush()
}

// tallyColumns is the width of a column of numbers.
const tallyColumns = 11

func cells(texts ...string) string {
	var b strings.Builder
	for _, t := range texts {
		fmt.Fprintf(&b, "%*s", tallyColumns, t)
	}
	return b.String()
}

func inkIf(yes bool, i ink) ink {
	if yes {
		return i
	}
	return faint
}
