"""What the notebooks say of public data with outcomes of which less is better."""

import pytest
from test_reports import GAP, LAG, UNIT, check_page, words_of

from running import PUBLIC_PAGES


@pytest.mark.parametrize("notebook", [GAP, LAG, UNIT])
@pytest.mark.parametrize(("dataset", "language"), PUBLIC_PAGES)
def test_page_of_public_data_is_whole_in_both_languages(request, page, dataset, notebook, language):
    state, text = page(request.getfixturevalue(dataset), notebook, language=language)
    assert state == "done" and "<figure" in text
    check_page(text, language)


def test_lag_pages_say_which_measures_stand_in_for_enps_and_nps(nhs, civil_service, page):
    said = "This is not a test of eNPS and NPS: {} stand in for them."
    assert said.format("staff engagement and the mortality index") in words_of(page(nhs, LAG)[1])
    assert said.format("engagement and the wish to leave") in words_of(page(civil_service, LAG)[1])


def test_trusts_with_engaged_staff_have_lower_mortality_but_no_lag_is_found(nhs, page):
    assert "Yes. Units in the top quarter on staff engagement score 8% lower on the mortality index" in words_of(
        page(nhs, GAP)[1]
    )
    assert "Cannot tell. After a rise of 1 standard deviation in staff engagement" in words_of(page(nhs, LAG)[1])


def test_the_gap_between_civil_service_organisations_cannot_be_told(civil_service, page):
    _, text = page(civil_service, GAP)
    assert "Cannot tell. In the top quarter on engagement, the wish to leave may be higher or lower" in words_of(text)


def test_trusts_get_no_interval_that_the_source_does_not_give(nhs, page):
    _, text = page(nhs, UNIT)
    assert "The source gives no interval." in words_of(text) and "48%" not in words_of(text)


@pytest.mark.parametrize(("dataset", "unit", "n_charts"), [("nhs", "RBL", 2), ("civil_service", "HMRC", 1)])
def test_a_unit_stands_beside_the_whole_in_one_chart_per_kind_of_measure(request, page, dataset, unit, n_charts):
    state, text = page(request.getfixturevalue(dataset), UNIT, unit=unit, language="nl")
    check_page(text, "nl")
    assert state == "done"
    section = text.split("Waar staan we?</h2>")[1].split("<h2")[0]
    assert section.count("<figure") == n_charts
