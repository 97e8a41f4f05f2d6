package ingest

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// field is one of the crawl fields that an article is made from.
type field int

const (
	idField field = iota
	urlField
	sourceField
	titleField
	deckField
	bylineField
	publishedField
	languageField
	genreField
	textField
	htmlField
	paragraphsField
	fieldCount
)

// fieldNames are the names that Config.Map knows the fields by.
var fieldNames = [fieldCount]string{
	"id", "url", "source", "title", "deck", "byline", "published", "language", "genre", "text", "html", "paragraphs",
}

// synonyms are the names under which crawlers and news services deliver each field, the most telling first. They are compared
// as normalName leaves them, so that "article_text", "articleText" and "Article Text" are one name.
var synonyms = [fieldCount]string{
	idField:         "id articleid uuid guid docid documentid",
	urlField:        "url canonicalurl articleurl weburl pageurl sourceurl link permalink href uri",
	sourceField:     "source sourcename publisher publication outlet newspaper site sitename domain sourcedomain hostname feed",
	titleField:      "title headline articletitle webtitle",
	deckField:       "deck dek standfirst subtitle subheadline",
	bylineField:     "byline author authors creator writer journalist",
	publishedField:  "published date publishedat publishedon publisheddate publicationdate datepublished datepublish publishdate pubdate publishedtime webpublicationdate datetime timestamp createdat",
	languageField:   "language lang inlanguage locale",
	genreField:      "genre articletype",
	textField:       "text articletext articlebody body bodytext fulltext maintext plaintext rawtext textcontent content article story",
	htmlField:       "html bodyhtml contenthtml articlehtml rawhtml pagehtml htmlcontent",
	paragraphsField: "paragraphs",
}

// schema says which name of a record stands for which field.
type schema struct {
	names map[string]match // by normalName
	seen  map[string]match // by the name as it stands in the files
}

// match is what a name stands for.
type match struct {
	field field
	rank  int  // 1 is the best name of its field; 0 is no field
	inner bool // the name of an object with fields inside, since a name with a dot leads into it
}

func (m match) none() bool { return m.rank == 0 && !m.inner }

func (m match) isBody() bool { return m.rank > 0 && m.field >= textField }

// maxSeen bounds what hostile files can add to schema.seen.
const maxSeen = 4096

func newSchema(mapped map[string]string) *schema {
	s := &schema{names: map[string]match{}, seen: map[string]match{}}
	for f := range fieldCount {
		for rank, name := range strings.Fields(synonyms[f]) {
			s.names[normalName(name)] = match{field: f, rank: rank + 1}
		}
	}
	for f, name := range fieldNames { // a name that is given takes the place of all synonyms
		if mapped[name] != "" {
			maps.DeleteFunc(s.names, func(_ string, m match) bool { return m.field == field(f) })
		}
	}
	for f, name := range fieldNames {
		if theirs := mapped[name]; theirs != "" {
			s.names[normalName(theirs)] = match{field: field(f), rank: 1}
			if holder, _, dotted := strings.Cut(theirs, "."); dotted {
				m := s.names[normalName(holder)]
				m.inner = true
				s.names[normalName(holder)] = m
			}
		}
	}
	return s
}

// normalName leaves only the letters and digits of a name, in lower case.
func normalName(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// match looks a name of a record up.
func (s *schema) match(name []byte) match {
	m, ok := s.seen[string(name)]
	if !ok && len(name) <= maxNameBytes {
		m = s.names[normalName(string(name))]
		if len(s.seen) < maxSeen {
			s.seen[string(name)] = m
		}
	}
	return m
}

// fields are the values found for an article. Where a record has several names for one field, the best that is not empty counts.
type fields struct {
	values [fieldCount]any
	ranks  [fieldCount]int
}

func (f *fields) hasBody() bool {
	return f.ranks[textField]+f.ranks[htmlField]+f.ranks[paragraphsField] > 0
}

// longest is the length in bytes of the longest text.
func (f *fields) longest() (n int) {
	for _, value := range f.values {
		if s, ok := value.(string); ok {
			n = max(n, len(s))
		}
	}
	return n
}

// put adds what a record has under a name, which need not be any field's.
func (s *schema) put(f *fields, name string, value any) {
	m := s.match([]byte(name))
	if raw, ok := value.([]byte); ok {
		value = string(raw)
	}
	if m.rank > 0 {
		old := f.ranks[m.field]
		if old == 0 || isEmpty(f.values[m.field]) || m.rank < old && !isEmpty(value) {
			f.values[m.field], f.ranks[m.field] = value, m.rank
		}
	}
	if inside, ok := value.(map[string]any); ok && m.inner {
		for _, inner := range slices.Sorted(maps.Keys(inside)) {
			s.put(f, name+"."+inner, inside[inner])
		}
	}
}

func isEmpty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}
