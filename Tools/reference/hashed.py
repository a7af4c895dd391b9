"""Numbers that Python and Swift can both make from an index, so that none need to be committed.

`hashed(stream, count)` gives uniform numbers in [-1, 1) from SplitMix64's mixing function of
(stream << 32) + index; the Swift twin is `hashedNumbers(stream:count:)` in Tests/TestSupport.
"""

import numpy as np


def hashed(stream: int, count: int) -> np.ndarray:
    with np.errstate(over="ignore"):
        z = (np.uint64(stream) << np.uint64(32)) + np.arange(count, dtype=np.uint64)
        z = z + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return ((z >> np.uint64(40)).astype(np.float64) / 2**23 - 1).astype(np.float32)
