"""Themes stand where their score and importance are, and in a quadrant only where both intervals agree."""

from __future__ import annotations

import re
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from made_up import released, score

from helpers.display.driver_charts import importance_chart, importance_table
from helpers.display.plots import plot_importance
from helpers.display.plots.style import NARROW, PAPER, WIDE
from helpers.display.wording import Words
from helpers.display.wording.importance import importance_alt
from helpers.display.wording.paragraph import LONGEST_SENTENCE
from helpers.display.wording.themes import themes_of
from helpers.release import ReleasedTable

EN, NL = Words("en"), Words("nl")
THEMES = ("meaningful_work", "hands_on_management", "positive_environment", "growth_opportunity", "trust_in_leadership")
SCORES, SHARES = (4.2, 3.0, 4.0, 3.2, 3.6), (0.3, 0.35, 0.1, 0.05, 0.2)


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def scores(values: tuple[float, ...] = SCORES, themes: tuple[str, ...] = THEMES, **more: float) -> ReleasedTable:
    return released(
        *(
            score(measure=theme, estimate=value, **{"half": 0.1, **more})
            for theme, value in zip(themes, values, strict=True)
        )
    )


def shares(values: tuple[float, ...] = SHARES, themes: tuple[str, ...] = THEMES, half: float = 0.03) -> pd.DataFrame:
    found = pd.DataFrame({"term": themes, "estimate": values})
    return found.assign(ci_low=found["estimate"] - half, ci_high=found["estimate"] + half)


def many(n: int) -> tuple[ReleasedTable, pd.DataFrame, dict[str, str]]:
    themes, rng = tuple(f"q{number}" for number in range(n)), np.random.default_rng(2)
    names = {theme: f"Verantwoordelijkheidsverdeling en samenwerking {theme}" for theme in themes}
    return scores(tuple(rng.normal(3.6, 0.4, n)), themes), shares(tuple(rng.dirichlet([2] * n)), themes, 0.01), names


def texts(ax: plt.Axes) -> list[str]:
    return [text.get_text() for text in ax.figure.findobj(plt.Text) if text.get_text()]


def dots(ax: plt.Axes) -> dict[tuple[float, float], bool]:
    """Place of each theme, and whether it is a ring."""
    marks = [line for line in ax.lines if line.get_marker() == "o" and line.get_transform() == ax.transData]
    return {(line.get_xdata()[0], line.get_ydata()[0]): line.get_markerfacecolor() == PAPER for line in marks}


def quadrants(table: ReleasedTable, importance: pd.DataFrame) -> list[str]:
    return [theme.quadrant for theme in themes_of(table, EN, importance, "test").shown]


def test_themes_stand_at_their_score_and_importance():
    assert set(dots(plot_importance(scores(), EN, shares()))) == set(zip(SCORES, SHARES, strict=True))


def test_both_intervals_are_drawn():
    ax = plot_importance(scores(), EN, shares())
    spans = [(np.ptp(line.get_xdata()), np.ptp(line.get_ydata())) for line in ax.lines if len(line.get_xdata()) == 2]
    assert sum(np.allclose(span, (0.2, 0)) for span in spans) == 5
    assert sum(np.allclose(span, (0, 0.06)) for span in spans) == 5


def test_lines_at_the_averages_part_the_quadrants():
    ax = plot_importance(scores(), EN, shares())
    dashed = [line for line in ax.lines if line.get_linestyle() == "--"]
    assert sorted({*dashed[0].get_xdata(), *dashed[1].get_ydata()}) == pytest.approx([np.mean(SHARES), np.mean(SCORES)])
    assert {"improve first", "keep", "can wait", "good enough"} <= set(texts(ax))


def test_a_quadrant_is_named_only_where_both_intervals_lie_in_it():
    assert quadrants(scores(), shares()) == ["keep", "improve", "enough", "wait", "unclear"]
    assert quadrants(scores(half=1.0), shares()) == ["unclear"] * 5
    assert quadrants(scores(), shares(half=0.2)) == ["unclear"] * 5


def test_without_an_interval_no_quadrant_is_named():
    assert quadrants(scores(), shares(half=float("nan"))) == ["unclear"] * 5
    assert all(dots(plot_importance(scores(), EN, shares(half=float("nan")))).values())


def test_what_cannot_be_told_is_a_ring_and_the_key_says_why():
    ax = plot_importance(scores(), EN, shares())
    assert [place for place, is_ring in dots(ax).items() if is_ring] == [(3.6, 0.2)]
    assert {"both intervals within one quadrant", "cannot tell: an interval crosses an average"} <= set(texts(ax))


def test_names_stand_beside_their_points_where_they_have_room():
    said = texts(plot_importance(scores(), EN, shares()))
    assert "Meaningful work" in said and not any(text.startswith("1") for text in said)


