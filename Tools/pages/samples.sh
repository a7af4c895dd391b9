#!/bin/sh
# Trains what reports are to be of, among it runs on strange names, and writes the reports.
#   samples.sh FOLDER
set -eu
marbles="$(pwd)/.build/release/marbles"
rm -rf "$1"
mkdir -p "$1/pages"
cd "$1"

run() { "$marbles" "$@" --quiet >/dev/null; }
# The smallest images, so that it takes no time.
train() { run train "$@" --image-size 32 --augmentation none; }

run data sketch sketches --count 160
train sketches --name adam --epochs 10 --optimizer adam
train sketches --name sgd --epochs 10 --optimizer sgd --learning-rate 0.02
train sketches --name once --epochs 1 --test-split 0
run evaluate runs/adam --slices brightness
run report runs/adam --out pages/run.html
run report runs/adam --theme print --out pages/print.html
run report runs/once --out pages/once.html
run report runs/adam runs/sgd --out pages/two.html
run compare runs/adam runs/sgd --out better
run report better --out pages/better.html
run evaluate runs/sgd sketches --out evaluation
run report evaluation --out pages/evaluation.html
run compare sketches --optimizers adam,sgd,adagrad --seeds 2 --epochs 2 --rates 3 \
  --image-size 32 --out comparison
run report comparison --out pages/comparison.html

# A loss that is no number.
train sketches --name lost --epochs 2 --optimizer sgd --learning-rate 1e30 || true
run report runs/lost --out pages/lost.html

# Names in all scripts, and some that want to be obeyed.
newline='
'
number=0
for name in Kätzchen 猫と犬 'قطط وكلاب' '🐱👨‍👩‍👧' '<img src=x onerror=alert(1)>' \
  "a${newline}b$(printf '\tc\033[31m')" "$(printf '\342\200\256')abc" '"&amp;' \
  "$(printf 'very long %.0s' 1 2 3 4 5 6 7 8 9 10 11 12)"; do
  mkdir -p "strange/$name"
  number=$((number + 1))
  find sketches -name '*.*' -type f | sort | sed -n "$((number * 12 - 11)),$((number * 12))p" |
    while read -r file; do cp "$file" "strange/$name/"; done
done
train strange --name strange --epochs 2 --test-split 0.4
run evaluate runs/strange
run report runs/strange --out pages/strange.html
run compare runs/strange runs/strange/checkpoints/last.safetensors --out odd \
  --label '<img src=x onerror=alert(1)>,قطط 🐱'
run report odd --out pages/odd.html

# Fifty classes.
for number in $(seq 1 50); do
  mkdir -p "fifty/breed $number"
  find sketches -name '*.*' -type f | sort | sed -n "$((number * 3 - 2)),$((number * 3))p" |
    while read -r file; do cp "$file" "fifty/breed $number/"; done
done
train fifty --name fifty --epochs 1 --test-split 0.34
run evaluate runs/fifty
run report runs/fifty --out pages/fifty.html
