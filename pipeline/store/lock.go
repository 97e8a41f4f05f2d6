package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Lock makes this process the only one that may commit to the table, and first finishes what a killed one had begun
// to commit. It fails at once with ErrLocked, naming the holder, rather than wait: a nightly job that waits for
// last night's is two jobs too many. The kernel lets go of the lock when the process dies, however it dies.
// Shards do not need it: any number of them may write at the same time.
func (t *Table) Lock() (release func() error, err error) {
	if err := t.makeRunsDir(); err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held {
		return nil, fmt.Errorf("lock table %q: %w by this process", t.dir, ErrLocked)
	}
	lock, err := t.disk.Lock(t.lockPath(), holder())
	if err != nil {
		return nil, fmt.Errorf("lock table %q: %w", t.dir, refusal(err))
	}
	if err := t.recover(); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	t.held = true
	return func() error {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.held = false
		return lock.Close()
	}, nil
}

// locked runs f under the lock, whether or not this process holds it already.
func (t *Table) locked(f func() error) error {
	t.mu.Lock()
	held := t.held
	t.mu.Unlock()
	if held {
		return f()
	}
	release, err := t.Lock()
	if err != nil {
		return err
	}
	return errors.Join(f(), release())
}

func holder() string {
	host, _ := os.Hostname()
	return fmt.Sprintf("process %d on %s since %s", os.Getpid(), host, time.Now().UTC().Format(time.RFC3339))
}

// Lock takes an advisory lock on the open file. The file itself stays for ever: removing it would let two processes
// hold locks on two files of the same name.
func (osDisk) Lock(name, holder string) (io.Closer, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		defer f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			by, _ := io.ReadAll(io.LimitReader(f, 1<<10))
			return nil, fmt.Errorf("%w by %s", ErrLocked, strings.TrimSpace(string(by)))
		}
		return nil, fmt.Errorf("lock file %q: %w", name, err)
	}
	// Who holds it is only for the message of the next one, so a failure to say so is none.
	if f.Truncate(0) == nil {
		f.WriteAt([]byte(holder+"\n"), 0)
	}
	return f, nil
}
