#!/usr/bin/env bash
# Formatting, length of files and lines, decisions, and words that must not be in the sources.
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0
fail() { echo "lint: $*" >&2; failed=1; }

mapfile -t swift_files < <(git ls-files --cached --others --exclude-standard '*.swift')
mapfile -t c_files < <(git ls-files --cached --others --exclude-standard '*.c' '*.h' |
  grep -v '/shim.h$')
mapfile -t scripts < <(git ls-files --cached --others --exclude-standard '*.py' '*.sh' .ci)
mapfile -t pages < <(git ls-files --cached --others --exclude-standard '*.md')

swift format lint --strict --parallel "${swift_files[@]}" || fail "run 'make format'"
clang-format --dry-run --Werror "${c_files[@]}" || fail "run 'make format'"
sh -n Tools/*.sh Tools/reference/*.sh || fail "a shell script does not parse"

for file in "${swift_files[@]}" "${c_files[@]}"; do
  lines=$(wc -l <"$file")
  if [ "$lines" -gt 500 ]; then fail "$file has $lines lines; split it (limit 500)"; fi
  if [ "$lines" -gt 300 ]; then
    echo "lint: note: $file has $lines lines; question its shape" >&2
  fi
done

# Lines count in characters. Tables cannot be wrapped, nor can addresses.
long_lines() {
  local limit=$1
  shift
  LC_ALL=C.UTF-8 grep -nHE "^.{$((limit + 1))}" "$@" |
    grep -vE '^[^:]*:[0-9]*:(\|.*|.*https?://.*)$'
}
if long_lines 100 "${swift_files[@]}" "${c_files[@]}" "${scripts[@]}"; then
  fail "lines of code have at most 100 characters"
fi
if long_lines 120 "${pages[@]}"; then fail "lines of Markdown have at most 120 characters"; fi

if grep -nHE '^ *(for|while) \(.*\)$' "${c_files[@]}"; then fail "loops in C have braces"; fi

# Every number has a row in the index, every record a row and a status, every link a file.
records=Documentation/decisions
index=$records/README.md
last=$(find "$records" -name '[0-9]*.md' -printf '%f\n' | sort | tail -n 1)
for number in $(seq -f '%04.0f' 1 "$((10#${last%%-*}))"); do
  grep -qE "^\| \[?$number" "$index" || fail "$index has no row for decision $number"
done
for file in "$records"/[0-9]*.md; do
  grep -qF "(${file##*/})" "$index" || fail "$index has no row for $file"
  grep -qE '^(\*\*)?Status[:.]' "$file" || fail "$file has no status"
  if [ "$(wc -l <"$file")" -gt 25 ]; then fail "$file has more than 25 lines"; fi
done
for link in $(grep -ohE '\(([A-Za-z./]*decisions/)?[0-9]{4}-[a-z0-9-]+\.md\)' "${pages[@]}" |
  tr -d '()' | sort -u); do
  [ -e "$records/${link##*/}" ] || fail "a page links to $link, which is not there"
done

for file in $(grep -ohE '`[A-Z][A-Za-z]*/[A-Za-z/+]+\.(swift|c)`|`marbles/[A-Za-z/+]+\.swift`' \
  Documentation/WhereIsWhat.md | tr -d '`' | sort -u); do
  [ -e "Sources/$file" ] || fail "WhereIsWhat.md names $file, which is not there"
done

words='TODO|FIXME|fatalError\(|try!|as!|unsafeFlags|-Ounchecked|-ffast-math'
if git grep -nE "$words" -- Sources Package.swift; then
  fail "words that must not be in the sources"
fi

if [ "$failed" = 0 ]; then echo "lint: clean"; fi
exit "$failed"
