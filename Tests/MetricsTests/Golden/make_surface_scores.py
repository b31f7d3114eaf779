"""Golden values of area-weighted surface scores, overlaps and panoptic quality, by others' programs.

Run: python make_surface_scores.py, with Tests/requirements.txt; writes surface_scores.json beside itself.
surface-distance 0.1 (DeepMind), SimpleITK 2.5.7, panoptica 2.1.7, NumPy 2.4.6. The label maps are drawn again by
SurfaceScoresTests.swift from the same random numbers and are not stored.
"""
import importlib.metadata
import json
import pathlib
import sys

import numpy as np
import scipy.ndimage

# surface-distance 0.1 asks for names that NumPy 2 and SciPy 1.15 no longer have.
np.Inf = np.inf
scipy.ndimage.filters = scipy.ndimage.morphology = scipy.ndimage
import SimpleITK as sitk
import surface_distance
from surface_distance import lookup_tables

sys.path.insert(0, str(pathlib.Path(__file__).parents[2]))
import philox

SEED, CLASSES = 20261127, 4
SPACINGS = [[1.0, 1.0, 1.0], [4.4, 0.35, 0.35]]
TOLERANCES = [1.0, 2.0]


def ellipsoids(u, shape):
    """Classes 1 to 3 by centre and radii, as shares of the sides; later ones over earlier ones."""
    grid = np.zeros(shape, np.uint8)
    d, h, w = np.meshgrid(*[np.arange(n, dtype=float) for n in shape], indexing="ij")
    for c in range(1, CLASSES):
        v = u[6 * (c - 1) : 6 * c]
        a, b, e = ((x - m * (n - 1)) / ((0.1 + 0.4 * r) * n) for x, m, r, n in zip((d, h, w), v[:3], v[3:], shape))
        grid[a * a + b * b + e * e <= 1] = c
    return grid


def random_pair(index):
    u = philox.uniform(SEED, "test", 64, index=index).astype(float)
    shape = tuple(4 + int(x * 9) for x in u[:3])
    return ellipsoids(u[8:26], shape), ellipsoids(u[32:50], shape)


def nasty_pairs():
    """Single voxels, planes, corners, holes, touching the border, one inside the other, absent in either."""
    def empty():
        return np.zeros((5, 4, 3), np.uint8)

    def where(*boxes):
        grid = empty()
        for value, d, h, w in boxes:
            grid[slice(*d), slice(*h), slice(*w)] = value
        return grid

    voxel = where((1, (2, 3), (1, 2), (1, 2)))
    corner = where((1, (0, 1), (0, 1), (0, 1)))
    far = where((1, (4, 5), (3, 4), (2, 3)))
    full = where((1, (0, 5), (0, 4), (0, 3)))
    hollow = where((1, (0, 5), (0, 4), (0, 3)), (0, (1, 4), (1, 3), (1, 2)))
    plane = where((1, (0, 5), (0, 4), (1, 2)))
    slab = where((1, (2, 3), (0, 4), (0, 3)))
    line = where((1, (0, 5), (1, 2), (1, 2)))
    diagonal = empty()
    for i in range(3):
        diagonal[i, i, i] = 1
    checkers = (np.indices((5, 4, 3)).sum(0) % 2).astype(np.uint8)
    two = where((1, (0, 1), (0, 1), (0, 1)), (1, (4, 5), (3, 4), (2, 3)))
    touching = where((1, (0, 2), (0, 4), (0, 3)), (2, (2, 5), (0, 4), (0, 3)))
    swapped = where((2, (0, 2), (0, 4), (0, 3)), (1, (2, 5), (0, 4), (0, 3)))
    return [
        (voxel, voxel), (voxel, corner), (corner, far), (full, full), (full, hollow), (hollow, voxel), (plane, slab),
        (line, plane), (diagonal, line), (checkers, full), (checkers, 1 - checkers), (two, corner), (two, two),
        (touching, touching), (touching, swapped), (swapped, full), (empty(), voxel), (voxel, empty()),
        (empty(), empty()), (full, far),
    ]


def surface_row(prediction, truth, spacing):
    """assd, hd95, hd, nsd at the tolerances; null where a structure is missing in one map."""
    if not (prediction.any() and truth.any()):
        return None
    d = surface_distance.compute_surface_distances(truth, prediction, spacing)
    gt, pred = (d["distances_gt_to_pred"], d["surfel_areas_gt"]), (d["distances_pred_to_gt"], d["surfel_areas_pred"])
    assd = (np.sum(gt[0] * gt[1]) + np.sum(pred[0] * pred[1])) / (gt[1].sum() + pred[1].sum())
    row = [assd] + [surface_distance.compute_robust_hausdorff(d, p) for p in (95, 100)]
    return row + [surface_distance.compute_surface_dice_at_tolerance(d, t) for t in TOLERANCES]


def overlaps(prediction, truth):
    """SimpleITK's Dice, Jaccard and volume similarity by class."""
    measures = sitk.LabelOverlapMeasuresImageFilter()
    measures.Execute(sitk.GetImageFromArray(truth), sitk.GetImageFromArray(prediction))
    rows = []
    for c in range(1, CLASSES):
        known = c in truth and c in prediction
        rows.append([measures.GetDiceCoefficient(c), measures.GetJaccardCoefficient(c)] if known else None)
    return rows


def panoptic(prediction, truth):
    """Matched objects, SQ, RQ, PQ by panoptica, structures as objects whatever they are called."""
    from panoptica import InputType, NaiveThresholdMatching, Panoptica_Evaluator

    # panoptica also matches at exactly 0.5, where two objects could match one; the definition asks for more.
    above = float(np.nextafter(0.5, 1))
    matcher = NaiveThresholdMatching(matching_threshold=above)
    evaluator = Panoptica_Evaluator(expected_input=InputType.UNMATCHED_INSTANCE, instance_matcher=matcher)
    result = evaluator.evaluate(prediction, truth, verbose=False)["ungrouped"]
    return [int(result.tp)] + [float(x) for x in (result.sq, result.rq, result.pq)]


def rounded(values):
    return None if values is None else [None if v is None or v != v else float(f"{v:.9g}") for v in values]


def main():
    cases = []
    pairs = [random_pair(i) for i in range(200)] + nasty_pairs()
    for prediction, truth in pairs:
        case = {"surface": []}
        for spacing in SPACINGS:
            case["surface"].append([rounded(surface_row(prediction == c, truth == c, spacing)) for c in range(1, CLASSES)])
        if prediction.any() and truth.any():
            case["overlap"] = [rounded(row) for row in overlaps(prediction, truth)]
            case["panoptic"] = rounded(panoptic(prediction, truth))
        cases.append(case)
    areas = [lookup_tables.create_table_neighbour_code_to_surface_area(s) for s in SPACINGS]
    golden = {"areas": [rounded(a) for a in areas], "cases": cases[:]}
    file = pathlib.Path(__file__).with_name("surface_scores.json")
    file.write_text(json.dumps(golden, separators=(",", ":")))
    print(file.stat().st_size, {p: importlib.metadata.version(p) for p in ("surface-distance", "SimpleITK", "panoptica")})


if __name__ == "__main__":
    main()
