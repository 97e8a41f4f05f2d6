package stance

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// number and message encode a field of a protocol buffer message.
func number(n int, v uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(nil, uint64(n)<<3), v)
}

func message(n int, fields ...[]byte) []byte {
	content := slices.Concat(fields...)
	return append(binary.AppendUvarint(binary.AppendUvarint(nil, uint64(n)<<3|2), uint64(len(content))), content...)
}

func text(n int, s string) []byte { return message(n, []byte(s)) }

// info is a ValueInfoProto in field n: a tensor with axes that are open where they are 0.
func info(n int, name string, element uint64, axes ...uint64) []byte {
	var shape []byte
	for _, length := range axes {
		if length == 0 {
			shape = append(shape, message(1, text(2, "any"))...)
		} else {
			shape = append(shape, message(1, number(1, length))...)
		}
	}
	return message(n, text(1, name), message(2, message(1, number(1, element), message(2, shape))))
}

func TestGraphsThatDoNotFitTheManifestAreRefused(t *testing.T) {
	m := Manifest{Layout: spansLayout, Labels: []string{"pro", "anti", "neutral"}, Output: "logits"}
	m.Inputs.IDs, m.Inputs.Mask, m.Inputs.Actors = "ids", "mask", "actors"
	ids, mask, actors := info(11, "ids", 7, 0, 0), info(11, "mask", 7, 0, 0), info(11, "actors", 7, 0, 0, 0)
	logits := info(12, "logits", 1, 0, 0, 3)
	tests := []struct {
		name  string
		graph [][]byte
		want  string
	}{
		{"as needed", [][]byte{ids, mask, actors, logits}, ""},
		{"in another order and with another output", [][]byte{info(12, "states", 1, 0, 0, 256), logits, actors, mask, ids}, ""},
		{"a batch of one", [][]byte{info(11, "ids", 7, 1, 0), mask, actors, logits}, ""},
		{"weights among the inputs", [][]byte{ids, mask, actors, logits, info(11, "w", 1, 5), message(5, text(8, "w"))}, ""},
		{"no shapes", [][]byte{message(11, text(1, "ids"), message(2, message(1, number(1, 7)))), mask, actors, logits}, ""},
		{"an input too many", [][]byte{ids, mask, actors, logits, info(11, "position_ids", 7, 0, 0)}, "4 inputs (ids, mask, actors, position_ids)"},
		{"an input too few", [][]byte{ids, mask, logits}, `no input "actors"`},
		{"int32 ids", [][]byte{info(11, "ids", 6, 0, 0), mask, actors, logits}, `"ids" has element type 6`},
		{"half precision logits", [][]byte{ids, mask, actors, info(12, "logits", 10, 0, 0, 3)}, `"logits" has element type 10`},
		{"a batch of two", [][]byte{info(11, "ids", 7, 2, 0), mask, actors, logits}, "axis 0 of its input \"ids\" is fixed at 2: export it with that axis dynamic or 1"},
		{"a fixed length", [][]byte{info(11, "ids", 7, 0, 128), mask, actors, logits}, "fixed at 128: export it with that axis dynamic"},
		{"a length that is no sensible number", [][]byte{info(11, "ids", 7, 0, 1<<63), mask, actors, logits}, "is fixed at"},
		{"an axis too few", [][]byte{ids, mask, info(11, "actors", 7, 0, 0), logits}, `"actors" has 2 axes`},
		{"too many labels", [][]byte{ids, mask, actors, info(12, "logits", 1, 0, 0, 4)}, "fixed at 4"},
		{"no output", [][]byte{ids, mask, actors}, `no output "logits"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := checkGraph(message(7, test.graph...), m)
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v", err)
			}
		})
	}
	if err := checkGraph(nil, m); err == nil {
		t.Error("an empty file is taken for a model")
	}
}

func TestExternalDataIsFoundWhereverItIs(t *testing.T) {
	inline := func(n int) []byte { return message(n, text(8, "w"), message(9, []byte{1, 2, 3, 4})) }
	outside := func(n int) []byte {
		return message(n, text(8, "w"), number(14, 1), message(13, text(1, "location"), text(2, "w.bin")))
	}
	for name, external := range map[string]bool{"inline": false, "outside": true} {
		tensor := inline
		if external {
			tensor = outside
		}
		attribute := func(n int) []byte { return message(n, text(1, "value"), tensor(5)) }
		node := func(n int) []byte { return message(n, text(4, "Constant"), attribute(5)) }
		graph := func(n int) []byte { return message(n, text(2, "g"), tensor(5)) }
		for where, model := range map[string][]byte{
			"weights":               message(7, tensor(5)),
			"sparse weights":        message(7, message(15, tensor(1), number(3, 4))),
			"sparse indices":        message(7, message(15, inline(1), tensor(2))),
			"a constant":            message(7, node(1)),
			"a list of constants":   message(7, message(1, message(5, inline(10), tensor(10)))),
			"a sparse constant":     message(7, message(1, message(5, message(22, tensor(1))))),
			"sparse constants":      message(7, message(1, message(5, message(23, tensor(1))))),
			"the body of a loop":    message(7, message(1, message(5, graph(6)))),
			"the arms of a choice":  message(7, message(1, message(5, inline(5), graph(11)))),
			"a loop in a loop":      message(7, message(1, message(5, message(6, message(1, message(5, graph(6))))))),
			"a function":            message(25, node(7)),
			"a function's defaults": message(25, attribute(11)),
			"training":              message(20, graph(2)),
			"a second graph":        slices.Concat(message(7, inline(5)), message(7, tensor(5))),
		} {
			t.Run(name+" in "+where, func(t *testing.T) {
				err := refuseExternal(modelMessage, model, 0)
				if external != (err != nil && strings.Contains(err.Error(), `tensor "w" is in another file`)) {
					t.Errorf("got %v", err)
				}
			})
		}
	}
	marked := message(7, message(5, text(8, "w"), number(14, 1)))
	named := message(7, message(5, message(13, text(1, "location"), text(2, "w.bin")), text(8, "w")))
	for name, model := range map[string][]byte{"only marked": marked, "only named": named} {
		if err := refuseExternal(modelMessage, model, 0); err == nil {
			t.Errorf("data that is %s as external is not found", name)
		}
	}
}

func TestBrokenProtocolBuffersAreRefused(t *testing.T) {
	deep := text(2, "end")
	for range 2 * maxDepth {
		deep = message(1, message(5, message(6, deep)))
	}
	for name, model := range map[string][]byte{
		"cut off":             message(7, text(2, "graph"))[:4],
		"a tag without value": {7<<3 | 2},
		"a length too long":   {7<<3 | 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01},
		"an endless number":   {1 << 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		"a group":             {7<<3 | 3, 7<<3 | 4},
		"field 0":             {0, 0},
		"too deep":            message(7, deep),
	} {
		if err := refuseExternal(modelMessage, model, 0); err == nil {
			t.Errorf("%s: not refused", name)
		}
	}
}

func FuzzCheckGraph(f *testing.F) {
	seeds, err := filepath.Glob("testdata/*/" + modelFile)
	if err != nil || len(seeds) < 4 {
		f.Fatalf("seeds: %v, %v", seeds, err)
	}
	for _, path := range seeds {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	m := Manifest{Layout: spansLayout, Labels: []string{"pro", "anti", "neutral"}, Output: "logits"}
	m.Inputs.IDs, m.Inputs.Mask, m.Inputs.Actors = "input_ids", "attention_mask", "actor_masks"
	f.Fuzz(func(t *testing.T, model []byte) {
		before := slices.Clone(model)
		checkGraph(model, m)
		if !slices.Equal(model, before) {
			t.Error("the model was changed")
		}
	})
}

func FuzzGolden(f *testing.F) {
	data, err := os.ReadFile("testdata/spans/" + goldenFile)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"text":"","subjects":[{"actor":"a","spans":[[3,1],[-5,9]]}],"ids":[-1],"probabilities":[[1e999,0,0]]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := readGolden(data)
		if (err == nil) != (len(all) > 0) {
			t.Errorf("%d texts and error %v", len(all), err)
		}
		l := spans{frame: bertSingle, author: 7, room: 5, labels: []int{0, 1, 2}}
		for _, g := range all {
			l.windows(letters(12), g.subjects())
		}
	})
}
