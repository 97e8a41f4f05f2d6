package ingest

import (
	"errors"
	"fmt"
	"io"
	"syscall"
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
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, new(*fault)):
		return &flaw{Rejected, Unreadable, err.Error()}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &flaw{Rejected, Truncated, "the compressed data ends in the middle"}
	default:
		return &flaw{Rejected, Corrupt, err.Error()}
	}
}

// fault is an error of the machine, such as a full disk or a mount that fails, and says nothing of the input. It ends the reading:
// as a reject it would be part of a run that is done, and the file would never be labelled, though it can be read the next time.
type fault struct{ error }

func (f *fault) Unwrap() error { return f.error }

// faultOr is the fault of the machine behind an error of reading a file that could be read before, or else the flaw of that file.
func faultOr(reason, what string, err error) error {
	if ofTheMachine(err) {
		return &fault{fmt.Errorf("%s: %w", what, err)}
	}
	return reject(reason, "%s: %v", what, err)
}

// ofTheMachine reports whether an error comes from the operating system and does not say that the file is gone, closed to us or
// none any more. It need not know whether the fault will pass: where it lasts, List cannot hash the file when the run is tried
// again, and so it becomes a reject.
func ofTheMachine(err error) bool {
	var code syscall.Errno
	if !errors.As(err, &code) {
		return false
	}
	switch code {
	case syscall.ENOENT, syscall.ENOTDIR, syscall.EISDIR, syscall.ELOOP, syscall.ENAMETOOLONG, syscall.EACCES, syscall.EPERM:
		return false
	}
	return true
}
