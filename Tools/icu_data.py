#!/usr/bin/env python3
"""Keeps of ICU's data what English needs, to be linked instead of the 34 MB that Foundation brings.

Usage: Tools/icu_data.py lib_FoundationICU.a OUT.o, both for a little-endian ELF machine.
"""
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

KEPT_LOCALES = {"root", "en", "en_001", "en_US", "en_US_POSIX"}
LOCALE = re.compile(r"[a-z]{2,3}(_[A-Za-z0-9]+)*")
MEMBER = "icu_packaged_data.cpp.o"


def is_kept(name):
    """Whether an item stays: no old encodings, no transliteration, no locales but English."""
    if name.endswith(".cnv") or "/translit/" in name or "/brkitr/" in name:
        return False
    stem = name.rsplit("/", 1)[-1].split(".")[0]
    return not LOCALE.fullmatch(stem) or stem in KEPT_LOCALES or not name.endswith(".res")


def subset(package):
    """A common data package with only the items that stay; offsets count from after the header."""
    header_size = struct.unpack_from("<H", package)[0]
    body = package[header_size:]
    count = struct.unpack_from("<I", body)[0]
    entries = [struct.unpack_from("<II", body, 4 + 8 * index) for index in range(count)]
    ends = [offset for _, offset in entries[1:]] + [len(body)]
    items = []
    for (name_offset, offset), end in zip(entries, ends):
        name = body[name_offset:body.index(b"\0", name_offset)]
        if is_kept(name.decode()):
            items.append((name + b"\0", body[offset:end]))

    name_offset = 4 + 8 * len(items)
    offset = -(-(name_offset + sum(len(name) for name, _ in items)) // 16) * 16
    table, names, data = struct.pack("<I", len(items)), b"", b""
    for name, content in items:
        content += bytes(-len(content) % 16)
        table += struct.pack("<II", name_offset + len(names), offset + len(data))
        names, data = names + name, data + content
    return package[:header_size] + (table + names).ljust(offset, b"\0") + data


def main():
    archive, out = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["ar", "x", pathlib.Path(archive).resolve(), MEMBER], cwd=folder, check=True)
        symbols = subprocess.run(
            ["nm", "--defined-only", f"{folder}/{MEMBER}"], capture_output=True, text=True,
            check=True)
        symbol = re.search(r"\bicudt\d+_dat\b", symbols.stdout).group()
        subprocess.run(
            ["objcopy", "-O", "binary", "--only-section=.rodata", f"{folder}/{MEMBER}",
             f"{folder}/all"], check=True)
        data = subset(pathlib.Path(folder, "all").read_bytes())
        pathlib.Path(folder, "kept").write_bytes(data)
        # The linker's --wrap sends references to the symbol here, whatever comes first.
        symbol = f"__wrap_{symbol}"
        source = (f'.section .rodata\n.globl {symbol}\n.balign 16\n{symbol}:\n'
                  f'.incbin "{folder}/kept"\n.section .note.GNU-stack,"",%progbits\n')
        subprocess.run(
            ["clang", "-c", "-x", "assembler", "-", "-o", out], input=source, text=True, check=True)
        print(f"icu_data: {len(data) / 1e6:.1f} MB of data")


main()
