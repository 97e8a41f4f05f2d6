package stance

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// specials are the tokens that a model expects around texts.
type specials struct {
	cls, sep, pad, unk, mask int32 // -1 where the tokenizer has none
	single, pair             []slot
}

// slot is one place in the frame around one or two texts.
type slot struct {
	text   int   // 1 for the first text, 2 for the second, 0 for the special token id
	id     int32 // of the special token where text is 0
	typeID int32 // token type of everything in this place
}

// postProcessor is the post_processor of a tokenizer.json.
type postProcessor struct {
	Type           string
	Processors     []postProcessor
	Sep, Cls       namedID
	TrimOffsets    bool `json:"trim_offsets"`
	AddPrefixSpace bool `json:"add_prefix_space"`
	Single, Pair   []templatePiece
	SpecialTokens  map[string]struct {
		IDs    []int32
		Tokens []string
	} `json:"special_tokens"`
}

// templatePiece is {"Sequence": …} or {"SpecialToken": …}.
type templatePiece struct {
	Sequence, SpecialToken *struct {
		ID     string
		TypeID int32 `json:"type_id"`
	}
}

// namedID is ["[SEP]", 102].
type namedID struct {
	name string
	id   int32
}

func (n *namedID) UnmarshalJSON(raw []byte) error {
	return json.Unmarshal(raw, &[]any{&n.name, &n.id})
}

func (t *tokenizer) parsePostProcessor(raw json.RawMessage) error {
	var p postProcessor
	if !absent(raw) {
		if err := json.Unmarshal(raw, &p); err != nil {
			return fmt.Errorf("read post-processor: %w", err)
		}
		if err := t.applyPostProcessor(p); err != nil {
			return fmt.Errorf("read post-processor %s: %w", p.Type, err)
		}
	}
	f := &t.specials
	if f.single == nil {
		f.single, f.pair = []slot{{text: 1}}, []slot{{text: 1}, {text: 2, typeID: 1}}
	}
	f.cls, f.sep = t.named("[CLS]", "<s>"), t.named("[SEP]", "</s>")
	if first := f.single[0]; first.text == 0 {
		f.cls = first.id
	}
	if last := f.single[len(f.single)-1]; last.text == 0 {
		f.sep = last.id
	}
	f.pad, f.mask, f.unk = t.named("[PAD]", "<pad>"), t.named("[MASK]", "<mask>"), t.vocabulary.unknown()
	if len(t.trims) > 0 {
		t.blanks = map[int32]blanks{}
		for token, id := range t.vocabulary.tokens() {
			if b := blanksOf(token); b != (blanks{}) {
				t.blanks[int32(id)] = b
			}
		}
	}
	return nil
}

func (t *tokenizer) named(names ...string) int32 {
	for _, name := range names {
		if id, ok := t.id(name); ok {
			return id
		}
	}
	return -1
}

func (t *tokenizer) applyPostProcessor(p postProcessor) error {
	var single, pair []slot
	var err error
	switch p.Type {
	case "Sequence":
		for _, step := range p.Processors {
			if err := t.applyPostProcessor(step); err != nil {
				return err
			}
		}
		return nil
	case "ByteLevel":
		if p.TrimOffsets {
			t.trims = append(t.trims, p.AddPrefixSpace)
		}
		return nil
	case "BertProcessing":
		cls, sep := slot{id: p.Cls.id}, slot{id: p.Sep.id}
		single = []slot{cls, {text: 1}, sep}
		pair = []slot{cls, {text: 1}, sep, {text: 2, typeID: 1}, {id: sep.id, typeID: 1}}
		err = errors.Join(t.checkID(p.Cls.name, cls.id), t.checkID(p.Sep.name, sep.id))
	case "RobertaProcessing":
		if p.TrimOffsets {
			t.trims = append(t.trims, p.AddPrefixSpace)
		}
		cls, sep := slot{id: p.Cls.id}, slot{id: p.Sep.id}
		single = []slot{cls, {text: 1}, sep}
		pair = []slot{cls, {text: 1}, sep, sep, {text: 2}, sep}
		err = errors.Join(t.checkID(p.Cls.name, cls.id), t.checkID(p.Sep.name, sep.id))
	case "TemplateProcessing":
		var err1, err2 error
		single, err1 = t.template(p, p.Single, 1)
		pair, err2 = t.template(p, p.Pair, 2)
		err = errors.Join(err1, err2)
	default:
		err = fmt.Errorf("type %q is not supported", p.Type)
	}
	if err == nil && t.specials.single != nil {
		err = errors.New("two frames around one text are not supported")
	}
	t.specials.single, t.specials.pair = single, pair
	return err
}

func (t *tokenizer) checkID(token string, id int32) error {
	if own, ok := t.id(token); !ok || own != id {
		return fmt.Errorf("token %q does not have the id %d in the vocabulary", token, id)
	}
	return nil
}

// template reads the frame around the given number of texts, each of which has to be in it once.
func (t *tokenizer) template(p postProcessor, pieces []templatePiece, texts int) ([]slot, error) {
	var slots []slot
	seen := 0
	for _, piece := range pieces {
		switch {
		case piece.Sequence != nil:
			text := 1
			if piece.Sequence.ID == "B" {
				text = 2
			}
			seen |= text
			slots = append(slots, slot{text: text, typeID: piece.Sequence.TypeID})
			texts--
		case piece.SpecialToken != nil:
			special, ok := p.SpecialTokens[piece.SpecialToken.ID]
			if !ok || len(special.IDs) != len(special.Tokens) {
				return nil, fmt.Errorf("token %q is not among the special_tokens", piece.SpecialToken.ID)
			}
			for i, id := range special.IDs {
				if err := t.checkID(special.Tokens[i], id); err != nil {
					return nil, err
				}
				slots = append(slots, slot{id: id, typeID: piece.SpecialToken.TypeID})
			}
		}
	}
	if texts != 0 || seen&1 == 0 {
		return nil, errors.New("a template does not hold each text once")
	}
	return slots, nil
}

// blanks are the numbers of blank characters at the start and at the end of a token.
type blanks [2]int

func blanksOf(text string) blanks {
	isBlank := func(r rune) bool { return r == byteChar(' ') || unicode.IsSpace(r) }
	return blanks{
		utf8.RuneCountInString(text) - utf8.RuneCountInString(strings.TrimLeftFunc(text, isBlank)),
		utf8.RuneCountInString(text) - utf8.RuneCountInString(strings.TrimRightFunc(text, isBlank)),
	}
}

// trim takes the blanks off the offsets of the token at index, as post-processors ask for with trim_offsets. The one that
// was put in front of the text is not in the text and stays.
func (t *token) trim(index int, b blanks, addPrefixSpace bool) {
	if atStart := index == 0 || t.start == 0; b[0] > 1 || !atStart || !addPrefixSpace {
		t.start = min(t.start+b[0], t.end)
	}
	if t.end >= b[1] {
		t.end = max(t.end-b[1], t.start)
	}
}
