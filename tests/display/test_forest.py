"""A forest plot shows every interval, cuts none off unseen, and keeps what all come to apart."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from drawings import CLAIM, NAMES, forest_rows
from made_up import effect
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font

from helpers.display.forest_chart import forest_chart
from helpers.display.plots import plot_forest
from helpers.display.plots.rows import EDGE, rows_of
from helpers.display.plots.style import INK, NARROW, SMALL, WIDE
from helpers.display.wording import Words
from helpers.display.wording.forest import forest_alt
from helpers.display.wording.lags import Claim

EN, NL = Words("en"), Words("nl")
CHOICE = {"claim": CLAIM, "pooled": "all"}


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def drawn(rows: pd.DataFrame, *, width: int = WIDE, words: Words = EN, **choice: object) -> plt.Axes:
    with plt.rc_context({"figure.figsize": (width / 72, 3)}):
        return plot_forest(rows, words, **choice)


def texts(ax: plt.Axes) -> list[str]:
    return [text.get_text() for text in ax.figure.findobj(plt.Text) if text.get_text()]


def spans(ax: plt.Axes) -> list[tuple[float, float]]:
    return [tuple(line.get_xdata()) for line in ax.lines if line.get_linewidth() == 2.5]


def test_every_estimate_has_its_interval_per_step_of_x():
    assert spans(drawn(forest_rows(), **CHOICE))[:3] == [pytest.approx(pair) for pair in [(1, 5), (-3, 1), (1, 3)]]


def test_an_interval_wider_than_the_others_ends_in_arrows_and_is_told_in_full():
    ax = drawn(forest_rows(), **CHOICE)
    assert spans(ax)[3] == pytest.approx(ax.get_xlim())
    arrows = [line for line in ax.lines if line.get_marker() in (4, 5)]
    assert sorted(line.get_xdata()[0] for line in arrows) == pytest.approx(ax.get_xlim())
    assert "+4.0 (−40.0 to +48.0)" in texts(ax)


def test_an_estimate_far_from_the_others_is_an_arrow_at_the_edge():
    rows = pd.DataFrame([effect(2, 0.1, 0.0, 0.2), effect(2, 0.2, 0.1, 0.3), effect(2, 9, 5, 13)])
    ax = drawn(rows.assign(term=list("abc")), claim=CLAIM)
    assert ax.get_xlim()[1] < 10 and [line.get_marker() for line in ax.lines].count(5) == 1
    assert len([line for line in ax.lines if line.get_marker() == "o"]) == 2


def test_all_together_is_a_diamond_as_wide_as_its_interval_in_the_last_row():
    ax = drawn(forest_rows(), **CHOICE)
    (diamond,) = [
        patch for patch in ax.patches if patch.get_facecolor()[:3] == pytest.approx(plt.matplotlib.colors.to_rgb(INK))
    ]
    corners = diamond.get_xy()
    assert (corners[:, 0].min(), corners[:, 0].max()) == pytest.approx((1.2, 2.8))
    assert np.mean(corners[[1, 3], 1]) == ax.get_yticks()[-1]


def test_dots_grow_with_weight():
    sizes = [line.get_markersize() for line in drawn(forest_rows(), **CHOICE).lines if line.get_marker() == "o"]
    assert sizes[2] == max(sizes) and sizes[0] == sizes[1] and sizes[2] ** 2 / sizes[0] ** 2 == pytest.approx(2.5)


def test_effects_too_small_to_matter_are_shaded_on_both_sides_and_named():
    ax = drawn(forest_rows(), smallest=0.05, **CHOICE)
    (band,) = [
        patch for patch in ax.patches if isinstance(patch, plt.Rectangle) and patch.get_width() == pytest.approx(1.0)
    ]
    assert band.get_x() == pytest.approx(-0.5)
    assert "shaded: too small to matter (up to 0.5)" in texts(ax)


def test_a_phone_shows_estimates_and_a_desk_their_intervals_too():
    assert "+3.0 (+1.0 to +5.0)" in texts(drawn(forest_rows(), **CHOICE))
    narrow = texts(drawn(forest_rows(), width=NARROW, **CHOICE))
    assert "+3.0" in narrow and not any("+1.0 to" in text for text in narrow)


def test_an_estimate_that_is_not_given_says_so():
    assert "niet te geven" in texts(drawn(forest_rows(), words=NL, **CHOICE))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_long_names_and_figures_stay_inside_the_drawing(width: int):
    ax = drawn(forest_rows(), width=width, words=NL, **CHOICE)
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert min(box.x0 for box in boxes) >= 0 and max(box.x1 for box in boxes) <= width + 1


def test_figures_without_a_claim_are_drawn_as_they_are():
    rows = pd.DataFrame({"term": ["a", "b"], "estimate": [0.31, 0.2], "ci_low": [0.1, 0.1], "ci_high": [0.52, 0.3]})
    ax = drawn(rows, quantity="correlation")
    assert spans(ax) == [(0.1, 0.52), (0.1, 0.3)] and {"Correlation", "+0.31 (+0.10 to +0.52)"} <= set(texts(ax))


def test_effects_on_a_rate_are_told_in_percentage_points():
    rows = pd.DataFrame([effect(1, 0.002, 0.001, 0.003), effect(1, 0.001, 0.0, 0.002)]).assign(term=["a", "b"])
    assert spans(drawn(rows, claim=Claim("enps", "repurchase", 1)))[0] == pytest.approx((1.0, 3.0))


def test_a_pooled_row_that_is_not_there_or_alone_is_refused():
    with pytest.raises(ValueError, match="pooled must be the term of one row; found 'none' in 0 rows"):
        drawn(forest_rows(), claim=CLAIM, pooled="none")
    with pytest.raises(ValueError, match="estimates must have rows besides the pooled one; found 1 in all"):
        drawn(forest_rows().tail(1), **CHOICE)


def test_nothing_is_said_of_zero_where_no_figure_could_lie_below_it():
    shares = pd.DataFrame(
        {"term": ["a", "b"], "estimate": [60.0, 40.0], "ci_low": [55.0, 35.0], "ci_high": [65.0, 45.0]}
    )
    told = forest_alt(shares.assign(is_level=True), EN, quantity="percent of all")
    assert "clear of zero" in forest_alt(shares, EN, quantity="percent of all")
    assert told == "Percent of all: 2 estimates, from 40 (b) to 60 (a)."


@pytest.mark.parametrize("name", ["Alle momenten samen", "Samenwerking tussen", "WWW en MMM", "Lijst"])
def test_a_name_beside_the_plot_is_not_cut_off(name):
    font = FT2Font(findfont(FontProperties(family="DejaVu Sans")))
    font.set_size(100, 72)
    width = sum(font.load_char(ord(letter)).linearHoriAdvance / 65536 / 100 for letter in name)
    with plt.rc_context({"figure.figsize": (WIDE / 72, 3)}):
        lines = rows_of([name])
    assert not lines.above and lines.left >= SMALL * width + EDGE


def test_what_is_estimated_must_be_said():
    with pytest.raises(ValueError, match="quantity must say what is estimated where there is no claim; found ''"):
        forest_alt(forest_rows(), EN)


def test_the_alternative_text_tells_the_ends_what_is_clear_and_all_together():
    assert forest_alt(forest_rows(), EN, **CHOICE).unescape() == (
        f"NPS per rise of 10\u00a0points in eNPS: 4 estimates, from −1.0 ({NAMES[1]}) to +4.0 ({NAMES[3]}). "
        "2 intervals are clear of zero. 1 could not be given. All together: +2.0, 95%\u00a0interval +1.2 to +2.8."
    )


def test_the_chart_holds_its_figures_as_a_table():
    chart = forest_chart(forest_rows(), NL, smallest=0.05, **CHOICE)
    assert '<td class="num">+3,0</td><td class="num">+1,0 tot +5,0</td><td class="num">0,2</td>' in chart.table.html
    assert chart.table.html.count("<tr>") == 7


def test_no_chart_without_an_estimate():
    assert forest_chart(forest_rows().assign(estimate=float("nan")), EN, **CHOICE) is None
