"""Steps of PyTorch's optimizers -> Tests/OptimizationTests/Fixtures/optimizers.json.

Every case starts from hashed parameters and takes steps along hashed gradients that change from
step to step (stream 100 + step), so that wrong moments cannot hide.
"""

import json
import sys

import torch

from hashed import hashed

COUNT = 7
STEPS = [1, 2, 10, 100]
CASES = [
    ("sgd", 0.1, {}, lambda p: torch.optim.SGD(p, lr=0.1)),
    ("sgd", 0.1, {"weight_decay": 0.01}, lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.01)),
    ("momentum", 0.05, {"momentum": 0.9}, lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9)),
    (
        "momentum",
        0.05,
        {"momentum": 0.8, "nesterov": True, "weight_decay": 0.001},
        lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8, nesterov=True, weight_decay=0.001),
    ),
    ("adam", 0.01, {}, lambda p: torch.optim.Adam(p, lr=0.01)),
    ("adam", 0.01, {"weight_decay": 0.1}, lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.1)),
]


def run(name, rate, options, make):
    parameters = torch.nn.Parameter(torch.from_numpy(hashed(1, COUNT)))
    optimizer = make([parameters])
    snapshots = {}
    for step in range(1, max(STEPS) + 1):
        parameters.grad = torch.from_numpy(hashed(100 + step, COUNT))
        optimizer.step()
        if step in STEPS:
            snapshots[str(step)] = [float(f"{x:.9g}") for x in parameters.tolist()]
    return {"optimizer": name, "learning_rate": rate, **options, "parameters": snapshots}


with open(sys.argv[1], "w") as file:
    json.dump({"torch": torch.__version__, "count": COUNT, "cases": [run(*c) for c in CASES]}, file, indent=1)
    file.write("\n")
