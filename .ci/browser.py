"""Opens the HTML pages in a headless Chromium and uses them.

    .ci/browser.py FOLDER [SCREENSHOTS]    check the pages in a folder, and take pictures of them;
                                           notebooks as pages are in its folder `notebooks`
    .ci/browser.py --find                  name the Chromium there is, or nothing

Needs a Chromium of the system (or the one that $CHROMIUM names), and playwright, which only drives
it (.ci/browser-requirements.txt). Without a Chromium it says so and fails.
"""

import json
import os
import shutil
import sys
from pathlib import Path

NOTEBOOKS = Path(__file__).parents[1] / "docs/notebooks"
NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]


def find() -> str | None:
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)]
    return next(filter(None, found), None)


def chromium() -> str:
    program = find()
    if program is None:
        sys.exit(f"there is no Chromium: install one of {', '.join(NAMES)}, or set CHROMIUM")
    return program


class Watched:
    """A page that is open, with what it complained about and what it asked for."""

    def __init__(self, browser, file: Path, dark: bool = False):
        scheme = "dark" if dark else "light"
        self.context = browser.new_context(
            viewport={"width": 1360, "height": 860}, color_scheme=scheme
        )
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.url = file.resolve().as_uri()
        self.page.goto(self.url)

    def close(self) -> None:
        asked = [url for url in self.requests if url != self.url and not url.startswith(("data:", "blob:"))]
        assert not asked, f"{self.url} asked the network for {asked}"
        assert not self.complaints, f"{self.url}: {self.complaints}"
        assert self.page.evaluate("window.broken") is None, f"{self.url}: a label was run"
        self.context.close()

    def count(self, selector: str) -> int:
        return self.page.locator(selector).count()

    def text(self, selector: str) -> str:
        return self.page.locator(selector).text_content()

    def formula(self, selector: str) -> str:
        """A formula as plain text, which the page keeps beside what it sets."""
        return self.page.get_attribute(selector, "data-plain")

    def slide(self, to: int) -> None:
        self.page.evaluate(
            "to => { const s = document.getElementById('slider'); s.value = to;"
            " s.dispatchEvent(new Event('input')); }",
            to,
        )

    def until(self, condition: str) -> None:
        """Waits for a condition; the page's policy forbids playwright's own way, an `eval`."""
        for _ in range(100):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{self.url}: never {condition}")

    def steps(self) -> int:
        return int(self.page.get_attribute("#slider", "max"))


def check_slider(it: Watched) -> None:
    """The neuron: five inputs, which are given, five values, one seed, nine additions."""
    assert it.steps() == 15, it.steps()
    assert it.text("#count") == "15 / 15"
    assert it.count("#stage .later") == 0
    it.slide(0)
    assert it.count("#stage [data-element].later") == 5, "the inputs are given"
    it.page.focus("#slider")
    it.page.keyboard.press("ArrowRight")
    assert it.text("#count") == "1 / 15"
    it.slide(5)
    assert it.formula("#text") == "o = tanh(n) = 0.7071"
    assert it.count("#stage [data-element].later") == 0
    assert it.count("#stage .unswept") == 9, "no adjoint has flowed yet"
    it.slide(6)
    assert it.text("#phase").lower() == "seed" and it.formula("#text") == "∂o/∂o = 1"
    it.slide(7)
    assert it.formula("#text") == "∂o/∂n += 1 − tanh²(n) = 0.5000", it.formula("#text")
    assert it.count("#stage [data-link].now") == 1
    assert it.count("#stage .still") == 8, "o and n have their adjoints"
    assert it.formula("#derivation .line.now") == "∂o/∂n = 1 − tanh²(n) = 0.5000"
    for step in range(it.steps() + 1):
        it.slide(step)
        height = "document.getElementById('text').scrollHeight"
        hidden = it.page.evaluate(f"{height} - {height.replace('scroll', 'client')}")
        assert hidden <= 0, f"{hidden} pixels of the formula of step {step} are cut off"
    it.page.click("#last")
    assert it.text("#phase").lower() == "done"


