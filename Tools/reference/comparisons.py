"""Comparisons of classifiers -> Tests/StatisticsTests/Fixtures/comparisons.json.

McNemar's exact test and Holm's correction by statsmodels, mid-p-values and the number of images of
Connor (1987) by SciPy's distributions, and the percentiles of a paired bootstrap by NumPy.
"""

import json
import math
import sys

import numpy as np
from scipy.stats import binom, norm
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

COUNTS = [(0, 0), (1, 0), (0, 5), (3, 3), (12, 7), (25, 9), (150, 141), (600, 450), (4, 2000)]
IMAGES = 2400
P_VALUES = [
    [0.04],
    [0.01, 0.04, 0.03, 0.005],
    [0.5, 0.5, 0.001],
    [1.0, 0.2, 0.9, 0.0, 0.2],
    [0.02, 0.02, 0.02],
]


def test(first, second):
    table = [[IMAGES - first - second, first], [second, 0]]
    least, both = min(first, second), first + second
    mid = 2 * binom.cdf(least, both, 0.5) - binom.pmf(least, both, 0.5)
    return {
        "only_first": first,
        "only_second": second,
        "exact": float(mcnemar(table, exact=True).pvalue),
        "mid": float(min(1, mid)),
        "needed": needed(first, second),
        "needed_of_fifteen": needed(first, second, 0.05 / 15),
    }


def needed(first, second, level=0.05, power=0.8):
    psi, delta = (first + second) / IMAGES, (first - second) / IMAGES
    if delta == 0:
        return None
    root = norm.ppf(1 - level / 2) * math.sqrt(psi)
    root += norm.ppf(power) * math.sqrt(psi - delta * delta)
    return math.ceil(root * root / (delta * delta))


def holm(values):
    return {"values": values, "adjusted": multipletests(values, method="holm")[1].tolist()}


def bootstrap():
    """The hits follow from the place; percentiles of many more resamples than are tested."""
    places = np.arange(300)
    hits = np.stack([places * 7 % 10 < 9, places * 13 % 20 < 17]).astype(np.int8)
    generator = np.random.default_rng(1)
    drawn = generator.integers(0, places.size, (200_000, places.size))
    differences = hits[0][drawn].mean(1) - hits[1][drawn].mean(1)
    return {
        "difference": float(hits[0].mean() - hits[1].mean()),
        "low": float(np.percentile(differences, 2.5)),
        "high": float(np.percentile(differences, 97.5)),
    }


with open(sys.argv[1], "w") as file:
    json.dump(
        {
            "images": IMAGES,
            "tests": [test(*counts) for counts in COUNTS],
            "holm": [holm(values) for values in P_VALUES],
            "bootstrap": bootstrap(),
        },
        file,
        separators=(",", ":"),
    )
    file.write("\n")
