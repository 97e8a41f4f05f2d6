package ingest

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

const (
	bufferBytes = 64 << 10
	// maxWindowBytes is what one zstd frame may ask to be held in memory: as much as the zstd tool itself grants.
	maxWindowBytes = 128 << 20
)

// source is an open input as the formats see it: unpacked, and in UTF-8 where it was UTF-16. Any error of its reader other
// than io.EOF is final.
type source struct {
	*bufio.Reader
	file   *os.File // the file underneath; nil for standard input
	size   int64    // of that file
	packed bool     // it came compressed
	zstd   *zstd.Decoder
	pos    int64  // bytes consumed so far by line and skip
	long   []byte // a line that is longer than the buffer

	trailing int64 // compressed bytes found behind the last gzip member that belong to none
}

// open opens an input as it was listed.
func (r *reader) open(in Input) (*source, error) {
	if in.Path == stdinPath {
		return r.unpack(&source{}, &verified{ctx: r.ctx, r: r.Stdin, hashed: in.SHA256 != ""})
	}
	f, size, err := openFile(in.Path)
	if err != nil {
		if errors.Is(err, errFolder) { // List names a folder only where it may not look into it
			if _, denied := os.ReadDir(in.Path); denied != nil {
				err = denied
			}
		}
		if in.SHA256 != "" {
			return nil, faultOr(Unreadable, "cannot open it", err)
		}
		return nil, reject(Unreadable, "cannot open it: %v", err)
	}
	src, err := &source{file: f, size: size}, error(nil)
	switch {
	case in.SHA256 == "":
		err = reject(Changed, "it could not be read when the inputs were listed")
	case size != in.Bytes:
		err = reject(Changed, "it had %d bytes when the inputs were listed and has %d now", in.Bytes, size)
	default:
		src, err = r.unpack(src, &verified{ctx: r.ctx, r: io.LimitReader(f, size), hashed: true, hash: sha256.New(), want: in.SHA256})
	}
	if err != nil {
		f.Close()
	}
	return src, err
}

// Close closes the file and frees what its decompressor holds.
func (s *source) Close() {
	if s.zstd != nil {
		s.zstd.Close()
	}
	if s.file != nil {
		s.file.Close()
	}
}

// unpack puts the readers in a row: the file, its decompressor where its first bytes (not its name) say so, the guard, and
// the conversion from UTF-16.
func (r *reader) unpack(s *source, in *verified) (*source, error) {
	s.Reader = bufio.NewReaderSize(in, bufferBytes)
	head, err := s.Peek(4)
	if len(head) == 0 {
		return nil, orEmpty(err, "the file has no bytes")
	}
	var unpacked io.Reader
	switch {
	case head[0] == gzipMagic[0] && len(head) > 1 && head[1] == gzipMagic[1]:
		unpacked, err = newMembers(s.Reader, &s.trailing)
	case string(head) == "\x28\xb5\x2f\xfd", len(head) == 4 && head[0]&0xf0 == 0x50 && string(head[1:]) == "\x2a\x4d\x18": // or a skippable frame
		s.zstd, err = zstd.NewReader(s.Reader, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindowBytes))
		unpacked = s.zstd
	default:
		err = nil
	}
	if err != nil {
		return nil, err
	}
	if unpacked != nil {
		s.packed = true
		guarded := &guard{r: unpacked, in: &in.read, free: int64(r.MaxRecordBytes / 2), ratio: int64(r.MaxExpansion)}
		s.Reader = bufio.NewReaderSize(guarded, bufferBytes)
	}
	head, err = s.Peek(1024)
	if len(head) == 0 {
		return nil, orEmpty(err, "nothing is in it once it is unpacked")
	}
	if order, found := utf16Order(head); found && !bytes.HasPrefix(head, []byte(parquetMagic)) { // offsets then count bytes of UTF-8
		s.Reader = bufio.NewReaderSize(transform.NewReader(s.Reader, unicode.UTF16(order, unicode.UseBOM).NewDecoder()), bufferBytes)
	}
	if head, _ = s.Peek(len(byteOrderMark)); string(head) == byteOrderMark {
		s.skip(len(byteOrderMark))
	}
	return s, nil
}

const gzipMagic = "\x1f\x8b\x08" // with the only method there is

// members reads one gzip member after the other. Unlike gzip.Reader, which fails there and may call the file truncated, it
// takes bytes behind a complete member that begin no other for what they are: the data is whole, so it ends well, and they are
// counted. Zeros are padding, as tapes and block devices have it, and are not.
type members struct {
	packed   *bufio.Reader
	member   *gzip.Reader
	trailing *int64
}

