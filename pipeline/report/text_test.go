package report

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestPrintable(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain text stays", "Macron: “oui” — 5 €", "Macron: “oui” — 5 €"},
		{"an escape sequence becomes visible", "\x1b[31mred\x1b]0;title\a", "␛[31mred␛]0;title␇"},
		{"line breaks and tabs become spaces", "a\nb\r\tc\u2028d\u00a0e", "a b  c d e"},
		{"a one-byte control introducer becomes visible", "\u009b31m", "�31m"},
		{"text cannot be reordered", "a\u202etxt.exe", "a�txt.exe"},
		{"text cannot be hidden", "a\u200bb\ufeffc", "a�b�c"},
		{"joiners of scripts and emoji stay", "👩\u200d🚀", "👩\u200d🚀"},
		{"invalid bytes are replaced one by one", "a\xff\xfeb", "a��b"},
		{"rubout becomes visible", "a\x7f", "a␡"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Printable(test.in); got != test.want {
				t.Errorf("Printable(%q) = %q, want %q", test.in, got, test.want)
			}
		})
	}
}

func FuzzPrintable(f *testing.F) {
	for _, s := range []string{"", "a\x1b[2Jb", "\u202e", "\xff", "日本", "e\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Printable(s)
		if !utf8.ValidString(got) {
			t.Errorf("Printable(%q) = %q is not UTF-8", s, got)
		}
		if utf8.RuneCountInString(got) != utf8.RuneCountInString(s) {
			t.Errorf("Printable(%q) = %q moves offsets", s, got)
		}
		if i := strings.IndexFunc(got, unicode.IsControl); i >= 0 {
			t.Errorf("Printable(%q) = %q keeps a control character", s, got)
		}
		if again := Printable(got); again != got {
			t.Errorf("Printable(%q) = %q, the second time %q", s, got, again)
		}
		for n := range 12 {
			if c := columns(fit(got, n)); c != n && n > 0 {
				t.Errorf("fit(%q, %d) takes %d columns", got, n, c)
			}
		}
	})
}

func TestFit(t *testing.T) {
	tests := []struct {
		name, in string
		columns  int
		want     string
	}{
		{"short text is padded", "abc", 5, "abc  "},
		{"text of the length stays", "abcde", 5, "abcde"},
		{"long text ends in an ellipsis", "abcdef", 5, "abcd…"},
		{"a wide rune takes two columns", "日本語", 5, "日本…"},
		{"half a wide rune is never shown", "日本語", 4, "日… "},
		{"combining marks take none", "e\u0301te\u0301", 3, "e\u0301te\u0301"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := fit(test.in, test.columns); got != test.want {
				t.Errorf("fit(%q, %d) = %q, want %q", test.in, test.columns, got, test.want)
			}
		})
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -100: "-100", -123456: "-123,456"} {
		if got := Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}
