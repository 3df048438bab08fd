"""Every drawing says in words what it shows, in the page's language, with the figures in a table beside it."""

import re
from collections import Counter

import pytest
from pages import every_page
from scripts import ask_each, open_details

pytestmark = pytest.mark.browser

WITH_CHARTS = (
    *("nps", "gap", "meta", "lag", "checks", "growth", "drivers", "moments", "chain", "staff", "actions", "whole"),
    "long name",
)
PLACEHOLDER = re.compile(
    r"(?:(?:chart|figure|graph|image|picture|plot|grafiek|figuur|afbeelding|plaatje|todo|alt)[\s\d.:]*)+"
    r"|.*\.(?:png|svg|jpe?g)\b.*",
    re.IGNORECASE,
)
FIGURE = re.compile(r"[+−]?\d+(?:[.,]\d+)*%?")
# Words that one language has and the other has not.
FOREIGN = {
    "en": r"\b(het|een|de|van|voor|met|tussen|eenheid|medewerkers|klanten|tot en met|niet)\b",
    "nl": r"\b(the|from|with|between|unit|employees|customers|and|not|each)\b",
}
CHART = """figure => ({
  labels: [...figure.querySelectorAll('svg[role=img], img')].filter(one => one.checkVisibility())
    .map(one => one.getAttribute('aria-label') || one.alt || ''),
  caption: figure.querySelector('table caption')?.innerText || '',
  table: figure.querySelector('table')?.innerText || '',
})"""
TABLE = """table => ({
  caption: table.caption?.innerText.trim() || '',
  html: table.outerHTML.slice(0, 300),
  unscoped: [...table.querySelectorAll('th')].filter(th => !/^(col|row)(group)?$/.test(th.scope)).length,
  headed: [...table.tBodies].every(body => [...body.rows].every(row => row.querySelector('th[scope=row]'))),
  columns: table.tHead ? [...table.tHead.rows].at(-1).cells.length : 0,
})"""


def is_placeholder(label):
    return PLACEHOLDER.fullmatch(label.strip()) is not None or len(label.split()) < 3


@every_page
def test_every_drawing_says_what_it_shows(open_page, kind, language):
    page = open_page(kind, language)
    unnamed = ask_each(page, "svg:not([role=img]):not([aria-hidden=true]), img:not([alt])", "one => one.outerHTML")
    assert not unnamed
    labels = ask_each(page, "svg[role=img], img", "one => one.getAttribute('aria-label') || one.alt || ''")
    assert not [label for label in labels if is_placeholder(label)]
    assert not [label for label in labels if not FIGURE.search(label)], "a label must hold a figure"
    assert not [label for label in labels if re.search(FOREIGN[language], label, re.IGNORECASE)]
    assert not [label for label, times in Counter(labels).items() if times > 1], "a label must be its drawing's own"


@every_page
def test_every_chart_has_one_drawing_a_sentence_and_its_figures_as_a_table(open_page, kind, language):
    page = open_page(kind, language)
    open_details(page)
    charts = ask_each(page, "main figure", CHART)
    assert charts or kind not in WITH_CHARTS
    for chart in charts:
        assert len(chart["labels"]) == 1, "of the drawings for wide and narrow pages, one must be shown"
        label = chart["labels"][0]
        assert re.match(r"[A-Z0-9]|eNPS ", label) and label.endswith(".") and len(label.split()) >= 8, label
        assert chart["caption"].strip()
        shared = set(FIGURE.findall(label)) & set(FIGURE.findall(chart["table"]))
        assert [figure for figure in shared if not re.fullmatch(r"(19|20)\d\d", figure)], (label, chart["table"])


@pytest.mark.parametrize("width", [320, 600, 1280])
def test_exactly_one_drawing_of_each_chart_is_shown_at_every_width(open_page, width):
    page = open_page("whole", "nl", width=width)
    drawings = ask_each(page, "main figure", CHART)
    assert drawings and {len(chart["labels"]) for chart in drawings} == {1}


@every_page
def test_every_table_has_a_caption_and_headers_that_say_what_they_head(open_page, kind, language):
    page = open_page(kind, language)
    open_details(page)
    for table in ask_each(page, "table", TABLE):
        assert table["caption"] and not table["unscoped"] and table["headed"] and table["columns"] > 1, table["html"]


@pytest.mark.parametrize("label", ["Chart", "figure 1", "Grafiek 2.", "image", "trend.png", "Afbeelding", "", "eNPS"])
def test_placeholder_is_told_from_a_description(label):
    assert is_placeholder(label)


def test_description_is_no_placeholder():
    assert not is_placeholder("Figure for figure, eNPS of Netherlands rose from 12 to 19.")