func newMembers(packed *bufio.Reader, trailing *int64) (*members, error) {
	member, err := gzip.NewReader(packed)
	if err != nil {
		return nil, err
	}
	member.Multistream(false)
	return &members{packed, member, trailing}, nil
}

func (m *members) Read(p []byte) (n int, err error) {
	for n == 0 {
		if n, err = m.member.Read(p); err != io.EOF {
			return n, err
		}
		head, end := m.packed.Peek(len(gzipMagic))
		switch {
		case len(head) == 0:
			return n, end
		case !strings.HasPrefix(gzipMagic, string(head)):
			return n, m.passOver()
		}
		if err = m.member.Reset(m.packed); err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return n, err
		}
		m.member.Multistream(false)
	}
	return n, nil
}

// passOver reads to the end of the file, so that all of it is verified.
func (m *members) passOver() error {
	padding := true
	for n := int64(1); ; n++ {
		b, err := m.packed.ReadByte()
		if err != nil {
			return err
		}
		if padding = padding && b == 0; !padding {
			*m.trailing = n
		}
	}
}

func orEmpty(err error, detail string) error {
	if err == io.EOF {
		return reject(Empty, "%s", detail)
	}
	return err
}

const byteOrderMark = "\uFEFF"

// utf16Order recognises UTF-16 by its byte order mark or, since articles are mostly ASCII, by every other byte being zero.
func utf16Order(head []byte) (order unicode.Endianness, found bool) {
	if len(head) < 2 {
		return order, false
	}
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	half := len(head) / 2
	switch {
	case head[0] == 0xff && head[1] == 0xfe, zeros[1] > half*6/10 && zeros[0] <= half/20:
		return unicode.LittleEndian, true
	case head[0] == 0xfe && head[1] == 0xff, zeros[0] > half*6/10 && zeros[1] <= half/20:
		return unicode.BigEndian, true
	}
	return order, false
}

// verified is the file itself: it counts what is read and, at the end, fails unless that was what List had hashed.
type verified struct {
	ctx    context.Context
	r      io.Reader
	read   int64
	hashed bool      // it has been read to its end before
	hash   hash.Hash // nil for standard input
	want   string
}

func (v *verified) Read(p []byte) (int, error) {
	if err := v.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := v.r.Read(p)
	v.read += int64(n)
	if v.hash != nil {
		v.hash.Write(p[:n])
	}
	switch {
	case err == nil:
	case !errors.Is(err, io.EOF) && v.hashed:
		err = faultOr(Unreadable, "reading stopped", err)
	case !errors.Is(err, io.EOF):
		err = reject(Unreadable, "reading stopped: %v", err)
	case v.hash != nil && hex.EncodeToString(v.hash.Sum(nil)) != v.want:
		err = reject(Changed, "its bytes are not those that were there when the inputs were listed")
	}
	return n, err
}

// guard stops a bomb: compressed data that gives out ratio times what went in, once it has given out the free bytes.
type guard struct {
	r     io.Reader
	in    *int64
	out   int64
	free  int64
	ratio int64
}

func (g *guard) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	g.out += int64(n)
	if g.out > g.free && g.out/g.ratio > *g.in {
		return n, reject(Bomb, "%d compressed bytes unpack to more than %d", *g.in, g.out)
	}
	return n, err
}

// skip consumes n bytes that were peeked at.
func (s *source) skip(n int) {
	n, _ = s.Discard(n)
	s.pos += int64(n)
}

// line returns the next line with its end, valid until the next call. A line over max bytes comes back as tooLarge, having
// been passed over without being held.
func (s *source) line(max int) (line []byte, tooLarge bool, err error) {
	s.long = s.long[:0]
	for {
		chunk, err := s.ReadSlice('\n')
		s.pos += int64(len(chunk))
		if tooLarge = tooLarge || len(s.long)+len(chunk) > max; !tooLarge {
			if len(s.long) == 0 && err == nil {
				return chunk, false, nil
			}
			s.long = append(s.long, chunk...)
		}
		switch {
		case err == nil:
			return s.long, tooLarge, nil
		case err == bufio.ErrBufferFull:
		case err == io.EOF && (tooLarge || len(s.long) > 0):
			return s.long, tooLarge, nil
		default:
			return nil, false, err
		}
	}
}
