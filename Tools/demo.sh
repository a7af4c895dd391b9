#!/bin/sh
# The whole way once: predicts with a model that ships, draws a practice set, trains on it,
# evaluates, predicts, leaves figures. Everything goes into demo/; an earlier demo is replaced.
set -eu
cd "$(dirname "$0")/.."
marbles=.build/release/marbles

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
run() { echo "\$ marbles $*"; "$marbles" "$@"; }

rm -rf demo
mkdir demo

say "1/5  a network that ships learned from photographs; here are drawings"
run predict cats-and-dogs data/sketches/cat/cat-0001.jpg data/sketches/dog/dog-0001.jpg \
  data/sketches/dog/dog-0002.jpg
echo "Now a photo of yours: .build/release/marbles predict cats-and-dogs photo.jpg"

say "2/5  1200 sketches of cats and dogs to learn from"
run data sketch demo/sketches --count 1200
run data scan demo/sketches

say "3/5  half a minute of training"
run train demo/sketches --out demo/runs --name first --budget 30s --test-split 0

say "4/5  how good is it on 1000 new ones?"
run data sketch demo/unseen --count 1000 --seed 2
run evaluate demo/runs/first demo/unseen --out demo/evaluation

say "5/5  what to look at"
cat <<END
  demo/runs/first/plots/loss.png       what the optimizer did, step by step
  demo/runs/first/plots/accuracy.png   how often it was right
  demo/evaluation/mistakes             what it took for something else
  demo/sketches/cat, demo/sketches/dog  what it learned from
END
