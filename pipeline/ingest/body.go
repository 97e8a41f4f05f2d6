package ingest

import (
	"encoding/json"
	"strings"
	"time"

	"stance/pipeline/news"
)

// body reads the paragraphs of an article from the best of the fields that may hold them.
func body(f fields, address string) (p page, err error) {
	if !f.hasBody() {
		return p, reject(Schema, "the record has no field for the words of an article, such as %q, %q or %q", "text", "html", "paragraphs")
	}
	for _, from := range []field{paragraphsField, textField, htmlField} {
		switch v := f.values[from].(type) {
		case nil:
		case []any:
			p.paragraphs, err = paragraphList(v)
		case string:
			p, err = pageOf(v, from == htmlField, address)
		default:
			err = reject(Schema, "the field %q holds %s where text belongs", fieldNames[from], typeName(v))
		}
		if err != nil || len(p.paragraphs) > 0 {
			return p, err
		}
	}
	return p, reject(NoBody, "no paragraph of an article is in it")
}

// pageOf reads a page of text or HTML. Markup is HTML under any name.
func pageOf(s string, isHTML bool, address string) (p page, err error) {
	text, err := decodeText([]byte(s))
	if err != nil {
		return p, err
	}
	if isHTML || isMarkup(text) {
		p, err = parseHTML([]byte(text), address)
		if err != nil {
			return p, reject(Syntax, "the HTML cannot be read: %v", err)
		}
		for i := range p.paragraphs {
			p.paragraphs[i].Text = cleanText(p.paragraphs[i].Text)
		}
		return p, nil
	}
	if list, ok := listInText(text); ok {
		p.paragraphs, err = paragraphList(list)
		return p, err
	}
	return parsePage(cleanText(text)), nil
}

// isMarkup reports whether text is HTML: it begins as a document or its paragraphs are marked.
func isMarkup(text string) bool {
	if !strings.Contains(text, "<") {
		return false
	}
	start := strings.ToLower(strings.TrimSpace(text[:min(len(text), 512)]))
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<div", "<p>", "<p ", "<article", "<section"} {
		if strings.HasPrefix(start, tag) {
			return true
		}
	}
	for _, tag := range []string{"</p>", "<br>", "<br/>", "<br />", "</div>"} {
		if strings.Contains(text, tag) {
			return true
		}
	}
	return false
}

// listInText reads the list of paragraphs that a CSV can hold only as JSON.
func listInText(text string) (list []any, ok bool) {
	if !strings.HasPrefix(text, `["`) && !strings.HasPrefix(text, `[{`) || !json.Valid([]byte(text)) {
		return nil, false
	}
	d := jsonDecoder{raw: []byte(text)}
	v, err := d.value()
	list, ok = v.([]any)
	return list, ok && err == nil
}

// paragraphList reads paragraphs that are strings, or objects with kind and text.
func paragraphList(list []any) ([]news.Paragraph, error) {
	blocks := make([]block, 0, len(list))
	for i, v := range list {
		var b block
		var text any = v
		if object, ok := v.(map[string]any); ok {
			kind, _ := anyOf(object, "kind", "type").(string)
			if strings.EqualFold(kind, "chrome") {
				continue
			}
			b.kind, text = kindOf(kind), anyOf(object, "text", "content")
		}
		s, ok := text.(string)
		if !ok && text != nil {
			return nil, reject(Schema, "paragraph %d is %s where text, or an object with kind and text, belongs", i, typeName(text))
		}
		s, err := decodeText([]byte(s))
		if err != nil {
			return nil, err
		}
		if b.text = cleanLine(s); b.text != "" {
			blocks = append(blocks, b)
		}
	}
	return cleanBlocks(blocks), nil
}

func typeName(v any) string {
	switch v.(type) {
	case bool:
		return "true or false"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	case time.Time:
		return "a time"
	}
	return "a number"
}

func kindOf(name string) news.ParagraphKind {
	switch kind := news.ParagraphKind(strings.ToLower(name)); kind {
	case news.Headline, news.Deck, news.Body:
		return kind
	}
	return ""
}

func anyOf(object map[string]any, names ...string) any {
	for _, name := range names {
		if v, ok := object[name]; ok {
			return v
		}
	}
	return nil
}
