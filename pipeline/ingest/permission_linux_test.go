package ingest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhatMayNotBeReadIsRejected(t *testing.T) {
	folder := guarded(t)
	type result struct {
		items []Item
		err   error
	}
	got := asNobody(func() (r result) {
		c := Config{Inputs: []string{folder}}
		var inputs []Input
		inputs, r.err = List(t.Context(), c)
		for item := range Read(t.Context(), c, inputs) {
			r.items = append(r.items, relative(item, folder))
		}
		return r
	})
	if got.err != nil {
		t.Fatal(got.err)
	}
	want := []string{"open/a.jsonl article a", "open/shut.jsonl rejected unreadable@0", "shut rejected unreadable@0"}
	if diff := cmp.Diff(want, brief(got.items)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWhatIsNamedMustBeOpenToUs(t *testing.T) {
	folder := guarded(t)
	for _, test := range []struct {
		name   string
		denied bool
	}{
		{"open/shut.jsonl", true}, {"shut", true}, {"shut/c.jsonl", true}, {"shut/*.jsonl", true}, {"shut/**", true},
		{"open", false}, {"open/*", false}, {"*/*.jsonl", false}, {"s*", false}, {"**/*.jsonl", false},
	} {
		path := filepath.Join(folder, test.name)
		err := asNobody(func() error {
			_, err := List(t.Context(), Config{Inputs: []string{filepath.Join(folder, "open/a.jsonl"), folder, path}})
			return err
		})
		if errors.Is(err, fs.ErrPermission) != test.denied || err != nil && !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got error %v", test.name, err)
		}
	}
}

// guarded is a folder in which a file and a folder are shut.
func guarded(t *testing.T) (folder string) {
	t.Helper()
	folder = write(t, map[string]string{"open/a.jsonl": soundLine("a"), "open/shut.jsonl": soundLine("b"), "shut/c.jsonl": soundLine("c")})
	for path, mode := range map[string]os.FileMode{"open/shut.jsonl": 0, "shut": 0} {
		if err := os.Chmod(filepath.Join(folder, path), mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(filepath.Join(folder, "shut"), 0o777) })
	for path := folder; path != "/" && path != os.TempDir(); path = filepath.Dir(path) {
		os.Chmod(path, 0o777)
	}
	return folder
}

// asNobody runs f on a thread of its own that may not read everything, as root may; it is not unlocked and so ends with f.
func asNobody[T any](f func() T) T {
	done := make(chan T)
	go func() {
		runtime.LockOSThread()
		if os.Getuid() == 0 {
			const nobody = 65534
			syscall.RawSyscall(syscall.SYS_SETFSUID, nobody, 0, 0)
		}
		done <- f()
	}()
	return <-done
}
