package ingest

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
)

// format reads the records of an open file in order, an unreadable one with its error, and goes on for as long as the
// file allows and yield returns true.
type format func(s *source, yield func(record) bool)

// format chooses by name, and for standard input by content.
func (r *reader) format(s *source, path string) (format, error) {
	suffix := suffixOf(path)
	if path == stdinPath {
		suffix = sniff(s, r.schema)
	}
	if head, _ := s.Peek(256); suffix != ".parquet" && isNoise(head) {
		return nil, reject(Binary, "its first bytes are not text")
	}
	switch suffix {
	case ".txt":
		return r.textPage, nil
	case ".html", ".htm", ".xhtml":
		return r.htmlPage, nil
	case ".jsonl", ".ndjson", ".json":
		if oneObjectPerLine(s, suffix != ".json") {
			return r.jsonLines, nil
		}
		return r.jsonDocument, nil
	case ".csv":
		return r.csv, nil
	case ".tsv":
		return r.tsv, nil
	case ".parquet":
		return r.parquet, nil
	}
	give := skip
	if r.named[path] {
		give = reject
	}
	return nil, give(UnknownFormat, "no format has the suffix %q: name it .txt, .html, .json, .jsonl, .csv, .tsv or .parquet", suffix)
}

// suffixOf is the suffix that tells the format: the one under .gz or .zst where there is such.
func suffixOf(path string) string {
	path = strings.ToLower(path)
	switch suffix := filepath.Ext(path); suffix {
	case ".gz", ".zst":
		return filepath.Ext(strings.TrimSuffix(path, suffix))
	default:
		return suffix
	}
}

// sniff tells the format from the first bytes, as a suffix. What looks like nothing else is a page of text.
func sniff(s *source, names *schema) string {
	head, _ := s.Peek(bufferBytes)
	if bytes.HasPrefix(head, []byte(parquetMagic)) {
		return ".parquet"
	}
	head = bytes.TrimSpace(head)
	if len(head) > 0 {
		switch head[0] {
		case '[', '{':
			return ".json"
		case '<':
			return ".html"
		}
	}
	line, _, _ := bytes.Cut(head, []byte("\n"))
	switch delimiter, known := delimiterOf(line, names); {
	case known < 2:
		return ".txt"
	case delimiter == '\t':
		return ".tsv"
	default:
		return ".csv"
	}
}

// oneObjectPerLine tells JSON lines from a document, since either is found under the other's name.
func oneObjectPerLine(s *source, saysName bool) bool {
	head, _ := s.Peek(bufferBytes)
	head = bytes.TrimLeft(head, " \t\r\n")
	if bytes.HasPrefix(head, []byte("[")) {
		return false
	}
	var first []byte
	lines, objects := 0, 0
	for line := range bytes.Lines(head) {
		if line = bytes.TrimRight(line, " \t\r\n"); len(line) == 0 {
			continue
		}
		if lines++; lines == 1 {
			first = line
		}
		if line[0] == '{' && json.Valid(line) {
			objects++
		}
	}
	switch {
	case lines > 1 && first[0] == '{' && json.Valid(first), objects > 1 && objects*2 > lines:
		return true
	case string(first) == "{":
		return false
	}
	return saysName
}
