"""Figures show intervals always, bridge no gap, show nothing hidden, and refuse what did not pass the gate."""

from __future__ import annotations

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from made_up import GATE, HOSTILE, effect, gap, not_estimated, passed, released, score

from helpers.display.plots import plot_gaps, plot_intervals, plot_lag_profile, plot_position, plot_trend
from helpers.display.plots.style import NARROW, WIDE
from helpers.display.wording import Words
from helpers.display.wording.lags import Claim
from helpers.release import ReleasedTable

EN, NL = Words("en"), Words("nl")
CLAIM = Claim("enps", "nps", 2)
NAMES = (
    "Klantenservice Zakelijk & Particulier NB",
    "Financiële administratie en verantwoording",
    "Binnendienst Verzekeringen Midden-Nederl",
)


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def wave(*years: int, hidden: tuple[int, ...] = (), unit_id: str = "north") -> ReleasedTable:
    return released(
        *(score(unit_id, str(year), estimate=year - 2010, n=5 if year in hidden else 240) for year in years)
    )


def many_units(n: int) -> ReleasedTable:
    ids = [f"u{number}" for number in range(n)]
    names = [f"{NAMES[number % 3]} {number}" if number % 2 else f"Team {number}" for number in range(n)]
    units = pd.DataFrame({"unit_id": ids, "name": names, "parent_id": "", "level": "team"})
    return passed(pd.DataFrame([score(unit, estimate=number * 2) for number, unit in enumerate(ids)]), units, **GATE)


def texts(ax: plt.Axes) -> list[str]:
    """Everything written in a figure."""
    return [text.get_text().replace("\u00a0", " ") for text in ax.figure.findobj(plt.Text) if text.get_text()]


def row_names(ax: plt.Axes) -> list[plt.Text]:
    """Lines of the names of rows, from top to bottom."""
    notes = (text for text in ax.texts if isinstance(text, plt.Annotation))
    return [note for note in notes if note.xy[0] == 0 and note.xy[1] > 1]


def lines(ax: plt.Axes) -> list[tuple[np.ndarray, np.ndarray]]:
    return [line.get_data() for line in ax.lines]


def test_a_missing_year_is_not_bridged():
    ax = plot_trend(wave(2015, 2016, 2018, 2019), EN, unit_id="north", measures=["enps"])
    assert not any(set(x) >= {2016, 2018} for x, _ in lines(ax))
    assert len(ax.collections) == 2


def test_a_hidden_year_is_not_bridged_either():
    ax = plot_trend(wave(2015, 2016, 2017, 2018, hidden=(2017,)), EN, unit_id="north", measures=["enps"])
    assert not any(2017 in x for x, _ in lines(ax))


def test_a_single_year_between_gaps_keeps_its_interval():
    ax = plot_trend(wave(2015, 2017), EN, unit_id="north", measures=["enps"])
    assert any(list(x) == [2015, 2015] and list(y) == [-3, 13] for x, y in lines(ax))


def test_quarters_of_a_year_follow_each_other():
    rows = [score(period=period) for period in ("2023-Q4", "2024-Q1", "2024-Q2")]
    ax = plot_trend(released(*rows), EN, unit_id="north", measures=["enps"])
    assert len(ax.collections) == 1


def test_measures_stand_in_plots_of_their_own():
    axes = plot_trend(released(score(), score(measure="nps", estimate=30)), EN, unit_id="north")
    assert [ax.get_title(loc="left") for ax in axes] == ["eNPS", "NPS"]


def test_the_whole_is_a_second_line_with_its_name():
    rows = [score(unit, year) for unit in ("north", "all") for year in ("2023", "2024")]
    ax = plot_trend(released(*rows), EN, unit_id="north", measures=["enps"], reference_id="all")
    assert "thin line: Voorbeeld" in texts(ax)


def test_a_unit_without_figures_says_so_in_its_trend():
    ax = plot_trend(released(score(n=5)), NL, unit_id="north", measures=["enps"])
    assert "niet getoond" in texts(ax)


def test_axes_given_are_drawn_in():
    ax = plt.figure().add_subplot()
    assert plot_trend(wave(2015, 2016), EN, unit_id="north", measures=["enps"], ax=ax) is ax
    with pytest.raises(ValueError, match=r"ax must hold one Axes per measure \(2\); found 1"):
        plot_trend(wave(2015, 2016), EN, unit_id="north", ax=ax)


def test_units_are_sorted_from_high_to_low_with_hidden_ones_last():
    table = released(score("north", estimate=5), score("south", estimate=20), score("tiny", estimate=90, n=4))
    ax = plot_intervals(table, EN, measure="enps", period="2024")
    names = [text.get_text() for text in row_names(ax)]
    assert names == ["Zuid", "Klantenservice Zakelijk &", "Particulier Noord", "Klein"]
    assert "not shown" in texts(ax) and "90" not in texts(ax)


def test_every_unit_has_its_interval():
    ax = plot_intervals(many_units(12), EN, measure="enps", period="2024")
    widths = [float(np.ptp(x)) for x, y in lines(ax) if len(x) == 2 and y[0] == y[1]]
    assert widths == pytest.approx([16.0] * 12)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_forty_long_names_fit_on_a_desk_and_on_a_phone(width: int):
    with plt.rc_context({"figure.figsize": (width / 72, 3)}):
        ax = plot_intervals(many_units(40), NL, measure="enps", period="2024")
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in row_names(ax)]
    assert min(box.x0 for box in boxes) >= 0 and max(box.x1 for box in boxes) <= width
    assert all(upper.y0 >= lower.y1 - 1 for upper, lower in pairwise(boxes))


