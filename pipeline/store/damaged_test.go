//go:build !race

package store

import (
	"bytes"
	"slices"
	"testing"
)

// Not under the race detector, whose pointer checks end the program inside the Parquet library, where without them there
// is a panic that is caught. The pipeline itself reads a part only after its hash has been checked.
func TestReadingADamagedPartIsAnErrorAndNoPanic(t *testing.T) {
	whole := somePart(t, someArticles(20))
	for at := 0; at < len(whole); at += 211 {
		for _, b := range [][]byte{whole[:at], append(append(slices.Clone(whole[:at]), whole[at]^0x55), whole[at+1:]...)} {
			for _, err := range readPart(bytes.NewReader(b), int64(len(b))) {
				if err != nil {
					break // whether it is noticed is up to the hash; here it must only not end the program
				}
			}
		}
	}
}
