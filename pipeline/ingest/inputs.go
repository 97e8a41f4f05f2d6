package ingest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// Input is a file as it was found.
type Input struct {
	Path   string
	Bytes  int64  // as stored, still compressed; 0 for standard input
	SHA256 string // of those bytes, in hex; empty for standard input and for what cannot be read
}

// stdinPath names standard input, in Config.Inputs and as the Path of its Input.
const stdinPath = "-"

// wild are the characters that make a glob.
const wild = "*?["

// List expands the inputs of c, drops what is named twice, sorts by path and hashes every file. An input that cannot be meant
// is an error, before any file is read: one that is missing (fs.ErrNotExist, as for a glob without a match), that may not be
// opened (fs.ErrPermission), that lies in c.Skip, or a malformed glob (filepath.ErrBadPattern). A file or folder that is found
// within an input and cannot be read is listed, and becomes a reject when it is read.
//
// In folders and globs, hidden files and files that are plainly no data (see notData) are passed over. A file or folder that
// is reached twice, by a link or by two inputs, is listed once, so that links in a circle do no harm.
func List(ctx context.Context, c Config) ([]Input, error) {
	l := lister{files: map[uint64]bool{}, folders: map[uint64]bool{}}
	if c.Skip != "" {
		l.skip = realPath(c.Skip)
	}
	for _, in := range slices.Sorted(slices.Values(c.Inputs)) { // which name of a file wins must not depend on their order
		if err := l.input(in); err != nil {
			return nil, fmt.Errorf("list input %q: %w", in, err)
		}
	}
	slices.SortFunc(l.found, func(a, b Input) int { return cmp.Compare(a.Path, b.Path) })
	for i := range l.found {
		if err := l.found[i].hash(ctx); err != nil {
			return nil, err
		}
	}
	return l.found, nil
}

type lister struct {
	found          []Input
	files, folders map[uint64]bool // hashes of the real paths
	skip           string          // the real path of the folder to pass over, if any
}

func (l *lister) input(in string) error {
	switch in {
	case stdinPath:
		l.add(in, in)
		return nil
	case "":
		return errNoName
	}
	path := filepath.Clean(in)
	_, missing := os.Stat(path)
	root, parts := path, []string(nil)
	if missing != nil && strings.ContainsAny(path, wild) { // what is there is meant, also where its name looks like a glob
		root, parts = globRoot(path)
		missing = nil
	}
	for _, part := range parts {
		if _, err := filepath.Match(part, ""); err != nil {
			return fmt.Errorf(`%q is no glob: close its bracket, or write \[ for one that belongs to a name: %w`, part, err)
		}
	}
	switch {
	case l.passesOver(realPath(root)):
		return fmt.Errorf("it lies in %q, which holds the table and is never read: name another input or keep the table elsewhere", l.skip)
	case errors.Is(missing, fs.ErrNotExist):
		return fs.ErrNotExist
	}
	if err := denied(root); err != nil {
		return err
	}
	if l.glob(root, parts, map[string]bool{}) == 0 {
		return fs.ErrNotExist
	}
	return nil
}

// denied is the error where a file or folder may not be opened, and nil where something else is wrong with it.
func denied(path string) error {
	f, _, err := openFile(path)
	if errors.Is(err, errFolder) {
		f, err = os.Open(path)
	}
	if errors.Is(err, fs.ErrPermission) {
		return err
	}
	if err == nil {
		f.Close()
	}
	return nil
}

// passesOver reports whether a real path is the folder to skip or lies in it.
func (l *lister) passesOver(real string) bool {
	if l.skip == "" {
		return false
	}
	inside, err := filepath.Rel(l.skip, real)
	return err == nil && filepath.IsLocal(inside)
}

// path adds a file, or all files of a folder.
func (l *lister) path(path string) {
	real := realPath(path)
	if l.passesOver(real) {
		return
	}
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		l.add(path, real)
		return
	}
	key := hash64(real)
	if l.folders[key] {
		return
	}
	l.folders[key] = true
	entries, err := os.ReadDir(path)
	if err != nil {
		l.add(path, real)
		return
	}
	for _, e := range entries {
		inner := filepath.Join(path, e.Name())
		switch {
		case isHidden(e.Name()):
		case e.IsDir() || e.Type()&fs.ModeSymlink != 0:
			if e.IsDir() || !notData(e.Name()) {
				l.path(inner)
			}
		case !notData(e.Name()):
			l.add(inner, filepath.Join(real, e.Name()))
		}
	}
}

func (l *lister) add(path, real string) {
	if key := hash64(real); !l.files[key] {
		l.files[key] = true
		l.found = append(l.found, Input{Path: path})
	}
}

