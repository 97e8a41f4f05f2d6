package evaluate

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"stance/pipeline/news"
)

// Silver says where the actors of a paragraph of somebody else's text stand on the deployment that it speaks of, whatever
// the country. The text is not here: whoever has it finds it by its checksum.
type Silver struct {
	SHA256 string        `json:"sha256"` // of the paragraph, a line of the file without the spaces around it
	File   string        `json:"file"`   // the name of the file that it stands in, without its endings
	Actors []SilverActor `json:"actors"`
}

// SilverActor is an actor of such a paragraph.
type SilverActor struct {
	ID    string     `json:"id"`
	Label news.Label `json:"label"`
	Spans [][2]int   `json:"spans"` // half open, in characters of the paragraph; none for the author
}

// ReadSilver reads silver paragraphs, one JSON object per line. Its error names every line that breaks the format and how.
func ReadSilver(r io.Reader) ([]Silver, error) {
	var all []Silver
	seen := map[string]bool{}
	err := readLines(r, func(text []byte) error {
		var s Silver
		if err := decode(text, &s); err != nil {
			return err
		}
		if sum, err := hex.DecodeString(s.SHA256); err != nil || len(sum) != 32 {
			return fmt.Errorf("sha256 %q is no checksum", s.SHA256)
		}
		if seen[s.SHA256] {
			return fmt.Errorf("paragraph %s stands in an earlier line already", s.SHA256)
		}
		seen[s.SHA256] = true
		labels := map[string]news.Label{}
		for _, a := range s.Actors {
			if (len(a.Spans) == 0) != (a.ID == news.TheAuthor.ID) {
				return fmt.Errorf("%s: every actor but the author has spans", a.ID)
			}
			if !slices.IsSortedFunc(a.Spans, func(x, y [2]int) int { return x[1] - y[0] - 1 }) {
				return fmt.Errorf("%s: the spans %v are not in order", a.ID, a.Spans)
			}
			labels[a.ID] = a.Label
		}
		if len(labels) != len(s.Actors) {
			return errors.New("an actor has two labels")
		}
		if err := checkLabels(news.Body, labels); err != nil {
			return err
		}
		all = append(all, s)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read silver paragraphs: %w", err)
	}
	return all, nil
}

// fits says whether the spans lie within the text.
func (s *Silver) fits(text string) error {
	length := utf8.RuneCountInString(text)
	for _, a := range s.Actors {
		for _, span := range a.Spans {
			if span[0] < 0 || span[0] >= span[1] || span[1] > length {
				return fmt.Errorf("silver paragraph %s: the span %v of %s does not lie within its %d characters", s.SHA256, span, a.ID, length)
			}
		}
	}
	return nil
}

// readLines calls read with each line and joins its errors, each with the number of its line.
func readLines(r io.Reader, read func([]byte) error) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	var errs []error
	n := 0
	for line := range bytes.Lines(data) {
		n++
		if err := read(line); err != nil {
			errs = append(errs, fmt.Errorf("line %d: %w", n, err))
		}
	}
	return errors.Join(errs...)
}

// decode reads one JSON object and refuses fields that it does not know and keys that stand twice, of which the last would win unseen.
func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	return noKeyTwice(json.NewDecoder(bytes.NewReader(text)), "the object")
}

// noKeyTwice reads one value, which is called at.
func noKeyTwice(d *json.Decoder, at string) error {
	begin, err := d.Token()
	if err != nil || begin != json.Delim('{') && begin != json.Delim('[') {
		return err
	}
	keys := map[string]bool{}
	for n := 0; d.More(); n++ {
		within := fmt.Sprintf("%s %d", at, n) // "paragraphs 0"
		if begin == json.Delim('{') {
			token, err := d.Token()
			if err != nil {
				return err
			}
			key := token.(string)
			if keys[key] {
				return fmt.Errorf("%s: %q stands twice: keep one of them", at, key)
			}
			keys[key] = true
			within = strings.TrimPrefix(at+", "+key, "the object, ")
		}
		if err := noKeyTwice(d, within); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}
