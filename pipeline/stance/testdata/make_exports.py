#!/usr/bin/python3
"""Writes small exports of transformers, as Hugging Face's tools would, into the folder exports next to this file.

Each is one layer with random weights whose head has three outputs, and takes after its kind in what can go wrong when it
is imported: bert has segments, absolute positions and word pieces; roberta has no segments, counts positions from behind
the padding, splits into bytes and lies in onnx/; deberta has relative positions, no limit but the tokenizer's, and a
unigram vocabulary. answers.jsonl holds what PyTorch answers to ids that were laid out here by hand. Broken ones follow:
"two" has a head of two outputs, "external" keeps its weights in another file.

Needs torch and onnx (Debian: python3-torch, python3-onnx). Run it by hand after a change.
"""
import json
import pathlib

import torch
from onnx import TensorProto, helper
from torch import nn

from make_models import BERT, WORDS, tokenizer

HERE = pathlib.Path(__file__).parent / "exports"
WIDTH = 8
TEXT, FIRST, SECOND = "paris will send troops", "france", "france supports sending troops"


class Encoder(nn.Module):
    def __init__(self, kind, vocab, outputs, positions):
        super().__init__()
        self.kind = kind
        self.words = nn.Embedding(vocab, WIDTH)
        self.positions = nn.Embedding(positions, WIDTH)  # of deberta, by distance
        self.types = nn.Embedding(2, WIDTH)
        self.mix = nn.ModuleList(nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.norm = nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, outputs)
        with torch.no_grad():  # or every text would have nearly the same answer
            for layer in [*self.mix[2:], self.head]:
                layer.weight *= 4

    def forward(self, ids, mask, types=None):
        x = self.words(ids)
        if self.kind == "bert":
            x = x + self.positions(torch.cumsum(mask, 1) - 1) + self.types(types)
        elif self.kind == "roberta":
            x = x + self.positions(torch.cumsum(mask, 1) + 1)  # the padding's id is 1
        q, k, v = [m(x) for m in self.mix[:3]]
        if self.kind == "deberta":
            at = torch.cumsum(mask, 1) - 1
            far = torch.clamp(at[:, None, :] - at[:, :, None] + 4, 0, 8)
            scores = (q[:, :, None, :] * (k[:, None, :, :] + self.positions(far))).sum(-1)
        else:
            scores = q @ k.transpose(1, 2)
        scores = scores + (1.0 - mask[:, None, :].float()) * -10000.0
        x = self.norm(x + self.mix[3](torch.softmax(scores, -1) @ v))
        return self.head(torch.tanh(x[:, 0]))


def write_onnx(path, model):
    path.parent.mkdir(parents=True, exist_ok=True)
    names = ["input_ids", "attention_mask"] + ["token_type_ids"] * (model.kind == "bert")
    example = (torch.tensor([[5, 6, 7, 8]]), torch.ones(1, 4, dtype=torch.long), torch.zeros(1, 4, dtype=torch.long))
    torch.onnx.export(model, example[:len(names)], str(path), input_names=names, output_names=["logits"], opset_version=14,
                      dynamic_axes={**{n: {0: "batch", 1: "length"} for n in names}, "logits": {0: "batch"}})


