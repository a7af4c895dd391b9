"""What many noisy blocks say: medians, and ratios of blocks that were neighbors in time."""

import random
import statistics

# A pair during which others used more of the machine than this is not counted, as long as at
# least MINIMUM pairs are left.
QUIET = 0.1
MINIMUM = 4


def quartiles(values):
    if len(values) < 2:
        return values[0], values[0], values[0]
    return tuple(statistics.quantiles(values, n=4, method="inclusive"))


def interval(values, draws=2000):
    """95% bootstrap interval of the median."""
    generator = random.Random(1)
    medians = sorted(
        statistics.median(generator.choices(values, k=len(values))) for _ in range(draws)
    )
    return medians[int(0.025 * draws)], medians[int(0.975 * draws)]


def ratios(triples):
    """Each block of the other against the mean of the own blocks just before and just after it.

    A block is [images per second, part of the machine that others used]. Returns the ratios and how
    many were left out because the machine was busy.
    """
    found = [
        (max(before[1], other[1], after[1]), (before[0] + after[0]) / 2 / other[0])
        for before, other, after in triples
    ]
    quiet = [ratio for load, ratio in found if load <= QUIET]
    if len(quiet) < MINIMUM:
        return [ratio for _, ratio in found], 0
    return quiet, len(found) - len(quiet)
