"""Golden file of learning rates: schedules.golden. Run in this folder: python make_schedules.py, with
Tests/requirements.txt.

Made with torch 2.15.0. A thousand times the rate before each of 30 epochs from 0.01, by torch.optim.lr_scheduler; with
warm-up of W epochs a LinearLR from 1 / (W + 1) to 1 comes first.
"""

import sys
from pathlib import Path

import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, PolynomialLR, SequentialLR

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
import golden

EPOCHS = 30


def rates(main, warm):
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.01)
    schedule = main(optimiser, EPOCHS - warm)
    if warm:
        rising = LinearLR(optimiser, start_factor=1 / (warm + 1), end_factor=1, total_iters=warm)
        schedule = SequentialLR(optimiser, [rising, schedule], milestones=[warm])
    found = []
    for _ in range(EPOCHS):
        found.append(optimiser.param_groups[0]["lr"] * 1000)
        optimiser.step()
        schedule.step()
    return found


golden.write("schedules.golden", {
    f"{name}{warm}": rates(main, warm)
    for warm in (0, 4)
    for name, main in {
        "poly": lambda o, epochs: PolynomialLR(o, epochs, power=0.9),
        "square": lambda o, epochs: PolynomialLR(o, epochs, power=2),
        "cosine": lambda o, epochs: CosineAnnealingLR(o, epochs, eta_min=1e-4),
    }.items()
})
