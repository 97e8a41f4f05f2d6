package store

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"stance/pipeline/news"
)

// Run says what is asked: which articles are labelled by which model with which actors. Two runs of the same question
// are the same run: the second one goes on where the first one stopped, or finds that all is done.
type Run struct {
	Date         time.Time // the night that it belongs to; only the date counts
	ModelID      string
	ModelSHA256  string
	ActorsSHA256 string
	Version      string            // of the program
	Inputs       []Input           // in any order
	Settings     map[string]string // everything else that changes which rows come out, such as "limit"
	PartRows     int               // at most so many rows in a part; 0 is DefaultPartRows

	Begun time.Time // becomes labelled_at; the first attempt of the run decides for all later ones
	Fresh bool      // forget what is staged of this run, and replace it where it is committed
}

// Input is one file that the run reads.
type Input struct {
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // empty for a file that could not be read
}

// Validate names the first field that a run cannot do without.
func (r Run) Validate() error {
	switch {
	case r.Date.IsZero() || r.Date.Year() < 1 || r.Date.Year() > 9999:
		return fmt.Errorf("run date %v: give a day of this era", r.Date)
	case r.ModelID == "" || r.ModelSHA256 == "":
		return fmt.Errorf("model %q with sha256 %q: give both", r.ModelID, r.ModelSHA256)
	case r.ActorsSHA256 == "":
		return fmt.Errorf("actors sha256 %q: give the inventory's", r.ActorsSHA256)
	case r.Begun.IsZero():
		return fmt.Errorf("begun %v: give the time at which the run begins", r.Begun)
	case r.PartRows < 0 || r.PartRows > DefaultPartRows:
		return fmt.Errorf("part rows %d: give 1 to %d, or 0 for the default", r.PartRows, DefaultPartRows)
	}
	return nil
}

// Plan is what all shards of a run have agreed on: whichever of them comes first writes it down.
type Plan struct {
	Format       int               `json:"format"`
	RunID        string            `json:"run_id"`
	RunDate      string            `json:"run_date"`
	Question     string            `json:"question"`             // sha256 over everything that decides which rows come out
	Supersedes   string            `json:"supersedes,omitempty"` // the committed run of the same question that this one replaces
	Shards       int               `json:"shards"`
	Begun        time.Time         `json:"begun"`
	Version      string            `json:"version"`
	ModelID      string            `json:"model_id"`
	ModelSHA256  string            `json:"model_sha256"`
	ActorsSHA256 string            `json:"actors_sha256"`
	PartRows     int               `json:"part_rows"`
	Settings     map[string]string `json:"settings"`
	Inputs       []Input           `json:"inputs"`
}

func (r Run) plan(shards int, supersedes string) Plan {
	inputs := slices.Clone(r.Inputs)
	slices.SortFunc(inputs, func(a, b Input) int { return cmp.Compare(a.Path, b.Path) })
	p := Plan{
		Format: Format, RunDate: r.Date.Format(time.DateOnly), Question: r.question(), Supersedes: supersedes, Shards: shards,
		Begun: r.Begun.UTC().Truncate(time.Microsecond), Version: text(r.Version), ModelID: text(r.ModelID),
		ModelSHA256: r.ModelSHA256, ActorsSHA256: r.ActorsSHA256, PartRows: r.partRows(), Settings: r.Settings, Inputs: inputs,
	}
	p.RunID = r.Date.Format("20060102") + "-" + news.ID(p.Question, supersedes)[:12]
	return p
}

func (r Run) partRows() int { return cmp.Or(r.PartRows, DefaultPartRows) }

// question leaves out when, where, in how many shards and by which hands the work is done.
func (r Run) question() string {
	files := make([][2]string, len(r.Inputs))
	for i, in := range r.Inputs {
		files[i] = [2]string{in.Path, in.SHA256}
	}
	slices.SortFunc(files, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	settings := r.Settings
	if settings == nil {
		settings = map[string]string{} // no settings and no map of settings ask the same
	}
	b, _ := json.Marshal([]any{ // strings and numbers always encode, and maps in the order of their keys
		Format, r.Date.Format(time.DateOnly), r.ModelID, r.ModelSHA256, r.ActorsSHA256, r.Version, r.partRows(), settings, files,
	})
	return sumOf(b)
}

func (p Plan) provenance() provenance {
	return provenance{p.ModelID, p.ModelSHA256, p.ActorsSHA256, p.RunID, p.Version, p.Begun}
}

func (p Plan) date() time.Time {
	d, _ := time.Parse(time.DateOnly, p.RunDate) // as plan wrote it
	return d
}

// shardOf is the shard that labels an article: the same one wherever and whenever it is asked.
func shardOf(articleID string, shards int) int {
	sum := sha256.Sum256([]byte(articleID))
	n := 0
	for _, b := range sum[:7] {
		n = n<<8 | int(b) // 56 bits: not negative, and the remainder is even to one in a billion
	}
	return n % shards
}
