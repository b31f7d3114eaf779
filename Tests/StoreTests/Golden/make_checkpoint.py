"""Writes h5py-checkpoint.h5: a checkpoint as another program would write it.  python make_checkpoint.py
Made with h5py 3.16.0, HDF5 2.0.0, numpy 2.4; no random numbers."""
import hashlib, io, pathlib
import h5py, numpy

image = io.BytesIO()
with h5py.File(image, "w") as f:
    plan = hashlib.sha256(b"plan").hexdigest()
    f.attrs.update(epoch=2, step_in_epoch=1, step=21, journal_position=0, best_epoch=2, best_monitor=0.5)
    f.attrs["plan_identity"] = numpy.bytes_(plan)
    f.attrs["program_version"] = numpy.bytes_("h5py")
    f["history"] = numpy.array([0.25, 0.5])
    f["partial/loss"] = 1.5
    f["parameters/stem.0.conv.weight"] = (numpy.arange(72, dtype="<f4") / 8).reshape(4, 1, 3, 3, 2)
    f.create_dataset("parameters/stem.0.norm.weight", data=numpy.ones(4, "<f4"), fletcher32=True)
    f["statistics/stem.0.norm.num_batches_tracked"] = numpy.float32(7)
image = image.getvalue()
guard = f"safnet checkpoint 1\nplan {plan}\nbytes {len(image)}\nsha256 {hashlib.sha256(image).hexdigest()}\n"
target = pathlib.Path(__file__).with_name("h5py-checkpoint.h5")
target.write_bytes(guard.encode().ljust(512, b"\0") + image)
with h5py.File(target) as f:
    assert f["parameters/stem.0.conv.weight"].shape == (4, 1, 3, 3, 2)
