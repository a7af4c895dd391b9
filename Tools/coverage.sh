#!/bin/sh
# Runs the tests with counters and prints the line coverage of Sources/.
# The tool is run as a process of its own by its tests; each process writes a profile.
set -eu
cd "$(dirname "$0")/.."
build=.build-coverage
swift build --scratch-path "$build" -c release --build-tests --enable-code-coverage
products=$(swift build --scratch-path "$build" -c release --show-bin-path)
rm -rf "$build/profiles"
mkdir -p "$build/profiles"
LLVM_PROFILE_FILE="$PWD/$build/profiles/%p-%m.profraw" \
  swift test --scratch-path "$build" -c release --enable-code-coverage --disable-xctest --skip-build
tools=$(dirname "$(readlink -f "$(command -v swift)")")
find "$build" -name '*.profraw' -size +0 >"$build/profiles/list"
"$tools/llvm-profdata" merge -sparse -f "$build/profiles/list" -o "$build/all.profdata" 2>/dev/null
"$tools/llvm-cov" report "$products/marblesPackageTests.xctest" -object "$products/marbles" \
  -instr-profile "$build/all.profdata" --ignore-filename-regex '(\.build|Tests)' |
  awk '
    /^(Filename|TOTAL)/ || /^[A-Za-z]/ { name = $1; lines = $8; missed = $9 }
    $1 ~ /\// || $1 ~ /\.(swift|c|h)$/ {
      n = split($1, part, "/"); module = part[1] == "Sources" ? part[2] : part[1]
      if (!(module in total)) order[++count] = module
      total[module] += $8; gone[module] += $9
    }
    $1 == "TOTAL" { all = $8; allgone = $9 }
    END {
      for (i = 1; i <= count; i++) {
        m = order[i]
        printf "%-16s %6d lines  %5.1f%%\n", m, total[m], 100 * (1 - gone[m] / total[m])
      }
      printf "%-16s %6d lines  %5.1f%%\n", "all of Sources", all, 100 * (1 - allgone / all)
    }'
