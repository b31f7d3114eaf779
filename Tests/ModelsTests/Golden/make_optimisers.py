"""Golden files of optimisers: twenty steps of a small Base by each recipe. Run in this folder: python make_optimisers.py,
with Tests/requirements.txt.

Made with torch 2.15.0, numpy 2; the seed is in twin.py. Every file:
  losses, error.losses            of the steps; the largest |single - double| over three runs in single precision
  after/<parameter>               up to 24 evenly spaced entries after the last step
  average/<name>                  the same of the running average, of parameters and running statistics
  error.after/<parameter>, error.average/<name>     largest |single - double| of the whole tensor
  norms, error.norms              of the gradients before they were shortened
"""

import copy

import numpy as np
import torch
from safnet_reference import SAFNet, VARIANTS, pixelwise_loss
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from twin import case, jittered, parameters_from_formula, sampled

import golden

CLASSES, SHAPE, STEPS = 5, (2, 7, 48, 40), 20
RECIPES = {
    "adamw": (lambda p: torch.optim.AdamW(p, lr=1e-3, weight_decay=0.5), None, 0.9),
    "sgd": (lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.5, weight_decay=0.02), None, None),
    "nesterov": (lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.02), None, 0.75),
    "parts": (lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.02), None, None),
    "clipped": (lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.02), 0.03, None),
}


def train(net, name, optimiser, clip, average):
    images, labels = case(SHAPE if name != "parts" else (3, 7, 32, 24), CLASSES)
    parts = [2, 1] if name == "parts" else [len(images)]
    optimiser = optimiser(net.parameters())
    mean = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(average), use_buffers=True) if average else None
    losses, norms = [], []
    for _ in range(STEPS):
        optimiser.zero_grad()
        value = 0
        for x, y in zip(images.to(next(net.parameters()).dtype).split(parts), labels.split(parts)):
            loss = pixelwise_loss(net.train()(x), y) * (len(x) / len(images))
            loss.backward()
            value += loss.detach()
        norms.append(torch.nn.utils.clip_grad_norm_(net.parameters(), clip or float("inf")).item())
        optimiser.step()
        if mean: mean.update_parameters(net)
        losses.append(value.item())
    averages = {n: v for n, v in mean.module.state_dict().items() if not n.endswith("num_batches_tracked")} if mean else {}
    return np.array(losses), np.array(norms), dict(net.named_parameters()), averages


def entries(key, single, double):
    """Samples of every tensor in double, and how far the runs in single are from all of it."""
    out = {f"{key}/{name}": sampled(value) for name, value in sorted(double.items())}
    for name, value in sorted(double.items()):
        out[f"error.{key}/{name}"] = max((run[name].double() - value).abs().max().item() for run in single)
    return out


if __name__ == "__main__":
    torch.set_num_threads(1)
    for name, recipe in RECIPES.items():
        net = SAFNet(classes=CLASSES, width=16, stem=(8, 16), **VARIANTS["Base"])
        torch.manual_seed(0)
        parameters_from_formula(net)
        singles = [train(jittered(net, draw), name, *recipe) for draw in range(3)]
        losses, norms, after, averages = train(copy.deepcopy(net).double(), name, *recipe)
        out = {"losses": losses, "error.losses": np.max([np.abs(s[0] - losses) for s in singles], 0), "norms": norms,
               "error.norms": np.max([np.abs(s[1] - norms) for s in singles], 0)}
        out |= entries("after", [s[2] for s in singles], after)
        out |= entries("average", [s[3] for s in singles], averages)
        golden.write(f"optimiser-{name}.golden", out)
        print(name, losses[0], losses[-1], norms[0], norms[-1])
