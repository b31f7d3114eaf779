"""docs/keys.md: every key of an experiment file with its values and default, from Experiments/safnet.schema.json.

Run: python3 Tests/keys.py > docs/keys.md. `make check` fails when the page is another.
"""

import json
import pathlib

ROOT = pathlib.Path(__file__).parents[1]
HEAD = """# The keys of an experiment

Made from the schema by `Tests/keys.py`; do not edit. A key that is left out has its default; what `extends` another file
has that file's value. In `variants[]`, `model` and `training` change the top level's for one row of the tables.

| key | values | default | what it is |
|---|---|---|---|
"""


def values(schema):
    """What a key may be, in words."""
    if "const" in schema: return f"`{schema['const']}`"
    if "enum" in schema: return ", ".join(f"`{v}`" for v in schema["enum"])
    either = schema.get("anyOf") or schema.get("oneOf")
    if either: return " or ".join(dict.fromkeys(values(v) for v in either))
    kind = schema.get("type", "")
    if kind == "array": return f"list of {values(schema['items'])}" if "items" in schema else "list"
    if kind not in ("integer", "number"): return {"boolean": "true, false", "string": "text", "null": "null"}.get(kind, kind)
    low = next((f"{word} {schema[k]:g}" for k, word in (("minimum", "from"), ("exclusiveMinimum", "above")) if k in schema), "")
    high = next((f"{word} {schema[k]:g}" for k, word in (("maximum", "to"), ("exclusiveMaximum", "below"))
                 if k in schema and schema[k] < 1e6), "")
    return " ".join(w for w in ({"integer": "whole number", "number": "number"}[kind], low, high) if w)


def rows(schema, path):
    for name, value in schema.get("properties", {}).items():
        if path == "" and name == "$schema" or "const" in value: continue
        key = path + name
        alternatives = [a for a in value.get("anyOf", []) if "properties" in a]
        is_record = "properties" in value
        default = f"`{json.dumps(value['default'])}`" if "default" in value else ""
        text = value.get("description", "").replace("|", "\\|")
        yield f"| `{key}` | {'' if is_record else values(value)} | {default} | {text} |"
        # The models of a variant are those of the top level.
        if key.startswith("variants[]."): continue
        if is_record: yield from rows(value, key + ".")
        for one in alternatives:
            kind = one["properties"].get("kind", {}).get("const")
            if kind: yield f"| `{key}`, kind `{kind}` | | | {one.get('description', '')} |"
            yield from rows(one, key + ".")
        if "items" in value and "properties" in value["items"]: yield from rows(value["items"], key + "[].")


def page(root=ROOT):
    schema = json.loads((root / "Experiments/safnet.schema.json").read_text())
    return HEAD + "\n".join(rows(schema, "")) + "\n"


if __name__ == "__main__":
    print(page(), end="")
