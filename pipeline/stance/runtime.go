package stance

import (
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	ort "github.com/yalue/onnxruntime_go"
)

// RuntimeVersion is the version of ONNX Runtime that models/runtime/fetch.sh fetches. Older ones lack the interface that
// this package is built for; newer ones keep it.
const RuntimeVersion = "1.30.0"

const (
	runtimeVariable = "STANCE_RUNTIME"
	getRuntime      = "run `make runtime`, or name the library with --runtime or " + runtimeVariable
)

// FindRuntime returns the path of the ONNX Runtime library and where it was found: named by flag, else by one of the
// environment variables STANCE_RUNTIME and ONNXRUNTIME_LIB, else in models/runtime/PLATFORM of the first of homes that has
// it. What is named may be the library or a folder with it, and has to exist: a wrong name is never passed over. Errors
// wrap ErrRuntime.
func FindRuntime(flag string, getenv func(string) string, homes ...string) (path, from string, err error) {
	if flag != "" {
		path, err := libraryAt(flag)
		return path, "flag", err
	}
	for _, name := range []string{runtimeVariable, "ONNXRUNTIME_LIB"} {
		if at := getenv(name); at != "" {
			path, err := libraryAt(at)
			if err != nil {
				err = fmt.Errorf("%s: %w", name, err)
			}
			return path, name, err
		}
	}
	for _, home := range homes {
		folder := filepath.Join(home, "models", "runtime", platform())
		if path, err := libraryAt(folder); err == nil {
			return path, folder, nil
		}
	}
	return "", "", fmt.Errorf("find ONNX Runtime: %w: %s is not in models/runtime/%s of any of %q: %s",
		ErrRuntime, libraryNames()[0], platform(), homes, getRuntime)
}

// libraryAt returns the library that a path names, directly or as the folder that it lies in.
func libraryAt(path string) (string, error) {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		for _, name := range libraryNames() {
			file := filepath.Join(path, name)
			if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
				return file, nil
			}
		}
		err = fmt.Errorf("there is no %s in it", libraryNames()[0])
	}
	if err != nil {
		return "", fmt.Errorf("find ONNX Runtime in %q: %w: %w", path, ErrRuntime, err)
	}
	return path, nil
}

// platform is this machine's folder in models/runtime, by the names of the npm package.
func platform() string {
	system, machine := runtime.GOOS, runtime.GOARCH
	if system == "windows" {
		system = "win"
	}
	if machine == "amd64" {
		machine = "x64"
	}
	return system + "-" + machine
}

// libraryNames are the file names of the library on this system, the one that fetch.sh uses first.
func libraryNames() []string {
	switch runtime.GOOS {
	case "darwin":
		return []string{"libonnxruntime.1.dylib", "libonnxruntime.dylib"}
	case "windows":
		return []string{"onnxruntime.dll"}
	}
	return []string{"libonnxruntime.so.1", "libonnxruntime.so"}
}

// environment is the state that ONNX Runtime keeps per process: it is loaded once and stays until the process ends.
var environment struct {
	sync.Mutex
	library os.FileInfo // nil before
}

// loadRuntime loads the library, unless it is loaded already, and returns its version. Errors wrap ErrRuntime.
func loadRuntime(path string) (version string, err error) {
	environment.Lock()
	defer environment.Unlock()
	fail := func(err error) (string, error) {
		return "", fmt.Errorf("load ONNX Runtime %q: %w: %w", path, ErrRuntime, err)
	}
	library, err := checkLibrary(path)
	if err != nil {
		return fail(fmt.Errorf("%w: %s", err, getRuntime))
	}
	if environment.library != nil {
		if !os.SameFile(library, environment.library) {
			return fail(errors.New("this process has loaded another one already"))
		}
		return ort.GetVersion(), nil
	}
	// The library's telemetry looks up a host and keeps a database in the user's cache from its start on, before
	// DisableTelemetry can be called; only this variable keeps it from starting. Under cgo, Setenv reaches the C library.
	if err := os.Setenv("ORT_DISABLE_TELEMETRY", "1"); err != nil {
		return fail(err)
	}
	ort.SetSharedLibraryPath(path)
	if err := ort.InitializeEnvironment(ort.WithLogLevelFatal()); err != nil { // what it would log, it also returns
		return fail(fmt.Errorf("%w: version %s for %s is needed: %s", err, RuntimeVersion, platform(), getRuntime))
	}
	environment.library = library
	if err := ort.DisableTelemetry(); err != nil {
		return fail(err)
	}
	return ort.GetVersion(), nil
}

// checkLibrary finds out what the loader of the system would not report but die of: a library that was cut off.
func checkLibrary(path string) (os.FileInfo, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is no file")
	}
	if runtime.GOOS == "linux" {
		f, err := elf.Open(path) // reads the table of sections, which is at the end
		if err != nil {
			return nil, fmt.Errorf("it is damaged: %w", err)
		}
		f.Close()
	}
	return info, nil
}
