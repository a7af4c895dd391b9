#!/bin/sh
# How many images of neither cats nor dogs a checkpoint still answers for: neither.sh [CHECKPOINT]
set -eu
cd "$(dirname "$0")/.."
checkpoint=${1:-cats-and-dogs}
./Tools/setup.sh tuxpaint-stamps-default gnome-backgrounds mate-backgrounds \
  plasma-workspace-wallpapers python3-pil
images=.build/neither
[ -d "$images/textures" ] || /usr/bin/python3 Tools/neither.py "$images"
for kind in scenes objects pasted textures; do
  .build/release/marbles predict "$checkpoint" "$images/$kind" --json |
    /usr/bin/python3 -c '
import json, sys
verdicts = [found["verdict"] for found in json.load(sys.stdin)["predictions"]]
count = verdicts.count("answered")
print(f"{sys.argv[1]:10}{count:5} of {len(verdicts)} answered, {count / len(verdicts):.1%}")
' "$kind"
done
