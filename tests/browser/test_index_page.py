"""The index can be searched and sorted by keyboard, says what it shows, and reads well where no script may run."""

import pytest

pytestmark = pytest.mark.browser

LANGUAGES = pytest.mark.parametrize("language", ["nl", "en"])
SHOWN = """() => [...document.querySelectorAll('.units tbody tr')].filter(row => row.checkVisibility())
  .map(row => row.cells[0].querySelector('bdi').textContent)"""
VALUES = (
    """column => [...document.querySelectorAll('.units tbody tr')].map(row => row.cells[column].dataset.v ?? null)"""
)


@pytest.fixture
def index(open_page):
    return lambda language, **choices: open_page("index", language, **choices)


@LANGUAGES
def test_a_search_ignores_case_and_accents_and_says_how_many_it_found(index, language):
    page = index(language)
    every = page.evaluate(SHOWN)
    wanted = every[-1]
    page.keyboard.press("Tab")
    page.get_by_role("searchbox").focus()
    page.keyboard.type(wanted.upper())
    shown = page.evaluate(SHOWN)
    assert wanted in shown and len(shown) < len(every)
    assert str(len(shown)) in page.get_by_role("status").inner_text()


@LANGUAGES
def test_a_search_for_nothing_there_finds_nothing_and_an_empty_one_finds_all(index, language):
    page = index(language)
    every = page.evaluate(SHOWN)
    box = page.get_by_role("searchbox")
    box.fill("qqqq")
    assert page.evaluate(SHOWN) == [] and "0" in page.get_by_role("status").inner_text()
    box.fill("")
    assert page.evaluate(SHOWN) == every


@LANGUAGES
def test_a_column_of_figures_is_sorted_high_first_then_low_first_by_keyboard(index, language):
    page = index(language)
    before = page.evaluate(SHOWN)
    column = page.evaluate("() => [...document.querySelectorAll('.units thead th')].findIndex(h => h.matches('.num'))")
    button = page.locator(".units thead th.num button").first
    button.focus()
    for order in ("descending", "ascending"):
        page.keyboard.press("Enter")
        known = [float(value) for value in page.evaluate(VALUES, column) if value is not None]
        assert len(known) > 2 and known == sorted(known, reverse=order == "descending")
        assert page.evaluate(VALUES, column)[: len(known)].count(None) == 0
        assert page.locator(".units thead th[aria-sort]").get_attribute("aria-sort") == order
    page.locator("#hierarchy").press("Enter")
    assert page.evaluate(SHOWN) == before and page.locator(".units thead th[aria-sort]").count() == 0


@LANGUAGES
def test_without_a_script_every_unit_is_listed_and_no_tool_is_offered(browser, page_file, language):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_file("index", language).as_uri())
    rows = page.locator(".units tbody tr")
    assert rows.count() > 4 and all(row.is_visible() for row in rows.all())
    assert (
        not page.locator(".tools").is_visible()
        and page.locator("button").count() == page.locator(".tools button").count()
    )
    context.close()
