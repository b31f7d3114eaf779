"""Golden values of nnU-Net's changes: further-changes.json. Run in this folder: python make_further_changes.py, with torch,
numpy and batchgeneratorsv2 (whose own code makes them, in double).

Made with torch 2.15.0, numpy 2.4.6, batchgeneratorsv2 0.3.6; seed 14. Grids are [D, H, W].
"""
import json

import numpy as np
import torch
from batchgeneratorsv2.transforms.intensity.gamma import GammaTransform
from batchgeneratorsv2.transforms.noise.gaussian_blur import blur_dimension
from batchgeneratorsv2.transforms.spatial.low_resolution import SimulateLowResolutionTransform

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(14)
gamma = GammaTransform((0.7, 1.5), 1, False, 1, 1)
low = SimulateLowResolutionTransform((0.5, 1), False, True, (0,), None, 1)


def bent(x, exponent, negative):
    one = torch.tensor([0])
    return gamma._apply_to_image(
        x.clone(), apply_to_channel=one, retain_stats=torch.tensor([True]), invert_image=torch.tensor([negative]),
        gamma=torch.tensor([exponent]))


def blurred(x, deviations):
    for axis, deviation in enumerate(deviations):
        x = blur_dimension(x, deviation, axis)
    return x


def coarse(x, factor):
    return low._apply_to_image(x.clone(), apply_to_channel=[0], scales=torch.tensor([[1, factor, factor]]))


cases = []
for name, shape, change, numbers in [
    ("gamma", (3, 7, 5), lambda x: bent(x, 0.75, False), [0.75]),
    ("negativeGamma", (2, 6, 9), lambda x: bent(x, 1.4, True), [1.4]),
    ("blur", (5, 8, 7), lambda x: blurred(x, [0.55, 1.0, 0.8]), [0.55, 1.0, 0.8]),
    ("blur", (4, 5, 9), lambda x: blurred(x, [0.9, 0.92, 0.5]), [0.9, 0.92, 0.5]),
    ("lowResolution", (2, 12, 9), lambda x: coarse(x, 0.5), [0.5]),
    ("lowResolution", (2, 13, 10), lambda x: coarse(x, 0.77), [0.77]),
    ("lowResolution", (2, 6, 5), lambda x: coarse(x, 1.0), [1.0]),
]:
    image = rng.normal(0, 1, shape).round(4).astype(np.float32).astype(np.float64)
    out = change(torch.from_numpy(image)[None])[0].numpy()
    cases.append(dict(name=name, shape=shape, numbers=numbers, image=image.ravel().round(4).tolist(),
                      changed=out.ravel().round(9).tolist()))
json.dump(cases, open("further-changes.json", "w"), indent=0)
