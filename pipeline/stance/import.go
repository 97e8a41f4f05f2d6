package stance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"stance/pipeline/news"
)

// ErrAsked is wrapped where an import fails by what was asked for, or not said, rather than by the export.
var ErrAsked = errors.New("not possible as asked")

// ImportConfig says what to make a bundle of. From, To and Runtime are needed; the rest is derived where it is empty.
type ImportConfig struct {
	From    string // folder of an ONNX export with config.json, tokenizer.json and model.onnx or onnx/model.onnx
	To      string // folder of the bundle, which may not be there yet
	Runtime string // path of the ONNX Runtime shared library

	ID     string            // the model's name; otherwise the one in config.json, or that of the folder
	Layout string            // pair or nli; otherwise nli where an output means entailment
	Labels map[string]string // what config.json calls the outputs for pro, anti and neutral, or for entailment

	Second     string                // see PairManifest; the actor's name where there are no Markers either
	Markers    []string              // see PairManifest
	Hypotheses map[news.Label]string // see NLIManifest; any that is not given is defaultHypotheses'

	MaxLength int // ids in a sequence, 512 by default; the export's own limit is kept in any case
}

// Imported is a new bundle that has been verified.
type Imported struct {
	Manifest
	SHA256  string   // of its stance.json
	Runtime string   // version of ONNX Runtime
	Outputs []string // what the export calls what Labels names
	Probes  []Probe
}

// Probe is what the model makes of a sentence that leaves no doubt to a reader.
type Probe struct {
	Text, Actor string
	Expected    news.Label
	P           [len(news.Labels)]float32
}

// defaultMaxLength covers news paragraphs; what attention costs grows with the square of it.
const defaultMaxLength = 512

var defaultHypotheses = map[news.Label]string{
	news.Pro:     actorField + " supports sending foreign troops to Ukraine.",
	news.Anti:    actorField + " opposes sending foreign troops to Ukraine.",
	news.Neutral: actorField + " takes no position on sending foreign troops to Ukraine.",
}

// meanings are the names by which exports call their outputs, in lower case, with a space between words.
var meanings = map[string][]string{
	string(news.Pro):     {"pro", "for", "favor", "favour", "in favor", "in favour", "support", "supports", "supportive", "positive", "pos", "agree"},
	string(news.Anti):    {"anti", "against", "oppose", "opposes", "opposed", "negative", "neg", "disagree", "con", "contra"},
	string(news.Neutral): {"neutral", "neu", "none", "neither", "no stance"},
	entailment:           {"entailment", "entail", "entails"},
}

// shiftedPositions are the model types that count positions from behind the padding token's id.
var shiftedPositions = []string{"roberta", "xlm-roberta", "xlm-roberta-xl", "roberta-prelayernorm", "camembert", "data2vec-text", "ibert", "longformer", "mpnet"}

// importTexts become the golden texts of an import; those with an expected label are its probes. A mention that is empty
// stands for none.
var importTexts = []struct {
	text     string
	actors   [][3]string // id, name, mention
	expected news.Label
}{
	{"France will send soldiers to Ukraine after a truce, its president said, and others should follow.", [][3]string{{"france", "France", "France"}}, news.Pro},
	{"Hungary will never send soldiers to Ukraine and opposes any foreign force there, its government said.", [][3]string{{"hungary", "Hungary", "Hungary"}}, news.Anti},
	{"Farmers in Poland expect a good harvest this year.", [][3]string{{"poland", "Poland", "Poland"}}, news.Neutral},
	{"“Не сейчас,” Zelenskyý said — again — while 日本’s envoy and NATO listened 🙂.", [][3]string{
		{"volodymyr-zelensky", "Volodymyr Zelensky", "Zelenskyý"}, {"nato", "NATO", "NATO"}, {news.TheAuthor.ID, news.TheAuthor.Name, ""}}, ""},
	{strings.Repeat("The ministers talked on. ", 150) + "Then Italy agreed to send troops.", [][3]string{{"italy", "Italy", "Italy"}}, ""},
}

