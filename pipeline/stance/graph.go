package stance

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// This file reads as much of an ONNX file as is needed to refuse one before it reaches the runtime: whether it wants
// other files, and whether its inputs and outputs are those of stance.json. Field numbers are from onnx.proto3 of ONNX 1.12.

// Kinds of message that can hold a tensor, which can name a file.
const (
	modelMessage = iota
	graphMessage
	nodeMessage
	attributeMessage
	tensorMessage
	sparseMessage
	functionMessage
	trainingMessage
)

// contains tells for each kind of message in which fields what kinds of message lie.
var contains = map[int]map[int]int{
	modelMessage:     {7: graphMessage, 20: trainingMessage, 25: functionMessage},
	graphMessage:     {1: nodeMessage, 5: tensorMessage, 15: sparseMessage},
	nodeMessage:      {5: attributeMessage},
	attributeMessage: {5: tensorMessage, 6: graphMessage, 10: tensorMessage, 11: graphMessage, 22: sparseMessage, 23: sparseMessage},
	sparseMessage:    {1: tensorMessage, 2: tensorMessage},
	functionMessage:  {7: nodeMessage, 11: attributeMessage},
	trainingMessage:  {1: graphMessage, 2: graphMessage},
}

// maxDepth of messages in messages is what Google's own readers allow.
const maxDepth = 100

// Element types of TensorProto.DataType.
const (
	onnxFloat = 1
	onnxInt64 = 7
)

// value is an input or output of a graph.
type value struct {
	name    string
	element uint64
	shape   []int64 // of each axis its length, 0 where it is left open; nil where nothing is said
	shaped  bool
}

// checkGraph refuses a model that reads other files, or does not have the inputs and the output that m names.
func checkGraph(model []byte, m Manifest) error {
	if err := refuseExternal(modelMessage, model, 0); err != nil {
		return err
	}
	inputs, outputs, err := graphValues(model)
	if err != nil {
		return err
	}
	batch, open, labels := int64(1), int64(0), int64(len(m.Labels))
	needed := []value{{m.Inputs.IDs, onnxInt64, []int64{batch, open}, true}}
	if m.Inputs.Mask != "" {
		needed = append(needed, value{m.Inputs.Mask, onnxInt64, []int64{batch, open}, true})
	}
	if m.Inputs.Types != "" {
		needed = append(needed, value{m.Inputs.Types, onnxInt64, []int64{batch, open}, true})
	}
	output := value{m.Output, onnxFloat, []int64{batch, labels}, true}
	if m.Layout == spansLayout {
		needed = append(needed, value{m.Inputs.Actors, onnxInt64, []int64{batch, open, open}, true})
		output.shape = []int64{batch, open, labels}
	} else if m.Inputs.Actors != "" {
		return fmt.Errorf("stance.json gives it actors, which only the layout %s has", spansLayout)
	}
	for _, want := range needed {
		if err := want.among("input", inputs); err != nil {
			return err
		}
	}
	if len(inputs) != len(needed) {
		return fmt.Errorf("it has %d inputs (%s), but inputs in stance.json names %d", len(inputs), names(inputs), len(needed))
	}
	return output.among("output", outputs)
}

// among reports whether the model has v, with axes that are open or as long as needed.
func (v value) among(kind string, all []value) error {
	i := slices.IndexFunc(all, func(h value) bool { return h.name == v.name })
	if i < 0 {
		return fmt.Errorf("it has no %s %q, which stance.json names, but: %s", kind, v.name, names(all))
	}
	has := all[i]
	if has.element != v.element {
		return fmt.Errorf("its %s %q has element type %d, it must be %d (TensorProto: 1 is float32, 7 is int64)",
			kind, v.name, has.element, v.element)
	}
	if !has.shaped {
		return nil
	}
	if len(has.shape) != len(v.shape) {
		return fmt.Errorf("its %s %q has %d axes, it must have %d", kind, v.name, len(has.shape), len(v.shape))
	}
	for axis, n := range has.shape {
		if want := v.shape[axis]; n != 0 && n != want {
			must := "dynamic"
			if want != 0 {
				must = fmt.Sprintf("dynamic or %d", want)
			}
			return fmt.Errorf("axis %d of its %s %q is fixed at %d: export it with that axis %s", axis, kind, v.name, n, must)
		}
	}
	return nil
}

func names(values []value) string {
	var all []string
	for _, v := range values {
		all = append(all, v.name)
	}
	return strings.Join(all, ", ")
}

