#!/usr/bin/env python3
"""report.html in a real browser, opened from disk. Python 3 and Chromium; without Chromium it says so and passes.

    python3 Tests/Browser/report.py [SAFNET] [--pictures FOLDER] [--page REPORT.HTML]

It trains the small experiment of dashboard.py, writes its report, and checks in every view, at 390, 1280 and 2560 pixels, light
and dark: something is shown, nothing is logged, nothing is asked for beside the file, nothing is wider than the page. Then: the
tables and curves are those of `safnet report` and `safnet runs show` digit for digit, what can be downloaded are the report's files, hostile names
stay names, and without scripts all tables and notes can be read. With --page, the views of that file alone.
"""
import argparse
import base64
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import chromium
import dashboard
from dashboard import check_views, expect, failures, go

VIEWS = {
    "tables": ("#tables", "document.querySelectorAll('main table').length > 5"),
    "sweep": ("#sweep", "document.querySelectorAll('.matrix a.cell').length > 3"),
    "compare": ("#compare?metrics=dice,loss&lines=1", "document.querySelectorAll('.plot').length === 2"),
    "cases": ("#cases", "document.querySelectorAll('.strip .point').length > 5"),
    "run": ("#run?name=RUN", "document.querySelectorAll('.plot').length === 4"),
}


def views(page):
    """With the run that is to be looked at."""
    go(page, *VIEWS["sweep"])
    run = page.run("new URLSearchParams(document.querySelector('.matrix a.cell').hash.split('?')[1]).get('name')")
    return {name: (place.replace("RUN", run), condition) for name, (place, condition) in VIEWS.items()}


def check_tables(page, record, folder):
    go(page, *VIEWS["tables"])
    for table in record["tables"]:
        name = table["identifier"]
        shown = page.run(f"[...document.querySelectorAll('#{name} tbody td')].map(one => [one.textContent, one.title])")
        expect([text for text, _ in shown] == [cell["text"] for cell in table["cells"]], f"the table {name} is another")
        for (_, title), cell in zip(shown, table["cells"]):
            if "value" in cell:
                expect(float(title.split(" ± ")[0].split(";")[0]) == cell["value"], f"{name}: {title}")
            if "deviation" in cell:
                expect(float(title.split(" ± ")[1].split(";")[0]) == cell["deviation"], f"{name}: {title}")
        for note in table["notes"]:
            expect(page.run(f"document.getElementById('{name}').textContent.includes({json.dumps(note)})"), f"{name}: {note}")
        files = dict(page.run(f"[...document.querySelectorAll('#{name} .downloads a')].map(one => [one.download, one.href])"))
        expect(sorted(files) == [f"{name}.csv", f"{name}.md", f"{name}.tex"], f"{name}: {sorted(files)}")
        for ending in ["csv", "tex"]:
            content = base64.b64decode(files.get(f"{name}.{ending}", ",").split(",", 1)[1])
            expect(content == (folder / f"{name}.{ending}").read_bytes(), f"{name}.{ending} is another file")
    for figure in folder.glob("*.svg"):
        expect(page.run(f"document.querySelectorAll('figure#{figure.stem} svg').length === 1"), f"{figure.stem} is not drawn")
    for words in [record["provenance"]["dataset"], record["provenance"]["specification"], str(record["options"]["seed"])]:
        expect(page.run(f"document.getElementById('provenance').textContent.includes({json.dumps(words)})"), f"no {words}")
    expect(page.run("document.querySelectorAll('#runs details pre').length") == len(record["runs"]), "a plan is missing")


def check_sorting(page):
    go(page, *VIEWS["tables"])
    column = "[...document.querySelectorAll('#folds tbody tr')].map(row => row.cells[1].title.split(' ± ')[0].split(';')[0]).filter(Boolean).map(Number)"
    for order in [False, True]:
        page.run("document.querySelectorAll('#folds thead button')[1].click()")
        values = page.run(column)
        expect(values == sorted(values, reverse=not order) and len(values) > 1, f"a click does not sort: {values}")


def check_runs(page, record, safnet, folder):
    for one in record["runs"]:
        name = one["directory"]
        told = json.loads(subprocess.run([safnet, "runs", "show", name, "--json"], cwd=folder, check=True, text=True,
                                         stdout=subprocess.PIPE).stdout)
        go(page, f"#run?name={name}", f"document.querySelector('main code')?.textContent === '{name}'")
        rows = page.run("[...document.querySelector('[data-key=run-epochs] table').tBodies[0].rows].map(row =>"
                        " [...row.cells].map(cell => cell.title || cell.textContent))")
        expect(len(rows) == len(told["epochs"]), f"{name}: {len(rows)} epochs")
        for row, epoch in zip(rows, told["epochs"]):
            keys = ["epoch", "trainingLoss", "learningRate", "monitor", "meanDice"]
            expect([float(value) for value in row[:5]] == [epoch[key] for key in keys], f"{name}: {row}")
        expect(page.run(f"document.querySelector('main').textContent.includes('{one['identity']}')"), f"{name}: no identity")
        expect(page.run("document.querySelector('[data-key=run-plan] pre').textContent.includes('\\n  \"training\": {')"),
               f"{name}: no plan")


