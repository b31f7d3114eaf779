"""How much a trained SAFNet uses its gate: how it varies over test cases, and what test Dice becomes when the mean of some
training cases takes its place. On the network's grid, in PyTorch.

    python measure_gate.py SAFNET WORKSPACE CACHE RUN ...

CACHE is the folder below WORKSPACE/cache that holds the runs' prepared cases. Made with torch 2.15.0; figures in docs/results.md.
"""
import importlib.util
import json
import re
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import safetensors.torch
import torch

TRAINING_CASES = 12
GATE = r'( +)(x\d+) = (x\d+ \+ self.get_parameter\("gate.channel.scale"\) \* x\d+)\n'
WATCHED = r"\1\2 = \3\n\1self.seen = \2\n\1if self.fixed is not None: \2 = self.fixed\n"


def prepared(file):
    """Image and labels of a prepared case: a header in JSON, then floats, then bytes, then a digest of 32 bytes."""
    data = file.read_bytes()
    extent = json.loads(data[16:16 + struct.unpack("<I", data[12:16])[0]])["extent"]
    count = int(np.prod(extent))
    start = len(data) - 32 - 5 * count
    image = np.frombuffer(data, "<f4", count, start).reshape(1, 1, *extent).copy()
    return torch.from_numpy(image), np.frombuffer(data, np.uint8, count, start + 4 * count).reshape(extent)


def exported(program, workspace, run, folder):
    """The run's network, which keeps its gate in `seen` and takes `fixed` for it."""
    command = [program, "export", run, "--format", "pytorch", "--output", folder / run, "--workspace", workspace]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    text, count = re.subn(GATE, WATCHED, (folder / run / "model.py").read_text())
    assert count == 1, f"{run} has no gate"
    (folder / run / "watched.py").write_text(text)
    spec = importlib.util.spec_from_file_location("watched", folder / run / "watched.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    network = module.Network()
    network.load_state_dict(safetensors.torch.load_file(folder / run / "weights.safetensors"))
    return network.eval()


def dice(found, truth):
    classes = [c for c in np.unique(truth) if c > 0]
    return np.mean([2 * ((found == c) & (truth == c)).sum() / ((found == c).sum() + (truth == c).sum()) for c in classes])


def classified(network, image, fixed):
    network.fixed = fixed
    return network(image)[0].argmax(0).numpy()


@torch.no_grad()
def main(program, workspace, cache, *runs):
    own, changes, spreads = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for run in runs:
            network = exported(program, workspace, run, Path(folder))
            plan = json.loads((Path(workspace) / "runs" / run / "plan.json").read_text())["plan"]
            gates = []
            for name in plan["fold"]["train"][:TRAINING_CASES]:
                classified(network, prepared(Path(cache) / f"{name}.case")[0], None)
                gates.append(network.seen)
            mean, tested = torch.stack(gates).mean(0), []
            for name in plan["fold"]["test"]:
                image, truth = prepared(Path(cache) / f"{name}.case")
                own.append(dice(classified(network, image, None), truth))
                tested.append(network.seen)
                changes.append(dice(classified(network, image, mean), truth) - own[-1])
            tested = torch.stack(tested).flatten(1)
            spreads.append(float((tested.std(0) / tested.mean(0).abs()).mean()))
    print(f"{len(own)} cases, Dice {100 * np.mean(own):.2f} %; relative spread of the gate {100 * np.mean(spreads):.1f} %; with"
          f" its mean Dice changes by {100 * np.mean(changes):+.2f} points, in one case by {100 * np.abs(changes).max():.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
