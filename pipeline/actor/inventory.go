package actor

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"stance/pipeline/news"
)

// Inventory is who can hold a position: states, bodies, people, how each is called, and who held which office when. It
// never changes after Load.
type Inventory struct {
	actors  []news.Actor // sorted by id; Principal as in the file, before offices
	aliases []alias
	terms   map[string][]term // by person, latest first
	sha256  string
}

// alias is one way to write an actor.
type alias struct {
	actor  string
	text   string
	naming naming
}

// naming is by what sort of expression a name names. Where one expression names two actors, the smaller naming wins.
type naming uint8

const (
	fullName  naming = iota // of a person
	proper                  // of a state or body, and its other names
	seat                    // that is no place: the State Department
	placeSeat               // that is also a place: Brussels
	capitalCity
	people  // adjectives and demonyms
	surname // of a person, derived
	shared  // of those who bear it, it is the one of the country that the article is about
	office  // a title
)

// term is one person's time in an office.
type term struct {
	principal   string
	titles      []string
	from, until time.Time // both days included; until is zero while the term lasts
}

func (t term) covers(at time.Time) bool {
	if at.IsZero() {
		return t.until.IsZero()
	}
	return !at.Before(t.from) && (t.until.IsZero() || at.Before(t.until.AddDate(0, 0, 1)))
}

// Load reads the inventory from a folder with states.csv, bodies.csv, people.csv and offices.csv. Its error joins every
// fault found, each with file and line, up to maxFaults of them.
func Load(fsys fs.FS) (*Inventory, error) {
	l := &loader{ids: map[string]origin{}, names: map[string]named{}, common: classes()}
	inv := &Inventory{terms: map[string][]term{}}
	states := l.read(fsys, "states.csv", "id", "name", "aliases", "people", "capital", "metonyms")
	bodies := l.read(fsys, "bodies.csv", "id", "name", "kind", "principal", "aliases", "people", "metonyms")
	persons := l.read(fsys, "people.csv", "id", "name", "principal", "aliases")
	offices := l.read(fsys, "offices.csv", "person", "principal", "titles", "from", "until")

	for _, r := range states {
		inv.add(l, r, news.State)
	}
	for _, r := range bodies {
		kind := news.ActorKind(r.cells["kind"])
		switch kind {
		case news.Institution, news.Alliance, news.Collective, news.Party:
			inv.add(l, r, kind)
		default:
			l.fault(r.origin, "kind %q: give institution, alliance, collective or party", kind)
		}
	}
	for _, r := range persons {
		inv.add(l, r, news.Person)
	}
	slices.SortFunc(inv.actors, func(a, b news.Actor) int { return strings.Compare(a.ID, b.ID) })
	for _, r := range slices.Concat(bodies, persons) {
		inv.mustKnow(l, r, "principal")
	}
	for _, r := range offices {
		inv.addTerm(l, r)
	}
	for _, terms := range inv.terms {
		slices.SortFunc(terms, func(a, b term) int {
			if c := b.from.Compare(a.from); c != 0 {
				return c
			}
			return strings.Compare(a.principal, b.principal)
		})
	}
	if err := l.err(); err != nil {
		return nil, err
	}
	inv.sha256 = digest(states, bodies, persons, offices)
	return inv, nil
}

// add takes in the actor of a row and all its names.
func (inv *Inventory) add(l *loader, r row, kind news.ActorKind) {
	id, name := r.cells["id"], r.cells["name"]
	l.declare(r.origin, id)
	if name == "" {
		l.fault(r.origin, "name of %q is empty", id)
	}
	inv.actors = append(inv.actors, news.Actor{ID: id, Name: name, Kind: kind, Principal: r.cells["principal"]})
	first := proper
	if kind == news.Person {
		first = fullName
	}
	take := func(text string, n naming) {
		if several, ok := strings.CutPrefix(text, "~"); ok {
			text, n = strings.TrimSpace(several), shared
		}
		if l.claim(r.origin, id, text, n) {
			inv.aliases = append(inv.aliases, alias{id, text, n})
		}
	}
	take(name, first)
	for _, text := range r.list(l, "aliases") {
		take(text, first)
	}
	for _, text := range r.list(l, "people") {
		take(text, people)
	}
	for _, text := range r.list(l, "capital") {
		take(text, capitalCity)
	}
	for _, text := range r.list(l, "metonyms") {
		if place, ok := strings.CutPrefix(text, "@"); ok {
			take(strings.TrimSpace(place), placeSeat)
		} else {
			take(text, seat)
		}
	}
}

