"""What scores say of a classifier -> Tests/StatisticsTests/Fixtures/statistics.json.

Areas, curves, accuracies among the first k and Brier scores by scikit-learn, calibration errors by
the library of Kumar, Liang & Ma (its correction drawn at random, so also by scipy's folded normal
distribution, exactly). Logits are hashed numbers that the test makes too; probabilities with ties,
zeros and ones are written out. Bootstrap intervals are of the resamples that Marbles draws.
"""

import json
import sys

import calibration
import numpy as np
from calibration import utils
from hashed import hashed
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from scipy.stats import foldnorm
from sklearn import metrics

MASK = (1 << 64) - 1
RESAMPLES = 100
GRID = np.arange(101) / 100


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def resample(count, seed, number):
    """The images of a resample: SplitMix64, as in Sources/Tensors/SeededGenerator.swift."""
    increment = 0x9E3779B97F4A7C15
    state = mix((seed + increment) & MASK) ^ mix((number + 0x632BE59BD9B4E019) & MASK)
    drawn = []
    for _ in range(count):
        state = (state + increment) & MASK
        drawn.append(int((mix(state) >> 11) * 2.0**-53 * count))
    return np.array(drawn)


def areas(scores, positives):
    """Area below the ROC curve and average precision; None where scikit-learn has none."""
    if positives.all() or not positives.any():
        return None, 1.0 if positives.any() else None
    return (
        metrics.roc_auc_score(positives, scores),
        metrics.average_precision_score(positives, scores),
    )


def mean(values):
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def sensitivities(scores, positives):
    """On straight lines between thresholds, at the top of vertical ones."""
    x, y, _ = metrics.roc_curve(positives, scores, drop_intermediate=False)
    values = []
    for place in GRID:
        last = np.searchsorted(x, place + 1e-12, side="right") - 1
        if last + 1 == len(x):
            values.append(1.0)
        else:
            part = max(0.0, place - x[last]) / (x[last + 1] - x[last])
            values.append(y[last] + part * (y[last + 1] - y[last]))
    return values


def precisions(scores, positives):
    """At the highest threshold that reaches each recall, and some image of the class."""
    precision, recall, _ = metrics.precision_recall_curve(positives, scores)
    # From many positives to few; the last point is no threshold.
    order = range(len(recall) - 2, -1, -1)
    values = []
    for place in GRID:
        values.append(
            next(precision[i] for i in order if recall[i] > 0 and recall[i] >= place - 1e-12)
        )
    return values


def interval(values):
    return [float(v) for v in np.percentile(values, [2.5, 97.5])] if values else None


def bootstrap(logp, labels, useful):
    """Intervals of the areas of each class and of their means, and a band of the curves."""
    classes = logp.shape[1]
    single = {c: ([], []) for c in range(classes)}
    means = ([], [])
    curves = ([], [])
    group = useful[-1:] if len(useful) <= 2 else useful
    for number in range(RESAMPLES):
        drawn = resample(len(labels), 1, number)
        found = {}
        for c in useful:
            roc, precision = areas(logp[drawn, c], labels[drawn] == c)
            if roc is not None:
                single[c][0].append(roc)
            if precision is not None:
                single[c][1].append(precision)
            found[c] = (roc, precision if roc is not None else None)
        for place in (0, 1):
            value = mean([found[c][place] for c in useful])
            if value is not None:
                means[place].append(value)
        for place, curve in ((0, sensitivities), (1, precisions)):
            drawn_curves = []
            for c in group:
                positives = labels[drawn] == c
                if positives.any() and (place == 1 or not positives.all()):
                    drawn_curves.append(curve(logp[drawn, c], positives))
            if drawn_curves:
                curves[place].append(np.mean(drawn_curves, axis=0))
    bands = [np.percentile(np.array(found), [2.5, 97.5], axis=0).tolist() for found in curves]
    return {
        "roc_intervals": [interval(single[c][0]) for c in range(classes)],
        "precision_intervals": [interval(single[c][1]) for c in range(classes)],
        "roc_interval": interval(means[0]),
        "precision_interval": interval(means[1]),
        "roc_band": bands[0],
        "precision_band": bands[1],
    }


def debiased(confidences, hits, error):
    """The correction in closed form, bin by bin, and drawn by the authors' library."""
    edges = np.arange(1, 16) / 15
    places = np.minimum(14, np.searchsorted(edges, confidences - 1e-9))
    redrawn = 0.0
    for place in range(15):
        inside = places == place
        if not inside.any():
            continue
        accuracy = hits[inside].mean()
        gap = abs(accuracy - confidences[inside].mean())
        deviation = np.sqrt(accuracy * (1 - accuracy) / inside.sum())
        value = foldnorm.mean(gap / deviation, scale=deviation) if deviation > 0 else gap
        redrawn += inside.mean() * value
    sizes = [int((places == place).sum()) for place in range(15)]
    drawn = None
    if min(size for size in sizes if size > 0) > 1:
        np.random.seed(1)
        bins = utils.bin(list(zip(confidences, hits)), utils.get_equal_prob_bins(confidences, 15))
        bins = [found for found in bins if len(found) > 0]
        drawn = float(utils.normal_debiased_ce(bins, power=1, resamples=200_000))
    return max(0.0, 2 * error - redrawn), drawn, sizes


