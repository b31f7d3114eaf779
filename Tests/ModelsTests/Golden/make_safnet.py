"""Golden files of SAFNet, its variants and the readings of its gate. Run in this folder: python make_safnet.py, with Tests/requirements.txt.

Made with torch 2.13.0, numpy 2; the seed is in twin.py.
"""

import torch
from safnet_reference import READINGS, VARIANTS, SAFNet, pixelwise_loss
from twin import write

CLASSES = 5
SHAPES = {"a": (1, 18, 64, 32), "b": (2, 7, 48, 40)}
SMALL = dict(classes=CLASSES, width=16, stem=(8, 16))

if __name__ == "__main__":
    torch.set_num_threads(1)
    for number, options in enumerate(VARIANTS.values()):
        for key, shape in SHAPES.items():
            write(f"safnet-{number}{key}.golden", SAFNet(**SMALL, **options), pixelwise_loss, shape, CLASSES, key == "b")
    for reading in READINGS[1:]:
        for key, shape in SHAPES.items():
            net = SAFNet(**SMALL, reading=reading)
            draws = 3 if (reading, key) == ("gatedHigh", "b") else 1  # the only one whose first draw was lucky
            write(f"safnet-{reading}-{key}.golden", net, pixelwise_loss, shape, CLASSES, False, draws)
