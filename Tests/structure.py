#!/usr/bin/env python3
"""Enforces the map of the targets and prints measures of the code; `make check` runs it. Python 3, nothing else.

    python3 Tests/structure.py                checks this tree; exit code 1 and one line for each breach
    python3 Tests/structure.py --self-test    plants each kind of breach in a copy and sees it reported

Enforced:
- a target stands below all it depends on in Package.swift, and its files import exactly what it declares;
- only the CPU target and its tests import CKernels (once Sources/CPU exists);
- no C file includes upward: simd < gemm < conv, elementwise < targets, the tables for
  each instruction set; only targets include reference, the definitions;
- the maps in README.md and ARCHITECTURE.md name the targets of Package.swift, each below what it depends on; where a
  line of a map lists dependencies, `Name (A, B)`, they are those of Package.swift;
- every path in Sources, Tests or Experiments that a page names exists;
- docs/preconditions.md lists every Swift file that can trap, with what guards it;
- docs/keys.md lists the keys of the schema.

Printed beside figures of other projects, and not enforced, because a number is no measure of clarity: sizes of files
and functions, documented declarations, small C files, repeated blocks.
"""
import pathlib
import re
import shutil
import sys
import tempfile

import keys

C_LAYERS = {"include": 0, "simd": 1, "reference": 1, "gemm": 2, "conv": 3, "elementwise": 3, "targets": 4}
NOT_IN_MAPS = {"TestSupport", "CHDF5", "CNIfTI", "CZlib"}
COMMENTS_AND_STRINGS = re.compile(r'"""[\s\S]*?"""|#"[^\n]*?"#|"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*[\s\S]*?\*/')
SWIFT_FUNCTION = re.compile(r"^[ \t]*(?:@\S+ +)*(?:[\w()]+ +)*?(?:func\s+\S|init[?(<]|subscript\b|deinit\b)", re.M)
C_FUNCTION = re.compile(r"^[\w#][^;{}=]*\)[\w\s()]*\{", re.M)
DECLARATION = re.compile(r"^ *(?:@\S+ +)*(?:package|public) +(?!import\b|init\(from\b)(?:\w+ +)*?"
                         r"(?:func|var|let|struct|enum|class|actor|protocol|init|subscript|typealias|extension)\b")


# ---- the map

def targets(root):
    """Name -> (kind, dependencies), in the order of Package.swift."""
    text = (root / "Package.swift").read_text()
    products = dict(re.findall(r'let (\w+) = Target\.Dependency\.product\(name: "(\w+)"', text))
    found = {}
    for match in re.finditer(r"^    \.(target|executableTarget|testTarget|systemLibrary)\(", text, re.M):
        body = text[match.end():closing(text, match.end() - 1, "()")]
        listed = re.search(r"dependencies: \[((?:[^][]|\[[^]]*\])*)\]", body)
        words = re.findall(r'\.product\(name: "(\w+)"[^)]*\)|"(\w+)"|(\w+)', listed[1] if listed else "")
        names = {product or name or products.get(variable) for product, name, variable in words} - {None}
        found[re.search(r'name: "(\w+)"', body)[1]] = (match[1], names)
    return found


def folder(root, name, kind):
    tests = kind == "testTarget" or name == "TestSupport"
    return root / ("Tests" if tests else "Sources") / name


def check_imports(root, known):
    above = set()
    external = set().union(*(needs for _, needs in known.values())) - set(known)
    for name, (kind, needs) in known.items():
        for late in sorted(needs & set(known) - above):
            yield f"Package.swift: {name} depends on {late}, which does not stand above it"
        above.add(name)
        seen = set()
        for file in sorted(folder(root, name, kind).rglob("*.swift")):
            for imported in re.findall(r"^(?:@\w+ +)?(?:\w+ +)?import (?:\w+ )?(\w+)", file.read_text(), re.M):
                seen.add(imported)
                if imported in (set(known) | external) - needs:
                    yield f"{file.relative_to(root)}: imports {imported}, which Package.swift does not give to {name}"
        if seen:
            for unused in sorted(needs - seen):
                yield f"Package.swift: {name} depends on {unused}, but no file imports it"
        if "CKernels" in needs and (root / "Sources/CPU").exists() and name not in ("CPU", "CPUTests"):
            yield f"Package.swift: {name} depends on CKernels; only CPU and CPUTests may"