// Import makes a bundle of an ordinary ONNX export for sequence classification or entailment and verifies it. To is there
// only once the bundle is sound. Errors wrap ErrAsked, ErrBundle where the export cannot be used, or ErrRuntime, or are ctx's
// or the disk's.
//
// The golden texts of an import hold what this machine has answered, as nobody has the answers of the side that trained the
// model: they will show a bundle that has been damaged, but not one that was derived wrongly. The probes are for that.
func Import(ctx context.Context, c ImportConfig) (*Imported, error) {
	refuse := func(err error) error {
		if errors.Is(err, ErrAsked) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("import %q: %w", c.From, err)
		}
		return fmt.Errorf("import %q: %w: %w", c.From, ErrBundle, err)
	}
	c.To = filepath.Clean(c.To)
	if _, err := os.Lstat(c.To); err == nil {
		return nil, fmt.Errorf("import %q: %w: %q is there already: name a new folder", c.From, ErrAsked, c.To)
	}
	x, err := readExport(c.From)
	if err != nil {
		return nil, refuse(err)
	}
	b, outputs, err := x.bundle(c)
	if err != nil {
		return nil, refuse(err)
	}
	version, err := loadRuntime(c.Runtime)
	if err != nil {
		return nil, err
	}
	im := &Imported{Runtime: version, Outputs: outputs}
	golden, err := im.try(ctx, b)
	if err != nil {
		return nil, refuse(err)
	}
	files := map[string][]byte{modelFile: x.files[modelFile], tokenizerFile: x.files[tokenizerFile], goldenFile: golden, cardFile: x.card(b.Manifest, outputs)}
	b.Files = make(map[string]string)
	for name, data := range files {
		b.Files[name] = sha256Hex(data)
	}
	manifest, err := json.MarshalIndent(b.Manifest, "", "  ")
	if err != nil {
		return nil, err
	}
	files[manifestFile] = append(manifest, '\n')
	im.Manifest, im.SHA256 = b.Manifest, sha256Hex(files[manifestFile])
	return im, writeBundle(ctx, c, files)
}

// writeBundle writes a bundle under a hidden name, opens it as a run would, and then puts it in its place.
func writeBundle(ctx context.Context, c ImportConfig, files map[string][]byte) error {
	hidden, err := os.MkdirTemp(filepath.Dir(c.To), "."+filepath.Base(c.To)+".")
	if err != nil {
		return err
	}
	defer os.RemoveAll(hidden)
	if err := os.Chmod(hidden, 0o755); err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(hidden, name), data, 0o644); err != nil {
			return err
		}
	}
	m, err := Open(ctx, Config{Bundle: hidden, Runtime: c.Runtime})
	if err != nil {
		return err
	}
	m.Close()
	return os.Rename(hidden, c.To)
}

// try has the model read the longest text that it may be given, fills in im.Probes and returns the golden texts.
func (im *Imported) try(ctx context.Context, b *Bundle) ([]byte, error) {
	m, err := b.load(im.Runtime)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	if err := b.rehearse(ctx, m); err != nil {
		return nil, err
	}
	var lines bytes.Buffer
	enc := json.NewEncoder(&lines)
	enc.SetEscapeHTML(false)
	for _, t := range importTexts {
		g := golden{Text: t.text}
		for _, a := range t.actors {
			s := goldenSubject{Actor: a[0], Name: a[1], Spans: [][2]int{}}
			if before, _, found := strings.Cut(t.text, a[2]); found && a[2] != "" {
				start := utf8.RuneCountInString(before)
				s.Spans = append(s.Spans, [2]int{start, start + utf8.RuneCountInString(a[2])})
			}
			g.Subjects = append(g.Subjects, s)
		}
		g.IDs = g.layOut(m)
		stances, err := m.Label(ctx, t.text, g.subjects())
		if err != nil {
			return nil, err
		}
		for _, s := range stances {
			var row [len(news.Labels)]float64
			for k, p := range s.P {
				row[k] = sixDigits(float64(p))
			}
			g.Probabilities = append(g.Probabilities, row)
		}
		if t.expected != "" {
			im.Probes = append(im.Probes, Probe{t.text, t.actors[0][1], t.expected, stances[0].P})
		}
		if err := enc.Encode(g); err != nil {
			return nil, err
		}
	}
	return lines.Bytes(), nil
}

