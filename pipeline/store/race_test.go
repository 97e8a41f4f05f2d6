//go:build race

package store

// underRace says that the race detector is at work, which has nothing to find in a test of one goroutine and makes it
// thirty times as slow.
const underRace = true
