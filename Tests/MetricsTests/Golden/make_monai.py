"""Golden values of MONAI's HD95, HD and symmetric average distance on the label maps of make_surface_scores.py.

Run: python make_monai.py, with Tests/requirements.txt, monai 1.6.1 and PyTorch 2.15; writes monai.json beside itself.
MONAI counts surface voxels where the tables weight surface elements by area, and takes the larger of both directions.
"""
import json
import pathlib

import numpy as np
import torch
from monai.metrics import compute_average_surface_distance, compute_hausdorff_distance

from make_surface_scores import CLASSES, SPACINGS, nasty_pairs, random_pair, rounded


def row(prediction, truth, spacing):
    """HD95, HD and the mean over both surfaces' voxels; null where a structure is missing in one map."""
    if not (prediction.any() and truth.any()):
        return None
    a, b = (torch.tensor(x[None, None].astype(np.float32)) for x in (prediction, truth))
    options = dict(include_background=True, spacing=spacing)
    found = [compute_hausdorff_distance(a, b, percentile=p, **options) for p in (95, None)]
    return rounded([float(x) for x in found + [compute_average_surface_distance(a, b, symmetric=True, **options)]])


def main():
    pairs = [random_pair(i) for i in range(200)] + nasty_pairs()
    cases = [
        [[row(prediction == c, truth == c, spacing) for c in range(1, CLASSES)] for spacing in SPACINGS]
        for prediction, truth in pairs
    ]
    file = pathlib.Path(__file__).with_name("monai.json")
    file.write_text(json.dumps(cases, separators=(",", ":")))


if __name__ == "__main__":
    main()
