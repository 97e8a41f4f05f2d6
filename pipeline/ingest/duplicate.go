package ingest

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"unicode"

	"stance/pipeline/news"
)

// Near duplicates are found by MinHash (Broder 1997) over shingles of five words, looked up through bands of the
// signature (locality-sensitive hashing, Indyk and Motwani 1998). Three rows a band make 0.996 of the pairs that share
// half of their shingles meet; each meeting is then checked against the whole signature.
const (
	shingleWords  = 5
	signatureSize = 128
	bandRows      = 3
	bands         = signatureSize / bandRows

	minNearWords   = 50   // shorter articles are only compared for equality
	minResemblance = 0.5  // shared shingles of all shingles of both
	minContainment = 0.75 // shared shingles of the shorter article's, for stories cut or added to
	minContained   = 0.3  // resemblance below which containment is too uncertain to tell
	maxChain       = 16   // articles kept per band: what more of them share is boilerplate
)

// duplicates remembers the articles of a run, in the order in which they were read, to recognise those that come again.
// An article costs less than 1 KB, whatever its length. The zero value is not usable; it is not safe for concurrent use.
type duplicates struct {
	ids        []string
	exact      map[uint64]uint32 // hash of an article's words → its number
	signatures [][signatureSize]uint16
	shingles   []uint32 // how many shingles each signature stands for
	owners     []uint32 // number of the article of each signature
	slots      []uint32 // open hash table: band → number of a signature, plus one
	used       int
	functions  [signatureSize]uint64 // odd multipliers, one per row
}

func newDuplicates() *duplicates {
	d := &duplicates{exact: map[uint64]uint32{}, slots: make([]uint32, 1<<10)}
	seed := uint64(1)
	for i := range d.functions {
		seed += 0x9e3779b97f4a7c15
		d.functions[i] = mix(seed) | 1
	}
	return d
}

// add returns the id of the first article of which a is an exact or near duplicate. Otherwise it returns "" and
// remembers a. Only the body counts: the same story under another headline is the same story.
func (d *duplicates) add(a *news.Article) (firstID string) {
	words := bodyWords(a)
	if len(words) == 0 {
		return ""
	}
	key := contentKey(words)
	if n, ok := d.exact[key]; ok {
		return d.ids[n]
	}
	near := len(words) >= minNearWords
	var sig [signatureSize]uint16
	var size uint32
	if near {
		sig, size = d.sign(words)
		if n, ok := d.find(&sig, size); ok {
			return d.ids[n]
		}
	}
	n := uint32(len(d.ids))
	d.ids = append(d.ids, strings.Clone(a.ID))
	d.exact[key] = n
	if near {
		d.signatures = append(d.signatures, sig)
		d.shingles = append(d.shingles, size)
		d.owners = append(d.owners, n)
		d.index(uint32(len(d.signatures) - 1))
	}
	return ""
}

// find returns the earliest article that resembles or contains, or is contained in, the one with this signature.
func (d *duplicates) find(sig *[signatureSize]uint16, size uint32) (article uint32, ok bool) {
	best := uint32(len(d.signatures))
	for b := range bands {
		for s := d.slot(sig, b); d.slots[s] != 0; s = (s + 1) & (len(d.slots) - 1) {
			n := d.slots[s] - 1
			if n < best && sameBand(&d.signatures[n], sig, b) && d.alike(n, sig, size) {
				best = n
			}
		}
	}
	if best == uint32(len(d.signatures)) {
		return 0, false
	}
	return d.owners[best], true
}

// alike estimates how much two articles share from the rows in which their signatures agree.
func (d *duplicates) alike(n uint32, sig *[signatureSize]uint16, size uint32) bool {
	same := 0
	for i, v := range d.signatures[n] {
		if v == sig[i] {
			same++
		}
	}
	resemblance := float64(same) / signatureSize
	both := float64(size) + float64(d.shingles[n])
	containment := resemblance / (1 + resemblance) * both / float64(min(size, d.shingles[n]))
	return resemblance >= minResemblance || resemblance >= minContained && containment >= minContainment
}

// index enters a signature under each of its bands, in a table that is rebuilt when three quarters full.
func (d *duplicates) index(n uint32) {
	if 4*(d.used+bands) > 3*len(d.slots) {
		d.slots, d.used = make([]uint32, 2*len(d.slots)), 0
		for m := range n {
			d.enter(m)
		}
	}
	d.enter(n)
}

func (d *duplicates) enter(n uint32) {
	sig := &d.signatures[n]
	for b := range bands {
		chain := 0
		s := d.slot(sig, b)
		for ; d.slots[s] != 0; s = (s + 1) & (len(d.slots) - 1) {
			if sameBand(&d.signatures[d.slots[s]-1], sig, b) {
				chain++
			}
		}
		if chain < maxChain {
			d.slots[s] = n + 1
			d.used++
		}
	}
}

func (d *duplicates) slot(sig *[signatureSize]uint16, band int) int {
	h := uint64(band) + 1
	for _, v := range sig[band*bandRows : (band+1)*bandRows] {
		h = h<<16 | uint64(v)
	}
	return int(mix(h) & uint64(len(d.slots)-1))
}

func sameBand(a, b *[signatureSize]uint16, band int) bool {
	return [bandRows]uint16(a[band*bandRows:]) == [bandRows]uint16(b[band*bandRows:])
}

// sign returns the MinHash signature of the words, 16 bits a row, and the number of shingles that it stands for.
func (d *duplicates) sign(words []uint64) (sig [signatureSize]uint16, size uint32) {
	var least [signatureSize]uint32
	for i := range least {
		least[i] = ^uint32(0)
	}
	const base = 0x100000001b3
	var rolled, top uint64 = 0, 1
	for range shingleWords {
		top *= base
	}
	for i, w := range words {
		rolled = rolled*base + w
		if i >= shingleWords {
			rolled -= words[i-shingleWords] * top
		}
		if i < shingleWords-1 {
			continue
		}
		size++
		h := mix(rolled)
		for k, f := range d.functions {
			if v := uint32(h * f >> 32); v < least[k] {
				least[k] = v
			}
		}
	}
	for i, v := range least {
		sig[i] = uint16(v) ^ uint16(v>>16)
	}
	return sig, size
}

// bodyWords hashes the words of the body: lower-case letters and digits, whatever stands between them.
func bodyWords(a *news.Article) []uint64 {
	const offset, prime = 0xcbf29ce484222325, 0x100000001b3 // FNV-1a
	var words []uint64
	for _, p := range a.Paragraphs {
		if p.Kind != news.Body {
			continue
		}
		h := uint64(offset)
		for _, r := range p.Text {
			switch {
			case unicode.IsLetter(r) || unicode.IsDigit(r):
				h = (h ^ uint64(unicode.ToLower(r))) * prime
			case h != offset && r != '\'' && r != '’':
				words = append(words, h)
				h = offset
			}
		}
		if h != offset {
			words = append(words, h)
		}
	}
	return words
}

func contentKey(words []uint64) uint64 {
	h := sha256.New()
	var b [8]byte
	for _, w := range words {
		binary.LittleEndian.PutUint64(b[:], w)
		h.Write(b[:])
	}
	return binary.LittleEndian.Uint64(h.Sum(nil))
}

// mix spreads the bits of x over all of the result (the finaliser of MurmurHash3, Appleby 2011, public domain).
func mix(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
