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
# Arguments: name, images to train on, budget, unbiased list, slices.
judge() {
  run train "$2" --out bias/runs --name "$1" --budget "$3" --seed 1 --quiet
  run evaluate "bias/runs/$1" "$4" --slices "$5" --quiet
}

rm -rf bias
mkdir bias

say "1/4  sketches: of 20 cats, 19 are indoors, of 20 dogs, 19 on grass; and 1000 without a bias"
run data sketch bias/biased --count 1200 --bias background=0.95
run data sketch bias/fair --count 1200
run data sketch bias/unbiased --count 1000 --seed 2 --list --masks

say "2/4  a network trained on the biased ones: at home on its own kind, lost elsewhere"
judge biased bias/biased 30s bias/unbiased.csv typical

say "3/4  the same without a bias"
judge fair bias/fair 30s bias/unbiased.csv typical

say "4/4  where both look, with cats on grass and dogs indoors: how much lies on the animal"
sketches=$(awk -F, '$5 == "no" && ++n % 10 == 0 { print "bias/" $1 }' bias/unbiased.csv)
for name in biased fair; do
  echo "\$ marbles explain bias/runs/$name ... --method occlusion --masks bias/unbiased-masks"
  # shellcheck disable=SC2086
  "$marbles" explain "bias/runs/$name" $sketches --method occlusion --masks bias/unbiased-masks \
    --out "bias/$name-explained" --quiet | grep -e 'of what speaks for the class' -e 'are subject'
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
judge tinted bias/tinted 1m bias/untold.csv typical
judge plain bias/plain 1m bias/untold.csv typical
