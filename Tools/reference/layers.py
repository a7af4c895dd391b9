"""Forward and backward passes of single layers by PyTorch ->
Tests/ConvNetTests/Fixtures/layers.json.

Inputs, arrays and output gradients are hashed numbers (see hashed.py) in file order: images
[batch, channels, height, width]. The loss is the sum of output x output gradient. PyTorch computes
in double precision, so that the difference is Marbles' own error.
"""

import json
import sys

import torch

from architecture import build
from hashed import hashed

# The layer as written in an architecture, and what reaches it: batch, channels, height, width.
CASES = [
    ("conv 4 3x3", (2, 3, 5, 7)),
    ("conv 4 3x3 no-bias", (1, 3, 4, 4)),
    ("conv 5 1x1", (3, 2, 3, 4)),
    ("conv 3 2x2 stride 2", (2, 3, 6, 5)),
    ("conv 3 2x2 stride 2 padding valid", (2, 3, 6, 5)),
    ("conv 2 5x5", (2, 2, 6, 4)),
    ("conv 2 3x3 padding valid", (1, 3, 5, 6)),
    ("conv 3 3x3 stride 3 padding 1", (2, 1, 7, 8)),
    ("conv 2 2x2 stride 3 padding valid", (2, 2, 8, 8)),
    ("conv 3 1x1 stride 2", (2, 3, 5, 5)),
    ("conv 2 2x2 stride 4 padding valid", (1, 2, 7, 10)),
    ("conv 2 7x7 stride 2 padding 3", (1, 3, 9, 11)),
    ("conv 3 3x3", (2, 4, 1, 1)),
    ("conv 2 5x5", (3, 2, 2, 2)),
    ("conv 3 3x1", (2, 2, 4, 5)),
    ("conv 3 1x3 no-bias", (1, 2, 5, 3)),
    ("conv 2 5x2 stride 2", (2, 2, 7, 6)),
    ("conv 2 4x4", (2, 2, 5, 5)),
    ("conv 3 3x3 stride 2", (2, 2, 6, 7)),
    ("conv 3 3x3 stride 2", (1, 2, 1, 2)),
    ("conv 19 3x3 no-bias", (1, 9, 5, 3)),
    ("conv 16 3x3", (1, 8, 6, 7)),
    ("conv 3 3x3 padding 2", (9, 1, 3, 2)),
    ("conv 6 3x3 groups 2", (2, 4, 5, 4)),
    ("conv 4 1x1 groups 4", (1, 4, 3, 3)),
    ("conv 6 2x2 groups 3 stride 2 padding valid no-bias", (2, 6, 5, 7)),
    ("conv 8 3x3 groups 4", (2, 4, 3, 3)),
    ("depthwise 3x3", (2, 5, 5, 6)),
    ("depthwise 3x3 stride 2", (1, 3, 7, 5)),
    ("depthwise 5x5 padding 2 no-bias", (2, 4, 4, 3)),
    ("depthwise 2x2 stride 3 padding valid", (9, 2, 5, 8)),
    ("depthwise 3x3", (2, 17, 1, 1)),
    ("depthwise 3x1", (1, 3, 4, 2)),
    ("pool 2", (2, 3, 6, 5)),
    ("pool 3", (1, 2, 7, 9)),
    ("pool 3 stride 2 padding 1", (2, 3, 7, 6)),
    ("pool 2 stride 1", (1, 2, 4, 5)),
    ("pool 2 stride 3", (2, 2, 6, 8)),
    ("pool 3x2 stride 1", (2, 2, 5, 4)),
    ("pool 2 padding same", (1, 3, 5, 7)),
    ("pool 5 stride 1 padding 2", (1, 2, 4, 3)),
    ("pool 3 stride 2 padding 1", (2, 5, 1, 1)),
    ("average-pool 2", (2, 3, 4, 6)),
    ("average-pool 3 stride 2 padding 1", (2, 3, 7, 6)),
    ("average-pool 2 stride 3", (1, 2, 6, 8)),
    ("average-pool 3x2 stride 1", (2, 2, 5, 4)),
    ("average-pool 2 padding same", (1, 3, 5, 7)),
    ("average-pool 3 stride 1 padding 1", (2, 5, 1, 1)),
    ("global-pool", (2, 4, 3, 5)),
    ("global-pool", (1, 3, 1, 1)),
    ("global-max-pool", (2, 4, 3, 5)),
    ("global-max-pool", (1, 3, 1, 1)),
    ("batchnorm", (3, 4, 3, 2)),
    ("batchnorm", (17, 5, 1, 1)),
    ("batchnorm", (1, 3, 5, 7)),
    ("batchnorm momentum 0.6", (2, 3, 3, 3)),
    ("batchnorm epsilon 0.25", (2, 3, 3, 3)),
    ("batchnorm frozen", (2, 3, 3, 3)),
    ("relu", (2, 3, 3, 3)),
    ("relu", (1, 7, 1, 1)),
    ("leaky-relu", (2, 3, 3, 3)),
    ("leaky-relu 0.25", (1, 3, 1, 1)),
    ("gelu", (2, 3, 5, 3)),
    ("gelu tanh", (2, 3, 5, 3)),
    ("silu", (1, 3, 5, 3)),
    ("sigmoid", (1, 3, 5, 3)),
    ("tanh", (1, 3, 5, 3)),
    ("dropout 0", (2, 3, 3, 2)),
    ("flatten", (2, 3, 2, 4)),
    ("flatten", (1, 5, 1, 1)),
    ("dense 6", (4, 5, 1, 1)),
    ("dense 3 no-bias", (1, 7, 1, 1)),
    ("dense 17", (2, 19, 1, 1)),
    ("dense 3 frozen", (2, 5, 1, 1)),
    ("conv 3 3x3 frozen", (2, 2, 4, 4)),
    ("residual (conv 3 3x3, relu)", (2, 3, 4, 5)),
    ("residual (conv 2 3x3 no-bias, batchnorm) shortcut (conv 2 1x1)", (3, 3, 1, 1)),
    (
        "residual (conv 4 3x3 stride 2 no-bias, batchnorm, silu, conv 4 3x3) "
        "shortcut (conv 4 1x1 stride 2 no-bias)",
        (2, 3, 5, 5),
    ),
    ("residual (conv 2 3x3 frozen, batchnorm frozen, tanh)", (2, 2, 3, 4)),
    ("residual (residual (depthwise 3x3, gelu), conv 2 1x1)", (1, 2, 4, 3)),
]


