#!/bin/sh
# Attacks the tool: kills and errors at every file operation, power cuts, two processes at once,
# kills at any time, full disks, spoiled inputs at every gate; see Documentation/Chaos.md. The same
# SEED makes the same attack, as far as the MINUTES reach. `long` reads the inputs under the address
# sanitizer; `kills` only kills at any time and fills disks.
set -eu
cd "$(dirname "$0")/.."
what=$1
seed=${SEED:-1}

if [ "$what" = long ]; then
  build=.build-asan
  swift build -c release --product marbles
  swift build --scratch-path "$build" -c release --sanitize=address --product Chaos
  # An allocation beyond the limit is harm of its own; freed memory must not count as taken.
  export ASAN_OPTIONS="quarantine_size_mb=1:max_allocation_size_mb=4096:detect_leaks=0"
  set -- all "${MINUTES:-10}" "${COUNT:-50000}"
else
  build=.build
  swift build -c release --product marbles
  swift build -c release --product Chaos
  minutes=1
  [ "$what" = short ] || minutes=${MINUTES:-10}
  set -- "$what" "$minutes" "${COUNT:-2000}"
fi
folder=$(mktemp -d)
trap '[ -n "$(ls -A "$folder/kept" 2>/dev/null)" ] || rm -rf "$folder"' EXIT
cc -shared -fPIC -O1 -Wall -Wextra -Werror -o "$folder/faults.so" Tools/chaos/faults.c -ldl
"$build/release/Chaos" "$1" "$PWD/.build/release/marbles" "$folder/faults.so" \
  "$PWD/data/sketches" "$folder" "$seed" "$2" "$3"
