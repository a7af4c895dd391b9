#!/bin/sh
# Compares the decoders with the corpora of $CORPORA, which are not part of the package.
# Pillow's view of transparent and 16-bit images is computed once, into .build/conformance, with
# the environment of Tools/reference/run.sh or the interpreter $PYTHON.
set -eu
cd "$(dirname "$0")/.."
corpora=${CORPORA:-../shared/data/conformance}
python=${PYTHON:-.venv/bin/python}
expected=.build/conformance

if [ ! -d "$corpora" ]; then
  echo "conformance: $corpora is not there; nothing to compare with"
  exit 0
fi
if [ ! -e "$expected/expected.tsv" ] && [ -x "$python" ]; then
  "$python" Tools/reference/conformance.py "$corpora" "$expected"
fi
swift build -c release --product Conformance
.build/release/Conformance corpora "$corpora" "$expected"
