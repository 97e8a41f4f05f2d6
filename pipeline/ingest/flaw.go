package ingest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// The reasons for which something is left out.
const (
	Unreadable    = "unreadable"     // cannot be opened or read, or is no file at all
	Changed       = "changed"        // no longer what List found
	UnknownFormat = "unknown-format" // its name ends like none of the formats
	Empty         = "empty"          // holds nothing
	Binary        = "binary"         // is not text
	Encoding      = "encoding"       // is text, but in no encoding that can be told
	Truncated     = "truncated"      // ends in the middle
	Corrupt       = "corrupt"        // compressed or columnar data that contradicts itself
	Bomb          = "bomb"           // unpacks to far more than text does
	LineTooLong   = "line-too-long"  // a line, row or JSON element over MaxRecordBytes
	TooLong       = "too-long"       // a page over MaxRecordBytes or an article over MaxArticleRunes
	TooDeep       = "too-deep"       // JSON nested beyond maxDepth
	Syntax        = "syntax"         // breaks the grammar of its format
	Schema        = "schema"         // lacks the fields of an article, or has them in another type
	NoBody        = "no-body"        // nothing is left of it once the chrome is gone
	GivenUp       = "given-up"       // the rest of a file of which record after record is not in its format
	Failed        = "failed"         // a fault of ours: reading it panicked
	NotEnglish    = "not-english"
)

// notTheFormat reports whether a reason tells that a record is not what the format of its file demands. What merely makes no
// article of it, such as a missing body, says nothing about the records after it.
func notTheFormat(reason string) bool {
	switch reason {
	case Syntax, Truncated, Binary, Encoding:
		return true
	}
	return false
}

// flaw is why something is left out.
type flaw struct{ outcome, reason, detail string }

func (f *flaw) Error() string { return f.reason + ": " + f.detail }

func reject(reason, format string, args ...any) error {
	return &flaw{Rejected, reason, fmt.Sprintf(format, args...)}
}

func skip(reason, format string, args ...any) error {
	return &flaw{Skipped, reason, fmt.Sprintf(format, args...)}
}

// flawOf names the flaw behind an error of a reader or a decompressor. Errors of the file itself are already flaws.
func flawOf(err error) *flaw {
	var f *flaw
	var file *fs.PathError
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &flaw{Rejected, Truncated, "the compressed data ends in the middle"}
	case errors.As(err, &file): // of a temporary file
		return &flaw{Rejected, Unreadable, err.Error()}
	default:
		return &flaw{Rejected, Corrupt, err.Error()}
	}
}
