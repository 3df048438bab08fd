"""Parts that several figures share: dots with intervals, grid and zero lines, words beside rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from helpers.display.plots.style import ACCENT, LINE, MUTED, PAPER, SMALL
from helpers.display.wording import Words, plain
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing

# Share of the range of the data left free on both sides.
MARGIN = 0.06
# Room for figures at the right end of rows, in points.
RIGHT_ROOM = 42
# Room for one label under the x axis, in points.
LABEL_ROOM = 44
# A figure in a band is an open arrow at the edge of it, by band and direction of the axis.
ARROWS = {("high", False): ">", ("low", False): "<", ("high", True): "^", ("low", True): "v"}
KEY_SIGNS = {">": "right", "<": "left", "^": "up", "v": "down"}
BAND_NOTE = msg("limit: the exact figure is not shown")


def draw_interval(
    ax: Axes,
    place: float,
    figures: Sequence[float],
    *,
    colour: str = ACCENT,
    hollow: bool = False,
    vertical: bool = False,
    size: float = 7,
    marker: str = "o",
) -> None:
    """Draw a dot with its interval; the dot may lie outside it, and the interval may be missing.

    Parameters
    ----------
    ax : Axes
    place : float
        Where it stands on the other axis.
    figures : sequence of float
        Estimate, low and high.
    colour : str
    hollow : bool
        Draw the dot as a ring.
    vertical : bool
        Draw along the y axis.
    size : float
        Width of the dot, in points.
    marker : str
        Of matplotlib; series are told apart by it and not by colour alone.
    """
    estimate, low, high = figures
    if not (is_missing(low) or is_missing(high)):
        ends, across = [low, high], [place, place]
        draw_line(ax, *((across, ends) if vertical else (ends, across)), color=colour, linewidth=2.5, zorder=3)
    point = (place, estimate) if vertical else (estimate, place)
    look = {"markerfacecolor": PAPER if hollow else colour, "markeredgewidth": 1.6, "markersize": size, "zorder": 4}
    draw_line(ax, *([value] for value in point), marker=marker, color=colour, linestyle="", **look)


def draw_line(ax: Axes, x: Sequence[float], y: Sequence[float], **look: object) -> None:
    """Draw as ``ax.plot`` does, without its search for units, colours and limits: these figures set their own."""
    ax.add_artist(Line2D(np.asarray(x, float), np.asarray(y, float), **look))


def draw_band(ax: Axes, place: float, edge: float, band: str, *, colour: str = ACCENT, vertical: bool = False) -> None:
    """Draw an open arrow where the band of a figure begins, pointing to where the figure lies."""
    point = (place, edge) if vertical else (edge, place)
    look = {"markerfacecolor": PAPER, "markeredgewidth": 1.6, "markersize": 8, "zorder": 5}
    draw_line(ax, *([value] for value in point), marker=ARROWS[band, vertical], color=colour, linestyle="", **look)


def band_entries(bands: Iterable[str], words: Words, *, vertical: bool = False) -> list[tuple[str, Markup, str]]:
    """Give the entries of a key that explain the arrows of some bands; none where there are no bands."""
    arrows = [arrow for (band, along), arrow in ARROWS.items() if along == vertical and band in set(bands)]
    return [(KEY_SIGNS[arrows[0]], words.text(BAND_NOTE), ACCENT)] if arrows else []


def zero_line(ax: Axes, *, vertical: bool = True) -> None:
    """Draw the line at zero, if zero is in sight."""
    low, high = ax.get_xlim() if vertical else ax.get_ylim()
    if low <= 0 <= high:
        (ax.axvline if vertical else ax.axhline)(0, color=MUTED, linewidth=1, zorder=1)


def limits(values: Sequence[float], *, margin: float = MARGIN) -> tuple[float, float]:
    """Range of the finite values with some room on both sides."""
    finite = np.asarray([value for value in values if not is_missing(value)], float)
    if not len(finite):
        return 0.0, 1.0
    room = margin * np.ptp(finite) or 1.0
    return float(finite.min() - room), float(finite.max() + room)


def most_labels(ax: Axes) -> int:
    """How many labels fit under the x axis without touching."""
    points = ax.bbox.width * 72 / ax.figure.dpi
    return max(3, int(points / LABEL_ROOM))


def grid_lines(ax: Axes, axis: str, labels: Sequence[tuple[float, str]]) -> None:
    """Draw faint lines at given values, with their labels."""
    places, texts = [place for place, _ in labels], [text for _, text in labels]
    (ax.set_xticks if axis == "x" else ax.set_yticks)(places, texts)
    ax.grid(visible=True, axis=axis, color=LINE)


def row_figure(ax: Axes, place: float, text: Markup | str) -> None:
    """Write the figure of a row at its right end, outside the plot."""
    across = {"xycoords": ax.get_yaxis_transform(), "textcoords": "offset points"}
    ax.annotate(plain(text), (1, place), (RIGHT_ROOM - 4, 0), va="center", ha="right", fontsize=SMALL, **across)


def row_note(ax: Axes, place: float, text: Markup | str, *, at: float | None = None, align: str = "left") -> None:
    """Say why a row is empty: at the left of the plot, or beside a value `at` the x axis; lines behind it stay off."""
    backed = {"facecolor": PAPER, "edgecolor": "none", "pad": 1}
    where = {"va": "center", "ha": align, "fontsize": SMALL, "color": MUTED, "bbox": backed, "zorder": 5}
    if at is None:
        ax.text(0.02, place, plain(text), transform=ax.get_yaxis_transform(), **where)
    else:
        gap = (6 if align == "left" else -6, 0)
        ax.annotate(plain(text), (at, place), gap, textcoords="offset points", **where)
