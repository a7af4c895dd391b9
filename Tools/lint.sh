#!/usr/bin/env bash
# Formatting, length of files, and words that must not be in the sources.
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0
fail() { echo "lint: $*" >&2; failed=1; }

mapfile -t swift_files < <(git ls-files --cached --others --exclude-standard '*.swift')
mapfile -t c_files < <(git ls-files --cached --others --exclude-standard '*.c' '*.h' | grep -v '/shim.h$')

swift format lint --strict --parallel "${swift_files[@]}" || fail "run 'make format'"
clang-format --dry-run --Werror "${c_files[@]}" || fail "run 'make format'"
sh -n Tools/setup.sh Tools/demo.sh Tools/coverage.sh Tools/conformance.sh \
  Tools/fuzz.sh || fail "a shell script does not parse"

for file in "${swift_files[@]}" "${c_files[@]}"; do
  lines=$(wc -l <"$file")
  if [ "$lines" -gt 500 ]; then fail "$file has $lines lines; split it (limit 500)"; fi
  if [ "$lines" -gt 300 ]; then echo "lint: note: $file has $lines lines; question its shape" >&2; fi
done

if git grep -nE 'TODO|FIXME|fatalError\(|try!|as!|unsafeFlags|-Ounchecked|-ffast-math' -- Sources Package.swift; then
  fail "words that must not be in the sources"
fi

if [ "$failed" = 0 ]; then echo "lint: clean"; fi
exit "$failed"
