"""The four baselines in PyTorch, written from their sources' descriptions: the oracle of the Swift models.

Tensors are N x C x D x H x W; every stride and pool is (1, 2, 2), because 18 slices do not halve three times.
Written for PyTorch 2.13. Parameter names are the names that checkpoints use.

- Çiçek et al. 2016, "3D U-Net: Learning Dense Volumetric Segmentation from Sparse Annotation" (arXiv 1606.06650)
- Xiao et al. 2018, "Weighted Res-UNet for High-Quality Retina Vessel Segmentation"; its attention is read as the
  additive gate of Oktay et al. 2018, "Attention U-Net" (arXiv 1804.03999), equations 1 and 2
- Chen et al. 2018, "Encoder-Decoder with Atrous Separable Convolution" (DeepLabV3+, arXiv 1802.02611)
- Zhang et al. 2023, "CFNet: Cascade Fusion Network for Dense Prediction" (arXiv 2302.06052); widths and depths of the
  tiny model as its authors publish them: 96 in front, 192-352-512 in the stages, 2-4-2 blocks, three stages

Run it to print parameters and multiply-adds at 1 x 1 x 18 x 256 x 128:  python baselines_reference.py,
with Tests/requirements.txt
"""
import torch
from torch import nn
from torch.nn import functional as F

IN_PLANE = (1, 2, 2)


