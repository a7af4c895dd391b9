"""Forward and backward passes of single layers by PyTorch -> Tests/ConvNetTests/Fixtures/layers.json.

Inputs, weights and output gradients are hashed numbers (see hashed.py) in file order: images
[batch, channels, height, width]. The loss is the sum of output x output gradient.
"""

import json
import sys

import torch
from torch import nn

from hashed import hashed

CASES = [
    # token, module, input shape
    ("conv 4 3x3", lambda: nn.Conv2d(3, 4, 3, padding=1), (2, 3, 5, 7)),
    ("conv 4 3x3 no-bias", lambda: nn.Conv2d(3, 4, 3, padding=1, bias=False), (1, 3, 4, 4)),
    ("conv 5 1x1", lambda: nn.Conv2d(2, 5, 1), (3, 2, 3, 4)),
    ("conv 3 2x2 stride 2 padding valid", lambda: nn.Conv2d(3, 3, 2, stride=2), (2, 3, 6, 5)),
    ("conv 2 5x5", lambda: nn.Conv2d(2, 2, 5, padding=2), (2, 2, 6, 4)),
    ("conv 2 3x3 padding valid", lambda: nn.Conv2d(3, 2, 3), (1, 3, 5, 6)),
    ("conv 3 3x3 stride 3 padding 1", lambda: nn.Conv2d(1, 3, 3, stride=3, padding=1), (2, 1, 7, 8)),
    ("conv 2 2x2 stride 3 padding valid", lambda: nn.Conv2d(2, 2, 2, stride=3), (2, 2, 8, 8)),
    ("pool 2", lambda: nn.MaxPool2d(2), (2, 3, 6, 5)),
    ("pool 3", lambda: nn.MaxPool2d(3), (1, 2, 7, 9)),
    ("average-pool 2", lambda: nn.AvgPool2d(2), (2, 3, 4, 6)),
    ("global-pool", lambda: nn.AdaptiveAvgPool2d(1), (2, 4, 3, 5)),
    ("batchnorm", lambda: nn.BatchNorm2d(4), (3, 4, 3, 2)),
    ("relu", lambda: nn.ReLU(), (2, 3, 3, 3)),
    ("flatten", lambda: nn.Flatten(), (2, 3, 2, 4)),
    ("dense 6", lambda: nn.Linear(5, 6), (4, 5, 1, 1)),
]


def numbers(tensor):
    return [float(f"{x:.8g}") for x in tensor.detach().flatten().tolist()]


def run(number, token, make, shape):
    module = make()
    module.train()
    with torch.no_grad():
        for index, parameter in enumerate(module.parameters()):
            parameter.copy_(
                torch.from_numpy(hashed(1000 * number + index, parameter.numel())).view_as(parameter)
            )
    flat = isinstance(module, nn.Linear)
    values = torch.from_numpy(hashed(1000 * number + 500, torch.Size(shape).numel()))
    x = values.view(shape[:2] if flat else shape).clone().requires_grad_(True)
    y = module(x)
    gradient = torch.from_numpy(hashed(1000 * number + 600, y.numel())).view_as(y)
    (y * gradient).sum().backward()
    return {
        "number": number,
        "token": token,
        "input_shape": list(shape),
        "output_shape": list(y.shape) + [1] * (4 - y.dim()),
        "output": numbers(y),
        "input_gradient": numbers(x.grad),
        "parameter_gradients": [numbers(p.grad) for p in module.parameters()],
        "statistics": [numbers(b) for n, b in module.named_buffers() if "num_batches" not in n],
    }


cases = [run(number, *case) for number, case in enumerate(CASES, start=1)]
with open(sys.argv[1], "w") as file:
    json.dump({"torch": torch.__version__, "cases": cases}, file, indent=None, separators=(",", ":"))
    file.write("\n")
