// Command stance labels news articles, paragraph by paragraph and actor by actor, with who is for and against sending
// foreign troops to Ukraine. This file starts it; root.go lists the commands, each of which lives in a file of its name.
package main

import "os"

func main() {
	os.Exit(execute(os.Args[1:], newConsole(os.Stdin, os.Stdout, os.Stderr, os.Getenv)))
}
