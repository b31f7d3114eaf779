"""Golden files of single operations in PyTorch double. Run in this folder: python make_operations.py, with
Tests/requirements.txt; names of operations behind it make theirs alone. Made with torch 2.13.0, numpy 2 (those of
nnU-Net, at the end of the list, with torch 2.15.0); the seed is below.

Inputs, parameters and the output's gradient are drawn from Tests/philox.py as in OperationCase.swift: uniform in -1 ... 1,
stream index 0, 1, ... for inputs, 10, 11, ... for parameters, 20 for the output's gradient. PyTorch's layout N, C, D, H, W.
A file holds output, input<k> and parameter<k> (gradients), and statistic<k> after the step.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
import golden
import philox

SEED = 11
SHAPE = (2, 5, 4, 5, 3)
WIDE = (2, 18, 4, 5, 3)
GATE = (2, 5, 1, 1, 1)
FULL = (2, 16, 4, 5, 3)
DOUBLE = (2, 32, 4, 5, 3)
MAP = (2, 1, 4, 5, 3)


def drawn(shape, index):
    values = philox.uniform(SEED, "test", int(np.prod(shape)), -1, 1, index=index)
    return torch.from_numpy(values).double().reshape(shape)


def position(q, k, v):
    weights = torch.softmax(q.flatten(2).transpose(1, 2) @ k.flatten(2), -1)
    return (v.flatten(2) @ weights.transpose(1, 2)).view_as(v)


def channel(x):
    f = x.flatten(2)
    return (torch.softmax(f @ f.transpose(1, 2), -1) @ f).view_as(x)


def resize(extent):
    return lambda x: F.interpolate(x, size=extent, mode="trilinear", align_corners=False)


def normalise(x, weight, bias):
    return F.batch_norm(x, None, None, weight, bias, True, 0.1, 1e-5)


def product(x, weight, bias):
    return F.conv3d(x, weight, bias, stride=(1, 2, 2), padding=(1, 2, 2), dilation=(1, 2, 2))


def doubled(x, weight, bias):
    return F.conv_transpose3d(x, weight, bias, (1, 2, 2), output_padding=(0, 1, 0))


def depthwise(dilation):
    return lambda x, w, b: F.conv3d(x, w, b, 1, (0, 3 * dilation, 3 * dilation), (1, dilation, dilation), x.shape[1])


def layer_norm(x, weight, bias):
    return F.layer_norm(x.movedim(1, -1), weight.shape, weight, bias, 1e-6).movedim(-1, 1)


def instance_norm(x, weight, bias):
    return F.instance_norm(x, None, None, weight, bias, True, 0.1, 1e-5)


def grown(*stride):
    return lambda x, weight, bias: F.conv_transpose3d(x, weight, bias, stride)


CASES = {
    "add": (lambda a, b: a + b, [SHAPE, SHAPE], []),
    "add-relu": (lambda a, b: F.relu(a + b), [SHAPE, SHAPE], []),
    "relu": (F.relu, [SHAPE], []),
    "sigmoid": (lambda x: torch.sigmoid(x * 1.0), [SHAPE], []),
    "multiply": (lambda a, b: a * b, [SHAPE, SHAPE], []),
    "gate": (lambda a, b: a * b, [GATE, SHAPE], []),
    "gated-product": (lambda g, a, b: g * a * b, [GATE, SHAPE, SHAPE], []),
    "gated-product-wide": (lambda g, a, b: g * a * b, [WIDE[:2] + (1, 1, 1), WIDE, WIDE], []),
    "concat-sums": (lambda a, b, c, d: torch.cat([a + b, c + d], 1), [FULL, FULL, DOUBLE, DOUBLE], []),
    "concat": (lambda a, b, c: torch.cat([a, b, c], 1), [SHAPE, WIDE, SHAPE], []),
    "mean": (lambda x: x.mean((2, 3, 4), keepdim=True), [WIDE], []),
    "broadcast": (lambda x: x.expand(2, 5, 4, 5, 3), [GATE], []),
    "resize-up": (resize((4, 9, 7)), [SHAPE], []),
    "resize-down": (resize((3, 2, 2)), [SHAPE], []),
    "resize-deep": (resize((7, 5, 3)), [SHAPE], []),
    "scaled-add": (lambda x, a, s: x + s * a, [SHAPE, SHAPE], [(1,)]),
    "norm": (normalise, [WIDE], [(18,), (18,)]),
    "norm-relu": (lambda x, w, b: F.relu(normalise(x, w, b)), [WIDE], [(18,), (18,)]),
    "position-attention": (position, [SHAPE, SHAPE, WIDE], []),
    "channel-attention": (channel, [WIDE], []),
    "max-pooling": (lambda x: F.max_pool3d(x, (1, 2, 2)), [SHAPE], []),
    "transposed-convolution": (doubled, [SHAPE], [(5, 18, 1, 2, 2), (18,)]),
    "depthwise-convolution": (depthwise(1), [SHAPE], [(5, 1, 1, 7, 7), (5,)]),
    "depthwise-convolution-wide": (depthwise(3), [WIDE], [(18, 1, 1, 7, 7), (18,)]),
    "layer-norm": (layer_norm, [WIDE], [(18,), (18,)]),
    "gelu": (F.gelu, [WIDE], []),
    "layer-scale": (lambda x, a, s: x + s.view(-1, 1, 1, 1) * a, [WIDE, WIDE], [(18,)]),
    "attention-gate": (lambda x, a: x * torch.sigmoid(a), [WIDE, MAP], []),
    "convolution": (product, [SHAPE], [(18, 5, 3, 3, 3), (18,)]),
    "leaky-relu": (lambda x: F.leaky_relu(x, 0.01), [SHAPE], []),
    "average-pooling": (lambda x: F.avg_pool3d(x, 2), [SHAPE], []),
    "average-pooling-rows": (lambda x: F.avg_pool3d(x, (1, 2, 1)), [WIDE], []),
    "instance-norm": (instance_norm, [WIDE], [(18,), (18,)]),
    "instance-norm-leaky-relu": (lambda *x: F.leaky_relu(instance_norm(*x), 0.01), [WIDE], [(18,), (18,)]),
    "transposed-convolution-deep": (grown(2, 2, 2), [SHAPE], [(5, 18, 2, 2, 2), (18,)]),
    "transposed-convolution-rows": (grown(1, 2, 1), [WIDE], [(18, 5, 1, 2, 1), (5,)]),
    "transposed-convolution-ends": (grown(2, 1, 2), [WIDE], [(18, 5, 2, 1, 2), (5,)]),
}


def write_operations(names):
    for name in names:
        function, shapes, parameter_shapes = CASES[name]
        inputs = [drawn(s, k).requires_grad_() for k, s in enumerate(shapes)]
        parameters = [drawn(s, 10 + k).requires_grad_() for k, s in enumerate(parameter_shapes)]
        y = function(*inputs, *parameters)
        y.backward(drawn(y.shape, 20))
        out = {"output": y.detach()}
        out |= {f"input{k}": x.grad for k, x in enumerate(inputs)}
        out |= {f"parameter{k}": p.grad for k, p in enumerate(parameters)}
        if name.startswith("norm"):
            mean, variance = torch.full((18,), 0.3).double(), torch.full((18,), 2.0).double()
            F.batch_norm(inputs[0].detach(), mean, variance, None, None, True, 0.1, 1e-5)
            out |= {"statistic0": mean, "statistic1": variance}
        golden.write(f"{name}.golden", out)


def pixelwise(logits, labels):
    log_p = torch.log_softmax(logits, 1)
    log_not_p = torch.log1p(-log_p.exp().clamp(max=1 - 1e-7))
    y = F.one_hot(labels, logits.shape[1]).movedim(-1, 1).to(logits.dtype)
    return -(y * log_p + (1 - y) * log_not_p).mean()


def write_losses():
    """Coarse logits at 4 x 5 x 3, labels at 4 x 9 x 7 (or 37); `steep` logits are 30 times larger and reach the clamp."""
    for name, loss in {"pixelwise": pixelwise, "crossEntropy": F.cross_entropy}.items():
        for classes, steepness, width in [(5, 1, 7), (5, 30, 7), (18, 1, 7), (18, 30, 7), (18, 30, 37)]:
            x = (drawn((2, classes, 4, 5, 3), 0) * steepness).requires_grad_()
            labels = philox.uniform(SEED, "test", 2 * 4 * 9 * width, index=30) * np.float32(classes)
            logits = resize((4, 9, width))(x)
            value = loss(logits, torch.from_numpy(labels.astype(np.int64)).reshape(2, 4, 9, width))
            value.backward()
            golden.write(
                f"loss-{name}-{classes}-{steepness}{'-wide' if width > 16 else ''}.golden",
                {"loss": value.detach(), "gradient": x.grad, "classes": logits.argmax(1)})


def write_schedules():
    """Learning rates of ReduceLROnPlateau before each of 41 epochs, for histories drawn with ties and plateaus."""
    out = {}
    for number, (factor, patience, minimum, levels) in enumerate([(0.5, 2, 0, 4), (0.1, 0, 1e-6, 3), (0.5, 10, 0, 2), (0.3, 1, 2e-4, 9)]):
        history = np.floor(philox.uniform(SEED, "test", 40, index=40 + number) * levels) / 8
        optimizer = torch.optim.Adam([torch.zeros(1, requires_grad=True)], lr=1e-3)
        schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, "max", factor, patience, min_lr=minimum)
        rates = [1e-3]
        for score in history:
            schedule.step(float(score))
            rates.append(optimizer.param_groups[0]["lr"])
        out |= {f"history{number}": history, f"rates{number}": np.array(rates) * 1e3, f"setting{number}": [factor, patience, minimum * 1e3]}
    golden.write("plateau.golden", out)


def write_adam():
    """Seven numbers, twelve steps with the gradients g_t = drawn(7, 50 + t) * 10^(t % 3 - 1), decay 0 and 0.1."""
    out = {}
    for decay in (0.0, 0.1):
        p = drawn((7,), 50).requires_grad_()
        optimizer = torch.optim.Adam([p], lr=1e-2, weight_decay=decay)
        for t in range(1, 13):
            p.grad = drawn((7,), 50 + t) * 10.0 ** (t % 3 - 1)
            optimizer.step()
        state = optimizer.state[p]
        key = "decay" if decay else "plain"
        out |= {key: p.detach(), key + ".first": state["exp_avg"], key + ".second": state["exp_avg_sq"]}
    golden.write("adam.golden", out)


if __name__ == "__main__":
    write_operations(sys.argv[1:] or CASES)
    if sys.argv[1:]:
        sys.exit()
    write_losses()
    write_schedules()
    write_adam()
