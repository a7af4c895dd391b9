"""Marbles' architecture text as PyTorch modules whose state_dict has the names of a checkpoint.

`build(text, classes, size)` reads the canonical form that checkpoints carry; `marbles models
--json` prints the texts of the named models.
"""

import re

import torch
from torch import nn
from torch.nn import functional


def same(extent, window, stride):
    """Zeros before and after, for ceil(extent / stride) positions; an odd one goes behind."""
    total = max(0, ((extent + stride - 1) // stride - 1) * stride + window - extent)
    return total // 2, total - total // 2


def pad_same(x, window, stride, value=0.0):
    rows, columns = same(x.shape[2], window[0], stride), same(x.shape[3], window[1], stride)
    return functional.pad(x, (*columns, *rows), value=value)


class Convolution(nn.Conv2d):
    """A convolution whose padding may be 'same' at any stride."""

    def __init__(self, *arguments, padding, **named):
        super().__init__(*arguments, padding=0 if padding == "same" else padding, **named)
        self.is_same = padding == "same"

    def forward(self, x):
        if not self.is_same:
            return super().forward(x)
        rows, columns = (
            same(extent, window, self.stride[0])
            for extent, window in zip(x.shape[2:], self.kernel_size)
        )
        if rows[0] == rows[1] and columns[0] == columns[1]:
            # PyTorch pads evenly by itself and needs no copy, which matters where it is timed.
            padding = (rows[0], columns[0])
            return functional.conv2d(
                x, self.weight, self.bias, self.stride, padding, groups=self.groups
            )
        return super().forward(pad_same(x, self.kernel_size, self.stride[0]))


class Pooling(nn.Module):
    """Maximum (zeros of the padding never win) or mean (they count) under a window."""

    def __init__(self, kind, size, stride, padding):
        super().__init__()
        self.kind, self.size, self.stride, self.padding = kind, size, stride, padding

    def forward(self, x):
        pool = {"pool": functional.max_pool2d, "average-pool": functional.avg_pool2d}[self.kind]
        if self.padding != "same":
            return pool(x, self.size, self.stride, self.padding)
        value = -torch.inf if self.kind == "pool" else 0.0
        return pool(pad_same(x, self.size, self.stride, value), self.size, self.stride)


class Dense(nn.Linear):
    """A map of one pixel counts as a vector."""

    def forward(self, x):
        return super().forward(x.flatten(1))


class GlobalMaximum(nn.Module):
    def forward(self, x):
        return x.amax((2, 3), keepdim=True)


class Residual(nn.Module):
    def __init__(self, body, shortcut):
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


class FrozenNormalization(nn.BatchNorm2d):
    """Normalizes with the running statistics also while training."""

    def train(self, mode=True):
        return super().train(False)


class Reader:
    def __init__(self, text, classes):
        self.words = re.findall(r"[,()]|[^\s,()]+", text)
        self.classes = classes

    def take(self, word=None):
        if not self.words or (word is not None and self.words[0] != word):
            return None
        return self.words.pop(0)

    def options(self):
        words = []
        while self.words and self.words[0] not in ",()":
            words.append(self.words.pop(0))
        return words

    def layers(self, shape):
        modules = []
        while True:
            module, shape = self.layer(shape)
            modules.append(module)
            if not self.take(","):
                return nn.Sequential(*modules), shape

    def block(self, shape):
        assert self.take("("), self.words
        modules, shape = self.layers(shape)
        assert self.take(")"), self.words
        return modules, shape

    def layer(self, shape):
        name = self.take()
        if name == "residual":
            body, end = self.block(shape)
            shortcut = self.block(shape)[0] if self.take("shortcut") else nn.Sequential()
            words, module = self.options(), Residual(body, shortcut)
        else:
            words = self.options()
            module = self.module(name, words, shape)
            with torch.no_grad():
                probe = module.eval()(torch.zeros(1, *shape))
            end = tuple(probe.shape[1:])
            module.train()
        if "frozen" in words:
            module = freeze(module)
        return module, end

    def module(self, name, words, shape):
        def after(key, default):
            return words[words.index(key) + 1] if key in words else default

        def size(word):
            height, _, width = word.partition("x")
            return int(height), int(width or height)

        padding = after("padding", "same" if name in ("conv", "depthwise") else "valid")
        padding = (
            {"valid": 0, "same": "same"}.get(padding)
            if padding in ("valid", "same")
            else int(padding)
        )
        stride = after("stride", None)
        bias = "no-bias" not in words
        if name in ("conv", "depthwise"):
            outputs = int(words[0]) if name == "conv" else shape[0]
            groups = int(after("groups", 1)) if name == "conv" else shape[0]
            kernel = size(words[1 if name == "conv" else 0])
            return Convolution(
                shape[0],
                outputs,
                kernel,
                int(stride or 1),
                padding=padding,
                groups=groups,
                bias=bias,
            )
        if name in ("pool", "average-pool"):
            window = size(words[0])
            return Pooling(name, window, int(stride or window[0]), padding)
        if name == "dense":
            outputs = int(words[0]) if words and words[0].isdigit() else self.classes
            return Dense(shape[0], outputs, bias=bias)
        if name == "batchnorm":
            return nn.BatchNorm2d(
                shape[0], eps=float(after("epsilon", 1e-5)), momentum=float(after("momentum", 0.1))
            )
        number = float(words[0]) if words and words[0][0].isdigit() else None
        return {
            "global-pool": lambda: nn.AdaptiveAvgPool2d(1),
            "global-max-pool": GlobalMaximum,
            "relu": nn.ReLU,
            "leaky-relu": lambda: nn.LeakyReLU(0.01 if number is None else number),
            "gelu": lambda: nn.GELU("tanh" if "tanh" in words else "none"),
            "silu": nn.SiLU,
            "sigmoid": nn.Sigmoid,
            "tanh": nn.Tanh,
            "dropout": lambda: nn.Dropout(number),
            "flatten": nn.Flatten,
        }[name]()


def freeze(module):
    """No gradients, and running statistics instead of the batch's."""
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.__class__ = FrozenNormalization
            part.train()
        if isinstance(part, nn.Dropout):
            part.p = 0.0
    return module


def build(text, classes, size, channels=3):
    """The network for images of size x size (or (height, width)), in evaluation mode."""
    height, width = size if isinstance(size, tuple) else (size, size)
    reader = Reader(text, classes)
    network, _ = reader.layers((channels, height, width))
    assert not reader.words, reader.words
    return network.eval()
