package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
)

// Every JSON document of a table is sealed: its last field is the sha256 of all bytes before it. So no byte of it can
// change unseen, and it stays plain JSON for everybody else.
const (
	sealOpen  = ",\n  \"sealed\": \""
	sealClose = "\"\n}\n"
	sealBytes = len(sealOpen) + 2*sha256.Size + len(sealClose)
)

var errSeal = errors.New("its seal does not match its content")

// seal is the document as it goes to the disk, and the hash that names it.
func seal(document any) (sealed []byte, sum string, err error) {
	b, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		return nil, "", fmt.Errorf("encode document: %w", err)
	}
	b = bytes.TrimSuffix(b, []byte("\n}"))
	sum = sumOf(b)
	return append(b, sealOpen+sum+sealClose...), sum, nil
}

// unseal checks the seal and decodes the document. Fields that it does not know are those of a later version of the
// same format and are left alone.
func unseal(sealed []byte, document any) (sum string, err error) {
	if len(sealed) <= sealBytes {
		return "", errSeal
	}
	body, end := sealed[:len(sealed)-sealBytes], sealed[len(sealed)-sealBytes:]
	sum = sumOf(body)
	if string(end) != sealOpen+sum+sealClose {
		return "", errSeal
	}
	if err := json.Unmarshal(sealed, document); err != nil {
		return "", fmt.Errorf("decode document: %w", err)
	}
	return sum, nil
}

// publishSealed seals a document and publishes it; see publish for what replace decides.
func (t *Table) publishSealed(name string, replace bool, document any) (sum string, err error) {
	sealed, sum, err := seal(document)
	if err != nil {
		return "", err
	}
	_, err = t.publish(filepath.Dir(name), replace, func(Digest) string { return filepath.Base(name) }, func(w io.Writer) error {
		_, err := w.Write(sealed)
		return err
	})
	return sum, err
}

// readSealed reads a document. A missing one is fs.ErrNotExist, a changed one ErrCorrupt.
func (t *Table) readSealed(name string, document any) (sum string, err error) {
	b, err := t.readFile(name)
	if err != nil {
		return "", err
	}
	if sum, err = unseal(b, document); err != nil {
		return "", fmt.Errorf("read %q: %w: %w", name, ErrCorrupt, err)
	}
	return sum, nil
}

func (t *Table) readFile(name string) ([]byte, error) {
	f, err := t.disk.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read file: %w", refusal(err))
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("read file %q: %w", name, err)
	}
	return b, nil
}

func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

func sumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
