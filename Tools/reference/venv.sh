#!/bin/sh
# Makes the Python environment of the reference scripts and the benchmarks: .venv in the root.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
venv="$here/../../.venv"
if [ ! -x "$venv/bin/python" ]; then
  python3 -m venv "$venv"
fi
"$venv/bin/pip" install -q --disable-pip-version-check -r "$here/requirements.txt"