def check_includes(root):
    kernels = root / "Sources/CKernels"
    for file in sorted(f for f in kernels.rglob("*.[ch]") if (kernels / "simd").exists()):
        place = file.relative_to(kernels).parts[0]
        if place not in C_LAYERS: yield f"{file.relative_to(root)}: the folder {place} has no place among the layers"
        for name in re.findall(r'^ *#include "([^"]+)"', file.read_text(), re.M):
            path = next((p for p in (file.parent / name, kernels / "include" / name) if p.exists()), kernels / name)
            other = path.resolve().relative_to(kernels.resolve()).parts[0]
            if other != place and C_LAYERS.get(other, 9) >= C_LAYERS.get(place, 0) or (
                    other == "reference" and place not in ("reference", "targets")):
                yield f"{file.relative_to(root)}: includes {name}, which is not below {place}"


def check_maps(root, known):
    expected = [n for n, (kind, _) in known.items() if kind != "testTarget" and n not in NOT_IN_MAPS]
    for page in (p for p in (root / "README.md", root / "ARCHITECTURE.md") if p.exists()):
        text = page.read_text()
        blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S) + re.findall(r"^\|-.*\n((?:\|.*\n)+)", text, re.M)
        lines = [re.findall(r"^[ |`-]*(\w+)(?: *\(([\w, ]*)\))?", block, re.M) for block in blocks]
        lines = max(lines, key=lambda l: sum(name in expected for name, _ in l), default=[])
        named, above = [name for name, _ in lines], set(NOT_IN_MAPS)
        for name in set(expected) ^ set(named):
            yield f"{page.name}: the map {'lacks' if name in expected else 'has, beside the targets,'} {name}"
        for name, listed in (line for line in lines if line[0] in known):
            needs = known[name][1] & set(known)
            for late in sorted(needs & set(named) - above):
                yield f"{page.name}: the map has {name} above {late}, which it depends on"
            if listed and set(re.findall(r"\w+", listed)) - {"none"} != needs - NOT_IN_MAPS:
                yield f"{page.name}: the map lists ({listed}) for {name}; Package.swift has {', '.join(sorted(needs))}"
            above.add(name)


def check_paths(root):
    for page in sorted({*root.glob("*.md"), *root.glob("docs/*.md")}):
        for path in re.findall(r"`((?:Sources|Tests|Experiments)/[\w./+-]+)`", page.read_text()):
            if not (root / path).exists(): yield f"{page.relative_to(root)}: there is no {path}"


TRAP = re.compile(r"\b(?:precondition|preconditionFailure|fatalError|assert|assertionFailure)\(|\btry!|\bas!|[\w)\]]!(?=[^=\w]|$)", re.M)


def check_traps(root):
    page = root / "docs/preconditions.md"
    if not page.exists(): return
    listed = set(re.findall(r"^\| `([^`]+)`", page.read_text(), re.M))
    trapping = {str(f.relative_to(root)) for f in (root / "Sources").rglob("*.swift")
                if TRAP.search(COMMENTS_AND_STRINGS.sub('""', f.read_text()))}
    for file in sorted(trapping - listed): yield f"docs/preconditions.md: lacks {file}, which can trap"
    for file in sorted(listed - trapping): yield f"docs/preconditions.md: has {file}, which cannot trap"


def check_keys(root):
    """docs/keys.md is what Tests/keys.py makes of the schema."""
    found = root / "docs/keys.md"
    if found.exists() and found.read_text() != keys.page(root):
        yield "docs/keys.md: the schema has other keys; python3 Tests/keys.py > docs/keys.md"


def breaches(root):
    known = targets(root)
    return [*check_imports(root, known), *check_includes(root), *check_maps(root, known), *check_paths(root),
            *check_traps(root), *check_keys(root)]


# ---- measures

def closing(text, start, pair):
    """The place of the bracket that closes the one at `start`, or the end."""
    depth = 0
    for match in re.compile(f"[{re.escape(pair)}]").finditer(text, start):
        depth += 1 if match[0] == pair[0] else -1
        if depth == 0: return match.start()
    return len(text)