def check_formulas(it: Watched) -> None:
    """Every formula is set as MathML, with fractions for derivatives and powers raised."""
    lines = it.count("#derivation .line")
    assert lines == 20 and it.count("#derivation .line .math") == lines
    line = it.page.locator("#derivation .line", has_text="tanh").nth(1)
    tags = line.evaluate("line => [...line.querySelectorAll('*')].map(node => node.localName)")
    for tag in ["math", "mfrac", "msup", "mn", "mo", "mi"]:
        assert tag in tags, tags
    kind = line.evaluate("line => line.querySelector('mfrac').namespaceURI")
    assert kind == "http://www.w3.org/1998/Math/MathML"


def check_sums(browser, file: Path) -> None:
    """x is used four times: its adjoint grows step by step."""
    it = Watched(browser, file)
    sums = []
    for step in range(it.steps()):
        it.slide(step)
        running = it.page.locator("[data-element='0'].running .sum").all_text_contents()
        sums += ["".join(running)] if running else []
    assert list(dict.fromkeys(sums)) == ["−2.8295", "−0.5795", "1.6705"], sums
    it.slide(it.steps())
    assert it.count("#stage .running") == 0
    shown = "".join(it.page.locator("[data-element='0'] .of-adjoint").all_text_contents())
    assert shown == "3.9205", shown
    it.close()


def check_playing(it: Watched) -> None:
    it.slide(0)
    it.page.click("#play")
    it.until("Number(document.getElementById('slider').value) >= 2")
    it.page.click("#play")
    stopped = it.text("#count")
    it.page.wait_for_timeout(1200)
    assert it.text("#count") == stopped, "playing stops"
    it.page.click("#last")


def check_pointing(it: Watched) -> None:
    it.page.hover("[data-element='7'] .wg-name")
    tip = it.text("#tip")
    for words in ["x1w1 + x2w2", "add", "−6", "0.49998", "local derivative"]:
        assert words in tip, tip
    it.page.mouse.move(5, 5)
    assert it.page.locator("#tip").is_hidden()


def overlap(a, b) -> float:
    wide = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
    high = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
    return max(0, wide) * max(0, high)


def check_tips(it: Watched) -> None:
    """A tip covers neither what it is about nor what that is linked with."""
    it.page.click("#fit")
    for card, near in [(5, [0, 1, 7]), (7, [5, 6, 8]), (9, [8])]:
        it.page.hover(f"[data-element='{card}'] .wg-name")
        tip = it.page.locator("#tip").bounding_box()
        for other in [card, *near]:
            box = it.page.locator(f"[data-element='{other}'] .wg-band").bounding_box()
            assert overlap(tip, box) == 0, (card, other, tip, box)
    it.page.mouse.move(5, 5)


def check_panel(it: Watched) -> None:
    wide = it.page.locator("#stage").bounding_box()["width"]
    it.page.click("#panel")
    assert it.page.locator("aside").is_hidden()
    assert it.page.locator("#stage").bounding_box()["width"] > wide + 300
    it.page.keyboard.press("p")
    assert it.page.locator("aside").is_visible()


def check_saving(it: Watched) -> None:
    with it.page.expect_download() as saved:
        it.page.click("#save")
    name, text = saved.value.suggested_filename, Path(saved.value.path()).read_text()
    assert name.endswith(".svg"), name
    assert text.startswith("<svg ") and "<title>" in text and "wg-page" in text
    assert "later" not in text and "number" not in text, "as drawn, not as played"


def check_speed(it: Watched) -> None:
    """At four times the speed, five steps take what one or two take else."""
    it.page.select_option("#speed", "4")
    it.slide(0)
    it.page.click("#play")
    it.until("Number(document.getElementById('slider').value) >= 5")
    it.page.click("#play")
    it.page.select_option("#speed", "1")
    it.page.click("#last")


def check_clicking(it: Watched) -> None:
    it.page.click("[data-element='5'] .wg-name")
    assert it.count("#stage [data-element].feeds") == 2
    assert it.count("#stage [data-element].fed") == 3
    assert "2 feed it" in it.text("#details") and "3 fed by it" in it.text("#details")
    it.page.keyboard.press("Escape")
    assert it.count("#stage .chosen") == 0 and it.count("#stage .aside") == 0


def check_searching(it: Watched) -> None:
    it.page.fill("#search", "tanh")
    assert it.text("#found") == "1 found" and it.count("#stage .found") == 1
    it.page.press("#search", "Enter")
    assert it.count("#stage [data-element='9'].chosen") == 1
    it.page.fill("#search", "")
    it.page.press("#search", "Escape")


