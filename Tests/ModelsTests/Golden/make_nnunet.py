"""Golden files of nnU-Net's network and planner. Run in this folder: python make_nnunet.py, with
dynamic-network-architectures 0.4.4 and nnunetv2 2.8.1 beside Tests/requirements.txt. Made with torch 2.15.0, numpy 2; the
seed is in twin.py.

nnunet-a and -b.golden are PlainConvUNet without deep supervision; the heads of coarser stages, which then have no gradient,
are taken out. nnunet-deep-c and -d.golden have it: the head of the lowest stage, whose weight is 0, is taken out, and labels
are made coarser as nnU-Net's DownsampleSegForDSTransform does. nnunet-residual-e.golden is ResidualEncoderUNet with the same. nnunet-plans.golden holds, of each of some spacings and sizes, what the planner makes of it: strides and
kernels stage after stage, and the padded size.
"""

import numpy as np
import torch
from dynamic_network_architectures.architectures.unet import PlainConvUNet, ResidualEncoderUNet
from nnunetv2.experiment_planning.experiment_planners.network_topology import get_pool_and_conv_props
from torch import nn
from torch.nn.functional import cross_entropy
from twin import write

import golden

CLASSES = 5
DEEP = {"c": ((1, 8, 64, 64), (2.0, 1.0, 1.0)), "d": ((2, 6, 32, 32), (3.0, 1.0, 1.0))}
SHAPES = {"a": ((1, 8, 32, 24), (2.0, 1.0, 1.2)), "b": ((2, 5, 24, 56), (3.0, 1.0, 1.0))}
PLANS = [
    ((3.3, 0.6, 0.6), (20, 224, 112)), ((4.0, 1.0, 1.0), (18, 256, 128)), ((1.0, 1.0, 1.0), (128, 128, 128)),
    ((5.0, 0.3, 0.35), (16, 320, 256)), ((2.0, 1.0, 1.2), (8, 32, 24)), ((3.0, 1.0, 1.0), (5, 24, 56)),
    ((1.0, 4.0, 1.0), (64, 12, 96)), ((1.5, 1.0, 2.9), (40, 48, 20)), ((2.0, 1.0, 1.0), (32, 64, 64)),
    ((1.0, 1.0, 1.0), (4, 12, 4)), ((1.0, 1.0, 1.0), (4, 8, 4)), ((4.0, 1.0, 1.0), (23, 100, 90)),
]


def planned(spacing, size):
    _, strides, kernels, padded, _ = get_pool_and_conv_props(spacing, size, 4, 999999)
    return strides, kernels, padded


class Twin:
    """Its modules stand in several places, and only the first is named."""

    def forward(self, x):
        result = super().forward(x)
        return result if self.training or not self.decoder.deep_supervision else result[0]

    def load_state_dict(self, state):
        missing, unexpected = super().load_state_dict(state, strict=False)
        assert not unexpected and not set(missing) & {name for name, _ in self.named_parameters()}


class PlainTwin(Twin, PlainConvUNet):
    pass


class ResidualTwin(Twin, ResidualEncoderUNet):
    pass


def deep_loss(results, labels):
    """nnU-Net's DeepSupervisionWrapper: weights 1, 1/2, 1/4 ..., the last of them 0."""
    weights = np.array([1 / 2**i for i in range(len(results))])
    weights[-1] = 0
    weights = weights / weights.sum()
    total = 0
    for result, weight in zip(results[:-1], weights):
        coarse = torch.nn.functional.interpolate(labels[:, None].double(), size=result.shape[2:], mode="nearest-exact")
        total = total + weight * cross_entropy(result, coarse[:, 0].long())
    return total


def network(spacing, size, deep=False, residual=False, features=6, most=20, classes=CLASSES):
    strides, kernels, padded = planned(spacing, size)
    assert tuple(padded) == tuple(size)
    stages = len(strides)
    blocks = [[1, 3, 4, 6][min(i, 3)] for i in range(stages)] if residual else 2
    net = (ResidualTwin if residual else PlainTwin)(
        1, stages, [min(most, features * 2**i) for i in range(stages)], nn.Conv3d, [list(k) for k in kernels],
        [list(s) for s in strides], blocks, classes, 1 if residual else 2, conv_bias=True, norm_op=nn.InstanceNorm3d,
        norm_op_kwargs={"eps": 1e-5, "affine": True}, nonlin=nn.LeakyReLU, nonlin_kwargs={"inplace": True},
        deep_supervision=deep)
    for index in range(1 if deep else stages - 2):
        net.decoder.seg_layers[index] = nn.Identity()
    return net


if __name__ == "__main__":
    torch.set_num_threads(1)
    out = {}
    for number, (spacing, size) in enumerate(PLANS):
        strides, kernels, padded = planned(spacing, size)
        out |= {
            f"spacing{number}": np.array(spacing), f"size{number}": np.array(size), f"strides{number}": np.array(strides),
            f"kernels{number}": np.array(kernels), f"padded{number}": np.array(padded)}
    golden.write("nnunet-plans.golden", out)
    for key, (shape, spacing) in SHAPES.items():
        write(f"nnunet-{key}.golden", network(spacing, shape[1:]), cross_entropy, shape, CLASSES, key == "b", draws=6)
    shape, spacing = (2, 6, 32, 32), (3.0, 1.0, 1.0)
    write("nnunet-residual-e.golden", network(spacing, shape[1:], True, True), deep_loss, shape, CLASSES, True, draws=6)
    for key, (shape, spacing) in DEEP.items():
        write(f"nnunet-deep-{key}.golden", network(spacing, shape[1:], deep=True), deep_loss, shape, CLASSES, key == "d", draws=6)
