package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"

	"stance/pipeline"
	"stance/pipeline/stance"
	"stance/pipeline/store"
)

// The exit codes, for schedulers to decide by.
const (
	exitDone        = 0
	exitFailed      = 1
	exitRejects     = 3
	exitUsage       = 10
	exitModel       = 11
	exitLocked      = 12
	exitCorrupt     = 13
	exitUseless     = 65 // EX_DATAERR of sysexits.h
	exitRetry       = 75 // EX_TEMPFAIL of sysexits.h
	exitInterrupted = 130
)

// exitCodes is what the help says about them.
var exitCodes = []struct {
	code    int
	meaning string
}{
	{exitDone, "done"},
	{exitFailed, "failed"},
	{exitRejects, "done, but some input was rejected: see the run's rejects file"},
	{exitUsage, "wrong usage or settings, or a file or folder that cannot be used"},
	{exitModel, "the model bundle or the ONNX Runtime library is missing or wrong"},
	{exitLocked, "another stance is writing to the same folder"},
	{exitCorrupt, "the table or a file that belongs to it is damaged"},
	{exitUseless, "trying again cannot help: shards of one run contradict each other"},
	{exitRetry, "trying again may help: shards are missing, or the disk is full or at fault"},
	{exitInterrupted, "interrupted; the same command goes on where this one stopped"},
}

func exitCodesHelp() string {
	var b strings.Builder
	b.WriteString("Exit codes:\n")
	for _, e := range exitCodes {
		fmt.Fprintf(&b, "  %3d  %s\n", e.code, e.meaning)
	}
	return b.String()
}

// said is an error that standard output has told already: it only makes the exit code.
type said struct{ error }

func (e said) Unwrap() error { return e.error }

// errRejects says that a run is complete although some of its input could not be used.
var errRejects = said{errors.New("some input was rejected")}

// usageError is a mistake in flags, settings or arguments.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// hinted is an error together with its cure.
type hinted struct {
	error
	hint string
}

func (e hinted) Unwrap() error { return e.error }

func hint(err error, format string, args ...any) error {
	return hinted{err, fmt.Sprintf(format, args...)}
}

// verdict is the one place where errors become exit codes and, where the error brings none of its own, hints.
func verdict(err error) (code int, cure string) {
	switch {
	case err == nil:
		return exitDone, ""
	case errors.Is(err, errRejects):
		return exitRejects, ""
	case errors.Is(err, context.Canceled):
		code, cure = exitInterrupted, "what is finished is kept; the same command goes on from there"
	case errors.Is(err, store.ErrLocked):
		code, cure = exitLocked, "wait until the other one has ended; the lock goes away with its process"
	case errors.Is(err, store.ErrPermission):
		code, cure = exitUsage, "let this user write to the folder, or name another with --out"
	case errors.Is(err, store.ErrCorrupt):
		code, cure = exitCorrupt, "restore the named file from a backup, or label that night again with --fresh"
	case errors.Is(err, store.ErrConflict):
		code, cure = exitUseless, "start all shards with the same input, model, actors and settings; --fresh discards what is there"
	case errors.Is(err, store.ErrIncomplete):
		code, cure = exitRetry, "wait for the missing shards, or start them again"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		code, cure = exitRetry, "make room on the disk and run the same command again: it goes on where it stopped"
	case errors.Is(err, stance.ErrRuntime):
		code, cure = exitModel, "run `make runtime`, or name the library with --runtime or STANCE_RUNTIME; `stance doctor` says more"
	case errors.Is(err, stance.ErrBundle):
		code, cure = exitModel, "name a bundle with --model or STANCE_MODEL; `stance model verify` says what is wrong with one"
	case errors.Is(err, pipeline.ErrNoArticle):
		code, cure = exitUsage, "name a file that holds an article in English; `stance run --help` lists the formats"
	case errors.Is(err, filepath.ErrBadPattern):
		code, cure = exitUsage, "close the brackets of the glob, or put a backslash before them if they are part of a name"
	case errors.As(err, new(usageError)):
		code, cure = exitUsage, "see `stance help`"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		code, cure = exitUsage, "let this user read the input and write the output folder, or name another with --out"
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		code, cure = exitUsage, "check the spelling of the path"
	case errors.As(err, new(syscall.Errno)):
		code, cure = exitRetry, "look after the disk and run the same command again: it goes on where it stopped"
	default:
		code = exitFailed
	}
	if h := (hinted{}); errors.As(err, &h) {
		cure = h.hint
	}
	return code, cure
}
