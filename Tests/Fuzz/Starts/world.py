"""The folder in which the program is started: tiny data sets, experiments and a workspace with finished and unfinished runs."""

import array
import gzip
import json
import os
import pathlib
import random
import shutil
import struct
import subprocess

SHAPE = (8, 32, 32)
EXPERIMENT = {
    "name": "tiny", "dataset": {"path": "nn", "layout": "auto", "labels": "dataset.json"},
    "preprocessing": {"size": [4, 32, 16]}, "augmentation": False, "folds": {"count": 2, "validation": 1},
    "model": {"kind": "safnet", "width": 4, "stem": [4, 4], "aspp": False, "attention": False, "multiscale": False},
    "training": {"epochs": 1, "batch": 2},
    "variants": [{"name": "A"}, {"name": "B", "training": {"learningRate": 0.01}}],
}


def header(code, bits):
    """A NIfTI-1 header: voxels of 3 x 1 x 1 mm, x from left to right, z from foot to head."""
    h = bytearray(352)
    struct.pack_into("<i", h, 0, 348)
    struct.pack_into("<8h", h, 40, 3, *SHAPE, 1, 1, 1, 1)
    struct.pack_into("<2h", h, 70, code, bits)
    struct.pack_into("<4f", h, 76, 1, 3, 1, 1)
    struct.pack_into("<3f", h, 108, 352, 1, 0)
    h[123] = 2
    struct.pack_into("<2h", h, 252, 0, 1)
    struct.pack_into("<12f", h, 280, 3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)
    h[344:348] = b"n+1\0"
    return h


def case(number):
    """An image of noise with two brighter boxes, and the mask of these."""
    rng = random.Random(number)
    image = array.array("f", (rng.gauss(100, 10) for _ in range(SHAPE[0] * SHAPE[1] * SHAPE[2])))
    mask = bytearray(len(image))
    for value, low in ((1, 8 + number % 3), (2, 19 - number % 2)):
        for z in range(low, low + 6):
            for y in range(10, 20):
                for x in range(1, 7):
                    place = x + SHAPE[0] * (y + SHAPE[1] * z)
                    image[place] += 40 * value
                    mask[place] = value
    # Voxels that nobody has annotated, beside a structure.
    for z in range(10, 14):
        for x in range(1, 7): mask[x + SHAPE[0] * (20 + SHAPE[1] * z)] = 3
    return gzip.compress(bytes(header(16, 32)) + image.tobytes(), 1), gzip.compress(bytes(header(2, 8) + mask), 1)


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


class Template:
    """Made once; every start has a copy."""

    def __init__(self, program, folder):
        self.folder = pathlib.Path(folder)
        for n in range(1, 7):
            image, mask = case(n)
            put(self.folder / f"nn/imagesTr/c{n}_0000.nii.gz", image)
            put(self.folder / f"nn/labelsTr/c{n}.nii.gz", mask)
            put(self.folder / f"ms/MR/Case{n}.nii.gz", image)
            put(self.folder / f"ms/Mask/mask_case{n}.nii.gz", mask)
        document = {"channel_names": {"0": "T2"}, "labels": {"background": 0, "L1": 1, "L2": 2, "ignore": 3},
                    "numTraining": 6, "file_ending": ".nii.gz"}
        put(self.folder / "nn/dataset.json", json.dumps(document))
        names = [f"c{n}" for n in range(1, 7)]
        parts = [{"train": names[:2], "val": names[2:]}, {"train": names[4:], "val": names[:4]}]
        put(self.folder / "splits.json", json.dumps(parts))
        rows = ["case,image,label"] + [f"p{n},ms/MR/Case{n}.nii.gz,ms/Mask/mask_case{n}.nii.gz" for n in range(1, 7)]
        put(self.folder / "study.csv", "\n".join(rows) + "\n")
        put(self.folder / "tiny.json", json.dumps(EXPERIMENT, indent=1))
        other = {**EXPERIMENT, "name": "other", "dataset": {"path": "study.csv", "labels": {"L1": 1, "L2": 2, "ignore": 3}}}
        put(self.folder / "other.json", json.dumps(other))
        put(self.folder / "model.json", json.dumps(EXPERIMENT["model"]))
        self._train(program)

    def _train(self, program):
        environment = {**os.environ, "SWIFT_BACKTRACE": "enable=no"}
        words = [program, "run", "tiny.json", "--jobs", "1", "--threads", "1"]
        done = subprocess.run(words, cwd=self.folder, env=environment, capture_output=True, text=True)
        if done.returncode != 0: raise SystemExit("the template could not be trained:\n" + done.stderr)
        self.runs = sorted(p.name for p in (self.folder / "Workspace/runs").iterdir())
        # One run is left as an interrupted one is.
        unfinished = self.folder / "Workspace/runs" / self.runs[-1]
        for name in ("evaluation.h5", "best.h5"): (unfinished / name).unlink()
        lines = (unfinished / "journal.jsonl").read_bytes().splitlines(keepends=True)
        (unfinished / "journal.jsonl").write_bytes(b"".join(lines[:-2]))
        shutil.copy(self.folder / "nn/labelsTr/c1.nii.gz", self.folder / "labels.nii.gz")

    def copy(self, target):
        shutil.copytree(self.folder, target, symlinks=True)


def snapshot(root):
    """Every path below a folder with its kind, size and time."""
    found = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(folder, name)
            s = os.lstat(path)
            found[os.path.relpath(path, root)] = (s.st_mode, s.st_size if not os.path.isdir(path) else 0,
                                                  s.st_mtime_ns if not os.path.isdir(path) else 0)
    return found
