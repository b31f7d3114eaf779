"""Starts the program with random command lines, experiments, data sets and workspaces, legal and illegal, and judges its answers.

    python3 Tests/Fuzz/Starts/starts.py .build/release/safnet --starts 1000 --seed 1

A start is a function of the seed and its number: `--first 17 --starts 1` is number 17 again. What must not be: a signal, a
hang, words of the Swift runtime or of a library, an error without words, a success with an error's words, a reading command
that changes a file. Each fault is printed with its command and kept with all its files (`--keep`).
"""

import argparse
import json
import os
import pathlib
import random
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import damage
from commands import LONG, READING, WEIGHTS, Commands
from world import Template, snapshot

STRANGE = re.compile(
    r"Fatal error|[Pp]recondition|\*\*\* |Thread \d+.*crashed|Swift/|Illegal instruction|\*\* ERROR|HDF5-DIAG|could not be completed"
    r"|Error Domain|CocoaError|NSCocoa|Optional\(|DecodingError|EncodingError|SQLite error|DatabaseError|terminate called|\x1b|__C\.")
ERROR = re.compile(r"^(?:[^\n]*: | *)?(error|Error): +\S", re.M)
# What a command may change; everything else must stay. A long command is asked to stop after so many seconds.
CHANGES = {"report": "Reports", "index": "Workspace/index", "runs remove": "Workspace", "run": "Workspace", "worker": "Workspace",
           "verify": "Workspace"}
LIMIT, STOPPING = 4, 20


def starved(pid):
    """Seconds that the process was ready to run and had no processor: a busy machine is no hang."""
    waits = []
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try: waits.append(int(task.read_text().split()[1]) / 1e9)
        except (OSError, ValueError): pass
    return max(waits, default=0)


def patiently(child, seconds):
    """What it wrote; `TimeoutExpired` after so many seconds, those without a processor not counted."""
    begin = time.monotonic()
    while (left := seconds + starved(child.pid) - (time.monotonic() - begin)) > 0:
        try: return child.communicate(timeout=left)
        except subprocess.TimeoutExpired: pass
    raise subprocess.TimeoutExpired(child.args, seconds)