def test_names_without_room_stand_below_with_the_number_of_their_point():
    table, importance, names = many(24)
    said = texts(plot_importance(table, NL, importance, names=names))
    assert all(said.count(str(number)) == 2 for number in range(1, 25))
    assert set(names.values()) <= set(said)


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("n", [5, 24])
def test_everything_stays_within_the_drawing_and_no_label_covers_another(width: int, n: int):
    table, importance, names = many(n)
    with plt.rc_context({"figure.figsize": (width / 72, 3)}):
        ax = plot_importance(table, NL, importance, names=names)
    ax.figure.canvas.draw()
    notes = [text for text in ax.texts if text.get_text()]
    boxes = [text.get_window_extent() for text in notes]
    assert min(box.x0 for box in boxes) >= 0 and max(box.x1 for box in boxes) <= width
    numbers = [box.padded(-1) for text, box in zip(notes, boxes, strict=True) if text.get_text().isdigit()]
    covered = sum(one.overlaps(other) for one, other in combinations(numbers, 2))
    assert covered == 0


def test_a_hidden_theme_is_not_drawn_and_counted_in_words():
    rows = [score(measure=theme, estimate=value, half=0.1) for theme, value in zip(THEMES, SCORES, strict=True)]
    table = released(*rows[:4], {**rows[4], "n": 6})
    assert len(dots(plot_importance(table, EN, shares()))) == 4
    assert importance_alt(table, EN, shares()).endswith("1 driver is not shown.")


def test_the_alternative_text_names_the_themes_of_each_quadrant():
    assert importance_alt(scores(), NL, shares()) == (
        "Scores en belang van 5 drijfveren. "
        "Belang van 5% tot 35%, scores van 3,00 tot 4,20. "
        "Eerst verbeteren: Betrokken leidinggevenden. Vasthouden: Zinvol werk. "
        "Kan wachten: Groeikansen. Goed genoeg: Prettige werkomgeving. "
        "Niet te zeggen, omdat een interval over een gemiddelde loopt: Vertrouwen in de leiding."
    )


@pytest.mark.parametrize("words", [EN, NL])
def test_many_themes_are_counted_rather_than_listed(words: Words):
    table, importance, names = many(24)
    sentences = re.split(r"(?<=\.)\s", importance_alt(table, words, importance, names=names))
    assert max(len(sentence.split()) for sentence in sentences) <= LONGEST_SENTENCE


def test_the_table_tells_the_quadrant_or_that_it_cannot():
    html = importance_table(scores(), EN, shares()).html
    assert "<td>improve first</td>" in html and "<td>cannot tell</td>" in html
    assert '<td class="num">35% (32% to 38%)</td>' in html
    assert "Importance is the share in what all drivers explain together." in html


def test_an_interval_stands_in_the_cell_of_its_figure_so_that_the_table_is_narrow():
    html = importance_table(scores(), EN, shares()).html
    heads = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", html)
    assert heads == ["Driver", "Score (interval)", "Importance (interval)", "Quadrant"]
    assert re.search(r'<td class="num">\d\.\d\d \(\d\.\d\d to \d\.\d\d\)</td>', html)


def test_a_chart_of_one_theme_is_left_out():
    assert importance_chart(scores((3.6,), THEMES[:1]), EN, shares()) is None
    chart = importance_chart(scores(), EN, shares())
    assert chart is not None and chart.alt.startswith("Scores and importance of 5 drivers.")


def test_a_drawing_of_one_theme_is_refused():
    with pytest.raises(ValueError, match="table must hold 2 themes with figures or more; found 1"):
        plot_importance(scores((3.6,), THEMES[:1]), EN, shares())


def test_raw_scores_of_a_unit_are_refused():
    with pytest.raises(TypeError, match="plot_importance must get a ReleasedTable; found DataFrame"):
        plot_importance(scores().frame, EN, shares())


def test_scores_of_two_periods_are_refused():
    both = released(*(score(period=year, measure=theme) for year in ("2023", "2024") for theme in THEMES))
    with pytest.raises(ValueError, match=r"table must hold one period; found 2\. Use where\(\)"):
        plot_importance(both, EN, shares())


def test_a_theme_without_importance_is_refused():
    with pytest.raises(
        ValueError, match="importance must have a row for each measure; found none for 'trust_in_leader"
    ):
        plot_importance(scores(), EN, shares().iloc[:4])


def test_a_measure_of_which_less_is_better_is_refused():
    themes = (*THEMES[:4], "work_stress")
    with pytest.raises(ValueError, match="measures must be better when higher; found 'work_stress'"):
        plot_importance(scores(SCORES, themes), EN, shares(SHARES, themes))


def test_measures_of_several_kinds_are_refused():
    themes = (*THEMES[:4], "enps")
    with pytest.raises(ValueError, match="measures must be of one kind to share a scale; found mean, nps"):
        plot_importance(scores(SCORES, themes), EN, shares(SHARES, themes))


def test_an_importance_beyond_one_is_refused():
    with pytest.raises(ValueError, match="importance must lie between 0 and 1; found 30 for 'meaningful_work'"):
        plot_importance(scores(), EN, shares((30, 0.3, 0.1, 0.1, 0.1)))
