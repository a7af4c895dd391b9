#!/bin/sh
# The C sources without system libraries, compiled for 64-bit ARM; the products must be vectorized
# there.
set -eu
cd "$(dirname "$0")/.."
tools=$(dirname "$(readlink -f "$(command -v swift)")")
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for file in Sources/CKernels/*.c Sources/CAllocations/*.c; do
  "$tools/clang" --target=aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include \
    -std=gnu11 -O2 -Wall -Werror \
    -I"$(dirname "$file")/include" -c "$file" -o "$out/$(basename "$file" .c).o"
done
count=$("$tools/llvm-objdump" -d "$out/products.o" 2>/dev/null | grep -c 'fmla.*v.*\.4s' || true)
if [ "$count" = 0 ]; then echo "arm64: no vector multiply-adds in products.c" >&2; exit 1; fi
echo "arm64: compiled, $count vector multiply-adds in products.c"
