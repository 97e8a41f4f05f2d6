"""Teaches the encoder the language: masked-word prediction on the ids of prepare.py. Stops and goes on at any time.

    pretrain.py --work DIR [--width 256 --layers 8] [--tokens 100e6] [--minutes 60]

The rate is constant after a short warm-up and falls to nothing over the last part (--fall) of --tokens, or, where --minutes
ends first, of these minutes. The state before that fall is kept, so a later call with more tokens or minutes goes on
from there. A call with a multiple of its layers puts that many copies of them on top of each other and goes on (Gong et al. 2019).
Without a state, an encoder.pt in --work is what it goes on from. Output in --work: pretrain.pt (the state), encoder.pt (the encoder
and the head that predicts words, float16), pretrain.log.jsonl.
"""
import argparse
import json
import os
import re
import time

import numpy as np
import torch
import torch.nn.functional as F

from model import Encoder, WordHead, mixed
from tokenizer import CLS, MASK, SPECIAL

MASKED = 0.2        # share of pieces to predict
OWN = 0.15, 0.35    # share of windows drawn from the text of the labelled set, where prepare.py was given it, and while the rate falls
NEAR = 0.6, 0.9     # share of the others drawn from documents near the domain, and while the rate falls


def save(path, value):
    torch.save(value, path + ".tmp")
    os.replace(path + ".tmp", path)


