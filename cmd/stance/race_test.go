//go:build race

package main

// underRace says that the race detector is at work, which makes a measurement ten times as slow.
const underRace = true
