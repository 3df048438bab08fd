"""What the first figures, table and chart of a process wait for, loaded before they are asked for."""

from __future__ import annotations

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from helpers.display.plots.figure import figure
from helpers.display.tables import Column, table_of
from helpers.display.wording import Words

ALT = "A line is drawn and not shown."


def rehearse(language: str) -> None:
    """Write and draw something, for texts, locale, templates, styles and fonts to be at hand.

    Parameters
    ----------
    language : {"nl", "en"}
    """
    words = Words(language)
    written = [
        words.number(1234.5),
        words.percent(0.5),
        words.signed(-1),
        words.period("2024"),
        words.period("2024-Q1"),
    ]
    table = table_of([{"text": text} for text in written], [Column("–", lambda row: row["text"])], words, caption=ALT)
    figure(_line, alt=ALT, table=table)._repr_html_()


def _line() -> Axes:
    _, axes = plt.subplots()
    axes.plot([0, 1], marker="o")
    axes.set_title("0", weight="bold")
    axes.annotate("0", (0, 0))
    return axes
