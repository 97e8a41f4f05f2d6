#!/usr/bin/env bash
# Trains the default model and writes its bundle. Long: pretraining alone takes hours on a processor. Each step is left out
# where its result is there already, and each can be stopped and goes on where it was.
#
#   train.sh CORPUS WORK      text and outside sets (see README.md); a folder for everything in between
set -euo pipefail
cd "$(dirname "$0")/../.."
corpus=$1 work=$2 python=${PYTHON:-/usr/bin/python3} here=models/train
mkdir -p "$work"

if [ ! -f "$work/tokenizer.json" ] || [ ! -f "$work/vectors.npy" ]; then
	$python $here/prepare.py --corpus "$corpus" --work "$work"
fi
if [ ! -f "$work/encoder.pt" ]; then
	$python $here/pretrain.py --work "$work" --tokens "${TOKENS:-100e6}" --minutes "${MINUTES:-600}"
fi
if [ ! -f "$work/lab/actor_target_stance.jsonl" ]; then
	tar -xJf "$corpus/labelled.tar.xz" -C "$work" lab/actor_target_stance.jsonl
fi
for part in train dev test; do
	bin/stance actors find --json "data/labelled/$part.jsonl" >"$work/$part.found.jsonl"
done
$python $here/train.py --work "$work" --labelled data/labelled --auxiliary "$work/lab/actor_target_stance.jsonl" --seed "${SEED:-0}"
$python $here/export.py --work "$work" --out models/default --id "${ID:-stance-4l256-2026-11}" --card $here/CARD.md
bin/stance model verify models/default
