#!/bin/sh
# Trains the models that ship, on a folder of photographs of cats and dogs, and measures them.
# Usage: Tools/models.sh PHOTOS, with MARBLES (default .build/release/marbles) and OUT (default
# models/.work) set or not. Writes checkpoints and predictions below OUT; what is in models/ stays.
set -eu
cd "$(dirname "$0")/.."
marbles=${MARBLES:-.build/release/marbles}
out=${OUT:-models/.work}
photos=${1:?usage: Tools/models.sh PHOTOS}

mkdir -p "$out"
"$marbles" data split "$photos" --out "$out/split.json" --seed 1 \
  --test-split 0.142857 --validation-split 0.043 --overwrite
for model in cats-and-dogs:30m cats-and-dogs-quick:10m; do
  name=${model%:*}
  "$marbles" train "$photos" --split-file "$out/split.json" --seed 1 --budget "${model#*:}" \
    --out "$out" --name "$name"
  for options in "" --tta; do
    # shellcheck disable=SC2086
    "$marbles" evaluate "$out/$name" $options --predictions "$out/$name$options.csv" --overwrite
  done
  python3 Tools/ship.py "$out/$name/checkpoints/best.safetensors" "$out/$name.safetensors"
  sha256sum "$out/$name.safetensors"
done
python3 Tools/slices.py "$photos" "$out"/*.csv