def stack(net, layers):
    """The weights of a network with that many layers, made of copies of the layers of a shallower one."""
    of = re.compile(r"(\d+\.layers\.)(\d+)(\..+)")
    depth = 1 + max(int(m[2]) for m in map(of.fullmatch, net) if m)
    if layers % depth:
        raise SystemExit(f"--layers {layers}: the state in --work has {depth}, and only a multiple of them can go on from it")
    out = {}
    for name, value in net.items():
        m = of.fullmatch(name)
        for copy in range(layers // depth if m else 1):
            out[f"{m[1]}{int(m[2]) + copy * depth}{m[3]}" if m else name] = value
    return out


def batch(data, sizes, end, size, length, rng):
    """Windows of tokens [size, length]: of the labelled set's own tokens, which come first, of the near ones after them, or of all."""
    own, near = sizes["own"], sizes["near"]
    start = np.where(rng.random(size) < NEAR[end], rng.integers(own, max(own + near - length, own + 1), size), rng.integers(0, len(data) - length, size))
    if own > length:
        start = np.where(rng.random(size) < OWN[end], rng.integers(0, own - length, size), start)
    x = np.stack([data[i:i + length] for i in start]).astype(np.int64)
    x[:, 0] = CLS
    return torch.from_numpy(x)


def corrupt(x, vocab):
    """Returns the corrupted ids and the flat positions to predict: 85 % masked, 8 % left alone, 7 % replaced at random."""
    chosen = (torch.rand(x.shape) < MASKED) & (x >= len(SPECIAL))
    fate = torch.rand(x.shape)
    y = x.masked_fill(chosen & (fate < 0.85), MASK)
    y = torch.where(chosen & (fate >= 0.93), torch.randint(len(SPECIAL), vocab, x.shape), y)
    return y, chosen.view(-1).nonzero().squeeze(1)


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--work", required=True)
    p.add_argument("--width", type=int, default=256)
    p.add_argument("--layers", type=int, default=8)
    p.add_argument("--tokens", type=float, default=100e6, help="in all, earlier calls included")
    p.add_argument("--minutes", type=float, default=1e9, help="of this call")
    p.add_argument("--batch", type=int, default=16)
    p.add_argument("--length", type=int, default=128)
    p.add_argument("--rate", type=float, default=1e-3)
    p.add_argument("--fall", type=float, default=0.2, help="share of the tokens or minutes over which the rate falls")
    p.add_argument("--save-minutes", type=float, default=5)
    a = p.parse_args()
    if not 0 < a.fall <= 1:
        raise SystemExit(f"--fall {a.fall}: give a share above 0 and up to 1")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cpu":
        torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    with open(os.path.join(a.work, "ids.json")) as f:
        sizes = json.load(f)
    data = np.load(os.path.join(a.work, "ids.npy"), mmap_mode="r")
    state_path = os.path.join(a.work, "pretrain.pt")

    arithmetic = mixed(device)
    torch.manual_seed(0)
    encoder = Encoder(sizes["vocab"], a.width, a.layers)
    vectors = torch.from_numpy(np.load(os.path.join(a.work, "vectors.npy")))
    encoder.words.weight.data[:, :vectors.shape[1]] = (vectors / vectors.std() * 0.04)[:, :a.width]
    head = WordHead(encoder)
    net = torch.nn.ModuleList([encoder, head]).to(device)
    params = list(net.parameters())
    opt = torch.optim.AdamW([{"params": [q for q in params if q.ndim > 1], "weight_decay": 0.01},
                             {"params": [q for q in params if q.ndim < 2], "weight_decay": 0.0}], a.rate, betas=(0.9, 0.98), eps=1e-6)
    seen, step, first = 0, 0, 0  # first: the step from which the rate warms up
    if os.path.exists(state_path):
        state = torch.load(state_path, map_location=device)
        weights = stack(state["net"], a.layers)
        net.load_state_dict(weights)
        seen, step = state["seen"], state["step"]
        if len(weights) == len(state["net"]):
            opt.load_state_dict(state["opt"])
            first = state.get("first", 0)
        else:
            first = step
        print(f"going on after {seen / 1e6:.1f} M tokens, {a.layers} layers", flush=True)
    elif os.path.exists(os.path.join(a.work, "encoder.pt")):
        known = torch.load(os.path.join(a.work, "encoder.pt"), map_location=device)
        both = {**{"0." + k: v.float() for k, v in known["weights"].items()}, **{"1." + k: v.float() for k, v in known["head"].items()}}
        net.load_state_dict(stack(both, a.layers))
        seen = known["tokens"]
        step = first = seen // (a.batch * a.length)
        print(f"going on from an encoder of {seen / 1e6:.1f} M tokens, {a.layers} layers", flush=True)
    rng = np.random.default_rng(step)
    torch.manual_seed(step)

    began, saved, logged, mean, fell = time.time(), time.time(), time.time(), None, False
    while True:
        done = max(seen / a.tokens, (time.time() - began) / 60 / a.minutes)
        if done >= 1:
            break
        if done > 1 - a.fall and not fell:  # the state from which a later call goes on
            save(state_path, {"net": net.state_dict(), "opt": opt.state_dict(), "seen": seen, "step": step, "first": first})
            fell = True
        rate = a.rate * min(1.0, (step - first + 1) / 200) * min(1.0, (1 - done) / a.fall)
        for g in opt.param_groups:
            g["lr"] = rate
        x = batch(data, sizes, done > 1 - a.fall, a.batch, a.length, rng)
        y, at = corrupt(x, sizes["vocab"])
        x, y, at = x.to(device), y.to(device), at.to(device)
        with arithmetic():
            states = encoder(y).reshape(x.numel(), -1)[at]
            logits = head(states, encoder)
        loss = F.cross_entropy(logits.float(), x.view(-1)[at])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(params, 1.0)
        opt.step()
        opt.zero_grad(set_to_none=True)
        step, seen = step + 1, seen + x.numel()
        mean = loss.item() if mean is None else 0.98 * mean + 0.02 * loss.item()
        now = time.time()
        if now - logged > 60:
            line = {"tokens": seen, "loss": round(mean, 3), "rate": round(rate, 6), "minutes": round((now - began) / 60, 1), "cpu_s": round(time.process_time())}
            print(json.dumps(line), flush=True)
            with open(os.path.join(a.work, "pretrain.log.jsonl"), "a") as f:
                f.write(json.dumps(line) + "\n")
            logged = now
        if now - saved > a.save_minutes * 60:
            if not fell:
                save(state_path, {"net": net.state_dict(), "opt": opt.state_dict(), "seen": seen, "step": step, "first": first})
            saved = now
    half = lambda module: {k: v.half().cpu() if v.is_floating_point() else v.cpu() for k, v in module.state_dict().items()}
    save(os.path.join(a.work, "encoder.pt"), {"config": encoder.config, "weights": half(encoder), "head": half(head), "tokens": seen, "loss": mean})
    print(f"encoder.pt after {seen / 1e6:.1f} M tokens, loss {mean:.3f}")


if __name__ == "__main__":
    main()
