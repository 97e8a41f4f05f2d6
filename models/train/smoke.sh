#!/usr/bin/env bash
# Runs every step of the recipe on a thimble of text in a temporary folder and has the pipeline verify and use the result:
# the model is worthless, but a step that no longer runs, or a bundle that Go and Python read differently, is found.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${PYTHON:-/usr/bin/python3} here=models/train
if ! $python -c 'import torch, onnx, numpy' 2>/dev/null; then
	echo "train-smoke: SKIPPED, nothing was tested: $python lacks torch, onnx or numpy (on Debian: python3-torch python3-onnx)"
	test "${STANCE_TEST_TRAIN:-}" != required
	exit
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
log() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }; }

$python - $here <<'PY'
import gzip, json, re, sys
sys.path.insert(0, sys.argv[1])
from tokenizer import SPECIAL, Tokenizer
folder = "pipeline/stance/testdata/tokenizer/"
vocab = json.load(gzip.open(folder + "wordpiece.json.gz"))["model"]["vocab"]
tok = Tokenizer(sorted(vocab, key=vocab.get))
vectors = [json.loads(line) for line in gzip.open(folder + "vectors.jsonl.gz")]
wrong = [v["text"] for v in vectors if not any(s in v["text"] for s in SPECIAL) and tok.encode(v["text"])[0] != v["wordpiece"][0]]
if len(wrong) > 5 or len(vectors) < 2000:
    sys.exit(f"tokenizer.py and the vectors differ in {len(wrong)} of {len(vectors)} texts: {[ascii(w) for w in wrong[:5]]}")
print(f"train-smoke: tokenizer.py gives the ids of the vectors in all but {len(wrong)} of {len(vectors)} texts (Unicode tables)")
PY

$python - $here <<'PY'
import sys
sys.path.insert(0, sys.argv[1])
import torch
from integer import IntegerLinear
from model import dropout
torch.manual_seed(0)
x = dropout(torch.ones(64, 1001), 0.1, True)
assert abs((x == 0).float().mean() - 0.1) < 0.01 and abs(x.mean() - 1) < 0.01, "dropout drops another share, or changes the mean"
linear, x = torch.nn.Linear(256, 64), torch.randn(9, 256)
error = (IntegerLinear(linear)(x) - linear(x)).std() / linear(x).std()
assert error < 0.03, f"integers are off by {error:.3f} of what they should give"
PY

mkdir "$work/corpus" "$work/labelled"
$python - "$work" <<'PY'
import hashlib, json, sys
lines = [p["text"] for part in ("train", "dev") for a in open(f"data/labelled/{part}.jsonl", encoding="utf-8") for p in json.loads(a)["paragraphs"]]
with open(sys.argv[1] + "/corpus/text.txt", "w", encoding="utf-8") as f:
    f.write("\n\n".join("\n".join(lines[i:i + 8]) for i in range(0, len(lines), 8)) * 12)
with open(sys.argv[1] + "/labelled/silver.jsonl", "w") as f:
    actors = [{"id": "france", "label": "pro", "spans": [[0, 6]]}, {"id": "author", "label": "neutral", "spans": []}]
    f.write(json.dumps({"sha256": hashlib.sha256(lines[1].encode()).hexdigest(), "file": "text", "actors": actors}) + "\n")
PY
grep -m 2 '"contrast"' data/labelled/train.jsonl >"$work/labelled/train.jsonl"
grep -m 1 '"genre": "retold"' data/labelled/train.jsonl >>"$work/labelled/train.jsonl"
head -n 1 data/labelled/dev.jsonl >"$work/labelled/dev.jsonl"
for label in pro anti neutral; do
	echo '{"src": "directed_sentiment", "kind": "stance", "split": "train", "text": "Paris praised Rome.", "actor": "Paris", "target": "Rome", "label": "'$label'"}'
done >"$work/outside.jsonl"

