"""Answers to the lecture's exercises -> Tests/LessonsTests/Fixtures/lessons.json.

Worked out a second time, by PyTorch and NumPy: gradients by autograd, marbles by torch.optim,
networks by torch.nn. By the exercise's key: slide/exercise.
"""

import json
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from architecture import build
from networks import MODELS


def slope(function, place):
    x = torch.tensor(float(place), dtype=torch.float64, requires_grad=True)
    function(x).backward()
    return x.grad.item()


def roll(function, start, optimizer, steps, **settings):
    """The places of a marble: its start, then one for each step."""
    x = torch.tensor(float(start), dtype=torch.float64, requires_grad=True)
    moves = optimizer([x], **settings)
    places = [x.item()]
    for _ in range(steps):
        moves.zero_grad()
        function(x).backward()
        moves.step()
        places.append(x.item())
    return places


def bowl(x):
    return x**2


def two_wells(x):
    return 0.05 * x**4 - 0.6 * x**2 + 0.3 * x + 2


def largest_rate(function, low=0.0, high=10.0):
    """Halves the interval between rates at which the marble comes nearer and gets farther away."""
    while high - low > 1e-9:
        middle = (low + high) / 2
        last = abs(roll(function, 1, torch.optim.SGD, 1, lr=middle)[-1])
        low, high = (middle, high) if last < 1 else (low, middle)
    return low


def count(module):
    return sum(p.numel() for p in module.parameters())


def cross_entropy(*logits):
    return F.cross_entropy(torch.tensor([logits], dtype=torch.float64), torch.tensor([0])).item()


def error_loss(function, error, **settings):
    zero, e = torch.zeros(1, dtype=torch.float64), torch.tensor([error], dtype=torch.float64)
    return function(e, zero, **settings).item()


def receptive_field():
    """Pixels of a row that have a gradient from the middle of the second map."""
    image = torch.zeros(1, 1, 15, 15, requires_grad=True)
    layers = nn.Sequential(nn.Conv2d(1, 1, 3), nn.Conv2d(1, 1, 3))
    for layer in layers:
        nn.init.ones_(layer.weight)
    layers(image)[0, 0, 5, 5].backward()
    return int((image.grad[0, 0].abs().sum(0) > 0).sum())


def step(activation, parameters, values):
    """Gradients of a network of two units, and its parameters after a step with rate 0.5."""
    parameters = torch.tensor(parameters, dtype=torch.float64, requires_grad=True)
    w, b, v, c = parameters.split([4, 2, 4, 2])
    x = torch.tensor(values, dtype=torch.float64)
    hidden = activation(w.view(2, 2) @ x + b)
    F.cross_entropy((v.view(2, 2) @ hidden + c)[None], torch.tensor([0])).backward()
    gradients = parameters.grad.clone()
    torch.optim.SGD([parameters], lr=0.5).step()
    return gradients.tolist(), parameters.tolist()


def minimizer(values):
    """Where the sum of absolute errors is smallest, on a fine grid."""
    grid = np.linspace(0, 15, 15001)
    return float(grid[np.abs(grid[:, None] - np.array(values)).sum(1).argmin()])


def first_minimum(function, start):
    return roll(function, start, torch.optim.SGD, 2000, lr=0.05)[-1]


image = torch.zeros(1, 3, 32, 32)
convolution = nn.Conv2d(3, 8, 3)
batch = torch.zeros(32, 64, 64, 3)
edge = F.conv1d(torch.tensor([[[2.0, 5, 7]]]), torch.tensor([[[-1.0, 0, 1]]]))
window = torch.tensor([[[[1.0, -3], [4, 2]]]])
larger = torch.tensor([[[[1.0, -3], [4, 2.5]]]])
# The order of a checkpoint: w, b, v, c, each matrix row by row.
usual = [0.9, -0.5, -0.4, -0.9, -0.1, 0.2, 0.1, -0.8, -0.7, 0.7, -0.5, 0.6]
gradients, updated = step(torch.sigmoid, usual, [1.0, 0.5])
off, _ = step(torch.relu, [1.0, -1, 2, 1, 0, -1, 1, 2, 0, 1, 0, 0], [1.0, 2])

