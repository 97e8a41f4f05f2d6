package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"stance/pipeline/stance"
)

func newVersion(con *console) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version of this program and what it was built from",
		Example: "  stance version",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			b := buildInfo()
			_, err := fmt.Fprintf(con.out, "stance %s\ncommit %s\ngo %s %s/%s\nruntime onnxruntime %s\n",
				b.version, b.commit, runtime.Version(), runtime.GOOS, runtime.GOARCH, stance.RuntimeVersion)
			return err
		},
	}
}

// version is set when the Makefile links the program.
var version string

type build struct{ version, commit string }

// buildInfo is what the linker and the Go toolchain stamped into the program.
func buildInfo() build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return build{cmp.Or(version, "unknown"), "unknown"}
	}
	b := build{cmp.Or(version, info.Main.Version, "unknown"), "unknown"}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			b.commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			b.commit += " with changes"
		}
	}
	return b
}