// export is a folder as Hugging Face's tools write it.
type export struct {
	name   string // by which it calls itself, or else that of its folder
	files  map[string][]byte
	config struct {
		Name          string `json:"_name_or_path"`
		Type          string `json:"model_type"`
		Architectures []string
		Outputs       map[int]any `json:"id2label"`
		Positions     int         `json:"max_position_embeddings"`
		Padding       int         `json:"pad_token_id"`
	}
	tokenizer struct { // tokenizer_config.json, which may be missing
		Class          string  `json:"tokenizer_class"`
		MaxLength      float64 `json:"model_max_length"` // 1e30 where there is none
		Lowercase      *bool   `json:"do_lower_case"`
		StripAccents   *bool   `json:"strip_accents"`
		SpaceChinese   *bool   `json:"tokenize_chinese_chars"`
		AddPrefixSpace *bool   `json:"add_prefix_space"`
	}
}

const (
	configFile          = "config.json"
	tokenizerConfigFile = "tokenizer_config.json"
)

// readExport reads the files. Links are followed, of which Hugging Face's cache is made.
func readExport(folder string) (*export, error) {
	x := &export{files: make(map[string][]byte)}
	for _, f := range []struct {
		name  string
		paths []string
		cure  string
	}{
		{configFile, []string{configFile}, "name the folder of an ONNX export"},
		{tokenizerFile, []string{tokenizerFile}, "save the model's fast tokenizer there, by AutoTokenizer.from_pretrained(…, use_fast=True).save_pretrained(…)"},
		{modelFile, []string{modelFile, "onnx/" + modelFile}, "export the model to ONNX"},
		{tokenizerConfigFile, []string{tokenizerConfigFile}, ""},
	} {
		data, err := readFirst(folder, f.paths)
		switch {
		case errors.Is(err, os.ErrNotExist) && f.cure == "":
		case errors.Is(err, os.ErrNotExist):
			return nil, fmt.Errorf("it has no %s: %s", strings.Join(f.paths, " or "), f.cure)
		case err != nil:
			return nil, err
		default:
			x.files[f.name] = data
		}
	}
	if err := json.Unmarshal(x.files[configFile], &x.config); err != nil {
		return nil, fmt.Errorf("%s: %w", configFile, err)
	}
	if data, ok := x.files[tokenizerConfigFile]; ok {
		if err := json.Unmarshal(data, &x.tokenizer); err != nil {
			return nil, fmt.Errorf("%s: %w", tokenizerConfigFile, err)
		}
	}
	x.name = x.config.Name
	if path := filepath.ToSlash(x.name); path == "" || strings.HasPrefix(path, ".") || filepath.IsAbs(x.name) || strings.Count(path, "/") > 1 {
		place, err := filepath.Abs(folder) // what is no owner/name is a path on another machine
		if err != nil {
			return nil, err
		}
		x.name = filepath.Base(place)
	}
	return x, x.agree()
}

// readFirst reads the first of the files that is there.
func readFirst(folder string, names []string) (data []byte, err error) {
	for _, name := range names {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if info, err := os.Stat(path); err == nil && info.Size() > maxFileBytes {
			return nil, fmt.Errorf("%s is larger than %d bytes", name, maxFileBytes)
		}
		if data, err = os.ReadFile(path); errors.Is(err, os.ErrNotExist) {
			continue
		}
		if bytes.HasPrefix(data, []byte("version https://git-lfs")) {
			err = fmt.Errorf("%s only points to the file: fetch it with `git lfs pull`", name)
		}
		return data, err
	}
	return nil, err
}

