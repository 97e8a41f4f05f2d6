package actor

import "stance/pipeline/news"

// lands counts by state or union what a text names of it.
type lands map[*figure]int

// seeCountries counts of which countries the article speaks: a name, seat or people tells one, somebody who speaks for it
// tells it twice, a party three times.
func (r *reading) seeCountries() {
	r.lands = lands{}
	for i := range r.paragraphs {
		p := &r.paragraphs[i]
		p.lands = lands{}
		for j := range p.spans {
			s := &p.spans[j]
			if f, ok := s.best(proper, seat, placeSeat, capitalCity, people); ok && !s.names(shared) && !s.names(surname) {
				r.see(p, f.actor)
			}
		}
		for _, m := range p.found {
			if m.who.Kind == news.Person {
				r.see(p, m.who)
			}
		}
	}
}

func (r *reading) see(p *paragraph, who *figure) {
	weight := 1
	switch who.Kind {
	case news.Person:
		weight = 2
	case news.Party:
		weight = 3
	}
	if land := r.landOf(who); land != nil {
		p.lands[land] += weight
		r.lands[land] += weight
	}
}

// landOf returns the state or union for which somebody speaks, through his party if need be, and nil where there is none.
func (r *reading) landOf(who *figure) *figure {
	const longest = 4 // steps from a person to his state
	for range longest {
		if who == nil || who.Kind == news.State || who.ID == "european-union" {
			return who
		}
		principal := who.Principal
		if r.finder.figures[who.ID] == who {
			principal = r.finder.inv.Principal(who.ID, r.at)
		}
		who = r.finder.figures[principal]
	}
	return nil
}

// partyOf returns the party that somebody speaks for, or nil.
func (r *reading) partyOf(who *figure) *figure {
	if of := r.finder.figures[r.finder.inv.Principal(who.ID, r.at)]; of != nil && of.Kind == news.Party {
		return of
	}
	return nil
}

// speaksOf weighs how much the article speaks of a country around a paragraph.
func (r *reading) speaksOf(land *figure, i int) int {
	weight := r.lands[land] + 4*r.paragraphs[i].lands[land]
	if i > 0 {
		weight += 2 * r.paragraphs[i-1].lands[land]
	}
	return weight
}

// localName returns whom a name that several bear means in a paragraph: the one of the country of which the article speaks
// most around it. The best known of them, who bears it without saying whose he is, has it where that is open.
func (r *reading) localName(i int, s *span, known form) (form, bool) {
	meant, most, open := known, 0, false
	if known.actor != nil {
		most = r.speaksOf(r.landOf(known.actor), i)
	}
	for _, f := range s.forms {
		if f.naming != shared {
			continue
		}
		switch weight := r.speaksOf(r.landOf(f.actor), i); {
		case weight > most:
			meant, most, open = form{actor: f.actor, naming: proper}, weight, false
		case weight == most && meant.actor != known.actor:
			open = true
		}
	}
	return meant, meant.actor != nil && !open
}

// home returns the state of which the article speaks most around a paragraph, and nil where that is open.
func (r *reading) home(i int) *figure {
	var home *figure
	most, second := 0, 0
	for land := range r.lands {
		if land.Kind != news.State {
			continue
		}
		switch weight := r.speaksOf(land, i); {
		case weight > most:
			home, most, second = land, weight, most
		case weight > second:
			second = weight
		}
	}
	if 2*most < 3*second || most < 4 {
		return nil
	}
	return home
}
