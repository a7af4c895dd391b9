"""The programs that are measured; only one of them runs at a time."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
# PyTorch asks for its activations anew in every step; these keep the kernel out of it.
TUNED = {
    "MALLOC_MMAP_THRESHOLD_": str(1 << 32),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 33),
    "MALLOC_TOP_PAD_": str(1 << 28),
}
PYTHON = [sys.executable, "-W", "ignore"]
CONTENDERS = {
    "PyTorch, as most people run it": (["torch_worker.py"], ["plain"], {}),
    "PyTorch at its best": (["torch_worker.py"], ["best"], TUNED),
    "PyTorch, torch.compile": (["torch_worker.py"], ["compiled"], TUNED),
    "Keras on TensorFlow": (["keras_worker.py"], [], {}),
}

# These only infer; `inference_worker.py` says how each is set up.
INFERENCE = {
    "ONNX Runtime": (["inference_worker.py"], ["onnxruntime"], {}),
    "OpenVINO": (["inference_worker.py"], ["openvino"], {}),
}


class Worker:
    """A Python process that is stopped while others are measured."""

    def __init__(self, name, weights, log):
        script, arguments, environment = {**CONTENDERS, **INFERENCE}[name]
        command = PYTHON + [str(HERE / script[0]), weights] + arguments
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, **environment},
        )

    def ask(self, **request):
        os.kill(self.process.pid, signal.SIGCONT)
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"ended with {self.process.wait()}")
        os.kill(self.process.pid, signal.SIGSTOP)
        return json.loads(line)

    def close(self):
        os.kill(self.process.pid, signal.SIGCONT)
        self.process.stdin.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def processor_time(self):
        fields = (
            pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        )
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def marbles(tool, model, size, *options):
    """One run of `marbles bench step`, as its JSON says."""
    command = [
        tool,
        "bench",
        "step",
        "--json",
        *model,
        "--image-size",
        str(size),
        *map(str, options),
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout)


class Load:
    """How much of the machine others used while something ran, 0...1."""

    def __init__(self, worker=None):
        self.worker = worker
        self.start, self.busy, self.own = time.monotonic(), _busy(), self._own()

    def _own(self):
        times = os.times()
        own = times.user + times.system + times.children_user + times.children_system
        return own + (self.worker.processor_time() if self.worker else 0)

    def others(self):
        elapsed = (time.monotonic() - self.start) * os.cpu_count()
        return max(0, _busy() - self.busy - (self._own() - self.own)) / elapsed


def _busy():
    fields = [int(x) for x in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")
