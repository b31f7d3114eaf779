"""Are the model files sound, and do they compute our class scores? Proved with onnx and onnxruntime.

    SAFNET_RECORD=/tmp/record swift test -c release --skip-build --filter InterchangeTests
    python onnx_oracle.py /tmp/record/onnx > onnx.txt

For every NAME.onnx with NAME.image and NAME.logits (what this program made of the image), in this order:
- onnx.checker with its full check: every operator, type and side by the standard's rules;
- the model is run in PyTorch, operator by operator, in double and in single precision;
- onnxruntime's and our own scores must not be further from double than ALLOWANCE times PyTorch's single precision is,
  which rounds as often, in another order. So do two images at once: the batch is left open in the file.
Then the file's digest is printed, which the Swift tests compare. Made with onnx 1.23, onnxruntime 1.32, torch 2.15.
"""
import hashlib
import sys
from pathlib import Path

import numpy as np
import onnx
import onnx.numpy_helper
import onnxruntime
import torch
from torch.nn import functional as F

ALLOWANCE = 8  # as Tests/ModelsTests/GoldenNetwork.swift


def attributes(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def convolution(x, weight, bias=None, *, pads, strides, dilations, group, kernel_shape):
    assert pads[:3] == pads[3:] and list(weight.shape[2:]) == kernel_shape
    return F.conv3d(x, weight, bias, strides, pads[:3], dilations, group)


def padded(x, pads):
    pads = pads.tolist()
    return F.pad(x, [v for axis in reversed(range(x.dim())) for v in (pads[axis], pads[axis + x.dim()])])


def reshaped(x, shape):
    return x.reshape([x.shape[i] if side == 0 else side for i, side in enumerate(shape.tolist())])


OPERATORS = {
    "Add": torch.add, "Mul": torch.mul, "MatMul": torch.matmul, "Relu": torch.relu, "Sigmoid": torch.sigmoid,
    "Erf": torch.erf, "Identity": lambda x: x, "Conv": convolution, "Pad": padded, "Reshape": reshaped,
    "Concat": lambda *xs, axis: torch.cat(xs, axis), "Softmax": lambda x, axis: torch.softmax(x, axis),
    "Transpose": lambda x, perm: x.permute(perm), "GlobalAveragePool": lambda x: x.mean((2, 3, 4), keepdim=True),
    "Expand": lambda x, shape: x.expand(torch.broadcast_shapes(x.shape, tuple(shape.tolist()))),
    "MaxPool": lambda x, kernel_shape, strides: F.max_pool3d(x, kernel_shape, strides),
    "AveragePool": lambda x, kernel_shape, strides: F.avg_pool3d(x, kernel_shape, strides), "Max": torch.maximum,
    "InstanceNormalization": lambda x, w, b, epsilon: F.instance_norm(x, None, None, w, b, True, 0.1, epsilon),
    "LayerNormalization": lambda x, w, b, axis, epsilon: F.layer_norm(x, x.shape[axis:], w, b, epsilon),
}


def run(model, image, kind):
    values = {c.name: torch.from_numpy(onnx.numpy_helper.to_array(c).copy()) for c in model.graph.initializer}
    values = {name: v.to(kind) if v.is_floating_point() else v for name, v in values.items()}
    values["image"] = torch.from_numpy(image).to(kind)
    for node in model.graph.node:
        values[node.output[0]] = OPERATORS[node.op_type](*(values[i] for i in node.input), **attributes(node))
    return values["logits"].double().numpy()


def check(path):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    sides = [d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim][1:]
    image = np.fromfile(path.with_suffix(".image"), "<f4").reshape([1] + sides)
    double, single = (run(model, image, kind) for kind in (torch.float64, torch.float32))
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    theirs = session.run(None, {"image": image})[0]
    ours = np.fromfile(path.with_suffix(".logits"), "<f4").reshape(theirs.shape)
    bound = ALLOWANCE * np.abs(single - double).max()
    pair = session.run(None, {"image": np.concatenate([image[..., ::-1], image])})[0]
    errors = [np.abs(x - double).max() for x in (theirs, ours, pair[1:])]
    top = np.sort(double[0], 0)[-2:]
    close = (theirs[0].argmax(0) != ours[0].argmax(0))
    assert max(errors) <= bound, (path.name, errors, bound)
    assert ((top[1] - top[0])[close] <= 2 * bound).all(), path.name
    print(f"{path.stem}: largest score {np.abs(double).max():.3g}, errors of onnxruntime {errors[0]:.2g}, ours "
          f"{errors[1]:.2g}, allowed {bound:.2g}; {close.sum()} of {close.size} labels differ", file=sys.stderr)
    return max(errors[:2]) / bound


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    worst = 0
    for file in sorted(Path(sys.argv[1]).glob("*.onnx")):
        worst = max(worst, check(file))
        print(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.stem}")
    print(f"all within their bounds, the largest part of one {worst:.2f}", file=sys.stderr)
