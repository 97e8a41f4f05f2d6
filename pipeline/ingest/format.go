package ingest

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
)

// format reads the records of an open file in order, a broken one with its error, for as long as the file allows and give
// returns true.
type format func(s *source, give func(record) bool)

// format is what reads the files of a suffix.
func (r *reader) format(s *source, suffix string) format {
	switch suffix {
	case ".html", ".htm", ".xhtml":
		return r.htmlPage
	case ".jsonl", ".ndjson", ".json":
		if oneObjectPerLine(s, suffix != ".json") {
			return r.jsonLines
		}
		return r.jsonDocument
	case ".csv":
		return r.csv
	case ".tsv":
		return r.tsv
	case ".parquet":
		return r.parquet
	}
	return r.textPage
}

// hasFormat reports whether some format has the suffix.
func hasFormat(suffix string) bool {
	switch suffix {
	case ".txt", ".html", ".htm", ".xhtml", ".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet":
		return true
	}
	return false
}

// unknown leaves a file out: as broken where it was named, as none of ours where it only lies in a folder.
func (r *reader) unknown(path, suffix string) error {
	leave := skip
	if r.named[path] {
		leave = reject
	}
	return leave(UnknownFormat, "no format has the suffix %q: name it .txt, .html, .json, .jsonl, .csv, .tsv or .parquet", suffix)
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
