"""Grids of exceptions to a claim of necessity: thresholds of x across, of y down, a sign and counts in each cell."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

from helpers.display.plots.axis_name import name_lines, room_below, write_name
from helpers.display.plots.key import FILLED, SIGNS, draw_key, key_height, key_of
from helpers.display.plots.layout import column_labels, write
from helpers.display.plots.rows import rows_of
from helpers.display.plots.style import ACCENT, CATEGORIES, INK, LINE, MUTED, PAPER, new_axes, styled
from helpers.display.wording import Words, capital
from helpers.display.wording.effects import Claim
from helpers.display.wording.necessity import STATES, cut_text, expected_text

ROW, RIGHT, KEY_ROOM = 42, 8, 14
# Sign and counts stand over and under the middle of a cell, in points.
SIGN_UP, TEXT_DOWN = 7, -9
LOOKS = {
    "fewer": ("dot", ACCENT),
    "unclear": ("ring", ACCENT),
    "few_chances": ("dash", MUTED),
    "more": ("diamond", CATEGORIES[1]),
}


@styled
def plot_necessity(cells: pd.DataFrame, words: Words, claim: Claim, *, ax: Axes | None = None) -> Axes:
    """Draw a grid of thresholds, in each cell the clear exceptions found and those expected without a link.

    Parameters
    ----------
    cells : DataFrame
        One row per pair of thresholds, see `wording.necessity`.
    words : Words
    claim : Claim
    ax : Axes, optional

    Returns
    -------
    Axes
        Highest threshold of y on top; a sign in each cell says whether the exceptions are clearly fewer.
    """
    by_y, by_x = (cells.drop_duplicates(f"{side}_threshold").sort_values(f"{side}_threshold") for side in "yx")
    x, y = (capital(words.measure(measure)) for measure in (claim.x, claim.y))
    rows = [
        words.text("{y} above {y_cut}", y=y, y_cut=cut_text(row, "y", words, claim))
        for row in by_y[::-1].to_dict("records")
    ]
    lines = rows_of(rows, row=ROW, right=RIGHT)
    key = key_of(_key(cells, words), lines.left)
    name = name_lines(words.text("{x} at least, before that", x=x), left=lines.left, right=RIGHT)
    if ax is None:
        top = key_height(key) + KEY_ROOM
        ax = new_axes(lines.height, left=lines.left, right=RIGHT, top=top, bottom=room_below(name))
    ax.set_xlim(-0.5, len(by_x) - 0.5)
    lines.write(ax)
    column_labels(ax, range(len(by_x)), [cut_text(row, "x", words, claim) for row in by_x.to_dict("records")])
    across = {cut: place for place, cut in enumerate(by_x["x_threshold"])}
    down = dict(zip(by_y["y_threshold"][::-1], lines.places, strict=True))
    for cell in cells.to_dict("records"):
        _draw_cell(ax, (across[cell["x_threshold"]], down[cell["y_threshold"]]), cell, words)
    for upper, lower in zip(lines.rows[:-1], lines.rows[1:], strict=True):
        if not lines.above:
            ax.axhline((upper.middle + lower.middle) / 2, color=LINE, linewidth=1, zorder=1)
    write_name(ax, name)
    draw_key(ax, key, above=KEY_ROOM)
    return ax


def _key(cells: pd.DataFrame, words: Words) -> list[tuple[str, str, str]]:
    found = set(cells["state"])
    signs = [(*LOOKS[state], text) for state, text in STATES.items() if state in found]
    counts = words.text("Clear exceptions found / expected without a link")
    return [("", counts, INK), *((sign, words.text(text), colour) for sign, colour, text in signs)]


def _draw_cell(ax: Axes, place: tuple[float, float], cell: dict[str, object], words: Words) -> None:
    sign, colour = LOOKS[cell["state"]]
    look = {"markerfacecolor": colour if sign in FILLED else PAPER, "markeredgewidth": 1.6, "markersize": 8}
    shift = ax.transData + ScaledTranslation(0, SIGN_UP / 72, ax.figure.dpi_scale_trans)
    ax.plot(*place, SIGNS[sign], color=colour, transform=shift, zorder=3, **look)
    text = f"{words.number(cell['n_clear'])} / {expected_text(cell, words)}"
    write(ax, text, place, (0, TEXT_DOWN), ax.transData, align="center", colour=INK)
