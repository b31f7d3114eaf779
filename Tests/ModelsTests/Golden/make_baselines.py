"""Golden files of the four baselines. Run in this folder: python make_baselines.py, with Tests/requirements.txt.

Made with torch 2.13.0, numpy 2; the seed is in twin.py.

Widths are small, unequal and no multiples of 16; shape b has odd sides, which pooling drops and doubling gives back.
"""

import torch
from baselines_reference import CFNet, DeepLabV3, ResUNet3D, UNet3D
from torch.nn.functional import cross_entropy
from twin import write

CLASSES = 5
SHAPES = {"a": (1, 6, 48, 32), "b": (2, 5, 37, 26)}
LEVELS = ((3, 6), (5, 18), (8, 20), (12, 24))
SMALL = {
    "unet3d": lambda: UNet3D(CLASSES, LEVELS),
    "resunet3d": lambda: ResUNet3D(CLASSES, LEVELS),
    "deeplabv3": lambda: DeepLabV3(CLASSES, 6, (6, 10, 18, 20), (1, 2, 1, 2), (6, 12, 18), 12, 5, 9),
    "cfnet": lambda: CFNet(CLASSES, 6, 1, (10, 18, 20), (1, 2, 1), 2, 12),
}

if __name__ == "__main__":
    torch.set_num_threads(1)
    for name, net in SMALL.items():
        for key, shape in SHAPES.items():
            write(f"{name}-{key}.golden", net(), cross_entropy, shape, CLASSES, key == "b", draws=6)
