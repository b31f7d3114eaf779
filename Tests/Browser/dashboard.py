#!/usr/bin/env python3
"""The dashboard in a real browser. Python 3 and Chromium; without Chromium it says so and passes.

    python3 Tests/Browser/dashboard.py [SAFNET] [--pictures FOLDER]

It trains a small experiment with hostile names, shows it, and checks in every view, at 390, 1280 and 2560 pixels, light and
dark: something is shown, nothing is logged, nothing is asked of another host, nothing is wider than the page. Then: a change
of a journal is shown within two seconds, the tables are those of `safnet report`, chosen views stand in the address, the
keyboard reaches everything, and a killed server is said to be gone.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse

import changes
import choices
import chromium
from expectations import expect, failures

HOSTILE = "<script>alert(1)</script> \"'& \u05d0\u05d1\u05d2 \U0001F600"
EXPERIMENT = {
    "name": "small", "title": "Small <b>experiment</b>",
    "dataset": {"path": "phantom", "phantom": {"cases": 8, "seed": 5, "height": 96, "width": 96}},
    "preprocessing": {"size": [6, 32, 16]}, "augmentation": False, "folds": {"count": 2, "validation": 1},
    "model": {"kind": "safnet", "width": 16, "stem": [8, 16]}, "training": {"epochs": 3, "batch": 2},
    "variants": [{"name": "SAFNet"}, {"name": HOSTILE, "model": {"aspp": False, "attention": False, "multiscale": False}}],
}
WIDTHS = [390, 1280, 2560]


class Server:
    started = []

    def __init__(self, safnet, folder, *shown):
        self.process = subprocess.Popen([safnet, "dashboard", *(shown or ["small.json"]), "--port", "0"], cwd=folder, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.started.append(self.process)
        self.url = self.process.stdout.readline().strip()
        self.port = int(re.search(r":(\d+)/", self.url)[1])

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=20)


def prepare(safnet, folder):
    (folder / "small.json").write_text(json.dumps(EXPERIMENT))
    for command in (["run", "small.json", "--threads", "1"], ["report", "small.json", "--format", "json"]):
        subprocess.run([safnet, *command], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def views(run, case):
    return {
        "sweep": ("#sweep", "document.querySelectorAll('.matrix a.cell').length === 4"),
        "tables": ("#tables", "document.querySelectorAll('main table').length > 5"),
        "compare": ("#compare?metrics=dice,loss&lines=1", "document.querySelectorAll('.plot').length === 2"),
        "run": (f"#run?name={run}", "document.querySelectorAll('.plot').length === 4"),
        "cases": (f"#cases?case={case}", "document.querySelector('.overlay img')?.naturalWidth > 0"),
    }


def go(page, place, condition):
    page.run(f"location.hash = {json.dumps(place)}")
    page.wait(condition)


def check_views(page, views, pictures, beginning=""):
    """Each view at each width; the pictures' names begin as told."""
    for name, (place, condition) in views.items():
        for width in WIDTHS:
            for dark in [False, True] if width == 1280 else [False]:
                page.size(width, dark=dark)
                go(page, place, condition)
                time.sleep(0.5)  # charts are drawn anew for another width
                what = f"{name} at {width} pixels{', dark' if dark else ''}"
                wide = page.run("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
                expect(wide[0] <= wide[1], f"{what}: {wide[0]} wide")
                expect(page.run("document.getElementById('problem').hidden"), f"{what}: a problem is shown")
                expect(not page.run("[...document.querySelectorAll('a, button, input, select, [role=region]')]"
                                    ".some(one => !(one.textContent.trim() || one.labels?.length"
                                    " || one.getAttribute('aria-label')))"), f"{what}: something has no name")
                expect(not page.run("(() => { const ids = [...document.querySelectorAll('[id]')].map(one => one.id);"
                                    " return new Set(ids).size < ids.length; })()"), f"{what}: two parts have one name")
                if pictures:
                    page.picture(pictures / f"{beginning}{name}-{width}{'-dark' if dark else ''}.png")
        print(f"{name}: {', '.join(map(str, WIDTHS))} pixels", flush=True)


def check_names(page):
    page.run("location.hash = '#sweep'")
    page.wait("document.querySelectorAll('.matrix a.cell').length === 4")
    expect(page.run("document.querySelectorAll('main script, main b b').length") == 0, "a name has become markup")
    expect(page.run("document.querySelector('.matrix').textContent.includes('<script>alert(1)</script>')"),
           "a hostile name is not shown as it is")
    expect(page.run("document.querySelector('.matrix').textContent.includes('\u05d0\u05d1\u05d2')"),
           "letters read from right to left are not shown")
    expect(page.run("document.getElementById('title').textContent") == EXPERIMENT["title"], "the title is another")


def check_tables(page, folder):
    page.run("location.hash = '#tables'")
    page.wait("document.querySelectorAll('main table').length > 5")
    record = json.loads((folder / "Reports/small/report.json").read_text())
    for table in record["tables"]:
        shown = page.run(f"[...document.querySelectorAll('#{table['identifier']} tbody td')].map(one => one.textContent)")
        expect(shown == [cell["text"] for cell in table["cells"]], f"the table {table['identifier']} is another")
        titles = page.run(f"[...document.querySelectorAll('#{table['identifier']} tbody td')].map(one => one.title)")
        for title, cell in zip(titles, table["cells"]):
            if "value" in cell:
                expect(float(title.split(" ± ")[0].split(";")[0]) == cell["value"], f"{table['identifier']}: {title}")


def check_live(page, folder, run):
    page.run("location.hash = '#sweep'")
    page.wait("document.querySelectorAll('.matrix .cell.finished').length === 4")
    page.wait("document.getElementById('connection').className === 'live'")
    time.sleep(1.5)
    journal = folder / "Workspace/runs" / run / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    epoch = max(i for i, line in enumerate(lines) if b'"event":"epoch"' in line)
    journal.write_bytes(b"".join(lines[:epoch]))
    took = page.wait("document.querySelectorAll('.matrix .cell.stale').length === 1", 5)
    expect(took < 2, f"a shorter journal is shown after {took:.1f} s")
    with journal.open("ab") as file:
        file.write(lines[epoch])
    took = page.wait("document.querySelector('.matrix .cell.stale small')?.textContent === '3/3'", 5)
    expect(took < 2, f"an epoch is shown after {took:.1f} s")
    print(f"an epoch is shown after {took:.1f} s", flush=True)
    journal.write_bytes(b"".join(lines))
    page.wait("document.querySelectorAll('.matrix .cell.finished').length === 4", 5)


def check_address(page):
    page.run("location.hash = '#sweep?filter=safnet'")
    page.wait("document.getElementById('filter')?.value === 'safnet'")
    page.run("document.getElementById('filter').focus()")
    page.key("End", 35)
    for letter in " fold=2":
        page.call("Input.dispatchKeyEvent", type="char", text=letter)
    page.wait("document.getElementById('filter').value === 'safnet fold=2'")
    page.wait("document.querySelectorAll('[aria-labelledby=runs-title] tbody tr').length === 2")  # of both variants
    page.run("location.hash = '#compare?group=run&metrics=loss&log=1&smooth=0.5&x=time'")
    page.wait("document.querySelectorAll('.plot').length === 1")
    expect(page.run("document.querySelectorAll('.legend button').length") == 4, "a line for each run is asked for")
    page.run("document.querySelector('.legend button').click()")
    page.wait("location.hash.includes('hide=')")
    page.call("Page.reload")
    page.wait("document.querySelectorAll('.legend button[aria-pressed=false]').length === 1")


def check_notes(page, safnet, folder, run):
    note = "<img src=x onerror=alert(1)> \u202e\u001b[31m \"'&"
    subprocess.run([safnet, "runs", "note", run, note], cwd=folder, check=True)
    subprocess.run([safnet, "runs", "tag", run, "<i>paper</i>"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    page.run("location.hash = '#sweep?filter=tag%3D%3Ci%3Epaper%3C%2Fi%3E'")
    page.wait("document.querySelectorAll('[aria-labelledby=runs-title] tbody tr').length === 1")
    shown = page.run("document.querySelector('[aria-labelledby=runs-title] tbody').textContent")
    expect("<i>paper</i>" in shown and "<img src=x onerror=alert(1)>" in shown and "[U+202E]" in shown, f"noted: {shown}")
    page.run("location.hash = '#sweep?filter=aspp%3Dfalse'")
    page.wait("document.querySelectorAll('[aria-labelledby=runs-title] tbody tr').length === 2")  # a field of the plan
    page.run("location.hash = '#compare?group=field%3Amodel.aspp'")
    page.wait("[...document.querySelectorAll('.legend button')].some(one => one.textContent.includes('model.aspp = false'))")
    expect(page.run("document.querySelector('[aria-labelledby=notes-title]').textContent.includes('<i>paper</i>')"),
           "compare does not show the tag")
    page.run(f"location.hash = {json.dumps('#run?name=' + run)}")
    page.wait("document.querySelector('main').textContent.includes('<i>paper</i>')")
    expect(page.run("document.querySelectorAll('main img, main i').length") == 0, "a note has become markup")


def check_keyboard(page):
    page.run("location.hash = '#compare'")
    page.wait("document.querySelectorAll('.plot svg.chart').length === 2")
    page.run("document.activeElement.blur()")
    reached = set()
    for _ in range(60):
        page.key("Tab", 9)
        reached.add(page.run("document.activeElement.tagName.toLowerCase() + (document.activeElement.className.baseVal || '')"))
    for kind in ["a", "input", "select", "button", "svgchart"]:
        expect(kind in reached, f"the keyboard does not reach {kind}: {reached}")
    page.run("document.querySelector('.plot svg.chart').focus()")
    page.key("ArrowLeft", 37)
    expect(page.run("!document.querySelector('.told').hidden"), "an arrow key tells no value")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("safnet", nargs="?", default=".build/release/safnet")
    parser.add_argument("--pictures", type=pathlib.Path)
    arguments = parser.parse_args()
    if not chromium.program():
        print("skipped: there is no Chromium here (apt-get install chromium)")
        return
    if arguments.pictures:
        arguments.pictures.mkdir(parents=True, exist_ok=True)
    safnet = str(pathlib.Path(arguments.safnet).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        prepare(safnet, folder)
        server, page = Server(safnet, folder), chromium.Page()
        try:
            look(page, server, safnet, folder, arguments.pictures)
        finally:
            page.close()
            for process in Server.started:
                process.kill()
    print(f"{len(failures)} failures" if failures else "all as it should be")
    sys.exit(1 if failures else 0)


def look(page, server, safnet, folder, pictures):
    record = json.loads((folder / "Reports/small/report.json").read_text())
    run = next(one["directory"] for one in record["runs"] if one["variant"] == "SAFNet")
    page.size(1280)
    page.call("Page.navigate", url=server.url)
    page.wait("document.querySelectorAll('.matrix a.cell').length === 4")
    expect("token" not in page.run("location.href"), "the key stays in the address")
    check_views(page, views(run, "Case1"), pictures)
    check_names(page)
    check_tables(page, folder)
    check_live(page, folder, run)
    check_address(page)
    check_keyboard(page)
    choices.check_filters(page)
    choices.check_order(page)
    choices.check_looks(page)
    changes.check_attention(page, folder, run)
    changes.check_absent(page, folder, run)
    changes.check_vanished(page, folder, run)
    check_notes(page, safnet, folder, run)
    page.run("location.hash = '#compare'")
    page.wait("document.querySelectorAll('.plot').length > 0")
    expect(not page.messages, f"logged: {page.messages[:5]}")
    strangers = [url for url in page.requests
                 if urllib.parse.urlsplit(url).netloc not in ("", f"127.0.0.1:{server.port}")]
    expect(not strangers, f"asked of others: {strangers[:5]}")
    changes.check_silence(page, server)
    # From here on the browser itself logs that nobody answers.
    expect(server.stop() == 0, "the server does not end as it should")
    page.wait("document.getElementById('connection').className === 'lost'", 10)
    expect(page.run("document.querySelectorAll('.plot').length") > 0, "what was shown has gone with the server")
    start = lambda *shown: Server(safnet, folder, *shown)
    choices.check_second(page, start, safnet, folder, EXPERIMENT)
    choices.check_workspace(page, start)
    choices.check_many(page, start, folder, run)
    changes.check_worker(page, start, safnet, folder, EXPERIMENT)


if __name__ == "__main__":
    main()
