package ingest

import (
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBadInputBecomesARejectAndReadingGoesOn(t *testing.T) {
	sound := soundLine("sound")
	page := strings.Join(sentences, "\n\n")
	table := "id,text\nsound,\"" + page + "\"\n"
	for _, test := range []struct {
		name, file, data string
		want             []string // outcome, reason and offset; or the id of an article
	}{
		{"an empty file", "a.jsonl", "", []string{"rejected empty@0"}},
		{"an empty page", "a.txt", " \n\n", []string{"rejected empty@0"}},
		{"an empty gzip", "a.jsonl.gz", packGzip(""), []string{"rejected empty@0"}},
		{"lines that are all blank", "a.jsonl", "\n\n \n", []string{"skipped empty@0"}},
		{"an array without elements", "a.json", "[ ]", []string{"skipped empty@0"}},
		{"a header without rows", "a.csv", "id,text\n", []string{"skipped empty@0"}},
		{"a Parquet file without rows", "a.parquet", fakeParquet(), []string{"skipped empty@0"}},

		{"an unknown suffix in a folder", "a.pdf", "%PDF-1.4", []string{"skipped unknown-format@0"}},
		{"no suffix in a folder", "a", sound, []string{"skipped unknown-format@0"}},
		{"a gzip of nothing known", "a.gz", packGzip(sound), []string{"skipped unknown-format@0"}},

		{"a gzip that ends in the middle", "a.jsonl.gz", packGzip(sound + "\n" + hexNoise(200_000))[:60_000], []string{"sound", fmt.Sprintf("rejected truncated@%d", len(sound)+1)}},
		{"a gzip that ends in its header", "a.jsonl.gz", "\x1f\x8b", []string{"rejected truncated@0"}},
		{"a zstd that ends in the middle", "a.jsonl.zst", packZstd(sound + "\n" + hexNoise(600_000))[:200_000], []string{"sound", fmt.Sprintf("rejected truncated@%d", len(sound)+1)}},
		{"a gzip with a flipped byte", "a.jsonl.gz", flip(packGzip(sound+"\n"+hexNoise(200_000)), 50_000), []string{"sound", fmt.Sprintf("rejected corrupt@%d", len(sound)+1)}},
		{"a gzip with rubbish behind it", "a.jsonl.gz", packGzip(sound+"\n") + "rubbish rubbish", []string{"sound", fmt.Sprintf("rejected corrupt@%d", len(sound)+1)}},
		{"a gzip with a word behind it", "a.jsonl.gz", packGzip(sound+"\n") + "oops", []string{"sound", fmt.Sprintf("rejected corrupt@%d", len(sound)+1)}},
		{"a gzip with zeros behind it", "a.jsonl.gz", packGzip(sound+"\n") + strings.Repeat("\x00", 700), []string{"sound"}},
		{"a gzip of two members, one of nothing between them", "a.jsonl.gz", packGzip(sound+"\n") + packGzip("") + packGzip("x\n"), []string{"sound", fmt.Sprintf("rejected syntax@%d", len(sound)+1)}},
		{"a gzip whose second member ends in its magic", "a.jsonl.gz", packGzip(sound+"\n") + "\x1f", []string{"sound", fmt.Sprintf("rejected truncated@%d", len(sound)+1)}},
		{"a gzip whose second member ends in its header", "a.jsonl.gz", packGzip(sound+"\n") + "\x1f\x8b\x08\x00", []string{"sound", fmt.Sprintf("rejected truncated@%d", len(sound)+1)}},
		{"a page in a broken gzip", "a.txt.gz", packGzip(page)[:100], []string{"rejected truncated@0"}},
		{"a line that ends in the middle", "a.jsonl", sound + "\n" + sound[:100], []string{"sound", fmt.Sprintf("rejected truncated@%d", len(sound)+1)}},
		{"an array that ends in the middle", "a.json", "[" + sound + ", " + sound[:100], []string{"sound", fmt.Sprintf("rejected truncated@%d", len(sound)+3)}},
		{"an array that ends between elements", "a.json", "[" + sound + ", ", []string{"sound", fmt.Sprintf("rejected truncated@%d", len(sound)+1)}},
		{"a quoted cell that never ends", "a.csv", table + "2,\"" + page, []string{"sound", fmt.Sprintf("rejected truncated@%d", len(table))}},
		{"a Parquet file without its end", "a.parquet", fakeParquet(map[string]any{"text": page})[:50], []string{"rejected corrupt@0"}},
		{"a Parquet file that breaks its reader", "a.parquet", fakeParquet(map[string]any{"id": "sound", "text": page}, map[string]any{"panic": 1}), []string{"sound", "rejected failed@0"}},

		{"a page that is no text", "a.txt", noise(5000), []string{"rejected binary@0"}},
		{"HTML that is no text", "a.html", noise(5000), []string{"rejected binary@0"}},
		{"a picture under another name", "a.jsonl", "\x89PNG\r\n" + noise(5000), []string{"rejected binary@0"}},
		{"zeros in a line", "a.jsonl", strings.Repeat("\x00", 100) + "\n" + sound, []string{"rejected binary@0", "sound"}},
		{"a compressed file within a compressed file", "a.txt.gz", packGzip(packGzip(noise(5000))), []string{"rejected binary@0"}},
		{"a text field that is no text", "a.jsonl", asJSON(map[string]any{"id": "x", "text": strings.Repeat("\x01\x02", 50)}), []string{"rejected binary@0"}},
		{"a page in an undeclared encoding of Asia", "a.txt", strings.Repeat("\x83\x65\x83\x58\x83\x67\x82\xcc", 40), []string{"rejected encoding@0"}},

		{"a line of nonsense", "a.jsonl", "nonsense\n" + sound + "\n{\"text\": }\n", []string{"rejected syntax@0", "sound", fmt.Sprintf("rejected syntax@%d", len(sound)+10)}},
		{"nonsense without end", "a.jsonl", sound + "\n" + strings.Repeat("x\n", 3*maxBadInARow) + sound, append(append([]string{"sound"}, syntaxFrom(len(sound)+1, maxBadInARow)...), fmt.Sprintf("rejected given-up@%d", len(sound)+1+2*maxBadInARow))},
		{"an element of nonsense", "a.json", "[{\"text\": nonsense}, " + sound + "]", []string{"rejected syntax@1", "sound"}},
		{"brackets that do not match", "a.json", "[" + sound + "}, " + sound + "]", []string{"sound", fmt.Sprintf("rejected syntax@%d", len(sound)+1)}},
		{"a document that is no JSON", "a.json", "nonsense", []string{"rejected syntax@0"}},
		{"JSON nested ten thousand deep", "a.jsonl", `{"paragraphs":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + "}\n" + sound, []string{"rejected too-deep@0", "sound"}},
		{"JSON nested a hundred deep", "a.jsonl", `{"paragraphs":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "}\n" + sound, []string{"rejected too-deep@0", "sound"}},
		{"an array nested without end", "a.json", strings.Repeat("[", 100_000), []string{"rejected truncated@1"}},
		{"a record of a million values", "a.jsonl", `{"paragraphs":[` + strings.Repeat("1,", 1_000_000) + "1]}\n" + sound, []string{"rejected too-long@0", "sound"}},

		{"records of another kind", "a.jsonl", "{\"temperature\": 21}\n" + sound, []string{"rejected schema@0", "sound"}},
		{"values that are no records", "a.json", `[1, "two", null, [3], ` + sound + `]`, []string{"rejected schema@1", "rejected schema@4", "rejected schema@11", "rejected schema@17", "sound"}},
		{"a table of another kind", "a.csv", "city,temperature\nKyiv,21\nLviv,20\n", []string{"rejected schema@0"}},
		{"rows of another width", "a.csv", table + "2,b,c\n3\n", []string{"sound", fmt.Sprintf("rejected schema@%d", len(table)), fmt.Sprintf("rejected schema@%d", len(table)+6)}},
		{"a row of a million cells", "a.csv", table + strings.Repeat(",", 1_000_000) + "\n", []string{"sound", fmt.Sprintf("rejected schema@%d", len(table))}},
		{"a header of a million cells", "a.csv", "text" + strings.Repeat(",x", 1_000_000) + "\n" + page + strings.Repeat(",x", 1_000_000), []string{"rejected schema@0"}},
		{"text that is a number", "a.jsonl", `{"id": 7, "text": 5}` + "\n" + sound, []string{"rejected schema@0", "sound"}},
		{"paragraphs that are numbers", "a.jsonl", `{"paragraphs": [1, 2]}` + "\n" + sound, []string{"rejected schema@0", "sound"}},
		{"a Parquet file of another kind", "a.parquet", fakeParquet(map[string]any{"city": "Kyiv"}), []string{"rejected schema@0"}},
		{"a Parquet row that is too long", "a.parquet", fakeParquet(map[string]any{"text": strings.Repeat("x", 17<<20)}, map[string]any{"id": "sound", "text": page}), []string{"rejected too-long@0", "sound"}},
		{"an archive in a folder", "a.zip", "PK\x03\x04" + noise(5000), []string{"skipped unknown-format@0"}},
		{"text that is null", "a.jsonl", `{"text": null}` + "\n" + sound, []string{"rejected no-body@0", "sound"}},
		{"an article of chrome alone", "a.jsonl", `{"paragraphs": [{"kind": "chrome", "text": "Share"}]}`, []string{"rejected no-body@0"}},
		{"an article of a headline alone", "a.jsonl", `{"paragraphs": [{"kind": "headline", "text": "A headline"}]}`, []string{"rejected no-body@0"}},
		{"a page without an article", "a.html", "<html><nav>Home</nav></html>", []string{"rejected no-body@0"}},
		{"another language", "a.txt", strings.Repeat("Der Minister sagte am Montag, dass die Regierung bereit sei, Soldaten in das Land zu schicken, wenn der Waffenstillstand hält. ", 5), []string{"skipped not-english@0"}},

		{"a bomb of one line", "a.jsonl.gz", packGzip(sound + "\n" + strings.Repeat(" ", 40<<20)), []string{"sound", fmt.Sprintf("rejected bomb@%d", len(sound)+1)}},
		{"a bomb of many lines", "a.jsonl.zst", packZstd(sound + strings.Repeat("\n", 40<<20)), []string{"sound", "rejected bomb@*"}},
		{"a bomb of a page", "a.txt.gz", packGzip(strings.Repeat("x", 40<<20)), []string{"rejected bomb@0"}},
		{"a bomb in Parquet", "a.parquet.zst", packZstd(parquetMagic + strings.Repeat("x", 40<<20)), []string{"rejected bomb@0"}},
		{"a page that is too long", "a.txt", strings.Repeat("word ", 4<<20), []string{"rejected too-long@0"}},
		{"an article that is too long", "a.jsonl", asJSON(map[string]any{"paragraphs": []string{strings.Repeat(page, 3000)}}) + "\n" + sound, []string{"rejected too-long@0", "sound"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for i, item := range readFolder(t, map[string]string{test.file: test.data, "z.jsonl": soundLine("next file")}) {
				switch {
				case item.Left == nil:
					got = append(got, item.Article.ID)
				case i < len(test.want) && strings.HasSuffix(test.want[i], "*"):
					got = append(got, fmt.Sprintf("%s %s@*", item.Left.Outcome, item.Left.Reason))
				default:
					got = append(got, fmt.Sprintf("%s %s@%d", item.Left.Outcome, item.Left.Reason, item.Left.Offset))
				}
				if l := item.Left; l != nil && (l.Detail == "" || strings.Contains(l.Detail, "%!")) {
					t.Errorf("detail %q says nothing", l.Detail)
				}
			}
			if diff := cmp.Diff(append(test.want, "next file"), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestAPageInAGzipWithRubbishBehindItIsKept(t *testing.T) {
	items := readFolder(t, map[string]string{"a.txt.gz": packGzip(text(sentences...)) + "oops"})
	if len(items) != 2 || items[0].Article == nil || items[1].Left == nil || !strings.Contains(items[1].Left.Detail, "4 bytes follow") {
		t.Errorf("got %q", brief(items))
	}
}

func TestOnlyWhatIsNotTheFormatGivesAFileUp(t *testing.T) {
	long := asJSON(map[string]any{"text": strings.Repeat("long ", 1000)})
	for _, test := range []struct {
		name, line string
		want       string // reason of each
	}{
		{"no body", `{"text": ""}`, NoBody},
		{"no fields of an article", `{"temperature": 21}`, Schema},
		{"a field of another type", `{"text": 5}`, Schema},
		{"a line that is too long", long, LineTooLong},
		{"nested too deep", `{"paragraphs":` + strings.Repeat("[", 70) + strings.Repeat("]", 70) + "}", TooDeep},
	} {
		folder := write(t, map[string]string{"a.jsonl": strings.Repeat(test.line+"\n", maxBadInARow+1) + soundLine("a")})
		items := read(t, Config{Inputs: []string{folder}, MaxRecordBytes: 4000}, folder)
		if last := items[len(items)-1]; len(items) != maxBadInARow+2 || last.Article == nil || items[maxBadInARow].Left.Reason != test.want {
			t.Errorf("%s: %d items, the last is %q", test.name, len(items), brief([]Item{last}))
		}
	}
}

func TestAFileIsGivenUpOnlyWhereMoreIsBroken(t *testing.T) {
	broken := strings.Repeat("x\n", maxBadInARow)
	items := readFolder(t, map[string]string{"a.jsonl": broken + soundLine("a") + "\n" + broken, "b.jsonl": broken + "x\n" + soundLine("b")})
	if len(items) != 3*maxBadInARow+2 || items[maxBadInARow].Article == nil {
		t.Fatalf("%d items", len(items))
	}
	last, from := items[len(items)-1].Left, int64(2*maxBadInARow)
	if last == nil || last.Reason != GivenUp || last.Offset != from || !strings.Contains(last.Detail, fmt.Sprintf("from offset %d on nothing was read", from)) {
		t.Errorf("the last is %+v", last)
	}
}

func syntaxFrom(offset, n int) (want []string) {
	for i := range n {
		want = append(want, fmt.Sprintf("rejected syntax@%d", offset+2*i))
	}
	return want
}

// hexNoise is noise that is text.
func hexNoise(n int) string { return hex.EncodeToString([]byte(noise(n / 2))) }

// noise is one line, the same every time, and cannot be compressed.
func noise(n int) string {
	b := make([]byte, n)
	x := uint64(88172645463325252)
	for i := range b {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		if b[i] = byte(x >> 32); b[i] == '\n' {
			b[i] = 0xff
		}
	}
	return string(b)
}

func flip(s string, at int) string { return s[:at] + string([]byte{s[at] ^ 0x55}) + s[at+1:] }

func TestAFileThatIsNamedMustBeOfAKnownFormat(t *testing.T) {
	folder := write(t, map[string]string{"notes.md": "words", "page.txt": text(sentences...)})
	got := brief(read(t, Config{Inputs: []string{filepath.Join(folder, "notes.md"), filepath.Join(folder, "page.txt")}}, folder))
	if len(got) != 2 || got[0] != "notes.md rejected unknown-format@0" {
		t.Errorf("got %q", got)
	}
}

func TestWhatIsNoFileIsRefusedUnopened(t *testing.T) {
	folder := write(t, map[string]string{"z.jsonl": soundLine("sound")})
	pipe := filepath.Join(folder, "pipe.jsonl")
	if err := syscall.Mkfifo(pipe, 0o666); err != nil {
		t.Skip(err)
	}
	listener, err := net.Listen("unix", filepath.Join(folder, "socket.jsonl"))
	if err != nil {
		t.Skip(err)
	}
	defer listener.Close()
	for link, target := range map[string]string{"dangling.jsonl": "nowhere", "loop.jsonl": "loop.jsonl", "zero.jsonl": "/dev/zero"} {
		if err := os.Symlink(target, filepath.Join(folder, link)); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"dangling.jsonl rejected unreadable@0", "loop.jsonl rejected unreadable@0", "pipe.jsonl rejected unreadable@0",
		"socket.jsonl rejected unreadable@0", "z.jsonl article sound", "zero.jsonl rejected unreadable@0",
	}
	if diff := cmp.Diff(want, brief(read(t, Config{Inputs: []string{folder}}, folder))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := brief(read(t, Config{Inputs: []string{pipe}}, folder)); len(got) != 1 || got[0] != "pipe.jsonl rejected unreadable@0" {
		t.Errorf("named: %q", got)
	}
}

func TestAFileThatIsNoLongerWhatWasListedIsRejected(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(path string) error
		want   []string
	}{
		{"gone", os.Remove, []string{"a.jsonl rejected unreadable@0"}},
		{"longer", func(p string) error { return os.WriteFile(p, []byte(soundLine("a")+"\n\n"), 0o666) }, []string{"a.jsonl rejected changed@0"}},
		{"shorter", func(p string) error { return os.Truncate(p, 10) }, []string{"a.jsonl rejected changed@0"}},
		{"other bytes", func(p string) error { return os.WriteFile(p, []byte(soundLine("b")+"\n"), 0o666) },
			[]string{"a.jsonl article b", fmt.Sprintf("a.jsonl rejected changed@%d", len(soundLine("b"))+1)}},
		{"now a folder", func(p string) error { os.Remove(p); return os.Mkdir(p, 0o777) }, []string{"a.jsonl rejected unreadable@0"}},
	} {
		folder := write(t, map[string]string{"a.jsonl": soundLine("a") + "\n", "b.jsonl": soundLine("next")})
		c := Config{Inputs: []string{folder}}
		inputs, err := List(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if err := test.change(filepath.Join(folder, "a.jsonl")); err != nil {
			t.Fatal(err)
		}
		var items []Item
		for item := range Read(t.Context(), c, inputs) {
			items = append(items, relative(item, folder))
		}
		if diff := cmp.Diff(append(test.want, "b.jsonl article next"), brief(items)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", test.name, diff)
		}
	}
}

func TestAPageThatChangedIsNotBelieved(t *testing.T) {
	for _, name := range []string{"a.txt", "a.parquet"} {
		data := map[string]string{"a.txt": text(sentences...), "a.parquet": fakeParquet(map[string]any{"text": text(sentences...)})}[name]
		folder := write(t, map[string]string{name: data})
		c := Config{Inputs: []string{folder}, OpenParquet: openFakeParquet}
		inputs, _ := List(t.Context(), c)
		os.WriteFile(filepath.Join(folder, name), []byte(strings.Replace(data, "ready", "loath", 1)), 0o666)
		for item := range Read(t.Context(), c, inputs) {
			if item.Left == nil || item.Left.Reason != Changed {
				t.Errorf("%s: got %q", name, brief([]Item{item}))
			}
		}
	}
}

func TestAReaderThatFailsIsAReject(t *testing.T) {
	in := io.MultiReader(strings.NewReader(soundLine("a")+"\n"+soundLine("b")), &failing{})
	var items []Item
	for item := range Read(t.Context(), Config{Stdin: in}, []Input{{Path: stdinPath}}) {
		items = append(items, item)
	}
	want := []string{"- article a", fmt.Sprintf("- rejected unreadable@%d", len(soundLine("a"))+1)}
	if diff := cmp.Diff(want, brief(items)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

type failing struct{}

func (*failing) Read([]byte) (int, error) { return 0, syscall.EIO }
