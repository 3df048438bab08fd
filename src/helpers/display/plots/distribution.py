"""Answers from 0 to 10 as columns, coloured and named by class: detractors, passives, promoters."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from helpers.display.plots.inline_key import draw_inline_key, inline_key
from helpers.display.plots.key import KEY_LINE
from helpers.display.plots.layout import text_width, write
from helpers.display.plots.style import DIVERGING, INK, MUTED, PAPER, SMALL, stacked_axes, styled
from helpers.display.wording import Words, capital, plain
from helpers.display.wording.nps_spread import CLASSES
from helpers.release import ReleasedTable, require_released

FILLS = {"detractors": DIVERGING[0], "passives": PAPER, "promoters": DIVERGING[3]}
PANEL_HEIGHT, TITLE_PAD, TITLE_ROOM, LABEL_ROOM = 110, 12, 34, 22
COLUMN = 0.82
# Above the highest column, as a share of it, so that its figure has room.
HEADROOM = 0.18
# Between the figures of two columns, in points.
GAP = 6


@styled
def plot_distribution(
    tables: Sequence[ReleasedTable], words: Words, *, ax: Axes | Sequence[Axes] | None = None
) -> Axes | list[Axes]:
    """Draw the shares of the answers 0 to 10, one plot for each question.

    Parameters
    ----------
    tables : sequence of ReleasedTable
        Each of one unit, period and measure: ``category`` ("0" to "10"), ``class``, ``estimate`` (0 to 1).
    words : Words
    ax : Axes or sequence of Axes, optional
        One for each table.

    Returns
    -------
    Axes, or list of Axes for several tables

    Raises
    ------
    TypeError
        When a table did not pass the gate.
    ValueError
        Without eleven answers.
    """
    frames = [_answers(require_released(table, "plot_distribution")) for table in tables]
    entries = [(words.text(CLASSES[name]), fill) for name, fill in FILLS.items()]
    key = inline_key(entries, [], 0)
    room = TITLE_ROOM + len(key) * KEY_LINE
    axes = [ax] if isinstance(ax, Axes) else ax
    axes = axes or stacked_axes(len(frames), PANEL_HEIGHT, left=4, right=4, top=room, bottom=LABEL_ROOM)
    highest = max(frame["estimate"].max() for frame in frames)
    signed = _fits(words.percent(highest), axes[0])
    for each, frame in zip(axes, frames, strict=True):
        _columns(each, frame, highest, words, signed=signed)
        name = plain(capital(words.measure(frame["measure"].iloc[0])))
        each.set_title(name if signed else f"{name} (%)", pad=TITLE_PAD)
    draw_inline_key(axes[0], key, above=TITLE_ROOM + 4)
    return axes[0] if len(axes) == 1 else list(axes)


def _answers(frame: pd.DataFrame) -> pd.DataFrame:
    if len(frame) != 11 or frame["estimate"].isna().any():
        raise ValueError(f"table must hold the 11 answers from 0 to 10; found {frame['estimate'].notna().sum()}.")
    return frame.assign(answer=frame["category"].astype(int)).sort_values("answer")


def _fits(label: str, ax: Axes) -> bool:
    """Whether figures with their sign leave a gap between columns, which on a phone they do not."""
    return text_width([label], SMALL) + GAP <= ax.bbox.width * 72 / ax.figure.dpi / 11


def _columns(ax: Axes, frame: pd.DataFrame, highest: float, words: Words, *, signed: bool) -> None:
    ax.set_xlim(-0.5, 10.5)
    ax.set_ylim(0, highest * (1 + HEADROOM))
    ax.set_yticks([])
    ax.set_xticks(range(11), [words.number(answer) for answer in range(11)])
    for row in frame.to_dict("records"):
        fill, share = FILLS[row["class"]], row["estimate"]
        edge = {"edgecolor": MUTED, "linewidth": 1} if fill == PAPER else {"linewidth": 0}
        ax.bar(row["answer"], share, COLUMN, color=fill, zorder=2, **edge)
        label = words.percent(share) if signed else words.number(100 * share, 0)
        write(ax, label, (row["answer"], share), (0, 8), ax.transData, align="center", colour=INK)
    ax.axhline(0, color=MUTED, linewidth=1, zorder=3)
