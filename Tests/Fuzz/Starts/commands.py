"""Command lines: sound ones, and what may be wrong with them."""

import re
import subprocess

from damage import TEXTS

# What a command only reads, the index and the folder of reports apart.
READING = {"validate", "plan", "status", "runs list", "runs show", "runs compare", "dataset check", "evaluate", "schema", "report"}
# What may take long and has to obey when it is asked to stop.
LONG = {"run", "worker", "verify", "benchmark", "dataset phantom", "plan", "status"}
# How often each is drawn.
WEIGHTS = {"validate": 14, "plan": 8, "run": 6, "run --dry-run": 10, "status": 8, "runs list": 4, "runs show": 6, "runs compare": 4,
           "runs remove": 4, "index": 5, "report": 7, "dataset check": 14, "dataset import": 5, "dataset phantom": 1,
           "predict": 8, "evaluate": 8, "new": 6, "verify": 1, "benchmark": 2, "schema": 1, "worker": 4}
NUMBERS = ["0", "1", "2", "-1", "1.5", "1e9", "4096", "9223372036854775807", "9223372036854775808", "nan", "0x10", "", " 1", "١", "1,2",
           "1-2", "1,,2", "8,16,16", "99"]
# Nothing outside the world may be written: all are relative and lead at most a little above it, or cannot be made.
WORDS = [t for t in TEXTS if "/" not in t]
FILES = ["tiny.json", "other.json", "model.json", "nowhere.json", "nn", "ms", "study.csv", "splits.json", "nn/dataset.json", ".", "..", "",
         "nn/imagesTr/c1_0000.nii.gz", "nn/labelsTr/c2.nii.gz", "labels.nii.gz", "Workspace", "Workspace/runs", "new/deep/folder",
         "/proc/nowhere/x", "new.csv", "new.nii.gz", "new.nii", "new.png", "x" * 300, "x" * 5000]
READ_ONLY_FILES = ["/dev/null", "/dev/zero", "/proc/self/mem", "/etc/hostname"]


class Commands:
    def __init__(self, program, runs):
        self.program, self.runs, self.help = program, runs, {}

    def options(self, command):
        """The options that a command's help lists: name, number of values, and the words that its text names."""
        if command not in self.help:
            page = subprocess.run([self.program, *command.split(), "--help"], capture_output=True, text=True).stdout
            page = page[page.find("OPTIONS:"):]
            found = re.findall(r"^  (?:-\w, )?(--[\w-]+)((?: <[^>]+>)*)(.*(?:\n {8,}.*)*)", page, re.M)
            self.help[command] = [(name, len(re.findall("<", values)), re.findall(r"[a-z][\w.]+", words))
                                  for name, values, words in found if name not in ("--help", "--version")]
        return self.help[command]

    def name_of_run(self, rng):
        run = rng.choice(self.runs)
        return rng.choice([run, run, run[:10], run[:3], "A", "B", "A, fold 1", "..", "../../nn", "", "Workspace/runs/" + run,
                           rng.choice(WORDS)])

    def sound(self, command, rng):
        """A command line without a mistake of its own."""
        run = lambda: rng.choice(self.runs)
        case = lambda: f"c{rng.randint(1, 6)}"
        experiment = rng.choice(["tiny.json"] * 4 + ["other.json"])
        words = command.split()
        match command:
            case "validate" | "status" | "report": return words + [experiment]
            case "run" | "run --dry-run":
                return words + [experiment, "--threads", "1"] + (["--jobs", "1"] if rng.random() < 0.7 else [])
            case "plan": return words + [experiment] + (["--no-measure"] if rng.random() < 0.9 else [])
            case "runs show" | "worker": return words + [("Workspace/runs/" if command == "worker" else "") + run()]
            case "runs compare": return words + [run(), run()]
            case "runs remove": return words + [run(), "--yes"]
            case "dataset check": return words + [rng.choice(["tiny.json", "nn", "nn", "ms", "study.csv", "other.json"])]
            case "dataset import":
                return words + ["new.csv", "--images", rng.choice(["ms/MR/*.nii.gz", "nn/imagesTr/*_0000.nii.gz"]), "--masks",
                                rng.choice(["nn/labelsTr/*.nii.gz", "ms/Mask/mask_*.nii.gz"])]
            case "dataset phantom": return words + ["new", "--cases", "1"]
            case "new": return words + [rng.choice(["nn", "ms", "study.csv"]), "-o", "new.json", "--no-measure"]
            case "predict":
                return words + [run(), f"nn/imagesTr/{case()}_0000.nii.gz", "-o", "new.nii.gz", "--threads", "1"] + (
                    ["--levels", "consecutive"] if rng.random() < 0.3 else [])
            case "evaluate": return words + [rng.choice(["labels.nii.gz", f"nn/labelsTr/{case()}.nii.gz"]), f"nn/labelsTr/{case()}.nii.gz"]
            case "benchmark": return words + ["model.json", "--size", "4,16,16", "--repetitions", "1", "--threads", "1"]
            case "verify": return words + ["--experiment", rng.choice(["nowhere.json", "tiny.json"]), "--kills", "0"]
            case _: return words

    def value(self, option, known, schema, rng):
        if option in ("--set",): return self.setting(schema, rng)
        pool = rng.choice([NUMBERS, known or NUMBERS, FILES, WORDS, [self.name_of_run(rng)]])
        return rng.choice(pool)

    def setting(self, schema, rng):
        """`key.path=value`, mostly of a key that is there."""
        path = []
        while "properties" in schema or "anyOf" in schema:
            options = [schema] if "properties" in schema else [s for s in schema["anyOf"] if "properties" in s]
            if not options: break
            key = rng.choice(list(options[0]["properties"]))
            schema = options[0]["properties"][key]
            path.append(key)
        if rng.random() < 0.2: path.append(rng.choice(["0", "A", "x", "-1", ""]))
        value = rng.choice(NUMBERS + TEXTS + ["true", "null", "[]", "{}", "[1,2,3]", '{"a": 1}', "[", '"', "[" * 3000])
        return ".".join(path) + rng.choice(["=", "=", "=", "=", "==", "", " = "]) + value

    def odd(self, command, words, schema, rng):
        """A command line with options drawn from the help, and a word that is missing, twice or odd now and then."""
        words = list(words)
        for _ in range(rng.choice([0, 1, 1, 2, 3])):
            options = self.options(command.replace(" --dry-run", ""))
            if not options: break
            name, values, known = rng.choice(options)
            if name in ("--kills", "--keep", "--watch") and rng.random() < 0.9: continue
            words += [name] + [self.value(name, known, schema, rng) for _ in range(values)]
        how = rng.randrange(14)
        place = rng.randrange(1, len(words)) if len(words) > 1 else 0
        if how == 0: del words[place]
        elif how == 1: words.insert(place, words[place])
        elif how == 2: words[place] = rng.choice(FILES + READ_ONLY_FILES if words[place - 1] not in ("-o", "import", "phantom") else FILES)
        elif how == 3: words.insert(place, rng.choice(["--unknown", "--", "-", "-x", "--workspace=", "--set", "--help", "--json=1", "-ojh"]))
        elif how == 4: words[place] = rng.choice(WORDS)
        elif how == 5: words[place] = self.name_of_run(rng)
        elif how == 6: words[0] = rng.choice(["rnu", "train", "", "-", "help", "RUN", "run ", "--version"])
        # No argument of a process holds a NUL or half a character.
        return [w.replace("\0", "").encode("utf-8", "replace").decode() for w in words]
