"""Averages the weights of networks that were trained from one encoder, and calibrates their mean on dev.

    average.py --work DIR --labelled DIR member-0.pt member-1.pt

A member may also be the model.onnx of a bundle; one that is named twice counts twice. Networks of one origin lie in one
valley: their mean is often better than either, and as fast (Wortsman et al. 2022, "Model soups").
Output in --work: model.pt (network, offset, temperature, threshold, figures on dev) and a line in train.log.jsonl. Dev chooses
the epoch (train.py), neutral's offset, the temperature and the threshold; so figures on it are a little kind.
"""
import argparse
import copy
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

import data
from export import weights
from integer import integers
from model import network
from pretrain import save
from tokenizer import Tokenizer
from train import figures, predict

NEUTRAL = data.LABELS.index("neutral")
PRECISION = 0.85  # of pro and anti that the threshold must reach on dev
COVERAGE = 0.05   # of pro and anti that must pass it; where fewer do, confidence tells nothing and the threshold is 0


def mean(nets):
    """The mean of every weight; the state_dicts must have the same names and shapes."""
    return {name: sum(net[name] for net in nets) / len(nets) for name in nets[0]}


def offset(logits, gold):
    """What to add to neutral's logit for the highest macro-F1: rare labels weigh more in the loss, which makes sides too likely."""
    neutral = F.one_hot(torch.tensor(NEUTRAL), len(data.LABELS))
    return max(np.arange(-5, 11) / 10, key=lambda x: figures(logits + x * neutral, gold)["macro_f1"])


def calibrate(logits, gold):
    """The temperature of least loss, and the least margin from which on rows of pro and anti reach PRECISION."""
    temperature = min(np.arange(0.5, 4.01, 0.05), key=lambda t: F.cross_entropy(logits / t, gold).item())
    p = F.softmax(logits / temperature, -1)
    top = p.topk(2, -1).values
    margin, said = top[:, 0] - top[:, 1], p.argmax(-1)
    sided = said != NEUTRAL
    for threshold in np.append(np.arange(0, 0.96, 0.01), 0.0):
        kept = sided & (margin >= threshold)
        if kept.sum() > COVERAGE * sided.sum() and (said[kept] == gold[kept]).float().mean() >= PRECISION:
            break
    return {"temperature": round(float(temperature), 2), "threshold": round(float(threshold), 2),
            "sided_precision": (said[kept] == gold[kept]).float().mean().item(), "sided_coverage": kept.sum().item() / max(sided.sum().item(), 1)}


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--work", required=True)
    p.add_argument("--labelled", required=True)
    p.add_argument("members", nargs="+")
    a = p.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    at = lambda name: os.path.join(a.work, name)
    dev = data.ours(os.path.join(a.labelled, "dev.jsonl"), at("dev.found.jsonl"), Tokenizer.load(at("tokenizer.json")))
    members = [weights(path) for path in a.members]
    config = torch.load(at("encoder.pt"), map_location="cpu")["config"]
    net = network(config)

    def judge(member):
        net.load_state_dict(member)
        logits, gold = predict(integers(copy.deepcopy(net)), dev, 1)  # what is exported
        shift = float(offset(logits, gold))
        logits[:, NEUTRAL] += shift
        return shift, logits, gold

    alone = []
    if len(members) > 1:
        for path, m in zip(a.members, members):
            _, logits, gold = judge(m)
            alone.append({"member": os.path.basename(path), "macro_f1": figures(logits, gold)["macro_f1"]})
    shift, logits, gold = judge(mean(members))
    net["heads"]["stance"].out.bias.data[NEUTRAL] += shift
    result = {"dev": figures(logits, gold), "calibration": {"offset": shift, **calibrate(logits, gold)}, "alone": alone}
    with open(at("train.log.jsonl"), "a") as f:
        f.write(json.dumps({"part": "result", **result}) + "\n")
    print(json.dumps(result))
    save(at("model.pt"), {"config": config, "net": net.state_dict(), **result})


if __name__ == "__main__":
    main()