// agree refuses a tokenizer.json that transformers would not use as it is: where the classes of BERT and RoBERTa find
// another setting in tokenizer_config.json, that one wins.
func (x *export) agree() error {
	var t struct {
		Normalizer struct {
			Type         string
			Lowercase    *bool
			StripAccents *bool `json:"strip_accents"`
			SpaceChinese *bool `json:"handle_chinese_chars"`
		}
		PreTokenizer struct {
			Type           string
			AddPrefixSpace *bool `json:"add_prefix_space"`
		} `json:"pre_tokenizer"`
	}
	if err := json.Unmarshal(x.files[tokenizerFile], &t); err != nil {
		return fmt.Errorf("%s: %w", tokenizerFile, err)
	}
	if x.tokenizer.Class == "PreTrainedTokenizerFast" {
		return nil
	}
	const bert, bytes = "BertNormalizer", "ByteLevel"
	for _, s := range []struct {
		name     string
		part     string
		said, is *bool
	}{
		{"do_lower_case", bert, x.tokenizer.Lowercase, t.Normalizer.Lowercase},
		{"strip_accents", bert, x.tokenizer.StripAccents, t.Normalizer.StripAccents},
		{"tokenize_chinese_chars", bert, x.tokenizer.SpaceChinese, t.Normalizer.SpaceChinese},
		{"add_prefix_space", bytes, x.tokenizer.AddPrefixSpace, t.PreTokenizer.AddPrefixSpace},
	} {
		if (s.part == t.Normalizer.Type || s.part == t.PreTokenizer.Type) && s.said != nil && (s.is == nil || *s.is != *s.said) {
			return fmt.Errorf("%s is %v in %s, but not in %s: save the tokenizer anew, by AutoTokenizer.from_pretrained(…).save_pretrained(…)",
				s.name, *s.said, tokenizerConfigFile, tokenizerFile)
		}
	}
	return nil
}

// bundle derives a bundle that lacks its card, its golden texts and its checksums. Outputs is what config.json calls what
// the manifest's labels name.
func (x *export) bundle(c ImportConfig) (b *Bundle, outputs []string, err error) {
	b = &Bundle{Folder: c.From, model: x.files[modelFile]}
	m := &b.Manifest
	m.Format, m.ID, m.Temperature = manifestFormat, c.ID, 1
	if m.ID == "" {
		m.ID = x.name
	}
	if c.MaxLength != 0 && c.MaxLength < minLength {
		return nil, nil, fmt.Errorf("%w: max_length %d is less than %d", ErrAsked, c.MaxLength, minLength)
	}
	m.MaxLength = x.maxLength(c.MaxLength)
	n, err := x.graph(m)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", modelFile, err)
	}
	if outputs, err = x.outputs(n); err != nil {
		return nil, nil, err
	}
	if m.Layout, m.Labels, err = c.labels(outputs); err != nil {
		return nil, nil, err
	}
	if err := c.question(m); err != nil {
		return nil, nil, err
	}
	if err := checkGraph(b.model, *m); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", modelFile, err)
	}
	if b.tok, err = newTokenizer(x.files[tokenizerFile]); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", tokenizerFile, err)
	}
	if b.layout, err = newLayout(*m, b.tok); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrAsked, err)
	}
	return b, outputs, nil
}

// maxLength is the least of what is asked for, the number of positions and the tokenizer's limit.
func (x *export) maxLength(asked int) int {
	n := asked
	if n == 0 {
		n = defaultMaxLength
	}
	if p := x.config.Positions; p > 0 {
		if slices.Contains(shiftedPositions, x.config.Type) {
			p -= x.config.Padding + 1
		}
		n = min(n, p)
	}
	if limit := x.tokenizer.MaxLength; limit >= 1 && limit < float64(n) {
		n = int(limit)
	}
	return n
}