class Start:
    """One start: its files, its words, and what came of it."""

    def __init__(self, number, seed, template, commands, schema):
        self.rng = random.Random(f"{seed}:{number}")
        self.number, self.template, self.commands, self.schema = number, template, commands, schema
        self.command = self.rng.choices(list(WEIGHTS), WEIGHTS.values())[0]
        self.state = self.rng.getstate()

    def make(self, folder):
        """The same files and words each time."""
        self.rng.setstate(self.state)
        rng = self.rng
        self.template.copy(folder)
        self.words = self.commands.sound(self.command, rng)
        harm = rng.choices(["experiment", "images", "set", "workspace", "words", "all", "nothing"], [5, 4, 2, 5, 6, 1, 1])[0]
        if harm in ("experiment", "all"): damage.experiment(folder / rng.choice(["tiny.json", "tiny.json", "other.json"]), self.schema, rng)
        if harm in ("images", "all"):
            for _ in range(rng.choice([1, 1, 3])):
                images = [p for p in sorted(folder.glob("*/*/*.nii.gz")) + [folder / "labels.nii.gz"] if p.is_file()]
                damage.image(rng.choice(images), rng) if rng.random() < 0.7 else damage.any_file(rng.choice(images), images, rng)
        if harm in ("set", "all"): self.harm_set(folder, rng)
        if harm in ("workspace", "all"): self.harm_workspace(folder, rng)
        if harm in ("words", "all"): self.words = self.commands.odd(self.command, self.words, self.schema, rng)
        self.closed = rng.choice([None] * 30 + ["in", "out", "full"])

    def harm_set(self, folder, rng):
        """What describes a data set: dataset.json, splits and a manifest."""
        how = rng.randrange(4)
        if how == 0: return damage.any_json(folder / "nn/dataset.json", rng)
        if how == 1:
            shutil.copy(folder / "splits.json", folder / "nn/splits_final.json")
            return damage.any_json(folder / "nn/splits_final.json", rng)
        path = folder / "study.csv"
        text = path.read_text()
        old, new = rng.choice([(",", ";"), (",", "\t"), ("p1", "p2"), ("case,", "Case,"), ("\n", "\r\n"), ("p3", '"p3'), ("\n", "\n\n"),
                               ("label", "label,patient"), ("ms/MR/Case2", "ms/MR/Case1"), ("p4", "x" * 300), ("p5", "é\u0600")])
        path.write_text(text.replace(old, new), newline="")
        if rng.random() < 0.3: damage.any_file(path, [folder / "tiny.json"], rng)

    def harm_workspace(self, folder, rng):
        for _ in range(rng.choice([1, 1, 1, 2, 5])):
            files = sorted(p for p in (folder / "Workspace").rglob("*") if p.is_file() and not p.is_symlink())
            if not files: return
            path = rng.choice(files)
            how = rng.randrange(6)
            if how == 0 and path.suffix == ".jsonl":
                lines = path.read_bytes().splitlines(keepends=True)
                rng.choice([lambda: rng.shuffle(lines), lambda: lines.pop(rng.randrange(len(lines))) if lines else None,
                            lambda: lines.extend(lines[-1:])])()
                path.write_bytes(b"".join(lines))
            elif how == 1: shutil.rmtree(path.parent)
            elif how == 2:
                alike = [p for p in files if p.name == path.name]
                path.write_bytes(rng.choice(alike).read_bytes())
            elif how == 3:
                beside = path.parent / rng.choice(["x", "a b", "é", "._plan.json", "plan.json.old"])
                if not beside.is_dir(): beside.write_bytes(b"x")
            else: damage.any_file(path, files, rng)

    def run(self, program, folder):
        """What is wrong with the answer, in words; None when nothing is."""
        before = snapshot(folder)
        output = open("/dev/full", "wb") if self.closed == "full" else subprocess.PIPE
        def limits():
            resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            if self.closed in ("in", "out"): os.close(0 if self.closed == "in" else 1)
        environment = {**os.environ, "SWIFT_BACKTRACE": "enable=no"}
        child = subprocess.Popen([program, *self.words], cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.PIPE,
                                 env=environment, preexec_fn=limits, start_new_session=True)
        self.asked, hung = False, False
        try:
            out, err = patiently(child, LIMIT if self.command in LONG else LIMIT + STOPPING)
        except subprocess.TimeoutExpired:
            self.asked = self.command in LONG
            hung = not self.asked
            child.send_signal(signal.SIGTERM)
            try:
                out, err = patiently(child, STOPPING)
            except subprocess.TimeoutExpired:
                hung = True
                os.killpg(child.pid, signal.SIGKILL)
                out, err = child.communicate()
        self.code = child.returncode
        self.out, self.err = (t or b"" for t in (out, err))
        return "hangs" if hung else self.verdict(before, snapshot(folder))

    def verdict(self, before, after):
        out, err = (t.decode("utf-8", "backslashreplace") for t in (self.out, self.err))
        if self.code < 0 and not (self.asked and self.code == -signal.SIGTERM): return f"signal {-self.code}"
        if found := STRANGE.search(out + err): return f"strange words: {found.group()!r}"
        if self.asked: return None
        if self.code not in ((0, 1, 2, 130) if self.command != "worker" else (0, 1, 2, 3, 4, 130)): return f"exit code {self.code}"
        if self.code == 0 and re.search(r"^(error|Error): \S", err, re.M): return "exit code 0 with an error"
        problems = r'^\d+ problems?:|"problems" : \[\s*[^\s\]]'
        told = ERROR.search(err) or (self.command == "dataset check" and re.search(problems, out, re.M))
        # What differs from the stored runs is its answer; a worker that was asked to stop says so in the journal.
        told = told or "--check" in self.words and err or (self.command, self.code) == ("worker", 130)
        if self.code != 0 and not told: return f"exit code {self.code} without an error"
        return self.changed(before, after)

    def changed(self, before, after):
        # What is asked for by its name may lie anywhere.
        named = tuple(w for o, w in zip(self.words, self.words[1:]) if o in ("--output", "-o"))
        if any(os.path.normpath(w) == "." or w.startswith("..") for w in named): return None
        reading = self.command in READING or self.command == "run --dry-run" and "--dry-run" in self.words
        if not reading:
            before = {p: s for p, s in before.items() if p.startswith(("nn", "ms", "tiny.json", "other.json", "study.csv"))}
        may = (CHANGES.get(self.command, "new"), "Workspace/index", "Workspace/nowhere", *map(os.path.normpath, named))
        for path in sorted(before.keys() | after.keys() if reading else before):
            if before.get(path) == after.get(path) or path.startswith(may): continue
            return f"{path} was {'made' if path not in before else 'removed' if path not in after else 'changed'}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--starts", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", default=".build/fuzz/starts", help="where faults are kept")
    options = parser.parse_args()
    program, keep = os.path.abspath(options.program), pathlib.Path(options.keep).absolute()
    schema = json.loads(subprocess.run([program, "schema"], capture_output=True, check=True).stdout)
    faults, codes = 0, {}
    # Making and removing files takes most of the time on a disk.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="safnet-starts-", dir=memory) as place:
        template = Template(program, pathlib.Path(place) / "template")
        commands = Commands(program, template.runs)
        print(f"seed {options.seed}, starts {options.first} to {options.first + options.starts - 1}", flush=True)
        for number in range(options.first, options.first + options.starts):
            start, folder = Start(number, options.seed, template, commands, schema), pathlib.Path(place) / "1/2/3/world"
            start.make(folder)
            fault = start.run(program, folder)
            shutil.rmtree(folder)
            codes[start.code] = codes.get(start.code, 0) + 1
            if number % 1000 == 999: print(f"{number + 1}: {dict(sorted(codes.items()))}", flush=True)
            if fault:
                faults += 1
                kept = keep / f"{options.seed}-{number}"
                shutil.rmtree(kept, ignore_errors=True)
                start.make(kept)
                for name, content in (("output", start.out), ("errors", start.err)): (kept / name).write_bytes(content)
                (kept / "command").write_text(f"{fault}\n{shlex.join(['safnet', *start.words])}\n")
                print(f"{number}: {fault}: {shlex.join(start.words)[:300]}\n  {kept}", flush=True)
    print(f"{options.starts} starts, exit codes {dict(sorted(codes.items()))}, {faults} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__": main()