def temperature(logp, labels):
    """Of the least negative log likelihood, with the targets of Platt."""
    count, classes = logp.shape
    rest = 1 / (np.bincount(labels, minlength=classes)[labels] + 2)
    target = np.repeat(rest[:, None] / (classes - 1), classes, axis=1)
    target[np.arange(count), labels] = 1 - rest
    # Log probabilities are logits, too: they differ by a number for each row.
    found = minimize_scalar(
        lambda power: -(target * log_softmax(logp * np.exp(-power), axis=1)).sum(),
        bounds=np.log([0.05, 20]),
        method="bounded",
        options={"xatol": 1e-12},
    )
    return float(np.exp(found.x))


def case(name, logp, labels, given):
    count, classes = logp.shape
    probabilities = given.get("probabilities")
    p = np.exp(logp) if probabilities is None else np.array(probabilities).reshape(count, classes)
    labels = np.array(labels)
    target = np.eye(classes)[labels]
    single = [areas(logp[:, c], labels == c) for c in range(classes)]
    useful = [c for c in range(classes) if single[c][0] is not None]
    confidences, hits = p.max(1), p.argmax(1) == labels
    error = calibration.get_ece(p, labels, num_bins=15) if classes > 1 else None
    corrected, drawn, sizes = debiased(confidences, hits, error)
    curve = None
    if useful:
        first = useful[0]
        x, y, _ = metrics.roc_curve(labels == first, logp[:, first], drop_intermediate=False)
        curve = [x.tolist(), y.tolist()]
    return given | {
        "name": name,
        "labels": labels.tolist(),
        "classes": classes,
        "roc": [found[0] for found in single],
        "precision": [found[1] for found in single],
        "mean_roc": mean([single[c][0] for c in useful]),
        "mean_precision": mean([single[c][1] for c in useful]),
        "curve": curve,
        # Reversed, because of equal scores scikit-learn puts the last class first.
        "top": [
            float(hits.mean())
            if classes == 2
            else float(
                metrics.top_k_accuracy_score(
                    classes - 1 - labels, logp[:, ::-1], k=k + 1, labels=range(classes)
                )
            )
            for k in range(min(5, classes - 1))
        ],
        "temperature": temperature(logp, labels) if probabilities is None else None,
        "brier": float(metrics.brier_score_loss(target, p, scale_by_half=False))
        if probabilities is None and classes > 2
        else float(((p - target) ** 2).sum(1).mean()),
        "likelihood": float(-logp[np.arange(count), labels].mean())
        if logp[np.arange(count), labels].min() > -1e299
        else None,
        "calibration_error": float(error),
        "debiased_error": float(corrected),
        "drawn_error": drawn,
        "bin_sizes": sizes,
        "bootstrap": bootstrap(logp, labels, useful) if useful else None,
    }


def hashed_case(name, count, classes, scale, skill, stream, labels=None):
    """Hashed logits; those of the labels are larger by `skill`."""
    logits = hashed(stream, count * classes).reshape(count, classes) * np.float32(scale)
    if labels is None:
        labels = np.floor((hashed(stream + 1, count) + 1) / 2 * classes).astype(int)
    logits[np.arange(count), labels] += np.float32(skill)
    logp = log_softmax(logits.astype(np.float64), axis=1)
    return case(name, logp, labels, {"stream": stream, "scale": scale, "skill": skill})


def written_case(name, rows, labels):
    p = np.array(rows, dtype=float)
    # scikit-learn ranks finite scores only; the likelihood is none where one is 0.
    logp = np.where(p > 0, np.log(np.maximum(p, 1e-300)), -1e300)
    return case(name, logp, labels, {"probabilities": p.ravel().tolist()})


def ties():
    """Probabilities in steps of a quarter, many of them equal, some exactly 0 or 1."""
    first = np.round((hashed(420, 48) + 1) * 2) / 4
    labels = ((hashed(421, 48) + 1) / 2 > 0.7 * (1 - first)).astype(int)
    return written_case("ties", np.stack([1 - first, first], 1), labels)


CASES = [
    hashed_case("binary", 80, 2, 2, 1, 400),
    hashed_case("three classes", 60, 3, 3, 1, 402),
    hashed_case("twenty classes", 120, 20, 2, 2, 404),
    hashed_case("large and overconfident", 400, 2, 12, 4, 406),
    hashed_case("logits that underflow", 40, 3, 900, 300, 408),
    hashed_case("an empty class", 50, 4, 2, 1, 410, np.arange(50) % 3),
    hashed_case("one class only", 12, 3, 2, 1, 412, np.full(12, 1)),
    hashed_case("one image", 1, 2, 2, 1, 414),
    hashed_case("two images", 2, 2, 2, 1, 416, np.array([0, 1])),
    hashed_case("a class with one image", 30, 3, 2, 1, 418, np.array([2] + [0, 1] * 15)[:30]),
    ties(),
    written_case("sure and right", [[1, 0]] * 5 + [[0, 1]] * 4, [0] * 5 + [1] * 4),
    written_case("sure and wrong", [[1, 0], [1, 0], [0, 1], [0, 1], [1, 0]], [0, 1, 0, 1, 0]),
    written_case("all equal", [[0.25] * 4] * 8, [0, 1, 2, 3, 3, 2, 1, 3]),
]

with open(sys.argv[1], "w") as file:
    json.dump({"resamples": RESAMPLES, "cases": CASES}, file, indent=None, separators=(",", ":"))
    file.write("\n")
