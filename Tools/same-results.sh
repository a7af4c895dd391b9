#!/bin/sh
# Trains eight small runs with two builds of the tool, and says whether both write the same bytes.
# Compares metrics.csv, steps.csv, layers.csv (but for the column of seconds) and both checkpoints.
# Usage: Tools/same-results.sh BEFORE AFTER, two executables.
set -eu
before=$(realpath "$1")
after=$(realpath "$2")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"$before" data sketch images --count 160 --seed 3 --quiet >/dev/null

# Trains one run; its name and then its flags.
train() {
  name=$1
  shift
  "$tool" train images --out "$runs" --name "$name" --image-size 32 --batch-size 24 --epochs 2 \
    --quiet "$@"
}

for runs in before after; do
  if [ "$runs" = before ]; then tool=$before; else tool=$after; fi
  train lecture --model lecture --optimizer sgd:momentum=0.9,sam=0.05 --augmentation standard
  train kitten --model kitten --optimizer adam:ema=0.9,clip-norm=1 --mixup 0.2
  train tabby --model tabby --optimizer schedule-free --label-smoothing 0.1 --threads 1
  train panther --model panther --optimizer muon:lookahead=3 --schedule one-cycle
  train resnet9 --model resnet9 --optimizer adamw --cutmix 1 --augmentation strong
  train linear --model linear --optimizer lion --objective huber:delta=0.5
  train words --optimizer rmsprop --convolution indirect --cache none --architecture "conv 16 3x3 \
initial whitening frozen, gelu, depthwise 3x3 stride 2, batchnorm, silu, residual (conv 16 3x3 \
groups 2, leaky-relu) shortcut (conv 16 1x1), average-pool 2, dropout 0.2, flatten, dense 16, \
tanh, dense"
  train im2col --model kitten --optimizer nadam --convolution im2col
  "$tool" train --resume "$runs/kitten" --epochs 3 --quiet
done

different=0
for run in before/*/; do
  name=$(basename "$run")
  if [ -L "before/$name" ]; then continue; fi
  for file in metrics.csv steps.csv layers.csv checkpoints/best.safetensors \
    checkpoints/last.safetensors; do
    # A build from before there was this table.
    if [ ! -e "before/$name/$file" ]; then continue; fi
    for runs in before after; do
      case $file in
        *.csv) awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "seconds") c = i }
          { if (c) $c = ""; print }' "$runs/$name/$file" >"$runs.bytes" ;;
        *) cp "$runs/$name/$file" "$runs.bytes" ;;
      esac
    done
    if ! cmp -s before.bytes after.bytes; then
      echo "different: $name/$file"
      different=1
    fi
  done
  echo "compared $name"
done
exit "$different"
