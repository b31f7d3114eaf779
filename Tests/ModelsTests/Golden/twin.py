"""What any network's golden files hold: the PyTorch twin in double, and how far the twin in single is from it.

Weights, images and labels are drawn from philox.py, as the Swift tests draw them, so none is stored. For every shape:
  loss, error.loss              Eq. 9 or cross-entropy in training mode; |single - double|
  logits                        every 97th of the logits [K, D, H, W] in inference mode
  error.logits                  the largest |single - double| of them all
  gradient/<parameter>          up to 24 evenly spaced entries, then 4 projections on random signs
  error/<parameter>             largest |single - double| of the whole gradient, and of the projections
  losses, error.losses          of ten steps of Adam (learning rate 1e-3, weight decay 1e-4); the error is the largest
                                over `draws` runs in single precision: Adam divides by the gradient's size, so where a
                                gradient is small, roundings grow, and one run may have been lucky
  after/<parameter>             up to 24 evenly spaced entries after the ten steps (first shape only)
  error.after/<parameter>       largest |single - double| of them all
"""

import copy
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
import golden
import philox

SEED = 2023
SAMPLES, PROJECTIONS, LOGIT_STRIDE, STEPS = 24, 4, 97, 10


def parameters_from_formula(net):
    """PyTorch's default uniform rule for weights and biases; norms, learnt scales and statistics off their defaults."""
    fan_in = {}
    for name, module in net.named_modules():
        if isinstance(module, (torch.nn.Conv3d, torch.nn.ConvTranspose3d, torch.nn.Linear)):
            fan = torch.nn.init._calculate_fan_in_and_fan_out(module.weight)[0]
            fan_in[name + ".weight"] = fan_in[name + ".bias"] = fan
    state = {}
    for index, (name, value) in enumerate(sorted(net.named_parameters(), key=lambda item: item[0])):
        count = value.numel()
        if name in fan_in:
            bound = np.float32(1) / np.sqrt(np.float32(fan_in[name]))
            drawn = philox.uniform(SEED, "initialWeights", count, -bound, bound, index=index)
        elif value.numel() > 1 and name.endswith("weight"):
            drawn = philox.uniform(SEED, "test", count, 0.75, 1.25, index=index)
        elif value.numel() > 1 and name.endswith("bias"):
            drawn = philox.uniform(SEED, "test", count, -0.25, 0.25, index=index)
        else:
            drawn = philox.uniform(SEED, "test", count, 0.4, 0.6, index=index)
        state[name] = torch.from_numpy(drawn).reshape(value.shape)
    for index, (name, value) in enumerate(sorted(net.named_buffers(), key=lambda item: item[0])):
        if name.endswith("running_mean"):
            state[name] = torch.from_numpy(philox.uniform(SEED, "test", value.numel(), -0.1, 0.1, epoch=1, index=index))
        elif name.endswith("running_var"):
            state[name] = torch.from_numpy(philox.uniform(SEED, "test", value.numel(), 0.5, 1.5, epoch=1, index=index))
        else:
            state[name] = value
    net.load_state_dict(state)


def case(shape, classes, channels):
    """Images (N, C, D, H, W) and labels of `shape` (N, D, H, W)."""
    count = int(np.prod(shape))
    images = philox.uniform(SEED, "test", channels * count, -1, 1, epoch=2)
    labels = (philox.uniform(SEED, "test", count, epoch=3) * np.float32(classes)).astype(np.int64)
    return torch.from_numpy(images).reshape(shape[0], channels, *shape[1:]), torch.from_numpy(labels).reshape(shape)


def sampled(values):
    flat = values.detach().double().numpy().reshape(-1)
    step = max(1, flat.size // SAMPLES)
    return flat[::step][:SAMPLES]


def signs(count, index, projection):
    return 1.0 - 2.0 * (philox.words(SEED, "test", count, 10 + projection, index) & np.uint64(1)).astype(np.float64)


def gradients(net, loss, shape, classes, channels):
    images, labels = case(shape, classes, channels)
    net.zero_grad()
    value = loss(net.train()(images.to(next(net.parameters()).dtype)), labels)
    value.backward()
    zero = torch.zeros(())
    return value.detach().double(), {
        n: (zero.expand(p.shape) if p.grad is None else p.grad).double().clone() for n, p in net.named_parameters()}


def adam(net, loss, shape, classes, channels):
    images, labels = case(shape, classes, channels)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, weight_decay=1e-4)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        value = loss(net.train()(images.to(next(net.parameters()).dtype)), labels)
        value.backward()
        optimizer.step()
        losses.append(value.item())
    return np.array(losses), dict(net.named_parameters())


def jittered(net, draw):
    """The same network with other roundings: every weight off by at most its last digit (draw 0: as it is)."""
    net, generator = copy.deepcopy(net), torch.Generator().manual_seed(draw)
    with torch.no_grad():
        for value in net.parameters() if draw else []:
            value *= 1 + (2 * torch.rand(value.shape, generator=generator) - 1) * 2.0**-23
    return net


def write(path, net, loss, shape, classes, after, draws=1, channels=1):
    """One golden file: `net` (single precision) at `shape`; `after`: with the parameters after ten steps."""
    torch.manual_seed(0)
    parameters_from_formula(net)
    single, double = net, copy.deepcopy(net).double()
    images, _ = case(shape, classes, channels)
    with torch.no_grad():
        logits = [n.eval()(images[:1].to(next(n.parameters()).dtype))[0].double().numpy().reshape(-1) for n in (single, double)]
    out = {"logits": logits[1][::LOGIT_STRIDE], "error.logits": np.abs(logits[0] - logits[1]).max()}
    (loss32, g32), (loss64, g64) = (gradients(copy.deepcopy(n), loss, shape, classes, channels) for n in (single, double))
    out |= {"loss": loss64, "error.loss": abs(loss32 - loss64)}
    for index, name in enumerate(sorted(g64)):
        flat, error = g64[name].numpy().reshape(-1), (g32[name] - g64[name]).numpy().reshape(-1)
        directions = [signs(flat.size, index, k) for k in range(PROJECTIONS)]
        out["gradient/" + name] = np.concatenate([sampled(g64[name]), [d @ flat for d in directions]])
        out["error/" + name] = [np.abs(error).max(), max(abs(d @ error) for d in directions)]
    runs = [adam(jittered(single, draw), loss, shape, classes, channels) for draw in range(draws)]
    losses64, p64 = adam(double, loss, shape, classes, channels)
    out |= {"losses": losses64, "error.losses": np.max([np.abs(losses - losses64) for losses, _ in runs], 0)}
    for name in sorted(p64) if after else []:
        out["after/" + name] = sampled(p64[name])
        out["error.after/" + name] = max((p32[name].double() - p64[name]).abs().max().item() for _, p32 in runs)
    golden.write(path, out)
    print(path, len(out), Path(path).stat().st_size, "loss", float(loss64), "losses", losses64[-1])
