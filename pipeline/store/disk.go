package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// disk is all that a table asks of a file system. It is an interface so that tests can let every call fail in turn and
// cut the power after it.
type disk interface {
	Create(name string) (outFile, error) // fails where the name exists
	Open(name string) (inFile, error)
	Link(from, to string) error // a second name for a file; fails where it exists
	Rename(from, to string) error
	Remove(name string) error // a file or an empty folder
	Mkdir(name string) error
	SyncDir(name string) error // names made or removed in a folder outlive a power cut only after this
	List(name string) ([]fs.DirEntry, error)
	Lock(name, holder string) (io.Closer, error) // fails with ErrLocked and the holder's name
}

type outFile interface {
	io.WriteCloser
	Sync() error
}

type inFile interface {
	io.ReadCloser
	io.ReaderAt
	Size() int64
}

type osDisk struct{}

type osFile struct {
	*os.File
	size int64
}

func (f osFile) Size() int64 { return f.size }

func (osDisk) Create(name string) (outFile, error) {
	return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
}

func (osDisk) Open(name string) (inFile, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: errors.New("not a regular file")}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return osFile{f, info.Size()}, nil
}

func (osDisk) Link(from, to string) error              { return os.Link(from, to) }
func (osDisk) Rename(from, to string) error            { return os.Rename(from, to) }
func (osDisk) Remove(name string) error                { return os.Remove(name) }
func (osDisk) Mkdir(name string) error                 { return os.Mkdir(name, 0o755) }
func (osDisk) List(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }

func (osDisk) SyncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil // some network file systems cannot sync a folder and need not: the server has done it
	}
	return errors.Join(err, d.Close())
}

// Digest is what is known of a file once it is written.
type Digest struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// draft is a file without a name yet. It lies in the folder where it will get one, since a name cannot move to a file on
// another disk.
type draft struct {
	table *Table
	path  string
	file  outFile
	hash  hash.Hash
	bytes int64
}

func (t *Table) draft(dir string) (*draft, error) {
	path := filepath.Join(dir, tempPrefix+strings.ToLower(rand.Text()))
	f, err := t.disk.Create(path)
	if err != nil {
		return nil, fmt.Errorf("create file in %q: %w", dir, refusal(err))
	}
	return &draft{table: t, path: path, file: f, hash: sha256.New()}, nil
}

func (d *draft) Write(b []byte) (int, error) {
	n, err := d.file.Write(b)
	d.hash.Write(b[:n])
	d.bytes += int64(n)
	return n, err
}

// drop forgets the file.
func (d *draft) drop() {
	d.file.Close()
	d.table.disk.Remove(d.path)
}

// publish lets the file appear under a name, whole or not at all, and never again disappear. The name may depend on the
// content. Where it exists already, replace decides: take its place, or fail with fs.ErrExist.
func (d *draft) publish(replace bool, name func(Digest) string) (Digest, error) {
	err := d.file.Sync() // the content is on the disk before the name is: a name never promises what is not there
	if err != nil {
		d.drop()
		return Digest{}, fmt.Errorf("sync file in %q: %w", filepath.Dir(d.path), err)
	}
	if err := d.file.Close(); err != nil { // network disks report here that there was no room
		d.table.disk.Remove(d.path)
		return Digest{}, fmt.Errorf("close file in %q: %w", filepath.Dir(d.path), err)
	}
	sum := Digest{Bytes: d.bytes, SHA256: hex.EncodeToString(d.hash.Sum(nil))}
	return sum, d.table.reveal(d.path, filepath.Join(filepath.Dir(d.path), name(sum)), replace)
}

// publish writes a file and publishes it, see draft.publish.
func (t *Table) publish(dir string, replace bool, name func(Digest) string, write func(io.Writer) error) (Digest, error) {
	d, err := t.draft(dir)
	if err != nil {
		return Digest{}, err
	}
	if err := write(d); err != nil {
		d.drop()
		return Digest{}, fmt.Errorf("write file in %q: %w", dir, err)
	}
	return d.publish(replace, name)
}

// reveal gives a written file its name, and sees that the name is on the disk before anything is built on it.
func (t *Table) reveal(temp, name string, replace bool) error {
	var err error
	if replace {
		err = t.disk.Rename(temp, name) // readers see the old file or the new one, never part of one
	} else {
		err = t.link(temp, name) // unlike a rename it fails where the name exists, so the first writer wins
		t.disk.Remove(temp)      // a leftover would be litter, not harm: the commit clears the folder
	}
	if err != nil && replace {
		t.disk.Remove(temp)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("publish file %q: %w", name, refusal(err))
	}
	// Also where somebody else was first: what follows builds on that name, and he may not have come to this line.
	return errors.Join(err, t.syncDir(filepath.Dir(name)))
}

// link adds a name to a file. Disks without links (some mounted object stores and network shares) get a rename, which
// two writers within the same instant could both win; their files are equal, so the later one does no harm.
func (t *Table) link(from, to string) error {
	err := t.disk.Link(from, to)
	if !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, syscall.EPERM) {
		return err
	}
	if t.exists(to) {
		return &fs.PathError{Op: "link", Path: to, Err: fs.ErrExist}
	}
	return t.disk.Rename(from, to)
}

const tempPrefix = "tmp-"

func (t *Table) syncDir(dir string) error {
	if err := t.disk.SyncDir(dir); err != nil {
		return fmt.Errorf("sync folder %q: %w", dir, refusal(err))
	}
	return nil
}

// makeDirs creates a folder and those above it, and sees that they stay: also those that are there already, since
// whoever made them may have died before this.
func (t *Table) makeDirs(dir string) error {
	parent := filepath.Dir(dir)
	_, err := t.disk.List(dir)
	there := !missing(err)
	if !there && parent != dir {
		if err := t.makeDirs(parent); err != nil {
			return err
		}
		if err := t.disk.Mkdir(dir); err != nil && !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("create folder %q: %w", dir, refusal(err))
		}
	}
	if err := t.syncDir(parent); !there || !errors.Is(err, ErrPermission) {
		return err
	}
	return nil // a folder above one that was there may be closed to us
}

// makeRunsDir creates the folder in which every writer begins. Folders above the table that were there before may be
// closed to us; they are then none of our making and need no sync of ours.
func (t *Table) makeRunsDir() error {
	for dir := t.dir; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		t.disk.SyncDir(filepath.Dir(dir))
	}
	return t.makeDirs(t.runsDir())
}

// remove deletes files that may be gone already.
func (t *Table) remove(names ...string) error {
	for _, name := range names {
		if err := t.disk.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove file %q: %w", name, refusal(err))
		}
	}
	return nil
}

// sum reads a whole file again to see what is in it now.
func (t *Table) sum(name string) (Digest, error) {
	f, err := t.disk.Open(name)
	if err != nil {
		return Digest{}, fmt.Errorf("read file: %w", refusal(err))
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return Digest{}, fmt.Errorf("read file %q: %w", name, err)
	}
	return Digest{Bytes: n, SHA256: hex.EncodeToString(h.Sum(nil))}, nil
}

// intact compares a file with what was written; a file that is gone is ErrCorrupt too.
func (t *Table) intact(name string, want Digest) error {
	switch sum, err := t.sum(name); {
	case missing(err):
		return fmt.Errorf("%w: %q is gone", ErrCorrupt, name)
	case err != nil:
		return err
	case sum != want:
		return fmt.Errorf("%w: %q is not as it was written", ErrCorrupt, name)
	}
	return nil
}
