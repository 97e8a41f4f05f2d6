package ingest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stance/pipeline/news"
)

// samples is the folder of real pages beside the repository, which is not part of it.
func samples(t *testing.T) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; filepath.Dir(folder) != folder; folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			break
		}
	}
	folder = filepath.Join(folder, "..", "shared", "samples")
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("SKIPPED: the sample pages are not here: %v", err)
	}
	return folder
}

func TestALabelledSetRunsAsItIs(t *testing.T) {
	gold := filepath.Join(samples(t), "gold.jsonl")
	data, err := os.ReadFile(gold)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for line := range strings.Lines(string(data)) {
		var set struct {
			ID         string
			Paragraphs []struct{ Kind, Text string }
		}
		if err := json.Unmarshal([]byte(line), &set); err != nil {
			t.Fatal(err)
		}
		for _, p := range set.Paragraphs {
			if p.Kind != "chrome" {
				want = append(want, set.ID+" "+p.Kind+" "+strings.Join(strings.Fields(p.Text), " "))
			}
		}
	}
	var got []string
	for _, item := range read(t, Config{Inputs: []string{gold}}, "") {
		if item.Article == nil {
			t.Fatalf("rejected: %+v", item.Left)
		}
		for _, p := range item.Article.Paragraphs {
			got = append(got, item.Article.ID+" "+string(p.Kind)+" "+p.Text)
		}
	}
	if len(want) == 0 || strings.Join(want, "\n") != strings.Join(got, "\n") {
		t.Errorf("%d paragraphs came out of %d", len(got), len(want))
		for i := range min(len(want), len(got)) {
			if want[i] != got[i] {
				t.Fatalf("the first that differs: got %q, want %q", got[i], want[i])
			}
		}
	}
}

func TestTheSamplePagesAreReadAndTheDuplicateIsMarked(t *testing.T) {
	folder := samples(t)
	var pages []*news.Article
	for _, item := range read(t, Config{Inputs: []string{filepath.Join(folder, "*.txt")}}, folder) {
		if item.Article == nil {
			t.Fatalf("rejected: %+v", item.Left)
		}
		pages = append(pages, item.Article)
	}
	if len(pages) != 3 || pages[0].DuplicateOf != "" || pages[1].DuplicateOf != "" || pages[2].DuplicateOf != pages[0].ID {
		for _, a := range pages {
			t.Errorf("%s: %q, duplicate of %q", a.File, a.ID, a.DuplicateOf)
		}
	}
	if pages[0].Title == "" || pages[1].Title == "" || pages[2].Title != "" {
		t.Errorf("titles: %q, %q, %q", pages[0].Title, pages[1].Title, pages[2].Title)
	}
}