def check_moving(it: Watched) -> None:
    view = "document.querySelector('#stage svg').getAttribute('viewBox')"
    it.page.click("#fit")
    before = it.page.evaluate(view)
    box = it.page.locator("#stage").bounding_box()
    x, y = box["x"] + 30, box["y"] + 30
    it.page.mouse.move(x, y)
    it.page.mouse.down()
    it.page.mouse.move(x + 120, y + 50)
    it.page.mouse.up()
    moved = it.page.evaluate(view)
    assert moved != before, "dragging moves the picture"
    it.page.mouse.wheel(0, -300)
    it.until(f"{view} !== '{moved}'")
    it.page.click("#fit")
    assert it.page.evaluate(view) == before


def check_neuron(browser, file: Path) -> None:
    it = Watched(browser, file)
    checks = [check_slider, check_formulas, check_playing, check_speed, check_pointing, check_tips]
    checks += [check_clicking, check_searching, check_moving, check_panel, check_saving]
    for check in checks:
        check(it)
    it.close()


def check_opening(browser, file: Path) -> None:
    """A click opens a group, and the way back closes it."""
    it = Watched(browser, file)
    cards, steps = it.count("#stage [data-element]"), it.steps()
    it.page.click("[data-element].opens:has-text('layer2/activation') .wg-name")
    assert it.count("#stage [data-element]") == cards - 1 + 24
    assert it.text("#path span") == "layer2/activation"
    assert it.steps() > steps
    it.slide(5)
    it.page.click("#path button")
    assert it.count("#stage [data-element]") == cards and it.steps() == steps
    assert it.page.locator("#path").is_hidden()
    it.close()


def check_by_hand(browser, file: Path) -> None:
    """A gradient that contradicts the chain rule is marked, and none shows before the sweep."""
    it = Watched(browser, file)
    wrong = it.page.locator("#stage [data-element]:has(text.wg-bad)")
    assert wrong.locator(".wg-name").all_text_contents() == ["n"]
    it.page.hover("[data-element='4'] .wg-name")
    assert "its users pass back" in it.text("#tip")
    it.slide(1)
    shown = "[...document.querySelectorAll('#stage .of-adjoint')].filter(t => getComputedStyle(t).visibility !== 'hidden').length"
    assert it.page.evaluate(shown) == 0, "no gradient in the forward pass"
    it.close()


def check_sizes(browser, file: Path) -> None:
    """On a telephone, a tablet and a large screen, all controls are within the page."""
    for width, height in [(390, 844), (1024, 768), (1920, 1080)]:
        it = Watched(browser, file)
        it.page.set_viewport_size({"width": width, "height": height})
        for control in ["#count", "#speed", "#play", "#panel", "#save", "#search", "#slider"]:
            box = it.page.locator(control).bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= width, (width, control, box)
            assert box["y"] + box["height"] <= height, (width, control, box)
        # Text of twelve units is at least eight pixels high, or the drawing is seen as a whole.
        scale = it.page.evaluate("view.scale")
        assert scale >= 0.7 or it.page.evaluate("isWhole()"), (width, scale)
        # Playing brings each card into view.
        it.page.select_option("#speed", "4")
        it.slide(0)
        it.page.click("#play")
        it.until("Number(document.getElementById('slider').value) >= 4")
        it.page.click("#play")
        card = it.page.locator("#stage [data-element].now").first.bounding_box()
        stage = it.page.locator("#stage").bounding_box()
        assert overlap(card, stage) > 0.9 * card["width"] * card["height"], (width, card, stage)
        it.close()


def check_function(browser, file: Path) -> None:
    """Both variables are compared, and say so."""
    it = Watched(browser, file)
    for card in [0, 1]:
        it.page.hover(f"[data-element='{card}'] .wg-name")
        tip = it.text("#tip")
        assert "x0 (0.5000) < x1 (0.7500) is true" in tip, tip
    # The mark of the comparison is no number of the card, which the slider would hide.
    it.slide(0)
    assert it.text("[data-element='0'] .wg-mark") == "◇1"
    assert it.count(".wg-mark.number") == 0
    it.close()


