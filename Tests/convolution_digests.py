"""Prints the digests of CPUTests/ConvolutionDefinitionTests.swift. Made with PyTorch 2.13.0 (CPU), float64;
run with Tests/requirements.txt: python Tests/convolution_digests.py

Inputs are small whole numbers, so every result is exact and a digest pins every element:
x[i] = 7i mod 11 - 5, w[i] = 5i mod 7 - 3, b[i] = i - 1, dy[i] = 3i mod 13 - 6, all in PyTorch's element order.
"""

import torch
import torch.nn.functional as F

CASES = [  # batch, channels, extent, out channels, kernel, stride, dilation
    (1, 1, (3, 4, 5), 2, (3, 3, 3), (1, 1, 1), (1, 1, 1)),
    (2, 3, (4, 7, 9), 5, (3, 3, 3), (1, 2, 2), (1, 1, 1)),
    (1, 2, (5, 6, 4), 3, (3, 1, 3), (1, 1, 1), (1, 2, 2)),
    (1, 17, (2, 3, 4), 18, (1, 1, 1), (2, 2, 1), (1, 1, 1)),
    (1, 2, (4, 9, 7), 2, (5, 3, 7), (2, 3, 2), (2, 1, 3)),
]


def ramp(shape, factor, modulus, offset):
    count = torch.Size(shape).numel()
    return ((torch.arange(count) * factor) % modulus - offset).double().reshape(shape)


def digest(tensor):
    value = 0
    for element in tensor.flatten().tolist():
        value = (value * 31 + int(element)) % 2**64
    return value


for batch, channels, extent, out, kernel, stride, dilation in CASES:
    x = ramp((batch, channels, *extent), 7, 11, 5).requires_grad_()
    w = ramp((out, channels, *kernel), 5, 7, 3).requires_grad_()
    b = torch.arange(out).double() - 1
    padding = [d * (k - 1) // 2 for d, k in zip(dilation, kernel)]
    y = F.conv3d(x, w, b, stride, padding, dilation)
    y.backward(ramp(y.shape, 3, 13, 6))
    print(f"(0x{digest(y):016x}, 0x{digest(x.grad):016x}, 0x{digest(w.grad):016x}),  # y {tuple(y.shape)}")
