"""Does TensorBoard read every number of the journals?

    safnet export RUN [RUN ...] --format tensorboard -o exported
    python tensorboard_oracle.py exported WORKSPACE

Every scalar of an epoch and of the test, in single precision as event files have it, with its step and its time to the
millisecond. Made with tensorboard 2.21.
"""
import datetime
import json
import sys
from pathlib import Path

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def expected(journal, names):
    """(tag, step) -> (value, time)"""
    found = {}
    for line in journal.read_text().splitlines():
        event = json.JSONDecoder().raw_decode(line)[0]
        time = datetime.datetime.fromisoformat(event["time"]).timestamp()
        if event["event"] == "epoch":
            values = {
                "training/loss": event["trainingLoss"], "training/learning_rate": event["learningRate"],
                "training/seconds": event["seconds"], "validation/monitor": event["monitor"],
                "validation/mean_dice": event.get("meanDice")}
            values |= {f"validation_dice/{n}": v for n, v in zip(names, event["validationDice"])}
        elif event["event"] == "evaluated":
            values = {"test/mean_dice": event.get("meanDice")}
            values |= {f"test_dice/{n}": v for n, v in zip(names, event["structureDice"])}
        else:
            continue
        found |= {(tag, event["epoch"]): (value, time) for tag, value in values.items() if value is not None}
    return found


def structures(plan):
    return [one["name"] for one in plan["structures"]["structures"]]


def main(exported, workspace):
    total = 0
    for folder in sorted(p for p in exported.iterdir() if p.is_dir()):
        reader = EventAccumulator(str(folder), size_guidance={"scalars": 0, "tensors": 0})
        reader.Reload()
        plan = reader.Tensors("plan/text_summary" if "plan/text_summary" in reader.Tags()["tensors"] else "plan")[0]
        plan = json.loads(plan.tensor_proto.string_val[0].decode().strip("`\n"))
        names = structures(plan)
        wanted = expected(workspace / "runs" / folder.name / "journal.jsonl", names)
        read = {(tag, e.step): (e.value, e.wall_time) for tag in reader.Tags()["scalars"] for e in reader.Scalars(tag)}
        assert read.keys() == wanted.keys(), read.keys() ^ wanted.keys()
        for key, (value, time) in wanted.items():
            assert np.float32(value) == np.float32(read[key][0]) and abs(time - read[key][1]) < 1e-3, (key, value, read[key])
        total += len(read)
    print(f"{total} scalars are the journals'")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
