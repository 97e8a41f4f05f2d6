package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"

	"stance/pipeline/stance"
	"stance/pipeline/store"
)

func TestVerdict(t *testing.T) {
	tests := []struct {
		name string
		err  error
		code int
	}{
		{"no error", nil, exitDone},
		{"any error", errors.New("x"), exitFailed},
		{"rejects", errRejects, exitRejects},
		{"wrong usage", usage("x"), exitUsage},
		{"a missing path", fs.ErrNotExist, exitUsage},
		{"a path without permission", fs.ErrPermission, exitUsage},
		{"a read-only disk", syscall.EROFS, exitUsage},
		{"a table without permission", store.ErrPermission, exitUsage},
		{"a wrong bundle", stance.ErrBundle, exitModel},
		{"a missing bundle", fmt.Errorf("%w: %w", stance.ErrBundle, fs.ErrNotExist), exitModel},
		{"a missing library", fmt.Errorf("%w: %w", stance.ErrRuntime, fs.ErrNotExist), exitModel},
		{"a locked table", store.ErrLocked, exitLocked},
		{"a corrupt table", store.ErrCorrupt, exitCorrupt},
		{"contradicting shards", store.ErrConflict, exitUseless},
		{"missing shards", store.ErrIncomplete, exitRetry},
		{"a full disk", &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, exitRetry},
		{"a disk at fault", &fs.PathError{Op: "sync", Path: "x", Err: syscall.EIO}, exitRetry},
		{"a file where a folder should be", syscall.ENOTDIR, exitUsage},
		{"an interrupt", context.Canceled, exitInterrupted},
		{"an interrupt while the model was opened", fmt.Errorf("%w: %w", stance.ErrBundle, context.Canceled), exitInterrupted},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := test.err
			if err != nil {
				err = fmt.Errorf("do something: %w", err)
			}
			code, cure := verdict(err)
			if code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			if wantCure := code != exitDone && code != exitFailed && code != exitRejects; (cure != "") != wantCure {
				t.Errorf("hint %q", cure)
			}
		})
	}
}

func TestHintsOfTheirOwnWin(t *testing.T) {
	if _, cure := verdict(fmt.Errorf("x: %w", hint(usage("y"), "do %s", "z"))); cure != "do z" {
		t.Errorf("hint %q", cure)
	}
}

func TestEveryExitCodeIsInTheHelp(t *testing.T) {
	codes := map[int]bool{}
	for _, e := range exitCodes {
		codes[e.code] = true
	}
	for _, code := range []int{exitDone, exitFailed, exitRejects, exitUsage, exitModel, exitLocked, exitCorrupt, exitUseless, exitRetry, exitInterrupted} {
		if !codes[code] {
			t.Errorf("%d is not explained", code)
		}
	}
}
