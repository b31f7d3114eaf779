"""Writes golden files: `write("x.golden", {"name": array, ...})`, read back by GoldenFile.swift.

Little-endian: "GOLDEN01", count, then for every tensor the length of its name, the name, its rank, its sides (uint32) and
its values (float32). Keep a file under 100 KB.
"""

import struct

import numpy as np


def write(path, tensors):
    with open(path, "wb") as file:
        file.write(b"GOLDEN01" + struct.pack("<I", len(tensors)))
        for name, value in tensors.items():
            array = np.asarray(value, dtype="<f4")
            encoded = name.encode()
            file.write(struct.pack("<I", len(encoded)) + encoded)
            file.write(struct.pack(f"<{1 + array.ndim}I", array.ndim, *array.shape))
            file.write(array.tobytes())
