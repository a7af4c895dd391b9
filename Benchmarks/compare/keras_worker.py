"""Keras on TensorFlow for `worker.serve`:  keras_worker.py CHECKPOINT, or with a third argument
saves the model to that `.keras` file."""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
from keras import layers
from safetensors.numpy import load_file

from architecture import ArchitectureWalk
from worker import checkpoint, serve

RATE = 1e-4


class Builder(ArchitectureWalk):
    """Keras layers of an architecture text, with the weights of a state_dict.

    Reads the layers the named models are made of; for others it says that it cannot.
    """

    def __init__(self, text, classes, size, state):
        super().__init__(text)
        self.classes, self.state, self.weights, self.flattened = classes, state, [], None
        images = keras.Input((size, size, 3))
        self.model = keras.Model(images, self.sequence(images, ""))
        for layer, values in self.weights:
            layer.set_weights(values)

    def add(self, x, y):
        return layers.Add()([x, y])

    def leaf(self, name, options, x, prefix):
        layer, values = self.made(name, options, x, prefix)
        y = layer(x)
        if values:
            self.weights.append((layer, values))
        return y

    def made(self, name, options, x, prefix):
        own = lambda key: self.state[prefix + key]
        if name == "conv" and set(options[2:]) <= {"no-bias", "stride"} | {
            w for w in options if w.isdigit()
        }:
            stride = int(options[options.index("stride") + 1]) if "stride" in options else 1
            kernel = tuple(map(int, options[1].split("x")))
            bias = "no-bias" not in options
            layer = layers.Conv2D(int(options[0]), kernel, stride, padding="same", use_bias=bias)
            return layer, [own("weight").transpose(2, 3, 1, 0)] + ([own("bias")] if bias else [])
        if name == "batchnorm" and not options:
            values = [own(key) for key in ("weight", "bias", "running_mean", "running_var")]
            return layers.BatchNormalization(momentum=0.9, epsilon=1e-5), values
        if name == "dense" and options in ([], options[:1]):
            matrix, before = own("weight"), self.flattened
            if before:  # PyTorch flattens channels first
                matrix = matrix.reshape(len(matrix), before[2], *before[:2]).transpose(0, 2, 3, 1)
            self.flattened = None
            matrix = matrix.reshape(len(matrix), -1).T
            return layers.Dense(int(options[0]) if options else self.classes), [matrix, own("bias")]
        if name == "flatten":
            self.flattened = tuple(x.shape[1:])
            return layers.Flatten(), None
        plain = {
            "pool": lambda: layers.MaxPooling2D(int(options[0])) if len(options) == 1 else None,
            "global-pool": lambda: layers.GlobalAveragePooling2D(keepdims=True),
            "global-max-pool": lambda: layers.GlobalMaxPooling2D(keepdims=True),
            "relu": layers.ReLU,
            "dropout": lambda: layers.Dropout(float(options[0])),
        }
        layer = plain[name]() if name in plain else None
        if layer is None:
            raise SystemExit(f"no Keras layer for {' '.join([name, *options])}")
        return layer, None


class Engine:
    def __init__(self, path):
        description = checkpoint(path)
        self.size, self.text, self.state = (
            description["image_size"],
            description["architecture"],
            load_file(path),
        )

    def model(self, optimizer=None):
        model = Builder(self.text, 2, self.size, self.state).model
        model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        return model

    def losses(self, batches, targets, rate):
        model = self.model(keras.optimizers.SGD(rate))
        losses = []
        for images in batches:
            # train_on_batch returns a running mean.
            model.reset_metrics()
            losses.append(float(model.train_on_batch(images, targets)))
        return losses

    def trainer(self, images, targets):
        model = self.model(keras.optimizers.Adam(RATE))
        return lambda: model.train_on_batch(images, targets)

    def predictor(self, images):
        model = self.model()
        return lambda: model.predict_on_batch(images)


if __name__ == "__main__":
    engine = Engine(sys.argv[1])
    if len(sys.argv) > 2:
        engine.model().save(sys.argv[2])
    else:
        serve(engine, engine.size)
