package store

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
	"github.com/pierrec/lz4/v4"
)

// maxPageBytes is the most that a page may take when it is decompressed. Writers make pages of about 1 MiB, but never
// cut a value in two.
const maxPageBytes = 256 << 20

// freeValues is how many values a column may have beyond one for each byte of the file. Repetition costs next to nothing
// in this format, so that a hundred bytes can claim a billion rows; articles do not repeat.
const freeValues = 1 << 16

var errTooMuch = errors.New("it holds more than its header says")

// checkFooter makes sure that the footer is not longer than the file: the library would make room for it.
func checkFooter(in io.ReaderAt, size int64) error {
	var tail [8]byte // the length, little endian, and "PAR1"
	if size < int64(2*len("PAR1")+len(tail)) {
		return fmt.Errorf("%d bytes are no Parquet file", size)
	}
	if _, err := in.ReadAt(tail[:], size-int64(len(tail))); err != nil {
		return fmt.Errorf("read the end of the file: %w", err)
	}
	if n := int64(binary.LittleEndian.Uint32(tail[:])); n > size-int64(len(tail)) {
		return fmt.Errorf("its footer claims %d bytes of %d", n, size)
	}
	return nil
}

// checkPages walks over the pages of a row group before the library sees them: it takes the sizes in their headers at
// their word, and decompresses without a bound, so that a broken file of a few bytes could ask for gigabytes.
func (r *Records) checkPages(group int) error {
	metadata := r.file.Metadata()
	for i, chunk := range metadata.RowGroups[group].Columns {
		codec := metadata.RowGroups[0].Columns[i].MetaData.Codec // the library takes the first group's for all
		if err := r.checkChunk(chunk.MetaData, codec); err != nil {
			return fmt.Errorf("column %d: %w", i, err)
		}
	}
	return nil
}

func (r *Records) checkChunk(m format.ColumnMetaData, codec format.CompressionCodec) error {
	at := m.DataPageOffset
	if m.DictionaryPageOffset > 0 {
		at = m.DictionaryPageOffset
	}
	end := at + m.TotalCompressedSize
	if at < 0 || end < at || end > r.size {
		return fmt.Errorf("bytes %d to %d lie outside of the file", at, end)
	}
	in := bufio.NewReader(nil)
	values := int64(0)
	for at < end {
		rest := io.NewSectionReader(r.in, at, end-at)
		in.Reset(rest)
		var header format.PageHeader
		if err := thrift.NewDecoder(new(thrift.CompactProtocol).NewReader(in)).Decode(&header); err != nil {
			return fmt.Errorf("read page header: %w", err)
		}
		read, _ := rest.Seek(0, io.SeekCurrent) // of a section it is only asked, and cannot fail
		at += read - int64(in.Buffered())
		size := int64(header.CompressedPageSize)
		if size < 0 || size > end-at || header.UncompressedPageSize > r.maxPage {
			return fmt.Errorf("a page claims %d bytes, of which %d are there, and %d when decompressed", size, end-at, header.UncompressedPageSize)
		}
		if values += count(header); values > r.size+freeValues {
			return fmt.Errorf("it claims %d values, in a file of %d bytes", values, r.size)
		}
		if err := checkBody(io.NewSectionReader(r.in, at, size), header, codec); err != nil {
			return err
		}
		at += size
	}
	return nil
}

func count(h format.PageHeader) int64 {
	return int64(max(h.DataPageHeader.V.NumValues, h.DataPageHeaderV2.V.NumValues, h.DictionaryPageHeader.V.NumValues))
}

// checkBody makes sure that a page holds no more than it claims.
func checkBody(body *io.SectionReader, header format.PageHeader, codec format.CompressionCodec) error {
	if v2 := header.DataPageHeaderV2; v2.Valid { // its levels come first and are not compressed
		if v2.V.IsCompressed.Valid && !v2.V.IsCompressed.V {
			return nil
		}
		levels := int64(v2.V.RepetitionLevelsByteLength) + int64(v2.V.DefinitionLevelsByteLength)
		if levels < 0 || levels > body.Size() {
			return fmt.Errorf("a page of %d bytes claims levels of %d", body.Size(), levels)
		}
		body = io.NewSectionReader(body, levels, body.Size()-levels)
	}
	if err := fits(body, codec, int64(header.UncompressedPageSize)); err != nil {
		return fmt.Errorf("decompress page of %d bytes to %d: %w", body.Size(), header.UncompressedPageSize, err)
	}
	return nil
}

// fits decompresses as far as it must to know that no more than limit bytes come out.
func fits(body *io.SectionReader, codec format.CompressionCodec, limit int64) (err error) {
	var plain io.Reader
	switch codec {
	case format.Uncompressed:
		return nil
	case format.Snappy, format.Lz4Raw:
		return blockFits(body, codec, limit)
	case format.Gzip:
		plain, err = gzip.NewReader(body)
	case format.Brotli:
		plain = brotli.NewReader(body)
	case format.Zstd:
		var d *zstd.Decoder
		d, err = zstd.NewReader(body, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxPageBytes))
		if err == nil {
			defer d.Close()
		}
		plain = d
	default:
		return fmt.Errorf("compression %s is not known", codec)
	}
	if err != nil {
		return err
	}
	n, err := io.Copy(io.Discard, io.LimitReader(plain, limit+1))
	if n > limit {
		return errTooMuch
	}
	return err
}

// blockFits does the same for the compressions that know blocks and no streams.
func blockFits(body *io.SectionReader, codec format.CompressionCodec, limit int64) error {
	block, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	if codec == format.Lz4Raw {
		_, err := lz4.UncompressBlock(block, make([]byte, limit))
		return err
	}
	n, err := snappy.DecodedLen(block)
	if err == nil && int64(n) > limit {
		return errTooMuch
	}
	return err
}
