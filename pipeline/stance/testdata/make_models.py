#!/usr/bin/python3
"""Writes the bundles that the tests of this package use, one folder per layout, next to this file.

Each model is a few sums over a small table, so that its answers can be worked out by hand: here in numpy for
golden.jsonl, and once more in the Go tests. With TABLE[id][k] a number per token and output (see table()),

  spans  logit[actor][k] = sum over positions t of the actor's mask: TABLE[id[t]][k]      + length / 100 for k = 0
  pair   logit[k]        = sum over all t: TABLE[id[t]][k] * (1 + type[t]) * (1 + t / 100)
  nli    the same as pair, read as contradiction, neutral, entailment
  slow   as spans, but every "slow" in the text costs the model millions of turns of a loop

The row of the token "nan" is not a number. Needs numpy and onnx (Debian: python3-onnx). Run it by hand after a change.
"""
import hashlib
import json
import pathlib

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

HERE = pathlib.Path(__file__).parent
WORDS = """slow nan the a and of to in will not send troops soldiers paris london berlin moscow kyiv france poland russia says it they
opposes supports force peace author is for against sending no position on who ukraine , .""".split()
BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[AUTHOR]", "[E]", "[/E]"] + WORDS
ROBERTA = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"] + WORDS
TEMPERATURE, THRESHOLD, MAX_LENGTH, TURNS = 2.0, 0.25, 24, 2_000_000
LABELS = ["pro", "anti", "neutral"]


def table(vocab):
    t = np.array([[((7 * i + 5 * k + 3 * i * k) % 11 - 5) / 8 for k in range(3)] for i in range(len(vocab))], np.float32)
    t[vocab.index("nan")] = np.nan
    return t


# Models

def constant(name, value):
    return numpy_helper.from_array(np.array(value), name)


def inputs(*names):
    return [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "length"]) for n in names]


def write_model(path, nodes, ins, outs, constants):
    graph = helper.make_graph(nodes, "test", ins, outs, constants)
    model = helper.make_model(graph, producer_name="make_models.py", opset_imports=[helper.make_opsetid("", 14)])
    model.ir_version = 8
    checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString())


SPANS_INPUTS = inputs("input_ids", "attention_mask") + [
    helper.make_tensor_value_info("actor_masks", TensorProto.INT64, ["batch", "actors", "length"])]
SPANS_OUTPUTS = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "actors", 3])]
SPANS_NODES = [
    helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
    helper.make_node("Cast", ["actor_masks"], ["masks"], to=TensorProto.FLOAT),
    helper.make_node("MatMul", ["masks", "rows"], ["marked"]),
    helper.make_node("ReduceSum", ["attention_mask", "axis"], ["length"], keepdims=1),
    helper.make_node("Cast", ["length"], ["length_float"], to=TensorProto.FLOAT),
    helper.make_node("Mul", ["length_float", "per_length"], ["lengthy"]),
]
SPANS_CONSTANTS = [constant("table", table(BERT)), constant("axis", np.array([1])),
                   constant("per_length", np.array([0.01, 0, 0], np.float32))]


def write_spans(path):
    nodes = SPANS_NODES + [helper.make_node("Add", ["marked", "lengthy"], ["logits"])]
    write_model(path, nodes, SPANS_INPUTS, SPANS_OUTPUTS, SPANS_CONSTANTS)


