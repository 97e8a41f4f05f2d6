package ingest

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Root may read everything, so the thread of this test becomes nobody; it is not unlocked and so ends with the test.
func TestWhatMayNotBeReadIsRejected(t *testing.T) {
	folder := write(t, map[string]string{"open/a.jsonl": soundLine("a"), "open/shut.jsonl": soundLine("b"), "shut/c.jsonl": soundLine("c")})
	for path, mode := range map[string]os.FileMode{"open/shut.jsonl": 0, "shut": 0} {
		if err := os.Chmod(filepath.Join(folder, path), mode); err != nil {
			t.Fatal(err)
		}
	}
	defer os.Chmod(filepath.Join(folder, "shut"), 0o777)
	for path := folder; path != "/" && path != os.TempDir(); path = filepath.Dir(path) {
		os.Chmod(path, 0o777)
	}
	type result struct {
		items []Item
		err   error
	}
	done := make(chan result)
	go func() {
		runtime.LockOSThread()
		if os.Getuid() == 0 {
			const nobody = 65534
			syscall.RawSyscall(syscall.SYS_SETFSUID, nobody, 0, 0)
		}
		var r result
		var inputs []Input
		c := Config{Inputs: []string{folder}}
		inputs, r.err = List(t.Context(), c)
		for item := range Read(t.Context(), c, inputs) {
			r.items = append(r.items, relative(item, folder))
		}
		done <- r
	}()
	r := <-done
	if r.err != nil {
		t.Fatal(r.err)
	}
	want := []string{"open/a.jsonl article a", "open/shut.jsonl rejected unreadable@0", "shut rejected unreadable@0"}
	if diff := cmp.Diff(want, brief(r.items)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
