"""Golden values of Dice, confusion, surface distances and distance transforms, by SciPy and NumPy.

Run: python make_metrics.py, with Tests/requirements.txt; writes metrics.json beside itself. SciPy 1.17.1, NumPy 2.4.6,
seed 20231123.
Grids are strings of one digit per voxel, D, H, W order, W fastest.
"""
import json
import pathlib

import numpy as np
from scipy import ndimage

CONNECTED_BY_FACES = ndimage.generate_binary_structure(3, 1)


def digits(grid):
    return "".join(str(int(v)) for v in grid.ravel())


def blobs(rng, shape, classes, structures):
    """Ellipsoids of some classes, later ones over earlier ones."""
    grid = np.zeros(shape, np.uint8)
    axes = np.meshgrid(*[np.arange(n) for n in shape], indexing="ij")
    for c in structures:
        centre = [rng.uniform(0, n - 1) for n in shape]
        radii = [rng.uniform(0.2, 0.45) * n for n in shape]
        grid[sum(((a - m) / r) ** 2 for a, m, r in zip(axes, centre, radii)) <= 1] = c
    assert grid.max() < classes
    return grid


def surface(mask):
    return mask & ~ndimage.binary_erosion(mask, CONNECTED_BY_FACES)


def surface_distances(a, b, spacing):
    sa, sb = surface(a), surface(b)
    to_b = ndimage.distance_transform_edt(~sb, sampling=spacing)[sa]
    to_a = ndimage.distance_transform_edt(~sa, sampling=spacing)[sb]
    return np.concatenate([to_b, to_a])


def evaluation(prediction, truth, classes, spacing):
    dice, msd, hd95 = [], [], []
    for c in range(1, classes):
        a, b = prediction == c, truth == c
        size = a.sum() + b.sum()
        dice.append(None if size == 0 else 2 * (a & b).sum() / size)
        both = a.any() and b.any()
        distances = surface_distances(a, b, spacing) if both else None
        msd.append(distances.mean() if both else None)
        hd95.append(np.percentile(distances, 95) if both else None)
    confusion = np.zeros((classes, classes), int)
    np.add.at(confusion, (truth.ravel(), prediction.ravel()), 1)
    return dict(dice=dice, surfaceDistance=msd, hausdorff95=hd95, confusion=confusion.ravel().tolist())


def main():
    rng = np.random.default_rng(20231123)
    evaluations = []
    for shape, classes, spacing, true_classes, found_classes in [
        ((5, 12, 9), 5, (4.4, 0.345, 0.5), [1, 2, 3, 4], [1, 2, 3, 4]),
        ((4, 7, 11), 4, (1.0, 1.0, 1.0), [1, 2], [1, 3]),  # 2 missed, 3 invented
        ((6, 10, 8), 5, (0.3, 2.0, 1.1), [2, 4], [4]),  # 1 and 3 nowhere
        ((1, 16, 5), 3, (4.0, 0.5, 0.7), [1, 2], [2, 1]),  # one slice
        ((3, 5, 4), 2, (5.5, 0.9, 0.3), [1], []),  # nothing found
    ]:
        truth, prediction = blobs(rng, shape, classes, true_classes), blobs(rng, shape, classes, found_classes)
        evaluations.append(
            dict(shape=shape, classes=classes, spacing=spacing, truth=digits(truth), prediction=digits(prediction))
            | evaluation(prediction, truth, classes, spacing)
        )
    transforms = []
    for shape, spacing, density in [
        ((4, 5, 3), (1.0, 1.0, 1.0), 0.1),
        ((7, 9, 11), (4.4, 0.345, 0.345), 0.02),
        ((2, 17, 6), (0.2, 3.0, 1.7), 0.05),
        ((6, 1, 13), (1.5, 1.0, 0.8), 0.1),
        ((5, 6, 7), (0.9, 4.0, 0.9), 0.5),
    ]:
        marked = rng.random(shape) < density
        marked[tuple(rng.integers(0, n) for n in shape)] = True
        distances = ndimage.distance_transform_edt(~marked, sampling=spacing)
        transforms.append(
            dict(shape=shape, spacing=spacing, marked=digits(marked), distances=distances.ravel().tolist())
        )
    path = pathlib.Path(__file__).with_name("metrics.json")
    path.write_text(json.dumps(dict(evaluations=evaluations, transforms=transforms)) + "\n")


main()