def write_slow(path):
    body = helper.make_graph(
        [helper.make_node("Identity", ["going"], ["still_going"]), helper.make_node("Identity", ["sum_in"], ["sum_out"])],
        "turn",
        [helper.make_tensor_value_info("turn", TensorProto.INT64, []), helper.make_tensor_value_info("going", TensorProto.BOOL, []),
         helper.make_tensor_value_info("sum_in", TensorProto.FLOAT, None)],
        [helper.make_tensor_value_info("still_going", TensorProto.BOOL, []),
         helper.make_tensor_value_info("sum_out", TensorProto.FLOAT, None)])
    nodes = SPANS_NODES + [
        helper.make_node("Add", ["marked", "lengthy"], ["sum"]),
        helper.make_node("Equal", ["input_ids", "slow"], ["is_slow"]),
        helper.make_node("Cast", ["is_slow"], ["slow_int"], to=TensorProto.INT64),
        helper.make_node("ReduceSum", ["slow_int"], ["slow_count"], keepdims=0),
        helper.make_node("Mul", ["slow_count", "turns"], ["turn_count"]),
        helper.make_node("Loop", ["turn_count", "", "sum"], ["logits"], body=body),
    ]
    write_model(path, nodes, SPANS_INPUTS, SPANS_OUTPUTS, SPANS_CONSTANTS + [
        constant("slow", np.array(BERT.index("slow"))), constant("turns", np.array(TURNS))])


def write_pair(path, vocab):
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("CumSum", ["attention_mask", "axis_scalar"], ["positions"], exclusive=1),
        helper.make_node("Cast", ["positions"], ["positions_float"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["positions_float", "hundredth"], ["shift"]),
        helper.make_node("Add", ["shift", "one"], ["by_position"]),
        helper.make_node("Cast", ["token_type_ids"], ["types_float"], to=TensorProto.FLOAT),
        helper.make_node("Add", ["types_float", "one"], ["by_type"]),
        helper.make_node("Mul", ["by_position", "by_type"], ["weight"]),
        helper.make_node("Unsqueeze", ["weight", "last"], ["weights"]),
        helper.make_node("Mul", ["rows", "weights"], ["weighted"]),
        helper.make_node("ReduceSum", ["weighted", "axis"], ["logits"], keepdims=0),
    ]
    constants = [constant("table", table(vocab)), constant("axis_scalar", np.array(1)), constant("axis", np.array([1])),
                 constant("last", np.array([2])), constant("one", np.array(1, np.float32)),
                 constant("hundredth", np.array(0.01, np.float32))]
    outs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 3])]
    write_model(path, nodes, inputs("input_ids", "attention_mask", "token_type_ids"), outs, constants)


# Tokenizers

def tokenizer(vocab, specials, cls, sep, between, second_type):
    """A tokenizer.json whose words are lower-cased and split as BERT does, with the given frame around texts."""
    def special(token, type_id=0):
        return {"SpecialToken": {"id": token, "type_id": type_id}}

    def text(name, type_id=0):
        return {"Sequence": {"id": name, "type_id": type_id}}

    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [{"id": vocab.index(t), "content": t, "single_word": False, "lstrip": False, "rstrip": False,
                          "normalized": False, "special": True} for t in specials],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
                       "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [special(cls), text("A"), special(sep)],
            "pair": [special(cls), text("A")] + [special(sep)] * between + [text("B", second_type), special(sep, second_type)],
            "special_tokens": {t: {"id": t, "ids": [vocab.index(t)], "tokens": [t]} for t in (cls, sep)}},
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": specials[1] if specials[1] == "[UNK]" else "<unk>",
                  "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
                  "vocab": {t: i for i, t in enumerate(vocab)}},
    }


# Golden texts: their words are all in the vocabulary and stand apart, so that a word is a token

def spans_of(text, *words):
    found, at = [], 0
    for word in text.split(" "):
        if word in words:
            found.append([at, at + len(word)])
        at += len(word) + 1
    return found


def softmax(logits):
    e = np.exp((logits - logits.max(-1, keepdims=True)) / TEMPERATURE)
    return e / e.sum(-1, keepdims=True)


def pair_logits(vocab, ids, types):
    weight = (1 + np.array(types)) * (1 + np.arange(len(ids)) / 100)
    return (table(vocab)[ids].astype(float) * weight[:, None]).sum(0)


def golden_spans(text, subjects):
    ids = [BERT.index(t) for t in ["[CLS]", "[AUTHOR]"] + text.split(" ") + ["[SEP]"]]
    logits = []
    for actor, words in subjects:
        at = [i + 2 for i, w in enumerate(text.split(" ")) if w in words] or [1 if actor == "author" else 0]
        logits.append(table(BERT)[[ids[i] for i in at]].astype(float).sum(0) + [len(ids) / 100, 0, 0])
    return ids, softmax(np.array(logits))


