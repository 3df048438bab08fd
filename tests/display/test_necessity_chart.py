"""A grid of exceptions shows its counts in every cell, and a sign that does not rest on colour."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest
from drawings import necessity_cells

from helpers.display.necessity_chart import necessity_chart
from helpers.display.plots import plot_necessity
from helpers.display.plots.style import NARROW, WIDE
from helpers.display.wording import Words
from helpers.display.wording.lags import Claim
from helpers.display.wording.necessity import necessity_answer

EN, NL, CLAIM = Words("en"), Words("nl"), Claim("enps", "nps", 2)


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_cell_has_its_counts_and_they_stay_apart(width: int):
    with plt.rc_context({"figure.figsize": (width / 72, 3)}):
        ax = plot_necessity(necessity_cells(), NL, CLAIM)
    ax.figure.canvas.draw()
    counts = [note for note in ax.texts if note.get_text().count(" / ") == 1 and note.get_text()[0].isdigit()]
    boxes = [note.get_window_extent() for note in counts]
    assert len(boxes) == 16 and not any(a.overlaps(b) for a in boxes for b in boxes if a is not b)


def test_signs_differ_by_form_and_only_those_drawn_are_named():
    cells = necessity_cells().query("state != 'few_chances'")
    drawn = plot_necessity(cells, EN, CLAIM)
    assert {line.get_marker() for line in drawn.lines if line.get_marker() != "None"} == {"o", "D"}
    assert not [note for note in drawn.texts if "too few chances" in note.get_text()]


def test_the_table_holds_what_the_drawing_shows():
    html = necessity_chart(necessity_cells(), EN, CLAIM).table.html
    assert '<th scope="row">46</th><td class="num">5</td><td class="num">90%</td><td class="num">0</td>' in html
    assert html.count("<tr>") == 17


def test_an_unknown_verdict_is_refused():
    with pytest.raises(ValueError, match="verdict must be one of holds, fails, cannot_tell; found 'yes'"):
        necessity_answer({}, EN, CLAIM, verdict="yes", because="")
