"""No page of the canary run lets a script run, asks anything of anyone or leads away, whatever is clicked (rule 11)."""

import re

import pytest
from scripts import open_details

from canary.layers import folded
from canary.paper import printed
from canary.run import make_canary_run
from canary.scan import person_patterns, scan
from running import made_once

pytestmark = pytest.mark.browser

# Whatever can be clicked, and whatever only looks so to whoever wrote a hostile name.
CLICKED = "a, button, summary, [onclick], [onload], svg a, input"
RAN = "window.__canary !== undefined"
PAYLOAD = "<img src=x onerror=window.__canary=1><a href='http://127.0.0.1:9/canary'>x</a>"


@pytest.fixture(scope="session", params=["few", pytest.param("all", marks=pytest.mark.slow)])
def canary_run(request, tmp_path_factory):
    name = f"canary-{request.param}"
    return made_once(tmp_path_factory, name, lambda folder: make_canary_run(folder, extent=request.param))


@pytest.fixture(scope="session")
def canary_pages(canary_run):
    return sorted((canary_run / "reports").rglob("*.html"))


class Watched:
    """What a page asked for and did; data addresses and the page itself left out."""

    def __init__(self, path):
        self.own, self.asked, self.done = path.as_uri(), [], []

    def __call__(self, page):
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("dialog", lambda dialog: (self.done.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("popup", lambda popup: self.done.append(f"popup {popup.url}"))
        page.on("download", lambda download: self.done.append(f"download {download.url}"))
        page.on("pageerror", lambda error: self.done.append(f"error {error}"))
        page.on("console", lambda message: self.done.append(f"console {message.text}"))
        page.on("framenavigated", lambda frame: self._navigated(frame.url))

    def _navigated(self, url):
        if url.partition("#")[0] not in (self.own, "about:blank"):
            self.done.append(f"went to {url}")

    @property
    def found(self):
        """All that should not have been."""
        asked = [url for url in self.asked if url.partition("#")[0] != self.own and not url.startswith("data:image/")]
        return asked + self.done


def click_everything(page):
    """Unfold, click each thing once and put the pointer on it; links to reports are looked at, not followed."""
    open_details(page)
    page.evaluate(
        """selector => document.querySelectorAll(selector).forEach(one => {
          one.dispatchEvent(new MouseEvent('mouseover', {bubbles: true}))
          if (!/\\.html$/.test(one.getAttribute('href') ?? '')) { one.focus?.(); one.click?.() }
        })""",
        CLICKED,
    )
    for kind in ("mouseover", "load", "error", "focus", "toggle", "begin"):
        page.evaluate("kind => document.querySelectorAll('*').forEach(one => one.dispatchEvent(new Event(kind)))", kind)


def test_no_page_lets_a_script_run_asks_for_anything_or_leads_away(canary_pages, open_file):
    found = {}
    for path in canary_pages:
        watched = Watched(path)
        page = open_file(path, watch=watched)
        click_everything(page)
        page.pdf()
        page.wait_for_load_state("networkidle")
        found[path] = [*watched.found, *(["a script ran"] if page.evaluate(RAN) else [])]
        page.context.close()
    assert len(found) > 8 and not any(found.values()), {path.name: what for path, what in found.items() if what}


def test_what_acts_asks_or_leads_away_is_noticed(tmp_path, open_file):
    path = tmp_path / "page.html"
    path.write_text(f"<main>{PAYLOAD}</main>")
    watched = Watched(path)
    page = open_file(path, watch=watched)
    page.wait_for_function(RAN)
    page.evaluate("alert(1)")
    page.evaluate("document.querySelector('a').click()")
    page.wait_for_timeout(300)
    told = " ".join(watched.found)
    assert "/x" in told and "dialog 1" in told and "127.0.0.1:9" in told


@pytest.mark.parametrize("scripts", [True, False])
def test_the_links_of_an_index_lead_to_the_reports_beside_it(canary_pages, browser, scripts):
    for path in (path for path in canary_pages if path.name.startswith("index")):
        context = browser.new_context(java_script_enabled=scripts)
        page = context.new_page()
        page.goto(path.as_uri())
        links = [link.get_attribute("href") for link in page.locator("a").all()]
        assert len(links) > 5
        assert all((path.parent / link).resolve().is_relative_to(path.parent) for link in links if link[0] != "#")
        context.close()


def test_what_is_sought_in_an_index_is_not_run(canary_pages, open_file):
    for path in (path for path in canary_pages if path.name.startswith("index")):
        watched = Watched(path)
        page = open_file(path, watch=watched)
        for text in ("<img src=x onerror=window.__canary=1>", "(((", "\\", "W" * 100, "{n}", "$&"):
            page.get_by_role("searchbox").fill(text)
        assert not watched.found and not page.evaluate(RAN)


def test_no_page_tells_more_on_paper(canary_pages, open_file, tmp_path):
    """Rule 9, for what a browser prints: its bytes, and the text on the paper."""
    for number, path in enumerate(canary_pages):
        page = open_file(path)
        open_details(page)
        pdf = page.pdf()
        (tmp_path / f"{number}.pdf").write_bytes(pdf)
        (tmp_path / f"{number}.txt").write_text("\n".join(printed(pdf)), encoding="utf-8", errors="surrogatepass")
        page.context.close()
    # The odd numbers are left out: a letter may be as wide as one of them.
    found = scan(tmp_path, {name: person_patterns()[name] for name in ("person", "day")})
    assert found.files == 2 * len(canary_pages) and not found.hits, "\n".join(found.hits)
    papers = [path.read_text("utf-8", "surrogatepass") for path in tmp_path.glob("*.txt")]
    assert all(re.search("confidential|vertrouwelijk", folded(text)) for text in papers)


@pytest.mark.parametrize("style", ["", "font-weight: bold", "font-family: monospace", "font-style: italic"])
def test_a_canary_on_paper_is_found(tmp_path, open_file, style):
    (tmp_path / "page.html").write_text(f"<p style='{style}'>Said: CANARY-comment-17.<p>Plain <b>bold</b>")
    pdf = open_file(tmp_path / "page.html").pdf()
    (tmp_path / "page.html").write_text("\n".join(printed(pdf)), encoding="utf-8")
    assert scan(tmp_path, person_patterns()).hits
