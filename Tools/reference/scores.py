"""Counts, scores and intervals of classifications -> Tests/TrainingTests/Fixtures/scores.json.

Confusion matrices, precision, recall, F1 and balanced accuracy by scikit-learn, intervals of
accuracies by statsmodels, also of slices of the images, of which some are empty. Logits are hashed
numbers that the test makes too; with `steps` they are rounded to a few values, so that many are
equal, and then scaled until probabilities are exactly 0 and 1.
"""

import json
import sys

import numpy as np
from hashed import hashed
from sklearn import metrics
from statsmodels.stats.proportion import proportion_confint

SLICES = 5


def interval(hits, count):
    low, high = proportion_confint(hits, count, method="wilson") if count else (0, 1)
    return [float(low), float(high)]


def case(name, count, classes, skill, stream, labels=None, steps=None, scale=1):
    logits = hashed(stream, count * classes).reshape(count, classes)
    if labels is None:
        labels = np.floor((hashed(stream + 1, count) + 1) / 2 * classes).astype(int)
    logits[np.arange(count), labels] += np.float32(skill)
    if steps:
        logits = np.round(logits * np.float32(steps)) / np.float32(steps)
    logits = logits * np.float32(scale)
    found = logits.argmax(1)
    present = np.unique(labels)
    names = list(range(classes))
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(
        labels, found, labels=names, zero_division=np.nan)
    macro = metrics.precision_recall_fscore_support(
        labels, found, labels=present, average="macro", zero_division=0)
    places = np.floor((hashed(stream + 2, count) + 1) / 2 * (SLICES - 1)).astype(int)
    hits = found == labels
    return {
        "name": name, "count": count, "classes": classes, "skill": skill, "stream": stream,
        "steps": steps, "scale": scale,
        "labels": labels.tolist(),
        "confusion": metrics.confusion_matrix(labels, found, labels=names).tolist(),
        # None where nothing was counted.
        "precision": [None if np.isnan(value) else float(value) for value in precision],
        "recall": [None if np.isnan(value) else float(value) for value in recall],
        "f1": [0.0 if np.isnan(value) else float(value) for value in f1],
        "macro_precision": float(macro[0]), "macro_f1": float(macro[2]),
        "balanced": float(np.mean([recall[label] for label in present])),
        "accuracy": float(metrics.accuracy_score(labels, found)),
        "interval": interval(int(hits.sum()), count),
        "places": places.tolist(),
        # The last one has no image.
        "slices": [
            {"count": int((places == place).sum()), "correct": int(hits[places == place].sum()),
             "interval": interval(int(hits[places == place].sum()), int((places == place).sum()))}
            for place in range(SLICES)
        ],
    }


CASES = [
    case("two classes", 80, 2, 0.6, 500),
    case("three classes", 60, 3, 0.5, 503),
    case("twenty classes", 200, 20, 0.8, 506),
    case("one class", 24, 3, 0.3, 509, np.full(24, 1)),
    case("one class, all right", 24, 2, 3, 512, np.full(24, 0)),
    case("all wrong", 24, 2, -3, 515),
    case("an empty class", 50, 4, 0.5, 518, np.arange(50) % 3),
    case("ties", 90, 3, 0.5, 521, steps=1),
    case("probabilities of 0 and 1", 90, 3, 0.5, 524, steps=2, scale=4000),
    case("one image", 1, 2, 1, 527),
]

with open(sys.argv[1], "w") as file:
    json.dump(CASES, file, separators=(",", ":"))
    file.write("\n")
