"""Small networks, number by number -> Tests/TrainingTests/Fixtures/backprop.json.

Loss, gradients and one step of gradient descent by PyTorch in double precision. Parameters are in
file order; inputs row by row, the channels of a pixel together.
"""

import json
import sys

import torch
from torch import nn

from hashed import hashed

torch.set_default_dtype(torch.float64)
LEARNING_RATE = 0.5


def dense(inputs, outputs):
    return nn.Linear(inputs, outputs)


CASES = [
    ("dense 2, sigmoid, dense", (1, 1, 2), [1, 0], "cross-entropy",
     lambda: nn.Sequential(nn.Flatten(), dense(2, 2), nn.Sigmoid(), dense(2, 2))),
    ("dense 3, tanh, dense", (1, 1, 3), [0.2, 0.5, 0.3], "cross-entropy",
     lambda: nn.Sequential(nn.Flatten(), dense(3, 3), nn.Tanh(), dense(3, 3))),
    ("dense 7, leaky-relu 0.1, dense", (1, 1, 2), [0, 1], "cross-entropy",
     lambda: nn.Sequential(nn.Flatten(), dense(2, 7), nn.LeakyReLU(0.1), dense(7, 2))),
    ("dense 4, relu, dense", (1, 1, 2), [0.8], "mse",
     lambda: nn.Sequential(nn.Flatten(), dense(2, 4), nn.ReLU(), dense(4, 1))),
    ("dense 2, gelu, dense 2, silu, dense", (1, 1, 2), [2, -1], "mse",
     lambda: nn.Sequential(
         nn.Flatten(), dense(2, 2), nn.GELU(), dense(2, 2), nn.SiLU(), dense(2, 2))),
    ("dense 2, gelu tanh, dense 2, prelu 0.3, dense", (1, 1, 2), [1, 0], "huber",
     lambda: nn.Sequential(
         nn.Flatten(), dense(2, 2), nn.GELU(approximate="tanh"), dense(2, 2), nn.PReLU(2),
         dense(2, 2))),
    ("conv 2 2x2 padding valid, relu, pool 2, flatten, dense", (3, 3, 1), [1, 0],
     "cross-entropy",
     lambda: nn.Sequential(
         nn.Conv2d(1, 2, 2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), dense(2, 2))),
    ("conv 1 3x3 padding 1 stride 2, average-pool 2, flatten, dense", (4, 4, 2), [0, 1],
     "cross-entropy",
     lambda: nn.Sequential(
         nn.Conv2d(2, 1, 3, stride=2, padding=1), nn.AvgPool2d(2), nn.Flatten(), dense(1, 2))),
    ("depthwise 2x2 padding valid, batchnorm, sigmoid, global-pool, flatten, dense", (3, 3, 2),
     [1, 0], "cross-entropy",
     lambda: nn.Sequential(
         nn.Conv2d(2, 2, 2, groups=2), nn.BatchNorm2d(2), nn.Sigmoid(), nn.AdaptiveAvgPool2d(1),
         nn.Flatten(), dense(2, 2))),
    ("conv 2 2x2 groups 2 padding valid, dropout 0.3, global-max-pool, flatten, dense",
     (3, 3, 2), [0, 1], "cross-entropy",
     lambda: nn.Sequential(
         nn.Conv2d(2, 2, 2, groups=2), nn.Dropout(0.3), nn.AdaptiveMaxPool2d(1), nn.Flatten(),
         dense(2, 2))),
]


def loss_of(logits, target, objective):
    if objective == "cross-entropy":
        return -(target * torch.log_softmax(logits, 0)).sum()
    if objective == "huber":
        return nn.functional.huber_loss(logits, target)
    return ((logits - target) ** 2).mean()


def case(index, text, shape, target, objective, make):
    network = make().eval()
    drawn = torch.tensor(hashed(index, 64).astype("float64"))
    start = 0
    with torch.no_grad():
        for parameter in network.parameters():
            values = drawn[start:start + parameter.numel()]
            parameter.copy_(values.reshape(parameter.shape))
            start += parameter.numel()
    height, width, channels = shape
    count = height * width * channels
    image = torch.tensor(hashed(100 + index, count).astype("float64"), requires_grad=True)
    wanted = torch.tensor(target, dtype=torch.float64)

    def evaluate():
        pixels = image.reshape(1, height, width, channels).permute(0, 3, 1, 2)
        return loss_of(network(pixels)[0], wanted, objective)

    loss = evaluate()
    loss.backward()
    gradients = [p.grad.flatten().tolist() for p in network.parameters()]
    with torch.no_grad():
        for parameter in network.parameters():
            parameter -= LEARNING_RATE * parameter.grad
    return {
        "architecture": text, "shape": shape, "target": target, "objective": objective,
        "parameters": drawn[:start].tolist(), "input": image.tolist(), "loss": loss.item(),
        "parameter_gradients": sum(gradients, []), "input_gradients": image.grad.tolist(),
        "loss_after": evaluate().item(),
    }


cases = [case(index, *content) for index, content in enumerate(CASES)]
with open(sys.argv[1], "w") as file:
    json.dump({"learning_rate": LEARNING_RATE, "cases": cases}, file, separators=(",", ":"))
    file.write("\n")
