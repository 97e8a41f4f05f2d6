package ingest

import (
	"strings"
	"testing"
)

func TestFurnitureIsToldByItsWording(t *testing.T) {
	cases := map[cue][]string{
		actionCue: {"Share", "Copy link", "Skip to main content", "Facebook", "· · ·", "reporter@example.com", "https://example.com/a", "Print this article"},
		timeCue:   {"12 February 2026", "Thu 12 Feb 2026 18.41 GMT", "3 min read", "Updated 2 hours ago", "February 12, 2026 at 6:41 p.m. EST", "12.02.2026"},
		bylineCue: {"By Ida Lund", "By IDA LUND and BO FROST", "Political correspondent", "Ida Lund in Copenhagen", "Ida Lund, Bo Frost and Eva Holm", "Edited by: Roland Speck", "Reporting by Ida Lund; Editing by Bo Frost"},
		labelCue:  {"Analysis | Europe", "Home > World > Europe", "• Long reads"},
		creditCue: {"Top image credit: harbour (shutterstock/M. Lind)", "Photograph: Ida Lund/EPA", "Getty Images", "© Sergey Belov/TASS", "View image in fullscreen",
			"Soldiers march in Paris on July 14, 2025. (Luc Perrin/AFP via Getty Images)", "FILE - A soldier stands guard in Lviv.", "In this photo provided by the ministry, two men shake hands.",
			"President Zelensky at a briefing in Kyiv. (President's Office)", "[1/2]Soldiers attend a ceremony. REUTERS/Kacper Zielony"},
		appealCue: {"Sign up for our newsletter", "Please consider a tax-deductible donation to keep our reporters going.", "We use cookies on this website. See our privacy policy.",
			"The Daily Example. All rights reserved.", "Follow our channel on Telegram", "Already a subscriber? Log in", "Do you have a story to tell? Email us"},
		noticeCue:   {"Additional reporting by Ida Lund", "This article was first published in The Daily Example.", "The views expressed here are the author's own.", "Editor's note: this story has changed."},
		bioCue:      {"Ida Lund is a reporter for The Daily Example.", "Tobias Lund teaches strategy at the University of Aarhus.", "Eva van der Holm is a senior fellow at an institute."},
		adCue:       {"Advertisement", "ADVERTISEMENT", "Story continues below", "Sponsored"},
		teaserCue:   {"Read more: another story", "Related articles", "READ NEXT", "Watch: the moment it happened", "Read more", "More on this story"},
		continueCue: {"Keep reading", "keep readingShow less", "Continue reading"},
		commentCue:  {"Reply", "Report abuse"},
		endCue:      {"Most read", "Comments (12)", "About the author", "Latest news", "Tags", "Top stories", "Editors’ Picks"},
	}
	for want, lines := range cases {
		for _, text := range lines {
			if got := readLine(text).cue; got != want {
				t.Errorf("%q: got cue %d, want %d", text, got, want)
			}
		}
	}
}

// Words that furniture uses stand in the news as well.
func TestNewsIsNotTakenForFurniture(t *testing.T) {
	for _, text := range []string{
		"Ukraine wants to become a member of NATO.",
		"Finland is already a member of the alliance.",
		"We must support our allies.",
		"Poland will support US troops in the region.",
		"Berlin would follow US policy, the chancellor said.",
		"Russia is losing 30,000 soldiers per month.",
		"They crossed the border without permission.",
		"The report will not be published.",
		"Ministers were to sign in Paris on Thursday.",
		"Kyiv asked its partners to sign up to the plan.",
		"The terms and conditions of the truce are unclear.",
		"There was an error in the calculation.",
		"“No,” he said.",
		"“You can follow us or you can leave,” she told them.",
		"The minister told Reuters that no decision had been taken.",
		"WARSAW, March 3 (Reuters) - Poland will not send soldiers to Ukraine, its prime minister said on Tuesday.",
		"In other news related to the war:",
		"The draft says:",
		"What happens next?",
		"What comes next",
		"Summary of the day",
		"Popular support",
		"Sources of tension",
		"About the force",
		"1. The numbers",
		"• Lithuania: parliament voted to allow 250 soldiers to be sent.",
		"Latest move raises the stakes for Kyiv",
		"Sharing the burden",
		"From the State Department:",
	} {
		if got := readLine(text).cue; got != noCue {
			t.Errorf("%q: got cue %d, want none", text, got)
		}
	}
}

func TestPhrasesAreWholeWords(t *testing.T) {
	list := phraseList(`^most read*; reply$; privacy policy; subscrib*; ^ad$`)
	cases := []struct {
		text string
		want bool
	}{
		{"Most read in politics", true}, {"Most readers", true}, {"The most read", false},
		{"Log in to reply", true}, {"Reply to Ann", false},
		{"our Privacy  Policy.", true}, {"privacy policies", false},
		{"unsubscribed", false}, {"Subscribing", true},
		{"Ad", true}, {"Ad hoc", false}, {"", false},
	}
	for _, c := range cases {
		if got := list.in(wordsOf(c.text)); got != c.want {
			t.Errorf("%q: got %v, want %v", c.text, got, c.want)
		}
	}
	if got := wordsOf("Don’t tell US, tell us"); got != " dont tell usa tell usa " {
		t.Errorf("got %q", got)
	}
}

// A page of any size is read in a time that grows with its length.
func TestMonstrousPagesAreStillRead(t *testing.T) {
	sentence := "Denmark is ready to send a battalion to Ukraine once a ceasefire holds, its defence minister said on Thursday. "
	for name, text := range map[string]string{
		"a line of a megabyte":        strings.Repeat(sentence, 1<<20/len(sentence)),
		"five thousand empty teasers": strings.Repeat("Read more\nSome title of something\n", 2_500),
		"twenty thousand short lines": strings.Repeat("a\n", 20_000),
		"one paragraph over and over": strings.Repeat(sentence+"\n", 1_000),
		"a megabyte of one word":      strings.Repeat("word", 1<<18),
		"a megabyte of full stops":    strings.Repeat(".", 1<<20),
		"a megabyte of brackets":      strings.Repeat("(", 1<<20),
	} {
		t.Run(name, func(t *testing.T) { checkParagraphs(t, parsePage(text).paragraphs) })
	}
}
