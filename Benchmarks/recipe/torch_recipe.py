"""The recipe of a short budget in PyTorch, for `same_recipe.py`.

Reads one line of JSON from standard input: the files and classes of the training and test images,
the network, the sizes and the choices. Prints one line: seconds of loading, seconds of training,
images of the test part that are right.
"""

import json
import math
import multiprocessing
import sys
import time

import numpy
import torch
from PIL import Image
from torch import nn

from architecture import build

MUON = (3.4445, -4.7750, 2.0315)


def load(arguments):
    """An image, its middle square, at the size of the network."""
    path, size = arguments
    with Image.open(path) as image:
        image.draft("RGB", (size, size))
        image = image.convert("RGB")
        side = min(image.size)
        left, top = ((extent - side) // 2 for extent in image.size)
        box = (left, top, left + side, top + side)
        return numpy.asarray(image.resize((size, size), Image.Resampling.BILINEAR, box=box))


class Muon:
    """Momentum made orthogonal for matrices, AdamW for vectors, as in Marbles."""

    def __init__(self, network, iterations, decay):
        parameters = list(network.parameters())
        self.matrices = [p for p in parameters if p.dim() > 1]
        vectors = [p for p in parameters if p.dim() < 2]
        self.momenta = [torch.zeros_like(p) for p in self.matrices]
        self.vectors = torch.optim.AdamW(vectors, lr=1, weight_decay=0, fused=True)
        self.iterations, self.decay = iterations, decay

    def zero_grad(self):
        self.vectors.zero_grad(set_to_none=True)
        for matrix in self.matrices:
            matrix.grad = None

    @torch.no_grad()
    def step(self, rate):
        self.vectors.param_groups[0]["lr"] = 0.2 * rate
        self.vectors.step()
        for matrix, momentum in zip(self.matrices, self.momenta):
            momentum.lerp_(matrix.grad, 0.05)
            update = matrix.grad.lerp(momentum, 0.95).reshape(len(matrix), -1)
            wide = update.shape[0] > update.shape[1]
            update = update.T if wide else update
            update = update / max(float(update.norm()), 1e-7)
            for _ in range(self.iterations):
                gram = update @ update.T
                update = MUON[0] * update + (MUON[1] * gram + MUON[2] * gram @ gram) @ update
            update = update.T if wide else update
            scale = max(1, update.shape[0] / update.shape[1]) ** 0.5
            matrix.mul_(1 - rate * self.decay).add_(
                update.reshape(matrix.shape), alpha=-rate * scale
            )


def triangle(place):
    """From a fifth of the rate up to it over 23% of the run, and down to 7%."""
    if place < 0.23:
        return 0.2 + 0.8 * place / 0.23
    return 1 - 0.93 * (place - 0.23) / 0.77


def augmented(images, mirrored, generator):
    """Mirrored as told, and shifted by up to a sixteenth; uncovered pixels are reflected."""
    size = images.shape[-1]
    most = size // 16
    padded = nn.functional.pad(images, (most,) * 4, mode="reflect")
    shifts = torch.randint(0, 2 * most + 1, (len(images), 2), generator=generator).tolist()
    out = torch.empty_like(images)
    for index, (down, right) in enumerate(shifts):
        image = padded[index, :, down : down + size, right : right + size]
        out[index] = image.flip(2) if mirrored[index] else image
    return out


def main():
    request = json.loads(sys.stdin.readline())
    torch.manual_seed(request["seed"])
    torch.set_num_threads(request["threads"])
    torch.set_flush_denormal(True)
    size, batch = request["size"], request["batch"]
    start = time.perf_counter()
    with multiprocessing.Pool(request["threads"]) as pool:
        train, test = (
            numpy.stack(pool.map(load, [(path, size) for path in part["paths"]], chunksize=64))
            for part in (request["train"], request["test"])
        )
    mean = torch.tensor(train.mean((0, 1, 2)) / 255, dtype=torch.float32).view(3, 1, 1)
    deviation = torch.tensor(train.std((0, 1, 2)) / 255, dtype=torch.float32).view(3, 1, 1)

    def tensor(images, size):
        images = torch.from_numpy(images).permute(0, 3, 1, 2).float().div_(255)
        if images.shape[-1] != size:
            images = nn.functional.interpolate(
                images, size=(size, size), mode="bilinear", antialias=True
            )
        return images.sub_(mean).div_(deviation)

    labels = torch.tensor(request["train"]["classes"])
    loaded = time.perf_counter() - start

    start = time.perf_counter()
    network = build(request["architecture"], 2, size)
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    network = network.to(memory_format=torch.channels_last).train()
    run = torch.compile(network) if request["compile"] else network
    optimizer = Muon(network, 3, 0.1)
    objective = nn.CrossEntropyLoss(label_smoothing=0.1)
    generator = torch.Generator().manual_seed(request["seed"])
    sides = torch.rand(len(labels), generator=generator) < 0.5
    passes = request["passes"]
    per_pass = math.ceil(len(labels) / batch)
    for epoch in range(passes):
        now = next(size for size, end in request["sizes"] if epoch / passes < end)
        order = torch.randperm(len(labels), generator=generator)
        for step, indices in enumerate(order.split(batch)):
            mirrored = (sides[indices] ^ bool(epoch % 2)).tolist()
            images = augmented(tensor(train[indices.numpy()], now), mirrored, generator)
            images = images.contiguous(memory_format=torch.channels_last)
            optimizer.zero_grad()
            objective(run(images), labels[indices]).backward()
            place = (epoch * per_pass + step) / (passes * per_pass)
            optimizer.step(request["rate"] * triangle(place))
    trained = time.perf_counter() - start

    network.eval()
    right = 0
    with torch.inference_mode():
        for first in range(0, len(test), 64):
            some = tensor(test[first : first + 64], size)
            answers = network(some.contiguous(memory_format=torch.channels_last)).argmax(1)
            classes = torch.tensor(request["test"]["classes"][first : first + 64])
            right += int((answers == classes).sum())
    print(json.dumps({"loading": loaded, "training": trained, "right": right}), flush=True)


if __name__ == "__main__":
    main()
