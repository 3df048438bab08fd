"""A chart on a page: described, small, repeatable, harmless, and in the colours of the page."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from made_up import GATE, HOSTILE, effect, gap, passed, released, score

from helpers.display.plots import Chart, figure, plot_gaps, plot_intervals, plot_lag_profile, plot_trend
from helpers.display.plots.style import CSS_NAMES
from helpers.display.tables import Table, released_table
from helpers.display.wording import Words
from helpers.display.wording.lags import Claim

EN = Words("en")
ALT = "eNPS rose from 5 to 9 between 2015 and 2019."
SCORES = released(*(score(period=str(year), estimate=year - 2010) for year in range(2015, 2020)))
TABLE = released_table(SCORES, EN, caption="eNPS by period.")


def chart(alt: str = ALT, **more: object) -> Chart:
    return figure(lambda: plot_trend(SCORES, EN, unit_id="north", measures=["enps"], **more), alt=alt, table=TABLE)


def forty_units() -> Chart:
    ids = [f"u{number}" for number in range(40)]
    names = [f"Klantenservice Zakelijk & Particulier {number}" for number in range(40)]
    units = pd.DataFrame({"unit_id": ids, "name": names, "parent_id": "", "level": "team"})
    table = passed(pd.DataFrame([score(unit, estimate=number) for number, unit in enumerate(ids)]), units, **GATE)
    return figure(lambda: plot_intervals(table, EN, measure="enps", period="2024"), alt=ALT, table=TABLE)


def drawings(shown: Chart) -> tuple[str, str]:
    return shown.wide, shown.narrow


def test_a_chart_has_a_role_a_name_and_its_table():
    html = chart()._repr_html_()
    assert html.count('<svg role="img" aria-label="eNPS rose from 5 to 9 between 2015 and 2019."') == 2
    assert "<details>\n<summary>The figures as a table</summary>\n<table>" in html


def test_a_chart_scales_with_the_page():
    for svg, width in zip(drawings(chart()), (560, 270), strict=True):
        opening = svg.split(">")[0]
        assert f'viewBox="0 0 {width} ' in opening and "width:100%" in opening
        assert not re.search(r'\s(width|height)="', opening)


def test_a_page_that_knows_no_phones_shows_the_wide_drawing_only():
    assert '<div class="narrow" hidden="hidden">' in chart()._repr_html_()


def test_the_same_figures_give_the_same_bytes():
    assert drawings(chart()) == drawings(chart())


def test_ids_are_unlike_those_of_any_other_chart():
    drawn = [*drawings(chart()), *drawings(chart("eNPS did something else then."))]
    found = [set(re.findall(r'id="([^"]+)"', svg)) for svg in drawn]
    assert all(found) and len(set().union(*found)) == sum(map(len, found))


def test_references_point_to_ids_of_the_same_chart():
    svg = forty_units().wide
    assert set(re.findall(r'href="#([^"]+)"', svg)) == set(re.findall(r'id="([^"]+)"', svg))


def test_every_colour_is_one_of_the_page_with_itself_as_fallback():
    for svg in (*drawings(chart(reference_id="north")), *drawings(forty_units())):
        for name, colour in re.findall(r"var\(--([\w-]+), (#\w{6})\)", svg):
            assert CSS_NAMES[colour] == name
        assert not re.findall(r"[:(]#|rgb", re.sub(r"var\([^)]*\)", "", svg))


def test_fonts_are_those_of_the_page():
    assert not any("DejaVu" in svg or "font-family" in svg for svg in drawings(chart()))


def test_the_largest_chart_stays_below_40_kilobytes():
    assert max(len(svg.encode()) for svg in drawings(forty_units())) < 40_000


def test_a_drawing_holds_nothing_that_acts_loads_or_leaks():
    svg = "".join(drawings(forty_units()))
    assert not re.search(r"<script|<style|<metadata|clip-path|<!--|https?:|url\(|\son\w+=|matplotlib", svg)


def test_hostile_names_stay_names():
    units = pd.DataFrame({"unit_id": list("abc"), "name": HOSTILE, "parent_id": "", "level": "team"})
    table = passed(pd.DataFrame([score(unit) for unit in "abc"]), units, **GATE)
    alt = f"{HOSTILE[1]} and two others stand here."
    shown = figure(
        lambda: plot_intervals(table, EN, measure="enps", period="2024"),
        alt=alt,
        table=released_table(table, EN, caption="eNPS."),
    )._repr_html_()
    assert not re.search(r"<script|<img", shown)
    assert ElementTree.fromstring(shown.replace("&#34;", "&quot;")).tag == "figure"
    assert shown.count(HOSTILE[2]) == 3


def test_plots_are_closed_once_they_are_a_chart():
    before = plt.get_fignums()
    figure(lambda: plot_gaps(pd.DataFrame([gap()]), EN), alt=ALT, table=TABLE)
    assert plt.get_fignums() == before


def test_several_plots_become_one_drawing():
    table = released(*(score(period=year, measure=measure) for year in ("2023", "2024") for measure in ("enps", "nps")))
    shown = figure(lambda: plot_trend(table, EN, unit_id="north"), alt=ALT, table=TABLE)
    assert all(svg.count("<svg ") == 1 and svg.count(">NPS<") == 1 for svg in drawings(shown))


@pytest.mark.parametrize("alt", ["", "Figure 1", "A chart of eNPS by year"])
def test_a_chart_without_a_describing_sentence_is_refused(alt: str):
    profile = pd.DataFrame([effect(0), effect(1)])
    with pytest.raises(ValueError, match="alt must be a sentence that says what the chart shows; found"):
        figure(lambda: plot_lag_profile(profile, EN, Claim("enps", "nps", 1)), alt=alt, table=TABLE)


def test_a_chart_without_its_figures_is_refused():
    with pytest.raises(ValueError, match="table must hold the figures of the chart; found NoneType"):
        figure(lambda: plot_gaps(pd.DataFrame([gap()]), EN), alt=ALT, table=None)


def test_a_table_is_ready_to_be_shown_by_itself():
    assert isinstance(TABLE, Table) and TABLE._repr_html_().startswith("<table>")
