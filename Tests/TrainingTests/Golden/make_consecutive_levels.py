"""Namings of made-up spines, by scipy.ndimage and by trying every naming there is: consecutive_levels.json.

A case is painted from boxes of one probability for each class (64ths, so that both sides sum the same numbers); what is
expected is its label map in runs of [label, length].

    python3 make_consecutive_levels.py > consecutive_levels.json
"""

import itertools
import json

import numpy as np
from scipy import ndimage

LEVELS = ["L1", "L2", "L3", "L4", "L5", "L6", "S"]
RARE = {5}


def lower_median(values):
    values = sorted(values)
    return values[(len(values) - 1) // 2] if values else None


def middle(counts):
    """The count of the name that the middle voxel bears."""
    counts = sorted(counts)
    return next((n for i, n in enumerate(counts) if 2 * sum(counts[: i + 1]) >= sum(counts)), 0) if sum(counts) else 0


def paint(case):
    extent, classes = case["extent"], case["classes"]
    p = np.zeros([classes + 1] + extent)
    p[0] = 1
    for box in case["boxes"]:
        d, h, w = (slice(*box["at"][2 * i : 2 * i + 2]) for i in range(3))
        p[:, d, h, w] = np.array(box["p"], float)[:, None, None, None] / 64
    return p


def allowed(pieces, naming, pitch):
    named = [i for i, run in enumerate(naming) if run and run != "passed"]
    if not named:
        return False
    inside = naming[named[0] : named[-1] + 1]
    if None in inside or inside.count("passed") != naming.count("passed"):
        return False
    for i, above in zip(named[1:], named):
        (first, count), (last, before) = naming[i][:2], naming[above][:2]
        distance = pieces[i]["centre"] - pieces[above]["centre"]
        between = [level for level in range(last + before, first) if level not in RARE]
        if first == last + before - 1:
            if pitch is None or distance > pitch / 2:
                return False
        elif first < last + before:
            return False
        elif between:
            if not pitch or len(between) > np.floor(distance / pitch - (before + count) / 2 + 0.5):
                return False
    return True


def naming(case, likelier=np.max):
    p = paint(case)
    labels = p.argmax(0)
    chain = [k for k in range(1, case["classes"] + 1)]
    rows = np.arange(labels.shape[1])[None, :, None] * np.ones(labels.shape)
    components, number = ndimage.label(labels > 0, structure=np.ones((3, 3, 3)))
    parts = [components == i for i in range(1, number + 1)]
    counts, means = [], []
    for k in chain:
        largest = max(parts, key=lambda mask: (mask & (labels == k)).sum())
        where = largest & (labels == k)
        counts.append(int(where.sum()))
        means.append(rows[where].mean() if where.any() else None)
    usual = [middle(counts[max(0, i - 2) : i + 3]) for i in range(len(chain))]
    there = [n > 0 and n >= 0.25 * u for n, u in zip(counts, usual)]
    found = []
    for i, mask in enumerate(parts):
        names = [int((labels[mask] == k).sum()) for k in chain]
        most = int(np.argmax(names))
        if mask.sum() >= max(0.25 * usual[most], 0.1 * middle(counts)):
            found.append((rows[mask].mean(), i, mask, names, bool(mask.sum() < 0.5 * usual[most])))
    found.sort(key=lambda one: one[:2])
    apart = [
        lower_median([abs(means[i] - means[i - 1]) for i in range(1, len(chain)) if there[i] and there[i - 1]]),
        lower_median([b[0] - a[0] for a, b in zip(found, found[1:])]),
    ]
    pitch = max((one for one in apart if one is not None), default=None)
    if len(found) + 1 < sum(there) and apart[0] is not None:
        pitch = apart[0]
    pieces = []
    for centre, _, mask, names, fragment in found:
        edge = np.concatenate([labels[:, 0][mask[:, 0]], labels[:, -1][mask[:, -1]]])
        counted = sorted(
            (rows[mask & (labels == k)].mean(), k)
            for k, n, u in zip(chain, names, usual)
            if n and (k in edge or n >= 0.25 * u)
        )
        heads = []
        for row, k in counted:
            far = not heads or k in edge or heads[-1][1] in edge
            if far or (pitch is not None and row - heads[-1][0] >= pitch / 2):
                heads.append((row, k))
        values = p[1:, mask]
        order = [k - 1 for _, k in counted]
        options = []
        if len(heads) > 1:
            own = np.take_along_axis(p[:, mask], labels[mask][None], 0)
            options.append(((min(order), max(order) - min(order) + 1, True), own.sum()))
        options += [
            ((first, count, False), likelier(values[first : first + count], axis=0).sum())
            for count in range(1, max(1, len(heads)) + 1)
            for first in range(len(chain) - count + 1)
        ]
        if fragment:
            options.append(("passed", 0.0))
        outside = (p[0, mask] - 0.5).sum()
        pieces.append({"mask": mask, "centre": centre, "options": options, "outside": outside})
    best = (-np.inf, None)
    choices = [[(None, piece["outside"])] + piece["options"] for piece in pieces]
    if np.prod([len(one) for one in choices], dtype=float) > 3e5:
        return labels, None
    for choice in itertools.product(*choices):
        right = sum(value for _, value in choice)
        if right > best[0] + 1e-9 and allowed(pieces, [run for run, _ in choice], pitch):
            best = (right, [run for run, _ in choice])
    result = labels.copy()
    for piece, run in zip(pieces, best[1] or []):
        mask = piece["mask"]
        if run is None:
            result[mask] = 0
        elif run != "passed" and not run[2]:
            result[mask] = 1 + run[0] + p[1 + run[0] : 1 + run[0] + run[1], mask].argmax(0)
    return labels, result


def vector(random, classes, name, sure):
    """Probabilities in 64ths, all different, the named class first."""
    while True:
        rest = random.dirichlet(np.ones(classes)) * (1 - sure)
        p = np.insert(rest, name, sure) * 64
        p = np.floor(p * 32) / 32
        if p.argmax() == name:
            return [float(x) for x in p]


def made_up(random):
    classes = int(random.choice([5, 7]))
    depth, width = int(random.integers(1, 4)), int(random.integers(3, 6))
    boxes, row = [], int(random.integers(0, 3))
    first = int(random.integers(-1, 2))
    for level in range(first, classes + int(random.integers(0, 2))):
        height = int(random.integers(4, 8))
        if random.random() < 0.12 or (classes == 7 and level == 5 and random.random() < 0.7):
            row += 0 if classes == 7 and level == 5 else height + 2  # missed, or not there at all
            continue
        if row + height > 64 or len({tuple(b["at"][2:4]) for b in boxes}) > 10:
            break
        name = int(np.clip(level + 1 + random.choice([-1, 0, 0, 0, 0, 1]), 1, classes))
        other = int(np.clip(name + random.choice([-1, 1]), 1, classes))
        cut = row + (int(random.integers(1, height)) if random.random() < 0.4 else height)
        for a, b, n in [(row, cut, name), (cut, row + height, other)]:
            if b > a:
                p = vector(random, classes, n, random.uniform(0.35, 0.9))
                boxes.append({"at": [0, depth, a, b, 0, width], "p": p})
        row += height + int(random.choice([0, 1, 1, 2, 2]))
    if random.random() < 0.6:  # a speck or a fragment beside
        start, rows = int(random.integers(1, 30)), int(random.integers(1, 5))
        at = [0, int(random.integers(1, depth + 1)), start, start + rows, width + 1, width + 2 + int(random.integers(0, 2))]
        boxes.append({"at": at, "p": vector(random, classes, int(random.integers(1, classes + 1)), 0.8)})
    used = max((b["at"][3] for b in boxes), default=1)
    extent = [depth, used + int(random.integers(0, 3)), width + 3]
    return {"extent": extent, "classes": classes, "boxes": boxes}


def runs(labels):
    return [[int(k), len(list(group))] for k, group in itertools.groupby(labels.ravel())]


def main():
    random = np.random.default_rng(20261201)
    cases = []
    while len(cases) < 40:
        case = made_up(random)
        drawn = paint(case).argmax(0)
        if len(case["boxes"]) < 2 or len(np.unique(drawn)) < 3:
            continue
        labels, result = naming(case)
        if result is None:
            continue  # too many namings to try
        if (labels == result).all() and random.random() < 0.7:
            continue
        # The last ones would be named otherwise if a piece of several levels counted all of them in each voxel.
        if len(cases) >= 35 and (naming(case, np.sum)[1] == result).all():
            continue
        cases.append(case | {"drawn": runs(labels), "named": runs(result)})
    print(json.dumps({"structures": LEVELS, "cases": cases}, separators=(",", ":")))


main()
