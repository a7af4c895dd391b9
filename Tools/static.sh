#!/bin/sh
# Builds the tool, and what writes its manual, with the Swift runtime inside:
# .build-install/release.
set -eu
cd "$(dirname "$0")/.."
scratch=.build-install
mkdir -p "$scratch"

# Foundation brings 34 MB of data about all languages; the part that English needs takes its place.
toolchain=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")
icu=$toolchain/lib/swift_static/linux/lib_FoundationICU.a
link=""
if [ -f "$icu" ] && command -v python3 >/dev/null 2>&1; then
  [ "$scratch/icu.o" -nt "$icu" ] || python3 Tools/icu_data.py "$icu" "$scratch/icu.o"
  symbol=$(nm "$scratch/icu.o" | sed -n 's/.* __wrap_//p')
  link="-Xlinker --wrap=$symbol -Xlinker $PWD/$scratch/icu.o"
fi
for product in marbles manual; do
  # shellcheck disable=SC2086
  swift build -c release --product "$product" --static-swift-stdlib --scratch-path "$scratch" $link
done
