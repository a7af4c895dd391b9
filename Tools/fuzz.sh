#!/bin/sh
# Broken images through the decoders, under the address and undefined-behavior sanitizers.
# The same SEED makes the same COUNT mutations. Bytes that break a limit stay in .build-asan/, as
# fuzz-violation-N, or fuzz-current should the process have died of them.
set -eu
cd "$(dirname "$0")/.."
what=$1
corpora=${CORPORA:-../shared/data/conformance}
build=.build-asan

# Swift has checks of its own for what the second sanitizer looks for in C.
swift build --scratch-path "$build" -c release --sanitize=address \
  -Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=all --product Conformance
# Freed memory kept for later reports would count as memory a decode takes.
export ASAN_OPTIONS="quarantine_size_mb=1:${ASAN_OPTIONS:-}"
case $what in
  cuts) "$build/release/Conformance" cuts "$corpora" "$build" ;;
  mutations)
    "$build/release/Conformance" fuzz "${COUNT:-20000}" "${SEED:-1}" "$build" \
      Tests/ImageLoadingTests/Fixtures data/sketches
    ;;
esac
