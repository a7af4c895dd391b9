"""Prints how much F(m×m, 3×3) loses with bfloat16 tiles and weights, for several points.

The relative error (root mean square) of outputs against double precision, for rectified normal
inputs of 128 channels and normal weights. A direct convolution is in the first row.
"""

import numpy as np

generator = np.random.default_rng(1)
CHANNELS, OUTPUTS, TILES = 128, 64, 200


def bfloat16(x):
    bits = np.asarray(x, np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) & np.uint32(0xFFFF0000)).view(np.float32)


def same(x):
    return np.asarray(x, np.float32)


def matrices(points, count):
    factors = [np.prod([p - q for q in points if q != p]) for p in points]
    weights = [[p**k / f for k in range(3)] for p, f in zip(points, factors)] + [[0, 0, 1]]
    outputs = [[p**k for p in points] + [float(k == count - 1)] for k in range(count)]
    inputs = [
        list(np.poly([q for q in points if q != p])[::-1]) + [0.0] for p in points
    ] + [list(np.poly(points)[::-1])]
    return np.array(weights), np.array(outputs), np.array(inputs)


def twice(matrix, values):
    return np.einsum("ij,tcjk,lk->tcil", matrix, values, matrix, optimize=True)


def winograd(x, w, points, count, rounding):
    weights, outputs, inputs = matrices(points, count)
    size = count + 2
    tiles = rounding(twice(inputs, x[:, :, :size, :size])).astype(float)
    kernels = rounding(twice(weights, w)).astype(float)
    return twice(outputs, np.einsum("tcij,ocij->toij", tiles, kernels, optimize=True))


def direct(x, w, count):
    return sum(
        np.einsum("tcxy,oc->toxy", x[:, :, i:i + count, j:j + count], w[:, :, i, j], optimize=True)
        for i in range(3) for j in range(3))


def error(found, expected):
    return np.sqrt(((found - expected) ** 2).sum() / (expected**2).sum())


x = np.maximum(generator.standard_normal((TILES, CHANNELS, 8, 8)), 0)
w = generator.standard_normal((OUTPUTS, CHANNELS, 3, 3))
root = np.sqrt(2)
print(f"{'points beside 0 and infinity':32} bfloat16  float32")
expected = direct(x, w, 4)
half, single = [[f(v).astype(float) for v in (x, w)] for f in (bfloat16, same)]
print(f"{'direct':32} {error(direct(*half, 4), expected):8.4f} "
      f"{error(direct(*single, 4), expected):8.0e}")
for name, points, count in [
    ("F(2x2)  1, -1", [0, 1, -1], 2),
    ("F(3x3)  1, -1, 2", [0, 1, -1, 2], 3),
    ("F(4x4)  1, -1, 2, -2", [0, 1, -1, 2, -2], 4),
    ("F(4x4)  1, -1, 1/2, -2", [0, 1, -1, 0.5, -2], 4),
    ("F(4x4)  3/4, -3/4, 3/2, -3/2", [0, 0.75, -0.75, 1.5, -1.5], 4),
    ("F(4x4)  √½, -√½, √2, -√2", [0, root / 2, -root / 2, root, -root], 4),
    ("F(6x6)  1, -1, 2, -2, 1/2, -1/2", [0, 1, -1, 2, -2, 0.5, -0.5], 6),
]:
    expected = direct(x, w, count)
    losses = [error(winograd(x, w, points, count, f), expected) for f in (bfloat16, same)]
    print(f"{name:32} {losses[0]:8.4f} {losses[1]:8.0e}")
