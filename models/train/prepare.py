"""Turns raw text into what pretraining reads: a vocabulary, token ids (nearest to the domain first) and word-piece vectors.

    prepare.py --corpus DIR --work DIR [--labelled train.jsonl] [--vocab 12288]

Input: every *.txt and *.txt.xz in DIR, a paragraph a line, an empty line between documents; and the text of the labelled set
that the model will be trained on, whose words (those of 2025 and 2026) the others lack. A tokenizer.json that is in --work already is kept.
Output in --work: tokenizer.json, ids.npy (uint16, documents joined by [SEP]: the labelled set's, the near ones, the others),
ids.json (how many tokens are the labelled set's own, how many near), vectors.npy.
"""
import argparse
import collections
import glob
import json
import lzma
import os
import random
import re

import numpy as np

from tokenizer import SEP, SPECIAL, Tokenizer, learn

NEAR = re.compile(r"\b(ukrain\w+|kyiv|kiev|nato|peacekeep\w+|troops|deploy\w*|boots on the ground|ceasefire|coalition forces|"
                  r"multinational force|military mission|withdraw\w*|intervention|garrison|brigades?|battalions?)\b", re.I)
NEAR_SHARE = 0.2  # the documents with the most such words, by rate, count as near the domain


def documents(folder):
    for path in sorted(glob.glob(os.path.join(folder, "*.txt")) + glob.glob(os.path.join(folder, "*.txt.xz"))):
        with (lzma.open if path.endswith(".xz") else open)(path, "rt", encoding="utf-8") as f:
            lines = []
            for line in f:
                if line.strip():
                    lines.append(line)
                elif lines:
                    yield "".join(lines)
                    lines = []
            if lines:
                yield "".join(lines)


def articles(path):
    """The text of a labelled set: its articles' headlines and paragraphs, without labels and contrasts."""
    with open(path, encoding="utf-8") as f:
        for line in f:
            yield "\n".join(p["text"] for p in json.loads(line)["paragraphs"])


def vectors(ids, size, dim=256, window=5):
    """Word-piece vectors from positive pointwise mutual information and a truncated SVD (Levy & Goldberg 2014)."""
    pairs = np.zeros(size * size, np.float32)
    x = ids.astype(np.int32)
    for k in range(1, window + 1):
        pairs += np.bincount(x[:-k] * size + x[k:], minlength=size * size).astype(np.float32) * (1 - (k - 1) / window)
    c = pairs.reshape(size, size)
    c += c.T.copy()
    row = c.sum(1) + 1e-6
    column = row ** 0.75  # smoothed contexts
    c *= row.sum() / row[:, None] * (column.sum() / column / row.sum())[None, :]
    np.log(np.maximum(c, 1.0, out=c), out=c)
    c[:len(SPECIAL)] = 0
    c[:, :len(SPECIAL)] = 0
    c = (c + c.T) / 2
    q = np.random.default_rng(0).standard_normal((size, dim + 40)).astype(np.float32)
    for _ in range(5):
        q, _ = np.linalg.qr(c @ q)
    w, u = np.linalg.eigh(q.T @ (c @ q))
    top = np.argsort(-np.abs(w))[:dim]
    e = (q @ u[:, top]) * np.sqrt(np.abs(w[top]))
    return (e / (np.linalg.norm(e, axis=1, keepdims=True) + 1e-6)).astype(np.float32)


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--corpus", required=True)
    p.add_argument("--work", required=True)
    p.add_argument("--labelled", help="train.jsonl, whose text is read too")
    p.add_argument("--vocab", type=int, default=12288)
    p.add_argument("--max-chars", type=int, default=0, help="stop after so many characters (0: all)")
    a = p.parse_args()
    os.makedirs(a.work, exist_ok=True)
    docs, chars = [], 0
    for d in documents(a.corpus):
        docs.append((-len(NEAR.findall(d)) / (d.count(" ") + 30), d))
        chars += len(d)
        if a.max_chars and chars > a.max_chars:
            break
    docs.sort()
    docs = [d for _, d in docs]
    near, far = docs[:int(NEAR_SHARE * len(docs))], docs[int(NEAR_SHARE * len(docs)):]
    rnd = random.Random(1)
    rnd.shuffle(near)
    rnd.shuffle(far)
    print(f"{len(near)} documents near the domain, {len(far)} others, {chars / 1e6:.0f} M characters", flush=True)

    path = os.path.join(a.work, "tokenizer.json")
    if os.path.exists(path):  # of an encoder that goes on learning
        tok = Tokenizer.load(path)
    else:
        splitter, counts = Tokenizer(SPECIAL), collections.Counter()
        sample = near[:12000] + far[:12000]
        for d in sample:
            words = re.findall(r"[a-z0-9]+|[!-/:-@\[-`{-~]", d.lower()) if d.isascii() else (w for w, _ in splitter.words(d))
            counts.update(words)
        tok = Tokenizer(learn(counts, a.vocab))
        tok.save(path)
        print(f"vocabulary of {len(tok.vocab)} from {sum(counts.values()) / 1e6:.0f} M words", flush=True)
    arrays, own = {}, list(articles(a.labelled)) if a.labelled else []
    for name, docs in (("own", own), ("near", near), ("far", far)):
        arrays[name] = np.concatenate([np.array([SEP] + tok.ids(d), np.uint16) for d in docs] or [np.zeros(0, np.uint16)])
        print(f"{name}: {len(arrays[name]) / 1e6:.1f} M tokens", flush=True)
    ids = np.concatenate(list(arrays.values()))
    np.save(os.path.join(a.work, "ids.npy"), ids)
    with open(os.path.join(a.work, "ids.json"), "w") as f:
        json.dump({"tokens": len(ids), "own": len(arrays["own"]), "near": len(arrays["near"]), "vocab": len(tok.vocab)}, f)
    np.save(os.path.join(a.work, "vectors.npy"), vectors(ids[:40_000_000], len(tok.vocab)))
    print("vectors written")


if __name__ == "__main__":
    main()
