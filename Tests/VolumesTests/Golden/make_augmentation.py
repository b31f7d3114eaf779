"""Golden augmentation: augmentation.json. Run in this folder: python make_augmentation.py, with Tests/requirements.txt.

Made with Python 3.11, scipy 1.17.1, numpy 2.4.6 (double); seed 13.

Rotation and displacement in mm by the formula in AugmentationApply.swift, B-splines by scipy's BSpline, sampling by
scipy's map_coordinates (order 1 and 0, zero outside).  Grids are [D, H, W].
"""
import json
import numpy as np
from scipy.interpolate import BSpline
from scipy.ndimage import map_coordinates

rng = np.random.default_rng(13)


def basis(count, positions):
    knots = np.arange(-3, count + 1, dtype=float)
    return np.stack([BSpline.basis_element(knots[i:i + 5], extrapolate=False)(positions) for i in range(count)], 1)


def apply(image, labels, spacing, angle, contrast, field):
    d, h, w = image.shape
    y, x = np.meshgrid(np.arange(h) * spacing[1], np.arange(w) * spacing[2], indexing="ij")
    cy, cx = (h - 1) * spacing[1] / 2, (w - 1) * spacing[2] / 2
    c, s = np.cos(angle or 0), np.sin(angle or 0)
    sy, sx = c * (y - cy) + s * (x - cx) + cy, -s * (y - cy) + c * (x - cx) + cx
    if field:
        rows = np.nan_to_num(basis(field["rows"], y[:, 0] / field["spacing"]))
        columns = np.nan_to_num(basis(field["columns"], x[0] / field["spacing"]))
        grid = np.array(field["coefficients"]).reshape(field["rows"], field["columns"], 2)
        moved = np.einsum("hi,wj,ijc->hwc", rows, columns, grid)
        sy, sx = sy + moved[..., 0], sx + moved[..., 1]
    at = [sy / spacing[1], sx / spacing[2]]
    out = np.stack([map_coordinates(s, at, order=1, mode="grid-constant", cval=0) for s in image])
    new = np.stack([map_coordinates(s, at, order=0, mode="grid-constant", cval=0) for s in labels])
    if contrast:
        out = out.mean() + contrast * (out - out.mean())
    return out, new


cases = []
for name, shape, spacing, angle, contrast, elastic in [
    ("rotation", (2, 15, 11), (4, 1, 1), 0.2, None, False),
    ("rotation of oblong voxels", (2, 12, 17), (4, 1.5, 0.8), -0.26, None, False),
    ("contrast", (3, 7, 5), (4, 1, 1), None, 0.75, False),
    ("elastic", (2, 16, 13), (4, 1.2, 0.9), None, None, True),
    ("all three", (3, 14, 18), (4, 0.9, 1.1), 0.15, 1.25, True),
]:
    image = rng.normal(0, 1, shape).round(4).astype(np.float32).astype(np.float64)
    labels = rng.integers(0, 4, shape)
    field = None
    if elastic:
        rows, columns = int((shape[1] - 1) * spacing[1] / 5) + 4, int((shape[2] - 1) * spacing[2] / 5) + 4
        field = dict(spacing=5.0, rows=rows, columns=columns, coefficients=rng.uniform(-1.2, 1.2, (rows * columns, 2)).round(4).tolist())
    out, new = apply(image, labels, spacing, angle, contrast, field)
    cases.append(dict(name=name, shape=shape, spacing=spacing, angle=angle, contrast=contrast, elastic=field,
                      image=image.ravel().round(4).tolist(), labels=labels.ravel().tolist(),
                      changed=out.ravel().round(9).tolist(), classes=new.ravel().tolist()))
json.dump(cases, open("augmentation.json", "w"), indent=0)