def dump(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


# Tokenizers, each with the parts of the real one and few words

def special(token, i):
    return {"id": i, "content": token, "single_word": False, "lstrip": token == "<mask>", "rstrip": False, "normalized": False, "special": True}


def byte_characters():
    """The characters by which GPT-2 writes bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [b for b in range(256) if b not in plain]
    return {**{b: chr(b) for b in plain}, **{b: chr(256 + i) for i, b in enumerate(rest)}}


def roberta_tokenizer():
    vocab = ["<s>", "<pad>", "</s>", "<unk>"] + sorted(byte_characters().values()) + ["<mask>"]
    return vocab, {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [special(t, vocab.index(t)) for t in ("<s>", "<pad>", "</s>", "<unk>", "<mask>")],
        "normalizer": None,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True},
        "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": True, "add_prefix_space": False},
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True},
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "", "end_of_word_suffix": "", "fuse_unk": False,
                  "vocab": {t: i for i, t in enumerate(vocab)}, "merges": []}}


def deberta_tokenizer():
    vocab = ["[PAD]", "[CLS]", "[SEP]", "[UNK]"] + ["▁" + w for w in WORDS] + ["▁"] + sorted(set("".join(WORDS)))
    frames = tokenizer(vocab, ["[PAD]", "[UNK]", "[CLS]", "[SEP]"], "[CLS]", "[SEP]", 1, 1)["post_processor"]
    scores = [0.0] * 4 + [-5.0] * len(WORDS) + [-8.0] * (len(vocab) - 4 - len(WORDS))
    return vocab + ["[MASK]"], {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [special(t, i) for i, t in enumerate(vocab[:4])] + [special("[MASK]", len(vocab))],
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "Replace", "pattern": {"Regex": "[\\n\\r\\t]"}, "content": " "}, {"type": "NFC"}, {"type": "Strip", "strip_left": False, "strip_right": True}]},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True, "prepend_scheme": "always"},
        "post_processor": frames,
        "decoder": {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True, "prepend_scheme": "always"},
        "model": {"type": "Unigram", "unk_id": 3, "vocab": [[t, s] for t, s in zip(vocab, scores)], "byte_fallback": False}}


# Texts laid out by hand

def lay_out(kind, vocab, first, second):
    def pieces(text):
        if kind == "roberta":
            return [byte_characters()[b] for b in text.encode()]
        return [("▁" if kind == "deberta" else "") + w for w in text.split(" ")]

    frame = ("<s>", ["</s>", "</s>"], "</s>") if kind == "roberta" else ("[CLS]", ["[SEP]"], "[SEP]")
    head = [frame[0]] + pieces(first) + frame[1]
    tail = pieces(second) + [frame[2]]
    ids = torch.tensor([[vocab.index(t) for t in head + tail]])
    types = torch.tensor([[0] * len(head) + [1] * len(tail)])
    return ids, torch.ones_like(ids), types


def write_export(kind, architecture, vocab, tokenizer_json, positions, config, tokenizer_config, onnx="model.onnx"):
    model = Encoder(kind, len(vocab), 3, positions).eval()
    write_onnx(HERE / kind / onnx, model)
    dump(HERE / kind / "tokenizer.json", tokenizer_json)
    dump(HERE / kind / "tokenizer_config.json", tokenizer_config)
    config = {"_name_or_path": "example/" + kind, "architectures": [architecture], **config}
    dump(HERE / kind / "config.json", {**config, "id2label": {"0": "AGAINST", "1": "NONE", "2": "FAVOR"}})
    dump(HERE / (kind + "-nli.json"), {**config, "id2label": {"0": "contradiction", "1": "ENTAILMENT", "2": "neutral"}})
    with torch.no_grad(), open(HERE / (kind + "-answers.jsonl"), "w") as f:
        for second in (FIRST, SECOND):
            inputs = lay_out(kind, vocab, TEXT, second)
            f.write(json.dumps({"text": TEXT, "second": second, "ids": inputs[0][0].tolist(),
                                "logits": [round(x, 5) for x in model(*inputs)[0].tolist()]}) + "\n")


def write_external(path):
    """A model that adds a number from another file."""
    where = helper.make_tensor("weights", TensorProto.FLOAT, [1], [0.0])
    where.ClearField("float_data")
    where.data_location = TensorProto.EXTERNAL
    where.external_data.add(key="location", value="model.onnx_data")
    graph = helper.make_graph([helper.make_node("Identity", ["weights"], ["logits"])], "external", [], [
        helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1])], [where])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(helper.make_model(graph).SerializeToString())


def main():
    torch.manual_seed(20261124)
    no_limit = 1000000000000000019884624838656
    write_export("bert", "BertForSequenceClassification", BERT, tokenizer(BERT, BERT[:8], "[CLS]", "[SEP]", 1, 1), 32,
                 {"model_type": "bert", "max_position_embeddings": 32, "pad_token_id": 0, "type_vocab_size": 2},
                 {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "strip_accents": None, "tokenize_chinese_chars": True, "model_max_length": 512})
    write_export("roberta", "RobertaForSequenceClassification", *roberta_tokenizer(), 82,
                 {"model_type": "roberta", "max_position_embeddings": 82, "pad_token_id": 1, "type_vocab_size": 1},
                 {"tokenizer_class": "RobertaTokenizer", "add_prefix_space": False, "model_max_length": no_limit}, "onnx/model.onnx")
    write_export("deberta", "DebertaV2ForSequenceClassification", *deberta_tokenizer(), 9,
                 {"model_type": "deberta-v2", "max_position_embeddings": 512, "pad_token_id": 0, "type_vocab_size": 0, "relative_attention": True},
                 {"tokenizer_class": "DebertaV2Tokenizer", "do_lower_case": True, "model_max_length": 48})
    write_onnx(HERE / "two.onnx", Encoder("deberta", 9, 2, 9).eval())
    write_external(HERE / "external.onnx")


if __name__ == "__main__":
    main()