// glob adds what matches the parts of a pattern below a folder and counts it. Links are followed where a part names them, not
// by "**".
func (l *lister) glob(folder string, parts []string, tried map[string]bool) (matches int) {
	state := fmt.Sprint(len(parts), " ", folder)
	if tried[state] || l.passesOver(realPath(folder)) {
		return 0
	}
	tried[state] = true
	if len(parts) == 0 {
		l.path(folder)
		return 1
	}
	part := parts[0]
	if part == "**" {
		matches += l.glob(folder, parts[1:], tried)
	}
	entries, unread := os.ReadDir(folder)
	if errors.Is(unread, fs.ErrPermission) {
		l.add(folder, realPath(folder))
		matches++
	}
	for _, e := range entries {
		inner := filepath.Join(folder, e.Name())
		fits, _ := filepath.Match(part, e.Name())
		switch {
		case part == "**":
			if e.IsDir() && !isHidden(e.Name()) {
				matches += l.glob(inner, parts, tried)
			}
		case fits && isHidden(e.Name()) == isHidden(part) && (e.IsDir() || !notData(e.Name())):
			matches += l.glob(inner, parts[1:], tried)
		}
	}
	return matches
}

// globRoot splits a pattern into the folder before its first wild part and the parts from there on.
func globRoot(pattern string) (root string, parts []string) {
	root = pattern
	for strings.ContainsAny(root, wild) {
		parts = append(parts, filepath.Base(root))
		root = filepath.Dir(root)
	}
	slices.Reverse(parts)
	if parts[len(parts)-1] == "**" {
		parts = append(parts, "*") // "crawl/**" means the files in all its folders
	}
	return root, parts
}

func isHidden(name string) bool { return strings.HasPrefix(name, ".") }

// notData reports whether a file that merely lies in a folder is plainly there for another purpose than being read: notes
// about the data, checksums, logs, markers of other programs, settings, and the parts of a saved web page.
func notData(name string) bool {
	name = strings.ToLower(name)
	suffix := filepath.Ext(name)
	switch strings.TrimSuffix(name, suffix) {
	case "readme", "license", "licence", "copying", "notice", "changelog", "authors", "contributors", "makefile":
		return suffix == "" || suffix == ".txt" || suffix == ".md" || suffix == ".rst"
	case "_success", "_metadata", "_common_metadata", "md5sums", "sha1sums", "sha256sums", "sha512sums", "checksums", "thumbs", "desktop":
		return suffix == "" || suffix == ".txt" || suffix == ".db" || suffix == ".ini"
	}
	switch suffix {
	case ".md", ".rst", ".log", ".crc", ".md5", ".sha1", ".sha256", ".sha512", ".sig", ".asc", ".toml", ".yaml", ".yml", ".ini", ".conf",
		".css", ".js", ".map", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".ico", ".woff", ".woff2", ".ttf", ".mp3", ".mp4":
		return true
	}
	return false
}

// realPath is where a path leads once links are followed, or the path itself where that cannot be told.
func realPath(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// hash fills in size and checksum. Only the end of ctx is an error.
func (in *Input) hash(ctx context.Context) error {
	if in.Path == stdinPath {
		return nil
	}
	f, size, err := openFile(in.Path)
	if err != nil {
		return nil
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, io.LimitReader(&interruptible{ctx, f}, size))
	if err == nil && n == size {
		in.Bytes, in.SHA256 = size, hex.EncodeToString(sum.Sum(nil))
	}
	return ctx.Err()
}

// openFile opens a regular file. Anything else is refused unopened, since opening a pipe waits and opening a device may act.
func openFile(path string) (f *os.File, size int64, err error) {
	info, err := os.Stat(path)
	if err == nil {
		err = regular(info)
	}
	if err != nil {
		return nil, 0, err
	}
	f, err = os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // should a pipe have taken its place, this does not wait
	if err != nil {
		return nil, 0, err
	}
	if info, err = f.Stat(); err == nil {
		err = regular(info)
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

var errFolder = errors.New("it is a folder")

func regular(info fs.FileInfo) error {
	switch mode := info.Mode(); {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		return errFolder
	case mode&fs.ModeNamedPipe != 0:
		return errors.New("it is a named pipe")
	case mode&fs.ModeSocket != 0:
		return errors.New("it is a socket")
	default:
		return errors.New("it is a device")
	}
}

// interruptible is a reader that fails once ctx is done.
type interruptible struct {
	ctx context.Context
	r   io.Reader
}

func (i *interruptible) Read(p []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.r.Read(p)
}
