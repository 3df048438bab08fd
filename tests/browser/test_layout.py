"""A page fits a phone and paper, follows the colour scheme, and asks nothing of anyone."""

import re

import pytest
from pages import every_page
from scripts import ask_each, open_details

pytestmark = pytest.mark.browser

# A4 less the margins of @page in page.css, in CSS pixels of 1/96 inch.
MM = 96 / 25.4
PAPER = {"width": round((210 - 2 * 17) * MM), "height": round((297 - 18 - 20) * MM)}
A4_POINTS = (595, 842)
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth
  const scrolls = one => one && getComputedStyle(one).overflowX !== 'visible'
  const clipped = one => scrolls(one.parentElement.closest('.scroll, pre'))
  return [document.documentElement.scrollWidth - width, [...document.querySelectorAll('body *')]
    .filter(one => one.checkVisibility() && !clipped(one) && one.getBoundingClientRect().right > width + 1)
    .map(one => one.outerHTML.slice(0, 120))]
}"""
BEYOND = """caption =>
  caption.getBoundingClientRect().right - caption.closest('.scroll').getBoundingClientRect().right"""
CUT = """paper => [...document.querySelectorAll('svg, figure img')].filter(one => one.checkVisibility())
  .map(one => ({box: one.getBoundingClientRect(), label: one.ariaLabel, inside: getComputedStyle(one).breakInside}))
  .filter(({box, inside}) => box.right > paper.width + 1 || box.height > paper.height || inside !== 'avoid')
  .map(({box, label, inside}) => `${label} ends at ${box.right}, is ${box.height} high, break-inside ${inside}`)"""


@pytest.mark.parametrize("unfolded", [False, True])
@every_page
def test_page_does_not_scroll_sideways_on_the_narrowest_phone(open_page, kind, language, unfolded):
    page = open_page(kind, language, width=320)
    if unfolded:
        open_details(page)
    beyond, elements = page.evaluate(OVERFLOW)
    assert beyond <= 0, elements


@pytest.mark.slow
def test_tables_of_drivers_fit_a_desk_in_dutch(open_page):
    page = open_page("drivers", "nl", width=1280)
    open_details(page)
    beyond = ask_each(page, ".scroll", "box => box.scrollWidth - box.clientWidth")
    assert len(beyond) >= 5 and max(beyond) <= 0


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_caption_of_a_table_that_scrolls_is_seen_whole(open_page, width):
    page = open_page("nps", "nl", width=width)
    open_details(page)
    beyond = ask_each(page, ".scroll caption", BEYOND)
    assert beyond and max(beyond) <= 0


@every_page
def test_page_asks_nothing_of_the_network_and_breaks_no_rule_of_its_own(open_page, page_file, kind, language):
    requests, complaints = [], []

    def watch(page):
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))

    page = open_page(kind, language, watch=watch)
    open_details(page)
    page.mouse.wheel(0, 10_000)
    page.wait_for_load_state("networkidle")
    assert requests[0] == page_file(kind, language).as_uri()
    assert not [url for url in requests[1:] if not url.startswith("data:")]
    assert not complaints


def test_a_request_and_what_forbids_it_are_noticed(open_file, tmp_path):
    csp = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
    (tmp_path / "page.html").write_text(f"{csp}<img src='http://127.0.0.1:9/a.png'>")
    complaints = []
    open_file(tmp_path / "page.html", watch=lambda page: page.on("console", lambda one: complaints.append(one.text)))
    assert any("Content Security Policy" in text for text in complaints)


@every_page
def test_no_drawing_is_cut_on_paper(open_page, kind, language):
    page = open_page(kind, language)
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    assert not page.evaluate(CUT, PAPER)
    beyond, elements = page.evaluate(OVERFLOW)
    assert beyond <= 0, elements


@every_page
def test_page_prints_on_a4(open_page, kind, language):
    pdf = open_page(kind, language).pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert boxes and {(round(float(width)), round(float(height))) for width, height in boxes} == {A4_POINTS}


@every_page
def test_paper_and_letters_change_places_in_the_dark(open_page, kind, language):
    colours = {}
    for scheme in ("light", "dark"):
        page = open_page(kind, language, scheme=scheme)
        letters = ask_each(page, "figure svg text", "text => getComputedStyle(text).fill")
        body = page.evaluate("[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]")
        colours[scheme] = [*map(lightness, body)], letters
    (paper, ink), letters = colours["light"]
    (dark_paper, dark_ink), dark_letters = colours["dark"]
    assert paper > 0.8 > 0.2 > dark_paper and ink < 0.3 < 0.7 < dark_ink
    assert len(letters) == len(dark_letters)
    assert not [fill for fill, dark in zip(letters, dark_letters, strict=True) if fill == dark]


def lightness(colour):
    """Give the mean of red, green and blue, 0 to 1."""
    return sum(map(float, re.findall(r"[\d.]+", colour)[:3])) / (3 * 255)
