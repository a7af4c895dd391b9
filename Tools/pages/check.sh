#!/bin/sh
# Checks pages in a browser: those given (files or addresses, options of check.py before them), or
# else reports of runs that are trained for this, and every control of the pages of `serve`. With
# `tab` or `cost` first, runs that script with the arguments after it. Needs root or sudo once, for
# the browser.
set -eu
cd "$(dirname "$0")/../.."
here=Tools/pages
work=.build/pages
venv="$work/venv"

Tools/setup.sh chromium poppler-utils python3-venv fonts-noto-cjk fonts-noto-color-emoji
mkdir -p "$work"
if ! cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$venv"
fi
case ${1:-} in
tab | cost)
  name=$1
  shift
  exec "$venv/bin/python" "$here/$name.py" .build/release/marbles "$work/$name" "$@"
  ;;
esac
if [ $# -eq 0 ]; then
  for page in playground objective network photo training tab; do
    "$venv/bin/python" "$here/$page.py" .build/release/marbles "$work/$page"
  done
  "$here/samples.sh" "$work/samples"
  set -- "$work"/samples/pages/*.html
fi
"$venv/bin/python" "$here/check.py" --out "$work/screenshots" "$@"
