"""Every sentence of a page, prose of the notebook and computed alike, can be read in one breath."""

import html
import re

import pytest

from helpers.display.wording.paragraph import LONGEST_SENTENCE
from running import PUBLIC_PAGES, ROOT

NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
# Of public data the quick tests read the pages that they make anyway; of the demo they read every notebook.
QUICK = ("02_gallup_quartiles", "04_aegon_panel_lag", "10_unit_report")
PUBLIC_NOTEBOOKS = [one if one in QUICK else pytest.param(one, marks=pytest.mark.slow) for one in NOTEBOOKS]
FEWEST_SENTENCES = 20
BLOCK = re.compile(r"<(p|li|caption|h[1-6])\b[^>]*>((?:(?!<(?:p|li|ul|table|svg)\b).)*?)</\1>", re.S)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý0-9“]|eNPS)")


def sentences(page):
    """All sentences of the blocks of text of a page."""
    texts = (html.unescape(re.sub(r"<[^>]+>", "", block)) for _, block in BLOCK.findall(page))
    return [sentence for text in texts for sentence in SENTENCE_END.split(" ".join(text.split())) if sentence]


def check_lengths(state, text):
    found = sentences(text)
    assert state != "done" or len(found) >= FEWEST_SENTENCES
    assert not [sentence for sentence in found if len(sentence.split()) > LONGEST_SENTENCE]


@pytest.mark.parametrize("notebook", NOTEBOOKS)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_sentence_of_a_page_is_longer_than_thirty_words(demo, page, language, notebook):
    check_lengths(*page(demo, notebook, language=language))


@pytest.mark.parametrize("notebook", PUBLIC_NOTEBOOKS)
@pytest.mark.parametrize(("dataset", "language"), PUBLIC_PAGES)
def test_no_sentence_on_public_data_is_longer_than_thirty_words(request, page, dataset, language, notebook):
    check_lengths(*page(request.getfixturevalue(dataset), notebook, language=language))


@pytest.mark.parametrize("notebook", NOTEBOOKS)
@pytest.mark.parametrize(("dataset", "language"), [("demo_null", "en"), ("chicago", "en")])
@pytest.mark.slow
def test_no_sentence_on_other_data_is_longer_than_thirty_words(request, page, dataset, language, notebook):
    check_lengths(*page(request.getfixturevalue(dataset), notebook, language=language))


@pytest.mark.parametrize("notebook", NOTEBOOKS)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_sentences_of_a_page_have_no_gaps_or_stray_signs(demo, page, language, notebook):
    _, text = page(demo, notebook, language=language)
    assert not [one for one in sentences(text) if re.search(r"\bnan\b|\bNone\b|[{}]|\s[.,;]|\(\)|\.\.|(?<!\w)-\d", one)]
    assert not [one for one in sentences(text) if re.search(r"[a-z]'", one)], "an apostrophe must be curly"