def golden_pair(text, subjects):
    all_ids, logits = [], []
    for actor, words in subjects:
        first = ["[CLS]"] + [t for w in text.split(" ") for t in (["[E]", w, "[/E]"] if w in words else [w])] + ["[SEP]"]
        second = ["who", "is", actor, "[SEP]"]
        ids = [BERT.index(t) for t in first + second]
        logits.append(pair_logits(BERT, ids, [0] * len(first) + [1] * len(second)))
        all_ids += ids
    return all_ids, softmax(np.array(logits))


HYPOTHESES = {"pro": "{actor} supports sending troops", "anti": "{actor} opposes sending troops",
              "neutral": "{actor} is for no position"}


def golden_nli(text, subjects):
    all_ids, logits = [], []
    for actor, _ in subjects:
        row = []
        for label in LABELS:
            tokens = ["<s>"] + text.split(" ") + ["</s>", "</s>"] + HYPOTHESES[label].replace("{actor}", actor).split(" ") + ["</s>"]
            ids = [ROBERTA.index(t) for t in tokens]
            row.append(pair_logits(ROBERTA, ids, [0] * len(ids))[2])
            all_ids += ids
        logits.append(row)
    return all_ids, softmax(np.array(logits))


TEXTS = [
    ("paris will send troops , moscow opposes it", [("france", ["paris"]), ("russia", ["moscow", "it"]), ("author", [])]),
    ("the force is for peace in ukraine .", [("author", [])]),
    ("berlin says no and london says no", [("poland", []), ("london", ["london"])]),
]


def write_bundle(name, model, tok, golden, **fields):
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    model(folder / "model.onnx")
    (folder / "tokenizer.json").write_text(json.dumps(tok, indent=1, ensure_ascii=False) + "\n")
    (folder / "MODEL.md").write_text(f"# {name}\nSums over a table, for tests. See ../make_models.py.\n")
    with open(folder / "golden.jsonl", "w") as f:
        for text, subjects in TEXTS:
            ids, probabilities = golden(text, subjects)
            f.write(json.dumps({
                "text": text,
                "subjects": [{"actor": a, "name": a, "spans": spans_of(text, *words)} for a, words in subjects],
                "ids": ids, "probabilities": [[round(float(p), 7) for p in row] for row in probabilities]}) + "\n")
    files = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir()) if p.name != "stance.json"}
    manifest = {"format": 1, "id": "test-" + name, "labels": LABELS, "output": "logits", "max_length": MAX_LENGTH,
                "temperature": TEMPERATURE, "threshold": THRESHOLD, **fields, "files": files}
    (folder / "stance.json").write_text(json.dumps(manifest, indent=2) + "\n")


def main():
    bert = tokenizer(BERT, BERT[:8], "[CLS]", "[SEP]", 1, 1)
    roberta = tokenizer(ROBERTA, ROBERTA[:5], "<s>", "</s>", 2, 0)
    spans_inputs = {"ids": "input_ids", "mask": "attention_mask", "actors": "actor_masks"}
    pair_inputs = {"ids": "input_ids", "mask": "attention_mask", "types": "token_type_ids"}
    for name, model in (("spans", write_spans), ("slow", write_slow)):
        write_bundle(name, model, bert, golden_spans, layout="spans", inputs=spans_inputs, spans={"author_token": "[AUTHOR]"})
    write_bundle("pair", lambda path: write_pair(path, BERT), bert, golden_pair, layout="pair", inputs=pair_inputs,
                 pair={"second": "Who is {actor}", "markers": ["[E]", "[/E]"]})
    write_bundle("nli", lambda path: write_pair(path, ROBERTA), roberta, golden_nli, layout="nli", inputs=pair_inputs,
                 labels=["contradiction", "neutral", "entailment"], nli={"hypotheses": HYPOTHESES})


if __name__ == "__main__":
    main()
