"""nnunet-experiments.json: what nnU-Net's default planner makes of datasets of all kinds. Run in this folder:
python make_nnunet_experiments.py, with nnunetv2 2.8.1 and dynamic-network-architectures 0.4.4 beside Tests/requirements.txt.
Made with torch 2.13.0+cpu and numpy 2.4.6.

Every dataset is a fingerprint in a folder of its own, as nnUNetv2_extract_fingerprint leaves it, and empty files for its cases;
`ExperimentPlanner.plan_experiment` itself plans it. Of its plans the configuration 3d_fullres is kept, and the last number that
its estimate of memory came to. 3d_lowres is switched off (threshold 0), because it changes nothing of 3d_fullres and takes long.

Sizes and spacings that differ from case to case are drawn with numpy's generator, seed 18, in the order of DATASETS.
"""

import contextlib
import io
import json
import os
import tempfile

import numpy as np

FOLDER = tempfile.mkdtemp()
for name in ("raw", "preprocessed", "results"):
    os.environ[f"nnUNet_{name}"] = f"{FOLDER}/{name}"

from nnunetv2.experiment_planning.experiment_planners.default_experiment_planner import ExperimentPlanner  # noqa: E402

random = np.random.Generator(np.random.PCG64(18))


def alike(count, size, spacing):
    """So many images of one size and spacing."""
    return [list(size)] * count, [list(spacing)] * count


def spread(count, sizes, spacings, digits=2):
    """Images of drawn sizes and spacings: ranges along each axis, spacings to a hundredth of a millimetre."""
    drawn = [[int(random.integers(low, high + 1)) for low, high in sizes] for _ in range(count)]
    apart = [[round(float(random.uniform(low, high)), digits) for low, high in spacings] for _ in range(count)]
    return drawn, apart


