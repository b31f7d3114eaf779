#!/usr/bin/env python3
"""Measures the dashboard on a workspace of ten thousand runs, in a headless Chromium.

    SAFNET_MANY_RUNS=/tmp/many swift test --filter ScaleTests     makes the workspace
    python3 Tests/Browser/scale.py .build/release/safnet /tmp/many
"""

import json
import pathlib
import re
import subprocess
import sys
import time

import chromium

FILTERS = ["2030", "fold=3", "width=32", "learningrate<0.0005 width=48 fold=2", "safnet-f1", "finished", ""]
failures = []


def tell(what, value, limit, unit="s"):
    is_good = value < limit
    print(f"{what}: {value:.2f} {unit} (at most {limit} {unit}){'' if is_good else '  TOO MUCH'}", flush=True)
    if not is_good:
        failures.append(what)


def drawn_after(page, action):
    """Seconds until what an action changes has been drawn."""
    return page.run("new Promise(done => { const begin = performance.now(); " + action + "; requestAnimationFrame(() =>"
                    " requestAnimationFrame(() => done((performance.now() - begin) / 1000))) })")


def memory(process):
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", text)[1]) * 1024 / 1e6


def measure(page, process, url):
    # The first look at the workspace is over: how long that takes, `safnet index` tells.
    time.sleep(8)
    begin = time.monotonic()
    page.call("Page.navigate", url=url)
    page.wait("document.querySelectorAll('[aria-labelledby=runs-title] tbody tr').length > 0", 60)
    tell("first view", time.monotonic() - begin, 1)
    for text in FILTERS:
        seconds = drawn_after(page, "const field = document.getElementById('filter'); field.value = " + json.dumps(text)
                              + "; field.dispatchEvent(new Event('input'))")
        words = page.run("document.querySelector('[aria-labelledby=runs-title] [role=status]').textContent")
        tell(f"filter '{text}' ({words})", seconds, 0.2)
    tell("sorting", drawn_after(page, "document.querySelector('[data-key=runs-head-2]').click()"), 0.2)
    begin = time.monotonic()
    page.run("location.hash = '#compare?filter=seed%3D2023'")
    page.wait("document.querySelectorAll('.plot').length > 0", 60)
    print(f"curves of 500 runs: {time.monotonic() - begin:.2f} s")
    tell("server's memory", memory(process), 300, "MB")
    if page.messages:
        failures.append(f"logged: {page.messages[:3]}")


def main():
    safnet, folder = str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2]
    process = subprocess.Popen([safnet, "dashboard", *sys.argv[3:], "--port", "0"], cwd=folder, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    page = chromium.Page()
    try:
        page.size(1280)
        measure(page, process, process.stdout.readline().strip())
    finally:
        page.close()
        process.terminate()
        process.wait(20)
    print(f"failed: {failures}" if failures else "all as it should be")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
