package store
import ("testing";"bytes";"fmt";"time";"runtime")
func TestOutliers(t *testing.T) {
	whole := foreignParquet(t)
	var m0, m1 runtime.MemStats
	for at := range whole {
		for bit := range 8 {
			b := bytes.Clone(whole)
			b[at] ^= 1<<bit
			runtime.ReadMemStats(&m0)
			s := time.Now()
			recs, err := readRecords(b)
			d := time.Since(s)
			runtime.ReadMemStats(&m1)
			if a := (m1.TotalAlloc-m0.TotalAlloc)>>20; d > 500*time.Millisecond || a > 30 || len(recs) > 10 { fmt.Println(at, len(whole), bit, d, a, len(recs), err) }
		}
	}
}
