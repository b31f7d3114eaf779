"""What may be wrong with files: experiments, images and the workspace. Every choice comes from the random numbers given."""

import copy
import gzip
import json
import os
import struct
import zlib

TEXTS = ["", " ", "A", "c1", "x" * 300, "é", "e\u0301", "\u0600<img src=x>", "椎体网络", "नमस्ते", "a\u0000b", "a\nb", "..", "/", "-",
         "=1+1", "\u202e", "\U0001F9B4", "[1]", "\\input", "%s%n", "2023", "nan", "\ud800"]
NUMBERS = [0, 1, 2, 3, 7, -1, 0.5, -0.0, 1e-320, 255, 256, 32768, 65536, 2**31, 2**53, 2**53 + 1, 2**63, 2**64, -2**63, 1e18,
           1e300, 10**400]
ODD = TEXTS + NUMBERS + [None, True, False, [], {}, [[]], [1, 2], {"a": 1}, float("nan"), float("inf")]


# --- JSON

def places(value, path=()):
    """The path of every value in a document."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in items: yield from places(part, path + (key,))


def at(document, path):
    for key in path: document = document[key]
    return document


def drawn(schema, rng, depth=0):
    """A value that a schema allows, mostly, and one beside its limits now and then."""
    if "anyOf" in schema: return drawn(rng.choice(schema["anyOf"]), rng, depth)
    if "const" in schema: return schema["const"]
    if "enum" in schema: return rng.choice(schema["enum"])
    kind = schema.get("type")
    if kind in ("integer", "number"):
        low, high = schema.get("minimum", schema.get("exclusiveMinimum", 0)), schema.get("maximum", 100)
        return rng.choice([low, low + 1, high, low - 1, high + 1, rng.randint(1, 8), rng.random(), rng.choice(NUMBERS)])
    if kind == "boolean": return rng.random() < 0.5
    if kind == "string": return rng.choice(TEXTS + ["A", "B", "nn", "study.csv"])
    if kind == "array":
        low = schema.get("minItems", 0)
        count = rng.randint(low, min(schema.get("maxItems", low + 3), low + 3)) if rng.random() < 0.9 else rng.randint(0, 9)
        return [drawn(schema.get("items", {}), rng, depth + 1) for _ in range(count)]
    if kind == "object" and depth < 5:
        value = {k: drawn(v, rng, depth + 1) for k, v in schema.get("properties", {}).items() if rng.random() < 0.4}
        if isinstance(schema.get("additionalProperties"), dict):
            value.update({rng.choice(TEXTS): drawn(schema["additionalProperties"], rng, depth + 1) for _ in range(3)})
        return value
    return rng.choice(ODD)


def legal_change(document, schema, rng):
    """One key at any depth becomes what the schema allows for it."""
    while True:
        options = [schema] if "properties" in schema else [s for s in schema.get("anyOf", []) if "properties" in s]
        if not options or not isinstance(document, dict): return
        schema = rng.choice(options)
        key = rng.choice(list(schema["properties"]))
        schema = schema["properties"][key]
        if rng.random() < 0.4 or not isinstance(document.get(key), dict):
            document[key] = drawn(schema, rng)
            return
        document = document[key]


def odd_change(document, rng):
    """Any value is taken away, replaced, doubled, wrapped or called otherwise."""
    path = rng.choice([p for p in places(document) if p] or [()])
    if not path: return
    parent, key = at(document, path[:-1]), path[-1]
    how = rng.randrange(6)
    if how == 0: del parent[key]
    elif how == 1: parent[key] = rng.choice(ODD)
    elif how == 2: parent[key] = [copy.deepcopy(parent[key])] * rng.choice([1, 2, 300])
    elif how == 3 and isinstance(parent, dict): parent[rng.choice([str(key) + "s", str(key)[:-1], *TEXTS])] = parent.pop(key)
    elif how == 4:
        other = rng.choice(list(places(document)))
        parent[key] = copy.deepcopy(at(document, other))
    else: parent[key] = {"a": parent[key]}


def text(document, rng):
    """A document as bytes, which may be no JSON any more."""
    words = json.dumps(document, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 1]))
    how = rng.randrange(40)
    if how == 0: words = words[:rng.randrange(len(words))]
    elif how == 1: words = "[" * 100_000
    elif how == 2: words = words.replace(":", ": " + '{"a":' * rng.choice([50, 3000]), 1)
    elif how == 3: words = "// made by me\n" + words
    elif how == 4: words = words.replace('"', "'")
    elif how == 5: words = words.replace("}", ",}", 1)
    elif how == 6: words = words.replace("{", '{"name": "a", "name": "b", ', 1)
    elif how == 7: words = "name: tiny\nvariants:\n - name: A\n"
    raw = words.encode("utf-8", "surrogatepass")
    if how == 8: raw = words.encode("utf-16", "surrogatepass")
    if how == 9: raw = b"\xef\xbb\xbf" + raw
    if how == 10: raw = flipped(raw, rng)
    return raw


def experiment(path, schema, rng):
    document = json.loads(path.read_bytes())
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        legal_change(document, schema, rng) if rng.random() < 0.6 else odd_change(document, rng)
    path.write_bytes(text(document, rng))


def any_json(path, rng):
    document = json.loads(path.read_bytes())
    for _ in range(rng.choice([1, 1, 2])): odd_change(document, rng)
    path.write_bytes(text(document, rng))


# --- any file

def flipped(raw, rng):
    raw = bytearray(raw)
    for _ in range(rng.choice([1, 1, 4, 30])):
        if raw: raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return bytes(raw)


def any_file(path, others, rng):
    """A file is removed, cut, emptied, flipped, lengthened, replaced by another or by what is no file."""
    how = rng.randrange(12)
    raw = path.read_bytes()
    if how == 0: return path.unlink()
    if how == 1: return path.write_bytes(raw[:rng.randrange(len(raw) + 1)])
    if how == 2: return path.write_bytes(b"")
    if how == 3: return path.write_bytes(raw + rng.randbytes(rng.choice([1, 100])))
    if how == 4: return path.write_bytes(rng.choice(others).read_bytes())
    if how <= 7: return path.write_bytes(flipped(raw, rng))
    if how == 8: return path.write_bytes(rng.randbytes(len(raw)))
    path.unlink()
    if how == 9: path.mkdir()
    elif how == 10: os.mkfifo(path)
    else: path.symlink_to(rng.choice(["nowhere", path.name, "/dev/zero", "/dev/full", ".", str(rng.choice(others))]))


# --- images

SHORTS = {"dim": range(40, 56, 2), "type": (70,), "bits": (72,), "forms": (252, 254)}
FLOATS = [*range(76, 108, 4), 108, 112, 116, *range(256, 328, 4)]
ODD_SHORTS = [0, 1, 2, 4, 8, 16, 64, 128, 512, 768, 1024, 1536, 2304, -1, 3, 5, 7, 8, 31, 33, 32767, -32768]
ODD_FLOATS = [0.0, 1.0, -1.0, 3.0, 1e-30, 1e30, 3.4e38, float("nan"), float("inf"), 352.5, -352.0, 1e9, 0.3]


def image(path, rng):
    """A NIfTI file with an odd header, odd voxels or a damaged gzip stream."""
    try:
        raw = bytearray(gzip.decompress(path.read_bytes()))
    except (OSError, EOFError, zlib.error): return
    if len(raw) < 353: return
    for _ in range(rng.choice([1, 1, 2, 5])):
        how = rng.randrange(8)
        if how <= 2: struct.pack_into("<h", raw, rng.choice(SHORTS[rng.choice(list(SHORTS))]), rng.choice(ODD_SHORTS))
        elif how <= 4: struct.pack_into("<f", raw, rng.choice(FLOATS), rng.choice(ODD_FLOATS))
        elif how == 5: raw = bytearray(flipped(raw[:352], rng)) + raw[352:]
        elif how == 6:
            for _ in range(rng.choice([1, 500])): raw[rng.randrange(352, len(raw))] = rng.randrange(256)
        else: raw = raw[:rng.choice([0, 100, 348, 352, rng.randrange(len(raw))])] or bytearray(1)
        if len(raw) < 353: break
    packed = gzip.compress(bytes(raw), 1)
    how = rng.randrange(12)
    if how == 0: packed = packed[:rng.randrange(len(packed))]
    elif how == 1: packed = flipped(packed, rng)
    elif how == 2: packed = bytes(raw)
    elif how == 3: packed = gzip.compress(packed, 1)
    path.write_bytes(packed)
