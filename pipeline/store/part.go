package store

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"
)

// DefaultPartRows is how many rows a part has at most: one row group, of the size that DuckDB gives its own.
const DefaultPartRows = 122_880

// pageBytes is what a page holds before compression. Larger pages compress better, since the paragraph is repeated for each
// of its actors; measured on 100,022 rows, in bytes of the file: 256 KiB 8.09 M, 1 MiB 7.61 M.
const pageBytes = 1 << 20

// rowsAtOnce is how many rows are made before they go to the Parquet writer, and come from the reader.
const rowsAtOnce = 1024

// sortArticles orders the articles of a part as its rows are to be ordered.
func sortArticles(articles []Labelled) {
	slices.SortFunc(articles, func(a, b Labelled) int {
		return cmp.Or(cmp.Compare(text(a.Article.Source), text(b.Article.Source)), cmp.Compare(text(a.Article.ID), text(b.Article.ID)))
	})
}

// writePart writes the rows of sorted articles as one Parquet file. Equal articles and provenance make equal bytes.
func writePart(w io.Writer, articles []Labelled, from provenance) error {
	p := parquet.NewGenericWriter[Row](w,
		parquet.Compression(&parquet.Zstd),
		parquet.MaxRowsPerRowGroup(DefaultPartRows),
		parquet.PageBufferSize(pageBytes),
		parquet.DataPageVersion(1),          // read by everything, the second version is not
		parquet.SkipPageBounds("paragraph"), // the least and greatest paragraph help no query and would fill the footer
		parquet.SkipPageStatistics("paragraph"),
		parquet.SortingWriterConfig(parquet.SortingColumns( // declares the order; making it is our part
			parquet.NullsFirst(parquet.Ascending("source")), parquet.Ascending("article_id"),
			parquet.Ascending("paragraph_index"), parquet.Ascending("actor_id"))),
		parquet.CreatedBy("stance", from.version, "parquet-go"),
		parquet.KeyValueMetadata("stance.format", strconv.Itoa(Format)),
		parquet.KeyValueMetadata("stance.version", from.version),
		parquet.KeyValueMetadata("stance.run_id", from.runID),
		parquet.KeyValueMetadata("stance.model_id", from.modelID),
		parquet.KeyValueMetadata("stance.model_sha256", from.modelSHA256),
		parquet.KeyValueMetadata("stance.actors_sha256", from.actorsSHA256),
		parquet.KeyValueMetadata("stance.begun", from.begun.Format(time.RFC3339Nano)),
	)
	buffer := make([]Row, 0, rowsAtOnce)
	flush := func() error {
		_, err := p.Write(buffer)
		buffer = buffer[:0]
		return err
	}
	for _, a := range articles {
		for row := range a.all(from) {
			if buffer = append(buffer, row); len(buffer) == rowsAtOnce {
				if err := flush(); err != nil {
					return fmt.Errorf("write rows: %w", err)
				}
			}
		}
	}
	if err := errors.Join(flush(), p.Close()); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	return nil
}

// readPart yields the rows of a part. The library is kept from ending the program over a damaged file.
func readPart(r io.ReaderAt, size int64) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		stopped := false
		err := guard(func() error {
			file, err := parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
			if err != nil {
				return err
			}
			if want, got := parquet.SchemaOf(Row{}).String(), file.Schema().String(); want != got {
				return fmt.Errorf("its columns are not those of the table:\n%s", got)
			}
			reader := parquet.NewGenericReader[Row](file)
			defer reader.Close()
			buffer := make([]Row, rowsAtOnce)
			for {
				n, err := reader.Read(buffer)
				for _, row := range buffer[:n] {
					if stopped = !yield(row, nil); stopped {
						return nil
					}
				}
				if err == io.EOF {
					return nil
				}
				if err != nil {
					return err
				}
				clear(buffer)
			}
		})
		if err != nil && !stopped {
			yield(Row{}, err)
		}
	}
}

// guard turns a panic of the Parquet library into an error.
func guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("not a Parquet file that can be read: %v", r)
		}
	}()
	return f()
}
