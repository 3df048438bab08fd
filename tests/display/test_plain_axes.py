"""Figures of a page hold what matplotlib itself would show, though they are made without its ticks and its SVG."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
import pytest
from drawings import DRAWINGS, NL, lag_profile, teams
from made_up import released, score
from matplotlib.axes import Axes

from helpers.display import plots
from helpers.display.plots.style import STYLE, new_axes, styled
from helpers.display.plots.svg import svg_text
from helpers.display.tables import released_table
from helpers.display.wording import Words

SVG = "{http://www.w3.org/2000/svg}"
# Both round to a tenth of a point.
ROUNDING = 0.11


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def own_svg(ax: Axes) -> ElementTree.Element:
    return ElementTree.fromstring(svg_text(ax.figure))


def matplotlib_svg(ax: Axes) -> ElementTree.Element:
    raw = io.StringIO()
    with plt.rc_context(STYLE):
        ax.figure.savefig(raw, format="svg")
    return ElementTree.fromstring(raw.getvalue())


def shown(root: ElementTree.Element, tag: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if element.tag.removeprefix(SVG) == tag]


def texts(root: ElementTree.Element) -> list[tuple[str, float, float]]:
    return sorted((one.text, float(one.get("x")), float(one.get("y"))) for one in shown(root, "text"))


def signs(root: ElementTree.Element) -> list[tuple[float, float]]:
    """Where markers stand."""
    return sorted((float(one.get("x")), float(one.get("y"))) for one in shown(root, "use"))


def strokes(root: ElementTree.Element) -> np.ndarray:
    """Ends of all straight pieces of lines, however many of them one path holds."""
    pieces = []
    for path in shown(root, "path"):
        style = path.get("style", "").replace(" ", "")
        # A path with an id is a marker.
        if "id" not in path.attrib and "fill:none" in style and "stroke:" in style:
            for line in re.findall(r"M([^MCQz]*)", path.get("d")):
                points = np.array(re.findall(r"-?[\d.]+", line), float).reshape(-1, 2)
                pieces += [np.hstack(piece) for piece in pairwise(points)]
    return np.array(sorted(map(tuple, np.round(pieces, 1)))).reshape(-1, 4)


def first(axes: Axes | list[Axes]) -> Axes:
    return axes if isinstance(axes, Axes) else axes[0]


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_page_shows_the_texts_signs_and_lines_of_matplotlib_where_it_shows_them(name: str):
    theirs, ours = matplotlib_svg(first(DRAWINGS[name]())), own_svg(first(DRAWINGS[name]()))
    for (text, *place), (other, *there) in zip(texts(theirs), texts(ours), strict=True):
        assert text == other and np.allclose(place, there, atol=ROUNDING)
    assert len(strokes(theirs)) == len(strokes(ours)) and np.allclose(strokes(theirs), strokes(ours), atol=ROUNDING)
    assert all(np.abs(np.subtract(signs(theirs), place)).max(axis=1).min() <= ROUNDING for place in signs(ours))


def intervals(ax: Axes | None = None) -> Axes:
    return plots.plot_intervals(teams(), NL, measure="enps", period="2024", reference_id="all", ax=ax)


def trend(ax: Axes | None = None) -> Axes:
    rows = [score(period=str(year), estimate=year - 2010) for year in range(2011, 2020)]
    return plots.plot_trend(released(*rows), NL, unit_id="north", measures=["enps"], ax=ax)


@pytest.mark.parametrize("plot", [intervals, trend])
def test_a_plot_of_ones_own_shows_what_one_of_ours_shows(plot: object):
    ours = plot()
    with plt.rc_context(STYLE):
        given = plt.figure(figsize=ours.figure.get_size_inches()).add_axes(ours.get_position().bounds)
    theirs, ours = own_svg(plot(given)), own_svg(ours)
    assert texts(theirs) == texts(ours) and np.array_equal(strokes(theirs), strokes(ours))


def test_no_tick_is_made_for_a_page():
    ax = lag_profile()
    svg_text(ax.figure)
    assert [*ax.xaxis.majorTicks, *ax.yaxis.majorTicks, *ax.xaxis.minorTicks] == []


def test_labels_can_be_asked_for_as_of_any_axis():
    ax = trend()
    assert ax.get_xticklabels()[-1].get_text() == "2019" and ax.get_xticks()[-1] == 2019


def test_a_name_given_to_an_axis_is_shown_with_its_labels():
    ax = trend()
    before = {text for text, *_ in texts(own_svg(ax))}
    ax.set_xlabel("Jaar")
    assert {text for text, *_ in texts(own_svg(ax))} == before | {"Jaar"}


def test_a_plot_emptied_and_used_for_something_else_has_the_ticks_of_matplotlib():
    ax = trend()
    ax.clear()
    ax.plot([0, 4], [0, 1])
    assert {"0", "2", "4"} <= {text.partition(".")[0] for text, *_ in texts(own_svg(ax))}


def test_labels_and_lines_that_are_moved_out_of_sight_are_not_drawn():
    ax = trend()
    ax.set_xlim(2015.5, 2019.1)
    years = {text for text, *_ in texts(own_svg(ax)) if re.fullmatch(r"20\d\d", text)}
    assert years == {"2016", "2017", "2018", "2019"} or years == {"2017", "2019"}


def test_a_picture_cut_to_what_it_shows_keeps_the_labels():
    ax = trend()
    box = ax.get_tightbbox(ax.figure.canvas.get_renderer())
    assert box.x0 < ax.bbox.x0 - 10 and box.y0 < ax.bbox.y0 - 10


@styled
def turned_and_faint() -> Axes:
    ax = new_axes(100)
    ax.text(0.5, 0.5, "a < b & c", rotation=90, alpha=0.5)
    ax.axvspan(0.1, 0.2, color="#0a5a78", alpha=0.25, linewidth=0)
    ax.plot([0, 1], [0, 1], color="none")
    return ax


def test_turned_and_faint_parts_stay_so_and_names_are_escaped():
    svg = svg_text(turned_and_faint().figure)
    assert re.search(
        r'opacity:0\.5" x="[\d.]+" y="[\d.]+" transform="rotate\(-90 [\d.]+ [\d.]+\)">a &lt; b &amp; c<', svg
    )
    assert "opacity:0.25" in svg


def test_the_settings_of_the_caller_stay_as_they_were():
    before = dict(plt.rcParams)
    table = released_table(released(score()), Words("en"), caption="eNPS.")
    plots.figure(intervals, alt="A chart of units beside each other.", table=table)
    assert dict(plt.rcParams) == before
