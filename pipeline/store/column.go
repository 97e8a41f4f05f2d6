package store

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// column turns the values of a column of any Parquet schema back into the nested value that they came from.
type column struct {
	name        string
	optional    bool
	repeated    bool
	depth       int // definition level at which it, or an element of it, is there
	repetition  int // repetition level at which an element of it begins
	first, last int // its leaves, half open
	shape       shape
	children    []column
	leaf        func(parquet.Value) any
}

type shape int

const (
	group   shape = iota // map[string]any by name
	list                 // []any
	mapping              // map[string]any by key
	leaf
)

func newColumn(c *parquet.Column) column {
	col := column{
		name: c.Name(), optional: c.Optional(), repeated: c.Repeated(),
		depth: c.MaxDefinitionLevel(), repetition: c.MaxRepetitionLevel(),
	}
	for _, child := range c.Columns() {
		col.children = append(col.children, newColumn(child))
	}
	switch n := len(col.children); {
	case c.Leaf():
		col.shape, col.leaf = leaf, converter(c.Type())
		col.first, col.last = c.Index(), c.Index()+1
		return col
	case n > 0:
		col.first, col.last = col.children[0].first, col.children[n-1].last
	}
	logical := c.Type().LogicalType()
	switch wrapper := col.children; {
	case logical == nil || len(wrapper) != 1 || !wrapper[0].repeated:
	case isType[*format.ListType](logical):
		col.shape = list
	case isType[*format.MapType](logical) && len(wrapper[0].children) == 2:
		col.shape = mapping
	}
	return col
}

func isType[T format.LogicalTypeValue](t *format.LogicalType) bool {
	_, ok := t.Value.(T)
	return ok
}

func leaves(c *parquet.Column) (n int) {
	if c.Leaf() {
		return 1
	}
	for _, child := range c.Columns() {
		n += leaves(child)
	}
	return n
}

// value assembles the column from the values of its leaves that belong to one instance of what encloses it; see Records
// for the Go types.
func (c *column) value(leaves [][]parquet.Value) any {
	if c.first == c.last {
		return nil // a group of nothing
	}
	switch there := leaves[c.first][0].DefinitionLevel() >= c.depth; {
	case c.repeated && there:
		return c.elements(leaves)
	case c.repeated:
		return []any{}
	case c.optional && !there:
		return nil
	}
	return c.single(leaves)
}

// elements splits the values of a repeated column where the next element begins.
func (c *column) elements(leaves [][]parquet.Value) (elements []any) {
	rest, element := slices.Clone(leaves), slices.Clone(leaves)
	for len(rest[c.first]) > 0 {
		for i := c.first; i < c.last; i++ {
			n := 1 + slices.IndexFunc(rest[i][1:], func(v parquet.Value) bool { return v.RepetitionLevel() <= c.repetition })
			if n == 0 {
				n = len(rest[i])
			}
			element[i], rest[i] = rest[i][:n], rest[i][n:]
		}
		elements = append(elements, c.single(element))
	}
	return elements
}

// single is the column without regard to whether it may be absent or come several times.
func (c *column) single(leaves [][]parquet.Value) any {
	switch c.shape {
	case leaf:
		return c.leaf(leaves[c.first][0])
	case list:
		return c.unwrapped(c.children[0].value(leaves).([]any))
	}
	m := make(map[string]any, len(c.children))
	if c.shape == group {
		for i := range c.children {
			m[c.children[i].name] = c.children[i].value(leaves)
		}
		return m
	}
	pair := &c.children[0]
	for _, entry := range pair.value(leaves).([]any) {
		entry := entry.(map[string]any)
		m[fmt.Sprint(entry[pair.children[0].name])] = entry[pair.children[1].name]
	}
	return m
}

// unwrapped takes the elements of a list out of the group that has no meaning of its own. Which group that is follows
// the backward compatibility rules of the Parquet format, "Logical types: Lists".
func (c *column) unwrapped(elements []any) []any {
	wrapper := &c.children[0]
	if wrapper.shape != group || len(wrapper.children) != 1 || wrapper.name == "array" || wrapper.name == c.name+"_tuple" {
		return elements
	}
	for i := range elements {
		elements[i] = elements[i].(map[string]any)[wrapper.children[0].name]
	}
	return elements
}

// converter chooses how the values of a leaf become Go values.
func converter(t parquet.Type) func(parquet.Value) any {
	if logical := t.LogicalType(); logical != nil {
		switch l := logical.Value.(type) {
		case *format.TimestampType:
			unit := l.Unit.Value.Duration()
			return func(v parquet.Value) any { return instant(v.Int64(), unit) }
		case *format.DateType:
			return func(v parquet.Value) any { return time.Unix(int64(v.Int32())*86400, 0).UTC() }
		case *format.TimeType:
			unit := l.Unit.Value.Duration()
			return func(v parquet.Value) any { return time.Duration(integer(v)) * unit }
		case *format.DecimalType:
			return func(v parquet.Value) any { return decimal(v, l.Scale) }
		case *format.IntType:
			if !l.IsSigned {
				return unsigned
			}
		case *format.UUIDType:
			return func(v parquet.Value) any {
				b := v.ByteArray()
				return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
			}
		}
	}
	return plain
}

func plain(v parquet.Value) any {
	switch v.Kind() {
	case parquet.Boolean:
		return v.Boolean()
	case parquet.Int32, parquet.Int64:
		return integer(v)
	case parquet.Int96: // how Spark stored timestamps until 2022: nanoseconds of the day, Julian day
		i := v.Int96()
		const unixEpoch = 2_440_588
		return time.Unix((int64(i[2])-unixEpoch)*86400, int64(i[1])<<32|int64(i[0])).UTC()
	case parquet.Float:
		return float64(v.Float())
	case parquet.Double:
		return v.Double()
	}
	b := v.ByteArray()
	if utf8.Valid(b) {
		return string(b)
	}
	return slices.Clone(b) // the library will use its memory again
}

func integer(v parquet.Value) int64 {
	if v.Kind() == parquet.Int32 {
		return int64(v.Int32())
	}
	return v.Int64()
}

func unsigned(v parquet.Value) any {
	if v.Kind() == parquet.Int32 {
		return int64(v.Uint32())
	}
	if u := v.Uint64(); u > math.MaxInt64 {
		return u
	}
	return v.Int64()
}

// instant is the time n units after 1970. Nanoseconds alone would overflow for what is far from today.
func instant(n int64, unit time.Duration) time.Time {
	perSecond := int64(time.Second / unit)
	return time.Unix(n/perSecond, n%perSecond*int64(unit)).UTC()
}

// maxScale is the most digits after the point that a decimal of any writer has; a broken file may claim a billion.
const maxScale = 76

func decimal(v parquet.Value, scale int32) any {
	n := new(big.Int)
	if k := v.Kind(); k == parquet.Int32 || k == parquet.Int64 {
		n.SetInt64(integer(v))
	} else if b := v.ByteArray(); len(b) > 0 { // two's complement, big endian
		n.SetBytes(b)
		if b[0]&0x80 != 0 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
		}
	}
	switch {
	case scale < 0 || scale > maxScale:
		return nil
	case scale > 0:
		f, _ := new(big.Rat).SetFrac(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)).Float64()
		return f
	case n.IsInt64():
		return n.Int64()
	}
	return n
}
