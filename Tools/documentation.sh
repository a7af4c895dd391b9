#!/bin/sh
# Builds the reference of all library products as one DocC archive; a warning is an error.
# The plugin is a dependency only where MARBLES_DOCUMENTATION is set.
set -eu
cd "$(dirname "$0")/.."
export MARBLES_DOCUMENTATION=1
scratch=.build-documentation
archive=$scratch/marbles.doccarchive

# The code of the tutorial is the code of the example.
python3 - Sources/Training/Training.docc/FirstClassifier.md Examples/train/main.swift <<'END'
import re, sys
article, example = (open(path).read() for path in sys.argv[1:])
for block in re.findall(r"```swift\n(.*?)```", article, re.S):
    if block not in example:
        sys.exit(f"documentation: the example has no such code:\n{block}")
END

targets=$(swift package --scratch-path "$scratch" describe --type json | python3 -c '
import json, sys
package = json.load(sys.stdin)
for product in package["products"]:
    if "library" in product["type"]:
        print("--target", product["name"])')
# Doc comments say what a name does not: a parameter without an entry is no mistake.
# shellcheck disable=SC2086
swift package --scratch-path "$scratch" --allow-writing-to-directory "$scratch" \
  generate-documentation $targets --enable-experimental-combined-documentation \
  --disable-parameters-and-returns-validation --warnings-as-errors \
  --transform-for-static-hosting --output-path "$archive"
echo "documentation: $archive, for a web server"
