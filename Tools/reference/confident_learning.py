"""Thresholds, confident joints and rankings of labels by cleanlab.

Usage: confident_learning.py OUT.json
"""

import json
import sys

import numpy as np
from cleanlab.count import compute_confident_joint, get_confident_thresholds
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores


def case(name, classes, count, seed, wrong, sharpness, steps=None):
    """With `steps`, probabilities are so coarse that many are equal, 0 or 1."""
    generator = np.random.default_rng(seed)
    truth = generator.integers(0, classes, count)
    logits = generator.normal(0, 1, (count, classes))
    logits[np.arange(count), truth] += sharpness
    # Few digits, so that the file is short and the numbers are exact.
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    probabilities = np.round(probabilities, 6)
    if steps:
        probabilities = np.round(probabilities * steps) / steps
    labels = truth.copy()
    moved = generator.choice(count, int(wrong * count), replace=False)
    labels[moved] = (labels[moved] + 1 + generator.integers(0, classes - 1, len(moved))) % classes
    joint = compute_confident_joint(labels, probabilities, calibrate=False)
    found = find_label_issues(
        labels, probabilities, filter_by="confident_learning",
        return_indices_ranked_by="self_confidence", n_jobs=1)
    scores = get_label_quality_scores(labels, probabilities, method="self_confidence")
    return {
        "name": name,
        "labels": labels.tolist(),
        "probabilities": probabilities.tolist(),
        "thresholds": get_confident_thresholds(labels, probabilities).tolist(),
        "joint": joint.tolist(),
        "doubted": sorted(int(index) for index in found),
        "ranking": np.argsort(scores, kind="stable").tolist(),
    }


cases = [
    case("two classes", 2, 60, 1, 0.1, 3.0),
    case("two classes, hard", 2, 60, 2, 0.2, 0.8),
    case("five classes", 5, 80, 3, 0.1, 3.0),
    case("five classes, nothing wrong", 5, 50, 4, 0.0, 5.0),
    case("twenty classes", 20, 200, 5, 0.1, 4.0),
    case("ties, zeros and ones", 3, 80, 6, 0.15, 2.0, steps=4),
    case("only zeros and ones", 2, 40, 7, 0.2, 2.0, steps=1),
]
with open(sys.argv[1], "w") as file:
    json.dump(cases, file, separators=(",", ":"))
    file.write("\n")
