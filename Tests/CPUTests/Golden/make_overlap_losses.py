"""Golden files of the losses of two passes in PyTorch double: `python make_overlap_losses.py` (torch 2.13.0, numpy 2).

Coarse logits at 4 x 5 x 3, labels at 4 x 9 x width, drawn from Tests/philox.py as in OverlapLossTests.swift. Cases lack
classes: the last class nobody has, and the second case has only the first three. A file holds <setting>.loss and
<setting>.gradient, for every setting.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
import golden
import philox

SEED = 11


def dice(p, y, over, smoothing, background):
    axes = (2, 3, 4) if over == "case" else (0, 2, 3, 4)
    common, sizes = (p * y).sum(axes), p.sum(axes) + y.sum(axes)
    score = (2 * common + smoothing) / (sizes + smoothing).clamp(min=1e-8)
    return 1 - score[..., 0 if background else 1:].mean()


def loss(logits, labels, over="case", smoothing=1e-5, background=False, weights=(1, 0)):
    y = F.one_hot(labels, logits.shape[1]).movedim(-1, 1).to(logits.dtype)
    value = weights[0] * dice(torch.softmax(logits, 1), y, over, smoothing, background)
    return value + weights[1] * F.cross_entropy(logits, labels)


SETTINGS = {
    "dice-case": {},
    "dice-batch": {"over": "batch"},
    "dice-background": {"smoothing": 1, "background": True},
    "both": {"weights": (1, 1)},
    "both-weighted": {"over": "batch", "smoothing": 0, "background": True, "weights": (0.5, 2)},
}

if __name__ == "__main__":
    for batch, classes, steepness, width in [(1, 5, 1, 7), (3, 5, 1, 7), (3, 18, 10, 37)]:
        values = philox.uniform(SEED, "test", batch * classes * 60, -1, 1, index=0)
        x = (torch.from_numpy(values).double().reshape(batch, classes, 4, 5, 3) * steepness).requires_grad_()
        drawn = philox.uniform(SEED, "test", batch * 4 * 9 * width, index=30) * np.float32(classes - 1)
        labels = torch.from_numpy(drawn.astype(np.int64)).reshape(batch, 4, 9, width)
        if batch > 1:
            labels[1] %= 3
        out = {}
        for name, setting in SETTINGS.items():
            x.grad = None
            value = loss(F.interpolate(x, size=(4, 9, width), mode="trilinear", align_corners=False), labels, **setting)
            value.backward()
            out |= {f"{name}.loss": value.detach(), f"{name}.gradient": x.grad}
        golden.write(f"overlap-{batch}-{classes}-{width}.golden", out)
