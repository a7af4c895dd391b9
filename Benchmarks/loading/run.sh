#!/bin/sh
# Measures decoding against other libraries, and batches with each augmentation. Only ratios within
# one run mean anything on a machine that does other things too.
# DATA: a folder of photographs; PYTHON: an interpreter with any of Pillow, OpenCV, torchvision.
set -eu
cd "$(dirname "$0")/../.."
data=${DATA:-../shared/data/original}
python=${PYTHON:-python3}
swift build -c release --product loading-benchmark
swift build -c release --product marbles
tools=$(swift build -c release --show-bin-path)
if [ -d "$data" ]; then
  "$python" Benchmarks/loading/compare.py "$tools/loading-benchmark" "$data"
else
  echo "skipped: decoding, because $data is not there; set DATA"
fi
"$tools/marbles" bench decode --image-size 64 --threads 1