log $python $here/prepare.py --corpus "$work/corpus" --labelled "$work/labelled/train.jsonl" --work "$work" --vocab 1500
log $python $here/pretrain.py --work "$work" --width 64 --layers 1 --tokens 20e3
log $python $here/pretrain.py --work "$work" --width 64 --layers 2 --tokens 30e3
bin/stance labelled expand "$work/labelled/train.jsonl" >"$work/contrast.jsonl"
for set in "$work/labelled/train.jsonl" "$work/labelled/dev.jsonl" "$work/contrast.jsonl"; do
	bin/stance actors find --json "$set" >"$work/$(basename "$set" .jsonl).found.jsonl"
done
log $python $here/train.py --work "$work" --labelled "$work/labelled" --outside "$work/outside.jsonl" --epochs 0
test -f "$work/outside.pt" && test ! -f "$work/member-0.pt"
$python - "$work" <<'PY' # which train.py reads three times a pass
import sys
sys.path.insert(0, "models/train")
import data
from tokenizer import Tokenizer
at = lambda name: sys.argv[1] + "/" + name
examples = data.ours(at("labelled/train.jsonl"), at("train.found.jsonl"), Tokenizer.load(at("tokenizer.json")))
assert 0 < sum(e.genre == "retold" for e in examples) < len(examples)
PY
train="--work $work --labelled $work/labelled --corpus $work/corpus --epochs 2"
log $python $here/train.py $train
mv "$work/member-0.pt" "$work/undisturbed.pt"
$python - $train >"$work/log" <<'PY' # stopped after its first epoch, it goes on and ends as if it had not been
import sys
sys.path.insert(0, "models/train")
import train
save = train.save
def stop(path, value):
    save(path, value)
    if path.endswith("train-0.pt"):
        sys.exit()
train.save = stop
train.main()
PY
log $python $here/train.py $train
grep -q '"going on after epoch": 1' "$work/train.log.jsonl"
$python -c 'import sys, torch; a, b = (torch.load(p)["net"] for p in sys.argv[1:]); assert all(torch.equal(a[k], b[k]) for k in a)' "$work/undisturbed.pt" "$work/member-0.pt"
log $python $here/train.py $train && grep -q 'stands already' "$work/log"
echo "# smoke" >"$work/CARD.md"
export="--work $work --out $work/bundle --card $work/CARD.md"
log $python $here/average.py --work "$work" --labelled "$work/labelled" "$work/member-0.pt"
log $python $here/export.py $export
$python - "$work" <<'PY' # the weights of a bundle come back as they were, but for 7 bits; those of the default model too
import sys
sys.path.insert(0, "models/train")
import torch
from export import weights
from model import network
there, back = weights(sys.argv[1] + "/model.pt"), weights(sys.argv[1] + "/bundle/model.onnx")
assert there.keys() == back.keys(), there.keys() ^ back.keys()
for name, w in there.items():
    assert back[name].shape == w.shape and (back[name] - w).abs().max() <= w.abs().max() / 63, f"{name} comes back as something else"
network({"vocab": 12288, "width": 256, "layers": 8}).load_state_dict(weights("models/default/model.onnx"))
PY
log $python $here/train.py $train --seed 1 --start "$work/bundle/model.onnx" --epochs 0.5
if START=models/default/model.onnx $here/train.sh "$work/corpus" "$work/again" 2>"$work/log"; then
	echo "train.sh gives a new model the name of the old one" >&2
	exit 1
fi
grep -q 'has the name' "$work/log" && test ! -e "$work/again"
log $python $here/average.py --work "$work" --labelled "$work/labelled" "$work/member-1.pt" "$work/bundle/model.onnx"
$python - "$work" <<'PY' # the mean is one, but for what calibration adds to the last bias
import sys
sys.path.insert(0, "models/train")
import torch
from export import weights
mean, *members = (weights(sys.argv[1] + path) for path in ("/model.pt", "/member-1.pt", "/bundle/model.onnx"))
moved = [name for name in mean if not torch.allclose(mean[name], sum(m[name] for m in members) / 2, atol=1e-6)]
assert set(moved) <= {"heads.stance.out.bias"} and any(not torch.equal(members[0][n], members[1][n]) for n in mean), moved
PY
log $python $here/export.py $export
bin/stance model verify "$work/bundle" >/dev/null
bin/stance run --quiet --in data/articles/newswire.jsonl --out "$work/out" --model "$work/bundle"
echo "train-smoke: the recipe runs, and Go answers the bundle's golden texts as Python did"