def same(kernel, dilation):
    return tuple(d * (k - 1) // 2 for k, d in zip(kernel, dilation))


class ConvNorm(nn.Module):
    """Convolution without bias, batch norm; `relu` after it unless told otherwise."""

    def __init__(self, cin, cout, kernel=3, stride=(1, 1, 1), dilation=(1, 1, 1), relu=True):
        super().__init__()
        kernel = (kernel,) * 3
        self.conv = nn.Conv3d(cin, cout, kernel, stride, same(kernel, dilation), dilation, bias=False)
        self.norm = nn.BatchNorm3d(cout)
        self.rectified = relu

    def forward(self, x):
        y = self.norm(self.conv(x))
        return F.relu(y) if self.rectified else y


class Double(nn.Module):
    """3D UNet's layer: two 3x3x3 convolutions, each with batch norm and ReLU."""

    def __init__(self, cin, first, second):
        super().__init__()
        self.first = ConvNorm(cin, first)
        self.second = ConvNorm(first, second)

    def forward(self, x):
        return self.second(self.first(x))


class ResidualDouble(nn.Module):
    """The same two convolutions, with a 1x1x1 shortcut added before the last ReLU."""

    def __init__(self, cin, first, second):
        super().__init__()
        self.first = ConvNorm(cin, first)
        self.second = ConvNorm(first, second, relu=False)
        self.shortcut = ConvNorm(cin, second, 1, relu=False)

    def forward(self, x):
        return F.relu(self.second(self.first(x)) + self.shortcut(x))


class AttentionGate(nn.Module):
    """Oktay's equations 1 and 2: alpha = sigmoid(psi' relu(W_x' x + W_g' g + b_g) + b_psi); the skip x is scaled."""

    def __init__(self, skip, gate):
        super().__init__()
        inner = max(skip // 2, 1)
        self.skip = nn.Conv3d(skip, inner, 1, bias=False)
        self.gate = nn.Conv3d(gate, inner, 1)
        self.psi = nn.Conv3d(inner, 1, 1)

    def forward(self, x, g):
        return x * torch.sigmoid(self.psi(F.relu(self.skip(x) + self.gate(g))))


class UNet3D(nn.Module):
    """levels: (first, second) width of each analysis layer, the last one being the bottom.

    A synthesis layer doubles H and W by a transposed convolution that keeps the width, concatenates [skip, up] and
    has two convolutions of the skip's width. Where pooling has dropped an odd last row or column, the transposed
    convolution is asked for it (output_size), and gives its bias there.
    """

    layer = Double

    def __init__(self, classes=18, levels=((32, 64), (64, 128), (128, 256), (256, 512)), channels=1):
        super().__init__()
        widths = [channels] + [second for _, second in levels]
        self.analysis = nn.ModuleList([self.layer(c, *level) for c, level in zip(widths, levels)])
        self.up, self.synthesis = nn.ModuleList(), nn.ModuleList()
        below = widths[-1]
        for skip in reversed(widths[1:-1]):  # from the bottom upwards
            self.up.append(nn.ConvTranspose3d(below, below, IN_PLANE, IN_PLANE))
            self.synthesis.append(self.layer(skip + below, skip, skip))
            below = skip
        self.classify = nn.Conv3d(below, classes, 1)

    def attend(self, step, skip, up):
        return skip

    def forward(self, x):
        skips = []
        for i, layer in enumerate(self.analysis):
            x = layer(F.max_pool3d(x, IN_PLANE) if i else x)
            skips.append(x)
        skips.pop()
        for i, (up, layer) in enumerate(zip(self.up, self.synthesis)):
            skip = skips.pop()
            y = up(x, output_size=skip.shape[2:])
            x = layer(torch.cat([self.attend(i, skip, y), y], 1))
        return self.classify(x)


class ResUNet3D(UNet3D):
    """3D UNet with residual layers; every skip passes an additive attention gate steered by the map it will join."""

    layer = ResidualDouble

    def __init__(self, classes=18, levels=((32, 64), (64, 128), (128, 256), (256, 512))):
        super().__init__(classes, levels)
        seconds = [second for _, second in levels]
        self.attention = nn.ModuleList(
            [AttentionGate(skip, below) for skip, below in zip(reversed(seconds[:-1]), reversed(seconds[1:]))])

    def attend(self, step, skip, up):
        return self.attention[step](skip, up)


class BasicBlock(nn.Module):
    """He 2016: two 3x3x3 convolutions and a shortcut, which is the identity where shapes allow it."""

    def __init__(self, cin, cout, stride, dilation):
        super().__init__()
        self.first = ConvNorm(cin, cout, 3, stride, dilation)
        self.second = ConvNorm(cout, cout, 3, dilation=dilation, relu=False)
        self.shortcut = None
        if cin != cout or stride != (1, 1, 1):
            self.shortcut = ConvNorm(cin, cout, 1, stride, relu=False)

    def forward(self, x):
        shortcut = x if self.shortcut is None else self.shortcut(x)
        return F.relu(self.second(self.first(x)) + shortcut)


class Pyramid(nn.Module):
    """ASPP: 1x1x1, three dilated 3x3x3 and the pooled map (bias and ReLU, no norm), concatenated and projected."""

    def __init__(self, cin, cout, rates):
        super().__init__()
        self.point = ConvNorm(cin, cout, 1)
        self.dilated = nn.ModuleList([ConvNorm(cin, cout, 3, dilation=(r, r, r)) for r in rates])
        self.pooled = nn.Conv3d(cin, cout, 1)
        self.project = ConvNorm((len(rates) + 2) * cout, cout, 1)

    def forward(self, x):
        pooled = F.relu(self.pooled(x.mean((2, 3, 4), keepdim=True))).expand(-1, -1, *x.shape[2:])
        return self.project(torch.cat([self.point(x), *[b(x) for b in self.dilated], pooled], 1))


class DeepLabV3(nn.Module):
    """Residual encoder to /16 in-plane (the last stage has dilation (1,2,2) in place of its stride), ASPP, decoder.

    Widths: 18-layer residual encoder 64-64-128-256-512; ASPP and decoder 256, low-level map reduced to 48 (source).
    """

    def __init__(self, classes=18, stem=64, stages=(64, 128, 256, 512), blocks=(2, 2, 2, 2), rates=(6, 12, 18),
                 pyramid=256, low=48, decoder=256):
        super().__init__()
        self.stem = ConvNorm(1, stem, 3, IN_PLANE)  # /2
        self.stages = nn.ModuleList()
        cin = stem
        for i, (width, count) in enumerate(zip(stages, blocks)):  # /4, /8, /16, /16
            last = i == len(stages) - 1
            stage = nn.ModuleList()
            for j in range(count):
                stride = IN_PLANE if j == 0 and not last else (1, 1, 1)
                stage.append(BasicBlock(cin, width, stride, (1, 2, 2) if last else (1, 1, 1)))
                cin = width
            self.stages.append(stage)
        self.aspp = Pyramid(cin, pyramid, rates)
        self.reduce = ConvNorm(stages[0], low, 1)
        self.decode = nn.ModuleList([ConvNorm(pyramid + low, decoder), ConvNorm(decoder, decoder)])
        self.classify = nn.Conv3d(decoder, classes, 1)

    def forward(self, x):
        y, low = self.stem(x), None
        for stage in self.stages:
            for block in stage:
                y = block(y)
            low = y if low is None else low
        y = resized(self.aspp(y), low)
        y = torch.cat([y, self.reduce(low)], 1)
        for layer in self.decode:
            y = layer(y)
        return resized(self.classify(y), x)


class ChannelNorm(nn.Module):
    """Layer norm over the channels of each voxel, eps 1e-6."""

    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        return F.layer_norm(x.movedim(1, -1), self.weight.shape, self.weight, self.bias, 1e-6).movedim(-1, 1)


def depthwise(channels, dilation):
    d = (1, dilation, dilation)
    return nn.Conv3d(channels, channels, (1, 7, 7), padding=same((1, 7, 7), d), dilation=d, groups=channels)


class NextBlock(nn.Module):
    """ConvNeXt's block: 7x7 in-plane depthwise, layer norm, 1x1x1 to four times the width, GELU, 1x1x1, layer scale."""

    def __init__(self, channels):
        super().__init__()
        self.spatial = depthwise(channels, 1)
        self.norm = ChannelNorm(channels)
        self.expand = nn.Conv3d(channels, 4 * channels, 1)
        self.contract = nn.Conv3d(4 * channels, channels, 1)
        self.scale = nn.Parameter(torch.ones(channels))

    def mix(self, x):
        return self.spatial(x)

    def forward(self, x):
        y = self.contract(F.gelu(self.expand(self.norm(self.mix(x)))))
        return x + self.scale.view(-1, 1, 1, 1) * y


class FocalBlock(NextBlock):
    """CFNet's focal block: depthwise convolutions of dilation 1 and 3, each added to its own input, then the same."""

    def __init__(self, channels):
        super().__init__(channels)
        self.wide = depthwise(channels, 3)

    def mix(self, x):
        y = x + self.spatial(x)
        return y + self.wide(y)


class Down(nn.Module):
    """Layer norm, then a 3x3x3 convolution of stride (1,2,2): the only place where slices meet (the source is 2D)."""

    def __init__(self, cin, cout):
        super().__init__()
        self.norm = ChannelNorm(cin)
        self.conv = nn.Conv3d(cin, cout, 3, IN_PLANE, 1)

    def forward(self, x):
        return self.conv(self.norm(x))


class Lift(nn.Module):
    """The light part of a transition: 1x1x1 to the finer map's width, layer norm, trilinear to its size, added."""

    def __init__(self, cin, cout):
        super().__init__()
        self.conv = nn.Conv3d(cin, cout, 1)
        self.norm = ChannelNorm(cout)

    def forward(self, coarse, fine):
        return fine + resized(self.norm(self.conv(coarse)), fine)


class Stage(nn.Module):
    """A small encoder-decoder: blocks at every scale (focal at the coarsest), then every scale fused into the finest."""

    def __init__(self, widths, blocks):
        super().__init__()
        last = len(widths) - 1
        self.blocks = nn.ModuleList([
            nn.ModuleList([(FocalBlock if i == last else NextBlock)(c) for _ in range(n)])
            for i, (c, n) in enumerate(zip(widths, blocks))])
        self.down = nn.ModuleList([Down(a, b) for a, b in zip(widths, widths[1:])])
        self.lift = nn.ModuleList([Lift(b, a) for a, b in zip(widths, widths[1:])])

    def forward(self, x):
        maps = []
        for i, blocks in enumerate(self.blocks):
            x = self.down[i - 1](x) if i else x
            for block in blocks:
                x = block(x)
            maps.append(x)
        for i in reversed(range(len(self.lift))):
            maps[i] = self.lift[i](maps[i + 1], maps[i])
        return maps


class CFNet(nn.Module):
    """Stem and blocks at /2, then cascaded stages over /4, /8, /16; the last stage's maps are joined for the logits.

    The source starts at /4 for images of 512 and more; ours are 256 x 128, so every scale is one octave finer.
    Head: maps to /4, concatenated, 1x1x1 convolution + batch norm + ReLU, 1x1x1 to classes, trilinear to the input.
    """

    def __init__(self, classes=18, stem=96, stem_blocks=3, widths=(192, 352, 512), blocks=(2, 4, 2), stages=3, head=192):
        super().__init__()
        self.stem = nn.Conv3d(1, stem, 3, IN_PLANE, 1)
        self.stem_norm = ChannelNorm(stem)
        self.front = nn.ModuleList([NextBlock(stem) for _ in range(stem_blocks)])
        self.down = Down(stem, widths[0])
        self.stages = nn.ModuleList([Stage(widths, blocks) for _ in range(stages)])
        self.join = ConvNorm(sum(widths), head, 1)
        self.classify = nn.Conv3d(head, classes, 1)

    def forward(self, x):
        y = F.gelu(self.stem_norm(self.stem(x)))
        for block in self.front:
            y = block(y)
        y = self.down(y)
        for stage in self.stages:
            maps = stage(y)
            y = maps[0]
        y = self.join(torch.cat([maps[0], *[resized(m, maps[0]) for m in maps[1:]]], 1))
        return resized(self.classify(y), x)


def resized(x, like):
    return F.interpolate(x, size=like.shape[2:], mode="trilinear", align_corners=False)


MODELS = {"unet3d": UNet3D, "resunet3d": ResUNet3D, "deeplabv3": DeepLabV3, "cfnet": CFNet}


def multiply_adds(model, shape):
    """Nominal multiply-adds of the convolutions of one forward pass (taps outside the volume counted)."""
    total = 0

    def count(module, inputs, output):
        nonlocal total
        if isinstance(module, nn.ConvTranspose3d):
            total += inputs[0].numel() * module.out_channels * torch.Size(module.kernel_size).numel()
        elif isinstance(module, nn.Conv3d):
            total += output.numel() * module.in_channels // module.groups * torch.Size(module.kernel_size).numel()

    hooks = [m.register_forward_hook(count) for m in model.modules()]
    with torch.no_grad():
        model(torch.zeros(shape))
    for hook in hooks:
        hook.remove()
    return total


if __name__ == "__main__":
    for name, kind in MODELS.items():
        net = kind().eval()
        macs = multiply_adds(net, (1, 1, 18, 256, 128))
        print(f"{name:10s} {sum(p.numel() for p in net.parameters()):>12,d} parameters {macs / 1e9:8.1f} G multiply-adds")
