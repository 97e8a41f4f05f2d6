package report

import (
	"bufio"
	"io"
	"strings"
)

// Table prints rows of cells under a heading, the first column aligned to the left and the others to the right.
func Table(w io.Writer, style Style, heading []string, rows [][]string) error {
	widths := make([]int, len(heading))
	for _, row := range append([][]string{heading}, rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], columns(Printable(cell)))
		}
	}
	out := bufio.NewWriter(w)
	for n, row := range append([][]string{heading}, rows...) {
		var b strings.Builder
		for i, cell := range row {
			cell = Printable(cell)
			gap := strings.Repeat(" ", widths[i]-columns(cell))
			if i == 0 {
				b.WriteString(cell + gap)
			} else {
				b.WriteString("  " + gap + cell)
			}
		}
		line := strings.TrimRight(b.String(), " ")
		if n == 0 {
			line = style.paint(bold, line)
		}
		out.WriteString(line + "\n")
	}
	return out.Flush()
}
