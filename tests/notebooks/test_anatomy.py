"""Every notebook tells its story in the same order, in small cells, without logic of its own."""

import json
import re
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
HEADINGS = ["Answer", "How sure are we?", "What could explain it otherwise?", "Method", "Run record"]
# A leader's page: the answer follows the title at once, and what else there is to see comes before the doubts.
LEADERS = {"10_unit_report"}
SHOWN = [
    "How did we get here?",
    "Where do we stand?",
    "How do the units below differ?",
    "How do employees see their work?",
    "Do customers follow employees?",
    "What was agreed?",
]
COMMON_PARAMETERS = ("dataset: str", "unit: str", "language: str", "conf_level: float")

notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path, kind: str | None = None) -> list[dict]:
    found = json.loads(path.read_text())["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in found if kind in (None, cell["cell_type"])]


def test_there_are_notebooks():
    assert {"02_gallup_quartiles", "04_aegon_panel_lag", "10_unit_report"} <= {path.stem for path in NOTEBOOKS}


@notebook
def test_title_is_a_question_in_plain_words(path):
    title, *text = cells(path)[0]["source"].splitlines()
    assert title.startswith("# ") and title.endswith("?")
    if path.stem in LEADERS:
        assert not text
    else:
        assert 50 <= len(" ".join(text).split()) <= 110


@notebook
def test_sections_stand_in_the_order_of_the_collection(path):
    text = "\n".join(cell["source"] for cell in cells(path, "markdown"))
    shown = SHOWN if path.stem in LEADERS else []
    assert re.findall(r"^## (.+)$", text, re.M) == [HEADINGS[0], *shown, *HEADINGS[1:]]


@notebook
def test_one_parameters_cell_holds_typed_literals_with_a_comment_each(path):
    tagged = [cell["source"] for cell in cells(path, "code") if "parameters" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1
    lines = tagged[0].splitlines()
    assert all(re.fullmatch(r"\w+: (str|int|float|bool) = .+  # .+", line) for line in lines), lines
    assert all(any(line.startswith(name) for line in lines) for name in COMMON_PARAMETERS)


@notebook
def test_cells_are_small_and_hold_no_logic(path):
    for cell in cells(path, "code"):
        assert len(cell["source"].splitlines()) <= 12, cell["source"]
        assert not re.search(
            r"^\s*(def|class|for|while|if|elif|else|try|except|import warnings)\b", cell["source"], re.M
        )


@notebook
def test_prose_comes_before_code(path):
    kinds = [cell["cell_type"] for cell in cells(path)]
    after_prose = [kinds[i - 1] == "markdown" for i, kind in enumerate(kinds) if kind == "code"]
    assert sum(after_prose) / len(after_prose) >= 0.9
    assert 15 <= len(kinds) <= 32


@notebook
def test_sources_carry_no_outputs(path):
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in cells(path, "code"))


@notebook
def test_prose_holds_no_number_of_this_dataset(path):
    """Figures of the literature stand beside their year; anything else must be computed."""
    for cell in cells(path, "markdown"):
        for sentence in re.split(r"(?<=[.?!])\s", re.sub(r"\$.*?\$|`.*?`", "", cell["source"])):
            if re.search(r"\d+(\.\d+)? ?(%|points)", sentence):
                assert re.search(r"\b(19|20)\d\d\b|95 %", sentence), sentence
