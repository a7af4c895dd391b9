"""Explanations of small networks by captum -> Tests/ConvNetTests/Fixtures/explanations.json.

Grad-CAM, integrated gradients and occlusion are captum's; LayerCAM, which it lacks, is computed
from the paper's formula. Weights are hashed numbers; images are blocks of hashed colors with some
noise. All in double precision, so that the difference is Marbles' own error.
"""

import json
import sys

import captum
import torch
from captum.attr import IntegratedGradients, LayerGradCam, Occlusion
from torch.nn.functional import interpolate

from architecture import build
from hashed import hashed
from networks import fill

SIZE, CLASSES = 16, 3
PATCH, STRIDE, STEPS = 5, 3, 32
NETWORKS = [
    {
        "architecture": "conv 8 3x3, pool 2, batchnorm, relu, conv 12 3x3, batchnorm, relu, "
        "global-pool, flatten, dense",
        "layer": 6,
    },
    {
        "architecture": "conv 8 3x3, silu, residual (conv 8 3x3, batchnorm, relu, conv 8 3x3), "
        "pool 2, residual (conv 12 3x3) shortcut (conv 12 1x1), relu, flatten, dense",
        "layer": 4,
    },
]


def image(number):
    side = SIZE // 4
    blocks = torch.from_numpy(hashed(500 + number, 3 * side * side)).double()
    blocks = blocks.view(1, 3, side, side).repeat_interleave(4, 2).repeat_interleave(4, 3)
    noise = torch.from_numpy(hashed(600 + number, blocks.numel())).double().view_as(blocks)
    return blocks + 0.25 * noise


def layer_cam(network, layer, x, target):
    kept = []
    handle = network[layer].register_forward_hook(lambda *call: kept.append(call[2]))
    score = network(x)[0, target]
    handle.remove()
    (gradient,) = torch.autograd.grad(score, kept[0])
    return torch.relu((torch.relu(gradient) * kept[0]).sum(1, keepdim=True)).detach()


def numbers(values):
    return [float(f"{x:.7g}") for x in values.flatten().tolist()]


def whole(map):
    return interpolate(map, (SIZE, SIZE), mode="bilinear", align_corners=False)


def maps(network, layer, x, target, classes, patch, stride, steps):
    """What each method makes of an image, as tensors; the scores are those of image and mean."""

    def log_odds(x):
        logits = network(x)
        others = [index for index in range(classes) if index != target]
        return logits[:, target] - logits[:, others].logsumexp(1)

    grad_cam = LayerGradCam(network, network[layer])
    integrated = IntegratedGradients(network).attribute(
        x, baselines=0.0, target=target, n_steps=steps, method="gausslegendre"
    )
    occluded = Occlusion(network).attribute(
        x, (3, patch, patch), (3, stride, stride), baselines=0.0, target=target
    )
    with torch.no_grad():
        scores = torch.stack([network(x)[0], network(torch.zeros_like(x))[0]])[:, target]
    return {
        "scores": scores,
        "grad_cam": grad_cam.attribute(x, target=target, relu_attributions=True).detach(),
        "grad_cam_of_log_odds": LayerGradCam(log_odds, network[layer])
        .attribute(x, relu_attributions=True)
        .detach(),
        "layer_cam": layer_cam(network, layer, x, target),
        "integrated_gradients": integrated.sum(1, keepdim=True).detach(),
        "occlusion": occluded[:, :1].detach(),
    }


def case(network, layer, number):
    x = image(number)
    target = int(network(x)[0].argmax())
    found = maps(network, layer, x, target, CLASSES, PATCH, STRIDE, STEPS)
    for name in ("grad_cam", "layer_cam"):
        found[f"{name}_resized"] = whole(found[name])
    return {"number": number, "target": target} | {
        name: numbers(found[name]) for name in found
    }


def reference(described):
    network = build(described["architecture"], CLASSES, SIZE)
    fill(network)
    network = network.double()
    return described | {"cases": [case(network, described["layer"], number) for number in range(3)]}


if __name__ == "__main__":
    with open(sys.argv[1], "w") as file:
        json.dump(
            {
                "torch": torch.__version__,
                "captum": captum.__version__,
                "size": SIZE,
                "classes": CLASSES,
                "patch": PATCH,
                "stride": STRIDE,
                "steps": STEPS,
                "networks": [reference(described) for described in NETWORKS],
            },
            file,
            separators=(",", ":"),
        )
        file.write("\n")
