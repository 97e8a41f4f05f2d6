#!/usr/bin/env bash
# Trains the default model from the encoder in this folder and writes its bundle; with `pretrain`, teaches that encoder more first.
# Each step is left out where its result is there already, and each can be stopped and goes on where it was.
#
#   train.sh CORPUS WORK            the outside sets and texts (see README.md); a folder for everything in between
#   train.sh CORPUS WORK pretrain   MINUTES more of masked words, hours on a processor; the encoder here is replaced
set -euo pipefail
cd "$(dirname "$0")/../.."
corpus=$1 work=$2 python=${PYTHON:-/usr/bin/python3} here=models/train
mkdir -p "$work"
# Memory once had is kept: where every large tensor is fetched from the system anew, a step can take eight times as long.
export MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=8000000000
cp $here/encoder.pt "$work/encoder.pt"
cp models/default/tokenizer.json "$work/tokenizer.json"

if [ "${3:-}" = pretrain ]; then
	if [ ! "$work/vectors.npy" -nt data/labelled/train.jsonl ]; then
		$python $here/prepare.py --corpus "$corpus" --labelled data/labelled/train.jsonl --work "$work"
	fi
	if [ -n "${FALL:-}" ]; then # from the encoder here, not from the state before an earlier fall
		rm -f "$work/pretrain.pt"
	fi
	$python $here/pretrain.py --work "$work" --tokens "${TOKENS:-1e9}" --minutes "${MINUTES:-120}" --rate "${RATE:-1e-3}" --fall "${FALL:-0.2}"
	cp "$work/encoder.pt" $here/encoder.pt
	exit
fi

if [ ! -f "$work/lab/actor_target_stance.jsonl" ]; then
	tar -xJf "$corpus/labelled.tar.xz" -C "$work" lab/actor_target_stance.jsonl
fi
bin/stance labelled expand data/labelled/train.jsonl >"$work/contrast.jsonl"
for set in data/labelled/train.jsonl data/labelled/dev.jsonl "$work/contrast.jsonl"; do
	bin/stance actors find --json "$set" >"$work/$(basename "$set" .jsonl).found.jsonl"
done
seeds=${SEEDS:-0 1} members=() more=()
if [ -n "${START:-}" ]; then # one pass more from a bundle's model.onnx or a member
	seeds=${SEEDS:-2} members=("$START") more=(--start "$START" --epochs 1 --rate 2e-4)
fi
for seed in $seeds; do
	$python $here/train.py --work "$work" --labelled data/labelled --corpus "$corpus" --auxiliary "$work/lab/actor_target_stance.jsonl" --seed "$seed" "${more[@]}"
	members+=("$work/member-$seed.pt")
done
$python $here/average.py --work "$work" --labelled data/labelled "${members[@]}"
$python $here/export.py --work "$work" --out models/default --id "${ID:-stance-8l256-2026-12b}" --card $here/CARD.md
bin/stance model verify models/default
