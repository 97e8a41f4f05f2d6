package stance

import (
	"encoding/json"
	"fmt"
	"unicode"
)

// splitter cuts a stretch of normalised text into smaller ones and hands each to the scratch.
type splitter func(s *scratch, src []char)

// parseSplitters flattens the pre_tokenizer of a tokenizer.json into steps; each cuts what the one before left.
func parseSplitters(raw json.RawMessage, cp *codepoints) ([]splitter, error) {
	if absent(raw) {
		return nil, nil
	}
	spec := struct {
		Type             string
		Pretokenizers    []json.RawMessage
		Pattern          json.RawMessage
		Behavior         string
		Invert           bool
		IndividualDigits bool  `json:"individual_digits"`
		AddPrefixSpace   *bool `json:"add_prefix_space"`
		UseRegex         bool  `json:"use_regex"`
		Replacement      string
		PrependScheme    string `json:"prepend_scheme"`
		Split            bool
	}{UseRegex: true, Split: true}
	if err := json.Unmarshal(raw, &spec); err != nil {
		return nil, fmt.Errorf("read pre-tokenizer: %w", err)
	}
	one := func(s splitter) ([]splitter, error) { return []splitter{s}, nil }
	switch spec.Type {
	case "Sequence":
		var all []splitter
		for _, raw := range spec.Pretokenizers {
			steps, err := parseSplitters(raw, cp)
			if err != nil {
				return nil, err
			}
			all = append(all, steps...)
		}
		return all, nil
	case "BertPreTokenizer":
		return []splitter{splitAt(each(unicode.IsSpace), removed, false), splitAt(each(cp.isPunctuation), isolated, false)}, nil
	case "Whitespace":
		return one(splitAt(cp.wordsAndSymbols, removed, true))
	case "WhitespaceSplit":
		return one(splitAt(each(unicode.IsSpace), removed, false))
	case "Punctuation":
		b, err := parseBehavior(spec.Behavior)
		if err != nil {
			return nil, fmt.Errorf("read pre-tokenizer Punctuation: %w", err)
		}
		return one(splitAt(each(cp.isPunctuation), b, false))
	case "Digits":
		if spec.IndividualDigits {
			return one(splitAt(each(cp.isNumeric), isolated, false))
		}
		return one(splitAt(each(cp.isNumeric), contiguous, false))
	case "Split":
		p, err := parsePattern(spec.Pattern, cp)
		if err != nil {
			return nil, fmt.Errorf("read pre-tokenizer Split: %w", err)
		}
		b, err := parseBehavior(spec.Behavior)
		if err != nil {
			return nil, fmt.Errorf("read pre-tokenizer Split: %w", err)
		}
		return one(splitAt(p, b, spec.Invert))
	case "ByteLevel":
		return one(cp.byteLevelSplitter(spec.AddPrefixSpace == nil || *spec.AddPrefixSpace, spec.UseRegex))
	case "Metaspace":
		return metaspace(spec.Replacement, spec.PrependScheme, spec.AddPrefixSpace, spec.Split)
	}
	return nil, fmt.Errorf("pre-tokenizer %q is not supported", spec.Type)
}

// behavior says what becomes of the stretches at which a text is cut.
type behavior int

const (
	removed            behavior = iota // they go
	isolated                           // each stands alone
	contiguous                         // neighbours stand together
	mergedWithPrevious                 // each ends the stretch before it
	mergedWithNext                     // each begins the stretch after it
)

func parseBehavior(name string) (behavior, error) {
	switch name {
	case "Removed":
		return removed, nil
	case "Isolated", "":
		return isolated, nil
	case "Contiguous":
		return contiguous, nil
	case "MergedWithPrevious":
		return mergedWithPrevious, nil
	case "MergedWithNext":
		return mergedWithNext, nil
	}
	return 0, fmt.Errorf("behavior %q is not supported", name)
}

// splitAt cuts at what p finds, or, if invert, at what lies between.
func splitAt(p pattern, b behavior, invert bool) splitter {
	return func(s *scratch, src []char) {
		s.found = p(s.found[:0], src)
		s.cover = s.cover[:0]
		done := 0
		for _, f := range s.found {
			if f.start > done {
				s.cover = append(s.cover, stretch{done, f.start, invert})
			}
			s.cover = append(s.cover, stretch{f.start, f.end, !invert})
			done = f.end
		}
		if done < len(src) {
			s.cover = append(s.cover, stretch{done, len(src), invert})
		}
		start := 0
		for i, c := range s.cover {
			if i+1 < len(s.cover) && b.joins(c.cut, s.cover[i+1].cut) {
				continue
			}
			if b != removed || !c.cut {
				s.emit(src[start:c.end])
			}
			start = c.end
		}
	}
}

// joins says whether two neighbouring stretches stay together, each being one to cut at or not.
func (b behavior) joins(left, right bool) bool {
	switch b {
	case contiguous:
		return left == right
	case mergedWithPrevious:
		return !left && right
	case mergedWithNext:
		return left && !right
	}
	return false
}

// metaspace marks spaces with a visible character and cuts before each. scheme says where one is put in front: always,
// first (only at the start of the text) or never.
func metaspace(mark, scheme string, addPrefixSpace *bool, cut bool) ([]splitter, error) {
	runes := []rune(mark)
	if len(runes) != 1 {
		return nil, fmt.Errorf("read pre-tokenizer Metaspace: replacement %q is not one character", mark)
	}
	switch {
	case scheme == "" && addPrefixSpace != nil && !*addPrefixSpace:
		scheme = "never"
	case scheme == "":
		scheme = "always"
	case scheme != "always" && scheme != "first" && scheme != "never":
		return nil, fmt.Errorf("prepend_scheme %q of pre-tokenizer Metaspace is not supported", scheme)
	case scheme != "never" && addPrefixSpace != nil && !*addPrefixSpace:
		return nil, fmt.Errorf("prepend_scheme %q of pre-tokenizer Metaspace contradicts add_prefix_space", scheme)
	}
	r := runes[0]
	markSpaces := replace(literal([]rune{' '}), mark)
	front := prepend(mark)
	emit := func(s *scratch, src []char) { s.emit(src) }
	if cut {
		emit = splitAt(each(func(c rune) bool { return c == r }), mergedWithNext, false)
	}
	return []splitter{func(s *scratch, src []char) {
		atStart := src[0].start == 0
		src = s.rewrite(markSpaces, src)
		if src[0].r != r && (scheme == "always" || scheme == "first" && atStart) {
			src = s.rewrite(front, src)
		}
		emit(s, src)
	}}, nil
}

// byteLevelSplitter cuts as GPT-2 does and spells the bytes of each stretch. addSpace puts a space in front of the text, and,
// since the reference does, in front of whatever follows an added token.
func (c *codepoints) byteLevelSplitter(addSpace, cut bool) splitter {
	space := prepend(" ")
	return func(s *scratch, src []char) {
		if addSpace && src[0].r != ' ' {
			src = s.rewrite(space, src)
		}
		if !cut {
			s.emit(s.rewrite(byteLevel, src))
			return
		}
		s.found = c.gpt2(s.found[:0], src)
		for _, f := range s.found {
			s.emit(s.rewrite(byteLevel, src[f.start:f.end]))
		}
	}
}
