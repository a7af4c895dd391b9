"""Explanations of photographs by captum -> Tests/ConvNetTests/Fixtures/photo-explanations.json.

photo_explanations.py OUTPUT.json [PETS]    PETS is ../shared/data/pets beside the checkout

Both networks that come with Marbles explain three photographs, which do not: the JSON has their
names, a hash of their pixels, and the maps. So that both sides see the same pixels, the middle of
each photograph is cut out at the size of the network, and nothing is resized. Maps at the size of
the image are averaged over blocks, which keeps the file small; pixel by pixel they are compared in
explanations.json. In double precision.
"""

import hashlib
import json
import os
import sys

import captum
import numpy as np
import torch
from PIL import Image, __version__
from torch.nn.functional import avg_pool2d

from explanations import maps, numbers
from networks import normalized, opened

HERE = os.path.dirname(os.path.abspath(__file__))
PETS = os.path.join(HERE, "../../../shared/data/pets")
PHOTOS = ["cat/10000.jpg", "dog/10000.jpg", "dog/10004.jpg"]
MODELS = ["cats-and-dogs", "cats-and-dogs-quick"]
# The last map before its channels are averaged.
LAYER = 23
PATCH, STRIDE, STEPS, BLOCK = 32, 16, 32, 8


def middle(pixels, size):
    top, left = ((extent - size) // 2 for extent in pixels.shape[:2])
    return pixels[top : top + size, left : left + size]


def case(metadata, network, pixels):
    x = normalized(middle(pixels, metadata["image_size"]), metadata).double()
    target = int(network(x)[0].argmax())
    classes = len(metadata["classes"])
    found = maps(network, LAYER, x, target, classes, PATCH, STRIDE, STEPS)
    for name in ("integrated_gradients", "occlusion"):
        found[name] = avg_pool2d(found[name], BLOCK)
    return {"target": target} | {name: numbers(found[name]) for name in found}


def main(output, pets=PETS):
    if not os.path.isdir(pets):
        print(f"{output} stays as it is: {pets} is not there")
        return
    photos = [np.asarray(Image.open(f"{pets}/{name}").convert("RGB")) for name in PHOTOS]
    models = []
    for name in MODELS:
        metadata, network = opened(f"{HERE}/../../models/{name}.safetensors")
        network = network.double().eval()
        cases = [case(metadata, network, pixels) for pixels in photos]
        models.append({"name": name, "cases": cases})
    hashes = [hashlib.sha256(pixels.tobytes()).hexdigest() for pixels in photos]
    content = {
        "torch": torch.__version__,
        "captum": captum.__version__,
        "pillow": __version__,
        "photos": [{"path": path, "sha256": sha} for path, sha in zip(PHOTOS, hashes)],
        "layer": LAYER,
        "patch": PATCH,
        "stride": STRIDE,
        "steps": STEPS,
        "block": BLOCK,
        "models": models,
    }
    with open(output, "w") as file:
        json.dump(content, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