def check_any(browser, file: Path) -> None:
    """What holds for every page: it plays from end to end, and all of it can be pointed at."""
    it = Watched(browser, file)
    cards = it.count("[data-element]")
    assert cards > 0, file
    for step in sorted({0, 1, cards, cards + 1, it.steps() // 2, it.steps() - 1, it.steps()}):
        it.slide(step)
    for card in it.page.locator("[data-element]").all()[:20]:
        card.dispatch_event("pointermove", {"bubbles": True, "clientX": 300, "clientY": 300})
        assert it.text("#tip h2"), file
    it.close()


def check_notebook(browser, file: Path) -> None:
    """A notebook as a page: all its pictures are there, and as wide as they are shown."""
    it = Watched(browser, file)
    it.until("[...document.images].every(image => image.complete)")
    pictures = it.page.evaluate(
        "[...document.images].map(i => [i.src.slice(0, 14), i.naturalWidth, i.getBoundingClientRect().width])"
    )
    kinds = [kind for kind, own, shown in pictures if own > 100 and shown > 100]
    outputs = json.loads((NOTEBOOKS / f"{file.stem}.ipynb").read_text())["cells"]
    data = [output.get("data", {}) for cell in outputs for output in cell.get("outputs", [])]
    for kind in ["image/svg+xml", "image/png"]:
        wanted = sum(kind in each for each in data)
        assert kinds.count(f"data:{kind}"[:14]) == wanted, (file, kind, pictures)
    assert kinds and len(kinds) == len(pictures), (file, pictures)
    # The page that plays a sweep lies in a frame of its own.
    assert it.count("iframe") == sum("<iframe" in "".join(each.get("text/html", "")) for each in data)
    for frame in it.page.frames[1:]:
        assert frame.locator("#stage [data-element]").count() > 0, file
    it.close()


def shoot(browser, folder: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name in ["light", "dark"]:
        it = Watched(browser, folder / f"neuron-{name}.html", name == "dark")
        for step in [0, 4, 9, 15]:
            it.slide(step)
            it.page.wait_for_timeout(250)
            it.page.screenshot(path=out / f"neuron-{name}-{step:02}.png")
        it.page.hover("[data-element='9'] .wg-name")
        it.page.screenshot(path=out / f"neuron-{name}-hover.png")
        it.page.mouse.move(5, 5)
        it.page.click("[data-element='5'] .wg-name")
        it.page.mouse.move(5, 5)
        it.page.wait_for_timeout(250)
        it.page.screenshot(path=out / f"neuron-{name}-click.png")
        it.close()
    it = Watched(browser, folder / "sums.html")
    it.slide(it.steps() - 3)
    it.page.wait_for_timeout(250)
    it.page.screenshot(path=out / "sums-running.png")
    it.close()
    for file in sorted(folder.glob("*.html")):
        if not file.name.startswith("neuron"):
            it = Watched(browser, file)
            it.page.screenshot(path=out / f"{file.stem}.png")
            it.close()


def main() -> None:
    if sys.argv[1:] == ["--find"]:
        print(find() or "")
        return
    # Only here, so that `--find` needs nothing but Python.
    from playwright.sync_api import sync_playwright

    folder = Path(sys.argv[1])
    files = sorted(folder.glob("*.html"))
    assert files, f"no pages in {folder}: cargo run -p wengert-graph --example pages -- {folder}"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for file in files:
            if file.name.startswith("neuron-"):
                check_neuron(browser, file)
            if file.name == "sums.html":
                check_sums(browser, file)
            if file.name == "neuron-auto.html" or file.name == "scopes.html":
                check_sizes(browser, file)
            if file.name == "scopes.html":
                check_opening(browser, file)
            if file.name == "by-hand.html":
                check_by_hand(browser, file)
            if file.name == "function.html":
                check_function(browser, file)
            check_any(browser, file)
            print(f"{file.name}: it plays, answers and keeps to itself")
        for file in sorted(folder.glob("notebooks/*.html")):
            check_notebook(browser, file)
            print(f"{file.name}: all pictures of the notebook are seen")
        if len(sys.argv) > 2:
            shoot(browser, folder, Path(sys.argv[2]))
        browser.close()


if __name__ == "__main__":
    main()