def bare(text):
    """Without comments and strings, line by line the same."""
    return COMMENTS_AND_STRINGS.sub(lambda match: "\n" * match[0].count("\n"), text)


def function_lengths(text, is_swift):
    text = bare(text)
    for match in (SWIFT_FUNCTION if is_swift else C_FUNCTION).finditer(text):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        # A requirement of a protocol has no body: the next declaration comes before a brace.
        brace = text.find("{", match.end() - 1)
        after = SWIFT_FUNCTION.search(text, match.end()) if is_swift else None
        if brace < 0 or is_swift and "}" in text[match.end():brace] or after and after.start() < brace: continue
        yield text.count("\n", start, closing(text, brace, "{}")) + 1


def documented(lines):
    """Package declarations, and how many of them follow a documentation comment."""
    count = total = 0
    for index, line in enumerate(lines):
        if not DECLARATION.match(line): continue
        total += 1
        before = index - 1
        while before >= 0 and lines[before].lstrip().startswith("@"): before -= 1
        count += before >= 0 and lines[before].lstrip().startswith("///")
    return count, total


def repeated_blocks(files, length=6):
    """Blocks of at least `length` lines with content that stand in two places: (lines, place, place)."""
    def content(text):
        lines = ((n + 1, re.sub(r"\s+", " ", line).strip()) for n, line in enumerate(text.split("\n")))
        return [(n, l) for n, l in lines if len(l) > 3 and not re.match(r"//|import |#include|/?\*", l)]
    first, blocks = {}, []
    for path, text in files.items():
        lines, index = content(text), 0
        while index + length <= len(lines):
            key = tuple(line for _, line in lines[index:index + length])
            other = first.setdefault(key, (path, index))
            if other == (path, index) or other[0] == path and other[1] + length > index:
                index += 1
                continue
            theirs, size = content(files[other[0]]), length
            while (index + size < len(lines) and other[1] + size < len(theirs)
                   and lines[index + size][1] == theirs[other[1] + size][1]): size += 1
            blocks.append((size, f"{path}:{lines[index][0]}", f"{other[0]}:{theirs[other[1]][0]}"))
            index += size
    return sorted(blocks, reverse=True)


def share(values, part):
    return sorted(values)[min(len(values) - 1, int(part * len(values)))] if values else 0


def measure(root):
    files = {str(f.relative_to(root)): f.read_text() for f in sorted((root / "Sources").rglob("*.*"))
             if f.suffix in (".swift", ".c", ".h")}
    print(f"{'':26}{'files':>6}{'lines':>8}{'median':>8} | functions: median  p90  max | documented")
    for title, suffixes in (("Swift", ".swift"), ("C", ".c .h")):
        some = {p: t for p, t in files.items() if pathlib.Path(p).suffix in suffixes.split()}
        lines = [t.count("\n") for t in some.values()]
        lengths = [n for t in some.values() for n in function_lengths(t, title == "Swift")]
        docs = [documented(t.split("\n")) for t in some.values()]
        known, total = sum(d[0] for d in docs), sum(d[1] for d in docs)
        words = f"{100 * known / total:9.0f} % of {total}" if total else ""
        print(f"{title:26}{len(lines):6}{sum(lines):8}{share(lines, .5):8} |{share(lengths, .5):18}"
              f"{share(lengths, .9):5}{max(lengths, default=0):5} | {words}")
        if title == "C": print(f"C files of at most 25 lines: {sum(n <= 25 for n in lines)} of {len(lines)}")
    print("Elsewhere: files of 100 to 230 lines (median), functions of 3 to 9 (median) and 15 to 33 (p90) lines;\n"
          "GRDB documents 72 % of its public declarations; a tinygrad back end has 58 to 194 lines; burn has a layer in\n"
          "one file; a submitit executor has 400 to 1,000 lines.")
    blocks = repeated_blocks(files)
    print(f"Repeated blocks of 6 lines or more: {len(blocks)}, {sum(b[0] for b in blocks)} lines; the longest:")
    for size, place, other in blocks[:8]: print(f"{size:5} lines  {place}  as  {other}")


