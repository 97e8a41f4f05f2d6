package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"time"

	"stance/pipeline/actor"
	"stance/pipeline/ingest"
	"stance/pipeline/stance"
	"stance/pipeline/store"
)

// Config is one run: what to read, what to label it with, and where the table is.
type Config struct {
	Inputs []string // files, folders, globs, "-"
	Stdin  io.Reader
	Map    map[string]string // our field -> its name in the records
	Out    string            // folder of the table

	Model   string // folder of the bundle
	Actors  string // folder of the inventory
	Runtime string // path of the ONNX Runtime library

	RunDate  time.Time // the partition; today in UTC where zero
	Workers  int       // goroutines that label; one per processor where 0
	Limit    int       // read only so many articles; all where 0
	PartRows int       // at most so many rows in a part; store.DefaultPartRows where 0
	Shard    int       // label this share of the articles,
	Shards   int       // of so many; all of them, and commit, where 0
	Fresh    bool      // forget an earlier attempt, and replace the run where it is committed
	DryRun   bool      // check everything and read everything, but label and write nothing
	Version  string    // of the program, for provenance

	Progress func(Progress) // called about twice a second from one goroutine; may be nil
}

// Validate names the first field that cannot work, its value and the cure.
func (c Config) Validate() error {
	switch {
	case len(c.Inputs) == 0:
		return errors.New("inputs are empty: name files, folders, globs or -")
	case c.Out == "" && !c.DryRun:
		return errors.New(`out is "": name the folder of the table`)
	case c.Workers < 0:
		return fmt.Errorf("workers is %d: give a positive number, or 0 for one per processor", c.Workers)
	case c.Limit < 0:
		return fmt.Errorf("limit is %d: give a positive number of articles, or 0 for all", c.Limit)
	case c.PartRows < 0 || c.PartRows > store.DefaultPartRows:
		return fmt.Errorf("part rows is %d: give 1 to %d, or 0 for the default", c.PartRows, store.DefaultPartRows)
	case c.Shards < 0 || c.Shard < 0 || c.Shard >= max(c.Shards, 1):
		return fmt.Errorf("shard is %d of %d: count from 0 to one less than the number of shards", c.Shard, c.Shards)
	case c.Shards > 0 && slices.Contains(c.Inputs, "-"):
		return errors.New(`input "-" with shards: each shard must read the same input; give it as a file`)
	}
	return c.ingest().Validate()
}

func (c Config) ingest() ingest.Config {
	return ingest.Config{
		Inputs: c.Inputs, Stdin: c.Stdin, Map: c.Map,
		OpenParquet: OpenParquet, Skip: c.Out,
	}
}

// OpenParquet lets package ingest, which knows no Parquet, read it.
func OpenParquet(r io.ReaderAt, size int64) (ingest.Records, error) {
	return store.OpenRecords(r, size)
}

func (c Config) workers() int {
	if c.Workers > 0 {
		return c.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// settings are what, besides inputs, model and actors, decides which rows come out.
func (c Config) settings() map[string]string {
	s := map[string]string{}
	for field, name := range c.Map {
		s["map."+field] = name
	}
	if c.Limit > 0 {
		s["limit"] = strconv.Itoa(c.Limit)
	}
	return s
}

// tools are what articles are labelled with.
type tools struct {
	inventory *actor.Inventory
	finder    *actor.Finder
	model     *stance.Model
}

func (c Config) open(ctx context.Context) (*tools, error) {
	inventory, err := actor.Load(os.DirFS(c.Actors))
	if err != nil {
		return nil, fmt.Errorf("load actors %q: %w", c.Actors, err)
	}
	model, err := stance.Open(ctx, stance.Config{Bundle: c.Model, Runtime: c.Runtime})
	if err != nil {
		return nil, err
	}
	return &tools{inventory, actor.NewFinder(inventory), model}, nil
}

func (t *tools) close() error { return t.model.Close() }
