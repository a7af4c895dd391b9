"""Paths of PyTorch's, optax's and qhoptim's optimizers ->
Tests/OptimizationTests/Fixtures/optimizers.json.

Every case takes 200 steps in double precision on three problems: a quadratic with condition number
20, Rosenbrock's valley, and gradients recorded from a small network, used in turn. The quadratic is
one vector, Rosenbrock a vector of two, the network two dense layers with biases.
"""

import json
import sys

import jax
import jax.numpy as jnp
import numpy as np
import optax
import torch
from qhoptim.pyt import QHM

from hashed import hashed

jax.config.update("jax_enable_x64", True)
STEPS = 200
KEPT = [1, 20, 200]
SHAPES = [[6, 4], [6], [3, 6], [3]]
RECORDED = 16


def recorded_gradients():
    """The network 4-6-3 with tanh on hashed data, along 16 steps of plain descent, in float."""
    parameters = [
        torch.tensor(hashed(10 + i, int(np.prod(s))).reshape(s), requires_grad=True)
        for i, s in enumerate(SHAPES)
    ]
    start = np.concatenate([p.detach().numpy().ravel() for p in parameters])
    gradients = []
    for step in range(RECORDED):
        x = torch.from_numpy(hashed(20 + step, 32).reshape(8, 4))
        target = torch.arange(8) % 3
        w, b, v, c = parameters
        loss = torch.nn.functional.cross_entropy(torch.tanh(x @ w.T + b) @ v.T + c, target)
        own = torch.autograd.grad(loss, parameters)
        gradients.append(
            [round(float(g), 6) for g in np.concatenate([g.numpy().ravel() for g in own])]
        )
        with torch.no_grad():
            for p, g in zip(parameters, own):
                p -= 0.5 * g
    return start, gradients


NETWORK_START, GRADIENTS = recorded_gradients()
CURVATURES = np.array([1.0, 4.0, 9.0, 20.0])
CENTER = np.array([1.0, -2.0, 0.5, 3.0])
PROBLEMS = {
    "quadratic": (np.array([2.0, -1.0, 1.5, 2.0]), lambda x, t: CURVATURES * (x - CENTER), [[4]]),
    "rosenbrock": (
        np.array([-1.2, 1.0]),
        lambda x, t: np.array(
            [-2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] ** 2), 200 * (x[1] - x[0] ** 2)]
        ),
        [[2]],
    ),
    "network": (
        NETWORK_START.astype(np.float64),
        lambda x, t: np.float32(GRADIENTS[t % RECORDED]).astype(np.float64),
        SHAPES,
    ),
}


def cut(x, shapes):
    ends = np.cumsum([int(np.prod(s)) for s in shapes])
    return [p.reshape(s) for p, s in zip(np.split(x, ends[:-1]), shapes)]


def joined(arrays):
    return np.concatenate([np.asarray(a).ravel() for a in arrays])


def torch_path(make, problem, before=None, after=None):
    """`before(parameters)` may change gradients, `after(parameters)` gives those
    that are evaluated."""
    start, gradient, shapes = PROBLEMS[problem]
    parameters = [torch.nn.Parameter(torch.from_numpy(p.copy())) for p in cut(start, shapes)]
    optimizers = make(parameters)
    for step in range(STEPS):
        x = joined([p.detach() for p in parameters])
        for p, g in zip(parameters, cut(gradient(x, step), shapes)):
            p.grad = torch.from_numpy(g.copy())
        if before:
            before(parameters)
        for optimizer in optimizers:
            optimizer.step()
        if after:
            after(parameters, step)
        yield joined([p.detach() for p in parameters])


def optax_path(transform, problem, settle=None):
    start, gradient, shapes = PROBLEMS[problem]
    parameters = [jnp.asarray(p) for p in cut(start, shapes)]
    state = transform.init(parameters)
    for step in range(STEPS):
        gradients = [jnp.asarray(g) for g in cut(gradient(joined(parameters), step), shapes)]
        updates, state = transform.update(gradients, state, parameters)
        parameters = optax.apply_updates(parameters, updates)
        yield joined(settle(state, parameters) if settle else parameters)


def lookahead_path(transform, problem, period, part):
    start, gradient, shapes = PROBLEMS[problem]
    parameters = optax.LookaheadParams.init_synced([jnp.asarray(p) for p in cut(start, shapes)])
    transform = optax.lookahead(transform, period, part)
    state = transform.init(parameters)
    for step in range(STEPS):
        gradients = [jnp.asarray(g) for g in cut(gradient(joined(parameters.fast), step), shapes)]
        updates, state = transform.update(gradients, state, parameters)
        parameters = optax.apply_updates(parameters, updates)
        yield joined(parameters.fast)


