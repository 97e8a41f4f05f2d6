package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing/fstest"
)

// memDisk is a disk in memory that knows what of it would outlive a power cut: the content that was synced, under the
// names whose folder was synced. It can fail at any call, and die at any call.
type memDisk struct {
	mu      sync.Mutex
	names   map[string]*inode // files and folders as a process sees them
	durable map[string]*inode // as they would be found after a power cut
	locked  *bool

	calls  int
	failAt int // the number of the call that fails; 0 is none
	how    fault
	dead   bool
	log    []string
}

type inode struct {
	dir    bool
	data   []byte
	synced []byte
}

type fault int

const (
	eio     fault = iota // the call does nothing and says so
	full                 // a write writes half and says so; other calls are as eio
	liar                 // the call does its work and reports a failure all the same, as network disks can
	killed               // the process dies before the call
	killing              // the process dies after the call
)

var errDead = errors.New("the process is dead")

func newMemDisk() *memDisk {
	root := &inode{dir: true}
	return &memDisk{names: map[string]*inode{"/": root}, durable: map[string]*inode{"/": root}, locked: new(bool)}
}

// restart is the same disk seen by the next process.
func (d *memDisk) restart() *memDisk {
	return &memDisk{names: d.names, durable: d.durable, locked: new(bool)}
}

// clone is a disk of its own with the same content.
func (d *memDisk) clone() *memDisk {
	copies := make(map[*inode]*inode)
	all := func(names map[string]*inode) map[string]*inode {
		out := make(map[string]*inode, len(names))
		for name, node := range names {
			if copies[node] == nil {
				copies[node] = &inode{node.dir, slices.Clone(node.data), slices.Clone(node.synced)}
			}
			out[name] = copies[node]
		}
		return out
	}
	return &memDisk{names: all(d.names), durable: all(d.durable), locked: new(bool)}
}

// powerCut is the disk after the power came back. Of each change that was not synced, r decides what is left of it.
func (d *memDisk) powerCut(r *rand.Rand, keep float64) *memDisk {
	after := newMemDisk()
	all := maps.Clone(d.durable)
	maps.Copy(all, d.names)
	for _, name := range slices.Sorted(maps.Keys(all)) { // folders come before what is in them
		node := d.durable[name]
		if now := d.names[name]; now != node && r.Float64() < keep {
			node = now
		}
		if parent, ok := after.names[filepath.Dir(name)]; node == nil || !ok || !parent.dir {
			continue
		}
		if !node.dir {
			data := node.synced
			if tail := len(node.data) - len(data); tail > 0 && r.Float64() < keep {
				data = append(slices.Clone(data), node.data[len(data):len(data)+r.IntN(tail+1)]...)
			}
			node = &inode{data: data, synced: data}
		}
		after.names[name], after.durable[name] = node, node
	}
	return after
}

// call counts a call and says whether it fails, and whether it does its work nevertheless.
func (d *memDisk) call(op, name string) (work bool, err error) {
	if d.dead {
		return false, errDead
	}
	d.calls++
	d.log = append(d.log, op+" "+name)
	if d.calls != d.failAt {
		return true, nil
	}
	switch d.how {
	case full:
		return false, &fs.PathError{Op: op, Path: name, Err: syscall.ENOSPC}
	case liar:
		return true, &fs.PathError{Op: op, Path: name, Err: syscall.EIO}
	case killed:
		d.dead = true
		return false, errDead
	case killing:
		d.dead = true
		return true, errDead
	}
	return false, &fs.PathError{Op: op, Path: name, Err: syscall.EIO}
}

// do runs a call that changes names.
func (d *memDisk) do(op, name string, change func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	work, err := d.call(op, name)
	if work {
		if changeErr := change(); changeErr != nil {
			return &fs.PathError{Op: op, Path: name, Err: changeErr}
		}
	}
	return err
}

func (d *memDisk) add(name string, node *inode) error {
	if _, ok := d.names[name]; ok {
		return fs.ErrExist
	}
	if parent, ok := d.names[filepath.Dir(name)]; !ok || !parent.dir {
		return fs.ErrNotExist
	}
	d.names[name] = node
	return nil
}

func (d *memDisk) Create(name string) (outFile, error) {
	node := &inode{}
	err := d.do("create", name, func() error { return d.add(name, node) })
	if err != nil {
		return nil, err
	}
	return &memFile{disk: d, name: name, node: node}, nil
}

