//go:build unix

package pipeline

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// peakMemoryBytes is the most memory that this process has held at once; 0 where the system does not say.
func peakMemoryBytes() int64 {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	if runtime.GOOS == "darwin" { // bytes there, kilobytes everywhere else
		return int64(u.Maxrss)
	}
	return int64(u.Maxrss) * 1024
}
