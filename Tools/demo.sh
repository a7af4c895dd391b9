#!/bin/sh
# The whole way once: draws a practice set, trains on it, evaluates, predicts, leaves figures.
# Everything goes into demo/; an earlier demo is replaced.
set -eu
cd "$(dirname "$0")/.."
marbles=.build/release/marbles

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
run() { echo "\$ marbles $*"; "$marbles" "$@"; }

rm -rf demo
mkdir demo

say "1/5  1200 sketches of cats and dogs"
run data sketch demo/sketches --count 1200
run data scan demo/sketches

say "2/5  a small convolutional network learns to tell them apart"
run train demo/sketches --out demo/runs --name kitten --epochs 20 --warmup 3 \
  --label-smoothing 0.1 --test-split 0

say "3/5  how good is it on 1000 new ones?"
run data sketch demo/unseen --count 1000 --seed 2
run evaluate demo/runs/kitten demo/unseen

say "4/5  three single images"
run predict demo/runs/kitten data/sketches/cat/cat-0001.jpg data/sketches/dog/dog-0001.jpg \
  data/sketches/dog/dog-0002.jpg

say "5/5  what to look at"
cat <<END
  demo/runs/kitten/plots/loss.png       what the optimizer did, step by step
  demo/runs/kitten/plots/accuracy.png   how often it was right
  demo/sketches/cat, demo/sketches/dog  what it learned from
END
