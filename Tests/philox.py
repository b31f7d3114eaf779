"""Compute.RandomStream in NumPy: Philox 4x32-10, so that tests and scripts draw the same numbers."""

import numpy as np

PURPOSES = {"initialWeights": 1, "caseOrder": 2, "test": 7}


def words(seed, purpose, count, epoch=0, index=0):
    """The first `count` 32-bit words of a stream."""
    blocks = np.arange((count + 3) // 4, dtype=np.uint64)
    mask = np.uint64(0xFFFFFFFF)
    c = [blocks] + [np.full_like(blocks, v) for v in (PURPOSES[purpose], epoch, index)]
    k0, k1 = seed & 0xFFFFFFFF, seed >> 32
    for _ in range(10):
        p0, p1 = c[0] * np.uint64(0xD2511F53), c[2] * np.uint64(0xCD9E8D57)
        c = [(p1 >> np.uint64(32)) ^ c[1] ^ np.uint64(k0), p1 & mask, (p0 >> np.uint64(32)) ^ c[3] ^ np.uint64(k1), p0 & mask]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return np.stack(c, 1).reshape(-1)[:count]


def uniform(seed, purpose, count, low=0.0, high=1.0, epoch=0, index=0):
    """Single precision, in the order of operations of RandomStream.nextUniform(in:)."""
    unit = (words(seed, purpose, count, epoch, index) >> np.uint64(8)).astype(np.float32) * np.float32(2.0**-24)
    return np.float32(low) + np.float32(np.float32(high) - np.float32(low)) * unit