# name, (sizes, spacings), channels, labels with background, and what else is not the default
DATASETS = [
    ("lumbar MRI", alike(40, (20, 224, 224), (3.3, 0.6, 0.6)), 1, 6),
    ("sagittal MRI of one protocol", alike(172, (15, 880, 880), (4.4, 0.3409, 0.3409)), 1, 20),
    ("sagittal MRI of many protocols", spread(30, [(12, 20), (320, 880), (320, 880)], [(3, 5.5), (0.3, 1), (0.3, 1)]), 1, 20),
    ("spine MRI, odd sizes", spread(11, [(9, 19), (301, 517), (99, 257)], [(3.3, 4.4), (0.55, 0.9), (0.55, 0.9)]), 2, 4),
    ("thin field of view", alike(12, (18, 256, 128), (4, 1, 1)), 1, 4),
    ("CT, isotropic", alike(20, (256, 256, 256), (1, 1, 1)), 1, 3),
    ("CT of the abdomen", spread(24, [(80, 400), (512, 512), (512, 512)], [(1.5, 5), (0.6, 0.95), (0.6, 0.95)]), 1, 14),
    ("CT of the whole spine", spread(9, [(400, 900), (200, 512), (200, 512)], [(0.7, 1.2), (0.4, 1), (0.4, 1)]), 1, 27),
    ("CT, as fine as it gets", alike(6, (1200, 1024, 1024), (0.25, 0.25, 0.25)), 1, 2),
    ("cardiac cine MRI", spread(40, [(6, 14), (174, 256), (154, 256)], [(5, 10), (1.3, 1.7), (1.3, 1.7)]), 1, 4),
    ("prostate, two channels", alike(32, (20, 320, 319), (3.6, 0.62, 0.62)), 2, 3),
    ("brain, four channels", alike(484, (138, 170, 138), (1, 1, 1)), 4, 4),
    ("hippocampus", spread(50, [(24, 47), (40, 59), (31, 43)], [(1, 1), (1, 1), (1, 1)]), 1, 3),
    ("few tiny images", alike(3, (8, 32, 24), (2, 1, 1.2)), 1, 2),
    ("many tiny images", alike(400, (16, 32, 24), (2, 1, 1.2)), 1, 2),
    ("tiny and square", alike(5, (7, 7, 7), (1, 1, 1)), 1, 2),
    ("a thousand small images", alike(1000, (32, 32, 32), (1, 1, 1)), 3, 2),
    ("like 2D", alike(10, (2, 512, 512), (10, 0.5, 0.5)), 1, 3),
    ("two dimensions", alike(10, (1, 512, 512), (999, 1, 1)), 3, 3),
    ("two slices of unequal number", spread(10, [(1, 3), (256, 512), (256, 512)], [(6, 9), (0.4, 0.8), (0.4, 0.8)]), 1, 3),
    ("thick slices last", alike(14, (384, 384, 22), (0.57, 0.57, 4.4)), 1, 8),
    ("thick slices in the middle", alike(14, (256, 20, 320), (0.9, 4, 0.75)), 1, 8),
    ("thick slices last, many protocols", spread(15, [(300, 600), (300, 600), (12, 25)], [(0.4, 0.8), (0.4, 0.8), (3, 5)]), 1, 8),
    ("anisotropic, below the threshold", alike(10, (60, 200, 200), (2.9, 1, 1)), 1, 3),
    ("anisotropic, many slices", alike(10, (150, 200, 200), (4, 1, 1)), 1, 3),
    ("exactly threefold", alike(10, (40, 200, 200), (3, 1, 1)), 1, 3),
    ("tenth percentile below the others", ([[20, 300, 300]] * 10, [[1, 1, 1]] * 4 + [[5, 1, 1]] * 6), 1, 3),
    ("tenth percentile between two", ([[20, 300, 300]] * 8, [[2.5, 1, 1]] + [[3.5, 1, 1]] * 2 + [[5, 1, 1]] * 5), 1, 3),
    ("two worst axes", alike(8, (40, 48, 200), (3, 3, 0.8)), 1, 3),
    ("all axes differ", alike(8, (90, 120, 250), (2.4, 1.1, 0.5)), 1, 3),
    ("an even number, half a voxel", ([[21, 200, 180]] * 3 + [[24, 211, 187]] * 3, [[3, 1, 1]] * 6), 1, 3),
    ("half a voxel at the least edge", ([[7, 64, 64]] * 2 + [[8, 64, 64]] * 2, [[1, 1, 1]] * 4), 1, 3),
    ("half a voxel, one axis alone", ([[5, 5, 11]] * 2 + [[5, 5, 12]] * 2, [[1, 1, 1]] * 4), 1, 3),
    ("one case", alike(1, (30, 300, 200), (3, 0.7, 0.7)), 1, 3),
    ("two cases apart", spread(2, [(15, 40), (200, 500), (200, 500)], [(2, 5), (0.4, 1), (0.4, 1)]), 1, 3),
    ("wholly mixed", spread(21, [(30, 300), (30, 300), (30, 300)], [(0.5, 4), (0.5, 4), (0.5, 4)]), 1, 5),
    ("mixed again", spread(16, [(20, 400), (20, 400), (20, 400)], [(0.3, 6), (0.3, 2), (0.3, 6)]), 1, 5),
    ("many classes", alike(10, (128, 128, 128), (1.5, 1.5, 1.5)), 1, 120),
    ("lumbar MRI for 2 GB", alike(40, (20, 224, 224), (3.3, 0.6, 0.6)), 1, 6, 2),
    ("lumbar MRI for 24 GB", alike(40, (20, 448, 448), (3.3, 0.3, 0.3)), 1, 6, 24),
    ("CT for 11 GB", alike(60, (110, 512, 512), (2.5, 0.8, 0.8)), 1, 3, 11),
    ("CT for 3 GB", spread(25, [(90, 300), (512, 512), (512, 512)], [(1, 3), (0.6, 0.95), (0.6, 0.95)]), 1, 3, 3),
    ("tenth percentile strictly below", ([[20, 300, 300]] * 10, [[0.8, 1, 1]] * 4 + [[5, 1, 1]] * 6), 1, 3),
    ("median exactly threefold", ([[40, 300, 300]] * 5, [[2, 1, 1]] * 2 + [[3, 1, 1]] * 3), 1, 3),
    ("exactly a third of the voxels", ([[100, 300, 300]] * 5, [[2, 1, 1]] * 2 + [[4, 1, 1]] * 3), 1, 3),
    ("all sides alike beside the median", alike(10, (320, 320, 32), (1, 1, 3)), 1, 3),
    ("one less than powers of two", alike(8, (31, 63, 127), (1, 1, 1)), 1, 3),
    ("spacings to the last digit", spread(12, [(14, 20), (300, 420), (300, 420)], [(3, 5), (0.4, 1), (0.4, 1)], 17), 1, 3),
    ("an odd number of them", spread(13, [(14, 20), (300, 420), (300, 420)], [(3, 5), (0.4, 1), (0.4, 1)], 17), 1, 3),
    ("many of them", spread(28, [(14, 20), (300, 420), (300, 420)], [(3, 5), (0.4, 1), (0.4, 1)], 17), 1, 3),
    ("a tie with the worst axis", alike(6, (128, 128, 144), (1, 1, 2)), 1, 3),
    ("two unlike images", ([[30, 200, 200], [31, 210, 220]], [[3, 0.2209, 0.3059], [4, 1.231, 1.7885]]), 1, 3),
]


