"""What the dashboard shows while something changes: a journal that grows, runs that have not begun or are gone, a workspace that
vanishes, a server that is stopped. Each check leaves the folder as it was."""
import copy
import json
import os
import signal
import subprocess
import time

from expectations import expect

CHART = "document.querySelector('.plot svg.chart')"


class Growing:
    """The journal of a run, whose last epoch comes and goes."""

    def __init__(self, folder, run):
        self.file = folder / "Workspace/runs" / run / "journal.jsonl"
        self.whole = self.file.read_bytes()
        lines = self.whole.splitlines(keepends=True)
        epoch = max(i for i, line in enumerate(lines) if b'"event":"epoch"' in line)
        self.states = [b"".join(lines[:epoch + 1]), b"".join(lines[:epoch])]

    def change(self, times):
        self.file.write_bytes(self.states[times % 2])

    def restore(self):
        self.file.write_bytes(self.whole)


def point(page, share):
    box = page.run(f"(() => {{ const box = {CHART}.getBoundingClientRect(); return [box.x, box.y, box.width, box.height]; }})()")
    page.call("Input.dispatchMouseEvent", type="mouseMoved", x=box[0] + box[2] * share, y=box[1] + box[3] / 2)


def seen(page, journal, seconds=8):
    """How often what is told of the last epoch changed while the journal did, without a pause."""
    last = "document.querySelector('[aria-labelledby=values-title] tbody').textContent"
    texts, begin, times = [page.run(last)], time.monotonic(), 0
    while time.monotonic() - begin < seconds:
        if time.monotonic() - begin > times * 1.5:
            journal.change(times)
            times += 1
        text = page.run(last)
        if text != texts[-1]:
            texts.append(text)
        time.sleep(0.05)
    return len(texts) - 1


def check_attention(page, folder, run):
    """A view goes on whatever a person looks at, and what is told goes on with it."""
    journal = Growing(folder, run)
    try:
        page.call("Emulation.setFocusEmulationEnabled", enabled=True)
        page.run("location.hash = '#compare?metrics=loss&group=run'")
        page.wait("document.querySelectorAll('.plot').length === 1")
        point(page, 0.5)
        changes = seen(page, journal)
        expect(changes >= 3, f"with the pointer on a chart {changes} changes are shown")
        expect(page.run("!document.querySelector('.told').hidden"), "what the pointer tells is gone after a change")
        page.call("Input.dispatchMouseEvent", type="mouseMoved", x=2, y=2)
        page.run("document.querySelector('select').focus()")
        changes = seen(page, journal)
        expect(changes >= 3, f"with a list that has the focus {changes} changes are shown")
        page.run(f"{CHART}.focus()")
        page.key("ArrowLeft", 37)
        changes = seen(page, journal)
        told = page.run("document.querySelector('.told').hidden ? '' : document.querySelector('.told').textContent")
        expect(changes and told, f"what the keyboard tells is gone after {changes} changes")
        page.run("document.activeElement.blur()")
    finally:
        page.call("Emulation.setFocusEmulationEnabled", enabled=False)
        journal.restore()
    time.sleep(2)


def check_absent(page, folder, run):
    """A run of the plan that is not there: the others' plans are told as they are, and it says that it has not begun."""
    directory = folder / "Workspace/runs" / run
    cell = "document.querySelector('.matrix a.cell.queued')"
    directory.rename(folder / "away")
    try:
        page.run("location.hash = '#sweep'")
        page.wait(f"{cell} !== null")
        page.run(f"{cell}.click()")
        page.wait("document.querySelector('main').textContent.includes('has not begun')")
        words = page.run("document.querySelector('main').textContent")
        expect("SAFNet, fold" in words and page.run("document.getElementById('problem').hidden"), f"not begun: {words}")
        page.run("location.hash = '#compare'")
        row = "[...document.querySelectorAll('[aria-labelledby=differences-title] tbody tr')].find(row => row.cells[0].textContent === 'model.aspp')"
        page.wait(f"{row} !== undefined")
        values = page.run(f"[...{row}.cells].slice(1).map(cell => cell.textContent)")
        expect([sorted(one.split(", ")) for one in values] == [["not begun", "true"], ["false"]], f"where plans differ: {values}")
    finally:
        (folder / "away").rename(directory)
    page.run("location.hash = '#sweep'")
    page.wait("document.querySelectorAll('.matrix .cell.finished').length === 4")


def check_vanished(page, folder, run):
    for view, condition in [("#tables", "document.querySelectorAll('main table').length > 5"),
                            ("#cases", "document.querySelector('.strip') !== null"),
                            (f"#run?name={run}", "document.querySelectorAll('.plot').length === 4"),
                            ("#compare?filter=nothing", "document.querySelector('main .empty') !== null")]:
        page.run(f"location.hash = {json.dumps(view)}")
        page.wait(condition)
        (folder / "Workspace").rename(folder / "away")
        try:
            page.wait("!document.getElementById('problem').hidden", 5)
        except TimeoutError:
            expect(False, f"{view} does not say that the workspace is gone")
        finally:
            (folder / "away").rename(folder / "Workspace")
        page.wait("document.getElementById('problem').hidden", 10)


def check_silence(page, server):
    """A server that is stopped keeps its connections and answers nothing."""
    state = "document.getElementById('connection').className"
    server.process.send_signal(signal.SIGSTOP)
    try:
        page.wait(f"{state} === 'lost'", 25)
    except TimeoutError:
        expect(False, "a stopped server is called live")
    finally:
        server.process.send_signal(signal.SIGCONT)
    page.wait(f"{state} === 'live'", 25)


def check_worker(page, start, safnet, folder, experiment):
    """A worker that was stopped is said to be: its run is still called running."""
    other = copy.deepcopy(experiment)
    other.update(name="long", title="Long", variants=[{"name": "SAFNet"}])
    other["training"]["epochs"] = 5000
    (folder / "long.json").write_text(json.dumps(other))
    training = subprocess.Popen([safnet, "run", "long.json", "--jobs", "1", "--threads", "1"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = start("long.json")
    try:
        page.call("Page.navigate", url=server.url)
        page.wait("document.querySelectorAll('.matrix .cell.running').length === 1", 30)
        time.sleep(2)
        worker = page.run("fetch('/api/machine').then(answer => answer.json()).then(machine => machine.workers[0].pid)")
        os.kill(worker, signal.SIGSTOP)
        try:
            page.wait("[...document.querySelectorAll('main .notice')].some(one => one.textContent.includes('is stopped'))", 40)
        except TimeoutError:
            expect(False, "a stopped worker is not told")
        finally:
            os.kill(worker, signal.SIGCONT)
    finally:
        training.send_signal(signal.SIGINT)
        training.wait(30)
        server.stop()
