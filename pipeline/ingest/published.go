package ingest

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The years in which an article can have been published; a date outside them is a number that means something else.
const firstYear, lastYear = 1900, 2100

// published reads the date of an article as UTC. One that cannot be read is the zero time, and the article is kept: a wrong
// date would do more harm than none. A date without zone is taken as UTC.
func published(v any) time.Time {
	var t time.Time
	switch v := v.(type) {
	case time.Time:
		t = v
	case string:
		t = dateIn(cleanLine(v))
	case json.Number:
		t = unixTime(v.String())
	case int64:
		t = unixTime(strconv.FormatInt(v, 10))
	case int32:
		t = unixTime(strconv.FormatInt(int64(v), 10))
	case int:
		t = unixTime(strconv.Itoa(v))
	case float64:
		t = unixTime(strconv.FormatFloat(v, 'f', -1, 64))
	case map[string]any:
		return published(anyOf(v, "$date", "@value", "date"))
	case []any:
		if len(v) > 0 {
			return published(v[0])
		}
	}
	if t = t.UTC(); t.Year() < firstYear || t.Year() > lastYear {
		return time.Time{}
	}
	return t
}

// unixTime reads a count since 1970 in the unit that its size tells: seconds, milli-, micro- or nanoseconds.
func unixTime(s string) time.Time {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 1e8 || f >= 1e19 {
		return time.Time{}
	}
	whole, fraction, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		n, fraction = int64(f), ""
	}
	switch {
	case f < 1e11:
		nanos, _ := strconv.ParseInt((fraction + "000000000")[:9], 10, 64)
		return time.Unix(n, nanos)
	case f < 1e14:
		return time.UnixMilli(n)
	case f < 1e17:
		return time.UnixMicro(n)
	}
	return time.Unix(0, n)
}

// dates and clocks are the layouts that are tried, a clock after each date, once dateIn has evened out the rest.
var (
	dates = []string{
		"2006-1-2", "2006/1/2", "2006.1.2", "20060102", "2 January 2006", "2 Jan 2006", "January 2 2006", "Jan 2 2006", "2-Jan-2006", "2 Jan 06", "2-Jan-06",
	}
	clocks = []string{
		"", " 15:04:05 -0700", " 15:04:05", " 15:04 -0700", " 15:04", " 3:04 PM", " 3:04PM", " 3:04 PM -0700", " 3:04PM -0700", " 3:04:05 PM", " 3 PM", " 150405", " 150405 -0700",
	}
	ansi = []string{"Jan 2 15:04:05 2006", "Jan 2 15:04:05 -0700 2006"}
)

// compact are dates that are numbers. As seconds or milliseconds they would lie before 2001 or after 2030, if firstCompact is their
// first year; a count of our days would be of the year 1700 or so.
var compact = []string{"20060102150405", "200601021504", "2006010215"}

const firstCompact = 1990

// zones are the abbreviations that news in English carries, with their meaning there; Go would take any other as UTC.
var zones = map[string]string{
	"UTC": "+0000", "GMT": "+0000", "UT": "+0000", "Z": "+0000", "WET": "+0000", "BST": "+0100", "WEST": "+0100", "CET": "+0100",
	"CEST": "+0200", "EET": "+0200", "EEST": "+0300", "MSK": "+0300", "EST": "-0500", "EDT": "-0400", "ET": "-0500", "CST": "-0600",
	"CDT": "-0500", "MST": "-0700", "MDT": "-0600", "PST": "-0800", "PDT": "-0700",
}

var (
	dateNoise   = regexp.MustCompile(`(?i)^(published|updated|posted|last updated|date)\b[ :]*(on )?|\b(mon|tues?|wed(nes)?|thur?s?|fri|satur|sat|sun)(day)?\b\.?|\bat\b|[,|·•()]`)
	dateOrdinal = regexp.MustCompile(`(?i)\b(\d{1,2})(st|nd|rd|th)\b`)
	dateTime    = regexp.MustCompile(`(\d)T(\d)`)
	dateZone    = regexp.MustCompile(`(\d|[AaPp]\.?[Mm]\.?) ?(Z|[A-Z]{2,4}|[+-]\d\d:?\d\d|[+-]\d\d)( [A-Z]{3,4})?$`)
	dateHalf    = regexp.MustCompile(`(?i)(\d) ?([ap])\.?m\b\.?`)
	dateShort   = regexp.MustCompile(`(?i)\bsept\b\.?|\b[a-z]{3}\.`)
	dateSeconds = regexp.MustCompile(`(:\d\d)\.\d+`)
)

// maxDateBytes is the longest text that is searched for a date.
const maxDateBytes = 80

// dateIn reads a date as people and programs write it: RFC 3339, RFC 1123, "2 January 2025", "Jan. 2nd, 2025 at 3:04 p.m. ET",
// a number of seconds. Dates of numbers alone must begin with the year, since 3/4/2025 is two different days.
func dateIn(s string) time.Time {
	if len(s) == 0 || len(s) > maxDateBytes {
		return time.Time{}
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t
	}
	for _, layout := range compact {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= firstCompact {
			return t
		}
	}
	if t := unixTime(s); !t.IsZero() {
		return t
	}
	s = dateHalf.ReplaceAllString(s, "$1 ${2}M")
	s = dateNoise.ReplaceAllString(s, " ")
	s = dateOrdinal.ReplaceAllString(s, "$1")
	s = dateTime.ReplaceAllString(s, "$1 $2")
	s = dateSeconds.ReplaceAllString(s, "$1")
	s = dateShort.ReplaceAllStringFunc(s, func(month string) string { return month[:3] })
	s = strings.Join(strings.Fields(s), " ")
	s = strings.NewReplacer(" aM", " AM", " pM", " PM").Replace(s)
	if at := dateZone.FindStringSubmatchIndex(s); at != nil && strings.Contains(s, " ") {
		zone := s[at[4]:at[5]]
		switch known, ok := zones[zone]; {
		case zone == "AM" || zone == "PM":
			zone = ""
		case ok:
			zone = known
		case len(zone) == 3:
			zone += "00"
		}
		if zone != "" {
			s = strings.TrimSpace(s[:at[4]]) + " " + strings.ReplaceAll(zone, ":", "")
		}
	}
	for _, date := range dates {
		for _, clock := range clocks {
			if t, err := time.Parse(date+clock, s); err == nil {
				return t
			}
		}
	}
	for _, layout := range ansi {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}
