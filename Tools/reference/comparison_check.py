"""Recomputes the verdicts of a comparison from its tables: comparison_check.py FOLDER.

FOLDER is what `marbles compare DATA --optimizers …` or `marbles compare RUN… --out FOLDER` wrote.
McNemar's exact test and Holm's correction are statsmodels', mid-p-values SciPy's. Ends with 1 where
anything differs.
"""

import csv
import json
import os
import sys

from scipy.stats import binom
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests


def rows(folder, name):
    with open(os.path.join(folder, name), newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def methods(folder, hits):
    """For each method its columns of hits: of optimizers one for each seed, else one for each."""
    if not os.path.exists(os.path.join(folder, "comparison.csv")):
        return {name: [name] for name in list(hits[0])[2:]}
    columns = {}
    for row in rows(folder, "comparison.csv"):
        if row["phase"] == "final" and row["status"] == "finished":
            column = f"{row['optimizer']} seed {row['seed']}"
            # Tables of old have the names of the runs.
            columns.setdefault(row["optimizer"], []).append(
                column if column in hits[0] else row["trial"])
    return columns


def pairs(report, columns, hits):
    """The pairs of the report, each from the hits alone."""
    counts = {name: [[int(row[c]) for c in cs] for row in hits] for name, cs in columns.items()}
    found = []
    for pair in report["pairs"]:
        first, second = counts[pair["first"]], counts[pair["second"]]
        votes = [
            sum(a) * len(b) - sum(b) * len(a) for a, b in zip(first, second, strict=True)
        ]
        only = sum(v > 0 for v in votes), sum(v < 0 for v in votes)
        exact = mcnemar([[len(votes) - sum(only), only[0]], [only[1], 0]], exact=True).pvalue
        means = [sum(map(sum, c)) / len(c) / len(c[0]) for c in (first, second)]
        least, both = min(only), sum(only)
        mid = min(1.0, 2 * binom.cdf(least, both, 0.5) - binom.pmf(least, both, 0.5))
        found.append((only, float(exact), float(mid), means[0] - means[1]))
    adjusted = multipletests([mid for _, _, mid, _ in found], method="holm")[1] if found else []
    return found, adjusted


def rates(folder):
    """The rate of each optimizer with the lowest loss at the end of its search."""
    best = {}
    for row in rows(folder, "comparison.csv"):
        if row["phase"] != "search" or not row["final_loss"]:
            continue
        key = float(row["final_loss"]), float(row["rate"])
        best[row["optimizer"]] = min(best.get(row["optimizer"], key), key)
    return {name: rate for name, (_, rate) in best.items()}


def check(folder):
    with open(os.path.join(folder, "comparison.json"), encoding="utf-8") as file:
        report = json.load(file)
    hits = rows(folder, "hits.csv")
    columns = methods(folder, hits)
    wrong = []

    def expect(what, own, found):
        if own != found and not (isinstance(own, float) and abs(own - found) <= 1e-9 * abs(own)):
            wrong.append(f"{what}: {own} in comparison.json, {found} from the tables")

    expect("images", report["images"], len(hits))
    found, adjusted = pairs(report, columns, hits)
    for pair, (only, exact, mid, difference), holm in zip(
        report["pairs"], found, adjusted, strict=True
    ):
        name = f"{pair['first']} and {pair['second']}"
        expect(f"{name}, images for one", (pair["only_first"], pair["only_second"]), only)
        expect(f"{name}, exact p", float(pair["exact_p"]), exact)
        expect(f"{name}, mid-p", float(pair["mid_p"]), mid)
        expect(f"{name}, Holm", float(pair["holm_p"]), float(holm))
        sees_zero = pair["difference_low"] <= 0 <= pair["difference_high"]
        seeds = max(len(columns[pair["first"]]), len(columns[pair["second"]])) > 1
        verdict = bool(holm < 0.05) and not (seeds and sees_zero)
        expect(f"{name}, distinguishable", pair["distinguishable"], verdict)
        if abs(pair["difference"] - difference) > 1e-12:
            expect(f"{name}, difference", float(pair["difference"]), difference)
    if "optimizers" in report:
        chosen = {o["optimizer"]: o["rate"] for o in report["optimizers"] if "rate" in o}
        expect("rates", chosen, rates(folder))
    count = len(report["pairs"])
    for line in wrong:
        print(line)
    print(f"{folder}: {count} pairs on {len(hits)} images, {len(wrong)} differences")
    return not wrong


if __name__ == "__main__":
    sys.exit(0 if all([check(folder) for folder in sys.argv[1:]]) else 1)
