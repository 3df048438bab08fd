"""Charts of drivers: the map against a target, shares without a sign, and long Dutch names on a phone."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from made_up import released, score

from helpers.display.driver_charts import importance_chart, importance_table
from helpers.display.plots import plot_forest, plot_importance
from helpers.display.plots.style import MUTED, NARROW
from helpers.display.wording import Words
from helpers.display.wording.importance import importance_alt
from helpers.display.wording.themes import Against

EN, NL = Words("en"), Words("nl")
THEMES = ("meaningful_work", "hands_on_management", "growth_opportunity")
LONG = dict(
    zip(
        THEMES,
        ("Verantwoordelijkheidsverdeling in teams x", "Loopbaanontwikkelingsmogelijkheden hier 2", "Werk"),
        strict=True,
    )
)
AGAINST = Against(3.5, 1 / 3, dict(zip(THEMES, ("keep", "unclear", "wait"), strict=True)))
SHARES = pd.DataFrame(
    {"term": THEMES, "estimate": [0.5, 0.35, 0.15], "ci_low": [0.4, 0.3, 0.1], "ci_high": [0.6, 0.4, 0.2]}
)


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


@pytest.fixture
def table():
    return released(
        *(score(measure=one, estimate=value, half=0.1) for one, value in zip(THEMES, (4.0, 3.6, 3.1), strict=True))
    )


def texts(ax: plt.Axes) -> list[str]:
    return [text.get_text() for text in ax.figure.findobj(plt.Text) if text.get_text()]


def test_the_map_is_parted_by_the_target_and_an_even_share(table):
    ax = plot_importance(table, EN, SHARES, against=AGAINST)
    dashed = [line for line in ax.lines if line.get_linestyle() == "--"]
    assert sorted({*dashed[0].get_xdata(), *dashed[1].get_ydata()}) == pytest.approx([1 / 3, 3.5])
    said = " ".join(texts(ax))
    assert "Dashed lines: the score aimed at, and an even share" in said and "averages" not in said


def test_a_link_too_small_to_matter_is_grey_and_not_called_unclear(table):
    small = Against(3.5, 1 / 3, AGAINST.quadrants | {"hands_on_management": "small"})
    ax = plot_importance(table, EN, SHARES, against=small)
    colours = {line.get_color() for line in ax.lines if line.get_marker() == "o"}
    assert MUTED in colours and "link too small to matter" in texts(ax)
    assert not any("cannot tell" in text for text in texts(ax))
    assert "Link too small to matter: Hands-on management." in importance_alt(table, EN, SHARES, against=small)
    assert "<td>too small to matter</td>" in importance_table(table, EN, SHARES, against=small).html


def test_the_words_beside_the_map_say_the_standings_that_were_judged(table):
    assert importance_alt(table, EN, SHARES, against=AGAINST) == (
        "Scores and importance of 3 drivers. Importance from 15% to 50%, scores from 3.10 to 4.00. "
        "Keep: Meaningful work. Can wait: Growth opportunity. "
        "Cannot tell, because an interval crosses a dashed line or there may be no link: Hands-on management."
    )
    html = importance_table(table, EN, SHARES, against=AGAINST).html
    assert "<td>keep</td>" in html and "<td>can wait</td>" in html


@pytest.mark.parametrize("draw", ["map", "shares"])
def test_names_of_forty_letters_stay_within_a_phone(table, draw):
    with plt.rc_context({"figure.figsize": (NARROW / 72, 3)}):
        if draw == "map":
            ax = plot_importance(table, NL, SHARES, names=LONG, against=AGAINST)
        else:
            rows = SHARES.assign(name=list(LONG.values()), is_level=True)
            ax = plot_forest(rows, NL, quantity="procent van wat zij samen verklaren")
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.figure.findobj(plt.Text) if text.get_text()]
    assert min(box.x0 for box in boxes) >= -1 and max(box.x1 for box in boxes) <= ax.figure.bbox.width + 1


def test_shares_have_no_sign_and_differences_have(table):
    shares, differences = (
        texts(plot_forest(SHARES.assign(is_level=is_level), EN, quantity="x")) for is_level in (True, False)
    )
    assert not any("+" in text for text in shares) and any("+0.50" in text for text in differences)


def test_the_map_is_a_chart_with_its_table(table):
    chart = importance_chart(table, EN, SHARES, against=AGAINST)
    assert chart is not None and "Keep: Meaningful work" in chart.alt
