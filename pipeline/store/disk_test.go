package store

import (
	"io/fs"
	"testing"
)

// closedAbove is a disk on which a folder above the table may be entered but not opened, as /home on many a shared machine.
type closedAbove struct {
	*memDisk
	folder string
}

func (d closedAbove) SyncDir(name string) error {
	if name == d.folder {
		return &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return d.memDisk.SyncDir(name)
}

func TestAFolderAboveTheTableMayBeClosed(t *testing.T) {
	d := closedAbove{newMemDisk(), "/"}
	for _, dir := range []string{"/home", "/home/alice"} {
		if err := d.Mkdir(dir); err != nil {
			t.Fatal(err)
		}
	}
	d.folder = "/home"
	table := &Table{dir: "/home/alice/labels", disk: d}
	if err := table.makeRunsDir(); err != nil {
		t.Errorf("the table is refused: %v", err)
	}
	d.folder = "/home/alice/labels"
	table = &Table{dir: "/home/alice/labels", disk: d}
	if err := table.makeDirs("/home/alice/labels/new"); err == nil {
		t.Error("a folder was made whose name may not outlive a power cut")
	}
}
