"""Makes `dataset` (nnU-Net's layout) and `results` (nnU-Net's results of it, without a network): what `safnet import
nnunet` is tested on. The scores in `summary.json` are nnU-Net's own:

    python3 -m venv venv && venv/bin/pip install nnunetv2==2.8.1 nibabel==5.4.2
    venv/bin/python make_nnunet.py

Six made-up cases of two folds. Predictions are the truth, moved by a voxel and with holes. Among them: a structure that is
in neither truth nor prediction (case 6), one that is invented (case 2), one that is missed (case 5).
"""
import gzip
import json
import pathlib
import shutil

import nibabel
import numpy

HERE = pathlib.Path(__file__).resolve().parent
LABELS = {"background": 0, "L5": 1, "L4": 2, "L4/L5": 3}
CASES = [f"spine_{number:03}" for number in range(1, 7)]
SPLITS = [{"train": CASES[3:], "val": CASES[:3]}, {"train": CASES[:3], "val": CASES[3:]}]


def save(array, file):
    """Axes i, j, k run to the right, the front and the head: 6 slices of 32 by 32 voxels."""
    image = nibabel.Nifti1Image(array, numpy.diag([4.0, 1.0, 1.25, 1.0]))
    image.header.set_xyzt_units("mm")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(image.to_bytes(), 9, mtime=0))


def truth(number, random):
    """A vertebra above a disc above a vertebra, somewhere near the middle."""
    labels = numpy.zeros((6, 32, 32), numpy.uint8)
    front, foot = (int(v) for v in random.integers(9, 13, 2))
    for label, low, high in [(1, foot, foot + 5), (3, foot + 5, foot + 7), (2, foot + 7, foot + 12)]:
        labels[1:5, front:front + 9, low:high] = label
    if number in (2, 6): labels[labels == 2] = 0
    return labels


def prediction(number, labels, random):
    moved = numpy.roll(labels, (0, int(random.integers(-1, 2)), int(random.integers(-1, 2))), (0, 1, 2))
    moved[random.random(moved.shape) < 0.05] = 0
    if number == 2: moved[2, 4:6, 4:6] = 2
    if number == 5: moved[moved == 3] = 0
    return moved


def main():
    from nnunetv2.evaluation.evaluate_predictions import compute_metrics_on_folder
    from nnunetv2.imageio.nibabel_reader_writer import NibabelIO

    random = numpy.random.default_rng(17)
    dataset, results = HERE / "dataset", HERE / "results/nnUNetTrainer__nnUNetPlans__3d_fullres"
    for folder in (dataset, HERE / "results"): shutil.rmtree(folder, ignore_errors=True)
    for number, case in enumerate(CASES, 1):
        labels = truth(number, random)
        image = (100 * (labels > 0) + 40 * (labels == 3) + random.normal(200, 20, labels.shape)).astype(numpy.int16)
        save(image, dataset / f"imagesTr/{case}_0000.nii.gz")
        save(labels, dataset / f"labelsTr/{case}.nii.gz")
        fold = 0 if case in SPLITS[0]["val"] else 1
        save(prediction(number, labels, random), results / f"fold_{fold}/validation/{case}.nii.gz")
    description = {"channel_names": {"0": "T2"}, "labels": LABELS, "numTraining": 6, "file_ending": ".nii.gz"}
    for file, content in [
        (dataset / "dataset.json", description), (results / "dataset.json", description),
        (dataset / "splits_final.json", SPLITS), (results / "plans.json", {"plans_name": "nnUNetPlans"}),
    ]:
        file.write_text(json.dumps(content, indent=1) + "\n")
    for fold in (0, 1):
        folder = results / f"fold_{fold}/validation"
        compute_metrics_on_folder(
            str(dataset / "labelsTr"), str(folder), str(folder / "summary.json"), NibabelIO(), ".nii.gz", [1, 2, 3],
            num_processes=1)
        text = (folder / "summary.json").read_text()
        (folder / "summary.json").write_text(text.replace(str(HERE), "/nnunet"))


if __name__ == "__main__":
    main()