def numbers(tensor):
    return [float(f"{x:.7g}") for x in tensor.detach().flatten().tolist()]


def run(number, text, shape):
    head = ", flatten, dense"
    layer = build(text + head, 2, shape[2:], channels=shape[1])[0].double().train()
    state = {name: value for name, value in layer.state_dict().items() if "num_batches" not in name}
    for index, (name, value) in enumerate(state.items()):
        values = torch.from_numpy(hashed(1000 * number + index, value.numel())).double()
        value.copy_((1.5 + values if name.endswith("running_var") else values).view_as(value))
    values = torch.from_numpy(hashed(1000 * number + 500, torch.Size(shape).numel())).double()
    x = values.view(shape).clone().requires_grad_(True)
    y = layer(x)
    gradient = torch.from_numpy(hashed(1000 * number + 600, y.numel())).double().view_as(y)
    (y * gradient).sum().backward()
    return {
        "number": number,
        "token": text,
        "input_shape": list(shape),
        "output_shape": list(y.shape) + [1] * (4 - y.dim()),
        "names": list(state),
        "output": numbers(y),
        "input_gradient": numbers(x.grad),
        "parameter_gradients": {
            name: numbers(value.grad)
            for name, value in layer.named_parameters()
            if value.requires_grad
        },
        "statistics": {name: numbers(value) for name, value in state.items() if "running" in name},
    }


cases = [run(number, *case) for number, case in enumerate(CASES, start=1)]
with open(sys.argv[1], "w") as file:
    json.dump(
        {"torch": torch.__version__, "cases": cases}, file, indent=None, separators=(",", ":")
    )
    file.write("\n")
