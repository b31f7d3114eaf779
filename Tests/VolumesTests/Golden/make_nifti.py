"""Golden NIfTI files and what nibabel reads from them: nifti.json, and real.json for a folder of real images.

Run in this folder: python make_nifti.py [REAL], with Tests/requirements.txt.
Made with Python 3.11, nibabel 5.4.2, numpy 2.4.6; seed 5.
Values are listed, and hashed, in D, H, W order: left to right, head to foot, front to back (nibabel's "RIP"), W fastest.
"""
import base64, gzip, hashlib, io, json, pathlib, sys, tempfile
import nibabel as nib, numpy as np

rng = np.random.default_rng(5)
SHAPE = (3, 5, 4)
TYPES = ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"]


def rotation(x, y, z):
    c, s = np.cos, np.sin
    rx = np.array([[1, 0, 0], [0, c(x), -s(x)], [0, s(x), c(x)]])
    ry = np.array([[c(y), 0, s(y)], [0, 1, 0], [-s(y), 0, c(y)]])
    rz = np.array([[c(z), -s(z), 0], [s(z), c(z), 0], [0, 0, 1]])
    return rz @ ry @ rx


def affine(codes="IPR", zooms=(0.5, 0.75, 4), tilt=(0, 0, 0), origin=(-11, 7, 30)):
    ornt = nib.orientations.axcodes2ornt(tuple(codes))
    a = np.eye(4)
    a[:3, :3] = 0
    for axis, (out, flip) in enumerate(ornt):
        a[int(out), axis] = flip * zooms[axis]
    a[:3, :3] = rotation(*tilt) @ a[:3, :3]
    a[:3, 3] = origin
    return a


def canonical(image):
    data = image.get_fdata(dtype=np.float64)
    data = data.reshape(data.shape[:3] + (1,) * (3 - min(data.ndim, 3)))
    have = nib.orientations.io_orientation(image.affine)
    turn = nib.orientations.ornt_transform(have, nib.orientations.axcodes2ornt(("R", "I", "P")))
    zooms = np.sqrt((image.affine[:3, :3] ** 2).sum(0))
    order = [list(have[:, 0]).index(axis) for axis in (0, 2, 1)]
    return nib.orientations.apply_orientation(data, turn), [float(zooms[a]) for a in order]


def facts(image):
    grid, spacing = canonical(image)
    shape = list(image.shape[:3]) + [1] * (3 - len(image.shape))
    return grid, dict(
        shape=shape, codes="".join(nib.aff2axcodes(image.affine)), spacing=spacing,
        affine=[[float(v) for v in row] for row in image.affine[:3]])


def entry(name, files, main):
    with tempfile.TemporaryDirectory() as folder:
        for file, content in files.items():
            (pathlib.Path(folder) / file).write_bytes(content)
        image = nib.load(pathlib.Path(folder) / main)
        grid, known = facts(image)
    return dict(name=name, main=main, files={f: base64.b64encode(c).decode() for f, c in files.items()},
                values=[float(v) for v in grid.ravel()], **known)


def saved(image, name="x.nii"):
    with tempfile.TemporaryDirectory() as folder:
        nib.save(image, pathlib.Path(folder) / name)
        return {p.name: p.read_bytes() for p in sorted(pathlib.Path(folder).iterdir())}


def image(dtype="i2", order="<", cls=nib.Nifti1Image, a=None, shape=SHAPE, codes=(1, 1), scale=None):
    kind = np.dtype(order + dtype)
    if kind.kind == "f":
        data = rng.normal(0, 50, shape).astype(kind)
    else:
        info = np.iinfo(kind)
        data = rng.integers(max(info.min, -2**52), min(info.max, 2**52), shape, dtype=kind.newbyteorder("="), endpoint=True).astype(kind)
    header = cls.header_class(endianness=order)
    header.set_data_dtype(kind)
    a = affine() if a is None else a
    img = cls(data, None, header)
    img.header.set_xyzt_units("mm")
    img.header.set_qform(a, codes[0]) if codes[0] else img.header.set_qform(None, 0)
    img.header.set_sform(a, codes[1]) if codes[1] else img.header.set_sform(None, 0)
    img.header.set_zooms(tuple(np.sqrt((a[:3, :3] ** 2).sum(0)))[: len(shape)] + (1,) * (len(shape) - 3))
    if scale:
        img.header.set_slope_inter(*scale)
    return img


