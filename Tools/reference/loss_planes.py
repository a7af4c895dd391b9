"""Planes of loss surfaces -> Tests/TrainingTests/Fixtures/loss-planes.json.

Principal components of snapshots by NumPy's singular values, and directions whose filters have the
lengths of a network's by PyTorch.
"""

import json
import sys

import numpy as np
import torch

from hashed import hashed

SNAPSHOTS, PARAMETERS = 7, 40
SHAPE = (4, 3, 3, 3)


def snapshots():
    """A path that bends: every snapshot moves on, less and less."""
    steps = np.stack([hashed(index, PARAMETERS) / (index + 1) for index in range(SNAPSHOTS)])
    return np.cumsum(steps, axis=0, dtype=np.float32).astype(np.float64)


def principal(points):
    centered = points - points.mean(0)
    _, singular, directions = np.linalg.svd(centered, full_matrices=False)
    offsets = points - points[-1]
    chosen = directions[:2]
    chosen = chosen * np.where(chosen @ offsets[0] < 0, -1, 1)[:, None]
    places = offsets @ chosen.T
    rest = np.linalg.norm(offsets - places @ chosen, axis=1)
    return {
        "explained": (singular[:2] ** 2 / (singular**2).sum()).tolist(),
        "places": places.tolist(),
        "distances": rest.tolist(),
    }


def normalized():
    count = int(np.prod(SHAPE))
    weights = torch.from_numpy(hashed(100, count)).reshape(SHAPE).double()
    noise = torch.from_numpy(hashed(101, count)).reshape(SHAPE).double()
    dimensions = (1, 2, 3)
    lengths = torch.linalg.vector_norm(weights, dim=dimensions, keepdim=True)
    own = torch.linalg.vector_norm(noise, dim=dimensions, keepdim=True)
    return (noise * lengths / (own + 1e-10)).flatten().tolist()


with open(sys.argv[1], "w") as file:
    json.dump(
        {"principal": principal(snapshots()), "normalized": normalized()},
        file,
        separators=(",", ":"),
    )
    file.write("\n")
