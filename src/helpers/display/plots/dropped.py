"""Rows of a panel, step by step from all of them to those used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matplotlib.axes import Axes

from helpers.display.plots.layout import text_width, write
from helpers.display.plots.rows import rows_of
from helpers.display.plots.style import ACCENT, CATEGORIES, INK, MUTED, SMALL, new_axes, styled
from helpers.display.wording import Words
from helpers.display.wording.dropped import KEPT, REASONS, Step, steps_of

BAR, LABEL_GAP = 14, 5
# A step of few rows stays visible, in points.
LEAST_WIDTH = 1.5
DROPPED = CATEGORIES[1]


@styled
def plot_dropped(dropped: Iterable[Mapping[str, object]], words: Words, *, ax: Axes | None = None) -> Axes:
    """Draw how a panel shrinks from all rows to those used: what each step leaves out, with its number.

    Parameters
    ----------
    dropped : iterable of mapping
        Records of `stats.panels.lagged_sample`: ``reason``, ``n_rows``. A step without rows is left out.
    words : Words
    ax : Axes, optional

    Returns
    -------
    Axes
        All rows on top, those used at the bottom.

    Raises
    ------
    ValueError
        For an unknown reason, without the rows kept, or when no row is left out.
    """
    steps = steps_of(dropped)
    if not steps:
        raise ValueError("dropped must leave out a row; found none. Say so in a sentence instead.")
    bars = [("all", 0, steps[0].before), *((step.reason, step.after, step.before) for step in steps)]
    bars.append((KEPT, 0, steps[-1].after))
    labels = [_label(bar, words) for bar in bars]
    # Figures are wider than the mean letter.
    right = text_width(labels, SMALL) + 3 * LABEL_GAP
    lines = rows_of([words.text("All rows"), *(words.text(REASONS[name]) for name, _, _ in bars[1:])], right=right)
    ax = ax or new_axes(lines.height, left=lines.left, right=right, top=8, bottom=8)
    ax.set_xlim(0, steps[0].before)
    ax.set_xticks([])
    lines.write(ax)
    for place, bar, label in zip(lines.places, bars, labels, strict=True):
        _bar(ax, place, bar, label)
    _joints(ax, lines.places, steps)
    return ax


def _is_step(bar: tuple[str, int, int]) -> bool:
    return bar[0] not in ("all", KEPT)


def _label(bar: tuple[str, int, int], words: Words) -> str:
    _, low, high = bar
    return words.signed(low - high) if _is_step(bar) else words.number(high)


def _bar(ax: Axes, place: float, bar: tuple[str, int, int], label: str) -> None:
    _, low, high = bar
    most = ax.get_xlim()[1]
    least = LEAST_WIDTH * most / (ax.bbox.width * 72 / ax.figure.dpi)
    if high > low:
        start = min(low, most - least)
        ax.barh(
            place,
            max(high - start, least),
            BAR,
            left=start,
            color=DROPPED if _is_step(bar) else ACCENT,
            linewidth=0,
            zorder=3,
        )
    write(ax, label, (high, place), (LABEL_GAP, 0), ax.transData, align="left", colour=INK)


def _joints(ax: Axes, places: list[float], steps: list[Step]) -> None:
    """Join the end of each bar with the next, so that the eye can follow what is left."""
    ends = [steps[0].before, *(step.after for step in steps)]
    for end, upper, lower in zip(ends, places[:-1], places[1:], strict=True):
        ax.plot([end, end], [upper + BAR / 2, lower - BAR / 2], color=MUTED, linewidth=1, zorder=2)
