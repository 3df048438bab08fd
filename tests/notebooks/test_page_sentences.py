"""Every sentence of a page, prose of the notebook and computed alike, can be read in one breath."""

import html
import re

import pytest

from helpers.display.wording.paragraph import LONGEST_SENTENCE
from running import PUBLIC_PAGES, ROOT

NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
FEWEST_SENTENCES = 20
BLOCK = re.compile(r"<(p|li|caption|h[1-6])\b[^>]*>((?:(?!<(?:p|li|ul|table|svg)\b).)*?)</\1>", re.S)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý0-9“]|eNPS)")


def sentences(page):
    """All sentences of the blocks of text of a page."""
    texts = (html.unescape(re.sub(r"<[^>]+>", "", block)) for _, block in BLOCK.findall(page))
    return [sentence for text in texts for sentence in SENTENCE_END.split(" ".join(text.split())) if sentence]


@pytest.mark.parametrize("notebook", NOTEBOOKS)
@pytest.mark.parametrize(
    ("dataset", "language"),
    [
        *(("demo", "en"), ("demo", "nl"), *PUBLIC_PAGES),
        *(pytest.param(name, "en", marks=pytest.mark.slow) for name in ("demo_null", "chicago")),
    ],
)
def test_no_sentence_of_a_page_is_longer_than_thirty_words(request, page, dataset, language, notebook):
    state, text = page(request.getfixturevalue(dataset), notebook, language=language)
    found = sentences(text)
    assert state != "done" or len(found) >= FEWEST_SENTENCES
    assert not [sentence for sentence in found if len(sentence.split()) > LONGEST_SENTENCE]


@pytest.mark.parametrize("notebook", NOTEBOOKS)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_sentences_of_a_page_have_no_gaps_or_stray_signs(demo, page, language, notebook):
    _, text = page(demo, notebook, language=language)
    assert not [one for one in sentences(text) if re.search(r"\bnan\b|\bNone\b|[{}]|\s[.,;]|\(\)|\.\.|(?<!\w)-\d", one)]
    assert not [one for one in sentences(text) if re.search(r"[a-z]'", one)], "an apostrophe must be curly"
