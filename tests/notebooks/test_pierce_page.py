"""What the notebooks say of one wave of a survey without eNPS and without customers."""

from test_reports import GAP, LAG, UNIT, check_page, words_of


def test_one_wave_gives_a_reason_in_one_sentence_where_an_earlier_one_is_needed(pierce, page):
    state, text = page(pierce, GAP)
    assert state == "not applicable"
    assert "Outcomes of an unstated year need engagement of the year before, which was not measured." in words_of(text)
    state, text = page(pierce, LAG)
    assert state == "not applicable"
    assert "are not seen together in 2 periods of most units, so lags cannot be told." in words_of(text)


def test_quartiles_of_the_same_wave_can_be_asked_for(pierce, page):
    state, text = page(pierce, GAP, parameters={"cut": "same"})
    check_page(text, "en")
    assert state == "done"


def test_the_unit_report_shows_departments_of_ten_or_more_on_the_scale_that_was_asked(pierce, page):
    state, text = page(pierce, UNIT, language="nl")
    check_page(text, "nl")
    words = words_of(text)
    assert state == "done" and "De bevlogenheid is 3,08 (95%‑interval 3,05 tot 3,12)" in words
    for department in ("Family Justice Center", "Economic Development"):
        assert f"{department} niet getoond" in words
