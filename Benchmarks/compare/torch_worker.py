"""PyTorch for `worker.serve`:  torch_worker.py CHECKPOINT plain|best|compiled

plain: as most people run it. best: channels_last, fused Adam, denormals flushed (the caller tunes
the allocator). compiled: best, through torch.compile.
"""

import sys

import torch
from safetensors.torch import load_file
from torch import nn

from worker import checkpoint, serve
from architecture import build

RATE = 1e-4


class Engine:
    def __init__(self, path, mode):
        description = checkpoint(path)
        self.path, self.mode = path, mode
        self.size, self.text = description["image_size"], description["architecture"]
        self.layout = torch.contiguous_format if mode == "plain" else torch.channels_last
        if mode != "plain":
            torch.set_flush_denormal(True)

    def network(self):
        network = build(self.text, 2, self.size)
        network.load_state_dict(load_file(self.path), strict=False)
        return network.to(memory_format=self.layout)

    def tensor(self, images):
        return torch.from_numpy(images).permute(0, 3, 1, 2).contiguous(memory_format=self.layout)

    def step(self, network, optimizer):
        objective = nn.CrossEntropyLoss()
        if self.mode == "compiled":
            network = torch.compile(network, dynamic=False)

        def step(images, targets):
            optimizer.zero_grad(set_to_none=True)
            loss = objective(network(images), targets)
            loss.backward()
            optimizer.step()
            return loss.item()

        return step

    def losses(self, batches, targets, rate):
        network = self.network().train()
        step = self.step(network, torch.optim.SGD(network.parameters(), lr=rate))
        targets = torch.from_numpy(targets)
        return [step(self.tensor(images), targets) for images in batches]

    def trainer(self, images, targets):
        network = self.network().train()
        fused = None if self.mode == "plain" else True
        step = self.step(network, torch.optim.Adam(network.parameters(), lr=RATE, fused=fused))
        images, targets = self.tensor(images), torch.from_numpy(targets)
        return lambda: step(images, targets)

    def predictor(self, images):
        network, images = self.network().eval(), self.tensor(images)
        if self.mode == "compiled":
            network = torch.compile(network, dynamic=False)

        def predict():
            with torch.inference_mode():
                network(images)

        return predict


if __name__ == "__main__":
    engine = Engine(sys.argv[1], sys.argv[2])
    serve(engine, engine.size)
