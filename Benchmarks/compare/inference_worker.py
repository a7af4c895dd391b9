"""Engines of inference for `worker.serve`:  inference_worker.py CHECKPOINT onnxruntime|openvino

Each gets the model with a fixed batch size, NCHW, and its own best layout inside; float32 on all
cores; memory of inputs and outputs bound once; graphs optimized as far as the engine can.
"""

import os
import sys

import numpy as np

from onnx_model import model
from worker import checkpoint, serve


def onnxruntime(whole, images):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    # One operator at a time on all cores, whose threads wait spinning: the default, and fastest
    # for a chain of layers.
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.intra_op_num_threads = os.cpu_count()
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    session = onnxruntime.InferenceSession(
        whole.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    binding = session.io_binding()
    binding.bind_cpu_input("images", images)
    binding.bind_output("logits")

    def run():
        session.run_with_iobinding(binding)

    return run, lambda: binding.copy_outputs_to_cpu()[0]


def openvino(whole, images):
    import openvino

    core = openvino.Core()
    compiled = core.compile_model(
        core.read_model(whole.SerializeToString()),
        "CPU",
        {
            # The time of one batch counts, so that all cores work on it.
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": os.cpu_count(),
            "NUM_STREAMS": 1,
            "INFERENCE_PRECISION_HINT": "f32",
            "CPU_DENORMALS_OPTIMIZATION": True,
        },
    )
    request = compiled.create_infer_request()
    request.set_input_tensor(openvino.Tensor(images, shared_memory=True))
    return request.infer, lambda: request.get_output_tensor().data.copy()


ENGINES = {"onnxruntime": onnxruntime, "openvino": openvino}


class Engine:
    def __init__(self, path, name):
        self.path, self.make = path, ENGINES[name]
        self.size = checkpoint(path)["image_size"]

    def ready(self, images):
        """A function that runs a batch, and one that gives the logits of the last."""
        # The engines read this memory in place, so it has to live as long as they do.
        self.planes = np.ascontiguousarray(images.transpose(0, 3, 1, 2))
        return self.make(model(self.path, len(images)), self.planes)

    def predictor(self, images):
        return self.ready(images)[0]

    def logits(self, images):
        run, result = self.ready(images)
        run()
        return result().tolist()


if __name__ == "__main__":
    engine = Engine(sys.argv[1], sys.argv[2])
    serve(engine, engine.size)
