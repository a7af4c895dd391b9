"""Logits of whole networks by PyTorch -> Tests/ConvNetTests/Fixtures/networks.json.

networks.py OUTPUT.json             reference logits for hashed weights and images
networks.py --check CHECKPOINT PREDICTIONS.json
                                    compares a real checkpoint on images that already have
                                    the network's size; the JSON is what
                                    `marbles predict CHECKPOINT FILE... --json` printed
"""

import json
import sys

import torch
from torch import nn

from architecture import build
from hashed import hashed


def cat(groups):
    return ", ".join(
        ["conv 24 2x2 stride 2 no-bias, batchnorm, relu", *groups, "global-pool, flatten, dense"]
    )


def plain(channels):
    return f"conv {channels} 3x3 no-bias, batchnorm, relu"


def pooled(channels):
    return f"conv {channels} 3x3 no-bias, pool 2, batchnorm, relu"


def residual(channels):
    return f"residual ({plain(channels)}, {plain(channels)})"


MODELS = {
    "kitten": cat(f"{pooled(c)}, {plain(c)}" for c in (32, 64, 128)),
    "tabby": cat(f"{pooled(c)}, {plain(c)}" for c in (64, 128, 256)),
    "panther": cat([f"{pooled(c)}, {residual(c)}" for c in (64, 128, 256)] + [plain(384)]),
    "lecture": ", ".join(f"conv {c} 3x3, relu, pool 2" for c in (32, 64, 128, 128))
    + ", flatten, dropout 0.5, dense 512, relu, dense",
    "resnet9": ", ".join(
        [plain(64), plain(128), "pool 2", residual(128), plain(256), "pool 2"]
        + [plain(512), "pool 2", residual(512), "global-max-pool, flatten, dense"]
    ),
    "linear": "flatten, dense",
    "lenet": ", ".join(f"conv {c} 5x5, tanh, average-pool 2" for c in (6, 16))
    + ", flatten, dense 120, tanh, dense 84, tanh, dense",
}


def fill(network):
    """Hashed numbers in every array, as wide as fresh ones; returns the names of the arrays."""
    state = network.state_dict()
    streams = [key for key in state if "num_batches" not in key]
    for stream, key in enumerate(streams):
        values = torch.from_numpy(hashed(stream, state[key].numel())).view_as(state[key])
        if key.endswith("running_var"):
            values = 1 + 0.5 * values
        elif state[key].dim() > 1:  # as wide as He initialization
            values = values * (6 / state[key][0].numel()) ** 0.5
        else:
            values = 0.2 * values + (1 if is_scale(network, key) else 0)
        state[key] = values
    network.load_state_dict(state)
    return streams


def reference(name, text, size, batch):
    network = build(text, 2, size)
    streams = fill(network)
    images = torch.from_numpy(hashed(10_000, batch * 3 * size * size)).view(batch, 3, size, size)
    with torch.no_grad():
        logits = network(images)
    return {
        "model": name,
        "architecture": text,
        "image_size": size,
        "batch": batch,
        "names": streams,
        "logits": [float(f"{x:.8g}") for x in logits.flatten().tolist()],
    }


def is_scale(network, key):
    layer, kind = key.rsplit(".", 1)
    return kind == "weight" and isinstance(network.get_submodule(layer), nn.BatchNorm2d)


def opened(checkpoint):
    """A checkpoint of Marbles: what its file says of it, and its network."""
    from safetensors import safe_open

    with safe_open(checkpoint, "pt") as file:
        metadata = json.loads(file.metadata()["marbles"])
        state = {key: file.get_tensor(key) for key in file.keys()}
    network = build(metadata["architecture"], len(metadata["classes"]), metadata["image_size"])
    network.load_state_dict(state)
    return metadata, network


def normalized(pixels, metadata):
    """What a network gets of 8-bit pixels, height × width × 3."""
    mean, deviation = (
        torch.tensor(metadata["normalization"][key]) for key in ("mean", "standard_deviation")
    )
    return ((torch.from_numpy(pixels.copy()) / 255 - mean) / deviation).permute(2, 0, 1)[None]


def check(checkpoint, printed):
    import numpy as np
    from PIL import Image

    metadata, network = opened(checkpoint)
    size = metadata["image_size"]
    worst = 0.0
    with open(printed) as file:
        predictions = json.load(file)["predictions"]
    for prediction in predictions:
        pixels = np.asarray(Image.open(prediction["path"]).convert("RGB"))
        assert pixels.shape == (size, size, 3), f"{prediction['path']} is not {size}x{size}"
        with torch.no_grad():
            logits = network(normalized(pixels, metadata))[0]
        worst = max(worst, (logits - torch.tensor(prediction["logits"])).abs().max().item())
    print(
        f"{len(network.state_dict())} tensors, {len(predictions)} images, "
        f"largest difference of logits {worst:.3g}"
    )
    sys.exit(0 if worst < 1e-4 and predictions else 1)


if __name__ == "__main__":
    if sys.argv[1] == "--check":
        check(*sys.argv[2:4])
    cases = [reference(name, text, size, 3) for name, text in MODELS.items() for size in (32, 64)]
    with open(sys.argv[1], "w") as file:
        json.dump({"torch": torch.__version__, "cases": cases}, file, indent=1)
        file.write("\n")
