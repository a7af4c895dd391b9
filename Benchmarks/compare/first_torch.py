"""The shortest Python script that says what an image shows:  first_torch.py CHECKPOINT IMAGE"""

import json
import pathlib
import sys

sys.path.insert(
    0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "Tools" / "reference")
)

import numpy as np
import torch
from PIL import Image
from safetensors import safe_open

from architecture import build

with safe_open(sys.argv[1], "pt") as file:
    description = json.loads(file.metadata()["marbles"])
    state = {key: file.get_tensor(key) for key in file.keys()}
size = description["image_size"]
network = build(description["architecture"], len(description["classes"]), size)
network.load_state_dict(state, strict=False)
image = Image.open(sys.argv[2]).convert("RGB").resize((size, size), Image.Resampling.BILINEAR)
mean, deviation = (
    np.array(description["normalization"][key]) for key in ("mean", "standard_deviation")
)
pixels = ((np.asarray(image) / 255 - mean) / deviation).astype(np.float32)
with torch.inference_mode():
    probabilities = network(torch.from_numpy(pixels).permute(2, 0, 1)[None])[0].softmax(0)
print(description["classes"][int(probabilities.argmax())], float(probabilities.max()))
