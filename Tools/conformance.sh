#!/bin/sh
# Compares the decoders with the corpora of $CORPORA, which are not part of the package.
# Pillow's view of transparent and 16-bit images is computed once, into .build/conformance, with
# the interpreter $PYTHON or an environment made there (Python, PyPI).
set -eu
cd "$(dirname "$0")/.."
corpora=${CORPORA:-../shared/data/conformance}
expected=.build/conformance
python=${PYTHON:-$expected/venv/bin/python}

if [ ! -d "$corpora" ]; then
  echo "conformance: $corpora is not there; nothing to compare with"
  exit 0
fi
if [ ! -e "$expected/expected.tsv" ]; then
  if [ ! -x "$python" ]; then
    echo "conformance: installing Pillow and NumPy into $expected/venv"
    python3 -m venv "$expected/venv"
    # shellcheck disable=SC2046 # one word for each package
    "$python" -m pip install -q --disable-pip-version-check \
      $(grep -E '^(pillow|numpy)==' Tools/reference/requirements.txt)
  fi
  "$python" Tools/reference/conformance.py "$corpora" "$expected"
fi
swift build -c release --product Conformance
.build/release/Conformance corpora "$corpora" "$expected"
