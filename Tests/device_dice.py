#!/usr/bin/env python3
"""Trains the same small sweep with two engines or precisions, and says whether their Dice differ by more than seeds do.

    SAFNET_PJRT_PLUGIN=PLUGIN python3 Tests/device_dice.py PROGRAM [--engines cpu pjrt] [--precisions float32 float32]
      [--seeds 3] [--epochs 40]

A small network learns vertebrae and discs of a phantom, on two folds with every seed, under each of the two in a workspace of
its own. A seed's score is the mean Dice of all test cases and structures, on each image's own grid. Both draw the
same parameters and see the same batches, so a seed's two scores differ by rounding alone; but training amplifies it, as it
does a seed. The difference of the means must be within two standard errors of the seeds' own spread:

    |mean(a) - mean(b)| <= 2 sqrt(s(a)^2 / n + s(b)^2 / n)

Exit code 0 if it is. Python 3 alone; on the plugin for the processor it takes a few minutes.
"""
import argparse
import csv
import json
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile


def experiment(seeds, epochs, precision):
    return {
        "name": "dice",
        "dataset": {
            "path": "phantom", "phantom": {"cases": 12, "seed": 5, "height": 96, "width": 96},
            "labels": {"vertebrae": list(range(1, 11)), "discs": list(range(11, 20))},
        },
        "preprocessing": {"size": [12, 32, 32]}, "augmentation": False,
        "folds": {"count": 2, "validation": 1}, "seeds": list(range(1, seeds + 1)),
        "model": {"kind": "unet3d", "levels": [[4, 4], [8, 8], [16, 16]]},
        "training": {"epochs": epochs, "batch": 2, "loss": "diceCrossEntropy", "learningRate": 0.005,
                     "precision": precision},
        "variants": [{"name": "UNet"}],
    }


def scores(program, folder, engine):
    """Mean Dice by seed."""
    workspace, reports = folder / "workspace", folder / "report"
    for command in (
            ["run", "--engine", engine, "--jobs", "1"],
            ["report", "--output", str(reports), "--format", "csv"]):
        arguments = [program, command[0], "dice.json", "--workspace", str(workspace), *command[1:]]
        done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{' '.join(arguments)} failed:\n{done.stderr}")
    found = {}
    with open(next(reports.rglob("cases.csv"))) as file:
        for row in csv.DictReader(file):
            if row["metric"] == "dice" and row["grid"] == "image" and row["value"]:
                found.setdefault(int(row["seed"]), []).append(float(row["value"]))
    return {seed: statistics.mean(values) for seed, values in sorted(found.items())}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--engines", nargs=2, default=["cpu", "pjrt"])
    parser.add_argument("--precisions", nargs=2, default=["float32", "float32"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=40)
    given = parser.parse_args()
    program, sides, both = str(pathlib.Path(given.program).resolve()), list(zip(given.engines, given.precisions)), []
    for engine, precision in sides:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "dice.json").write_text(json.dumps(experiment(given.seeds, given.epochs, precision)))
            both.append(scores(program, folder, engine))
    means, spreads = [], []
    for (engine, precision), found in zip(sides, both):
        means.append(statistics.mean(found.values()))
        spreads.append(statistics.stdev(found.values()))
        by_seed = ", ".join(f"seed {seed} {100 * score:.2f} %" for seed, score in found.items())
        print(f"{engine} {precision}: mean Dice {100 * means[-1]:.2f} %, standard deviation over seeds {100 * spreads[-1]:.2f} ({by_seed})")
    difference = means[1] - means[0]
    bound = 2 * math.sqrt(sum(spread**2 for spread in spreads) / given.seeds)
    apart = ", ".join(f"{100 * (both[1][seed] - both[0][seed]):+.2f}" for seed in both[0])
    verdict = "within" if abs(difference) <= bound else "BEYOND"
    print(f"difference {100 * difference:+.2f} points (by seed {apart}), {verdict} twice its standard error of {50 * bound:.2f}")
    return 0 if abs(difference) <= bound else 1


if __name__ == "__main__":
    sys.exit(main())
