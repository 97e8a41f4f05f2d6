"""Labelled paragraphs as the network reads them: pieces, one mask per actor, labels; and the auxiliary sets."""
import json
import os
import random
import re

import torch

from tokenizer import AUTHOR, CLS, ENT, MASK, SEP, SPECIAL

LABELS = ["pro", "anti", "neutral"]
MAX_PIECES = 256


class Example:
    """One text: ids of its pieces (without special tokens), mentions as (actor, first, end) over pieces, a label per actor.

    Actor 0 is the author in our own set; elsewhere an actor may have no mention and is then read off [CLS].
    """

    def __init__(self, ids, mentions, labels, actors, head="stance", prefix=(), key=None):
        self.ids, self.mentions, self.labels, self.actors = ids, mentions, labels, actors
        self.head, self.prefix, self.key = head, list(prefix), key

    def build(self, other_names=None, rnd=random):
        """Returns ids and masks. With other_names, each actor's mentions become another's name or [ENT] at random."""
        swap = {}
        if other_names:
            for a in range(len(self.actors)):
                draw = rnd.random()
                swap[a] = None if draw < 0.2 else [ENT] if draw < 0.5 else rnd.choice(other_names)
        ids, at = [CLS, AUTHOR] + self.prefix + ([SEP] if self.prefix else []), 0
        masks = [[] for _ in self.actors]
        for a, first, end in self.mentions:
            ids += self.ids[at:first]
            new = swap.get(a) or self.ids[first:end]
            masks[a] += range(len(ids), len(ids) + len(new))
            ids += new
            at = end
        ids = (ids + self.ids[at:])[:MAX_PIECES - 1] + [SEP]
        for a, actor in enumerate(self.actors):
            masks[a] = [1] if actor == "author" else [i for i in masks[a] if i < len(ids) - 1] or [0]
        return ids, masks


def _mentions(spans, offsets):
    """Turns [(actor, start, end)] over characters into the same over pieces, in order and without overlap."""
    out, last = [], 0
    for a, start, end in sorted(spans, key=lambda s: s[1:]):
        inside = [i for i, (s, e) in enumerate(offsets) if s < end and e > start]
        if inside and inside[0] >= last:
            out.append((a, inside[0], inside[-1] + 1))
            last = inside[-1] + 1
    return out


def ours(path, tok):
    """Reads the output of `stance actors find --json` over a labelled set: gold labels beside the mentions that were found.

    An actor that was found but has no gold label takes no side there (a place, an adjective): neutral. One that only the
    gold has cannot be read off the text by the pipeline and is left out; it counts as neutral when scoring.
    """
    out = []
    with open(path, encoding="utf-8") as f:
        for line in f:
            article = json.loads(line)
            for p in article["paragraphs"]:
                gold, optional = p.get("labels") or {}, p.get("optional") or []
                ids, offsets = tok.encode(p["text"])
                actors, labels, spans = [], [], []
                for s in p["subjects"]:
                    if s["actor"] in optional:
                        continue
                    spans += [(len(actors), m["start"], m["end"]) for m in s.get("mentions") or []]
                    actors.append(s["actor"])
                    labels.append(LABELS.index(gold.get(s["actor"], "neutral")))
                if actors:
                    out.append(Example(ids, _mentions(spans, offsets), labels, actors, key=(article["id"], p["index"])))
    return out


def auxiliary(path, tok, cap=4000, skip=("ruw_tweets",)):
    """The outside stance and sentiment sets in one schema, at most cap rows of each source, every source with its own head."""
    by_source = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            r = json.loads(line)
            if r["split"] == "train" and r["src"] not in skip:
                by_source.setdefault(r["src"], []).append(r)
    out = []
    for source, rows in sorted(by_source.items()):
        random.Random(0).shuffle(rows)
        for r in rows[:cap]:
            ids, offsets = tok.encode(r["text"])
            sentiment = r["kind"] == "news_target_sentiment"
            actor = r["actor"]
            if sentiment and (actor == "AUTHOR" or actor not in r["text"]):
                actor = r["target"]
            spans = [(0, m.start(), m.end()) for m in re.finditer(re.escape(actor), r["text"])] if actor != "AUTHOR" else []
            prefix = [] if sentiment else tok.ids(r["target"])[:24]
            out.append(Example(ids, _mentions(spans, offsets), [LABELS.index(r["label"])], ["author" if actor == "AUTHOR" else actor], source, prefix))
    return out


def batches(examples, size, rnd=None):
    """Groups examples of near-equal length and one head; shuffled when rnd is given."""
    noise = (lambda: rnd.random() * 16) if rnd else (lambda: 0)
    order = sorted(examples, key=lambda e: (e.head, len(e.ids) + noise()))
    groups, group = [], []
    for e in order:
        if group and (len(group) == size or group[0].head != e.head):
            groups.append(group)
            group = []
        group.append(e)
    groups.append(group)
    if rnd:
        rnd.shuffle(groups)
    return groups


def collate(group, other_names=None, swap_share=0.0, drop=0.0, rnd=random):
    """Returns ids [B, T], mask [B, T], actors [B, A, T], labels [B, A] (-100 where there is no actor)."""
    built = [e.build(other_names if rnd.random() < swap_share else None, rnd) for e in group]
    t, a = max(len(ids) for ids, _ in built), max(len(m) for _, m in built)
    ids, mask = torch.zeros(len(group), t, dtype=torch.long), torch.zeros(len(group), t, dtype=torch.long)
    actors, labels = torch.zeros(len(group), a, t, dtype=torch.long), torch.full((len(group), a), -100)
    for i, (e, (x, masks)) in enumerate(zip(group, built)):
        ids[i, :len(x)] = torch.tensor(x)
        mask[i, :len(x)] = 1
        for j, at in enumerate(masks):
            actors[i, j, at] = 1
            labels[i, j] = e.labels[j]
    if drop:
        ids = ids.masked_fill((torch.rand(ids.shape) < drop) & (ids >= len(SPECIAL)), MASK)
    return ids, mask, actors, labels
