"""A power curve marks what is found reliably, and reads no power off the effect that was found."""

from __future__ import annotations

import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from made_up import effect

from helpers.display.plots import plot_power
from helpers.display.plots.style import NARROW, WIDE
from helpers.display.power_chart import power_chart
from helpers.display.wording import Words
from helpers.display.wording.lags import Claim
from helpers.display.wording.power import power_alt
from helpers.stats.power import least_detectable_effect, power_curve

EN, NL = Words("en"), Words("nl")
CLAIM = Claim("enps", "nps", 2)


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def estimate(found: float = -0.12, se: float = 0.09, df: float = 22.0) -> pd.Series:
    row = effect(2, found, found - 2 * se, found + 2 * se, ratio=2.0)
    row |= {"se": se, "se_sd": 2 * se, "df": df, "least_detectable": least_detectable_effect(se, df)}
    return pd.Series(row | {"least_detectable_sd": 2 * row["least_detectable"]})


def drawn(row: pd.Series, claim: Claim = CLAIM, *, width: int = WIDE, words: Words = EN, **more: float) -> plt.Axes:
    with plt.rc_context({"figure.figsize": (width / 72, 3)}):
        return plot_power(power_curve(row), words, claim, row=row, **more)


def texts(ax: plt.Axes) -> list[str]:
    return [text.get_text() for text in ax.figure.findobj(plt.Text) if text.get_text()]


def points(ax: plt.Axes, marker: str) -> list[tuple[float, float]]:
    here = [line for line in ax.lines if line.get_marker() == marker and line.get_transform() == ax.transData]
    return [(float(line.get_xdata()[0]), float(line.get_ydata()[0])) for line in here]


def test_the_least_detectable_effect_lies_on_the_curve_at_eighty_percent():
    ax = drawn(estimate())
    curve = max(ax.lines, key=lambda line: len(line.get_xdata()))
    (place, power), *_ = points(ax, "o")
    assert power == 0.8 and np.interp(place, *curve.get_data()) == pytest.approx(0.8, abs=0.005)
    assert "80% chance at 2.6\u00a0points" in texts(ax)


def test_the_effect_found_stands_on_the_axis_by_its_size():
    ax = drawn(estimate(-0.12))
    assert points(ax, "o")[1] == pytest.approx((1.2, 0))
    assert "size of the effect found here: 1.2\u00a0points" in texts(ax)


def test_an_effect_claimed_elsewhere_has_a_mark_of_its_own_even_beyond_the_curve():
    ax = drawn(estimate(), claimed=-7.5)
    assert points(ax, "D") == [pytest.approx((7.5, 0))] and ax.get_xlim()[1] == pytest.approx(7.5)


def test_measures_without_points_are_told_in_standard_deviations():
    ax = drawn(estimate(), Claim("hands_on_management", "customer_satisfaction", 1))
    assert points(ax, "o")[0][0] == pytest.approx(0.53, abs=0.005)
    assert any("standard deviation" in text for text in texts(ax))


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("found", [-0.01, 0.25, 3.0])
@pytest.mark.parametrize("outcome", ["parent_teacher_partnership", "repurchase"])
@pytest.mark.parametrize("words", [EN, NL])
def test_labels_stay_inside_the_drawing(width: int, found: float, outcome: str, words: Words):
    ax = drawn(estimate(found), Claim("trust_in_leadership", outcome, 1), width=width, words=words)
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert min(box.x0 for box in boxes) >= 0 and max(box.x1 for box in boxes) <= width


@pytest.mark.parametrize("words", [EN, NL])
@pytest.mark.parametrize("outcome", ["nps", "customer_satisfaction", "repurchase"])
@pytest.mark.parametrize("se", [0.02, 0.09, 0.3])
def test_no_word_of_a_label_is_broken_on_a_phone(words: Words, outcome: str, se: float):
    row, claim = estimate(se=se), Claim("enps", outcome, 1)
    wide, narrow = (
        {word for text in texts(drawn(row, claim, width=width, words=words)) for word in re.findall(r"[^\W\d]+", text)}
        for width in (2 * WIDE, NARROW)
    )
    assert narrow == wide


def test_the_alternative_text_tells_what_is_found_and_what_is_missed():
    row = estimate()
    assert power_alt(power_curve(row), EN, CLAIM, row=row, claimed=4).unescape().replace("\u00a0", " ") == (
        "Chance to find a change in NPS with a rise of 10 points in eNPS: 80% from 2.6 points on. A change half that "
        "size is found 29% of the time. The effect claimed elsewhere is marked at 4.0 points. The effect found here is "
        "marked at 1.2 points."
    )


def test_the_chart_holds_points_of_the_curve_as_a_table():
    row = estimate()
    html = power_chart(power_curve(row), NL, CLAIM, row=row).table.html.replace("\u00a0", " ")
    assert '<th scope="row">2,6 punt</th><td class="num">80%</td>' in html and html.count("<tr>") == 8


def test_no_chart_without_a_standard_error():
    row = estimate(float("nan"), float("nan"))
    assert power_chart(power_curve(row), EN, CLAIM, row=row) is None
