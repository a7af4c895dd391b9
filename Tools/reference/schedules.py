"""Learning rates of PyTorch's schedulers -> Tests/OptimizationTests/Fixtures/schedules.json.

`LambdaLR` with the published formula where PyTorch has no scheduler of its own. Rates are those
that the optimizer uses in steps 0, 1, …, N - 1.
"""

import json
import math
import sys

import torch
from torch.optim import lr_scheduler as lr

from hashed import hashed

PEAK = 0.5
N = 70  # 10 + 20 + 40, and a multiple of most things


def warmed(w, after):
    def make(o):
        rise = lr.LinearLR(o, start_factor=1 / w, total_iters=w - 1)
        return lr.SequentialLR(o, [rise, after(o)], milestones=[w])

    return make


def decay(n, begin, final):
    """Flat, then a straight line from `begin`, a place in 0...1, that ends with step n - 1."""
    at = begin * n
    return lambda s: 1 - max(0, s - at) / (n - 1 - at) * (1 - final)


def last_cycle(first, make, after):
    """PyTorch's restarts never reach the end of a cycle; the last one here does, in step N - 1."""

    def both(o):
        return lr.SequentialLR(o, [make(o), after(o)], milestones=[first])

    return both


def triangle(s, top, last, edge):
    """Up to 1 in step `top`, and down to `edge` in step `last`."""
    return edge + (1 - edge) * (s / top if s < top else (last - s) / (last - top))


CASES = [
    ("constant", 0, lambda o: lr.ConstantLR(o, factor=1)),
    ("cosine", 0, lambda o: lr.CosineAnnealingLR(o, T_max=N - 1)),
    ("cosine:final=0.1", 0, lambda o: lr.CosineAnnealingLR(o, T_max=N - 1, eta_min=0.1 * PEAK)),
    (
        "cosine:cycles=7",
        0,
        last_cycle(
            60,
            lambda o: lr.CosineAnnealingWarmRestarts(o, T_0=10),
            lambda o: lr.CosineAnnealingLR(o, T_max=9),
        ),
    ),
    (
        "cosine:final=0.02,cycles=3,growth=2",
        0,
        last_cycle(
            30,
            lambda o: lr.CosineAnnealingWarmRestarts(o, T_0=10, T_mult=2, eta_min=0.02 * PEAK),
            lambda o: lr.CosineAnnealingLR(o, T_max=39, eta_min=0.02 * PEAK),
        ),
    ),
    ("cosine", 7, warmed(7, lambda o: lr.CosineAnnealingLR(o, T_max=N - 8))),
    ("step:every=0.1,factor=0.5", 0, lambda o: lr.StepLR(o, step_size=7, gamma=0.5)),
    ("step:every=0.3", 0, lambda o: lr.StepLR(o, step_size=21)),
    ("multi-step", 0, lambda o: lr.MultiStepLR(o, milestones=[35, 53])),
    (
        "multi-step:at=0.1/0.3/0.9,factor=0.3",
        0,
        lambda o: lr.MultiStepLR(o, [7, 21, 63], gamma=0.3),
    ),
    ("exponential", 0, lambda o: lr.ExponentialLR(o, gamma=0.01 ** (1 / (N - 1)))),
    ("polynomial", 0, lambda o: lr.PolynomialLR(o, total_iters=N - 1)),
    ("polynomial:power=2.5", 0, lambda o: lr.PolynomialLR(o, total_iters=N - 1, power=2.5)),
    ("one-cycle", 0, lambda o: lr.OneCycleLR(o, max_lr=PEAK, total_steps=N)),
    (
        "one-cycle:rise=0.2,start=0.1,final=0.001",
        0,
        lambda o: lr.OneCycleLR(
            o, max_lr=PEAK, total_steps=N, pct_start=0.2, div_factor=10, final_div_factor=100
        ),
    ),
    (
        "triangle:start=0.2,at=0.5,final=0.2",
        0,
        lambda o: lr.LambdaLR(o, lambda s: triangle(s, 35, N - 1, 0.2)),
    ),
    (
        "triangle:start=0.1,at=0.3,final=0.1,cycles=7",
        0,
        lambda o: lr.LambdaLR(o, lambda s: triangle(s % 10, 3, 10 if s < 60 else 9, 0.1)),
    ),
    (
        "inverse-square-root:timescale=0.1",
        0,
        lambda o: lr.LambdaLR(o, lambda s: math.sqrt(7 / (7 + s))),
    ),
    ("warmup-stable-decay:decay=0.25,final=0.1", 0, lambda o: lr.LambdaLR(o, decay(N, 0.75, 0.1))),
    (
        "warmup-stable-decay",
        7,
        warmed(7, lambda o: lr.LambdaLR(o, decay(63, 0.8, 0))),
    ),
    ("expr:peak*0.5*(1 + cos(pi*t))", 0, lambda o: lr.CosineAnnealingLR(o, T_max=N)),
    ("expr:if(step < 30, peak, peak/10)", 0, lambda o: lr.MultiStepLR(o, milestones=[30])),
]


def optimizer():
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=PEAK)


def course(text, warmup, make):
    o = optimizer()
    scheduler = make(o)
    rates = []
    for _ in range(N):
        rates.append(float(f"{o.param_groups[0]['lr']:.9g}"))
        o.step()
        scheduler.step()
    return {"schedule": text, "warmup": warmup, "rates": rates}


def plateau(text, **options):
    o = optimizer()
    scheduler = lr.ReduceLROnPlateau(o, **options)
    losses = [
        round(1 / (1 + 0.2 * min(e, 12)) + 0.05 * float(x), 6)
        for e, x in enumerate(hashed(310, 60))
    ]
    rates = []
    for loss in losses:
        rates.append(float(f"{o.param_groups[0]['lr']:.9g}"))
        scheduler.step(loss)
    return {"schedule": text, "losses": losses, "rates": rates}


result = {
    "torch": torch.__version__,
    "peak": PEAK,
    "steps": N,
    "courses": [course(*c) for c in CASES],
    "plateaus": [
        plateau("plateau", patience=3),
        plateau("plateau:factor=0.5,patience=2", factor=0.5, patience=2),
        plateau(
            "plateau:factor=0.3,patience=0,threshold=0.05,cooldown=2,lowest=0.01",
            factor=0.3,
            patience=0,
            threshold=0.05,
            cooldown=2,
            min_lr=0.01 * PEAK,
        ),
    ],
}
with open(sys.argv[1], "w") as file:
    json.dump(result, file, allow_nan=False)
    file.write("\n")
