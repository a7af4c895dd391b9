#!/bin/sh
# Builds and runs every example; one that fails ends with its error.
set -eu
cd "$(dirname "$0")"
swift build -c release
for example in train optimizer layer; do
  echo "== $example"
  swift run -c release --skip-build "$example"
done
rm -f best.safetensors