# ---- does it see what it must see?

def self_test(root):
    def write(copy, name, text):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text(text)

    def change(copy, name, old, new):
        text = (copy / name).read_text()
        assert re.search(old, text), f"self-test: {name} has no {old}"
        write(copy, name, re.sub(old, new, text, count=1))
    named_path = "CONTRIBUTING.md: there is no Sources/Planted.swift"
    metrics = r'(name: "Metrics", dependencies: \[)'
    plants = {
        "imports Training, which": lambda c: write(c, "Sources/Metrics/Planted.swift", "import Training\n"),
        "but no file imports it": lambda c: change(c, "Package.swift", metrics, r'\1"CNIfTI", '),
        "does not stand above it": lambda c: change(c, "Package.swift", metrics, r'\1"safnet", '),
        "only CPU and CPUTests may": lambda c: (
            (c / "Sources/CPU").mkdir(exist_ok=True), write(c, "Sources/Metrics/Planted.swift", "import CKernels\n"),
            change(c, "Package.swift", metrics, r'\1"CKernels", ')),
        "which is not below simd": lambda c: (
            write(c, "Sources/CKernels/simd/planted.h", '#include "../conv/planted.h"\n'),
            write(c, "Sources/CKernels/conv/planted.h", "")),
        "has no place among the layers": lambda c: (
            write(c, "Sources/CKernels/simd/planted.h", ""), write(c, "Sources/CKernels/odd/planted.h", "")),
        named_path: lambda c: write(c, "CONTRIBUTING.md", "`Sources/Planted.swift`"),
        "the map lacks Metrics": lambda c: change(c, "README.md", r"(?m)^ *Metrics .*\n", ""),
        "the map has Metrics above": lambda c: change(c, "README.md", r"(?m)^( *Compute .*\n)", r"Metrics\n\1"),
        "the map lists (Store) for Metrics": lambda c: change(
            c, "README.md", r"(?m)^( *Metrics) (\([^)]*\))?", r"\1 (Store) "),
        "lacks Sources/Metrics/Planted.swift, which can trap": lambda c: (
            write(c, "docs/preconditions.md", ""), write(c, "Sources/Metrics/Planted.swift", "let a = b[0]!\n")),
        "the schema has other keys": lambda c: (
            write(c, "docs/keys.md", "| `epochs` |\n"),
            write(c, "Experiments/safnet.schema.json", (root / "Experiments/safnet.schema.json").read_text())),
        "has Sources/Metrics/Gone.swift, which cannot trap": lambda c: write(
            c, "docs/preconditions.md", "| `Sources/Metrics/Gone.swift` | a | b |\n"),
    }
    for words, plant in plants.items():
        with tempfile.TemporaryDirectory() as place:
            copy = pathlib.Path(place) / "copy"
            for part in ("Sources", "Tests"):
                shutil.copytree(root / part, copy / part, ignore=lambda d, names: [
                    n for n in names if not (pathlib.Path(d) / n).is_dir() and not n.endswith((".swift", ".c", ".h"))])
            for page in ("Package.swift", "README.md"): shutil.copy(root / page, copy / page)
            plant(copy)
            if not any(words in line for line in breaches(copy)):
                sys.exit(f"self-test: a planted breach was not seen: {words}")
    lengths = list(function_lengths("func a() {\n  b { \"}\" }\n}\nprotocol P {\n  func c()\n}\ninit() { }\n", True))
    assert lengths == [3, 1], lengths
    assert documented(["/// Yes.", "@x", "package let a", "package var b"]) == (1, 2)
    assert [b[0] for b in repeated_blocks({"a": "\n".join(f"line {n}" for n in range(9)), "b": "\n".join(
        f"line {n}" for n in range(2, 9))})] == [7]
    print(f"self-test: {len(plants)} planted breaches were seen")


if __name__ == "__main__":
    tree = pathlib.Path(__file__).resolve().parent.parent
    if "--self-test" in sys.argv: sys.exit(self_test(tree))
    found = breaches(tree)
    for line in found: print("error: " + line)
    measure(tree)
    sys.exit(1 if found else 0)
