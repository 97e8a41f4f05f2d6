package stance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
)

// Recalibrate gives a bundle another temperature and threshold. The probabilities of its golden texts follow from the old ones, since
// those are exp(logit/temperature) up to a factor. The bundle is sound before and after; between its two files' renames it is refused.
func Recalibrate(ctx context.Context, folder string, temperature, threshold float64) error {
	b, err := ReadBundle(ctx, folder)
	if err != nil {
		return err
	}
	power := b.Temperature / temperature
	b.Temperature, b.Threshold = temperature, threshold
	if err := b.Manifest.validate(); err != nil {
		return fmt.Errorf("calibrate bundle %q: %w", folder, err)
	}
	var text bytes.Buffer
	lines := json.NewEncoder(&text)
	lines.SetEscapeHTML(false)
	for _, g := range b.golden {
		for i, p := range g.Probabilities {
			sum := 0.0
			for k := range p {
				p[k] = math.Pow(p[k], power)
				sum += p[k]
			}
			for k := range p {
				g.Probabilities[i][k] = sixDigits(p[k] / sum)
			}
		}
		if err := lines.Encode(g); err != nil {
			return err
		}
	}
	b.Files[goldenFile] = sha256Hex(text.Bytes())
	manifest, err := json.MarshalIndent(b.Manifest, "", "  ")
	if err != nil {
		return err
	}
	if err := replaceFile(filepath.Join(folder, goldenFile), text.Bytes()); err != nil {
		return err
	}
	return replaceFile(filepath.Join(folder, manifestFile), append(manifest, '\n'))
}

// replaceFile writes a file under a hidden name, which a bundle may hold, and then puts it in the place of the old one.
func replaceFile(path string, data []byte) error {
	hidden := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".new")
	if err := os.WriteFile(hidden, data, 0o644); err != nil {
		return err
	}
	return os.Rename(hidden, path)
}
