#!/bin/sh
# Regenerates every committed reference number. Needs Python 3.11+ and PyPI; see requirements.txt.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tests="$here/../../Tests"
venv="$here/../../.venv"

"$here/venv.sh"
python="$venv/bin/python"
cd "$here"
"$python" bfloat16.py "$tests/TensorsTests/Fixtures/bfloat16.json"
"$python" layers.py "$tests/ConvNetTests/Fixtures/layers.json"
"$python" training.py "$tests/ConvNetTests/Fixtures/training.json"
"$python" networks.py "$tests/ConvNetTests/Fixtures/networks.json"
"$python" optimizers.py "$tests/OptimizationTests/Fixtures/optimizers.json"
"$python" objectives.py "$tests/OptimizationTests/Fixtures/objectives.json"
"$python" surfaces.py "$tests/OptimizationTests/Fixtures/surfaces.json"
"$python" schedules.py "$tests/OptimizationTests/Fixtures/schedules.json"
"$python" confident_learning.py "$tests/StatisticsTests/Fixtures/confident-learning.json"
"$python" explanations.py "$tests/ConvNetTests/Fixtures/explanations.json"
"$python" photo_explanations.py "$tests/ConvNetTests/Fixtures/photo-explanations.json"
"$python" loss_planes.py "$tests/TrainingTests/Fixtures/loss-planes.json"
"$python" backprop.py "$tests/TrainingTests/Fixtures/backprop.json"
"$python" lessons.py "$tests/LessonsTests/Fixtures/lessons.json"
"$python" classifier_statistics.py "$tests/StatisticsTests/Fixtures/statistics.json"
"$python" scores.py "$tests/TrainingTests/Fixtures/scores.json"
"$python" comparisons.py "$tests/StatisticsTests/Fixtures/comparisons.json"
"$python" images.py "$tests/ImageLoadingTests/Fixtures"
git -C "$here/../.." diff --stat -- Tests