ANSWERS = {
    "tensors/size": torch.zeros(64, 64, 3).numel(),
    "tensors/place": int(np.ravel_multi_index((1, 2, 0), (4, 4, 3))),
    "tensors/memory": batch.numel() * batch.element_size(),
    "bias/always": float(np.mean(np.repeat(["cat", "dog"], [10, 90]) == "dog")),
    "bias/hidden": float(np.average([0.98, 0.4], weights=[95, 5])),
    "convolution/shape": convolution(image).shape[2],
    "convolution/parameters": count(convolution),
    "convolution/sum": edge.item(),
    "pooling/shape": nn.MaxPool2d(2)(convolution(image)).shape[2],
    "pooling/maximum": F.max_pool2d(window, 2).item(),
    "pooling/change": (F.max_pool2d(larger, 2) - F.max_pool2d(window, 2)).item(),
    "seeing/view": receptive_field(),
    "distances/square": error_loss(F.mse_loss, 2.0),
    "distances/detour": error_loss(F.mse_loss, 2.0) - 2 * error_loss(F.mse_loss, 1.0),
    "objectives/huber": error_loss(F.huber_loss, 3.0, delta=1.0),
    "objectives/slope": slope(bowl, 3),
    "objectives/median": minimizer([1, 2, 12]),
    "classification/coin": cross_entropy(0.0, 0.0),
    "classification/softmax": torch.tensor([2.0, 0.0], dtype=torch.float64).softmax(0)[0].item(),
    "classification/surprise": cross_entropy(np.log(0.01), np.log(0.99)),
    "own-objective/slope": slope(lambda p: (1 - p) ** 4, 0),
    "own-objective/far": 1 / (1 - 0.9) ** 4,
    "bowl/slope": slope(bowl, 3),
    "bowl/step": roll(bowl, 3, torch.optim.SGD, 1, lr=0.1)[1],
    "bowl/steps": int(np.argmax(np.array(roll(bowl, 3, torch.optim.SGD, 99, lr=0.1)) < 0.01)),
    "learning-rate/limit": largest_rate(lambda x: 5 * x**2),
    "learning-rate/jump": roll(bowl, 3, torch.optim.SGD, 1, lr=1.1)[1],
    "learning-rate/perfect": largest_rate(bowl) / 2,
    "local-minima/slope": slope(two_wells, first_minimum(two_wells, 3.8)),
    "local-minima/caught": roll(two_wells, 3.8, torch.optim.SGD, 100, lr=0.1)[-1],
    "local-minima/deep": first_minimum(two_wells, -1),
    "momentum/second": roll(bowl, 3, torch.optim.SGD, 2, lr=0.1, momentum=0.9)[2],
    "momentum/speed": -roll(lambda x: x, 0, torch.optim.SGD, 500, lr=1, momentum=0.9)[500]
    + roll(lambda x: x, 0, torch.optim.SGD, 499, lr=1, momentum=0.9)[499],
    "marbles/adam": 3 - roll(bowl, 3, torch.optim.Adam, 1, lr=0.1)[1],
    "marbles/edge": min(largest_rate(bowl), largest_rate(lambda y: 10 * y**2)),
    "training/steps": len(torch.arange(960).split(32)),
    "training/accuracy": float(np.mean(np.arange(120) < 118)),
    "loss-surface/dimensions": count(build(MODELS["kitten"], 2, 64)),
    "loss-surface/start": float(np.log(2)),
    "loss-surface/cost": np.zeros((25, 25, 64)).size,
    "backpropagation/arrow": gradients[8],
    "backpropagation/relu": off[0],
    "backpropagation/step": updated[0],
    "optimizers/cosine": 0.1 * (1 + float(np.cos(np.pi / 2))) / 2,
    "optimizers/decade": float(np.logspace(-4, -1, 201)[100]),
}

with open(sys.argv[1], "w") as file:
    json.dump({"answers": ANSWERS}, file, indent=1)
    file.write("\n")
