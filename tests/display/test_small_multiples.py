"""Many small trends share one scale, bridge no gap, show nothing hidden, and stay a small drawing."""

from __future__ import annotations

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from made_up import GATE, passed, score

from helpers.display.plots import plot_small_multiples
from helpers.display.plots.style import ACCENT, MUTED, NARROW, WIDE
from helpers.display.small_multiples_chart import periods_table, small_multiples_chart
from helpers.display.wording import Words
from helpers.display.wording.small_multiples import small_multiples_alt
from helpers.release import ReleasedTable

EN, NL = Words("en"), Words("nl")
NAMES = (
    "Klantenservice Zakelijk & Particulier NB",
    "Financiële administratie en verantwoording",
    "Binnendienst Verzekeringen Midden-Nederl",
)
WIDTHS = pytest.mark.parametrize("width", [WIDE, NARROW])


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def units(n: int, n_periods: int = 3, *, hidden: tuple = (), missing: tuple = (), **more: float) -> ReleasedTable:
    """Units u0, u1, ... from 2020 on, the first with the lowest figures; `hidden` and `missing` hold (unit, year)."""
    names = pd.DataFrame({"unit_id": ["all", *(f"u{number}" for number in range(n))], "parent_id": "", "level": "team"})
    names["name"] = ["Voorbeeld", *(f"{NAMES[number % 3]} {number}" for number in range(n))]
    years = range(2020, 2020 + n_periods)
    rows = [score("all", str(year), estimate=5, half=1, n=4000) for year in years]
    rows += [
        score(f"u{number}", str(year), estimate=3 * number, n=4 if (number, year) in hidden else 240, **more)
        for number in range(n)
        for year in years
        if (number, year) not in missing
    ]
    return passed(pd.DataFrame(rows), names, **GATE)


def ids(n: int) -> list[str]:
    return [f"u{number}" for number in range(n)]


def drawn(table: ReleasedTable, n: int, *, width: int = WIDE, words: Words = EN, **more: object) -> plt.Axes:
    with plt.rc_context({"figure.figsize": (width / 72, 3)}):
        return plot_small_multiples(table, words, measure="enps", units=ids(n), **more)


def texts(ax: plt.Axes) -> list[str]:
    return [text.get_text() for text in ax.figure.findobj(plt.Text) if text.get_text()]


def strokes(ax: plt.Axes, colour: str) -> list[np.ndarray]:
    """Lines of one colour, taken apart where nothing is drawn: places in points, one row each."""
    (path,) = [line for line in ax.lines if line.get_color() == colour and line.get_marker() in ("", "None")]
    data = path.get_xydata()
    parts = np.split(data, np.flatnonzero(np.isnan(data[:, 0])))
    return [known for part in parts if len(known := part[~np.isnan(part).any(axis=1)])]


def test_units_stand_by_their_last_value_from_high_to_low_and_hidden_ones_last():
    table = units(3, hidden=tuple((1, year) for year in (2020, 2021, 2022)))
    said = [text for text in texts(drawn(table, 3)) if text[-1].isdigit() and text[0].isalpha()]
    assert [text[-1] for text in said] == ["2", "0", "1"]
    assert "not shown" in texts(drawn(table, 3))


def test_the_last_value_stands_beside_the_panel_and_no_hidden_one_anywhere():
    said = texts(drawn(units(2, hidden=((1, 2020), (1, 2021), (1, 2022))), 2))
    assert "0" in said and "3" not in said


def test_a_hidden_and_a_missing_period_leave_a_gap():
    table = units(1, 5, hidden=((0, 2022),))
    assert [len(part) for part in strokes(drawn(table, 1), ACCENT)] == [2, 2]
    assert [len(part) for part in strokes(drawn(units(1, 5, missing=((0, 2021),)), 1), ACCENT)] == [1, 3]


def test_all_panels_have_one_scale():
    ax = drawn(units(8), 8)
    heights = [part[0, 1] for part in strokes(ax, ACCENT)]
    first_row, second_row = heights[:4], heights[4:]
    assert np.diff(first_row) == pytest.approx(np.diff(second_row))
    assert np.ptp(np.diff(first_row)) == pytest.approx(0)


def test_the_whole_stands_behind_each_unit_with_its_name_above():
    ax = drawn(units(3), 3, reference_id="all")
    assert len(strokes(ax, MUTED)) == 3 and "thin line: Voorbeeld" in texts(ax)


