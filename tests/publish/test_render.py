"""A page is complete, in one language, and asks nothing of anyone."""

import base64
import re

import pytest
from nbformat import v4

from helpers.publish.render import render_html

PAGE = {
    "title": "Where do we stand? – <b>Retail</b> – Demo",
    "language": "en",
    "dataset": "Demo",
    "unit": "<b>Retail</b>",
    "synthetic": False,
    "published": False,
    "min_group": 10,
    "source": "Made by hand",
    "data_hash": "9dc66721fb1a",
}
PIXEL = base64.b64encode(b"not really a picture").decode()


def page(*outputs, prose="# Where do we stand?", code=False, **facts):
    shown = [v4.new_output("display_data", data, metadata=meta) for data, meta in outputs]
    cells = [v4.new_markdown_cell(prose), v4.new_code_cell("answer(unit)", outputs=shown)]
    return render_html(v4.new_notebook(cells=cells, metadata={"excx": PAGE | facts}), code=code)


def html_output(html):
    return {"text/html": html, "text/plain": "repr"}, {}


def test_the_page_says_its_language_title_place_and_source():
    html = page()
    assert '<html lang="en">' in html
    assert "<title>Where do we stand? – &lt;b&gt;Retail&lt;/b&gt; – Demo</title>" in html
    assert html.count("<h1") == 1
    assert re.search(r'<p class="place">Demo <span>&lt;b&gt;Retail', html)
    assert "<dt>Source</dt><dd>Made by hand</dd>" in html and "9dc66721fb1a" in html


def test_the_page_has_landmarks_and_a_way_past_them():
    html = page()
    assert '<a class="skip" href="#content">Skip to the content</a>' in html
    assert all(html.count(f"<{mark}") == 1 for mark in ("header", "main", "footer"))
    assert '<main id="content">' in html


def test_the_page_needs_nothing_from_outside_and_forbids_it():
    html = page(html_output("<p>Yes.</p>"))
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html
    assert not re.findall(r"<(?:script|link|iframe|object)\b", html)
    assert not re.findall(r"(?:src|href)=[\"'](?!#|data:)", html)
    assert "@import" not in html and "url(" not in html


def test_the_page_around_the_content_is_small():
    assert len(page()) < 16_000


@pytest.mark.parametrize(("language", "word"), [("en", "SYNTHETIC"), ("nl", "SYNTHETISCH")])
def test_made_up_data_are_called_so(language, word):
    assert f"<strong>{word}</strong>" in page(synthetic=True, language=language)
    assert word not in page(synthetic=False, language=language)


def test_the_page_says_which_rule_hides_figures():
    assert "at least 10 answers" in page() and "Confidential" in page()
    published = page(published=True)
    assert "The source itself published these figures" in published and "Confidential" not in published


def test_a_dutch_page_has_no_english_around_its_content():
    html = page(language="nl", synthetic=True)
    assert '<html lang="nl">' in html and "Naar de inhoud" in html
    assert not re.findall(r"Skip to|About the|Figures that|Confidential|Source<", html)


def test_code_is_hidden_or_folded():
    assert "answer(unit)" not in page(html_output("<p>Yes.</p>"))
    html = page(code=True)
    assert re.search(r'<details class="code"><summary>Code</summary>.*answer\(unit\)', html)


def test_cells_for_researchers_come_with_the_code():
    cells = [v4.new_markdown_cell("# Title"), v4.new_markdown_cell("The tools.", metadata={"tags": ["researcher"]})]
    nb = v4.new_notebook(cells=cells, metadata={"excx": PAGE})
    assert "The tools." not in render_html(nb)
    assert "The tools." in render_html(nb, code=True)


def test_prints_warnings_and_bare_texts_are_not_shown():
    outputs = [v4.new_output("stream", name=name, text="secret words") for name in ("stdout", "stderr")]
    outputs.append(v4.new_output("execute_result", {"text/plain": "<Axes: secret words>"}, execution_count=1))
    cells = [v4.new_markdown_cell("# Title"), v4.new_code_cell("1", outputs=outputs)]
    assert "secret words" not in render_html(v4.new_notebook(cells=cells, metadata={"excx": PAGE}), code=True)


def test_a_picture_keeps_its_description():
    picture = ({"image/png": PIXEL}, {"image/png": {"alt": 'eNPS rose from "4" to 11'}})
    assert 'alt="eNPS rose from &#34;4&#34; to 11"' in page(picture)


def test_a_picture_without_description_fails_the_page():
    with pytest.raises(ValueError, match="describe every picture"):
        page(({"image/png": PIXEL}, {}))


@pytest.mark.parametrize("kind", ["application/javascript", "application/vnd.jupyter.widget-view+json"])
def test_an_output_that_runs_fails_the_page(kind):
    with pytest.raises(ValueError, match="output must hold no script"):
        page(({kind: "alert(1)", "text/html": "<p>a</p>"}, {}))


def test_markup_in_prose_and_in_outputs_is_checked():
    with pytest.raises(ValueError, match="found <script>"):
        page(html_output("<script>1</script>"))
    with pytest.raises(ValueError, match="found <script>"):
        page(prose="# Title\n\n<script>1</script>")


def test_a_second_title_fails_the_page():
    with pytest.raises(ValueError, match=r"page must have one title.*found 2"):
        page(html_output("<h1>Another</h1>"))


def test_a_page_without_title_fails():
    with pytest.raises(ValueError, match=r"page must have one title.*found 0"):
        page(prose="No title")


def test_addresses_in_prose_become_text_and_anchors_stay():
    html = page(prose="# T\n\n[Rocks](https://doi.org/1) [here](../docs/methods.md) [below](#method) <https://a.b>")
    assert "Rocks (https://doi.org/1) here" in html and '<a href="#method">below</a> https://a.b' in html


def test_wide_tables_scroll_in_a_box_of_their_own():
    table = "<table><caption>c</caption><tr><td>1</td></tr></table>"
    html = page(html_output(table), prose="# T\n\n| a |\n|---|\n| 1 |")
    assert html.count('<div class="scroll" tabindex="0"><table>') == 2


def test_a_formula_stays_readable_without_a_script():
    assert '<span class="math">100 (p - d) &lt; 1</span>' in page(prose="# T\n\n$100 (p - d) < 1$")


def test_the_same_notebook_gives_the_same_bytes():
    assert page(html_output("<p>Yes.</p>")) == page(html_output("<p>Yes.</p>"))
