"""Losses of 50 training steps by PyTorch -> Tests/ConvNetTests/Fixtures/training.json.

Weights and images are hashed numbers (see hashed.py), four fixed batches take turns, and the
optimizer is SGD with momentum. PyTorch computes once in single and once in double precision: how
far these two are apart is what rounding alone does.
"""

import json
import sys

import torch
from torch import nn

from architecture import build
from hashed import hashed
from networks import MODELS, fill

STEPS, BATCHES, MOMENTUM = 50, 4, 0.9
# Model, image size, batch, learning rate: low enough that rounding does not grow into another
# course.
CASES = [("lecture", 64, 8, 1e-3), ("tabby", 64, 8, 5e-3), ("resnet9", 32, 4, 3e-4)]


def train(text, size, batch, rate, precision):
    network = build(text, 2, size)
    fill(network)
    # Undecided, as a fresh network: a head as wide as other layers begins with jumps.
    with torch.no_grad():
        network[-1].weight.mul_(0.1)
    network = network.to(precision).train()
    optimizer = torch.optim.SGD(network.parameters(), lr=rate, momentum=MOMENTUM)
    objective = nn.CrossEntropyLoss()
    batches = [
        torch.from_numpy(hashed(20_000 + index, batch * 3 * size * size))
        .view(batch, 3, size, size)
        .to(precision)
        for index in range(BATCHES)
    ]
    targets = torch.arange(batch) % 2
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = objective(network(batches[step % BATCHES]), targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    network.eval()
    with torch.no_grad():
        logits = network(batches[0])
    return losses, objective(logits, targets).item()


def case(model, size, batch, rate):
    # The numbers that dropout draws are nobody else's.
    text = MODELS[model].replace("dropout 0.5, ", "")
    losses, final = train(text, size, batch, rate, torch.float32)
    exact, _ = train(text, size, batch, rate, torch.float64)
    rounding = max(abs(a - b) for a, b in zip(losses, exact))
    print(
        f"{model} at {size}: {losses[0]:.4f} to {losses[-1]:.4f}, rounding {rounding:.2g}",
        flush=True,
    )
    return {
        "model": model,
        "architecture": text,
        "image_size": size,
        "batch": batch,
        "batches": BATCHES,
        "rate": rate,
        "momentum": MOMENTUM,
        "losses": [float(f"{loss:.7g}") for loss in losses],
        "inference_loss": final,
        "rounding": rounding,
    }


if __name__ == "__main__":
    cases = [case(*arguments) for arguments in CASES]
    with open(sys.argv[1], "w") as file:
        json.dump({"torch": torch.__version__, "cases": cases}, file, indent=1)
        file.write("\n")
