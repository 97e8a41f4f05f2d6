package pipeline

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Imports run cmd → pipeline → {ingest, actor, stance, store, evaluate, report} → news, and the two libraries that the
// project depends on most are known to one package each.
func TestPackagesImportOnlyDownwards(t *testing.T) {
	only := map[string]string{
		"github.com/sugarme/tokenizer":        "pipeline/stance",
		"github.com/yalue/onnxruntime_go":     "pipeline/stance",
		"github.com/parquet-go/parquet-go":    "pipeline/store",
		"codeberg.org/readeck/go-readability": "pipeline/ingest",
	}
	checked := 0
	for _, root := range []string{".", "../cmd"} {
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
			if err != nil {
				return err
			}
			checked++
			from := filepath.ToSlash(filepath.Join("pipeline", filepath.Dir(path)))
			for _, spec := range file.Imports {
				to, _ := strconv.Unquote(spec.Path.Value)
				for library, owner := range only {
					if strings.HasPrefix(to, library) && from != owner {
						t.Errorf("%s imports %s, which only %s may", path, to, owner)
					}
				}
				if ours, ok := strings.CutPrefix(to, "stance/pipeline"); ok && strings.Count(from, "/") == 1 && strings.HasPrefix(from, "pipeline/") && ours != "/news" {
					t.Errorf("%s imports %s: a stage knows its neighbours only by package news", path, to)
				}
				if !strings.Contains(strings.Split(to, "/")[0], ".") && from == "pipeline/news" && strings.HasPrefix(to, "stance") {
					t.Errorf("%s imports %s: news imports the standard library alone", path, to)
				}
				if slices.Contains([]string{"C", "unsafe"}, to) {
					t.Errorf("%s imports %s", path, to)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if checked < 30 {
		t.Errorf("only %d files were checked: is the test looking in the right place?", checked)
	}
}
