#!/bin/sh
# Marbles beside PyTorch, Keras, ONNX Runtime and OpenVINO -> Documentation/Performance.md. Makes
# its Python environment (.venv) unless PYTHON names one. OPTIONS are those of compare.py.
set -eu
cd "$(dirname "$0")/../.."
python=${PYTHON:-.venv/bin/python}
if [ -z "${PYTHON:-}" ]; then
  [ -x "$python" ] || python3 -m venv .venv
  "$python" -m pip install -q --disable-pip-version-check -r Benchmarks/requirements.txt
fi
# shellcheck disable=SC2086
"$python" Benchmarks/compare/compare.py .build/release/marbles ${OPTIONS:-} \
  --report Documentation/Performance.md
