"""Golden fingerprints: survey.json has tiny images with masks, and what nibabel and NumPy read from them.

Run in this folder: python make_survey.py, with Tests/requirements.txt.
Made with Python 3.11, nibabel 5.4.2, numpy 2.4.6; seed 11.
Sides are along D, H, W: left to right, head to foot, front to back (nibabel's "RIP").
"""
import base64, gzip, json, pathlib
import nibabel as nib, numpy as np

rng = np.random.default_rng(11)


def affine(codes, zooms, angle, origin=(-11, 7, 30)):
    a = np.zeros((4, 4))
    for axis, (out, flip) in enumerate(nib.orientations.axcodes2ornt(tuple(codes))):
        a[int(out), axis] = flip * zooms[axis]
    c, s = np.cos(angle), np.sin(angle)
    a[:3, :3] = np.array([[1, 0, 0], [0, c, -s], [0, s, c]]) @ a[:3, :3]
    a[:3, 3], a[3, 3] = origin, 1
    return a


def turned(image):
    have = nib.orientations.io_orientation(image.affine)
    turn = nib.orientations.ornt_transform(have, nib.orientations.axcodes2ornt(("R", "I", "P")))
    return nib.orientations.apply_orientation(image.get_fdata(), turn)


def packed(image):
    return base64.b64encode(gzip.compress(image.to_bytes(), mtime=0)).decode()


def case(name, shape, codes, zooms, angle, kind, label_kind, numbers, slope=None):
    place = affine(codes, zooms, angle)
    values = rng.integers(-900, 900, shape).astype(kind) if kind != "f4" else rng.normal(50, 200, shape).astype("f4")
    image = nib.Nifti1Image(values, place)
    image.header.set_data_dtype(kind)
    image.set_sform(place, 1)
    if slope: image.header.set_slope_inter(*slope)
    labels = np.where(rng.random(shape) < 0.3, rng.choice(numbers, shape), 0).astype(label_kind)
    mask = nib.Nifti1Image(labels, place)
    mask.header.set_data_dtype(label_kind)
    mask.set_sform(place, 1)
    files = packed(image), packed(mask)
    # As they are read back: scaled, and with the header's rounded affine.
    image, mask = [nib.Nifti1Image.from_bytes(gzip.decompress(base64.b64decode(f))) for f in files]
    grid, marks = turned(image), turned(mask)
    inside = grid[marks > 0]
    sides = nib.orientations.io_orientation(image.affine)[:, 0]
    zooms = [float(nib.affines.voxel_sizes(image.affine)[list(sides).index(axis)]) for axis in (0, 2, 1)]
    columns = np.flatnonzero((marks > 0).any(axis=(0, 1)))
    counts = {str(int(n)): int((marks == n).sum()) for n in np.unique(marks) if n > 0}
    return dict(
        name=name, image=files[0], label=files[1], extent=list(grid.shape), spacing=zooms,
        orientation="".join(nib.aff2axcodes(image.affine)), lowest=float(grid.min()), highest=float(grid.max()),
        mean=float(inside.mean()), deviation=float(inside.std()),
        percentiles=[float(p) for p in np.percentile(inside, [0.5, 50, 99.5])], voxels=counts,
        volume=float(inside.size * np.prod(zooms)),
        columns=[int(columns[0]), int(columns[-1])])


cases = [
    case("a", (3, 5, 4), "RAS", (4, 0.5, 0.75), 0, "i2", "u1", [1, 2, 7]),
    case("b", (6, 4, 5), "IPL", (0.6, 0.6, 3.3), 0.2, "f4", "f8", [2, 7]),
    case("c", (5, 3, 7), "PSR", (1, 1.25, 5), -0.1, "i2", "i2", [1, 300], slope=(0.5, -10)),
]
text = json.dumps(cases, indent=1)
pathlib.Path("survey.json").write_text(text + "\n")
