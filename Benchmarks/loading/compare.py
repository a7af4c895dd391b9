"""Images to 128 x 128 RGB, one thread each, taking turns; medians and ratios to Marbles.

usage: compare.py TOOL FOLDER [IMAGES] [REPEATS]
Bytes are in memory, so only decoding and resizing are measured. A library that is missing is
skipped, saying so.
"""

import io
import pathlib
import statistics
import subprocess
import sys
import time

SIZE = 128
tool, folder = sys.argv[1:3]
count = int(sys.argv[3]) if len(sys.argv) > 3 else 500
repeats = int(sys.argv[4]) if len(sys.argv) > 4 else 7
files = sorted(
    path for path in pathlib.Path(folder).rglob("*") if path.suffix.lower() in (".jpg", ".jpeg")
)
files = files[:: max(1, len(files) // count)][:count]
if not files:
    sys.exit(f"{folder}: no JPEG below it; set DATA to a folder of photographs")
contents = [path.read_bytes() for path in files]


def timed(function):
    def run():
        start = time.perf_counter()
        for data in contents:
            function(data)
        return time.perf_counter() - start

    return run


contenders = {}
marbles = subprocess.Popen(
    [tool, str(SIZE), *map(str, files)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
)


def run_marbles():
    marbles.stdin.write("\n")
    marbles.stdin.flush()
    seconds, decoded, _ = marbles.stdout.readline().split()
    assert int(decoded) == len(files), f"Marbles decoded {decoded} of {len(files)}"
    return float(seconds)


contenders["Marbles"] = run_marbles
try:
    from PIL import Image

    def pillow(data, draft=False):
        image = Image.open(io.BytesIO(data))
        if draft:
            image.draft("RGB", (SIZE, SIZE))
        image.convert("RGB").resize((SIZE, SIZE), Image.Resampling.BILINEAR).load()

    contenders["Pillow"] = timed(pillow)
    contenders["Pillow draft"] = timed(lambda data: pillow(data, True))
except ImportError as error:
    print(f"skipped: Pillow ({error})")
try:
    import cv2
    import numpy

    cv2.setNumThreads(1)

    def opencv(data, flag=cv2.IMREAD_COLOR):
        image = cv2.imdecode(numpy.frombuffer(data, numpy.uint8), flag)
        image = cv2.resize(image, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
        cv2.cvtColor(image, cv2.COLOR_BGR2RGB)

    def opencv_reduced(data):
        # Half wherever that leaves enough pixels; Marbles asks for twice as many before it halves.
        height, width = sizes[data]
        half = min(height, width) // 2 >= SIZE
        opencv(data, cv2.IMREAD_REDUCED_COLOR_2 if half else cv2.IMREAD_COLOR)

    sizes = {
        data: cv2.imdecode(numpy.frombuffer(data, numpy.uint8), cv2.IMREAD_COLOR).shape[:2]
        for data in contents
    }
    contenders["OpenCV"] = timed(opencv)
    contenders["OpenCV reduced"] = timed(opencv_reduced)
except (ImportError, AttributeError) as error:
    print(f"skipped: OpenCV ({error})")
try:
    import torch
    import torchvision
    from torchvision.transforms.v2.functional import resize

    torch.set_num_threads(1)

    def vision(data):
        tensor = torch.frombuffer(bytearray(data), dtype=torch.uint8)
        image = torchvision.io.decode_jpeg(tensor, mode="RGB")
        resize(image, [SIZE, SIZE], antialias=True)

    vision(contents[0])
    contenders["torchvision"] = timed(vision)
except (ImportError, RuntimeError) as error:
    print(f"skipped: torchvision ({error})")

times = {name: [] for name in contenders}
for name, run in contenders.items():
    run()
for _ in range(repeats):
    for name, run in contenders.items():
        times[name].append(run())
marbles.stdin.close()
marbles.wait()
print(f"{len(files)} images of {folder} to {SIZE}x{SIZE}, median of {repeats} turns")
print(f"{'':16}{'images/s':>12}{'Marbles is faster by':>24}")
for name, measured in times.items():
    # Each turn against the same turn of Marbles: the machine's other work meets both.
    ratio = statistics.median(one / own for one, own in zip(measured, times["Marbles"]))
    print(f"{name:16}{len(files) / statistics.median(measured):12.0f}{ratio:24.2f}")
