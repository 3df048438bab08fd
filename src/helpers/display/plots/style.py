"""The look of figures: one style file, named colours, and the CSS properties they become on a page.

Categories are those of Okabe and Ito, which readers with colour-blindness can tell apart; what diverges is PuOr.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import matplotlib
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from helpers.display.plots.plain_axes import PlainAxes

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_styled = ContextVar("styled", default=False)
STYLE = matplotlib.rc_params_from_file(Path(__file__).with_name("excx.mplstyle"), use_default_template=False)
INK, MUTED, LINE, ACCENT, PAPER = "#1d2733", "#55606e", "#dcd8cf", "#0a5a78", "#fbfaf7"
CATEGORIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#f0e442")
# From one end to the other; PAPER can be read on the outer two and INK on the inner two, also in a dark page.
DIVERGING = ("#8a3c00", "#cd7d31", "#9a85cf", "#4b2d87")
# What the page calls each colour; a page that does not know the name gets the colour itself.
CSS_NAMES = {INK: "ink", MUTED: "muted", LINE: "line", ACCENT: "accent", PAPER: "paper"} | {
    colour: f"{name}-{number}"
    for name, colours in (("cat", CATEGORIES), ("div", DIVERGING))
    for number, colour in enumerate(colours, start=1)
}
# A page shows one of two drawings: beside the text of a desk, or on a phone.
WIDE, NARROW = 560, 270
POINTS_PER_INCH = 72
SMALL = 11


def figure_width() -> float:
    """Width of a new figure in points: that of matplotlib's ``figure.figsize``, which `figure` sets for a page."""
    return matplotlib.rcParams["figure.figsize"][0] * POINTS_PER_INCH


@contextmanager
def house_style() -> Iterator[None]:
    """Use the style file, and leave the settings of the caller as they were.

    Within itself it does nothing: matplotlib copies and checks all its settings each time they are changed.
    """
    if _styled.get():
        yield
        return
    token = _styled.set(True)
    try:
        with matplotlib.rc_context(STYLE):
            yield
    finally:
        _styled.reset(token)


def styled(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Run a function under the style file, and leave the settings of the caller as they were."""

    @wraps(function)
    def under_style(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        with house_style():
            return function(*args, **kwargs)

    return under_style


def new_axes(height: float, *, left: float = 8, right: float = 8, top: float = 8, bottom: float = 30) -> Axes:
    """Open a figure as wide as `figure_width`, with one plot in it.

    Parameters
    ----------
    height : float
        Height of the plot itself, in points.
    left, right, top, bottom : float
        Room around it for labels, in points.

    Returns
    -------
    Axes
    """
    total, width = height + top + bottom, figure_width()
    drawing = plt.figure(figsize=(width / POINTS_PER_INCH, total / POINTS_PER_INCH))
    place = (left / width, bottom / total, (width - left - right) / width, height / total)
    return drawing.add_axes(PlainAxes(drawing, place))


def stacked_axes(n_panels: int, height: float, *, left: float, right: float, top: float, bottom: float) -> list[Axes]:
    """Open a figure with plots of equal height above each other.

    Parameters
    ----------
    n_panels : int
    height : float
        Height of each plot, in points.
    left, right, top, bottom : float
        Room around each plot, in points.

    Returns
    -------
    list of Axes
        From top to bottom.
    """
    each = height + top + bottom
    total, whole = each * n_panels, figure_width()
    drawing = plt.figure(figsize=(whole / POINTS_PER_INCH, total / POINTS_PER_INCH))
    width = (whole - left - right) / whole
    places = [(total - (panel + 1) * each + bottom) / total for panel in range(n_panels)]
    return [drawing.add_axes(PlainAxes(drawing, (left / whole, place, width, height / total))) for place in places]