def check_cases(page, record, folder):
    go(page, "#cases?case=Case1&measure=dice", "document.querySelectorAll('.detail tbody tr').length > 1")
    lines = (folder / "cases.csv").read_text().splitlines()
    head = lines[0].split(",")
    values = {float(row[head.index("value")]) for row in (line.split(",") for line in lines[1:])
              if "Case1" in row and "dice" in row and row[head.index("value")]}
    shown = page.run("[...document.querySelectorAll('.detail tbody tr')].slice(0, -1).flatMap(row =>"
                     " [...row.cells].slice(1).map(cell => cell.title)).filter(Boolean).map(Number)")
    expect(len(shown) > 5 and set(shown) <= values, f"Case1: {set(shown) - values}")
    expect(page.run("document.querySelectorAll('main figure#overlays svg').length") == 1, "the cases have no overlays")


def check_names(page):
    go(page, *VIEWS["sweep"])
    expect(page.run("document.querySelectorAll('main script, main b b').length") == 0, "a name has become markup")
    expect(page.run("document.querySelector('.matrix').textContent.includes('<script>alert(1)</script>')"),
           "a hostile name is not shown as it is")
    expect(page.run("document.querySelector('.matrix').textContent.includes('\u05d0\u05d1\u05d2')"),
           "letters read from right to left are not shown")
    expect(page.run("document.getElementById('title').textContent") == dashboard.EXPERIMENT["title"], "the title is another")


def check_address(page):
    go(page, "#compare?group=run&metrics=loss&log=1&smooth=0.5&x=time", "document.querySelectorAll('.plot').length === 1")
    expect(page.run("document.querySelectorAll('.legend button').length") == 4, "a line for each run is asked for")
    page.run("document.querySelector('.legend button').click()")
    page.wait("location.hash.includes('hide=')")
    page.call("Page.reload")
    page.wait("document.querySelectorAll('.legend button[aria-pressed=false]').length === 1")
    go(page, "#compare?filter=fold%3D1", "document.querySelector('.tools [role=status]')?.textContent === '2 of 4 runs'")
    expect(page.run("[...document.querySelectorAll('[aria-labelledby=differences-title] tbody th')]"
                    ".some(one => one.textContent === 'model.aspp')"), "compare does not tell where the plans differ")
    go(page, "#surfaces", "document.querySelector('main.tables #surfaces')?.getBoundingClientRect().top < 200")


def check_print(page):
    go(page, *VIEWS["tables"])
    page.call("Emulation.setEmulatedMedia", media="print")
    page.size(700)
    page.call("Emulation.setEmulatedMedia", media="print")
    hidden = "[...document.querySelectorAll('#views, .downloads, .contents')].every(one => !one.getClientRects().length)"
    expect(page.run(hidden), "what nobody can click is printed")
    expect(len(base64.b64decode(page.call("Page.printToPDF")["data"])) > 20_000, "nothing is printed")
    page.call("Emulation.setEmulatedMedia", media="")
    page.size(1280)


def check_without_script(page, record, url):
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.call("Page.navigate", url=url)
    time.sleep(1.5)
    root = page.call("DOM.getDocument", depth=0)["root"]["nodeId"]
    html = page.call("DOM.getOuterHTML", nodeId=root)["outerHTML"]
    page.call("Emulation.setScriptExecutionDisabled", value=False)
    for table in record["tables"]:
        expect(html.count(f'<section id="{table["identifier"]}">') == 1, f"without scripts there is no {table['identifier']}")
    expect(html.count("<td") >= sum(len(table["cells"]) for table in record["tables"]), "without scripts cells are missing")
    expect("Provenance" in html and html.count("<details>") == len(record["runs"]) + 2, "without scripts plans are missing")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("safnet", nargs="?", default=".build/release/safnet")
    parser.add_argument("--pictures", type=pathlib.Path)
    parser.add_argument("--page", type=pathlib.Path)
    arguments = parser.parse_args()
    if not chromium.program():
        print("skipped: there is no Chromium here (apt-get install chromium)")
        return
    if arguments.pictures:
        arguments.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        look(str(pathlib.Path(arguments.safnet).resolve()), pathlib.Path(name), arguments)
    print(f"{len(failures)} failures" if failures else "all as it should be")
    sys.exit(1 if failures else 0)


def look(safnet, folder, arguments):
    report = arguments.page.resolve().parent if arguments.page else folder / "Reports/small"
    if not arguments.page:
        dashboard.prepare(safnet, folder)
        subprocess.run([safnet, "report", "small.json"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    file = arguments.page or report / "report.html"
    print(f"{file.stat().st_size} bytes", flush=True)
    url = file.resolve().as_uri()
    page = chromium.Page()
    try:
        page.size(1280)
        page.call("Page.navigate", url=url)
        page.wait("document.querySelectorAll('main.tables nav.contents button').length > 3")
        check_views(page, views(page), arguments.pictures, "report-")
        page.size(1280)
        if not arguments.page:
            record = json.loads((report / "report.json").read_text())
            check_tables(page, record, report)
            check_sorting(page)
            check_runs(page, record, safnet, folder)
            check_cases(page, record, report)
            check_names(page)
            check_address(page)
            check_print(page)
            check_without_script(page, record, url)
        expect(not page.messages, f"logged: {page.messages[:5]}")
        strangers = [one for one in page.requests if one.split("#")[0] != url and not one.startswith("data:")]
        expect(not strangers, f"asked for: {strangers[:5]}")
    finally:
        page.close()


if __name__ == "__main__":
    main()
