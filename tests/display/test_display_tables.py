"""Tables and cards as a reader meets them."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pandas as pd
import pytest
from made_up import GATE, HOSTILE, PUBLISHED, UNITS, effect, gap, not_estimated, released, score

from helpers.display.cards import cards
from helpers.display.quartile_tables import checks_table
from helpers.display.tables import Table, estimates_table, released_table
from helpers.display.wording import Words
from helpers.display.wording.lags import Claim

EN, NL = Words("en"), Words("nl")
NAN = float("nan")


def cells(table: Table) -> list[list[str]]:
    """Texts of the head and the rows of a table."""
    root = ElementTree.fromstring(table.html)
    return [["".join(cell.itertext()).replace("\u00a0", " ") for cell in row] for row in root.iter("tr")]


def test_a_table_has_a_caption_and_scopes():
    html = released_table(released(score(period="2023"), score()), EN, caption="eNPS of North.").html
    assert "<caption>eNPS of North.</caption>" in html
    assert '<th scope="col">Period</th><th scope="col" class="num">Value</th>' in html
    assert '<th scope="row">2023</th><td class="num">12</td>' in html


def test_what_never_changes_is_left_to_the_caption():
    table = released_table(released(score(period="2023"), score()), EN, caption="eNPS of North.")
    assert cells(table)[0] == ["Period", "Value", "95% interval", "Answers"]


def test_units_periods_and_measures_are_told_apart_where_they_differ():
    table = released_table(released(score(), score("south", "2023"), score(measure="nps")), NL, caption="Alles.")
    assert cells(table)[0][:3] == ["Eenheid", "Periode", "Maat"]


def test_hidden_rows_say_that_they_are_not_shown_and_nothing_else():
    table = released_table(released(score(), score("tiny", estimate=77, n=4)), EN, caption="eNPS.")
    assert cells(table)[2] == ["Klein", "not shown", "", ""]


def test_changes_come_with_their_intervals():
    table = released_table(released(score(change=9, change_half=7)), NL, caption="eNPS.")
    assert cells(table)[1][3] == "+9 (+2 tot +16)"


def test_small_groups_are_counted_in_bands_and_published_ones_exactly():
    """Rule 6."""
    rows = score(n=23), score("south", n=1204)
    for rules, told in ((GATE, "20 to 29"), (PUBLISHED, "23")):
        table = released_table(released(*rows, **rules), EN, caption="eNPS.")
        assert [row[-1] for row in cells(table)[1:]] == [told, "1,204"]


def test_a_column_has_the_decimals_of_its_smallest_group():
    large = score("south", estimate=41.14, n=9000)
    small = released_table(released(score(), large), EN, caption="eNPS.")
    assert [row[1] for row in cells(small)[1:]] == ["12", "41"]
    assert cells(released_table(released(large), EN, caption="eNPS."))[1][1] == "41.1"


def test_published_figures_need_no_count():
    table = released_table(released(score(n=NAN), **PUBLISHED), EN, caption="eNPS.")
    assert "Answers" not in cells(table)[0]


def test_tables_of_units_refuse_what_did_not_pass_the_gate():
    with pytest.raises(TypeError, match="released_table must get a ReleasedTable; found DataFrame"):
        released_table(released(score()).frame, EN, caption="eNPS.")


def test_a_table_without_caption_is_refused():
    with pytest.raises(ValueError, match="caption must say what the table shows; found ' '"):
        released_table(released(score()), EN, caption=" ")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_a_name(name: str):
    table = released_table(released(score("evil"), units=UNITS.assign(name=name)), EN, caption=name)
    assert not re.search(r"<script|<img|49", table.html)
    assert cells(table)[1][0] == name


def test_gaps_stand_beside_the_published_ones():
    gaps = pd.DataFrame([gap(), gap("turnover", -24, -31, -17), not_estimated(gap("defects"))])
    table = estimates_table(gaps, NL, caption="Verschillen.", published={"profit": 21})
    assert cells(table) == [
        ["Resultaat", "Schatting", "95%-interval", "Gepubliceerd", "Waarnemingen", "Groepen"],
        ["Winst", "+19%", "+12% tot +26%", "+21%", "300", "60"],
        ["Personeelsverloop", "−24%", "−31% tot −17%", "", "300", "60"],
        ["Fouten", "niet te geven", "", "", "300", "60"],
    ]


def test_scales_are_named_where_there_are_several():
    table = estimates_table(pd.DataFrame([gap(), gap("profit", 0.4, 0.2, 0.6, scale="sd")]), EN, caption="Gaps.")
    assert [row[1:3] for row in cells(table)[1:]] == [
        ["percent", "+19%"],
        ["standard deviations", "+0.40 standard deviations"],
    ]


def test_lags_are_told_as_time_and_per_ten_points():
    rows = [effect(-1, 0.02, -0.09, 0.13), effect(), {**effect(), "lag": pd.NA}]
    profile = pd.DataFrame(rows).astype({"lag": "Int64"})
    table = estimates_table(profile, EN, caption="Lags.", claim=Claim("enps", "nps", 2))
    assert [row[:3] for row in cells(table)[1:]] == [
        ["a year earlier", "+0.2", "−0.9 to +1.3"],
        ["two years later", "+4.0", "+2.1 to +5.9"],
        ["all lags together", "+4.0", "+2.1 to +5.9"],
    ]


def test_both_directions_stand_in_one_table():
    both = pd.DataFrame([effect() | {"direction": "forward"}, effect(2, 0.1, 0, 0.2) | {"direction": "reverse"}])
    table = estimates_table(both, EN, caption="Both.", claim=Claim("enps", "nps", 2))
    assert [row[0] for row in cells(table)[1:]] == ["eNPS → NPS", "NPS → eNPS"]


def test_other_estimates_go_by_their_term():
    rows = pd.DataFrame([{"term": "slope", "estimate": 0.1234, "ci_low": -0.5, "ci_high": 0.75, "conf_level": 0.9}])
    assert cells(estimates_table(rows, EN, caption="Slope.")) == [
        ["Quantity", "Estimate", "90% interval"],
        ["slope", "+0.123", "−0.5 to +0.75"],
    ]


def test_a_card_says_in_a_word_what_became_of_its_measure():
    states = {
        "rose": score(change=9, change_half=7),
        "fell": score(change=-9, change_half=7),
        "unclear": score(change=2, change_half=7),
        "first figure": score(),
        "higher (no interval)": score(change=2),
    }
    for word, row in states.items():
        (card,) = cards(released(row), EN, unit_id="north")
        assert card.word == word
        assert f"</span> {word}</strong>" in card._repr_html_()


def test_a_card_shows_value_interval_and_change():
    table = released(score(period="2023"), score(change=9, change_half=7))
    (card,) = cards(table, NL, unit_id="north")
    shown = (card.name, card.value, card.interval, card.change)
    assert shown == ("eNPS", "12", "95%\u2011interval 4 tot 20", "+9 (+2 tot +16) sinds 2023")
    assert (card.bar.low, card.bar.dot, card.bar.high) == (104.0, 112.0, 120.0)
    assert [(tick.place, tick.label) for tick in card.bar.ticks] == [(0.0, "−100"), (100.0, "0"), (200.0, "100")]


def test_only_a_card_may_break_a_long_name_and_only_between_its_parts():
    table = released(score(measure="employee_satisfaction"))
    (card,) = cards(table, NL, unit_id="north")
    assert card.name == "Medewerkers\u00adtevredenheid"
    assert NL.measure("employee_satisfaction") == card.name.lower().replace("\u00ad", "")


def test_a_hidden_measure_has_a_card_without_figures():
    (card,) = cards(released(score(n=4, estimate=77)), EN, unit_id="north")
    assert card.value == "Not shown" and card.bar is None
    assert not re.search(r"77|<svg", card._repr_html_())


def test_a_measure_asked_elsewhere_only_has_a_card_that_says_so():
    table = released(score(), score(unit_id="south", measure="absence"))
    found = cards(table, NL, unit_id="north", measures=["enps", "absence"])
    assert [card.value for card in found] == ["12", "Niet gemeten"]


def test_a_measure_asked_nowhere_or_named_twice_has_no_card_of_its_own():
    found = cards(released(score()), NL, unit_id="north", measures=["enps", "absence", "enps"])
    assert [card.value for card in found] == ["12"]


def test_a_survey_question_nobody_answered_here_is_told_like_a_hidden_one():
    table = released(score(), score(unit_id="south", measure="nps"))
    found = cards(table, NL, unit_id="north", measures=["enps", "nps"])
    assert [card.value for card in found] == ["12", "Niet getoond"]


def test_a_mean_has_no_bar_because_units_share_no_fixed_scale():
    (card,) = cards(released(score(measure="engagement", estimate=3.8, half=0.1)), EN, unit_id="north")
    assert card.bar is None and 'class="value"' in card._repr_html_()


def test_cards_are_one_list_that_describes_its_drawings():
    html = cards(released(score(), score(measure="nps", estimate=30)), EN, unit_id="north")._repr_html_()
    root = ElementTree.fromstring(html)
    assert root.tag == "ul" and len(root) == 2
    assert [svg.get("aria-label") for svg in root.iter("svg")] == [
        "12, 95%\u00a0interval 4 to 20",
        "30, 95%\u00a0interval 22 to 38",
    ]


def test_a_card_without_interval_says_so():
    row = {**score(n=NAN), "ci_low": NAN, "ci_high": NAN}
    (card,) = cards(released(row, **PUBLISHED), EN, unit_id="north")
    assert card.bar.label == "12, without an interval" and card.bar.low is None


def test_cards_refuse_what_did_not_pass_the_gate():
    with pytest.raises(TypeError, match="cards must get a ReleasedTable; found DataFrame"):
        cards(released(score()).frame, EN, unit_id="north")


def test_no_table_of_other_ways_to_look_without_a_gap_to_look_at():
    checks = pd.DataFrame(columns=["outcome", "check", "scale", "estimate", "n"])
    assert checks_table(checks, EN, outcomes=["profit"]) is None
