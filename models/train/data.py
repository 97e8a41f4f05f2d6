"""Labelled paragraphs as the network reads them: pieces, one mask per actor, labels; and the outside sets."""
import hashlib
import json
import random
import re

import torch

from prepare import documents
from tokenizer import AUTHOR, CLS, ENT, MASK, SEP, SPECIAL

LABELS = ["pro", "anti", "neutral"]
MAX_PIECES = 256


class Example:
    """One text: ids of its pieces (without special tokens), mentions as (actor, first, end) over pieces, a label per actor.

    An actor without mentions is read off [CLS], the author off [AUTHOR].
    """

    def __init__(self, ids, mentions, labels, actors, head="stance", prefix=(), key=None, genre=None):
        self.ids, self.mentions, self.labels, self.actors = ids, mentions, labels, actors
        self.head, self.prefix, self.key, self.genre = head, list(prefix), key, genre

    def build(self, other_names=None, rnd=random):
        """Returns ids and, per actor, the positions that its mask marks.

        With other_names, some actors' mentions become another's name or [ENT]; not in texts where mentions overlap.
        """
        mentions = sorted(self.mentions, key=lambda m: m[1:])
        swap = {}
        if other_names and all(a[2] <= b[1] for a, b in zip(mentions, mentions[1:])):
            for a in range(len(self.actors)):
                draw = rnd.random()
                swap[a] = None if draw < 0.2 else [ENT] if draw < 0.5 else rnd.choice(other_names)
        ids, at = [CLS, AUTHOR] + self.prefix + ([SEP] if self.prefix else []), 0
        masks = [[] for _ in self.actors]
        for a, first, end in mentions:
            new = swap.get(a)
            if new:
                ids += self.ids[at:first] + new
                at = end
                masks[a] += range(len(ids) - len(new), len(ids))
            else:
                ids += self.ids[at:max(at, end)]
                at = max(at, end)
                masks[a] += range(len(ids) - (at - first), len(ids) - (at - end))
        ids = (ids + self.ids[at:])[:MAX_PIECES - 1] + [SEP]
        for a, actor in enumerate(self.actors):
            masks[a] = [1] if actor == "author" else [i for i in masks[a] if i < len(ids) - 1] or [0]
        return ids, masks


def mentions(spans, offsets):
    """Turns [(actor, start, end)] over characters into the same over the pieces that they overlap."""
    out = []
    for a, start, end in spans:
        inside = [i for i, (s, e) in enumerate(offsets) if s < end and e > start]
        if inside:
            out.append((a, inside[0], inside[-1] + 1))
    return out


def ours(labelled, found, tok):
    """Joins a labelled set with the mentions that the pipeline finds in it (`stance actors find --json SET`).

    An actor that was found but has no gold label takes no side there (a place, an adjective): neutral. One that only the
    gold has cannot be read off the text by the pipeline and is left out; it counts as neutral when scoring. Paragraphs that
    nobody judged (around a contrast) are left out too.
    """
    gold, genre = {}, {}
    with open(labelled, encoding="utf-8") as f:
        for line in f:
            article = json.loads(line)
            genre[article["id"]] = article["genre"]
            for p in article["paragraphs"]:
                gold[article["id"], p["text"]] = p
    out = []
    with open(found, encoding="utf-8") as f:
        for line in f:
            article = json.loads(line)
            for p in article["paragraphs"]:
                g = gold.pop((article["id"], p["text"]), None)
                if g is None:
                    raise SystemExit(f"{found}: paragraph {p['index']} of {article['id']} is not in {labelled}: find the actors again")
                if "labels" not in g:
                    continue
                ids, offsets = tok.encode(p["text"])
                actors, labels, spans = [], [], []
                for s in p["subjects"]:
                    if s["actor"] not in g.get("optional", ()):
                        spans += [(len(actors), m["start"], m["end"]) for m in s["mentions"]]
                        actors.append(s["actor"])
                        labels.append(LABELS.index(g["labels"].get(s["actor"], "neutral")))
                if actors:
                    out.append(Example(ids, mentions(spans, offsets), labels, actors, key=(article["id"], p["index"]), genre=genre[article["id"]]))
    if gold:
        raise SystemExit(f"{labelled}: {len(gold)} paragraphs are not in {found}, first that of {next(iter(gold))}: find the actors again")
    return out


def silver(path, corpus, tok):
    """Labelled paragraphs of somebody else's texts, which are looked for by their checksums in the text files of the folder corpus."""
    with open(path, encoding="utf-8") as f:
        rows = {r["sha256"]: r for r in map(json.loads, f)}
    out, wanted = [], len(rows)
    for document in documents(corpus):
        for text in map(str.strip, document.split("\n")):
            r = rows.pop(hashlib.sha256(text.encode()).hexdigest(), None)
            if r:
                ids, offsets = tok.encode(text)
                spans = [(i, *s) for i, a in enumerate(r["actors"]) for s in a["spans"]]
                out.append(Example(ids, mentions(spans, offsets), [LABELS.index(a["label"]) for a in r["actors"]], [a["id"] for a in r["actors"]]))
    if rows:
        print(f"{len(rows)} of {wanted} silver paragraphs do not stand in {corpus}: it learns without them", flush=True)
    return out


def outside(path, tok, cap=4000, skip=("ruw_tweets", "pstance", "semeval2016")):
    """The outside stance and sentiment sets in one schema, at most cap rows of each source, every source with its own head; not tweets."""
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
            out.append(Example(ids, mentions(spans, offsets), [LABELS.index(r["label"])], ["author" if actor == "AUTHOR" else actor], source, prefix))
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


def collate(group, other_names=None, swap_share=0.0, drop=0.0, multiple=1, rnd=random):
    """Returns ids [B, T], mask [B, T], actors [B, A, T], labels [B, A] (-100 where there is no actor).

    T is rounded up to a multiple of `multiple`: with few different lengths training is an eighth faster on a processor.
    """
    built = [e.build(other_names if rnd.random() < swap_share else None, rnd) for e in group]
    t, a = max(len(ids) for ids, _ in built), max(len(m) for _, m in built)
    t = -(-t // multiple) * multiple
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
