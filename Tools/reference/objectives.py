"""Losses and gradients in double precision -> Tests/OptimizationTests/Fixtures/objectives.json.

PyTorch's own function wherever there is one; otherwise the paper's formula, differentiated by
autograd. Logits are hashed (stream 300) times a scale: 1 for everyday, 1e4 for saturation.
"""

import json
import math
import sys

import torch
import torch.nn.functional as F

from hashed import hashed

BATCH = 4


def per_class_margin(z, q, power):
    """PyTorch's multi_margin_loss for every class, weighted by its part of the target."""
    losses = [
        F.multi_margin_loss(z, torch.full((len(z),), y), p=power, reduction="none")
        for y in range(z.shape[1])
    ]
    return (torch.stack(losses, 1) * q).sum(1).mean()


def focal(z, q, gamma):
    logp = z.log_softmax(1)
    # Autograd takes 0 to a power below 1 for not a number.
    rest = (-torch.expm1(logp)).clamp_min(1e-300)
    return -(q * rest**gamma * logp).sum(1).mean()


def generalized_cross_entropy(z, q, exponent):
    return (q * -torch.expm1(exponent * z.log_softmax(1)) / exponent).sum(1).mean()


def jensen_shannon(z, q):
    # Autograd takes 0 log 0 for not a number.
    p = z.softmax(1).clamp_min(1e-300)
    m = (p + q) / 2
    divergence = torch.xlogy(q, q) - torch.xlogy(q, m) + torch.xlogy(p, p) - torch.xlogy(p, m)
    return divergence.sum(1).mean() / 2


def log_cosh(x):
    return x.abs() + F.softplus(-2 * x.abs()) - math.log(2)


def pinball(r, tau):
    return torch.maximum(tau * r, (tau - 1) * r)


CASES = {
    "cross-entropy": lambda z, q: F.cross_entropy(z, q),
    "binary-cross-entropy": lambda z, q: F.binary_cross_entropy_with_logits(z, q),
    "focal": lambda z, q: focal(z, q, 2),
    "focal:gamma=0.5": lambda z, q: focal(z, q, 0.5),
    "poly-1": lambda z, q: F.cross_entropy(z, q) + 2 * (q * (1 - z.softmax(1))).sum(1).mean(),
    "gce": lambda z, q: generalized_cross_entropy(z, q, 0.7),
    "gce:exponent=0.2": lambda z, q: generalized_cross_entropy(z, q, 0.2),
    "kl": lambda z, q: F.kl_div(z.log_softmax(1), q, reduction="batchmean"),
    "jensen-shannon": jensen_shannon,
    "brier": lambda z, q: ((z.softmax(1) - q) ** 2).sum(1).mean(),
    "hinge": lambda z, q: per_class_margin(z, q, 1),
    "squared-hinge": lambda z, q: per_class_margin(z, q, 2),
    "cosine": lambda z, q: (1 - F.cosine_similarity(z, q)).mean(),
    "mse": lambda z, q: F.mse_loss(z, q),
    "mse:probabilities=true": lambda z, q: F.mse_loss(z.softmax(1), q),
    "mae": lambda z, q: F.l1_loss(z, q),
    "huber": lambda z, q: F.huber_loss(z, q),
    "huber:delta=0.25,probabilities=true": lambda z, q: F.huber_loss(z.softmax(1), q, delta=0.25),
    "smooth-l1": lambda z, q: F.smooth_l1_loss(z, q),
    "smooth-l1:beta=0.3": lambda z, q: F.smooth_l1_loss(z, q, beta=0.3),
    "log-cosh": lambda z, q: log_cosh(z - q).mean(),
    "quantile:tau=0.8": lambda z, q: pinball(q - z, 0.8).mean(),
    "expr:huber(y-p, 0.5) + 0.1*abs(p)": lambda z, q: (
        F.huber_loss(z.softmax(1), q, delta=0.5, reduction="none") + 0.1 * z.softmax(1).abs()
    )
    .sum(1)
    .mean(),
    "expr:-y*logp + 0.01*z^2": lambda z, q: F.cross_entropy(z, q) + 0.01 * (z**2).sum(1).mean(),
}


def evaluate(loss, classes, scale, soft):
    z = torch.from_numpy(hashed(300, BATCH * classes)).reshape(BATCH, classes) * scale
    z = z.double().requires_grad_()
    q = F.one_hot(torch.arange(BATCH) % classes, classes).double()
    if soft:
        q = 0.75 * q + 0.25 * q.roll(1, 0)
    value = loss(z, q)
    value.backward()
    return {
        "classes": classes,
        "scale": scale,
        "soft": soft,
        "loss": value.item(),
        "gradient": [float(f"{x:.10g}") for x in z.grad.flatten().tolist()],
    }


def settings(loss, softs=(False, True)):
    for classes in (2, 5):
        for scale in (1.0, 1e4):
            for soft in softs:
                yield evaluate(loss, classes, scale, soft)


cases = [
    {"objective": name, "smoothing": 0, **c} for name, loss in CASES.items() for c in settings(loss)
]
cases += [
    {"objective": "cross-entropy", "smoothing": 0.1, **c}
    for c in settings(lambda z, q: F.cross_entropy(z, q, label_smoothing=0.1))
]
# PyTorch divides by the weights only where every sample has one class.
for classes, text in ((2, "1/3"), (5, "1/2/3/4/5")):
    weights = torch.tensor([float(w) for w in text.split("/")], dtype=torch.double)
    for scale in (1.0, 1e4):
        cases.append(
            {
                "objective": f"cross-entropy:weights={text}",
                "smoothing": 0.1,
                **evaluate(
                    lambda z, q: F.cross_entropy(
                        z, q.argmax(1), weight=weights, label_smoothing=0.1
                    ),
                    classes,
                    scale,
                    False,
                ),
            }
        )

with open(sys.argv[1], "w") as file:
    json.dump({"torch": torch.__version__, "batch": BATCH, "cases": cases}, file, allow_nan=False)
    file.write("\n")
