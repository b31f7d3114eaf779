"""What is chosen in the dashboard: filters, orders, lines and their looks; several experiments in one workspace; many runs."""
import copy
import json
import shutil
import subprocess
import time

from changes import point
from expectations import expect

STATUS = "document.querySelector('[aria-labelledby=runs-title] [role=status]').textContent"
ROWS = "document.querySelectorAll('[aria-labelledby=runs-title] tbody tr').length"
LEGEND = "[...document.querySelectorAll('.legend button')]"


def show(page, place, condition):
    page.run(f"location.hash = {json.dumps(place)}")
    page.wait(condition)


def rows(page, text):
    page.run("location.hash = '#sweep?filter=' + encodeURIComponent(" + json.dumps(text) + ")")
    page.wait(f"document.getElementById('filter')?.value === {json.dumps(text)}")
    return page.run(ROWS)


def check_filters(page):
    best = page.run("fetch('/api/sweep').then(answer => answer.json()).then(sweep => Math.max(...sweep.runs.map(run => run.testDice)))")
    expect(rows(page, "fold = 2") == 2, "fold = 2 is not understood")
    expect(1 <= rows(page, f"testDice>{50 * best}%") <= 4, "a percentage is not understood")
    expect(rows(page, f"testDice>{200 * best}%") == 0, "a percentage above all")
    expect(rows(page, "nonsense=1") == 0 and "nonsense" in page.run(STATUS), "an unknown name is not said to be one")


def check_order(page):
    show(page, "#sweep", f"{ROWS} === 4")
    page.run("document.querySelector('[data-key=runs-head-4]').click()")
    page.call("Page.reload")
    try:
        page.wait("document.querySelector('[aria-labelledby=runs-title] th[aria-sort=descending]')?.textContent.startsWith('Test Dice')", 5)
    except TimeoutError:
        expect(False, "how a table is sorted does not stand in the address")
    page.run("const field = document.getElementById('filter'); field.value = 'fold'; field.dispatchEvent(new Event('input'))")
    expect("sort=" in page.run("location.hash"), "a filter loses how a table is sorted")


def check_looks(page):
    """A variant looks the same whatever is shown beside it, in each view."""
    stroke = "document.querySelector('.legend .swatch path, .legend .swatch [fill], .legend .swatch [stroke]')"
    show(page, "#compare", f"{LEGEND}.length === 2")
    own = page.run(f"{LEGEND}[1].querySelector('path').getAttribute('stroke')")
    show(page, "#compare?filter=alert", f"{LEGEND}.length === 1")
    filtered = page.run(f"{stroke}.getAttribute('stroke')")
    expect(own == filtered, f"a variant is {own}, and alone {filtered}")
    show(page, "#compare?metrics=loss&smooth=0.5", f"{LEGEND}.length === 2")
    expect("±" not in page.run("document.querySelector('figcaption').textContent"), "a smoothed line claims a band")
    show(page, "#compare?metrics=loss&x=time&group=run", f"{LEGEND}.length === 4")
    point(page, 0.5)
    page.wait("!document.querySelector('.told').hidden", 5)
    told = page.run("document.querySelectorAll('.told span').length")
    expect(told == 4, f"over time {told} of 4 lines are told")
    page.call("Input.dispatchMouseEvent", type="mouseMoved", x=2, y=2)
    show(page, "#compare?metrics=rate", "document.querySelectorAll('.plot').length === 1")
    apart = page.run("(() => { const texts = [...document.querySelectorAll('.chart .label text')], name = texts.find(one => one.hasAttribute('transform'));"
                     " return Math.min(...texts.filter(one => one.getAttribute('text-anchor') === 'end').map(one => one.getBoundingClientRect().left)) -"
                     " name.getBoundingClientRect().right; })()")
    expect(apart >= 0, f"an axis's name lies {-apart} pixels on its numbers")


def second(experiment):
    """Another experiment with a variant of the same name, and what is hard to show."""
    other = copy.deepcopy(experiment)
    other.update(name="second", title="T\u202e")
    other["training"]["epochs"] = 1
    other["variants"] = [{"name": "SAFNet"}, {"name": "P|Q", "model": {"aspp": False}}]
    return other


def check_second(page, start, safnet, folder, experiment):
    (folder / "second.json").write_text(json.dumps(second(experiment)))
    subprocess.run([safnet, "run", "second.json", "--threads", "1"], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = start("second.json")
    page.call("Page.navigate", url=server.url)
    page.wait("document.querySelectorAll('.matrix a.cell').length === 4")
    for title in ["document.title", "document.getElementById('title').textContent"]:
        expect("[U+202E]" in page.run(title) and "\u202e" not in page.run(title), f"a sign that acts stands in {title}")
    show(page, "#compare", f"{LEGEND}.length === 2")
    page.run(f"{LEGEND}.find(one => one.textContent.includes('P|Q')).click()")
    time.sleep(1)
    expect(page.run(f"{LEGEND}.map(one => one.getAttribute('aria-pressed'))") == ["true", "false"], "a variant with | cannot be hidden")
    page.run(f"{LEGEND}.find(one => one.textContent.includes('P|Q')).click()")
    own = page.run(f"{LEGEND}.map(one => [one.textContent.split(' n =')[0], one.querySelector('path').getAttribute('stroke')])")
    show(page, "#cases", "document.querySelectorAll('.strip .point').length > 0")
    cases = page.run("[...document.querySelectorAll('p.legend > span')].map(one => [one.childNodes[1].textContent, one.querySelector('[fill^=var]').getAttribute('fill')])")
    expect(cases == own, f"looks in Cases {cases}, in Compare {own}")
    server.stop()


def check_workspace(page, start):
    """Runs of two experiments are never one line, nor have two runs one name."""
    server = start("--workspace", "Workspace")
    page.call("Page.navigate", url=server.url)
    page.wait(f"{ROWS} === 8")
    names = page.run("[...document.querySelectorAll('[aria-labelledby=runs-title] tbody th')].map(one => one.textContent)")
    expect(len(set(names)) == 8, f"two runs are called the same: {names}")
    show(page, "#compare?group=run", f"{LEGEND}.length > 0")
    expect(page.run(f"{LEGEND}.length") == 8, "two runs are one line")
    show(page, "#compare?group=variant", f"{LEGEND}.length < 8")
    expect(page.run(f"{LEGEND}.length") == 4, "the variants of two experiments are one line")
    server.stop()


def check_many(page, start, folder, run):
    """As many curves as are promised: more names than one address has room for."""
    source, runs = folder / "Workspace/runs" / run, folder / "Many/runs"
    for number in range(900):
        copied = runs / f"{run.rsplit('-', 1)[0]}-copy{number}"
        copied.mkdir(parents=True)
        for name in ["plan.json", "journal.jsonl"]:
            shutil.copy(source / name, copied / name)
    server = start("--workspace", "Many")
    page.call("Page.navigate", url=server.url)
    page.wait(f"{ROWS} === 200", 60)
    page.run("location.hash = '#compare?metrics=loss&group=run'")
    try:
        page.wait("document.querySelectorAll('.plot').length === 1", 20)
    except TimeoutError:
        expect(False, f"900 curves are not drawn: {page.run('document.getElementById(`problem`).textContent')}")
    server.stop()
