"""Read without a picture of it, a page says first what it is, then the answer, then the figures."""

import re

import pytest
from pages import DEMO, LANGUAGES, SECTOR, every_page
from scripts import ask_each, open_details

pytestmark = pytest.mark.browser

LEVEL = "heading => [Number(heading.tagName[1]), heading.innerText.trim()]"


def read_in_turn(spoken, parts):
    """Give those parts of a text that are read one after another; it ends at the first that is not."""
    found, place = [], 0
    for part in parts:
        place = spoken.find(part, place)
        if place < 0:
            break
        found.append(part)
    return found


@every_page
def test_headings_begin_with_one_title_and_skip_no_level(open_page, kind, language):
    headings = ask_each(open_page(kind, language), "h1, h2, h3, h4, h5, h6", LEVEL)
    levels = [level for level, _ in headings]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(text for _, text in headings)
    skipped = [headings[i + 1] for i in range(len(levels) - 1) if levels[i + 1] > levels[i] + 1]
    assert not skipped


@every_page
def test_page_is_in_its_language_and_its_landmarks_are_named(open_page, kind, language):
    page = open_page(kind, language)
    assert page.evaluate("document.documentElement.lang") == language
    for role in ("banner", "main", "contentinfo"):
        assert page.get_by_role(role).count() == 1, role
    navs = [nav.aria_snapshot().split("\n")[0] for nav in page.get_by_role("navigation").all()]
    assert all(re.match(r'- navigation "[^"]+"', nav) for nav in navs), navs
    assert len(set(navs)) == len(navs)


@every_page
def test_everything_read_stands_in_a_landmark(open_page, kind, language):
    outside = ask_each(
        open_page(kind, language), "body > :not(header, main, footer, nav, aside, .skip)", "one => one.outerHTML"
    )
    assert not [one for one in outside if not one.startswith(("<script", "<style"))]


@every_page
def test_listener_hears_title_answer_cards_and_charts_in_this_order(open_page, kind, language):
    page = open_page(kind, language)
    title = page.locator("h1").inner_text()
    if kind == "index":
        first_report = page.locator("main li a:visible").first.inner_text()
        assert read_in_turn(page.locator("body").inner_text(), [title, first_report]) == [title, first_report]
        return
    answer = ask_each(page, "main h2", "h2 => h2.innerText")[:1]
    headline = ask_each(page, "main h2 ~ * p, main h2 ~ p", "p => p.innerText")[:1]
    cards = ask_each(page, ".card .name", "name => name.innerText")
    charts = ask_each(page, "figure svg[role=img]", "svg => svg.ariaLabel")
    assert bool(answer) == bool(headline) == (kind != "not applicable")
    order = [title, *answer, *headline, *cards, *charts]
    assert read_in_turn(page.evaluate(SPOKEN), order) == order


# What is read aloud: the text, and the name of each picture in its place.
SPOKEN = """() => {
  for (const svg of document.querySelectorAll('svg[role=img]')) {
    if (!svg.checkVisibility()) continue
    const name = document.createElement('p')
    name.textContent = svg.getAttribute('aria-label')
    svg.replaceWith(name)
  }
  return document.body.innerText
}"""


@every_page
def test_eye_meets_title_answer_cards_and_charts_in_the_order_of_the_text(open_page, kind, language):
    page = open_page(kind, language, width=320)
    tops = ask_each(
        page, "main h1, main h2, main h3, main .card, main figure", "one => one.getBoundingClientRect().top"
    )
    assert tops == sorted(tops)


@every_page
def test_words_of_the_page_stay_when_its_styles_are_lost(open_page, kind, language):
    """Nothing that is said depends on a style sheet: text made by CSS would be lost to a reader without it."""
    made = ask_each(open_page(kind, language), "body *", MADE_BY_CSS)
    assert not [text for text in made if re.search(r"\w", text)]


MADE_BY_CSS = """one => ['::before', '::after'].map(part => getComputedStyle(one, part).content)
  .filter(content => content !== 'none' && content !== 'normal').join()"""


def test_no_two_pages_have_the_same_title(page_file):
    titles = {}
    for kind, language in [page for page in DEMO + SECTOR if page[0] != "code"]:
        text = page_file(kind, language).read_text(encoding="utf-8")
        titles[kind, language] = re.search("<title>(.*?)</title>", text).group(1)
    assert all(len(title) > 10 for title in titles.values())
    assert len(set(titles.values())) == len(titles), titles


@pytest.mark.parametrize("language", LANGUAGES)
def test_index_leads_to_reports_that_are_there_and_names_the_failed_one(open_page, page_file, language):
    page = open_page("index", language)
    links = ask_each(page, "main a[href]", "link => link.getAttribute('href')")
    assert len(links) >= 12
    assert not [link for link in links if not (page_file("index", language).parent / link).is_file()]
    names = ask_each(page, "main a[href]", "link => link.innerText.trim()")
    assert all(names)
    assert page.locator(".state.failed:visible").count() >= 1


def test_folded_parts_say_what_they_hold(open_page):
    page = open_page("code", "nl")
    summaries = ask_each(page, "summary", "summary => summary.innerText.trim()")
    assert len(summaries) > 5 and all(summaries)
    open_details(page)
    assert all(
        ask_each(
            page, "details", "one => one.innerText.trim().length > one.querySelector('summary').innerText.trim().length"
        )
    )
