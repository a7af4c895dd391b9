"""A checkpoint as an ONNX model, NCHW and for one batch size, which engines of inference read.

`model(path, batch)` reads the layers the named models are made of; for others it says that it
cannot. The graph is as plain as an exporter writes it: fusing and folding is left to the engines.
"""

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper
from safetensors.numpy import load_file

from architecture import ArchitectureWalk
from worker import checkpoint

OPSET = 17


class Builder(ArchitectureWalk):
    def __init__(self, text, state):
        super().__init__(text)
        self.state = state
        self.nodes, self.values, self.count = [], [], 0

    def node(self, kind, inputs, **attributes):
        self.count += 1
        output = f"value{self.count}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def own(self, key):
        """An array of the checkpoint, which has PyTorch's names and orders."""
        self.values.append(numpy_helper.from_array(np.ascontiguousarray(self.state[key]), key))
        return key

    def add(self, x, y):
        return self.node("Add", [x, y])

    def leaf(self, name, options, x, prefix):
        if name == "conv" and set(options[2:]) <= {"no-bias", "stride"} | set("123456789"):
            stride = int(options[options.index("stride") + 1]) if "stride" in options else 1
            arrays = [self.own(prefix + "weight")]
            arrays += [] if "no-bias" in options else [self.own(prefix + "bias")]
            return self.node("Conv", [x, *arrays], strides=[stride] * 2, auto_pad="SAME_UPPER")
        if name == "batchnorm" and not options:
            keys = ("weight", "bias", "running_mean", "running_var")
            arrays = [self.own(prefix + key) for key in keys]
            return self.node("BatchNormalization", [x, *arrays], epsilon=1e-5)
        if name == "dense" and options in ([], options[:1]):
            arrays = [self.own(prefix + key) for key in ("weight", "bias")]
            return self.node("Gemm", [x, *arrays], transB=1)
        if name == "pool" and len(options) == 1:
            return self.node("MaxPool", [x], kernel_shape=[int(options[0])] * 2,
                             strides=[int(options[0])] * 2)
        if name == "dropout":
            return x
        kinds = {"relu": "Relu", "flatten": "Flatten", "global-pool": "GlobalAveragePool",
                 "global-max-pool": "GlobalMaxPool"}
        if name not in kinds or options:
            raise SystemExit(f"no ONNX operator for {' '.join([name, *options])}")
        return self.node(kinds[name], [x])


def model(path, batch):
    description = checkpoint(path)
    size, classes = description["image_size"], len(description["classes"])
    builder = Builder(description["architecture"], load_file(path))
    builder.nodes.append(
        helper.make_node("Identity", [builder.sequence("images", "")], ["logits"])
    )
    graph = helper.make_graph(
        builder.nodes,
        "network",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [batch, 3, size, size])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [batch, classes])],
        builder.values,
    )
    # The oldest version of the format that has this operator set, for older readers.
    whole = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    checker.check_model(whole)
    return whole