// graph takes the names of the inputs and of the output from the model, and returns how long the output is, 0 where that
// is left open.
func (x *export) graph(m *Manifest) (n int, err error) {
	model := x.files[modelFile]
	if err := refuseExternal(modelMessage, model, 0); err != nil {
		return 0, err
	}
	ins, outs, err := graphValues(model)
	if err != nil {
		return 0, err
	}
	to := map[string]*string{"input_ids": &m.Inputs.IDs, "attention_mask": &m.Inputs.Mask, "token_type_ids": &m.Inputs.Types}
	for _, in := range ins {
		if to[in.name] == nil {
			return 0, fmt.Errorf("it wants the input %q: export it with input_ids, attention_mask and token_type_ids or some of them", in.name)
		}
		*to[in.name] = in.name
	}
	if m.Inputs.IDs == "" {
		return 0, fmt.Errorf("it has no input_ids, but %q", names(ins))
	}
	at := slices.IndexFunc(outs, func(v value) bool { return v.name == "logits" })
	if at < 0 && len(outs) == 1 {
		at = 0
	}
	if at < 0 {
		return 0, fmt.Errorf("none of its outputs %q is called logits: export it for sequence classification", names(outs))
	}
	m.Output = outs[at].name
	if shape := outs[at].shape; len(shape) == 2 {
		n = int(shape[1])
	}
	return n, nil
}

// outputs returns what config.json calls the outputs of a model that has n, or an unknown number where n is 0.
func (x *export) outputs(n int) ([]string, error) {
	named := x.config.Outputs
	if n == 0 {
		n = len(named)
	}
	if len(named) > 0 && len(named) != n {
		return nil, fmt.Errorf("%s has %d outputs, but id2label in %s names %d: they are of different models", modelFile, n, configFile, len(named))
	}
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("LABEL_%d", i) // as transformers does
		if len(named) > 0 {
			name, ok := named[i]
			if !ok {
				return nil, fmt.Errorf("id2label in %s names %d outputs, but not the one at %d", configFile, n, i)
			}
			all[i] = fmt.Sprint(name)
		}
	}
	return all, nil
}

// find returns the one output that means something, -1 where none or several do.
func (c ImportConfig) find(meaning string, outputs []string) int {
	asked, found := c.Labels[meaning], -1
	for i, name := range outputs {
		tidy := strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune(" _-", r) }), " ")
		if name == asked || asked == "" && slices.Contains(meanings[meaning], tidy) {
			if found >= 0 {
				return -1
			}
			found = i
		}
	}
	return found
}

// labels decides on the layout, and names the outputs as a manifest of that layout does.
func (c ImportConfig) labels(outputs []string) (layout string, labels []string, err error) {
	layout = c.Layout
	if layout == "" {
		layout = pairLayout
		if _, pair := c.Labels[string(news.Pro)]; !pair && c.find(entailment, outputs) >= 0 {
			layout = nliLayout
		}
	}
	var wanted []string
	switch layout {
	case pairLayout:
		if len(outputs) != len(news.Labels) {
			return "", nil, fmt.Errorf("its head has %d outputs (%s), but the layout pair needs one each for pro, anti and neutral: take a model of three labels or an entailment model",
				len(outputs), strings.Join(outputs, ", "))
		}
		for _, l := range news.Labels {
			wanted = append(wanted, string(l))
		}
		labels = make([]string, len(outputs))
	case nliLayout:
		wanted = []string{entailment}
		labels = slices.Clone(outputs)
	default:
		return "", nil, fmt.Errorf("%w: layout %q: what can be imported is %s and %s", ErrAsked, layout, pairLayout, nliLayout)
	}
	for _, asked := range slices.Sorted(maps.Keys(c.Labels)) {
		if !slices.Contains(wanted, asked) {
			return "", nil, fmt.Errorf("%w: labels say what %q is called: the layout %s wants that of %s", ErrAsked, asked, layout, strings.Join(wanted, ", "))
		}
	}
	for _, want := range wanted {
		at := c.find(want, outputs)
		if at < 0 || layout == pairLayout && labels[at] != "" {
			example := want + "=" + outputs[0]
			if layout == pairLayout {
				example = fmt.Sprintf("pro=%s,anti=%s,neutral=%s", outputs[0], outputs[1], outputs[2])
			}
			return "", nil, fmt.Errorf("%w: its outputs are called %s, and it is not clear which one means %s: say it, as in %s",
				ErrAsked, strings.Join(outputs, ", "), want, example)
		}
		labels[at] = want
	}
	return layout, labels, nil
}

