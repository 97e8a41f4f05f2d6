package pipeline

import (
	"bytes"
	"context"

	"stance/pipeline/actor"
	"stance/pipeline/evaluate"
	"stance/pipeline/ingest"
)

// ReadSet takes the articles of a labelled set as far as a run takes its own before it asks the model: cleaned, and with the
// actors that are found in them. left tells of those that a run would not label.
func ReadSet(ctx context.Context, set []evaluate.Article, finder *actor.Finder, left func(ingest.Left)) ([]evaluate.Read, error) {
	c := ingest.Config{Inputs: []string{"-"}, Stdin: bytes.NewReader(evaluate.Pages(set))}
	inputs, err := ingest.List(ctx, c)
	if err != nil {
		return nil, err
	}
	var out []evaluate.Read
	for item := range ingest.Read(ctx, c, inputs) {
		if item.Left != nil {
			left(*item.Left)
			continue
		}
		out = append(out, evaluate.Read{Article: item.Article, Subjects: finder.Find(item.Article)})
	}
	return out, ctx.Err()
}
