package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"stance/pipeline/actor"
	"stance/pipeline/evaluate"
	"stance/pipeline/news"
)

// readSet reads a labelled set and describes it.
func readSet(con *console, path string) ([]evaluate.Article, evaluate.Data, error) {
	text, err := readFile(con, path)
	if err != nil {
		return nil, evaluate.Data{}, err
	}
	set, err := evaluate.ReadSet(bytes.NewReader(text))
	if err != nil {
		return nil, evaluate.Data{}, noSet(path, err)
	}
	data, err := describe(path, text, set)
	return set, data, err
}

// readOutside is readSet for sets in any format.
func readOutside(con *console, path string, finder *actor.Finder) (evaluate.Outside, evaluate.Data, error) {
	text, err := readFile(con, path)
	if err != nil {
		return evaluate.Outside{}, evaluate.Data{}, err
	}
	who := func(name string) news.Actor {
		if a, ok := finder.Named(name); ok {
			return a
		}
		if id := actor.Slug(name); id != news.TheAuthor.ID {
			return news.Actor{ID: id, Name: name}
		}
		return news.TheAuthor
	}
	set, err := evaluate.ReadOutside(text, who, finder.Find)
	if err != nil {
		return set, evaluate.Data{}, noSet(path, err)
	}
	data, err := describe(path, text, set.Set)
	return set, data, err
}

// readFile reads what a person has named, so that it is a mistake of his where it cannot be read.
func readFile(con *console, path string) ([]byte, error) {
	text, err := read(con, path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, hint(usageError{err}, "check the spelling of the path; - stands for standard input")
	case err != nil:
		return nil, hint(usageError{err}, "name a file that this user may read")
	case len(bytes.TrimSpace(text)) == 0:
		return nil, noSet(path, errors.New("the file is empty"))
	}
	return text, nil
}

func describe(path string, text []byte, set []evaluate.Article) (evaluate.Data, error) {
	data := evaluate.Describe(path, fmt.Sprintf("%x", sha256.Sum256(text)), set)
	if data.Pairs == 0 {
		return data, hint(usage("read %q: no paragraph has a label", path), "label it first: `stance labelled export` takes it to a labelling tool")
	}
	return data, nil
}

func noSet(path string, err error) error {
	return hint(usageError{fmt.Errorf("read %q: %w", path, firstFault(err))}, "correct it, or name another file; `stance eval --help` says what a labelled set looks like")
}

// firstFault is the first of some faults, with the number of the others: a file of another sort has one in every line.
func firstFault(err error) error {
	first, rest, more := strings.Cut(err.Error(), "\n")
	if !more {
		return err
	}
	return fmt.Errorf("%s (and %d more)", first, 1+strings.Count(rest, "\n"))
}
