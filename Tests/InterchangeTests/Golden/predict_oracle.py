"""Does an exported predict.py give the label maps of `safnet predict`, voxel for voxel?

    safnet export RUN [RUN ...] --format onnx -o exported
    python predict_oracle.py exported SAFNET WORKSPACE IMAGE [IMAGE ...]

The images are segmented as they are; of the first one also all 48 ways to lay its axes, and an oblique copy. Label maps must
have one geometry and one type; voxels that differ are counted, and any ends with code 1: scores of both sides differ by
single roundings (onnx_oracle.py), so only voxels that the network cannot decide may. An image that one refuses must be
refused by the other. Made with
nibabel 5.4, onnxruntime 1.32.
"""
import importlib.util
import itertools
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import nibabel
import numpy as np
from nibabel.orientations import axcodes2ornt, io_orientation, ornt_transform


def turned(image, codes):
    return image.as_reoriented(ornt_transform(io_orientation(image.affine), axcodes2ornt(codes)))


def copies(image, folder):
    """Every orientation, and one 20 degrees about each axis."""
    letters = ("RL", "AP", "SI")
    for order in itertools.permutations(letters):
        for codes in itertools.product(*order):
            path = folder / ("turned-" + "".join(codes) + ".nii.gz")
            nibabel.save(turned(image, codes), path)
            yield path
    cos, sin = np.cos(np.radians(20)), np.sin(np.radians(20))
    rotation = np.eye(4)
    rotation[:3, :3] = np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]]) @ np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    path = folder / "oblique.nii"
    nibabel.save(nibabel.Nifti1Image(np.asarray(image.dataobj), rotation @ image.affine), path)
    yield path


def main(exported, safnet, workspace, images):
    runs = [model["run"] for model in json.loads((exported / "pipeline.json").read_text())["models"]]
    with tempfile.TemporaryDirectory() as place:
        place = Path(place)
        inputs = list(copies(nibabel.load(images[0]), place)) + images
        kinds, differing, total, refused = set(), 0, 0, 0
        for number, image in enumerate(inputs):
            ours, theirs = place / f"ours-{number}", place / f"theirs-{number}"
            swift = subprocess.run(
                [safnet, "predict", *[w for r in runs for w in ("--run", r)], image, "-o", ours, "--workspace", workspace], capture_output=True)
            python = subprocess.run([sys.executable, exported / "predict.py", image, theirs], capture_output=True)
            if swift.returncode or python.returncode:
                assert swift.returncode and python.returncode, (image, swift.stderr, python.stderr)
                print(f"{image}: both refuse it")
                refused += 1
                continue
            a, b = (nibabel.load(next(folder.glob("*.nii.gz"))) for folder in (ours, theirs))
            assert a.shape == b.shape and a.get_data_dtype() == b.get_data_dtype(), image
            assert np.array_equal(a.affine, b.affine), (image, a.affine, b.affine)
            for code in ("sform_code", "qform_code", "xyzt_units"): assert a.header[code] == b.header[code], (image, code)
            values = np.asarray(a.dataobj), np.asarray(b.dataobj)
            differ = int((values[0] != values[1]).sum())
            kinds.add("".join(nibabel.aff2axcodes(a.affine)))
            differing, total = differing + differ, total + values[0].size
            print(f"{image}: {differ} of {values[0].size} voxels differ, {len(np.unique(values[0]))} labels")
    print(f"{len(inputs) - refused} images of {len(kinds)} orientations, {refused} refused: {differing} of {total} voxels differ")
    return differing


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3], [Path(p) for p in sys.argv[4:]]) > 0)
