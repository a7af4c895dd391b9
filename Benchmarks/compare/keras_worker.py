"""Keras on TensorFlow for `worker.serve`:  keras_worker.py CHECKPOINT, or with a third argument saves
the model to that `.keras` file."""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
from keras import layers
from safetensors.numpy import load_file

from worker import checkpoint, serve

RATE = 1e-4


def build(text, classes, size, state):
    """The network of an architecture text, with the weights of a state_dict."""
    stack, weights, height = [keras.Input((size, size, 3))], [], size
    for index, token in enumerate(text.split()):
        name, *options = token.split(",")
        options = dict(option.split("=") for option in options)
        word = name.rstrip("0123456789.")
        number = name[len(word) :]
        own = lambda key: state[f"{index}.{key}"]
        if word == "conv":
            kernel, stride = int(options.get("kernel", 3)), int(options.get("stride", 1))
            padding = int(options.get("padding", kernel // 2 if stride == 1 else 0))
            if padding:
                stack.append(layers.ZeroPadding2D(padding))
            bias = options.get("bias") != "no"
            stack.append(layers.Conv2D(int(number), kernel, stride, use_bias=bias))
            weights.append((stack[-1], [own("weight").transpose(2, 3, 1, 0)] + ([own("bias")] if bias else [])))
            height = (height + 2 * padding - kernel) // stride + 1
        elif word in ("maxpool", "avgpool"):
            kind = layers.MaxPooling2D if word == "maxpool" else layers.AveragePooling2D
            stack.append(kind(int(number)))
            height //= int(number)
        elif word == "globalpool":
            stack.append(layers.GlobalAveragePooling2D(keepdims=True))
            height = 1
        elif word == "batchnorm":
            stack.append(layers.BatchNormalization(momentum=0.9, epsilon=1e-5))
            weights.append((stack[-1], [own(key) for key in ("weight", "bias", "running_mean", "running_var")]))
        elif word == "relu":
            stack.append(layers.ReLU())
        elif word == "dropout":
            stack.append(layers.Dropout(float(number)))
        elif word == "flatten":
            stack.append(layers.Flatten())
        elif word == "dense":
            stack.append(layers.Dense(int(number) if number else classes))
            matrix = own("weight")
            if height > 1:  # PyTorch flattens channels first
                matrix = matrix.reshape(len(matrix), -1, height, height).transpose(0, 2, 3, 1)
                matrix, height = matrix.reshape(len(matrix), -1), 1
            weights.append((stack[-1], [matrix.T, own("bias")]))
        else:
            raise SystemExit(f"no Keras layer for {token}")
    model = keras.Sequential(stack)
    for layer, values in weights:
        layer.set_weights(values)
    return model


class Engine:
    def __init__(self, path):
        description = checkpoint(path)
        self.size, self.text, self.state = description["image_size"], description["architecture"], load_file(path)

    def model(self, optimizer=None):
        model = build(self.text, 2, self.size, self.state)
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
