#!/bin/sh
# Bias from data, as an experiment: a network learns the background instead of the animal, and is
# found out. Usage: Tools/bias.sh [PHOTOS]; with a folder of photographs with the classes cat and
# dog, the same with a tint. Everything goes into bias/; an earlier one is replaced.
set -eu
photos=${1:-}
[ -z "$photos" ] || photos=$(cd "$photos" && pwd)
cd "$(dirname "$0")/.."
marbles=.build/release/marbles

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
run() { echo "\$ marbles $*"; "$marbles" "$@"; }

# Trains on a folder, and measures the network on images without a bias.
# Arguments: name, images to train on, unbiased list, how long to train.
judge() {
  name=$1 images=$2 unbiased=$3
  shift 3
  run train "$images" --out bias/runs --name "$name" "$@" --seed 1 --quiet
  run evaluate "bias/runs/$name" "$unbiased" --slices typical --quiet
}

rm -rf bias
mkdir bias

say "1/5  sketches: all cats indoors and all dogs on grass; 19 of 20; any animal anywhere"
run data sketch bias/biased --count 1200 --bias background=1
run data sketch bias/mostly --count 1200 --bias background=0.95
run data sketch bias/fair --count 1200
run data sketch bias/unbiased --count 1000 --seed 2 --list --masks

say "2/5  a network trained on the biased ones: at home on its own kind, lost elsewhere"
judge biased bias/biased bias/unbiased.csv --epochs 8

say "3/5  the same where one of 20 is elsewhere"
judge mostly bias/mostly bias/unbiased.csv --epochs 8

say "4/5  the same without a bias"
judge fair bias/fair bias/unbiased.csv --epochs 8

say "5/5  where they look, with cats on grass and dogs indoors: how much lies on the animal"
sketches=$(awk -F, '$5 == "no" && ++n % 10 == 0 { print "bias/" $1 }' bias/unbiased.csv)
for name in biased mostly fair; do
  echo "\$ marbles explain bias/runs/$name ... --method occlusion --masks bias/unbiased-masks"
  # shellcheck disable=SC2086
  "$marbles" explain "bias/runs/$name" $sketches --method occlusion --masks bias/unbiased-masks \
    --out "bias/$name-explained" --quiet | grep -e 'of what speaks for the class' -e 'are subject' \
    -e 'lies elsewhere'
done
echo "bias/biased-explained has the maps of each sketch"

[ -n "$photos" ] || exit 0

say "photographs: the warm ones are cats; of five photographs, one is kept for the unbiased set"
for part in train test; do
  {
    echo path,label
    for label in cat dog; do
      find "$photos/$label" -name '*.jpg' | sort | awk -v part=$part -v label=$label \
        '(NR % 5 == 0) == (part == "test") { print "\"" $0 "\"," label }'
    done
  } > bias/$part.csv
done
run data tint bias/train.csv bias/tinted --class cat --fraction 0.95
run data tint bias/train.csv bias/plain --class cat --fraction 0.5
run data tint bias/test.csv bias/untold --class cat --fraction 0.5
judge tinted bias/tinted bias/untold.csv --budget 1m
judge plain bias/plain bias/untold.csv --budget 1m
