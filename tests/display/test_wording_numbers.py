"""Numbers, periods and spells of time by locale."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.display.wording import Words
from helpers.display.wording.amounts import edge_text
from helpers.display.wording.durations import duration, moment
from helpers.display.wording.periods import period_place

EN, NL = Words("en"), Words("nl")


def test_separators_follow_the_language():
    assert (NL.number(1234.5), EN.number(1234.5)) == ("1.234,5", "1,234.5")


def test_percent_has_no_space_in_either_language():
    assert (NL.percent(0.125, 1), EN.percent(0.125, 1)) == ("12,5%", "12.5%")


def test_minus_is_a_true_minus():
    assert NL.number(-3) == EN.number(-3) == "\u22123"


def test_changes_carry_their_sign_and_zero_carries_none():
    assert [EN.signed(value, 0) for value in (9, -3, 0, 0.2, -0.2)] == ["+9", "\u22123", "0", "0", "0"]


def test_whole_numbers_have_no_decimals_except_in_columns():
    assert (EN.number(12.0), EN.number(12.0, fixed=True)) == ("12", "12.0")


def test_enps_is_whole_below_500_answers_and_when_their_number_is_unknown():
    assert [EN.points(12.34, n) for n in (499, 500, None, float("nan"))] == ["12", "12.3", "12", "12"]


def test_numbers_of_answers_below_thirty_are_told_as_bands():
    """Rule 6."""
    told = [EN.answers(n, exact=False).replace("\u00a0", " ") for n in (5, 10, 15, 20, 30, 1204)]
    assert told[:3] == ["5 to 9 answers", "10 to 14 answers", "15 to 19 answers"]
    assert told[3:] == ["20 to 29 answers", "30 answers", "1,204 answers"]
    assert NL.answers(10, exact=False).replace("\u00a0", " ") == "10 tot 14 antwoorden"


def test_published_numbers_of_answers_are_told_exactly():
    assert [EN.answers(n, exact=True).replace("\u00a0", " ") for n in (1, 10, 29)] == [
        "1 answer",
        "10 answers",
        "29 answers",
    ]
    assert EN.count(12, exact=True) == "12"


@pytest.mark.parametrize(
    ("edge", "kind", "band", "told"),
    [
        (80, "nps", "high", "80"),
        (-80, "nps", "low", "−80"),
        (99.8, "nps", "high", "99.8"),
        (100 - 200 / 12, "nps", "high", "83.3"),
        (200 / 12 - 100, "nps", "low", "−83.3"),
        (0.9, "rate", "high", "90%"),
        (0.999, "rate", "high", "99.9%"),
        (1 / 12, "rate", "low", "8.4%"),
        (95, "percent", "high", "95%"),
    ],
)
def test_the_edge_of_a_band_is_never_told_tighter_than_it_is(edge: float, kind: str, band: str, told: str):
    assert edge_text(edge, EN, kind, band) == told


def test_dutch_counts_fractions_in_the_singular():
    forms = "{figure} point", "{figure} points"
    assert [NL.plural(*forms, n, figure=NL.number(n)) for n in (1, 1.5, 2)] == ["1 punt", "1,5 punt", "2 punten"]


def test_intervals_read_as_words():
    assert (EN.interval("+2", "+16"), NL.interval("+2", "+16")) == ("+2 to +16", "+2 tot +16")


def test_dates_are_written_in_full():
    assert (EN.date(date(2024, 3, 4)), NL.date(date(2024, 3, 4))) == ("4 March 2024", "4 maart 2024")


def test_periods_read_as_words():
    ids = ("2024", "2024-H1", "2024-Q3", "2024-07", "wave 3")
    assert [EN.period(each) for each in ids] == ["2024", "H1 2024", "Q3 2024", "July 2024", "wave 3"]
    assert [NL.period(each) for each in ids[1:4]] == ["halfjaar 1 van 2024", "kwartaal 3 van 2024", "juli 2024"]


def test_periods_follow_each_other_on_the_calendar():
    assert period_place("2024-Q1")[1] - period_place("2023-Q4")[1] == 1


def test_spells_come_from_the_lag_and_the_periods_per_year():
    spells = [(2, 1), (1, 1), (8, 4), (3, 2), (1, 4), (13, 1), (1, 52)]
    assert [duration(EN, *spell) for spell in spells] == [
        "two years",
        "a year",
        "two years",
        "18 months",
        "three months",
        "13 years",
        "1 period",
    ]


def test_moments_tell_before_from_after():
    moments = [moment(NL, lag, 1) for lag in (-1, 0, 2)]
    assert moments == ["een jaar eerder", "in hetzelfde jaar", "twee jaar later"]
    assert moment(NL, 0, 4) == "in dezelfde periode"


def test_a_missing_number_must_be_put_into_words():
    with pytest.raises(ValueError, match="value must be a finite number; found nan"):
        EN.number(float("nan"))


def test_a_period_of_another_form_is_refused():
    with pytest.raises(ValueError, match=r"period must look like 2024.*found 'wave 3'"):
        period_place("wave 3")


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="language must be one of nl, en; found 'de'"):
        Words("de")


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_numbers_survive_the_way_there_and_back(value: float, decimals: int):
    for words, thousands, point in ((EN, ",", "."), (NL, ".", ",")):
        text = words.number(value, decimals).replace(thousands, "").replace(point, ".").replace("\u2212", "-")
        assert float(text) == round(value, decimals)


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_a_sign_is_written_exactly_when_the_rounded_change_is_not_zero(value: float, decimals: int):
    text = EN.signed(value, decimals)
    assert text.startswith("+") == (round(value, decimals) > 0)
    assert text.startswith("\u2212") == (round(value, decimals) < 0)