def average_path(make, problem, average):
    start, _, shapes = PROBLEMS[problem]
    models = []

    def follow(parameters, step):
        if not models:
            module = torch.nn.ParameterList(parameters)
            models.extend(
                [module, torch.optim.swa_utils.AveragedModel(module, multi_avg_fn=average)]
            )
        models[1].update_parameters(models[0])

    for _ in torch_path(make, problem, after=follow):
        yield joined([p.detach() for p in models[1].module])


def sam_path(problem, rate, radius):
    start, gradient, shapes = PROBLEMS[problem]
    transform = optax.contrib.sam(
        optax.sgd(rate), optax.chain(optax.contrib.normalize(), optax.sgd(radius)), opaque_mode=True
    )
    parameters = jnp.asarray(start)
    state = transform.init(parameters)
    for step in range(STEPS):

        def at(x, _=None):
            return jnp.asarray(gradient(np.asarray(x), step))

        updates, state = transform.update(at(parameters), state, parameters, grad_fn=at)
        parameters = optax.apply_updates(parameters, updates)
        yield np.asarray(parameters)


def muon(parameters, rate, decay):
    matrices = [p for p in parameters if p.dim() == 2]
    vectors = [p for p in parameters if p.dim() < 2]
    chosen = [torch.optim.AdamW(vectors, lr=0.2 * rate, weight_decay=decay)]
    return chosen + ([torch.optim.Muon(matrices, lr=rate, weight_decay=decay)] if matrices else [])


# Muon's matrices have 8 bits of mantissa in PyTorch; the formula, not its rounding, is the
# reference.
torch.Tensor.bfloat16 = lambda self: self.clone()
O = torch.optim


def pt(make):
    return lambda problem, rate: torch_path(lambda p: [make(p, rate)], problem)


def ox(make, settle=None):
    return lambda problem, rate: optax_path(make(rate), problem, settle)


def clipped(change):
    return lambda problem, rate: torch_path(lambda p: [O.SGD(p, lr=rate)], problem, before=change)


def agc(rate):
    # optax wants inputs x outputs.
    turn = lambda tree: [a.T for a in tree]
    inner = optax.adaptive_grad_clip(0.05)

    def update(g, state, p):
        g, state = inner.update(turn(g), state, turn(p))
        return turn(g), state

    return optax.chain(optax.GradientTransformation(inner.init, update), optax.sgd(rate))