def test_every_band_is_its_interval():
    ax = drawn(units(2, half=6.0), 2)
    (band,) = ax.patches
    parts = [part for part in band.get_path().to_polygons(closed_only=False) if len(part) > 2]
    lines = strokes(ax, ACCENT)
    up = lines[0][0, 1] - lines[1][0, 1]
    assert len(parts) == 2 and [np.ptp(part[:, 1]) for part in parts] == pytest.approx([abs(up) / 3 * 12] * 2, rel=1e-6)


@WIDTHS
def test_forty_long_names_are_legible_and_touch_nothing(width: int):
    ax = drawn(units(40), 40, width=width, words=NL)
    ax.figure.canvas.draw()
    boxes = [note.get_window_extent() for note in ax.texts]
    assert min(box.x0 for box in boxes) >= 0 and max(box.x1 for box in boxes) <= width
    assert not any(a.x0 < b.x1 and b.x0 < a.x1 and a.y0 + 2 < b.y1 and b.y0 + 2 < a.y1 for a, b in pairwise(boxes))
    written = " ".join(texts(ax))
    assert all(word in written for name in NAMES for word in name.split())


@WIDTHS
def test_long_periods_stand_in_the_key_and_not_under_the_panels(width: int):
    rows = [score("north", period) for period in ("2023-Q4", "2024-Q1", "2024-Q2")]
    names = pd.DataFrame({"unit_id": ["north"], "name": ["Noord"], "parent_id": "", "level": "team"})
    with plt.rc_context({"figure.figsize": (width / 72, 3)}):
        ax = plot_small_multiples(passed(pd.DataFrame(rows), names, **GATE), NL, measure="enps", units=["north"])
    assert "van links naar rechts" in " ".join(texts(ax))


def test_forty_panels_of_fourteen_periods_stay_below_150_kilobytes():
    chart = small_multiples_chart(units(40, 14), NL, measure="enps", units=ids(40), reference_id="all")
    assert len(chart._repr_html_().encode()) < 150_000


def test_axes_of_the_caller_are_used():
    _, own = plt.subplots(figsize=(6, 4))
    assert drawn(units(3), 3, ax=own) is own


@pytest.mark.parametrize("n", [0, 41])
def test_no_unit_or_more_than_forty_are_refused(n: int):
    with pytest.raises(ValueError, match=f"units must be 1 to 40 that have enps; found {n}"):
        drawn(units(max(n, 1)), n)


def test_what_did_not_pass_the_gate_is_refused():
    for function in (plot_small_multiples, small_multiples_alt, periods_table):
        with pytest.raises(TypeError, match=f"{function.__name__} must get a ReleasedTable; found DataFrame"):
            function(units(1).frame, EN, measure="enps", units=["u0"])


def test_no_chart_without_figures_or_with_too_many_units():
    nothing = units(1, hidden=((0, 2020), (0, 2021), (0, 2022)))
    assert small_multiples_chart(nothing, EN, measure="enps", units=ids(1)) is None
    assert small_multiples_chart(units(41), EN, measure="enps", units=ids(41)) is None


def test_the_alternative_text_tells_the_ends_and_who_differs_from_the_whole():
    table = units(8, hidden=tuple((7, year) for year in (2020, 2021, 2022)), half=2.0)
    assert small_multiples_alt(table, EN, measure="enps", units=ids(8), reference_id="all").unescape() == (
        "eNPS of 7 units by period; their last values run from 0 (Klantenservice Zakelijk & Particulier NB 0) to 18 "
        "(Klantenservice Zakelijk & Particulier NB 6). Of these, 4 have a last interval wholly above Voorbeeld, and 1 "
        "wholly below. 1 unit is not shown."
    )


def test_the_table_has_a_row_per_unit_and_a_dash_for_what_is_hidden():
    html = periods_table(units(2, hidden=((1, 2021),)), NL, measure="enps", units=ids(2), reference_id="all").html
    rows = html.split("<tr>")[2:]
    assert [row.split("</th>")[0].rpartition(">")[2] for row in rows] == [
        "Voorbeeld",
        f"{NAMES[1]} 1",
        "Klantenservice Zakelijk &amp; Particulier NB 0",
    ]
    shown = "<td><strong>3</strong><br>−5<br>11</td>"
    assert f"{shown}<td>–</td>{shown}" in rows[1]