def raw(img, name="x.nii", patch=()):
    """The bytes with stored values as they are: nibabel would choose its own scaling."""
    slope, inter = img.header.get_slope_inter()
    files = saved(cls_like(img), name)
    out = {}
    for file, content in files.items():
        packed = file.endswith(".gz")
        content = bytearray(gzip.decompress(content) if packed else content)
        if slope is not None and not file.endswith(".img"):
            two = isinstance(img.header, nib.Nifti2Header)
            where, kind = (176, "f8") if two else (112, "f4")
            content[where:where + 2 * np.dtype(kind).itemsize] = np.array([slope, inter], img.header.endianness + kind).tobytes()
        out[file] = gzip.compress(bytes(content), mtime=0) if packed else bytes(content)
    return out


def cls_like(img):
    plain = type(img)(img.dataobj, None, img.header.copy())
    plain.header.set_slope_inter(1, 0)
    return plain


entries = []
for dtype in TYPES:
    for order in "<>":
        entries.append(entry(f"{order}{dtype}", raw(image(dtype, order)), "x.nii"))
entries += [
    entry("slope and intercept", raw(image(scale=(0.125, -7.5))), "x.nii"),
    entry("slope and intercept of bytes, big-endian", raw(image("u1", ">", scale=(3, 1000))), "x.nii"),
    entry("slope and intercept of floats, gzip", raw(image("f4", scale=(-2, 0.25)), "x.nii.gz"), "x.nii.gz"),
    entry("qform only", raw(image(codes=(2, 0), a=affine(tilt=(0.1, -0.2, 0.15)))), "x.nii"),
    entry("qform only, left-handed", raw(image(codes=(1, 0), a=affine("LPI", tilt=(-0.3, 0.1, 0.2)))), "x.nii"),
    entry("sform only", raw(image(codes=(0, 2), a=affine("PSR"))), "x.nii"),
    entry("neither form", raw(image(codes=(0, 0))), "x.nii"),
    entry("neither form, even sides", raw(image(codes=(0, 0), shape=(4, 2, 6))), "x.nii"),
    entry("oblique", raw(image(a=affine("ASL", tilt=(0.35, -0.25, 0.3)))), "x.nii"),
    entry("one volume in four dimensions", raw(image(shape=SHAPE + (1,))), "x.nii"),
    entry("one slice in two dimensions", raw(image(shape=SHAPE[:2])), "x.nii"),
    entry("header and image", raw(image(cls=nib.Nifti1Pair), "x.hdr"), "x.hdr"),
    entry("header and image, big-endian, named by the image", raw(image("f4", ">", cls=nib.Nifti1Pair), "x.hdr"), "x.img"),
    entry("header and image, gzip", raw(image(cls=nib.Nifti1Pair), "x.hdr.gz"), "x.hdr.gz"),
    entry("NIfTI-2", raw(image("f4", cls=nib.Nifti2Image)), "x.nii"),
    entry("NIfTI-2, big-endian, slope", raw(image("u2", ">", cls=nib.Nifti2Image, scale=(0.1, 3))), "x.nii"),
    entry("NIfTI-2, header and image, gzip", raw(image("i4", cls=nib.Nifti2Pair), "x.hdr.gz"), "x.hdr.gz"),
]
whole = raw(image("f8"))["x.nii"]
parts = [whole[:100], whole[100:352], whole[352:500], whole[500:]]
entries.append(entry("gzip of four members", {"x.nii.gz": b"".join(gzip.compress(p, mtime=0) for p in parts)}, "x.nii.gz"))
for codes in ["RAS", "LPS", "IPL", "SAR", "PIR", "AIL", "RSA", "LIP", "SRA"]:
    entries.append(entry(f"axes {codes}", raw(image("u1", a=affine(codes))), "x.nii"))
json.dump(entries, open("nifti.json", "w"), indent=0)


def real(path, root):
    loaded = nib.load(path)
    grid, known = (None, None) if len(loaded.shape) > 3 and loaded.shape[3] > 1 else facts(loaded)
    row = dict(path=str(path.relative_to(root)), bytes=path.stat().st_size)
    if grid is None:
        return dict(row, series=list(loaded.shape))
    at = [[int(rng.integers(n)) for n in grid.shape] for _ in range(5)]
    data = np.ascontiguousarray(grid, "<f8")
    return dict(row, **known, minimum=float(grid.min()), maximum=float(grid.max()), mean=float(grid.mean()),
                samples=[dict(at=p, value=float(grid[tuple(p)])) for p in at],
                sha256=hashlib.sha256(data.tobytes()).hexdigest())


if len(sys.argv) > 1:
    root = pathlib.Path(sys.argv[1])
    rows = [real(p, root) for p in sorted(root.rglob("*")) if p.name.endswith((".nii", ".nii.gz"))]
    json.dump(rows, open("real.json", "w"), indent=0)