// question says in m how the model is asked about an actor.
func (c ImportConfig) question(m *Manifest) error {
	if m.Layout == nliLayout {
		if c.Second != "" || len(c.Markers) > 0 {
			return fmt.Errorf("%w: the layout nli has no second text and no markers", ErrAsked)
		}
		m.NLI = &NLIManifest{Hypotheses: maps.Clone(defaultHypotheses)}
		for label, text := range c.Hypotheses {
			if !slices.Contains(news.Labels[:], label) {
				return fmt.Errorf("%w: a hypothesis is for pro, anti or neutral, not for %q", ErrAsked, label)
			}
			m.NLI.Hypotheses[label] = text
		}
		return nil
	}
	if len(c.Hypotheses) > 0 {
		return fmt.Errorf("%w: the layout pair has no hypotheses", ErrAsked)
	}
	m.Pair = &PairManifest{Second: c.Second, Markers: c.Markers}
	if c.Second == "" && len(c.Markers) == 0 {
		m.Pair.Second = actorField
	}
	return nil
}

// card is a MODEL.md for somebody to complete.
func (x *export) card(m Manifest, outputs []string) []byte {
	var b bytes.Buffer
	say := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	say("# %s\n\nImported from %q, an export of %s, by `stance model import`.\n\n## What it is\n\n", m.ID, x.name, strings.Join(append(x.config.Architectures, "model type "+x.config.Type), ", "))
	switch {
	case m.Layout == nliLayout:
		say("An entailment model (layout `nli`), asked of each paragraph and actor whether these follow:\n\n")
		for _, l := range news.Labels {
			say("- %s: %q\n", l, m.NLI.Hypotheses[l])
		}
	default:
		say("A classifier (layout `pair`) that reads each paragraph once per actor.")
		if m.Pair.Second != "" {
			say(" Behind the paragraph stands %q.", m.Pair.Second)
		}
		if len(m.Pair.Markers) > 0 {
			say(" Mentions stand between %q and %q.", m.Pair.Markers[0], m.Pair.Markers[1])
		}
		say("\n")
	}
	say("\nIt reads at most %d tokens at once. Its outputs, in their order:\n\n| the export's name | read as |\n| --- | --- |\n", m.MaxLength)
	for i, name := range outputs {
		say("| %s | %s |\n", name, m.Labels[i])
	}
	say("\n## How good it is\n\nNot yet measured: `stance eval` does. Its temperature was imported as 1 and its threshold as 0; `stance model calibrate` sets both.\n" +
		"The golden texts hold what this program answered when it imported the model: they show later damage, not a wrong import.\n\n" +
		"## Where it comes from\n\nLicence, training data and authors: not yet written down. (After an edit, put this file's new sha256 into stance.json.)\n\n| file of the export | sha256 |\n| --- | --- |\n")
	for _, name := range slices.Sorted(maps.Keys(x.files)) {
		say("| %s | %s |\n", name, sha256Hex(x.files[name]))
	}
	return b.Bytes()
}