def test_forty_one_units_are_refused():
    with pytest.raises(ValueError, match="table must hold 1 to 40 units for enps in 2024; found 41"):
        plot_intervals(many_units(41), NL, measure="enps", period="2024")


def test_an_nps_bound_beyond_the_scale_is_drawn_at_its_end():
    ax = plot_intervals(released(score(estimate=97)), EN, measure="enps", period="2024")
    assert max(x.max() for x, _ in lines(ax)) == 100


def test_the_whole_is_a_line_and_not_a_row():
    table = released(score("north"), score("all", estimate=8, n=4000))
    ax = plot_intervals(table, EN, measure="enps", period="2024", reference_id="all")
    assert len(ax.get_yticks()) == 1 and "Voorbeeld 8" in texts(ax)


def test_position_shows_both_with_their_intervals():
    table = released(score(), score("all", estimate=8, half=2, n=4000))
    ax = plot_position(table, EN, unit_id="north", reference_id="all", period="2024", measures=["enps"])
    ends = {tuple(x) for x, y in lines(ax) if len(x) == 2 and y[0] == y[1]}
    assert ends == {(4.0, 20.0), (6.0, 10.0)}


def test_position_of_a_hidden_unit_shows_the_whole_only():
    table = released(score(n=4, estimate=77), score("all", estimate=8, n=4000))
    ax = plot_position(table, EN, unit_id="north", reference_id="all", period="2024", measures=["enps"])
    assert "not shown" in texts(ax) and "77" not in texts(ax)


def test_measures_of_several_kinds_share_no_scale():
    table = released(score(), score(measure="engagement", estimate=3.8))
    choice = {"unit_id": "north", "reference_id": "all", "period": "2024", "measures": ["enps", "engagement"]}
    with pytest.raises(ValueError, match="measures must be of one kind to share a scale; found mean, nps"):
        plot_position(table, EN, **choice)


def test_gaps_mark_the_published_figure():
    ax = plot_gaps(pd.DataFrame([gap(), gap("turnover", -24, -31, -17)]), EN, published={"profit": 21})
    marks = [(x[0], line.get_marker()) for line in ax.lines for x in [line.get_xdata()] if line.get_marker() == "D"]
    assert (21, "D") in marks and len(marks) == 2
    assert {"+19%", "−24%", "published elsewhere", "Staff turnover (less is"} <= set(texts(ax))


def test_a_gap_that_was_not_estimated_says_so():
    ax = plot_gaps(pd.DataFrame([gap(), not_estimated(gap("defects"))]), NL)
    assert "niet te geven" in texts(ax)


def test_gaps_of_several_scales_share_no_axis():
    both = pd.DataFrame([gap(), gap(scale="sd")])
    with pytest.raises(ValueError, match="estimates must be of scale percent or sd throughout; found percent, sd"):
        plot_gaps(both, EN)


def test_a_lag_profile_shows_lead_lags_and_the_claimed_one():
    profile = pd.DataFrame([effect(lag, 0.1, -0.1, 0.3) for lag in (-1, 0, 1, 2)])
    ax = plot_lag_profile(profile, EN, CLAIM)
    assert list(ax.get_xticks()) == [-1, 0, 1, 2]
    assert {"claimed", "check", "NPS per rise of 10 points in eNPS"} <= set(texts(ax))
    spans = [tuple(y) for x, y in lines(ax) if len(x) == 2 and x[0] == x[1]]
    assert spans == [(-1.0, 3.0)] * 4


def test_the_reverse_direction_stands_beside_it():
    profile = pd.DataFrame([effect(lag, 0.1, -0.1, 0.3) for lag in (0, 1, 2)])
    ax = plot_lag_profile(profile, NL, CLAIM, reverse=profile)
    assert "eNPS per stijging van de NPS met 10 punten" in texts(ax)
    assert len({line.get_color() for line in ax.lines if len(line.get_xdata()) == 2} - {"#55606e"}) == 2


def test_sums_of_lags_are_no_points_of_the_profile():
    profile = pd.DataFrame([effect(0), effect(1), {**effect(2), "lag": pd.NA}]).astype({"lag": "Int64"})
    assert list(plot_lag_profile(profile, EN, CLAIM).get_xticks()) == [0, 1]


def test_figures_of_units_refuse_what_did_not_pass_the_gate():
    raw, unit = released(score()).frame, {"unit_id": "north"}
    calls = {
        plot_trend: unit,
        plot_intervals: {"measure": "enps", "period": "2024"},
        plot_position: unit | {"reference_id": "all", "period": "2024"},
    }
    for plot, choice in calls.items():
        with pytest.raises(TypeError, match=f"{plot.__name__} must get a ReleasedTable; found DataFrame"):
            plot(raw, EN, **choice)


def test_a_name_with_dollars_is_no_formula():
    units = pd.DataFrame({"unit_id": ["a"], "name": [HOSTILE[2]], "parent_id": "", "level": "team"})
    table = passed(pd.DataFrame([score("a")]), units, **GATE)
    ax = plot_intervals(table, EN, measure="enps", period="2024")
    assert HOSTILE[2] in texts(ax) and not any(text.get_parse_math() for text in row_names(ax))


def test_the_settings_of_the_caller_stay_as_they_were():
    before = dict(plt.rcParams)
    plot_intervals(many_units(3), EN, measure="enps", period="2024")
    assert dict(plt.rcParams) == before