// refuseExternal reports a tensor whose data is in another file, wherever it is in the message.
func refuseExternal(kind int, message []byte, depth int) error {
	if depth > maxDepth {
		return errors.New("its messages are nested too deeply")
	}
	name, external := "", false
	for len(message) > 0 {
		f, rest, err := nextField(message)
		if err != nil {
			return err
		}
		message = rest
		if kind == tensorMessage {
			switch f.number {
			case 8:
				name = string(f.bytes)
			case 13, 14: // external_data; data_location, 1 for external
				external = external || len(f.bytes) > 0 || f.varint != 0
			}
		}
		if inner, ok := contains[kind][f.number]; ok && f.wire == 2 {
			if err := refuseExternal(inner, f.bytes, depth+1); err != nil {
				return err
			}
		}
	}
	if external {
		return fmt.Errorf("the data of its tensor %q is in another file: export the model as one file", name)
	}
	return nil
}

// graphValues returns the inputs that have to be given to a model, and its outputs.
func graphValues(model []byte) (inputs, outputs []value, err error) {
	graph, err := submessage(model, 7)
	if err != nil {
		return nil, nil, err
	}
	given := make(map[string]bool) // older exports list their weights among the inputs
	for len(graph) > 0 {
		f, rest, err := nextField(graph)
		if err != nil {
			return nil, nil, err
		}
		graph = rest
		switch f.number {
		case 5:
			name, err := submessage(f.bytes, 8)
			if err != nil {
				return nil, nil, err
			}
			given[string(name)] = true
		case 11, 12:
			v, err := readValue(f.bytes)
			if err != nil {
				return nil, nil, err
			}
			if f.number == 11 {
				inputs = append(inputs, v)
			} else {
				outputs = append(outputs, v)
			}
		}
	}
	inputs = slices.DeleteFunc(inputs, func(v value) bool { return given[v.name] })
	return inputs, outputs, nil
}

// readValue reads a ValueInfoProto: its name, and of a tensor the element type and shape.
func readValue(message []byte) (v value, err error) {
	name, err := submessage(message, 1)
	if err != nil {
		return v, err
	}
	v.name = string(name)
	typ, err := submessage(message, 2)
	if err != nil {
		return v, err
	}
	tensor, err := submessage(typ, 1)
	for err == nil && len(tensor) > 0 {
		var f field
		if f, tensor, err = nextField(tensor); err != nil {
			break
		}
		switch f.number {
		case 1:
			v.element = f.varint
		case 2:
			v.shaped = true
			for axes := f.bytes; len(axes) > 0; {
				var axis, length field
				if axis, axes, err = nextField(axes); err != nil {
					return v, err
				}
				if axis.number != 1 {
					continue
				}
				if len(axis.bytes) > 0 {
					if length, _, err = nextField(axis.bytes); err != nil {
						return v, err
					}
				}
				// A length is a number; a name in its place stands for any length.
				v.shape = append(v.shape, int64(length.varint))
			}
		}
	}
	return v, err
}

// submessage returns the bytes of the first field of that number, nil where there is none.
func submessage(message []byte, number int) ([]byte, error) {
	for len(message) > 0 {
		f, rest, err := nextField(message)
		if err != nil {
			return nil, err
		}
		if f.number == number && f.wire == 2 {
			return f.bytes, nil
		}
		message = rest
	}
	return nil, nil
}

// field is one field of a protocol buffer message: a number (varint) or bytes, depending on its wire type.
type field struct {
	number, wire int
	varint       uint64
	bytes        []byte
}

var errNoProtobuf = errors.New("it is no ONNX file")

// nextField reads the field at the start of a message.
func nextField(message []byte) (f field, rest []byte, err error) {
	tag, n := binary.Uvarint(message)
	if n <= 0 || tag>>3 == 0 || tag>>3 > 1<<29 {
		return f, nil, errNoProtobuf
	}
	f.number, f.wire, rest = int(tag>>3), int(tag&7), message[n:]
	size := uint64(0)
	switch f.wire {
	case 0:
		f.varint, n = binary.Uvarint(rest)
		if n <= 0 {
			return f, nil, errNoProtobuf
		}
		return f, rest[n:], nil
	case 1:
		size = 8
	case 5:
		size = 4
	case 2:
		size, n = binary.Uvarint(rest)
		if n <= 0 {
			return f, nil, errNoProtobuf
		}
		rest = rest[n:]
	default:
		return f, nil, errNoProtobuf
	}
	if size > uint64(len(rest)) {
		return f, nil, errNoProtobuf
	}
	f.bytes = rest[:size]
	return f, rest[size:], nil
}
