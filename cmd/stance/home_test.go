package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestHomeIsLookedForInOrder(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	for _, dir := range []string{first, second} {
		if err := os.MkdirAll(filepath.Join(dir, "data", "actors"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(second)
	getenv := func(string) string { return first }
	if got, err := findHome(getenv).find(homeActors); err != nil || got != filepath.Join(first, "data", "actors") {
		t.Errorf("with STANCE_HOME: %q, %v", got, err)
	}
	if err := os.RemoveAll(filepath.Join(first, "data")); err != nil {
		t.Fatal(err)
	}
	if got, err := findHome(getenv).find(homeActors); err != nil || got != filepath.Join("data", "actors") {
		t.Errorf("with an empty STANCE_HOME: %q, %v", got, err)
	}
	if _, err := findHome(getenv).find(homeModel); err == nil || !strings.Contains(err.Error(), first) {
		t.Errorf("the error %v does not say where was looked", err)
	}
}
