#!/usr/bin/env python3
"""Stores the matrices of a checkpoint as 16-bit floats; vectors, which are few, stay as they are.

Usage: ship.py CHECKPOINT.safetensors SHIPPED.safetensors
"""

import hashlib
import json
import pathlib
import struct
import sys


def checksum(metadata, elements):
    """As Documentation/Checkpoint.md says."""
    texts = b"".join(f"{key}\0{value}\0".encode() for key, value in sorted(metadata.items()))
    return hashlib.sha256(texts + elements).hexdigest()


def main():
    source, target = map(pathlib.Path, sys.argv[1:])
    content = source.read_bytes()
    start = 8 + struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8:start])
    metadata = header.pop("__metadata__")
    if metadata.pop("marbles_sha256") != checksum(metadata, content[start:]):
        sys.exit(f"{source}: the checksum is not that of its content; make it again")
    elements, tensors = b"", {}
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        first, last = entry["data_offsets"]
        part, kind = content[start + first : start + last], entry["dtype"]
        if len(entry["shape"]) > 1 and kind == "F32":
            count = (last - first) // 4
            part = struct.pack(f"<{count}e", *struct.unpack(f"<{count}f", part))
            kind = "F16"
        offsets = [len(elements), len(elements) + len(part)]
        tensors[name] = {"dtype": kind, "shape": entry["shape"], "data_offsets": offsets}
        elements += part
    metadata["marbles_sha256"] = checksum(metadata, elements)
    text = json.dumps({"__metadata__": metadata, **tensors}, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    target.write_bytes(struct.pack("<Q", len(text)) + text + elements)


if __name__ == "__main__":
    main()
