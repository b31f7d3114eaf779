"""Prints the numbers of CPUTests/DefinitionTests.swift. Made with PyTorch 2.13.0 (CPU), float64;
run with Tests/requirements.txt: python Tests/kernel_digests.py

Digests: inputs are small whole numbers, so every result is exact and a digest pins every element; ramps and digest are
those of convolution_digests.py. Tables: layer norm, GELU and gate at a few values, to 17 digits.
"""

import torch
import torch.nn.functional as F

POOLING = [(1, 1, (2, 2, 2)), (2, 3, (3, 5, 7)), (1, 17, (2, 4, 9))]  # batch, channels, extent
TRANSPOSED = [  # batch, channels, out channels, extent, odd rows, odd columns
    (1, 1, 1, (1, 1, 1), 0, 0),
    (2, 3, 5, (2, 3, 4), 1, 0),
    (1, 17, 18, (3, 2, 1), 0, 1),
]
DEPTHWISE = [(1, 1, (1, 3, 4), 1), (2, 3, (2, 8, 9), 1), (1, 17, (2, 5, 11), 3)]  # batch, channels, extent, dilation


def ramp(shape, factor, modulus, offset):
    count = torch.Size(shape).numel()
    return ((torch.arange(count) * factor) % modulus - offset).double().reshape(shape)


def digest(tensor):
    value = 0
    for element in tensor.flatten().tolist():
        value = (value * 31 + int(element)) % 2**64
    return value


def show(*tensors):
    print("(" + ", ".join(f"0x{digest(t):016x}" for t in tensors) + "),")


for batch, channels, extent in POOLING:
    x = ramp((batch, channels, *extent), 7, 11, 5).requires_grad_()
    y = F.max_pool3d(x, (1, 2, 2))
    y.backward(ramp(y.shape, 3, 13, 6))
    show(y, x.grad)

for batch, channels, out, extent, odd_row, odd_column in TRANSPOSED:
    x = ramp((batch, channels, *extent), 7, 11, 5).requires_grad_()
    w = ramp((channels, out, 1, 2, 2), 5, 7, 3).requires_grad_()
    b = torch.arange(out).double() - 1
    y = F.conv_transpose3d(x, w, b, (1, 2, 2), output_padding=(0, odd_row, odd_column))
    y.backward(ramp(y.shape, 3, 13, 6))
    show(y, x.grad, w.grad)

for batch, channels, extent, d in DEPTHWISE:
    x = ramp((batch, channels, *extent), 7, 11, 5).requires_grad_()
    w = ramp((channels, 1, 1, 7, 7), 5, 7, 3).requires_grad_()
    b = torch.arange(channels).double() - 1
    y = F.conv3d(x, w, b, 1, (0, 3 * d, 3 * d), (1, d, d), channels)
    y.backward(ramp(y.shape, 3, 13, 6))
    show(y, x.grad, w.grad)

print("layer norm of x = i^2 / 4 - 1 (i = 0 ..< 5), gamma = i + 1, beta = 2 - i, epsilon 0.5, dy = (1, -2, 3, 0, 1)")
i = torch.arange(5).double()
x, gamma, beta = (i * i / 4 - 1).requires_grad_(), (i + 1).requires_grad_(), (2 - i).requires_grad_()
y = F.layer_norm(x, (5,), gamma, beta, 0.5)
y.backward(torch.tensor([1.0, -2, 3, 0, 1]).double())
for t in (y, x.grad, gamma.grad, beta.grad):
    print(t.tolist())

print("GELU and its slope")
x = torch.tensor([-9.0, -3.0, -1.0, -0.125, 0.0, 0.5, 1.0, 2.5, 8.0]).double().requires_grad_()
y = F.gelu(x)
y.sum().backward()
print(y.tolist(), x.grad.tolist())

print("gate of x = (1, -2, 3) by a = -40, -1, 0, 2, dy = (1, 1, 2): y[0], da")
for value in (-40.0, -1.0, 0.0, 2.0):
    a, x = torch.tensor(value).double().requires_grad_(), torch.tensor([1.0, -2, 3]).double()
    y = x * torch.sigmoid(a)
    y.backward(torch.tensor([1.0, 1, 2]).double())
    print(y[0].item(), a.grad.item())
