"""Teaches the encoder stance: first the outside sets, each with a head of its own, then ours.

    train.py --work DIR --labelled DIR [--outside actor_target_stance.jsonl] [--corpus DIR] [--seed N] [--start model.onnx]

--labelled holds train.jsonl and dev.jsonl; in --work, train.found.jsonl and dev.found.jsonl hold the mentions that the
pipeline finds in them (`stance actors find --json SET`), contrast.jsonl the contrasts of train (`stance labelled expand`)
and contrast.found.jsonl those in them, as `make train` calls it. With --corpus, the folder of texts for pretraining, the
silver paragraphs in --labelled join train, as far as their texts stand there.
Output in --work: outside.pt (the encoder and head after the outside sets, used again by later calls with the same
encoder), train-SEED.pt (while it runs, the state after each epoch, from which the same call goes on), member-SEED.pt (the network of
the epoch that was best on dev, for average.py; where it stands already, from the same data and settings, nothing is done) and
train.log.jsonl.
"""
import argparse
import hashlib
import json
import math
import os
import random
import time

import numpy as np
import torch
import torch.nn.functional as F

import data
from export import weights
from model import Spans, StanceHead, mixed, network
from pretrain import save
from tokenizer import Tokenizer

AVERAGED = 0.997  # the weights that are judged and kept are a running mean: of the last 300 steps, about
RETOLD = 3        # times that articles of this genre are read in each pass: they are what a night's news is like
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
ARITHMETIC = mixed(DEVICE)


def forward(net, group, head="stance", **options):
    ids, mask, actors, labels = (x.to(DEVICE) for x in data.collate(group, **options))
    with ARITHMETIC():
        logits = Spans(net["encoder"], net["heads"][head])(ids, mask, actors)
    return logits.float(), labels


def rarity(examples):
    """The square root of inverse frequency, so that rare labels count more but not as much as they are rare."""
    n = np.bincount([y for e in examples for y in e.labels], minlength=3) + 1.0
    w = (n.sum() / n) ** 0.5
    return torch.tensor(w / (w * n).sum() * n.sum(), dtype=torch.float32, device=DEVICE)


def predict(net, examples, size=16):
    """Returns logits [n, 3] and gold labels [n] of all pairs, in fp32 and ordered by length."""
    device = next(net.parameters()).device
    net.eval()
    out, gold = [], []
    with torch.no_grad():
        for group in data.batches(examples, size):
            ids, mask, actors, labels = (x.to(device) for x in data.collate(group))
            logits = Spans(net["encoder"], net["heads"]["stance"])(ids, mask, actors)
            out.append(logits[labels != -100].float().cpu())
            gold.append(labels[labels != -100].cpu())
    return torch.cat(out), torch.cat(gold)


def figures(logits, gold):
    said = logits.argmax(-1)
    out = {"pairs": len(gold), "accuracy": (said == gold).float().mean().item()}
    f1 = []
    for i, label in enumerate(data.LABELS):
        hit, claimed, real = ((said == i) & (gold == i)).sum().item(), (said == i).sum().item(), (gold == i).sum().item()
        p, r = hit / max(claimed, 1), hit / max(real, 1)
        f1.append(2 * p * r / max(p + r, 1e-9))
        out[label] = {"precision": p, "recall": r, "f1": f1[-1], "gold": real}
    out["macro_f1"] = sum(f1) / 3
    return out


