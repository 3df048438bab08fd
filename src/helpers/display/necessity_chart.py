"""Grids of exceptions to a claim of necessity, ready for a page, with their counts as a table."""

from __future__ import annotations

import pandas as pd

from helpers.display.plots import Chart, figure, plot_necessity
from helpers.display.tables import Column, table_of
from helpers.display.wording import Words, capital
from helpers.display.wording.effects import Claim, Row
from helpers.display.wording.necessity import STATES, cut_text, necessity_alt, necessity_caption
from helpers.display.wording.numbers import is_missing


def necessity_chart(cells: pd.DataFrame, words: Words, claim: Claim) -> Chart:
    """Chart of clear exceptions over a grid of thresholds.

    Parameters
    ----------
    cells : DataFrame
        Answer of `stats.necessity.necessity`.
    words : Words
    claim : Claim
        Its lag is the length of the window.

    Returns
    -------
    Chart
    """
    x, y = (capital(words.measure(measure)) for measure in (claim.x, claim.y))
    columns = [
        Column(words.text("{y} above", y=y), lambda cell: cut_text(cell, "y", words, claim), is_number=False),
        Column(words.text("{x} at least, before that", x=x), lambda cell: cut_text(cell, "x", words, claim)),
        Column(words.text("High first"), lambda cell: _share(cell, words)),
        Column(words.text("Clear exceptions"), lambda cell: words.number(cell["n_clear"])),
        Column(words.text("Expected if unrelated"), lambda cell: words.number(cell["expected_independence"])),
        Column(words.text("Expected from their own past"), lambda cell: words.number(cell["expected_own_past"])),
        Column(words.text("Finding"), lambda cell: words.text(STATES[cell["state"]]), is_number=False),
    ]
    ordered = cells.sort_values(["y_threshold", "x_threshold"], ascending=[False, True])
    return figure(
        lambda: plot_necessity(cells, words, claim),
        alt=necessity_alt(cells, words, claim),
        table=table_of(ordered.to_dict("records"), columns, words, caption=necessity_caption(words, claim)),
    )


def _share(cell: Row, words: Words) -> str:
    return words.text("cannot be given") if is_missing(cell["estimate"]) else words.percent(cell["estimate"])
