#!/usr/bin/env bash
# Works the playground in a browser; Python's packages go into .build/browser-venv. Screenshots are
# left in .build/playground.
set -euo pipefail
cd "$(dirname "$0")/../.."
venv=.build/browser-venv
if [ ! -x "$venv/bin/python" ]; then python3 -m venv "$venv"; fi
"$venv/bin/pip" install --quiet playwright==1.65.2 axe-playwright-python==0.1.8
"$venv/bin/python" Tools/browser/playground_check.py .build/release/marbles .build/playground
