/// `predict.py` beside the models: the whole pipeline in Python. It does what `pipeline.json` says, and sums in the order
/// in which this program does, so that the models see the same bits.
package enum PredictScript {
  package static let name = "predict.py"

  package static let text = #"""
    """Segments NIfTI images with the models beside this file; needs numpy, nibabel and onnxruntime.

        python predict.py CASE.nii.gz [CASE.nii.gz ...] FOLDER

    FOLDER gets a label map CASE.nii.gz for each image, on the image's own grid. pipeline.json says what is done. Of an
    image of several channels ("channels" there) give one file, such as CASE_0000.nii.gz; the others lie beside it.
    """
    import itertools, json, sys
    from pathlib import Path

    import nibabel
    import numpy as np
    import onnxruntime

    HERE = Path(__file__).resolve().parent
    PIPELINE = json.loads((HERE / "pipeline.json").read_text())
    ENDS = ["_%04d" % number for number in PIPELINE.get("channels", [0])]
    TOWARDS = {"R": (0, 1), "L": (0, -1), "A": (1, 1), "P": (1, -1), "S": (2, 1), "I": (2, -1)}


    def turning(affine):
        """For D, H, W: the file's axis, and whether it runs the other way; by niftilib's rule for oblique images."""
        rotation, upper = np.linalg.qr(affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0))
        rotation, best = rotation * np.sign(np.diag(upper)), (-np.inf,)
        for axes in itertools.permutations(range(3)):
            for signs in itertools.product((-1, 1), repeat=3):
                matrix = np.zeros((3, 3))
                matrix[axes, range(3)] = signs
                fit = (matrix * rotation).sum()
                if np.linalg.det(matrix) * np.linalg.det(rotation) > 0 and fit > best[0]: best = (fit, axes, signs)
        source = [best[1].index(TOWARDS[letter][0]) for letter in PIPELINE["orientation"]]
        flips = [best[2][s] != TOWARDS[letter][1] for s, letter in zip(source, PIPELINE["orientation"])]
        return source, tuple(slice(None, None, -1 if flip else None) for flip in flips)


    def linear(values, axis, size):
        count = values.shape[axis]
        if count == size: return values
        place = np.maximum((np.arange(size) + 0.5) * count / size - 0.5, 0)
        low = np.minimum(place.astype(int), count - 1)
        weight = (place - low).reshape([size if a == axis else 1 for a in range(3)])
        lower = values.take(low, axis)
        return lower + (values.take(np.minimum(low + 1, count - 1), axis) - lower) * weight


    def total(values):
        return np.add.accumulate(values.reshape(-1))[-1]  # one after the other, as the networks were trained


    def voxels(image, first):
        proxy, shape = image.dataobj, (image.shape + (1, 1, 1))[:3]
        values = np.asarray(proxy.get_unscaled(), np.float64).reshape(shape)
        if (proxy.slope, proxy.inter) != (1, 0): values = values * proxy.slope + proxy.inter
        if not np.isfinite(values).all(): raise ValueError("it holds NaN or infinity")
        corners = np.array([c + (1,) for c in itertools.product(*((0, side - 1) for side in shape))])
        apart = np.linalg.norm(corners @ (image.affine - first.affine).T, axis=1).max()
        if image.shape != first.shape or apart > 0.25 * min(first.header.get_zooms()[:3]):
            raise ValueError("its channels do not lie on one grid")
        return values


    def prepared(kept, size):
        kept = linear(linear(np.ascontiguousarray(kept), 2, size[2]), 1, size[1])
        kept = linear(kept, 0, size[0]) if PIPELINE["depth"] == "resample" else kept
        if PIPELINE["normalise"] != "volume": return kept
        mean = total(kept) / kept.size
        deviation = np.sqrt(total((kept - mean) * (kept - mean)) / kept.size)
        if not deviation > 1e-12 * abs(mean): raise ValueError("it is constant, which cannot be normalised")
        return (kept - mean) / deviation


    def segment(images, sessions):
        image = images[0]
        source, flips = turning(image.affine)
        wholes = [voxels(one, image).transpose(source)[flips] for one in images]
        (depth, height, width), size = wholes[0].shape, PIPELINE["size"]
        slices = depth if PIPELINE["depth"] == "resample" else min(depth, size[0])
        columns = max(width // 2, 1) if PIPELINE["crop"] == "halfWidth" else width
        first, left = (depth - slices) // 2, (width - columns) // 2
        box = (slice(first, first + slices), slice(None), slice(left, left + columns))
        kept = [prepared(whole[box], size) for whole in wholes]
        before = (size[0] - len(kept[0])) // 2
        padded = np.zeros([len(kept)] + size, np.float32)
        for channel, values in zip(padded, kept): channel[before:before + len(values)] = values
        scores = [session.run(None, {PIPELINE["input"]["name"]: padded[None]})[0][0] for session in sessions]
        if len(scores) > 1:
            powers = [np.exp(s.astype(np.float64) - s.max(0)) for s in scores]
            scores = [sum((p / p.sum(0)).astype(np.float32).astype(np.float64) for p in powers) / len(powers)]
        part = scores[0].argmax(0)[before:before + len(kept[0])]
        for axis, side in enumerate((slices, height, columns)):
            part = part.take((2 * np.arange(side) + 1) * part.shape[axis] // (2 * side), axis)
        labels, numbers = np.zeros(wholes[0].shape, int), np.array([label["value"] for label in PIPELINE["labels"]])
        labels[box] = part
        kind = next(t for t in (np.uint8, np.int16, np.int32) if numbers.max() <= np.iinfo(t).max)
        header = image.header.copy()
        header.extensions.clear()
        for field in ("descrip", "aux_file", "intent_name"): header[field] = b""
        for field in ("intent_code", "cal_min", "cal_max"): header[field] = 0
        header.set_data_dtype(kind)
        kind_of_file = nibabel.Nifti2Image if isinstance(image, nibabel.Nifti2Pair) else nibabel.Nifti1Image
        return kind_of_file(numbers[labels][flips].transpose(np.argsort(source)).astype(kind), image.affine, header)


    def files(path):
        """The case's name, and its channels' files."""
        stem = path.name.removesuffix(".gz").rsplit(".", 1)[0]
        own = next((end for end in ENDS if stem.endswith(end)), "")
        name = stem.removesuffix(own)
        if len(ENDS) == 1: return name, [path]
        if not own: sys.exit(f"{path}: the models see several channels; name them CASE{ENDS[0]}, CASE{ENDS[1]} ...")
        return name, [path.with_name(name + end + path.name[len(stem):]) for end in ENDS]


    if __name__ == "__main__":
        if len(sys.argv) < 3: sys.exit(__doc__)
        offered = [p for p in ("CUDAExecutionProvider", "CPUExecutionProvider") if p in onnxruntime.get_available_providers()]
        models = [onnxruntime.InferenceSession(HERE / model["file"], providers=offered) for model in PIPELINE["models"]]
        for path in map(Path, sys.argv[1:-1]):
            name, images = files(path)
            target = Path(sys.argv[-1]) / (name + ".nii.gz")
            if target.exists(): sys.exit(f"{target} exists already")
            target.parent.mkdir(parents=True, exist_ok=True)
            try: nibabel.save(segment([nibabel.load(image) for image in images], models), target)
            except (ValueError, OSError) as error: sys.exit(f"{path}: {error}")
            print(target)

    """#
}