func (d *memDisk) Mkdir(name string) error {
	return d.do("mkdir", name, func() error { return d.add(name, &inode{dir: true}) })
}

func (d *memDisk) Link(from, to string) error {
	return d.do("link", to, func() error {
		node, ok := d.names[from]
		if !ok {
			return fs.ErrNotExist
		}
		return d.add(to, node)
	})
}

func (d *memDisk) Rename(from, to string) error {
	return d.do("rename", to, func() error {
		node, ok := d.names[from]
		if !ok {
			return fs.ErrNotExist
		}
		delete(d.names, from)
		d.names[to] = node
		return nil
	})
}

func (d *memDisk) Remove(name string) error {
	return d.do("remove", name, func() error {
		if node, ok := d.names[name]; !ok {
			return fs.ErrNotExist
		} else if node.dir && len(d.in(d.names, name)) > 0 {
			return syscall.ENOTEMPTY
		}
		delete(d.names, name)
		return nil
	})
}

func (d *memDisk) in(names map[string]*inode, dir string) (children []string) {
	for name := range names {
		if filepath.Dir(name) == dir && name != "/" {
			children = append(children, name)
		}
	}
	slices.Sort(children)
	return children
}

func (d *memDisk) SyncDir(name string) error {
	return d.do("syncdir", name, func() error {
		if _, ok := d.names[name]; !ok {
			return fs.ErrNotExist
		}
		for _, gone := range d.in(d.durable, name) {
			delete(d.durable, gone)
		}
		for _, child := range d.in(d.names, name) {
			d.durable[child] = d.names[child]
		}
		return nil
	})
}

func (d *memDisk) List(name string) (entries []fs.DirEntry, err error) {
	err = d.do("list", name, func() error {
		if node, ok := d.names[name]; !ok || !node.dir {
			return fs.ErrNotExist
		}
		for _, child := range d.in(d.names, name) {
			mode := fs.FileMode(0)
			if d.names[child].dir {
				mode = fs.ModeDir
			}
			info, err := fs.Stat(fstest.MapFS{"x": &fstest.MapFile{Mode: mode}}, "x")
			if err != nil {
				return err
			}
			entries = append(entries, renamed{fs.FileInfoToDirEntry(info), filepath.Base(child)})
		}
		return nil
	})
	return entries, err
}

type renamed struct {
	fs.DirEntry
	name string
}

func (r renamed) Name() string { return r.name }

func (d *memDisk) Open(name string) (in inFile, err error) {
	err = d.do("open", name, func() error {
		node, ok := d.names[name]
		if !ok || node.dir {
			return fs.ErrNotExist
		}
		in = memReader{bytes.NewReader(slices.Clone(node.data))}
		return nil
	})
	return in, err
}

func (d *memDisk) Lock(name, holder string) (lock io.Closer, err error) {
	err = d.do("lock", name, func() error {
		if *d.locked {
			return fmt.Errorf("%w by somebody", ErrLocked)
		}
		if _, ok := d.names[name]; !ok {
			d.names[name] = &inode{}
		}
		*d.locked = true
		return nil
	})
	return memLock{d}, err
}

type memLock struct{ disk *memDisk }

func (l memLock) Close() error {
	*l.disk.locked = false
	return nil
}

type memReader struct{ *bytes.Reader }

func (memReader) Close() error { return nil }

type memFile struct {
	disk *memDisk
	name string
	node *inode
}

func (f *memFile) Write(b []byte) (n int, err error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	work, err := f.disk.call("write", f.name)
	switch {
	case work:
		n = len(b)
	case errors.Is(err, syscall.ENOSPC):
		n = len(b) / 2
	}
	f.node.data = append(f.node.data, b[:n]...)
	return n, err
}

func (f *memFile) Sync() error {
	return f.disk.do("sync", f.name, func() error {
		f.node.synced = slices.Clone(f.node.data)
		return nil
	})
}

func (f *memFile) Close() error { return f.disk.do("close", f.name, func() error { return nil }) }

// visibleParts lists what an analyst's glob would find.
func (d *memDisk) visibleParts() (names []string) {
	for name := range d.names {
		if strings.HasSuffix(name, ".parquet") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
