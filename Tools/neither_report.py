"""What a network answers of images that it knows and of others, with 95% intervals.

  neither_report.py paths SPLIT.json PHOTOS   the test images of a split, one path a line
  neither_report.py report FOLDER             of the answers of `marbles predict --json` in FOLDER

Fractions have the interval of Wilson (1927). AUROC is how often a photograph is more similar to its
class than an image of neither, with the interval of DeLong, DeLong & Clarke-Pearson (1988).
"""

import bisect
import json
import math
import pathlib
import sys

from slices import interval

KINDS = ["scenes", "objects", "pasted", "textures"]
NORMAL = 1.959964


def paths(split, photos):
    for entry in json.loads(pathlib.Path(split).read_text())["entries"]:
        if entry["split"] == "test":
            print(pathlib.Path(photos) / entry["path"])


def fraction(hits, count):
    """A fraction and its interval in words."""
    low, high = interval(hits, count)
    return (f"{hits:5} of {count:5}  {hits / count:6.1%}  "
            f"(95% interval {max(0, low):.1%} to {min(1, high):.1%})")


def auroc(known, others):
    """The area, and the ends of its interval."""
    def placements(values, reference):
        ordered = sorted(reference)
        return [
            (bisect.bisect_left(ordered, v) + bisect.bisect_right(ordered, v)) / 2 / len(ordered)
            for v in values
        ]

    def variance(values):
        mean = sum(values) / len(values)
        return sum((v - mean) ** 2 for v in values) / (len(values) - 1)

    above = placements(known, others)
    area = sum(above) / len(above)
    spread = math.sqrt(
        variance(above) / len(known) + variance(placements(others, known)) / len(others))
    return area, max(0, area - NORMAL * spread), min(1, area + NORMAL * spread)


def answers(folder, name):
    """What `marbles predict --json` has printed."""
    return json.loads((pathlib.Path(folder) / f"{name}.json").read_text())


def count(found, verdict="answered"):
    return sum(one["verdict"] == verdict for one in found)


def similarities(found):
    return [one["similarity"] for one in found]


def compare(name, known, others):
    """AUROC, and what is answered where the limit lets 95% of the photographs pass."""
    limit = sorted(similarities(known))[int(0.05 * len(known))]
    passed = sum(value >= limit for value in similarities(others))
    area, low, high = auroc(similarities(known), similarities(others))
    print(f"{name:12}AUROC {area:.3f} ({low:.3f} to {high:.3f}); "
          f"at 95% coverage by similarity alone {fraction(passed, len(others)).strip()}")


def report(folder):
    found = {kind: answers(folder, kind)["predictions"] for kind in KINDS}
    everything = sum(found.values(), [])
    print("Images of neither that are answered all the same:")
    for kind in KINDS:
        print(f"{kind:12}{fraction(count(found[kind]), len(found[kind]))}")
    print(f"{'all':12}{fraction(count(everything), len(everything))}")
    if not (pathlib.Path(folder) / "photographs.json").exists():
        return
    photographs = answers(folder, "photographs")
    known, classes = photographs["predictions"], photographs["classes"]

    def is_right(one):
        best = max(range(len(classes)), key=lambda place: one["logits"][place])
        return classes[best] == pathlib.Path(one["path"]).parent.name.lower()

    answered = [one for one in known if one["verdict"] == "answered"]
    right = sum(map(is_right, known))
    right_answers = sum(map(is_right, answered))
    print("\nPhotographs that no choice has seen:")
    print(f"{'answered':12}{fraction(len(answered), len(known))}")
    print(f"{'unsure':12}{fraction(count(known, 'unsure'), len(known))}")
    print(f"{'none':12}{fraction(count(known, 'none'), len(known))}")
    print(f"{'right':12}{fraction(right, len(known))} if it always answers")
    print(f"{'':12}{fraction(right_answers, len(answered))} of its answers")
    print(f"{'':12}{fraction(right_answers, len(known))} of all are answered right: "
          f"{(right - right_answers) / len(known):.1%} are lost")
    print(f"{'':12}{fraction(len(answered) - right_answers, len(known))} answered wrong, "
          f"{fraction(len(known) - right, len(known)).strip()} if it always answers")
    print("\nSimilarity of photographs and of images of neither:")
    for kind in KINDS:
        compare(kind, known, found[kind])
    compare("all", known, everything)


if __name__ == "__main__":
    {"paths": paths, "report": report}[sys.argv[1]](*sys.argv[2:])
