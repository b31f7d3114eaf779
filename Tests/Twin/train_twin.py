"""Trains SAFNet's PyTorch twin on exactly what one of our runs trained on, and scores it the same way.

    python Tests/Twin/train_twin.py Workspace/runs/safnet-f1-... Workspace/cache/0123456789abcdef -o twin-f1.json

Same plan (loss, Adam, schedule, monitor), split, prepared arrays, order of cases and initial parameters; PyTorch's own
kernels and rounding. Plans without augmentation only. Needs Tests/requirements.txt (written for PyTorch 2.13); not part of `make test`.
"""

import argparse
import json
import struct
import sys
import time
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "ModelsTests" / "Golden")]
import philox
import safnet_reference as safnet


def read_plan(run):
    return json.loads((run / "plan.json").read_text())["plan"]


def read_case(cache, name):
    """Image and labels of a prepared case: the layout is described in PreparedCaseFile.swift."""
    data = (cache / f"{name}.case").read_bytes()
    assert data[:8] == b"SAFNETPC", f"{name}: not a prepared case"
    length = struct.unpack_from("<I", data, 12)[0]
    extent = json.loads(data[16 : 16 + length])["extent"]
    start, voxels = -(-(16 + length) // 64) * 64, int(np.prod(extent))
    image = np.frombuffer(data, "<f4", voxels, start).reshape(extent)
    labels = np.frombuffer(data, np.uint8, voxels, start + 4 * voxels).reshape(extent)
    return torch.from_numpy(image.copy())[None, None], torch.from_numpy(labels.astype(np.int64))[None]


def shuffled(values, seed, epoch):
    """RandomStream.shuffled: Fisher-Yates with rejection."""
    words = iter(philox.words(seed, "caseOrder", 4 * len(values) + 64, epoch=epoch).tolist())
    values = list(values)
    for last in range(len(values) - 1, 0, -1):
        bound = last + 1
        word = next(w for w in words if w < 0xFFFFFFFF - 0xFFFFFFFF % bound)
        values[last], values[word % bound] = values[word % bound], values[last]
    return values


def initialise(net, seed):
    """Our initial parameters: by name order, uniform in +-1/sqrt(fan in) for convolutions, PyTorch's constants else."""
    fan_in = {}
    for name, module in net.named_modules():
        if isinstance(module, torch.nn.Conv3d):
            fan = torch.nn.init._calculate_fan_in_and_fan_out(module.weight)[0]
            fan_in[name + ".weight"] = fan_in[name + ".bias"] = fan
    for index, (name, value) in enumerate(sorted(net.named_parameters(), key=lambda item: item[0])):
        if name in fan_in:
            bound = np.float32(1) / np.sqrt(np.float32(fan_in[name]))
            drawn = philox.uniform(seed, "initialWeights", value.numel(), -bound, bound, index=index)
            value.data.copy_(torch.from_numpy(drawn).reshape(value.shape))


def dice(prediction, truth, classes):
    scores = []
    for k in range(1, classes):
        p, t = prediction == k, truth == k
        size = (p.sum() + t.sum()).item()
        scores.append(None if size == 0 else 2 * (p & t).sum().item() / size)
    return scores


def mean(values):
    values = [v for v in values if v is not None]
    return sum(values) / len(values) if values else None


def score(net, cases, names, classes):
    net.eval()
    with torch.no_grad():
        result = {n: dice(net(cases[n][0]).argmax(1), cases[n][1], classes) for n in names}
    net.train()
    return result


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("run", type=Path)
    arguments.add_argument("cache", type=Path)
    arguments.add_argument("-o", "--output", type=Path, required=True)
    arguments.add_argument("--threads", type=int, default=2)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)

    plan = read_plan(options.run)
    training, fold, model = plan["training"], plan["fold"], plan["model"]
    assert model["kind"] == "safnet" and plan["augmentation"] is False, "the twin is SAFNet without augmentation"
    assert training["loss"] == "pixelwise" and training["lastBatch"] == "keep" and training["monitor"] == "meanDice"
    classes = len(plan["structures"]["structures"]) + 1
    cases = {n: read_case(options.cache, n) for part in ("train", "validation", "test") for n in fold[part]}
    net = safnet.SAFNet(classes, model["width"], tuple(model["stem"]), model["aspp"], model["attention"],
                        model["multiscale"], model["gate"])
    initialise(net, training["seed"])
    optimiser = torch.optim.Adam(net.parameters(), training["learningRate"], weight_decay=training["weightDecay"])
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimiser, "max", factor=training["schedule"]["factor"], patience=training["schedule"]["patience"],
        threshold=training["schedule"]["threshold"], min_lr=training["schedule"]["minimum"])
    best, best_state, epochs, began = -1.0, None, [], time.time()
    for epoch in range(training["epochs"]):
        order, losses = shuffled(range(len(fold["train"])), training["seed"], epoch), []
        for start in range(0, len(order), training["batch"]):
            members = [cases[fold["train"][i]] for i in order[start : start + training["batch"]]]
            optimiser.zero_grad()
            loss = safnet.pixelwise_loss(net(torch.cat([m[0] for m in members])), torch.cat([m[1] for m in members]))
            loss.backward()
            optimiser.step()
            losses.append((loss.item(), len(members)))
        monitor = mean([mean(s) for s in score(net, cases, fold["validation"], classes).values()]) or 0.0
        schedule.step(monitor)
        epochs.append({"loss": sum(l * n for l, n in losses) / sum(n for _, n in losses), "meanDice": monitor})
        if monitor > best:
            best, best_state = monitor, {k: v.clone() for k, v in net.state_dict().items()}
        print(f"epoch {epoch + 1}: loss {epochs[-1]['loss']:.4f}, validation Dice {100 * monitor:.2f}", flush=True)
    if training["evaluate"] == "best":
        net.load_state_dict(best_state)
    test = score(net, cases, fold["test"], classes)
    seconds = time.time() - began
    options.output.write_text(json.dumps({
        "run": options.run.name, "fold": fold["number"], "seed": training["seed"], "seconds": round(seconds, 1),
        "torch": torch.__version__, "epochs": epochs, "test": test,
        "meanDice": mean([mean(s) for s in test.values()])}, indent=1) + "\n")
    print(f"fold {fold['number']}: test Dice {100 * mean([mean(s) for s in test.values()]):.2f} in {seconds:.0f} s")


if __name__ == "__main__":
    main()
