package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// fileSetting is what a settings file says about one setting, as text that a flag could have been given.
type fileSetting struct {
	values []string
	line   int
}

// readSettings reads a TOML file whose keys are among the names. Errors name the file and, if they can, the line.
func readSettings(path string, names []string) (map[string]fileSetting, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, usage("read settings: %w", err)
	}
	found, err := parseSettings(data, names)
	if err != nil {
		return nil, usage("read settings %s:%w", path, err)
	}
	return found, nil
}

func parseSettings(data []byte, names []string) (map[string]fileSetting, error) {
	var values map[string]any
	if err := toml.Unmarshal(data, &values); err != nil {
		line := 1
		if d := (*toml.DecodeError)(nil); errors.As(err, &d) {
			line, _ = d.Position()
		}
		return nil, fmt.Errorf("%d: %w", line, err)
	}
	found := map[string]fileSetting{}
	for name, line := range keyLines(data) {
		if !slices.Contains(names, name) {
			return nil, hint(fmt.Errorf("%d: unknown key %q", line, name), "the keys are %s", strings.Join(names, ", "))
		}
		texts, err := settingTexts(values[name])
		if err != nil {
			return nil, fmt.Errorf("%d: %q: %w", line, name, err)
		}
		found[name] = fileSetting{texts, line}
	}
	return found, nil
}

// keyLines yields the top-level keys, in the order of the file, with the lines that they first stand in: the decoder
// itself forgets where a value came from.
func keyLines(data []byte) func(yield func(string, int) bool) {
	return func(yield func(string, int) bool) {
		var p unstable.Parser
		p.Reset(data)
		seen, inTable := map[string]bool{}, false
		for p.NextExpression() {
			e := p.Expression()
			isTable := e.Kind == unstable.Table || e.Kind == unstable.ArrayTable
			if e.Kind != unstable.KeyValue && !isTable || inTable && !isTable {
				continue
			}
			inTable = isTable
			key := e.Key()
			key.Next()
			name := string(key.Node().Data)
			if seen[name] {
				continue
			}
			seen[name] = true
			if !yield(name, p.Shape(key.Node().Raw).Start.Line) {
				return
			}
		}
	}
}

// settingTexts writes a TOML value as the texts that a flag would be given: one, or for lists and tables any number.
func settingTexts(value any) ([]string, error) {
	switch v := value.(type) {
	case string, int64, bool, toml.LocalDate:
		return []string{fmt.Sprint(v)}, nil
	case []any:
		texts := []string{}
		for _, e := range v {
			s, ok := e.(string)
			if !ok {
				return nil, errors.New("a list holds quoted texts only")
			}
			texts = append(texts, s)
		}
		return texts, nil
	case map[string]any:
		texts := []string{}
		for k, e := range v {
			s, ok := e.(string)
			if !ok {
				return nil, fmt.Errorf("%q is not a quoted text", k)
			}
			texts = append(texts, k+"="+s)
		}
		slices.Sort(texts)
		return texts, nil
	default:
		return nil, errors.New("neither a text, a whole number, true, false, a date, a list nor a table")
	}
}
