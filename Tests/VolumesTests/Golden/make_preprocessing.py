"""Golden preprocessing: preprocessing.json. Run in this folder: python make_preprocessing.py, with
Tests/requirements.txt.

Made with Python 3.11, torch 2.13.0 (CPU, double), numpy 2.4.6; seed 11.

The steps of Preprocessing.swift with other people's code: torch's interpolate (align_corners=False, and nearest-exact),
numpy's mean, std and pad.  Grids are [D, H, W].
"""
import json
import numpy as np, torch
import torch.nn.functional as F

rng = np.random.default_rng(11)


def prepare(image, labels, size, crop, depth, normalise):
    if crop == "halfWidth":
        half = max(image.shape[2] // 2, 1)
        start = (image.shape[2] - half) // 2
        image, labels = image[:, :, start:start + half], labels[:, :, start:start + half]
    if depth == "padOrCrop" and image.shape[0] > size[0]:
        start = (image.shape[0] - size[0]) // 2
        image, labels = image[start:start + size[0]], labels[start:start + size[0]]
    slices = size[0] if depth == "resample" else image.shape[0]
    target = (slices, size[1], size[2])
    image = F.interpolate(torch.tensor(image)[None, None], size=target, mode="trilinear", align_corners=False)[0, 0].numpy()
    labels = F.interpolate(torch.tensor(labels)[None, None], size=target, mode="nearest-exact")[0, 0].numpy()
    if normalise == "volume":
        image = (image - image.mean()) / image.std()
    before = (size[0] - slices) // 2
    pad = ((before, size[0] - slices - before), (0, 0), (0, 0))
    return np.pad(image, pad), np.pad(labels, pad)


cases = []
for name, shape, size, crop, depth, normalise in [
    ("pads, crops the width, shrinks", (4, 23, 26), (7, 9, 8), "halfWidth", "padOrCrop", "volume"),
    ("odd width, drops slices, grows", (9, 5, 7), (6, 11, 13), "halfWidth", "padOrCrop", "volume"),
    ("as it is", (5, 6, 8), (5, 6, 8), "none", "padOrCrop", "none"),
    ("whole width, even padding", (3, 12, 9), (7, 7, 20), "none", "padOrCrop", "volume"),
    ("fewer slices by resampling", (11, 8, 6), (4, 10, 6), "none", "resample", "volume"),
    ("more slices by resampling", (4, 9, 10), (7, 9, 3), "halfWidth", "resample", "none"),
    ("one voxel wide", (2, 3, 1), (3, 4, 2), "halfWidth", "padOrCrop", "volume"),
]:
    image = rng.normal(300, 200, shape).round(3)
    labels = rng.integers(0, 6, shape)
    out, classes = prepare(image, labels.astype(np.float64), size, crop, depth, normalise)
    cases.append(dict(name=name, shape=shape, size=size, crop=crop, depth=depth, normalise=normalise,
                      image=image.ravel().tolist(), labels=labels.ravel().tolist(),
                      prepared=out.ravel().round(9).tolist(), classes=classes.astype(int).ravel().tolist()))
json.dump(cases, open("preprocessing.json", "w"), indent=0)
