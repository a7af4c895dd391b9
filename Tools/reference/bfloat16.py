"""Rounding to bfloat16 and products of it -> Tests/TensorsTests/Fixtures/bfloat16.json.

Numbers are the bits of float32. They are computed as exact fractions and rounded where processors
round: to bfloat16, and after each addition, of a pair the second product first. Of two that are
equally near the even one is taken; denormal numbers, before and after, are zero.
"""

import json
import sys
from fractions import Fraction

import numpy as np

generator = np.random.default_rng(1)


def nearest(exact, digits=24):
    """The bits of an exact number, rounded to some binary digits."""
    sign, size = (1 << 31 if exact < 0 else 0), abs(exact)
    if size == 0:
        return 0
    exponent = size.numerator.bit_length() - size.denominator.bit_length()
    if Fraction(2) ** exponent > size:
        exponent -= 1
    whole = round(size / Fraction(2) ** (exponent - digits + 1))
    if whole == 1 << digits:
        whole, exponent = whole >> 1, exponent + 1
    if exponent < -126:
        return sign
    if exponent > 127:
        return sign | 0x7F800000
    return sign | (exponent + 127) << 23 | (whole - (1 << digits - 1)) << 24 - digits


def rounded(bits):
    """The bits of a bfloat16 as float32."""
    exponent = bits >> 23 & 0xFF
    if exponent == 0:
        return bits & 0x80000000
    if exponent == 0xFF:
        return bits & 0xFFFF0000 | (0x00400000 if bits & 0x007FFFFF else 0)
    return nearest(fraction(bits), digits=8)


def fraction(bits):
    return Fraction(float(np.uint32(bits).view(np.float32)))


def product(left, right):
    total = 0
    for first in range(0, len(left), 2):
        for place in (first + 1, first):
            exact = fraction(left[place]) * fraction(right[place]) + fraction(total)
            # An exact zero keeps its sign, which is not compared.
            total = nearest(exact)
    return total


def drawn(count, exponents):
    bits = generator.integers(0, 1 << 32, count, dtype=np.uint64).astype(np.uint32)
    chosen = generator.integers(exponents[0], exponents[1] + 1, count).astype(np.uint32)
    return ((bits & np.uint32(0x807FFFFF)) | chosen << 23).tolist()


edges = [
    0, 1 << 31, 1, 0x007FFFFF, 0x00800000, 0x3F800000, 0x3F808000, 0x3F818000, 0x3F807FFF,
    0x3F808001, 0x7F7FFFFF, 0x7F800000, 0xFF800000, 0x7F800001, 0xFFFFFFFF, 0x7FC00000, 0x7F7F7FFF,
]
values = edges + drawn(200, (0, 254))
cases = []
for exponents in [(120, 134), (124, 128), (58, 70), (1, 90)]:
    for count in (2, 8, 40):
        left, right = drawn(count, exponents), drawn(count, exponents)
        total = product([rounded(bits) for bits in left], [rounded(bits) for bits in right])
        cases.append({"left": left, "right": right, "sum": total})
# 2⁻¹²⁶ less a quarter of its last digit is below it, and becomes zero.
edge = [[0x1A000000, 0x3F800000], [0x9A000000, 0x00800000]]
cases.append({"left": edge[0], "right": edge[1], "sum": product(*edge)})

with open(sys.argv[1], "w") as file:
    json.dump({
        "values": values, "rounded": [rounded(bits) for bits in values], "products": cases,
    }, file, separators=(",", ":"))
    file.write("\n")
