#!/usr/bin/env python3
"""What the Slurm executor costs beside the local one, in seconds of a sweep and as a share of it.

    python3 Tests/overhead.py SAFNET STUDY.json SITE.json [--jobs N]     on a machine with a Slurm, in an empty folder

Each executor trains the whole study in a workspace of its own, one after the other. From each run's journal come the
instants at which its worker began and ended; what is left of the sweep's time is the executor's:

    before   from the command to the first worker's first word
    between  while fewer than N workers are at work though more are to come: starting the next one
    after    from the last worker's last word to the command's end

The submitter's memory is read every second, and so is the processor time that it takes.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path


def instants(workspace):
    """(begin, end) of every worker of every run, in seconds since 1970."""
    found = []
    for journal in workspace.glob("runs/*/journal.jsonl"):
        begun = None
        for line in journal.read_text().splitlines():
            event = json.loads(line)
            when = datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp()
            if event["event"] in ("started", "resumed"):
                begun = when
            last = when
            if event["event"] in ("finished", "interrupted", "failed"):
                found.append((begun, last))
    return sorted(found)


def usage(pid):
    """Resident KiB, and seconds of the processor."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None
    resident = int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
    return resident, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def sweep(command, workspace):
    begin = time.time()
    child = subprocess.Popen(command + ["--workspace", str(workspace)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    seen = []
    os.set_blocking(child.stderr.fileno(), False)
    words = b""
    while child.poll() is None:
        if found := usage(child.pid):
            seen.append(found)
        words += child.stderr.read() or b""
        time.sleep(1)
    end = time.time()
    if child.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {child.returncode}:\n{(words + (child.stderr.read() or b'')).decode()}")
    return begin, end, seen


def idle_seconds(workers, jobs):
    """Sum over places of the time in which a place has no worker though one is still to come."""
    starts = [begin for begin, _ in workers]
    free = sorted(end for _, end in workers)
    # The k-th start after the first `jobs` takes the place that the k-th end has left.
    return sum(max(0, start - end) for start, end in zip(starts[jobs:], free))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("safnet")
    parser.add_argument("study")
    parser.add_argument("site")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    ways = {
        "local": ["--jobs", str(options.jobs), "--threads", "1"],
        "slurm": ["--executor", "slurm", "--site", options.site, "--jobs", str(options.jobs), "--threads", "1"],
    }
    totals = {}
    for name, extra in ways.items():
        workspace = Path(f"Workspace-{name}").resolve()
        begin, end, seen = sweep([options.safnet, "run", options.study] + extra, workspace)
        workers = instants(workspace)
        before, after = workers[0][0] - begin, end - max(last for _, last in workers)
        between = idle_seconds(workers, options.jobs) / options.jobs
        totals[name] = before + between + after
        memory = [resident for resident, _ in seen]
        quarter = max(1, len(memory) // 4)
        print(f"{name}: {end - begin:.1f} s, {len(workers)} workers; before {before:.1f}, between {between:.1f}, "
              f"after {after:.1f} s: {totals[name]:.1f} s, {100 * totals[name] / (end - begin):.2f} % of the sweep")
        print(f"  `safnet run` itself: {seen[-1][1]:.2f} s of the processor ({100 * seen[-1][1] / (end - begin):.3f} %); "
              f"resident {max(memory[:quarter])} KiB in its first quarter, {max(memory[-quarter:])} KiB in its last")
    print(f"slurm costs {totals['slurm'] - totals['local']:.1f} s more than local")


if __name__ == "__main__":
    main()
