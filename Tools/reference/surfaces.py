"""Heights and slopes of the surfaces -> Tests/OptimizationTests/Fixtures/surfaces.json.

The functions are written down again as their sources define them, not in the text of Marbles, and
evaluated with 50 digits at three places of each window; slopes are numerical derivatives.
"""

import json
import sys

from mpmath import cos, diff, e, exp, mp, mpf, pi, sin, sqrt

mp.dps = 50


def sinc(r):
    return sin(r) / r if r else mpf(1)


def goldstein_price(x, y):
    first = 1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2)
    second = 30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2)
    return first * second


def ackley(x, y):
    mean_square, mean_cosine = (x * x + y * y) / 2, (cos(2 * pi * x) + cos(2 * pi * y)) / 2
    return -20 * exp(-sqrt(mean_square) / 5) - exp(mean_cosine) + 20 + e


BEALE = ((1, mpf("1.5")), (2, mpf("2.25")), (3, mpf("2.625")))
SURFACES = {
    "bowl": lambda x: x * x,
    "two-wells": lambda x: x**4 / 20 - 3 * x**2 / 5 + 3 * x / 10 + 2,
    "waves": lambda x: x * x / 10 + 2 * sin(x) ** 2,
    "corner": lambda x: abs(x),
    "flat-bottom": lambda x: (x / 2) ** 4,
    "basin": lambda x: 1 - 1 / (1 + x * x),
    "round-bowl": lambda x, y: x * x + y * y,
    "stretched-bowl": lambda x, y: x * x + 10 * y * y,
    "ravine": lambda x, y: (x * x + 100 * y * y) / 20,
    "kinked-ravine": lambda x, y: abs(x) + 10 * abs(y),
    "valley": lambda x, y: (y - sin(x)) ** 2 + (x - 4) ** 2 / 50,
    "saddle": lambda x, y: x * x - y * y + y**4 / 10,
    "monkey-saddle": lambda x, y: ((x + 1j * y) ** 3).real,
    "plateau": lambda x, y: -sinc(sqrt(x * x + y * y)) + (x * x + y * y) / 100,
    "hills": lambda x, y: (sin(x + y) + sin(x - y)) / 2 + (x * x + y * y) / 20,
    "flower": lambda x, y: x * (sin(y) + x) + y * (sin(x) + y),
    "rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    "himmelblau": lambda x, y: (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2,
    "beale": lambda x, y: sum((c - x * (1 - y**k)) ** 2 for k, c in BEALE),
    "booth": lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
    "matyas": lambda x, y: 26 * (x * x + y * y) / 100 - 48 * x * y / 100,
    "goldstein-price": goldstein_price,
    "styblinski-tang": lambda x, y: sum(z**4 - 16 * z**2 + 5 * z for z in (x, y)) / 2,
    "ackley": ackley,
    "rastrigin": lambda x, y: 20 + sum(z * z - 10 * cos(2 * pi * z) for z in (x, y)),
    "six-hump-camel": lambda x, y: (
        (4 - 21 * x**2 / 10 + x**4 / 3) * x**2 + x * y + 4 * (y**4 - y**2)
    ),
    "mccormick": lambda x, y: sin(x + y) + (x - y) ** 2 - 3 * x / 2 + 5 * y / 2 + 1,
}
PLACES = [(0.75, -0.5), (-1.25, 0.875), (1.5, 0.375)]

cases = []
for name, function in SURFACES.items():
    count = function.__code__.co_argcount
    orders = [(1, 0), (0, 1)] if count == 2 else [1]
    for place in PLACES:
        point = tuple(mpf(x) for x in place[:count])
        at = point if count == 2 else point[0]
        cases.append(
            {
                "surface": name,
                "place": place[:count],
                "value": float(function(*point)),
                "gradient": [float(diff(function, at, order)) for order in orders],
            }
        )

with open(sys.argv[1], "w") as file:
    json.dump({"cases": cases}, file, separators=(",", ":"))
    file.write("\n")
