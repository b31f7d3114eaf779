#!/usr/bin/env python3
"""Checks safnet.schema.json with an independent validator: python3 check-schema.py   (needs `jsonschema` of Tests/requirements.txt)

The schema is sound, every experiment beside it is valid, and experiments with one mistake are not.
`make test` does not need this: it tests that the schema is the one that `safnet schema` prints.
"""
import copy
import json
import pathlib
import sys

from jsonschema import Draft202012Validator

FOLDER = pathlib.Path(__file__).parent

# One mistake each, as (path in base.json, value); a path's last key may be new.
MISTAKES = [
    (["name"], "two words"),
    (["dataset", "layuot"], "auto"),
    (["dataset", "layout"], "nifti"),
    (["dataset", "labels"], "mrspine"),
    (["dataset", "labels"], {"L1": 0}),
    (["preprocessing", "size"], [18, 256]),
    (["preprocessing", "size"], [18, 256, "128"]),
    (["augmentation"], "none"),
    (["augmentation", "rotation", "probability"], 1.5),
    (["folds", "count"], 1),
    (["training", "epochs"], 0),
    (["training", "epochs"], 1.5),
    (["training", "learningRate"], 0),
    (["training", "beta1"], 1),
    (["training", "loss"], "focal"),
    (["training", "schedule", "factor"], 0),
    (["variants"], []),
    (["variants", 0, "name"], " "),
    (["variants", 0, "model", "kind"], "unet"),
    (["variants", 0, "model", "widht"], 64),
    (["variants", 0, "training"], {"epochs": "all"}),
    (["report"], {"paper": "table3"}),
]


def changed(document, path, value):
    document = copy.deepcopy(document)
    target = document
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return document


def main():
    schema = json.loads((FOLDER / "safnet.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    failures = []
    for file in sorted(FOLDER.glob("*.json")):
        if file.name == "safnet.schema.json":
            continue
        for error in validator.iter_errors(json.loads(file.read_text())):
            failures.append(f"{file.name}: {error.json_path}: {error.message}")
    base = json.loads((FOLDER / "base.json").read_text())
    for path, value in MISTAKES:
        if validator.is_valid(changed(base, path, value)):
            failures.append(f"accepted {path} = {value!r}")
    for key in ("name", "dataset", "variants"):
        if validator.is_valid({k: v for k, v in base.items() if k != key}):
            failures.append(f"accepted without {key}")
    print("\n".join(failures) or f"sound: {len(MISTAKES) + 3} mistakes refused, every experiment accepted")
    sys.exit(bool(failures))


main()
