"""Writes the bundle of a trained network: model.onnx, tokenizer.json, golden.jsonl, MODEL.md and stance.json, which pins the others.

    export.py --work DIR --out models/default --card CARD.md    # whose first line is the model's name

Matrix products are in integers (see integer.py), all else is computed in fp32 from weights in half precision.
"""
import argparse
import hashlib
import json
import os
import re
import shutil

import numpy as np
import onnx
import onnx.numpy_helper
import torch
import torch.nn.functional as F

import data
from integer import integers
from model import Spans, network
from tokenizer import SPECIAL, Tokenizer

MAX_LENGTH = 512  # pieces; positions are distances, so this may be more than training saw
OPSET = 16

# Texts that the Go side must answer as this side does, with the actors to ask about. They try what tokenizers trip over.
GOLDEN = [
    ("Paris would send a brigade to Lviv after a truce, but Rome will not.", {"france": ["Paris"], "italy": ["Rome"], "author": []}),
    ("“Not one soldier,” Orbán’s spokesman said — again — on Tuesday.", {"viktor-orban": ["Orbán"], "author": []}),
    ("President Zelenskyý welcomed the offer; the Kremlin called it an act of war.", {"volodymyr-zelensky": ["President Zelenskyý"], "russia": ["the Kremlin"], "author": []}),
    ("Sending trainers to Ukraine would be reckless, and the government in Café-au-Lait\u00a0Land knows it.", {"author": []}),
    ("Nobody was named here.", {"nato": [], "author": []}),
    ("Україна попросила; 日本 answered 2\u202f000 times 🙂 supercalifragilistic" + "o" * 120 + "!", {"ukraine": ["Україна"], "japan": ["日本"], "author": []}),
]


def wrapped(net, config, exact):
    """The network for export: its linear layers in integers unless exact, its other weights rounded to half precision."""
    model = network(config)
    model.load_state_dict({k: v.half().float() if v.is_floating_point() else v for k, v in net.items()})
    spans = Spans(model["encoder"], model["heads"]["stance"]).eval()
    return spans if exact else integers(spans)


def golden(model, tok, temperature):
    for text, actors in GOLDEN:
        ids, offsets = tok.encode(text)
        names = list(actors)
        spans = [[(text.index(m), text.index(m) + len(m)) for m in actors[n]] for n in names]
        mentions = data.mentions([(a, *s) for a, ss in enumerate(spans) for s in ss], offsets)
        e = data.Example(ids, mentions, [0] * len(names), names)
        x, mask, masks, _ = data.collate([e])
        with torch.no_grad():
            p = F.softmax(model(x, mask, masks) / temperature, -1)[0]
        yield {"text": text, "subjects": [{"actor": n, "name": n, "spans": s} for n, s in zip(names, spans)],
               "ids": x[0].tolist(), "probabilities": [[round(x.item(), 6) for x in row] for row in p]}


def store_in_half(path):
    """Stores the large weights of a graph in half precision, each with a cast that ONNX Runtime does once, when it loads them."""
    model = onnx.load(path)
    weights = {w.name: w for w in model.graph.initializer if w.data_type == onnx.TensorProto.FLOAT and np.prod(w.dims) >= 256}
    for name, w in weights.items():
        w.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(w).astype(np.float16), name + ".half"))
        model.graph.node.insert(0, onnx.helper.make_node("Cast", [w.name], [name], name=name + ".cast", to=onnx.TensorProto.FLOAT))
    onnx.save(model, path)


def weights(path):
    """The weights of a network by name: from a .pt, or from the model.onnx of a bundle in integers, to 7 bits."""
    if path.endswith(".pt"):
        return torch.load(path, map_location="cpu")["net"]
    stored = {w.name: torch.tensor(onnx.numpy_helper.to_array(w)) for w in onnx.load(path).graph.initializer}
    stored = {name.removesuffix(".half").replace("head.", "heads.stance.", 1): w for name, w in stored.items()}
    scale = {name.removesuffix("scale") + "weight": w.float() for name, w in stored.items() if name.endswith(".scale")}
    return {name: (w.float() * scale[name]).T if name in scale else w.float() for name, w in stored.items() if not name.endswith(".scale")}


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--work", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--card", required=True)
    p.add_argument("--exact", action="store_true", help="products in fp32, to see what integers cost")
    a = p.parse_args()
    with open(a.card, encoding="utf-8") as f:
        card = f.read()
    name = re.match(r"# ([a-z0-9-]+)\n", card)
    if not name:
        raise SystemExit(f"{a.card}: its first line names no model, as in `# stance-8l256-2026-12`")
    if blank := re.search(r"@[A-Z0-9]+@", card):
        raise SystemExit(f"{a.card}: {blank[0]} has not been filled in")
    state = torch.load(os.path.join(a.work, "model.pt"), map_location="cpu")
    tok = Tokenizer.load(os.path.join(a.work, "tokenizer.json"))
    model = wrapped(state["net"], state["config"], a.exact)
    os.makedirs(a.out, exist_ok=True)
    at = lambda name: os.path.join(a.out, name)

    ids = torch.randint(len(SPECIAL), len(tok.vocab), (2, 17))
    actors = torch.zeros(2, 3, 17, dtype=torch.long)
    actors[:, 0, 1] = actors[:, 1, 4:6] = actors[:, 2, 0] = 1
    torch.onnx.export(model, (ids, torch.ones_like(ids), actors), at("model.onnx"), opset_version=OPSET,
                      input_names=["input_ids", "attention_mask", "actor_masks"], output_names=["logits"],
                      dynamic_axes={"input_ids": {0: "batch", 1: "length"}, "attention_mask": {0: "batch", 1: "length"},
                                    "actor_masks": {0: "batch", 1: "actors", 2: "length"}, "logits": {0: "batch", 1: "actors"}})
    store_in_half(at("model.onnx"))
    shutil.copy(os.path.join(a.work, "tokenizer.json"), at("tokenizer.json"))
    shutil.copy(a.card, at("MODEL.md"))
    with open(at("golden.jsonl"), "w", encoding="utf-8") as f:
        for g in golden(model, tok, state["calibration"]["temperature"]):
            f.write(json.dumps(g, ensure_ascii=False) + "\n")
    files = {name: hashlib.sha256(open(at(name), "rb").read()).hexdigest() for name in ("MODEL.md", "golden.jsonl", "model.onnx", "tokenizer.json")}
    manifest = {"format": 1, "id": name[1], "layout": "spans", "labels": data.LABELS,
                "inputs": {"ids": "input_ids", "mask": "attention_mask", "actors": "actor_masks"}, "output": "logits", "max_length": MAX_LENGTH,
                "temperature": state["calibration"]["temperature"], "threshold": state["calibration"]["threshold"],
                "tolerance": 0.001 if a.exact else 0.03, "spans": {"author_token": "[AUTHOR]"}, "files": files}
    with open(at("stance.json"), "w") as f:
        json.dump(manifest, f, indent=2)
        f.write("\n")
    print(f"{a.out}: {sum(os.path.getsize(at(n)) for n in os.listdir(a.out)) / 1e6:.1f} MB, {name[1]}")


if __name__ == "__main__":
    main()
