"""Golden files of networks of two and of three input channels. Run in this folder: python make_channels.py, with
dynamic-network-architectures 0.4.4 beside Tests/requirements.txt. Made with torch 2.13.0, numpy 2; the seed is in twin.py.

Sides are odd but where nnU-Net's strides must divide them; its strides and kernels are what nnU-Net plans for 3 x 1 x 1 mm.
"""

import torch
from baselines_reference import UNet3D
from dynamic_network_architectures.architectures.unet import PlainConvUNet
from safnet_reference import SAFNet, pixelwise_loss
from torch import nn
from torch.nn.functional import cross_entropy
from twin import write

CLASSES = 5
LEVELS = ((3, 6), (5, 18), (8, 20), (12, 24))


class PlainTwin(PlainConvUNet):
    """Its modules stand in several places, and only the first is named."""

    def load_state_dict(self, state):
        missing, unexpected = super().load_state_dict(state, strict=False)
        assert not unexpected and not set(missing) & {name for name, _ in self.named_parameters()}


def nnunet(channels):
    plane, cube = [1, 2, 2], [2, 2, 2]
    strides, kernels = [[1, 1, 1], plane, plane], [[1, 3, 3], [3, 3, 3], [3, 3, 3]]
    net = PlainTwin(
        channels, 3, [6, 12, 20], nn.Conv3d, kernels, strides, 2, CLASSES, 2, conv_bias=True,
        norm_op=nn.InstanceNorm3d, norm_op_kwargs={"eps": 1e-5, "affine": True}, nonlin=nn.LeakyReLU,
        nonlin_kwargs={"inplace": True}, deep_supervision=False)
    net.decoder.seg_layers[0] = nn.Identity()
    return net


if __name__ == "__main__":
    torch.set_num_threads(1)
    small = dict(classes=CLASSES, width=16, stem=(8, 16))
    write("channels-safnet-2.golden", SAFNet(**small, channels=2), pixelwise_loss, (2, 7, 45, 37), CLASSES, False, 9, 2)
    write("channels-safnet-3.golden", SAFNet(**small, channels=3), pixelwise_loss, (1, 5, 43, 39), CLASSES, False, 3, 3)
    write("channels-unet3d-2.golden", UNet3D(CLASSES, LEVELS, 2), cross_entropy, (2, 5, 37, 26), CLASSES, False, 6, 2)
    write("channels-nnunet-2.golden", nnunet(2), cross_entropy, (2, 5, 20, 28), CLASSES, False, 6, 2)
