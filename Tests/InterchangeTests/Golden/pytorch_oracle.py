"""Does PyTorch compute our scores and gradients from model.py and weights.safetensors?

    SAFNET_RECORD=/tmp/record swift test -c release --skip-build --filter InterchangeTests
    python pytorch_oracle.py /tmp/record/pytorch > pytorch.txt

Every network is loaded as its file says, strictly, and run in double and in single precision. Ours must not be further
from double than ALLOWANCE times PyTorch's single precision is: scores in inference, gradients of the mean cross-entropy in
training. A gradient of a few numbers may have been lucky in PyTorch's one draw of roundings; the network's median relative
error is its least. Then a digest of both files is printed, which the Swift tests compare. Made with torch 2.15,
safetensors 0.8.
"""
import hashlib
import importlib.util
import sys
from pathlib import Path

import numpy as np
import safetensors.torch
import torch

ALLOWANCE = 8  # as Tests/ModelsTests/GoldenNetwork.swift


def network(folder, kind):
    spec = importlib.util.spec_from_file_location("model", folder / "model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    net = module.Network()
    net.load_state_dict(safetensors.torch.load_file(folder / "weights.safetensors"), strict=True)
    return net.to(kind)


def gradients(net, image, labels):
    loss = torch.nn.functional.cross_entropy(net.train()(image), labels)
    loss.backward()
    return {n: (torch.zeros_like(p) if p.grad is None else p.grad).double() for n, p in net.named_parameters()}


def check(folder):
    sides = eval(next(l for l in (folder / "model.py").read_text().split("\n") if "torch.zeros(1, " in l).split("zeros")[1].split("))")[0] + ")")
    image = torch.from_numpy(np.fromfile(folder / "image", "<f4").reshape(sides))
    labels = torch.from_numpy(np.fromfile(folder / "labels", "u1").astype(np.int64).reshape(sides[:1] + sides[2:]))
    nets = [network(folder, kind) for kind in (torch.float64, torch.float32)]
    with torch.no_grad():
        double, single = (n.eval()(image.to(next(n.parameters()).dtype)).double() for n in nets)
    ours = torch.from_numpy(np.fromfile(folder / "logits", "<f4").reshape(double.shape)).double()
    bound, error = ALLOWANCE * (single - double).abs().max(), (ours - double).abs().max()
    assert error <= bound, (folder.name, error, bound)
    double, single = (gradients(n, image.to(next(n.parameters()).dtype), labels) for n in nets)
    ours = safetensors.torch.load_file(folder / "gradients.safetensors")
    assert ours.keys() == double.keys(), folder.name
    largest = {n: g.abs().max() for n, g in double.items()}
    typical = sorted(((single[n] - g).abs().max() / largest[n]).item() for n, g in double.items() if largest[n] > 0)
    typical, parts = typical[len(typical) // 2], []
    for name, g in double.items():
        allowed = ALLOWANCE * max((single[name] - g).abs().max(), typical * largest[name]) + 2.0**-126
        parts.append(((ours[name].double() - g).abs().max() / allowed).item())
        assert parts[-1] <= 1, (folder.name, name, parts[-1])
    print(f"{folder.name}: scores {error / bound:.2f} of their bound, {len(parts)} gradients {max(parts):.2f}", file=sys.stderr)


if __name__ == "__main__":
    torch.set_num_threads(1)
    for place in sorted(Path(sys.argv[1]).iterdir()):
        check(place)
        both = b"".join((place / name).read_bytes() for name in ("model.py", "weights.safetensors"))
        print(f"{hashlib.sha256(both).hexdigest()}  {place.name}")
