"""Golden windows: windows.json. Run in this folder: python make_windows.py, with Tests/requirements.txt.

Made with Python 3.11, scipy 1.17.1, numpy 2.4.6.

What nnU-Net's compute_steps_for_sliding_window and compute_gaussian (nnunetv2 2.8, step 0.5, sigma 1/8 of the patch) come
to, by numpy and by scipy's gaussian_filter of one voxel, scaled to 1 at its centre.  Grids are [D, H, W].
"""
import json
import numpy as np
from scipy.ndimage import gaussian_filter


def starts(image, patch):
    steps = []
    for i, k in zip(image, patch):
        count = int(np.ceil((i - k) / (k * 0.5))) + 1
        step = (i - k) / (count - 1) if count > 1 else 99999999999
        steps.append([int(np.round(step * n)) for n in range(count)])
    return steps


def weights(patch):
    one = np.zeros(patch)
    one[tuple(i // 2 for i in patch)] = 1
    out = gaussian_filter(one, [i / 8 for i in patch], 0, mode="constant", cval=0)
    return out / out.max()


cases = [
    dict(image=image, patch=patch, starts=starts(image, patch), weights=weights(patch).ravel().tolist())
    for image, patch in [
        ((5, 12, 7), (4, 8, 6)), ((4, 8, 6), (4, 8, 6)), ((9, 17, 20), (4, 7, 8)), ((1, 33, 10), (1, 16, 5)),
        ((21, 6, 6), (6, 5, 3)),
    ]
]
json.dump(cases, open("windows.json", "w"), indent=0)
