#!/bin/sh
# How many images of neither cats nor dogs a checkpoint still answers for, and what that costs on
# photographs of them: neither.sh [CHECKPOINT] [PHOTOS]
#
# Of PHOTOS, the test part of Tools/models.sh is taken, which the models that ship have not seen.
set -eu
cd "$(dirname "$0")/.."
checkpoint=${1:-cats-and-dogs}
photos=${2:-}
marbles=.build/release/marbles
./Tools/setup.sh tuxpaint-stamps-default gnome-backgrounds mate-backgrounds \
  plasma-workspace-wallpapers python3-pil
images=.build/neither
[ -d "$images/textures" ] || /usr/bin/python3 Tools/neither.py "$images"
answers="$images/answers"
rm -rf "$answers"
mkdir -p "$answers"
for kind in scenes objects pasted textures; do
  "$marbles" predict "$checkpoint" "$images/$kind" --json >"$answers/$kind.json"
done
if [ -n "$photos" ]; then
  "$marbles" data split "$photos" --out "$images/split.json" --seed 1 \
    --test-split 0.142857 --validation-split 0.043 --overwrite >"$answers/split.txt"
  /usr/bin/python3 Tools/neither_report.py paths "$images/split.json" "$photos" |
    "$marbles" predict "$checkpoint" - --json >"$answers/photographs.json"
fi
/usr/bin/python3 Tools/neither_report.py report "$answers"
