"""Writes h5py-checkpoint.h5 and h5py-evaluation.h5, our files as another program would write them, and hostile-*.h5,
which have a good guard around a bad checkpoint. Run: python make_golden.py, with Tests/requirements.txt.
Made with h5py 3.16.0, HDF5 2.0.0, numpy 2.4; no random numbers."""
import hashlib, io, pathlib, zlib
import h5py, numpy

PLAN = hashlib.sha256(b"plan").hexdigest()


def guarded(kind, fill, name):
    image = io.BytesIO()
    with h5py.File(image, "w", libver="latest" if fill is not checkpoint else None) as f:
        f.attrs["plan_identity"] = numpy.bytes_(PLAN)
        fill(f)
    image = image.getvalue()
    guard = f"safnet {kind} 1\nplan {PLAN}\nbytes {len(image)}\nsha256 {hashlib.sha256(image).hexdigest()}\n"
    guard += f"crc32 {zlib.crc32(guard.encode()):08x}\n"
    target = pathlib.Path(__file__).with_name(f"{name}.h5")
    target.write_bytes(guard.encode().ljust(512, b"\0") + image)
    return h5py.File(target)


def checkpoint(f):
    f.attrs.update(epoch=2, step_in_epoch=1, step=21, journal_position=0, best_epoch=2, best_monitor=0.5)
    f.attrs["program_version"] = numpy.bytes_("h5py")
    f["history"] = numpy.array([0.25, 0.5])
    f["partial/loss"] = 1.5
    f["parameters/stem.0.conv.weight"] = (numpy.arange(72, dtype="<f4") / 8).reshape(4, 1, 3, 3, 2)
    f.create_dataset("parameters/stem.0.norm.weight", data=numpy.ones(4, "<f4"), fletcher32=True)
    f["statistics/stem.0.norm.num_batches_tracked"] = numpy.float32(7)


def evaluation(f):
    names = lambda values: numpy.array([v.encode() for v in values])
    f["cases"], f["structures"] = names(["Case1", "Case2"]), names(["L1", "L2/L3 ü"])
    f["dice"] = [[0.5, numpy.nan], [0.25, 1]]
    f["surface_distance"] = f["hausdorff95"] = [[1.0, numpy.nan], [2, 0]]
    for name in ("truth_voxels", "predicted_voxels", "common_voxels"):
        f[name] = numpy.array([[1, 2], [3, 4]])
    f["confusion"] = numpy.arange(18).reshape(2, 3, 3)


def hostile(change):
    def fill(f):
        checkpoint(f)
        change(f)
    return fill


def huge(f):
    del f["history"]
    f.create_dataset("history", (1 << 40,), "f8", chunks=(1 << 20,))


def whole_numbers(f):
    del f["history"]
    f["history"] = numpy.array([1, 2])


def negative(f):
    f.attrs["epoch"] = -1


def long_text(f):
    f.attrs["program_version"] = "text of variable length"


def two_sums(f):
    f["partial/more"] = numpy.array([1.0, 2.0])


assert guarded("checkpoint", checkpoint, "h5py-checkpoint")["parameters/stem.0.conv.weight"].shape == (4, 1, 3, 3, 2)
assert guarded("evaluation", evaluation, "h5py-evaluation")["confusion"].shape == (2, 3, 3)
for change in (huge, whole_numbers, negative, long_text, two_sums):
    guarded("checkpoint", hostile(change), f"hostile-{change.__name__}")
