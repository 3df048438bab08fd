"""Letters and marks in drawings can be told from the paper, in both colour schemes; axe looks at no drawing."""

import re
from pathlib import Path

import pytest
from pages import every_page

pytestmark = pytest.mark.browser

DRAWN = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
# WCAG 2.2, success criteria 1.4.3 and 1.4.11.
LEAST_TEXT, LEAST_GRAPHIC = 4.5, 3.0
VARIABLES = """names => Object.fromEntries(names.map(name =>
  [name, getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()]))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@every_page
def test_letters_and_marks_in_drawings_stand_out(open_page, kind, language, scheme):
    drawn = open_page(kind, language, scheme=scheme).evaluate(DRAWN)
    assert not [(one["what"], one["ratio"]) for one in drawn["text"] if one["ratio"] < LEAST_TEXT]
    assert not [(one["what"], one["ratio"]) for one in drawn["graphics"] if one["ratio"] < LEAST_GRAPHIC]


def test_faint_letters_and_marks_are_noticed(open_page):
    page = open_page("whole", "en")
    drawn = page.evaluate(DRAWN)
    assert len(drawn["text"]) > 20 and len(drawn["graphics"]) > 10
    page.add_style_tag(content="svg * { fill: #ddd !important; stroke: #ddd !important }")
    faint = page.evaluate(DRAWN)
    assert max(one["ratio"] for part in faint.values() for one in part) < LEAST_GRAPHIC


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_of_the_page_stand_out_from_paper_and_cards(open_page, scheme):
    page = open_page("whole", "en", scheme=scheme)
    css = page.evaluate("document.querySelector('style').textContent")
    names = sorted(set(re.findall(r"--(cat-\d+)", css)))
    assert len(names) >= 7
    colours = page.evaluate(VARIABLES, ["paper", "card", "ink", "muted", "accent", "warn", *names])
    for paper in ("paper", "card"):
        for text in ("ink", "muted", "accent", "warn"):
            assert contrast(colours[text], colours[paper]) >= LEAST_TEXT, (text, paper)
        for graphic in names:
            assert contrast(colours[graphic], colours[paper]) >= LEAST_GRAPHIC, (graphic, paper)


def test_contrast_is_that_of_wcag():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


def contrast(one, other):
    """Give the contrast ratio of two colours such as ``#fff`` or ``#0a5a78``."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    """Give the relative luminance of a colour, 0 to 1."""
    digits = colour.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