// addTerm takes in a row of offices.csv.
func (inv *Inventory) addTerm(l *loader, r row) {
	known := inv.mustKnow(l, r, "person") && inv.mustKnow(l, r, "principal")
	from, okFrom := r.date(l, "from")
	until, okUntil := r.date(l, "until")
	t := term{principal: r.cells["principal"], from: from, until: until}
	for _, text := range r.list(l, "titles") {
		t.titles = append(t.titles, strings.ToLower(text))
	}
	id := r.cells["person"]
	switch {
	case id == "" || t.principal == "":
		l.fault(r.origin, "person and principal must both be given")
	case len(t.titles) == 0:
		l.fault(r.origin, "titles of %q are empty", id)
	case !known || !okFrom || !okUntil:
	case from.IsZero():
		l.fault(r.origin, "from of %q is empty: give a day such as 2025-05-06", id)
	case !until.IsZero() && until.Before(from):
		l.fault(r.origin, "until %s is before from %s", r.cells["until"], r.cells["from"])
	default:
		for _, other := range inv.terms[id] {
			if t.overlaps(other) {
				l.fault(r.origin, "term of %q overlaps the one from %s", id, other.from.Format(time.DateOnly))
			}
		}
		inv.terms[id] = append(inv.terms[id], t)
	}
}

// overlaps reports whether two terms of one person give the same office at the same time. One may end on the day on which
// the other begins.
func (t term) overlaps(o term) bool {
	shared := slices.ContainsFunc(t.titles, func(x string) bool { return slices.Contains(o.titles, x) })
	endsLater := func(a, b term) bool { return a.until.IsZero() || a.until.After(b.from) }
	return shared && t.principal == o.principal && endsLater(t, o) && endsLater(o, t)
}

// mustKnow reports whether a cell is empty or names an actor, and a fault where it does not.
func (inv *Inventory) mustKnow(l *loader, r row, column string) bool {
	id := r.cells[column]
	if id == "" {
		return true
	}
	if _, ok := inv.Lookup(id); !ok {
		l.fault(r.origin, "unknown %s %q", column, id)
		return false
	}
	return true
}

// Actors returns every actor, sorted by id, each with its principal of today: that of the latest term which lasts, or else
// that of its own row.
func (inv *Inventory) Actors() []news.Actor {
	actors := slices.Clone(inv.actors)
	for i := range actors {
		actors[i].Principal = inv.Principal(actors[i].ID, time.Time{})
	}
	return actors
}

// Lookup returns the actor with the id, its principal as of today.
func (inv *Inventory) Lookup(id string) (news.Actor, bool) {
	i, ok := slices.BinarySearchFunc(inv.actors, id, func(a news.Actor, id string) int { return strings.Compare(a.ID, id) })
	if !ok {
		return news.Actor{}, false
	}
	a := inv.actors[i]
	a.Principal = inv.Principal(id, time.Time{})
	return a, true
}

// Principal returns the id of the actor for whom somebody spoke at a time; the zero time stands for today. Empty for
// former office-holders and private persons.
func (inv *Inventory) Principal(id string, at time.Time) string {
	for _, t := range inv.terms[id] {
		if t.covers(at) {
			return t.principal
		}
	}
	i, ok := slices.BinarySearchFunc(inv.actors, id, func(a news.Actor, id string) int { return strings.Compare(a.ID, id) })
	if !ok {
		return ""
	}
	return inv.actors[i].Principal
}

// SHA256 identifies what the inventory says: the sorted rows of each file, with trimmed cells and lists. Comments, the
// order of rows, line endings and quoting do not change it.
func (inv *Inventory) SHA256() string { return inv.sha256 }

func digest(files ...[]row) string {
	h := sha256.New()
	for _, rows := range files {
		var lines []string
		for _, r := range rows {
			var line strings.Builder
			for _, column := range r.columns {
				cell := strings.Join(items(r.cells[column]), "|")
				line.WriteString(strconv.Itoa(len(cell)) + ":" + cell)
			}
			lines = append(lines, line.String())
		}
		slices.Sort(lines)
		fmt.Fprintf(h, "%d\n%s\n", len(lines), strings.Join(lines, "\n"))
	}
	return hex.EncodeToString(h.Sum(nil))
}
