"""A long page lists its sections after its answer; each section can be linked to."""

from __future__ import annotations

import re

from helpers.publish.sections import with_contents


def page(*headings: str) -> str:
    sections = "".join(f"<h2>{heading}</h2>\n<p>…</p>\n" for heading in headings)
    return f"<body>\n<main>\n<h1>T</h1>\n{sections}</main>\n<footer><h2>Data</h2></footer></body>"


FOUR = ("Answer", "Hoe zeker is dit?", "Één <code>model</code>", "Method")


def test_each_section_has_a_name_of_its_own_from_its_words():
    html = with_contents(page(*FOUR), "On this page")
    assert re.findall(r'<h2 id="([^"]+)"', html) == ["s1-answer", "s2-hoe-zeker-is-dit", "s3-een-model", "s4-method"]


def test_a_long_page_lists_its_sections_right_after_the_first():
    html = with_contents(page(*FOUR), "On this page")
    assert html.index('id="s1-answer"') < html.index("<nav") < html.index('id="s2-hoe')
    assert re.findall(r'<a href="#([^"]+)">([^<]+)</a>', html)[2] == ("s3-een-model", "Één model")
    assert html.startswith('<body class="long">') and "Data</a>" not in html


def test_a_short_page_has_no_list():
    html = with_contents(page(*FOUR[:3]), "On this page")
    assert "<nav" not in html and html.startswith("<body>") and 'id="s3-een-model"' in html


def test_equal_headings_have_unequal_names():
    assert re.findall(r'<h2 id="([^"]+)"', with_contents(page("A", "A"), "")) == ["s1-a", "s2-a"]


def test_what_is_escaped_in_a_heading_stays_so_in_the_list():
    assert "<b>" not in with_contents(page(*FOUR[:3], "&lt;b&gt; &amp; c"), "On this page")
