"""What the page on other methods for the lag says of made-up and of public data."""

import re

import pytest
from test_reports import check_page, words_of

CHECKS = "04b_lag_checks"


def says(text: str, method: str) -> str:
    """What the table says of a method, and how it stands beside the headline."""
    table = text.split("Every method, whether it applies")[1].split("</table>")[0]
    row = next(row for row in table.split("<tr>") if method in row)
    return words_of(row)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_page_of_the_demo_is_whole_in_both_languages(demo, page, language):
    state, text = page(demo, CHECKS, language=language)
    assert state == "done"
    check_page(text, language)
    assert text.count("<figure") == 3


def test_the_demo_is_confirmed_and_the_agreement_is_told_in_one_sentence(demo, page):
    said = words_of(page(demo, CHECKS)[1])
    assert "Yes. A rise of 10 points in eNPS is followed two years later by a rise of" in said
    assert re.search(r"Every other method that answers this claim here also finds|Other methods also find", said)
    assert "All read the same figures, so agreement is no second proof." in said


def test_every_method_says_what_it_assumes_and_whether_it_applies(demo, page):
    _, text = page(demo, CHECKS)
    assert "Yes: +" in says(text, "Search over all lags") and "Yes: +" in says(text, "Half-panel jackknife")
    assert "In some unit, at some lag; as far by chance in" in says(text, "Granger test of each unit")
    assert "Verdict: Yes" in says(text, "Headline model")
    assert "sampling errors of eNPS are known" in says(text, "Corrected for sampling error")


def test_the_search_finds_the_lag_that_is_true(demo, page):
    said = words_of(page(demo, CHECKS)[1])
    assert "Of all lags up to three years the effect two years later stands out most" in said
    assert "That is the lag claimed." in said


def test_without_effect_no_method_is_made_to_say_yes(demo_null, page):
    state, text = page(demo_null, CHECKS)
    assert state == "done" and "<strong>Yes" not in text
    assert "That is the lag claimed." not in words_of(text)


def test_the_lag_of_the_civil_service_vanishes_beside_its_own_past(civil_service, page):
    state, text = page(civil_service, CHECKS)
    assert state == "done"
    assert "The opposite: +0.12" in says(text, "Headline model")
    assert "Cannot tell: +0.04" in says(text, "Difference GMM")
    said = words_of(text)
    assert "“Difference GMM” finds +0.04 where the headline finds +0.12; its interval holds that and zero." in said
    assert "the headline model itself finds +0.06 (95% interval −0.02 to +0.15)" in said
    assert "A Granger test needs 5 units with over 11 periods" in said


@pytest.mark.parametrize("notebook", [CHECKS, "04_aegon_panel_lag"])
def test_units_of_groups_are_not_passed_off_as_independent(demo, page, notebook):
    said = words_of(page(demo, notebook, parameters={"level": "business unit", "draws": 199})[1])
    assert "groups, which may share good and bad years. The intervals take each unit by itself" in said
    assert "which may share good and bad years" not in words_of(page(demo, notebook)[1])


def test_a_panel_too_short_for_a_method_says_so_and_goes_on(chicago, page):
    state, text = page(chicago, CHECKS)
    assert state == "done"
    assert "Not counted: too few periods to test its instruments" in says(text, "Difference GMM")
    assert "Does not apply" in says(text, "Half-panel jackknife")
    assert "needs 8 usable periods for most units" in words_of(text)
