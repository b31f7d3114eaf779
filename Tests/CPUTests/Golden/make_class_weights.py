"""Golden files of losses with class weights in PyTorch double: `python make_class_weights.py` (torch 2.15.0, numpy 2).

Coarse logits at 4 x 5 x 3, labels at 4 x 9 x 37, drawn from Tests/philox.py as in ClassWeightTests.swift. A file holds
<loss>.loss and <loss>.gradient of every loss: F.cross_entropy(weight=w), F.binary_cross_entropy(weight=w) of every
class (Eq. 9), and nnU-Net's Dice with a weighted cross-entropy.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
import golden
import philox
from make_overlap_losses import dice

SEED = 11
WEIGHTS = torch.tensor([0.25, 1, 2, 0, 3.5], dtype=torch.float64)


def one_hot(logits, labels):
    return F.one_hot(labels, logits.shape[1]).movedim(-1, 1).to(logits.dtype)


def pixelwise(logits, labels):
    p = torch.softmax(logits, 1)
    w = WEIGHTS.reshape(1, -1, 1, 1, 1).expand_as(p)
    return F.binary_cross_entropy(p, one_hot(logits, labels), weight=w)


def cross_entropy(logits, labels):
    return F.cross_entropy(logits, labels, weight=WEIGHTS)


def dice_cross_entropy(logits, labels):
    return dice(torch.softmax(logits, 1), one_hot(logits, labels), "case", 1e-5, False) + cross_entropy(logits, labels)


if __name__ == "__main__":
    values = philox.uniform(SEED, "test", 2 * 5 * 60, -3, 3, index=0)
    x = torch.from_numpy(values).double().reshape(2, 5, 4, 5, 3).requires_grad_()
    drawn = philox.uniform(SEED, "test", 2 * 4 * 9 * 37, index=30) * np.float32(5)
    labels = torch.from_numpy(drawn.astype(np.int64)).reshape(2, 4, 9, 37)
    out = {}
    for name, loss in {"pixelwise": pixelwise, "crossEntropy": cross_entropy, "diceCrossEntropy": dice_cross_entropy}.items():
        x.grad = None
        value = loss(F.interpolate(x, size=(4, 9, 37), mode="trilinear", align_corners=False), labels)
        value.backward()
        out |= {f"{name}.loss": value.detach(), f"{name}.gradient": x.grad}
    golden.write("class-weights.golden", out)
