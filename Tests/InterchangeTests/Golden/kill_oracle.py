"""Is an export complete or absent, whenever it is killed, and does the next one find its place free?

    python kill_oracle.py SAFNET WORKSPACE RUN [RUN ...]

For each format of files: one export to the end says what belongs to it and how long it takes; then exports are killed at
random instants of that time. What stands under the name must be all of it, byte for byte, or nothing; folders that a killed
one left beside it have a dot before their names. At the end nothing but the complete ones may bear a name.
"""
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FORMATS = ("onnx", "pytorch", "nnunet", "bids", "tensorboard")
KILLS = 12


def contents(folder):
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def main(safnet, workspace, runs):
    random.seed(22)
    for kind in FORMATS:
        with tempfile.TemporaryDirectory() as place:
            def export(name):
                return [safnet, "export", *runs, "--format", kind, "-o", f"{place}/{name}", "--workspace", workspace]

            start = time.monotonic()
            subprocess.run(export("whole"), check=True, capture_output=True)
            span, whole = time.monotonic() - start, contents(Path(place, "whole"))
            killed = complete = 0
            for number in range(KILLS):
                one = subprocess.Popen(export(f"try-{number}"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(random.random() * span * 1.1)
                if one.poll() is None:
                    one.send_signal(signal.SIGKILL)
                    killed += 1
                one.wait()
                if (folder := Path(place, f"try-{number}")).exists():
                    assert contents(folder) == whole, f"{kind}: {folder} differs from a whole export"
                    complete += 1
            names = [f.name for f in Path(place).iterdir()]
            hidden = sum(n.startswith(".") for n in names)
            assert len(names) - hidden == complete + 1, names
            last = subprocess.run(export("whole"), capture_output=True)
            assert last.returncode == 2 and contents(Path(place, "whole")) == whole, f"{kind}: an export was replaced"
            print(f"{kind}: {killed} of {KILLS} killed, {complete} complete, no half; {hidden} hidden folders left", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
