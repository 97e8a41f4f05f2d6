#!/usr/bin/env python3
"""Scores the pipeline itself on a labelled set: what an analyst would get, not what the network alone could do.

    stance run --in SET --out DIR && stance export DIR --format jsonl | score.py SET

Prints macro-F1 given the gold actors (one that the finder missed counts as neutral), F1 of the pro and anti triples end to end,
precision of pro and anti at the bundle's threshold with its coverage, and the finder's precision and recall; 95 % intervals by
bootstrap over articles, 2,000 draws, seeded. Actors that the set marks as optional count for nothing.
"""
import json
import random
import sys

LABELS = ("pro", "anti", "neutral")


def share(a, b):
    return a / b if b else 0.0


def f1(hit, said, real):
    return 2 * hit / (said + real) if said + real else 0.0


def figures(articles):
    """articles: lists of (gold label or None, said label or None, abstained, is the author)."""
    pairs = [p for a in articles for p in a]
    out, scores = {}, []
    gold = [(g, s or "neutral") for g, s, _, _ in pairs if g]
    for label in LABELS:
        hit = sum(g == s == label for g, s in gold)
        scores.append(f1(hit, sum(s == label for _, s in gold), sum(g == label for g, _ in gold)))
    out["macro-F1 given gold actors"] = sum(scores) / 3
    for label, score in zip(LABELS, scores):
        out[f"  F1 {label}"] = score
    out["  accuracy"] = share(sum(g == s for g, s in gold), len(gold))
    sided = ("pro", "anti")
    hit = sum(g == s and s in sided for g, s, _, _ in pairs)
    said, real = sum(s in sided for _, s, _, _ in pairs), sum(g in sided for g, _, _, _ in pairs)
    out["F1 of pro and anti end to end"] = f1(hit, said, real)
    out["  precision"], out["  recall"] = share(hit, said), share(hit, real)
    sure = [(g, s) for g, s, abstained, _ in pairs if s in sided and not abstained]
    out["precision of pro and anti at the threshold"] = share(sum(g == s for g, s in sure), len(sure))
    out["  share of pro and anti rows that pass it"] = share(len(sure), said)
    found = [(g, s) for g, s, _, author in pairs if not author]
    out["actors: precision"] = share(sum(bool(g and s) for g, s in found), sum(bool(s) for _, s in found))
    out["actors: recall"] = share(sum(bool(g and s) for g, s in found), sum(bool(g) for g, _ in found))
    return out


def main():
    rows = {}
    for line in sys.stdin:
        r = json.loads(line)
        rows.setdefault((r["article_id"], r["paragraph"]), {})[r["actor_id"]] = (r["label"], r["abstained"])
    articles, paragraphs, absent, known = [], 0, 0, {article for article, _ in rows}
    with open(sys.argv[1], encoding="utf-8") as f:
        for line in f:
            a, pairs = json.loads(line), []
            absent += a["id"] not in known
            for p in a["paragraphs"]:
                labels = p.get("labels", {})  # none in paragraphs that are no part of the article
                said = rows.get((a["id"], p["text"]), {})
                paragraphs += 1
                for actor in sorted(set(said) | set(labels)):
                    if actor not in p.get("optional", ()):
                        label, abstained = said.get(actor, (None, False))
                        pairs.append((labels.get(actor), label, abstained, actor == "author"))
            articles.append(pairs)
    if absent == len(articles):
        raise SystemExit(f"{sys.argv[1]}: the table has rows of none of its {absent} articles: label this very file, so that the ids are the same")
    if absent:
        print(f"{absent} articles are not in the table: all their actors count as missed", file=sys.stderr)
    point, rnd = figures(articles), random.Random(0)
    draws = [figures(rnd.choices(articles, k=len(articles))) for _ in range(2000)]
    print(f"{sys.argv[1]}: {len(articles)} articles, {paragraphs} paragraphs, {sum(g is not None for a in articles for g, *_ in a)} gold pairs")
    for name, value in point.items():
        spread = sorted(d[name] for d in draws)
        print(f"{name:46} {value:.3f}  ({spread[50]:.3f} - {spread[1949]:.3f})")


if __name__ == "__main__":
    main()