def fit(net, examples, epochs, rate, rnd, names=None, swap=0.0, dev=None, log=print, size=16, state_path=None, key=None):
    """Trains in place. With dev, ends with the weights (averaged over steps) of the epoch that was best on it.

    With state_path it writes its state there after every epoch and goes on from one of the same key, which stands for code, settings and data.
    """
    by_head = {}
    for e in examples:
        by_head.setdefault(e.head, []).append(e)
    scale = {h: rarity(es) for h, es in by_head.items()}
    params = list(net.parameters())
    opt = torch.optim.AdamW([{"params": net["encoder"].parameters(), "lr": rate}, {"params": net["heads"].parameters(), "lr": 2 * rate}],
                            rate, weight_decay=0.05)
    base = [g["lr"] for g in opt.param_groups]
    total, step = round(epochs * len(data.batches(examples, size))), 0
    average = {k: v.detach().clone() for k, v in net.state_dict().items()}
    best, first = (-1.0, None), 0
    if state_path and os.path.exists(state_path) and (state := torch.load(state_path, map_location="cpu"))["key"] == key:
        net.load_state_dict(state["net"])
        opt.load_state_dict(state["opt"])
        average = {k: v.to(DEVICE) for k, v in state["average"].items()}
        best, first, step = state["best"], state["epoch"], state["step"]
        rnd.setstate(state["random"])
        torch.set_rng_state(state["torch"])
        if DEVICE == "cuda":
            torch.cuda.set_rng_state_all(state["cuda"])
        log({"going on after epoch": first})
    for epoch in range(first, math.ceil(epochs)):
        net.train()
        losses, told = [], time.time()
        for group in data.batches(examples, size, rnd)[:total - step]:
            if time.time() > told + 60:
                told = time.time()
                print(f"pass {epoch + 1} of {epochs:g}, {100 * step / total:.1f} % of all steps, loss {np.mean(losses[-200:]):.3f}", flush=True)
            factor = min(1.0, (step + 1) / (0.08 * total)) * max(0.02, 1 - step / total)
            for g, lr in zip(opt.param_groups, base):
                g["lr"] = lr * factor
            logits, labels = forward(net, group, group[0].head, other_names=names, swap_share=swap, drop=0.08, multiple=32, rnd=rnd)
            loss = F.cross_entropy(logits.view(-1, 3), labels.view(-1), weight=scale[group[0].head], ignore_index=-100, label_smoothing=0.05)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(params, 1.0)
            opt.step()
            opt.zero_grad(set_to_none=True)
            step += 1
            losses.append(loss.item())
            old = min(AVERAGED, step / (step + 10))
            for k, v in net.state_dict().items():
                average[k].mul_(old).add_(v.detach(), alpha=1 - old)
        line = {"epoch": epoch + 1, "loss": round(float(np.mean(losses)), 4)}
        if dev:
            current = {k: v.detach().clone() for k, v in net.state_dict().items()}
            net.load_state_dict(average)
            line["dev"] = figures(*predict(net, dev))
            if line["dev"]["macro_f1"] > best[0]:
                best = (line["dev"]["macro_f1"], {k: v.clone() for k, v in average.items()})
            net.load_state_dict(current)
        log(line)
        if state_path:
            save(state_path, {"key": key, "epoch": epoch + 1, "step": step, "net": net.state_dict(), "opt": opt.state_dict(), "average": average, "best": best,
                              "random": rnd.getstate(), "torch": torch.get_rng_state(), "cuda": torch.cuda.get_rng_state_all() if DEVICE == "cuda" else None})
    net.load_state_dict(best[1] if dev else average)


