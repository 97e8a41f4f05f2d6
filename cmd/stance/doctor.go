package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"stance/pipeline/report"
	"stance/pipeline/stance"
)

// lowDiskBytes is the free space below which doctor warns: a night of a hundred thousand articles fits in a tenth of it.
const lowDiskBytes = 1 << 30

func newDoctor(con *console) *cobra.Command {
	s := defaultSettings()
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Say what is missing on this machine and how to mend it",
		Long: "doctor tries everything that a run needs, one line for each, with a hint where it fails. It takes the same\n" +
			"settings as run. It ends with exit code 11 if the model or the library cannot be used, else 10 if anything else\n" +
			"is wrong, else 0.",
		Example: "  stance doctor --out labels/",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := s.resolve(cmd, con.getenv); err != nil {
				return err
			}
			return s.examine(cmd, con)
		},
	}
	s.flags(cmd, "out", "model", "actors", "runtime")
	return cmd
}

// check is one thing that a run needs: what was found, or why it cannot be used.
type check struct {
	name string
	try  func() (found string, err error)
}

func (s *settings) examine(cmd *cobra.Command, con *console) error {
	checks := []check{
		{"program", func() (string, error) {
			return fmt.Sprintf("stance %s, %s, %s/%s", buildInfo().version, runtime.Version(), runtime.GOOS, runtime.GOARCH), nil
		}},
		{"runtime", func() (string, error) {
			return s.runtimePath(con)
		}},
		{"model", func() (string, error) {
			folder, err := s.modelPath(con)
			if err != nil {
				return "", err
			}
			library, err := s.runtimePath(con)
			if err != nil { // the files can be checked without it
				b, err := stance.ReadBundle(cmd.Context(), folder)
				if err != nil {
					return "", err
				}
				return fmt.Sprintf("%s, %s: files are sound, not tried without the runtime", folder, b.ID), nil
			}
			m, err := stance.Open(cmd.Context(), stance.Config{Bundle: folder, Runtime: library})
			if err != nil {
				return "", err
			}
			defer m.Close()
			return fmt.Sprintf("%s, %s, on ONNX Runtime %s", folder, m.ID(), m.Runtime()), nil
		}},
		{"actors", func() (string, error) {
			inv, err := s.inventory(con)
			if err != nil {
				return "", err
			}
			return fmt.Sprintf("%s actors", report.Count(int64(len(inv.Actors())))), nil
		}},
	}
	if s.Out != "" {
		checks = append(checks,
			check{"out", func() (string, error) { return s.Out + " can be written", writable(s.Out) }},
			check{"disk", func() (string, error) { return freeSpace(s.Out) }})
	}

	var failed error
	for _, c := range checks {
		found, err := c.try()
		if err == nil {
			fmt.Fprintf(con.out, "✓ %-8s %s\n", c.name, report.Printable(found))
			continue
		}
		failed = errors.Join(failed, err)
		fmt.Fprintf(con.out, "✗ %-8s %s\n", c.name, oneLine(err.Error()))
		if _, cure := verdict(err); cure != "" {
			fmt.Fprintf(con.out, "  %-8s hint: %s\n", "", oneLine(cure))
		}
	}
	switch {
	case failed == nil:
		return nil
	case errors.Is(failed, stance.ErrRuntime), errors.Is(failed, stance.ErrBundle):
		return said{failed}
	default:
		return said{usageError{failed}}
	}
}

// writable reports whether a folder, or the nearest one above it that exists, can be written to.
func writable(folder string) error {
	at := existing(folder)
	if info, err := os.Stat(at); err != nil || !info.IsDir() {
		return cmp.Or(err, hint(usage("write to %q: %q is no folder", folder, at), "name another folder with --out"))
	}
	if err := unix.Access(at, unix.W_OK|unix.X_OK); err != nil {
		return fmt.Errorf("write to %q: %q: %w", folder, at, err)
	}
	return nil
}

func freeSpace(folder string) (string, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(existing(folder), &fs); err != nil {
		return "", fmt.Errorf("measure free space of %q: %w", folder, err)
	}
	free := fs.Bavail * uint64(fs.Bsize)
	text := fmt.Sprintf("%.1f GiB free for %s", float64(free)/(1<<30), folder)
	if free < lowDiskBytes {
		return "", fmt.Errorf("%s: %w", text, unix.ENOSPC)
	}
	return text, nil
}

// existing is the folder, or the nearest one above it that exists.
func existing(folder string) string {
	for {
		if _, err := os.Stat(folder); err == nil || filepath.Dir(folder) == folder {
			return folder
		}
		folder = filepath.Dir(folder)
	}
}
