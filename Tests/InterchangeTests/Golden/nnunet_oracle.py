"""Does nnU-Net's own evaluation read an exported folder, and find the same numbers?

    safnet export --experiment E --variant V --format nnunet -o exported
    python nnunet_oracle.py exported TRUTHS PATTERN

TRUTHS holds the masks of the dataset, PATTERN says how one is called: `mask_{number}.nii.gz`, with {case} or {number}, the
digits of the case's name. Every number of summary.json must be nnunetv2's, but for the two paths; structures that the
experiment left out are background in both. Made with nnunetv2 2.8.1.
"""
import json
import math
import shutil
import sys
import tempfile
from pathlib import Path

from nnunetv2.evaluation.evaluate_predictions import compute_metrics_on_folder, load_summary_json
from nnunetv2.imageio.nibabel_reader_writer import NibabelIO


def same(a, b, place):
    if isinstance(a, dict):
        assert a.keys() == b.keys(), (place, a.keys() ^ b.keys())
        return sum(same(a[k], b[k], f"{place}.{k}") for k in a if k not in ("prediction_file", "reference_file"))
    if isinstance(a, list):
        assert len(a) == len(b), place
        return sum(same(x, y, f"{place}[{i}]") for i, (x, y) in enumerate(zip(a, b)))
    # Python's mean and ours add in one order or another: a rounding of the largest term for each.
    assert math.isnan(a) and math.isnan(b) or abs(a - b) <= 1e-12 * max(abs(a), abs(b)), (place, a, b)
    return 1


def main(exported, truths, pattern):
    dataset, compared = json.loads((exported / "dataset.json").read_text()), 0
    labels = [v for k, v in dataset["labels"].items() if k not in ("background", "ignore")]
    for fold in sorted(exported.glob("fold_*")):
        maps = fold / "validation"
        with tempfile.TemporaryDirectory() as place:
            for file in maps.glob("*.nii.gz"):
                case = file.name.removesuffix(".nii.gz")
                number = "".join(c for c in case if c.isdigit())
                shutil.copy(truths / pattern.format(case=case, number=number), Path(place) / file.name)
            theirs = compute_metrics_on_folder(place, str(maps), None, NibabelIO(), ".nii.gz", labels, num_processes=1)
        ours = load_summary_json(str(maps / "summary.json"))
        order = {Path(one["prediction_file"]).name: one for one in ours["metric_per_case"]}
        ours["metric_per_case"] = [order[Path(one["prediction_file"]).name] for one in theirs["metric_per_case"]]
        compared += same(theirs, ours, fold.name)
    print(f"{compared} numbers of {len(list(exported.glob('fold_*')))} folds are nnU-Net's")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
