package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"stance/pipeline/store"
)

// The things that come with stance, by their place below its home. Nothing else in the program knows these paths.
const (
	homeModel   = "models/default"
	homeRuntime = "models/runtime"
	homeActors  = "data/actors"
	homeTrain   = "data/labelled/train.jsonl"
	homeTest    = "data/labelled/test.jsonl"
)

// home is where the things that come with stance are looked for: STANCE_HOME if it is set, the folder above the
// program's own bin/, the working directory, in this order.
type home []string

func findHome(getenv func(string) string) home {
	var h home
	if dir := getenv("STANCE_HOME"); dir != "" {
		h = append(h, dir)
	}
	if exe, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(exe); err == nil {
			exe = real
		}
		if bin := filepath.Dir(exe); filepath.Base(bin) == "bin" {
			h = append(h, filepath.Dir(bin))
		}
	}
	return append(h, ".")
}

// find returns the first place that has the thing.
func (h home) find(thing string) (string, error) {
	for _, dir := range h {
		path := filepath.Join(dir, filepath.FromSlash(thing))
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("find %s: it is not in %s: %w", thing, strings.Join(h, ", "), os.ErrNotExist)
}

// openTable opens a table that has to be there: a mistyped folder is not an empty table.
func openTable(folder string) (*store.Table, error) {
	info, err := os.Stat(folder)
	if err == nil && !info.IsDir() {
		err = &os.PathError{Op: "open table", Path: folder, Err: syscall.ENOTDIR}
	}
	if err != nil {
		return nil, err
	}
	return store.Open(folder)
}