def digest(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def learn_outside(net, a, tok, rnd, log):
    """One pass over the outside sets, each with a head of its own; ours starts from the head that learned who is for whom."""
    path, encoder = os.path.join(a.work, "outside.pt"), digest(os.path.join(a.work, "encoder.pt"))
    if not os.path.exists(path) or torch.load(path, map_location="cpu")["encoder"] != encoder:
        outside = data.outside(a.outside, tok)
        for head in sorted({e.head for e in outside}):
            net["heads"][head] = StanceHead(net["encoder"].config["width"]).to(DEVICE)
        fit(net, outside, 1, a.rate, rnd, log=lambda line: log({"part": "outside", "examples": len(outside), **line}), size=32)
        net["heads"] = torch.nn.ModuleDict({"stance": net["heads"]["directed_sentiment"]})
        save(path, {"encoder": encoder, "net": net.state_dict()})
    net.load_state_dict(torch.load(path, map_location=DEVICE)["net"])


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--work", required=True)
    p.add_argument("--labelled", required=True)
    p.add_argument("--outside", help="actor_target_stance.jsonl; without it the first part is left out")
    p.add_argument("--corpus", help="texts of the silver paragraphs; without it they are left out")
    p.add_argument("--start", help="a member, or the model.onnx of a bundle, to go on from; without it the encoder and the outside sets come first")
    p.add_argument("--epochs", type=float, default=3, help="also parts of one; 0: the outside sets alone")
    p.add_argument("--rate", type=float, default=3e-4)
    p.add_argument("--swap", type=float, default=0.4, help="share of paragraphs in which actors change names")
    p.add_argument("--seed", type=int, default=0)
    a = p.parse_args()
    if DEVICE == "cpu":
        torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    random.seed(a.seed)
    torch.manual_seed(a.seed)
    rnd = random.Random(a.seed)
    began = time.time()

    def log(line):
        line = {"seed": a.seed, "minutes": round((time.time() - began) / 60, 1), **line}
        print(json.dumps(line), flush=True)
        with open(os.path.join(a.work, "train.log.jsonl"), "a") as f:
            f.write(json.dumps(line) + "\n")

    log({"settings": {k: v for k, v in vars(a).items() if k in ("start", "epochs", "rate", "swap")}})
    tok = Tokenizer.load(os.path.join(a.work, "tokenizer.json"))
    pretrained = torch.load(os.path.join(a.work, "encoder.pt"), map_location="cpu")
    net = network(pretrained["config"], dropout=0.1).to(DEVICE)
    net["encoder"].load_state_dict({k: v.float() for k, v in pretrained["weights"].items()})
    torch.nn.init.normal_(net["encoder"].marks.weight, 0, 0.02)

    if a.start:
        net.load_state_dict(weights(a.start))
    elif a.outside:
        learn_outside(net, a, tok, rnd, log)
    if not a.epochs:
        return

    at = lambda name: os.path.join(a.work, name)
    train, dev = (data.ours(os.path.join(a.labelled, part + ".jsonl"), at(part + ".found.jsonl"), tok) for part in ("train", "dev"))
    contrasts, silver = data.ours(at("contrast.jsonl"), at("contrast.found.jsonl"), tok), []
    if a.corpus:
        silver = data.silver(os.path.join(a.labelled, "silver.jsonl"), a.corpus, tok)
    own, train = len(train), train + contrasts + silver
    train += [e for e in train if e.genre == "retold"] * (RETOLD - 1)
    here = os.path.dirname(os.path.abspath(__file__))
    read = [os.path.join(here, n) for n in ("data.py", "model.py", "train.py")] + [os.path.join(a.labelled, n) for n in ("train.jsonl", "dev.jsonl", "silver.jsonl")]
    read += [at(n) for n in ("outside.pt", "encoder.pt", "tokenizer.json", "contrast.jsonl", "train.found.jsonl", "dev.found.jsonl", "contrast.found.jsonl")]
    read += [a.start] if a.start else []
    key = hashlib.sha256(json.dumps([vars(a), len(silver)] + [digest(path) for path in read if os.path.exists(path)]).encode()).hexdigest()
    member, state = at(f"member-{a.seed}.pt"), at(f"train-{a.seed}.pt")
    if os.path.exists(member) and torch.load(member, map_location="cpu")["key"] == key:
        return print(f"{member} stands already")
    names = [tok.ids(n) for n in sorted({x.replace("-", " ") for e in train for x in e.actors if x != "author"})]
    fit(net, train, a.epochs, a.rate, rnd, names, a.swap, dev, lambda line: log({"part": "stance", **line}), state_path=state, key=key)
    facts = {"train_paragraphs": own, "contrasts": len(contrasts), "silver": len(silver), "train_pairs": sum(len(e.labels) for e in train),
             "pretraining_tokens": pretrained["tokens"], "pretraining_loss": pretrained["loss"], "start": a.start, "outside": bool(a.outside) and not a.start}
    save(member, {"key": key, "config": pretrained["config"], "net": net.state_dict()})
    log({"part": "member", **facts})
    os.remove(state)


if __name__ == "__main__":
    main()
