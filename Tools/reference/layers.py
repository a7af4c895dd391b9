"""Forward and backward passes of single layers by PyTorch, computed for the cases in
Tests/ConvNetTests/Fixtures/layers.json and written back there.

A case is a line of that file. A new one needs "layer", the layer as written in an architecture, and
"input_shape" (batch, channels, height, width); for a layer that `architecture.build` does not know,
also "torch", an expression of `nn` and `channels` that makes the module.

Inputs, arrays and output gradients are hashed numbers (see hashed.py) in file order: images
[batch, channels, height, width]. The loss is the sum of output x output gradient. PyTorch computes
in double precision, so that the difference is Marbles' own error.
"""

import json
import sys

import torch
from torch import nn

from architecture import build
from hashed import hashed


def module(case):
    shape = case["input_shape"]
    if "torch" in case:
        return eval(case["torch"], {"nn": nn, "channels": shape[1]})
    return build(case["layer"] + ", flatten, dense", 2, tuple(shape[2:]), channels=shape[1])[0]


def numbers(tensor):
    return [float(f"{x:.7g}") for x in tensor.detach().flatten().tolist()]


def run(number, case):
    layer = module(case).double().train()
    state = {name: value for name, value in layer.state_dict().items() if "num_batches" not in name}
    for index, (name, value) in enumerate(state.items()):
        values = torch.from_numpy(hashed(1000 * number + index, value.numel())).double()
        value.copy_((1.5 + values if name.endswith("running_var") else values).view_as(value))
    shape = torch.Size(case["input_shape"])
    values = torch.from_numpy(hashed(1000 * number + 500, shape.numel())).double()
    x = values.view(shape).clone().requires_grad_(True)
    y = layer(x)
    gradient = torch.from_numpy(hashed(1000 * number + 600, y.numel())).double().view_as(y)
    (y * gradient).sum().backward()
    written = {key: case[key] for key in ("layer", "torch", "input_shape") if key in case}
    return written | {
        "number": number,
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


with open(sys.argv[1]) as file:
    cases = json.load(file)["cases"]
lines = [
    json.dumps(run(number, case), separators=(",", ":"))
    for number, case in enumerate(cases, start=1)
]
with open(sys.argv[1], "w") as file:
    file.write(f'{{"torch":"{torch.__version__}","cases":[\n' + ",\n".join(lines) + "\n]}\n")