# The text of the choice, the rates on the three problems, and the path.
CASES = [
    ("sgd", (0.02, 0.0005, 0.1), pt(lambda p, r: O.SGD(p, lr=r))),
    (
        "sgd:decay=0.01,decay-all=true",
        (0.02, 0.0005, 0.1),
        pt(lambda p, r: O.SGD(p, lr=r, weight_decay=0.01)),
    ),
    ("momentum", (0.01, 0.0002, 0.05), pt(lambda p, r: O.SGD(p, lr=r, momentum=0.9))),
    (
        "momentum:momentum=0.8,dampening=0.1",
        (0.01, 0.0002, 0.05),
        pt(lambda p, r: O.SGD(p, lr=r, momentum=0.8, dampening=0.1)),
    ),
    (
        "nesterov:decay=0.001,decay-all=true",
        (0.01, 0.0002, 0.05),
        pt(lambda p, r: O.SGD(p, lr=r, momentum=0.9, nesterov=True, weight_decay=0.001)),
    ),
    ("qhm", (0.02, 0.0005, 0.1), pt(lambda p, r: QHM(p, lr=r, momentum=0.999, nu=0.7))),
    (
        "rprop:growth=1.25",
        (0.01, 0.005, 0.001),
        pt(lambda p, r: O.Rprop(p, lr=r, etas=(0.5, 1.25))),
    ),
    ("adagrad", (0.3, 0.1, 0.05), pt(lambda p, r: O.Adagrad(p, lr=r))),
    (
        "adagrad:rate-decay=0.01,initial=0.1",
        (0.3, 0.1, 0.05),
        pt(lambda p, r: O.Adagrad(p, lr=r, lr_decay=0.01, initial_accumulator_value=0.1)),
    ),
    ("adadelta", (1, 1, 1), pt(lambda p, r: O.Adadelta(p, lr=r))),
    ("rmsprop", (0.01, 0.002, 0.01), pt(lambda p, r: O.RMSprop(p, lr=r))),
    (
        "rmsprop:centered=true,momentum=0.5",
        (0.002, 0.0005, 0.001),
        pt(lambda p, r: O.RMSprop(p, lr=r, centered=True, momentum=0.5)),
    ),
    ("adam", (0.02, 0.01, 0.01), pt(lambda p, r: O.Adam(p, lr=r))),
    (
        "adam:decay=0.1,decay-all=true",
        (0.02, 0.01, 0.01),
        pt(lambda p, r: O.Adam(p, lr=r, weight_decay=0.1)),
    ),
    ("adamw:decay-all=true", (0.02, 0.01, 0.01), pt(lambda p, r: O.AdamW(p, lr=r))),
    ("amsgrad", (0.02, 0.01, 0.01), pt(lambda p, r: O.Adam(p, lr=r, amsgrad=True))),
    ("nadam", (0.02, 0.01, 0.01), pt(lambda p, r: O.NAdam(p, lr=r))),
    ("radam", (0.02, 0.0002, 0.01), pt(lambda p, r: O.RAdam(p, lr=r))),
    ("adamax", (0.02, 0.01, 0.01), pt(lambda p, r: O.Adamax(p, lr=r))),
    ("adabelief", (0.02, 0.01, 0.01), ox(optax.adabelief)),
    ("yogi", (0.02, 0.01, 0.01), ox(optax.yogi)),
    ("adan", (0.02, 0.01, 0.01), ox(optax.adan)),
    ("ademamix:decay=0", (0.002, 0.001, 0.002), ox(lambda r: optax.contrib.ademamix(r, b3=0.999))),
    (
        "ademamix:beta3=0.9,alpha=2,decay=0.1,decay-all=true",
        (0.002, 0.001, 0.002),
        ox(lambda r: optax.contrib.ademamix(r, b3=0.9, alpha=2, weight_decay=0.1)),
    ),
    ("schedule-free", (0.02, 0.01, 0.01), ox(optax.contrib.schedule_free_adamw)),
    (
        "schedule-free:decay=0.1,decay-all=true settled",
        (0.02, 0.01, 0.01),
        ox(
            lambda r: optax.contrib.schedule_free_adamw(r, weight_decay=0.1),
            optax.contrib.schedule_free_eval_params,
        ),
    ),
    ("sign-sgd", (0.013, 0.0007, 0.001), ox(optax.sign_sgd)),
    ("lion:decay-all=true", (0.013, 0.0007, 0.001), ox(optax.lion)),
    (
        "lamb:decay=0.01,decay-all=true",
        (0.001, 0.002, 0.01),
        ox(lambda r: optax.lamb(r, weight_decay=0.01)),
    ),
    (
        "muon:decay-all=true",
        (0.02, 0.01, 0.002),
        lambda problem, rate: torch_path(lambda p: muon(p, rate, 0.1), problem),
    ),
    (
        "adam:lookahead=6",
        (0.02, 0.01, 0.01),
        lambda problem, rate: lookahead_path(optax.adam(rate), problem, 6, 0.5),
    ),
    (
        "momentum:ema=0.95 settled",
        (0.01, 0.0002, 0.05),
        lambda problem, rate: average_path(
            lambda p: [O.SGD(p, lr=rate, momentum=0.9)],
            problem,
            O.swa_utils.get_ema_multi_avg_fn(0.95),
        ),
    ),
    (
        "sgd:swa=1 settled",
        (0.02, 0.0005, 0.1),
        lambda problem, rate: average_path(
            lambda p: [O.SGD(p, lr=rate)], problem, O.swa_utils.get_swa_multi_avg_fn()
        ),
    ),
    ("sgd:sam=0.05", (0.02, 0.0005, 0.1), lambda problem, rate: sam_path(problem, rate, 0.05)),
    (
        "sgd:clip-norm=0.5",
        (0.05, 0.01, 0.1),
        clipped(lambda p: torch.nn.utils.clip_grad_norm_(p, 0.5)),
    ),
    (
        "sgd:clip-value=0.1",
        (0.05, 0.002, 0.1),
        clipped(lambda p: torch.nn.utils.clip_grad_value_(p, 0.1)),
    ),
    ("sgd:clip-adaptive=0.05", (0.05, 0.01, 0.1), ox(agc)),
]


def kept(path):
    points = {str(step): point for step, point in enumerate(path, 1) if step in KEPT}
    return {step: [float(f"{x:.8g}") for x in point] for step, point in points.items()}


cases = []
for text, rates, path in CASES:
    text, _, settled = text.partition(" ")
    problems = {
        name: {"learning_rate": rate, "points": kept(path(name, rate))}
        for name, rate in zip(PROBLEMS, rates)
    }
    cases.append({"optimizer": text, "settled": settled == "settled", "problems": problems})

with open(sys.argv[1], "w") as file:
    json.dump(
        {
            "versions": {"torch": torch.__version__, "optax": optax.__version__},
            "gradients": GRADIENTS,
            "cases": cases,
        },
        file,
        separators=(",", ":"),
    )
    file.write("\n")