def planned(number, name, cases, channels, labels, memory=8):
    sizes, spacings = cases
    dataset = f"Dataset{number:03}_x"
    raw, preprocessed = f"{FOLDER}/raw/{dataset}", f"{FOLDER}/preprocessed/{dataset}"
    for folder in (f"{raw}/imagesTr", f"{raw}/labelsTr", preprocessed):
        os.makedirs(folder)
    for case in range(len(sizes)):
        open(f"{raw}/labelsTr/{case:04}.nii.gz", "w").close()
        for channel in range(channels):
            open(f"{raw}/imagesTr/{case:04}_{channel:04}.nii.gz", "w").close()
    described = {
        "channel_names": {str(i): "T2" for i in range(channels)}, "numTraining": len(sizes), "file_ending": ".nii.gz",
        "labels": {"background": 0} | {f"s{i}": i for i in range(1, labels)}, "overwrite_image_reader_writer": "SimpleITKIO"}
    found = {
        "spacings": spacings, "shapes_after_crop": sizes, "median_relative_size_after_cropping": 1,
        "foreground_intensity_properties_per_channel": {}}
    for file, content in ((f"{raw}/dataset.json", described), (f"{preprocessed}/dataset_fingerprint.json", found)):
        with open(file, "w") as out:
            json.dump(content, out)
    planner = ExperimentPlanner(dataset, gpu_memory_target_in_gb=memory)
    planner.lowres_creation_threshold = 0
    whole = planner.static_estimate_VRAM_usage
    estimates = {}

    def estimate(patch, inputs, outputs, network, arguments, imports):
        value = whole(patch, inputs, outputs, network, arguments, imports)
        estimates[tuple(int(i) for i in patch)] = int(value)
        return value

    planner.static_estimate_VRAM_usage = estimate
    with contextlib.redirect_stdout(io.StringIO()):
        plans = planner.plan_experiment()
    result = {"name": name, "sizes": sizes, "spacings": spacings, "channels": channels, "labels": labels, "memory": memory,
              "transpose": plans["transpose_forward"], "plan": None}
    full = plans["configurations"].get("3d_fullres")
    if full:
        network = full["architecture"]["arch_kwargs"]
        patch = [int(i) for i in full["patch_size"]]
        result["plan"] = {
            "spacing": [float(i) for i in full["spacing"]], "patch": patch, "batch": int(full["batch_size"]),
            "median": [float(i) for i in full["median_image_size_in_voxels"]], "estimate": estimates[tuple(patch)],
            "strides": network["strides"], "kernels": network["kernel_sizes"], "features": network["features_per_stage"]}
    return result


if __name__ == "__main__":
    results = [planned(number, *dataset) for number, dataset in enumerate(DATASETS, 1)]
    with open("nnunet-experiments.json", "w") as out:
        out.write("[\n" + ",\n".join(json.dumps(result, separators=(",", ":")) for result in results) + "\n]\n")
