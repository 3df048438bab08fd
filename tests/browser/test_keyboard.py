"""Everything can be reached and used with a keyboard alone, in the order that the eye expects."""

import itertools

import pytest
from pages import every_page

pytestmark = pytest.mark.browser

FOCUSABLE = "a[href], summary, button, input, select, textarea, [tabindex='0']"
# What a reader sees of the element that has the focus; places are those on the page, not on the screen.
FOCUSED = """() => {
  const one = document.activeElement
  if (!one || one === document.body || one === document.documentElement) return null
  const box = one.getBoundingClientRect(), style = getComputedStyle(one)
  return {
    name: `${one.tagName.toLowerCase()} ${(one.innerText || one.getAttribute('aria-label') || '').trim().slice(0, 60)}`,
    top: box.top + scrollY, column: one.closest('nav') ? 'contents' : 'text',
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
      && box.right > 0 && box.left < innerWidth,
    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    stops: window.stops.indexOf(one),
  }
}"""
COUNT = f"""() => {{
  window.stops = [...document.querySelectorAll("{FOCUSABLE}")].filter(one => one.checkVisibility())
  return window.stops.length
}}"""

# At the top but for what may stick there; a page that ends cannot be scrolled further.
AT_CONTENT = """() => {
  const top = document.querySelector('main#content').getBoundingClientRect().top
  return (top > -2 && top < innerHeight / 10) || document.documentElement.scrollHeight - scrollY <= innerHeight + 1
}"""
PAST_HEADER = """() => {
  const main = document.querySelector('main#content')
  const follows = one => Boolean(main.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING)
  const past = one => main.contains(one) || follows(one)
  return past(document.activeElement) || !window.stops.some(past)
}"""


def walk(page):
    """Press Tab until the focus has left the page; give what was met on the way."""
    n_stops, met = page.evaluate(COUNT), []
    for _ in range(n_stops + 2):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None or (met and focused["stops"] == met[0]["stops"]):
            return n_stops, met
        met.append(focused)
    raise AssertionError(f"focus must leave the page after {n_stops} stops; it is on {met[-1]['name']}")


def steps_back(met):
    """Name the steps that lead back up; a list of contents may stand as a column of its own beside the text."""
    for column in ("contents", "text"):
        stops = [one for one in met if one["column"] == column]
        for before, after in itertools.pairwise(stops):
            if after["top"] < before["top"] - 2:
                yield f"{before['name']} -> {after['name']}"


@pytest.mark.parametrize("width", [320, 1280])
@every_page
def test_tab_meets_everything_once_from_top_to_bottom_and_shows_where_it_is(open_page, kind, language, width):
    n_stops, met = walk(open_page(kind, language, width=width))
    assert [one["stops"] for one in met] == list(range(n_stops))
    assert not [one["name"] for one in met if not one["seen"]], "what has the focus must be on the screen"
    assert not [one["name"] for one in met if one["outline"] < 2], "what has the focus must have an outline"
    assert not list(steps_back(met[1:])), "the focus must go down the page"


@every_page
def test_first_stop_skips_to_the_content(open_page, kind, language):
    page = open_page(kind, language)
    page.evaluate(COUNT)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash === '#content'")
    assert page.evaluate(AT_CONTENT), "the content must be at the top of the screen"
    page.keyboard.press("Tab")
    assert page.evaluate(PAST_HEADER), "the next stop must be in the content or after it"


@every_page
def test_folded_parts_open_with_enter_and_close_with_space(open_page, kind, language):
    page = open_page(kind, language)
    for summary in page.locator("summary:visible").all():
        is_open = summary.evaluate("one => one.parentElement.open")
        summary.focus()
        page.keyboard.press("Enter")
        assert summary.evaluate("one => one.parentElement.open") != is_open
        page.keyboard.press("Space")
        assert summary.evaluate("one => one.parentElement.open") == is_open


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_focus_that_cannot_be_seen_is_noticed(open_page, scheme):
    page = open_page("whole", "en", scheme=scheme)
    page.add_style_tag(content="summary:focus-visible { outline: none }")
    _, met = walk(page)
    assert [one for one in met if one["outline"] < 2]
