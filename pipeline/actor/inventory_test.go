package actor

import (
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"stance/pipeline/news"
)

// folder is a folder with one row in each table; changed replaces whole files.
func folder(changed map[string]string) fstest.MapFS {
	files := map[string]string{
		"states.csv":  "id,name,aliases,people,capital,metonyms\nfrance,France,French Republic,French,Paris,@Élysée\n",
		"bodies.csv":  "id,name,kind,principal,aliases,people,metonyms\nnato,NATO,alliance,,,,\n",
		"people.csv":  "id,name,principal,aliases\nemmanuel-macron,Emmanuel Macron,,\n",
		"offices.csv": "person,principal,titles,from,until\nemmanuel-macron,france,president | head of state,2017-05-14,\n",
	}
	maps.Copy(files, changed)
	fsys := fstest.MapFS{}
	for name, text := range files {
		if text != "-" {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return fsys
}

const (
	statesHeader  = "id,name,aliases,people,capital,metonyms\n"
	bodiesHeader  = "id,name,kind,principal,aliases,people,metonyms\n"
	peopleHeader  = "id,name,principal,aliases\n"
	officesHeader = "person,principal,titles,from,until\n"
	france        = "france,France,,French,Paris,\n"
)

func TestLoadNamesFileAndLineOfAFault(t *testing.T) {
	for _, c := range []struct {
		name, file, text string
		want             []string // each a part of one line of the error
	}{
		{"a missing file", "people.csv", "-", []string{"people.csv"}},
		{"an empty file", "people.csv", "", []string{"people.csv:1: no header"}},
		{"an unknown column", "people.csv", "id,name,principal,alias\n", []string{`people.csv:1: unknown column "alias"`, `people.csv:1: column "aliases" is missing`}},
		{"a column that stands twice", "people.csv", "id,name,principal,aliases,name\n", []string{`people.csv:1: column "name" stands twice`}},
		{"a row that is too short", "people.csv", peopleHeader + "# comment\nx,X\n", []string{"people.csv:3: 2 cells instead of 4"}},
		{"an id that stands twice", "states.csv", statesHeader + france + "\n" + france, []string{`states.csv:4: id "france" stands already in states.csv:2`}},
		{"an id of another table", "bodies.csv", bodiesHeader + "france,Frankia,party,,,,\n", []string{`bodies.csv:2: id "france" stands already in states.csv:2`}},
		{"an empty id", "people.csv", peopleHeader + ",X,,\n", []string{"people.csv:2: id is empty"}},
		{"an id that is no slug", "people.csv", peopleHeader + "emmanuel-macron,E,,\nÉmile_Zola,Émile Zola,,\n", []string{`people.csv:3: id "Émile_Zola" is no slug: write it as "emile-zola"`}},
		{"the id of the author", "people.csv", peopleHeader + "emmanuel-macron,E,,\nauthor,A,,\n", []string{`people.csv:3: id "author" is kept`}},
		{"an empty name", "states.csv", statesHeader + france + "spain,,,,,\n", []string{`states.csv:3: name of "spain" is empty`}},
		{"an unknown kind", "bodies.csv", bodiesHeader + "nato,NATO,club,,,,\n", []string{`bodies.csv:2: kind "club"`}},
		{"an unknown principal", "bodies.csv", bodiesHeader + "nato,NATO,alliance,spain,,,\n", []string{`bodies.csv:2: unknown principal "spain"`}},
		{"an unknown person", "offices.csv", officesHeader + "x,france,president,2020-01-01,\n", []string{`offices.csv:2: unknown person "x"`}},
		{"an office without a person", "offices.csv", officesHeader + ",france,president,2020-01-01,\n", []string{"offices.csv:2: person and principal must both be given"}},
		{"an office without a title", "offices.csv", officesHeader + "emmanuel-macron,france,,2020-01-01,\n", []string{"offices.csv:2: titles"}},
		{"a term without a beginning", "offices.csv", officesHeader + "emmanuel-macron,france,president,,\n", []string{"offices.csv:2: from"}},
		{"a day that is none", "offices.csv", officesHeader + "emmanuel-macron,france,president,2020-02-30,\n", []string{`offices.csv:2: from "2020-02-30"`}},
		{"a term that ends before it begins", "offices.csv", officesHeader + "emmanuel-macron,france,president,2020-02-03,2020-02-02\n", []string{"offices.csv:2: until 2020-02-02 is before from 2020-02-03"}},
		{"terms of one office that overlap", "offices.csv",
			officesHeader + "emmanuel-macron,france,president,2020-02-03,\nemmanuel-macron,france,president | king,2021-01-01,2022-01-01\n",
			[]string{`offices.csv:3: term of "emmanuel-macron" overlaps the one from 2020-02-03`}},
		{"an alias of two actors", "states.csv", statesHeader + france + "texas,Texas,FRANCE | Francé,,Paris,\n", []string{`states.csv:3: alias "Paris" also names "france" (states.csv:2)`, `"Francé" also names`}},
		{"an alias that is an ordinary word", "people.csv", peopleHeader + "emmanuel-macron,E M,,will\n", []string{`people.csv:2: alias "will" is a common English word`}},
		{"an alias without a letter", "people.csv", peopleHeader + "emmanuel-macron,E M,,--\n", []string{`people.csv:2: alias "--" has no letter`}},
		{"a separator too many", "states.csv", statesHeader + "france,France,A | | B,,,\n", []string{`states.csv:2: aliases: a stray separator`}},
		{"a shared name that is only a mark", "states.csv", statesHeader + "france,France,~,,,\n", []string{`states.csv:2: aliases: a stray separator`}},
		{"a metonym that is only a mark", "states.csv", statesHeader + "france,France,,,,@\n", []string{`states.csv:2: metonyms: a stray separator`}},
		{"bad UTF-8", "states.csv", statesHeader + "france,Fran\xffce,,,,\n", []string{"states.csv:2: not UTF-8"}},
		{"a byte-order mark within the text", "states.csv", statesHeader + "france,\ufeffFrance,,,,\n", []string{"states.csv:2: a byte-order mark"}},
		{"UTF-16", "states.csv", "\xff\xfei\x00d\x00", []string{"states.csv:1: not UTF-8"}},
		{"a zero byte", "states.csv", statesHeader + "france,France\x00,,,,\n", []string{"states.csv:2: a zero byte"}},
		{"a quotation mark within a cell", "states.csv", statesHeader + "france,Fra\"nce,,,,\n", []string{"states.csv:2: ", "double those within it"}},
		{"a quotation that does not end", "states.csv", statesHeader + "france,\"France,,,,\n", []string{"states.csv:"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inv, err := Load(folder(map[string]string{c.file: c.text}))
			if err == nil || inv != nil {
				t.Fatalf("Load gave %v, %v", inv, err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error lacks %q:\n%v", want, err)
				}
			}
		})
	}
}

func TestLoadTellsAtMostTwentyFaults(t *testing.T) {
	_, err := Load(folder(map[string]string{"states.csv": statesHeader + france + strings.Repeat("_,X,,,,\n", 50)}))
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != maxFaults+1 || !strings.HasPrefix(lines[maxFaults], "and ") {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
	}
}

func TestLoadTakesWhatSpreadsheetsWrite(t *testing.T) {
	plain, err := Load(folder(nil))
	if err != nil {
		t.Fatal(err)
	}
	edited, err := Load(folder(map[string]string{
		"states.csv": "\ufeff# exported\r\nname,id,metonyms,people,aliases,capital\r\nFrance,france,@ Élysée,French,\"French Republic\",Paris \r\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plain.Actors(), edited.Actors()); diff != "" {
		t.Error(diff)
	}
}

func TestSHA256IsThatOfTheContent(t *testing.T) {
	sum := func(states string) string {
		inv, err := Load(folder(map[string]string{"states.csv": statesHeader + states}))
		if err != nil {
			t.Fatal(err)
		}
		return inv.SHA256()
	}
	spain := "spain,Spain,Kingdom of Spain | Espana,,,\n"
	first := sum(france + spain)
	for _, same := range []string{
		spain + france,
		"# comment\n" + france + "\n" + spain,
		france + "spain, Spain ,Kingdom of Spain|Espana,,,\n",
		france + "spain,\"Spain\",Kingdom of Spain | Espana,,,\n",
	} {
		if sum(same) != first {
			t.Errorf("%q changed the sum", same)
		}
	}
	for _, changed := range []string{
		france,
		france + "spain,Spain,Kingdom of Spain,,,\n",
		france + "spain,Spain,,Kingdom of Spain | Espana,,\n",
	} {
		if sum(changed) == first {
			t.Errorf("%q did not change the sum", changed)
		}
	}
}

func TestPrincipalFollowsTermsOfOffice(t *testing.T) {
	inv, err := Load(folder(map[string]string{
		"bodies.csv": bodiesHeader + "nato,NATO,alliance,,,,\nlrem,La République En Marche,party,france,,,\n",
		"people.csv": peopleHeader + "emmanuel-macron,Emmanuel Macron,lrem,\n",
		"offices.csv": officesHeader + "emmanuel-macron,france,president,2017-05-14,2027-05-13\n" +
			"emmanuel-macron,nato,secretary general,2027-06-01,\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]string{
		"2016-01-01": "lrem", "2017-05-13": "lrem", "2017-05-14": "france", "2027-05-13": "france", "2027-05-14": "lrem", "2027-06-01": "nato", "2040-01-01": "nato",
	} {
		day, _ := time.Parse(time.DateOnly, at)
		if got := inv.Principal("emmanuel-macron", day); got != want {
			t.Errorf("principal on %s is %q, want %q", at, got, want)
		}
	}
	if got, ok := inv.Lookup("emmanuel-macron"); !ok || got.Principal != "nato" || got.Kind != news.Person {
		t.Errorf("Lookup gave %v, %v", got, ok)
	}
	if _, ok := inv.Lookup("nobody"); ok || inv.Principal("nobody", time.Time{}) != "" {
		t.Error("nobody is known")
	}
}

func TestOneTitleInTwoPlacesIsNoOverlap(t *testing.T) {
	_, err := Load(folder(map[string]string{"offices.csv": officesHeader +
		"emmanuel-macron,france,president,2017-05-14,\nemmanuel-macron,nato,president,2020-01-01,\n"}))
	if err != nil {
		t.Error(err)
	}
}

func TestActorsAreSortedByID(t *testing.T) {
	inv, err := Load(os.DirFS("testdata/inventory"))
	if err != nil {
		t.Fatal(err)
	}
	actors := inv.Actors()
	if !slices.IsSortedFunc(actors, func(a, b news.Actor) int { return strings.Compare(a.ID, b.ID) }) || len(actors) < 50 {
		t.Errorf("%d actors, or not sorted", len(actors))
	}
}

func TestTheInventoryOfTheProjectIsValid(t *testing.T) {
	inv := projectInventory(t)
	for _, id := range []string{"france", "emmanuel-macron", "united-kingdom", "united-states", "nato", "european-union", "europe", "the-west",
		"coalition-of-the-willing", "european-commission", "volodymyr-zelensky"} {
		if _, ok := inv.Lookup(id); !ok {
			t.Errorf("the codebook's %q is missing", id)
		}
	}
}

func projectInventory(t testing.TB) *Inventory {
	t.Helper()
	const dir = "../../data/actors"
	if _, err := os.Stat(dir + "/people.csv"); err != nil {
		t.Skipf("no inventory: %v", err)
	}
	inv, err := Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

func FuzzLoad(f *testing.F) {
	for name, file := range folder(nil) {
		f.Add(name, file.Data)
	}
	f.Add("states.csv", []byte("\ufeffid,name\n\"a\nb\",c\n"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		files := folder(nil)
		if _, ok := files[name]; !ok || !fs.ValidPath(name) {
			t.Skip()
		}
		files[name] = &fstest.MapFile{Data: data}
		inv, err := Load(files)
		if (inv == nil) == (err == nil) {
			t.Fatalf("Load gave %v, %v", inv, err)
		}
		if err != nil {
			return
		}
		finder := NewFinder(inv)
		for _, a := range inv.Actors() {
			if !slug.MatchString(a.ID) || a.Name == "" {
				t.Fatalf("actor %+v", a)
			}
		}
		checkFound(t, finder, newArticle(autumn, string([]rune(strings.ToValidUTF8(string(data), "")))))
	})
}

func TestANameMeansAnActorByItself(t *testing.T) {
	inv, err := Load(folder(map[string]string{"people.csv": peopleHeader + "emmanuel-macron,Emmanuel Macron,,\nbrigitte-macron,Brigitte Macron,,\nursula-von-der-leyen,Ursula von der Leyen,,\n"}))
	if err != nil {
		t.Fatal(err)
	}
	f := NewFinder(inv)
	for name, want := range map[string]string{
		"emmanuel-macron": "emmanuel-macron",
		"EMMANUEL MACRON": "emmanuel-macron",
		"von der Leyen":   "ursula-von-der-leyen",
		"french Republic": "france",
		"French":          "france",
		"Paris":           "france",
		"Élysée":          "france",
		"Nato":            "nato",
		"Macron":          "", // of two
		"president":       "",
		"Macron of Paris": "",
		"Atlantis":        "",
		"":                "",
	} {
		who, ok := f.Named(name)
		if who.ID != want || ok != (want != "") {
			t.Errorf("%q means %q, %v, want %q", name, who.ID, ok, want)
		}
	}
	if who, _ := f.Named("Emmanuel Macron"); who.Principal != "france" || who.Kind != news.Person {
		t.Errorf("he is %+v", who)
	}
}
