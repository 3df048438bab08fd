"""What the gate does not tell exactly is nowhere shown as if it were exact."""

from __future__ import annotations

import re

import matplotlib.pyplot as plt
import pytest
from made_up import PUBLISHED, released, score
from markupsafe import Markup

from helpers.display import charts
from helpers.display.cards import cards
from helpers.display.plots import plot_intervals, plot_position, plot_trend
from helpers.display.tables import released_table
from helpers.display.unit_rows import high_to_low
from helpers.display.wording import Words, units
from helpers.display.wording.catalogue import load_catalogue
from helpers.display.wording.compared import compared
from helpers.display.wording.lags import Claim
from helpers.display.wording.scores import bounds_of, row_at, side_of, state_of, value_text

EN, NL = Words("en"), Words("nl")
PLACE = {"unit_id": "north", "reference_id": "all", "period": "2024"}
# All of 12 people are promoters, or detractors: the edge is 80.
HIGH, LOW = {"estimate": 100, "n": 12}, {"estimate": -100, "n": 12}


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def arrows(ax: plt.Axes) -> list[str]:
    """Open arrows in a plot, those of its key left out."""
    drawn = [line for line in ax.lines if line.get_marker() in tuple("<>^v") and line.get_clip_on()]
    assert all(line.get_markerfacecolor() != line.get_color() for line in drawn)
    return [line.get_marker() for line in drawn]


def texts(ax: plt.Axes) -> list[str]:
    return [text.get_text() for text in ax.figure.findobj(plt.Text) if text.get_text()]


def test_a_card_draws_the_ends_between_which_a_value_lies_and_no_dot():
    """Rule 6."""
    (card,) = cards(released(score(**HIGH)), EN, unit_id="north")
    assert (card.value, card.word, card.interval, card.change) == ("80 or more", "not shown exactly", "", "")
    assert (card.bar.low, card.bar.high, card.bar.dot) == (180, 200, None)
    assert card.bar.label == "80 or more, not shown exactly" and "<circle" not in card._repr_html_()


def test_a_value_in_a_band_is_no_first_figure_and_the_next_one_is_not_without_anything_before():
    frame = released(score(period="2023", **HIGH), score()).frame
    assert state_of(*row_at(frame, "north", "enps", "2023")) == "band"
    assert state_of(*row_at(frame, "north", "enps", "2024")) == "closed"
    later = released(score(period="2019", **HIGH), score()).frame
    assert state_of(*row_at(later, "north", "enps", "2024")) == "gap"


@pytest.mark.parametrize(("words", "value"), [(EN, "80 or more"), (NL, "80 of meer")])
def test_a_table_gives_the_edge_the_range_of_answers_and_no_interval(words: Words, value: str):
    html = released_table(released(score(**HIGH), score("south")), words, caption="eNPS.").html
    row = html[html.index("Noord") : html.index("Zuid")]
    assert value in row and "10 to" in row.replace("tot", "to") and "100" not in row


def test_a_trend_goes_through_the_edge_with_an_open_arrow():
    rows = [score(period="2022"), score(period="2023", **HIGH), score(period="2024", **LOW)]
    ax = plot_trend(released(*rows), EN, unit_id="north", measures=["enps"])
    assert arrows(ax) == ["^", "v"] and "≤\u00a0−80" in texts(ax)
    assert list(max((line.get_ydata() for line in ax.lines), key=len))[1:] == [80.0, -80.0]
    assert "limit: the exact figure is not shown" in " ".join(texts(ax))


def test_nothing_explains_arrows_where_there_are_none():
    rows = [score(period=str(year)) for year in range(2020, 2024)] + [score(period="2024", **HIGH)]
    both = rows + [{**row, "measure": "nps", "estimate": 30} for row in rows[:4]]
    upper, _ = plot_trend(released(*both), EN, unit_id="north", earlier={"enps": 1})
    assert not arrows(upper) and "limit" not in " ".join(texts(upper))
    chart = charts.echo_chart(released(*both), EN, Claim("enps", "nps", 1), unit_id="north")
    assert "limit" not in chart.wide


