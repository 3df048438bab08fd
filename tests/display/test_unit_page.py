"""Parts of a leader's page: each shows what it knows, says why it cannot, or shows nothing."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from made_up import effect, released, score

from helpers.display import charts
from helpers.display.actions import actions_table
from helpers.display.lag_parts import claim_part
from helpers.display.parts import Part, attempt
from helpers.display.plots import plot_trend
from helpers.display.wording import Words, paragraph
from helpers.display.wording.compared import compared
from helpers.display.wording.lags import Claim
from helpers.stats.estimates import NotApplicable
from helpers.stats.grades import Grade
from helpers.stats.lag_evidence import LagEvidence
from helpers.stats.lag_study import LagStudy
from helpers.stats.verdicts import Verdict

EN, NL = Words("en"), Words("nl")
CLAIM = Claim("enps", "nps", 2)
ELEMENTS = ["meaningful_work", "voice", "purpose"]
PLACE = {"unit_id": "north", "reference_id": "all", "period": "2024"}
ACTION = {
    "name": "Noord",
    "description": "The roster is made together.",
    "measure": "voice",
    "target": 3.4,
    "communicated_on": pd.NaT,
    "start": pd.Timestamp("2024-03-04"),
    "due": pd.Timestamp("2024-11-30"),
}


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def elements(*estimates: float, half: float = 0.2):
    """Three elements of a unit beside a whole of 3.5 on each."""
    own = [
        score(measure=measure, estimate=value, half=half) for measure, value in zip(ELEMENTS, estimates, strict=True)
    ]
    return released(*own, *(score("all", measure=measure, estimate=3.5, half=0.02, n=9000) for measure in ELEMENTS))


def told(words: Words, *estimates: float, **more: float) -> str:
    return str(compared(elements(*estimates, **more), words, measures=ELEMENTS, **PLACE))


def test_clear_differences_are_named_and_the_rest_is_unclear():
    assert told(EN, 3.9, 3.1, 3.6) == (
        "Clearly higher here than in Voorbeeld as a whole: meaningful work. "
        "Clearly lower here than in Voorbeeld as a whole: voice. For the others that is unclear."
    )


def test_no_clear_difference_says_so():
    assert told(NL, 3.5, 3.6, 3.4) == "Op geen van deze punten is het verschil met heel Voorbeeld duidelijk."


def test_an_interval_that_touches_the_whole_is_no_difference():
    assert told(EN, 3.7, 3.3, 3.5).startswith("No measure here")


def test_the_whole_is_not_compared_with_itself():
    table = elements(3.9, 3.1, 3.6)
    assert compared(table, EN, unit_id="all", reference_id="all", period="2024", measures=ELEMENTS) == ""


def test_the_whole_by_itself_is_drawn_only_when_asked_for():
    choice = {"unit_id": "all", "reference_id": "all", "period": "2024", "measures": ELEMENTS}
    table = elements(3.9, 3.1, 3.6)
    assert charts.position_chart(table, EN, **choice) is None
    chart = charts.position_chart(table, EN, alone=True, **choice)
    assert chart.wide.count(">Voorbeeld<") == 1 and "as a whole" not in chart.alt


def test_measures_of_two_kinds_stand_in_charts_of_their_own_scale():
    rows = [
        score(unit, measure=measure, estimate=value)
        for unit in ("north", "all")
        for measure, value in [("engagement", 3.9), ("profit", 120.0), ("voice", 3.1)]
    ]
    shown = charts.position_chart(released(*rows), EN, measures=["engagement", "profit", "voice"], **PLACE)
    assert [("Engagement" in one.alt, "Profit" in one.alt, "Voice" in one.alt) for one in shown] == [
        (True, False, True),
        (False, True, False),
    ]


def test_a_part_that_does_not_apply_gives_its_reason():
    def fails() -> Part:
        raise NotApplicable("There are no scores for {unit}.", unit="Noord")

    assert attempt(NL, fails)._repr_html_() == "<p>Er zijn geen scores voor Noord.</p>"
    answer = attempt(NL, fails, is_answer=True)._repr_html_()
    assert answer == "<p><strong>Niet te zeggen.</strong> Er zijn geen scores voor Noord.</p>"


def test_a_part_leaves_out_what_is_not_there():
    assert attempt(EN, lambda: Part([paragraph("One."), None]))._repr_html_() == "<p>One.</p>"


def test_the_claim_of_a_lag_is_answered_with_both_directions_beside_each_other():
    profile = pd.DataFrame([effect(lag) for lag in (-1, 0, 1, 2)])
    verdict = Verdict("yes", "zero_excluded")
    study = LagStudy(LagEvidence(profile, profile, effect(2), verdict), {}, Grade("D"))
    part = claim_part(study, EN, CLAIM)
    html = part._repr_html_()
    assert (
        html.startswith("<p><strong>Yes.</strong>")
        and "Evidence grade D" in html
        and "eNPS per rise of" in html
        and "NPS → eNPS" in html
    )


def test_without_actions_there_is_no_table():
    assert actions_table(pd.DataFrame(), EN, language="en") is None


def test_an_action_stands_with_its_dates_and_what_it_should_move():
    html = actions_table(pd.DataFrame([ACTION]), NL, language="en")._repr_html_()
    assert all(text in html for text in ("4 maart 2024", "niet bepaald", "3,40", ">Doel<", "The roster"))
    assert ">Noord<" not in html


@pytest.mark.parametrize(("words", "marked"), [(EN, False), (NL, True)])
def test_texts_in_another_language_than_the_page_say_so(words: Words, marked: bool):
    html = actions_table(pd.DataFrame([ACTION]), words, language="en")._repr_html_()
    assert ('<span lang="en">The roster is made together.</span>' in html) == marked


def test_targets_that_may_not_be_shown_have_no_column():
    html = actions_table(pd.DataFrame([ACTION | {"target": float("nan")}]), EN, language="en")._repr_html_()
    assert "Target" not in html


def waves(measure: str, *years: int) -> list[dict[str, object]]:
    return [score(period=str(year), measure=measure, estimate=year - 2010) for year in years]


def test_earlier_figures_stand_above_later_ones():
    table = released(*waves("enps", *range(2011, 2020)), *waves("nps", *range(2011, 2020)))
    upper, lower = plot_trend(table, EN, unit_id="north", earlier={"enps": 2})
    assert upper.get_title(loc="left") == "eNPS, two years earlier"
    assert upper.get_xlim() == lower.get_xlim()
    labels = [[tick.get_text() for tick in ax.get_xticklabels()] for ax in (upper, lower)]
    assert labels[0][-1] == "2017" and labels[1][-1] == "2019"


def test_series_that_share_too_few_periods_make_no_echo():
    table = released(*waves("enps", 2015, 2016), *waves("nps", 2017, 2018))
    assert charts.echo_chart(table, EN, CLAIM, unit_id="north") is None


def test_a_reorganisation_is_a_line_before_its_first_period():
    table = released(*waves("enps", *range(2011, 2020)))
    ax = plot_trend(table, NL, unit_id="north", measures=["enps"], marks=["2018", "1999"])
    dashed = [line.get_xdata()[0] for line in ax.lines if line.get_linestyle() == "--"]
    assert dashed == [2017.5]
    assert "reorganisatie" in [text.get_text() for text in ax.texts]
