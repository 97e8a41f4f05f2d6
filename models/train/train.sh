#!/usr/bin/env bash
# Trains the default model from the encoder in this folder and writes its bundle; with `pretrain`, teaches that encoder more first.
# Networks that are trained already are not trained again, and training that was stopped goes on where it was; the rest takes minutes.
#
#   train.sh CORPUS WORK            the outside sets and texts (see README.md); a folder for everything in between.
#                                   SEEDS="0 1" are the networks whose weights are averaged; START=model.onnx has both
#                                   go on from a bundle instead, for one pass
#   train.sh CORPUS WORK pretrain   MINUTES more of masked words, hours on a processor; the encoder here is replaced
set -euo pipefail
cd "$(dirname "$0")/../.."
corpus=$1 work=$2 python=${PYTHON:-/usr/bin/python3} here=models/train
if [ -n "${START:-}" ] && grep -q "\"id\": \"$(sed -n '1s/^# //p' $here/CARD.md)\"" "$(dirname "$START")/stance.json"; then
	echo "$START has the name that the new model would have: write another into the first line of $here/CARD.md" >&2
	exit 64
fi
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

outside=$work/lab/actor_target_stance.jsonl
if [ ! -f "$outside" ]; then
	tar -xJf "$corpus/labelled.tar.xz" -C "$work" lab/actor_target_stance.jsonl
fi
bin/stance labelled expand data/labelled/train.jsonl >"$work/contrast.jsonl"
for set in data/labelled/train.jsonl data/labelled/dev.jsonl "$work/contrast.jsonl"; do
	bin/stance actors find --json "$set" >"$work/$(basename "$set" .jsonl).found.jsonl"
done
seeds=${SEEDS:-0 1} members=() from=(--outside "$outside")
if [ -n "${START:-}" ]; then
	cp "$START" "$work/start.onnx" # the bundle may be the one that is written
	seeds=${SEEDS:-2 3} from=(--start "$work/start.onnx" --epochs 1)
fi
train=($python $here/train.py --work "$work" --labelled data/labelled --corpus "$corpus" "${from[@]}")
if [ -z "${START:-}" ]; then
	"${train[@]}" --epochs 0 # what the outside sets teach, once for all seeds
fi
running=()
trap 'kill "${running[@]}" 2>/dev/null || true' EXIT
for seed in $seeds; do # side by side with a thread each, which is faster than one after the other with two
	"${train[@]}" --seed "$seed" &
	running+=($!)
	members+=("$work/member-$seed.pt")
done
for process in "${running[@]}"; do
	wait "$process"
done
trap - EXIT
$python $here/average.py --work "$work" --labelled data/labelled "${members[@]}"
$python $here/export.py --work "$work" --out models/default --card $here/CARD.md
bin/stance model verify models/default