def test_units_beside_each_other_have_arrows_that_point_to_where_they_lie():
    ax = plot_intervals(released(score(**HIGH), score("south", **LOW)), EN, measure="enps", period="2024")
    assert arrows(ax) == [">", "<"] and {"≥\u00a080", "≤\u00a0−80"} <= set(texts(ax))


def test_a_unit_in_a_band_stands_beside_the_whole_as_an_arrow():
    table = released(score(**HIGH), score("all", estimate=8, half=2, n=4000))
    ax = plot_position(table, EN, measures=["enps"], **PLACE)
    assert arrows(ax) == [">"] and "≥\u00a080" in texts(ax) and "100" not in texts(ax)


def test_what_lies_beyond_an_edge_comes_before_what_lies_on_it():
    rows = released(score("south", estimate=80), score(**HIGH), score("tiny", **LOW), score("all", estimate=-80)).frame
    assert list(high_to_low(rows)["unit_id"]) == ["north", "south", "all", "tiny"]


@pytest.mark.parametrize(
    ("whole", "half", "side"), [(100, 5, "below"), (100, 60, ""), (-100, 5, "above"), (-100, 115, "")]
)
def test_a_unit_is_above_or_below_a_whole_in_a_band_only_where_that_is_certain(whole: float, half: float, side: str):
    table = released(score(estimate=30, half=half), score("all", estimate=whole, n=12))
    row, reference = (row_at(table.frame, unit, "enps", "2024")[0] for unit in ("north", "all"))
    assert side_of(row, reference) == side
    said = units.position(table, EN, measure="enps", **PLACE)
    assert [word in said for word in ("above", "below")] == [side == "above", side == "below"]
    several = compared(table, EN, measures=["enps"], **PLACE)
    assert several.startswith({"above": "Clearly higher", "below": "Clearly lower", "": "No measure"}[side])


def test_a_row_in_a_band_lies_anywhere_beyond_its_edge():
    rows = released(score(**HIGH), score("south", **LOW), score("all")).frame.to_dict("records")
    assert [bounds_of(row) for row in rows] == [(80, float("inf")), (float("-inf"), -80), (12, 12)]


def test_published_figures_are_told_exactly():
    table = released(score(**HIGH), **PUBLISHED)
    (row,) = table.frame.to_dict("records")
    assert value_text(row, EN) == "100"
    assert ">12<" in released_table(table, EN, caption="eNPS.").html


def test_no_rule_that_hides_a_unit_is_told_apart():
    """Nobody is to learn from the page why a unit is not shown."""
    table = released(score(n=4), score("all", n=4000), score("south", measure="nps"))
    said = [
        Markup(cards(table, EN, unit_id=unit, measures=["enps"], period="2024")[0]._repr_html_()).striptags()
        for unit in ("north", "south")
    ]
    assert said[0] == said[1] == "eNPS Not shown"


def test_a_hidden_unit_points_to_the_nearest_unit_above_that_is_shown():
    table = released(score(n=4), score("south"), score("all"))
    choice = {"measures": ["enps"], "period": "2024"}
    said = units.counted_above(table, EN, unit_id="north", above=["all", "south"], **choice)
    assert said == "Any answers given here count in the figures of Zuid; see the report of that unit."
    assert units.counted_above(table, EN, unit_id="south", above=["all"], **choice) == ""
    closed = released(score(n=4), score("all", n=5))
    assert units.counted_above(closed, EN, unit_id="north", above=["all"], **choice) == ""


def test_nothing_is_called_anonymous():
    """A figure of ten people is confidential; who they are is known to whoever invited them."""
    texts_of_both = [text for key, found in load_catalogue("nl").items() for text in (key[1], *found)]
    assert not [text for text in texts_of_both if re.search(r"anonym|anoniem", text, re.IGNORECASE)]
