"""Architecture texts of Marbles, walked layer by layer; a builder says what a layer becomes."""

import re


class ArchitectureWalk:
    """A subclass has `leaf(name, options, x, prefix)` and `add(x, y)`, which give the next value.

    `prefix` is what the names of a layer's arrays begin with in a checkpoint.
    """

    def __init__(self, text):
        self.words = re.findall(r"[,()]|[^\s,()]+", text)

    def sequence(self, x, prefix):
        index = 0
        while True:
            x = self.layer(x, f"{prefix}{index}.")
            if not self.words or self.words[0] == ")":
                return x
            self.words.pop(0)
            index += 1

    def block(self, x, prefix):
        self.words.pop(0)
        x = self.sequence(x, prefix)
        self.words.pop(0)
        return x

    def layer(self, x, prefix):
        name = self.words.pop(0)
        if name == "residual":
            body, shortcut = self.block(x, prefix + "body."), x
            if self.words and self.words[0] == "shortcut":
                self.words.pop(0)
                shortcut = self.block(x, prefix + "shortcut.")
            return self.add(body, shortcut)
        options = []
        while self.words and self.words[0] not in ",()":
            options.append(self.words.pop(0))
        return self.leaf(name, options, x, prefix)
