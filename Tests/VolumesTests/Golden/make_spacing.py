"""Golden resampling to a spacing: spacing.json. Run in this folder: python make_spacing.py, with Tests/requirements.txt.

Made with Python 3.11, SimpleITK 2.5.7, numpy 2.4.6; seed 23.

An image of a spacing goes to another one as SimpleITK resamples it, linear for images and nearest for labels, onto a grid
over the same field of view: round(n * old / new) voxels (Python's round, as nnU-Net's compute_new_shape), so that the
spacing is n * old over that number.  Grids are [D, H, W].
"""
import json
import numpy as np
import SimpleITK as sitk

rng = np.random.default_rng(23)


def resampled(array, old, count, method):
    image = sitk.GetImageFromArray(array)
    image.SetSpacing(old[::-1])
    new = [n * s / m for n, s, m in zip(array.shape, old, count)]
    origin = [(b - a) / 2 for a, b in zip(old, new)]
    out = sitk.Resample(image, count[::-1], sitk.Transform(), method, origin[::-1], new[::-1], np.eye(3).ravel().tolist(),
                        0.0, image.GetPixelID())
    return sitk.GetArrayFromImage(out), new


cases = []
for name, shape, old, target, crop in [
    ("coarser in the plane, finer in depth", (4, 23, 26), (4.4, 0.5, 0.6), (3.0, 1.0, 1.1), "none"),
    ("middle half, finer everywhere", (3, 7, 10), (5.0, 1.2, 1.2), (3.1, 0.7, 0.9), "halfWidth"),
    ("halves go to even", (5, 5, 7), (1.0, 1.0, 1.0), (2.0, 2.0, 2.0), "none"),
    ("one voxel is left", (2, 9, 8), (1.0, 1.0, 1.0), (9.0, 1.3, 1.0), "none"),
]:
    image = rng.normal(300, 200, shape).round(3)
    labels = rng.integers(0, 6, shape).astype(np.uint8)
    kept, known = image, labels
    if crop == "halfWidth":
        half = shape[2] // 2
        start = (shape[2] - half) // 2
        kept, known = image[:, :, start:start + half], labels[:, :, start:start + half]
    count = [max(int(round(n * a / b)), 1) for n, a, b in zip(kept.shape, old, target)]
    out, spacing = resampled(kept, list(old), count, sitk.sitkLinear)
    classes, _ = resampled(known, list(old), count, sitk.sitkNearestNeighbor)
    out = (out - out.mean()) / out.std()
    cases.append(dict(name=name, shape=shape, spacing=old, target=target, crop=crop, size=count, newSpacing=spacing,
                      image=image.ravel().tolist(), labels=labels.ravel().tolist(),
                      prepared=out.ravel().round(9).tolist(), classes=classes.ravel().astype(int).tolist()))
json.dump(cases, open("spacing.json", "w"), indent=0)
