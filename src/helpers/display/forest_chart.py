"""Forest plots, ready for a page, with their figures as a table."""

from __future__ import annotations

import pandas as pd

from helpers.display.plots import Chart, figure, plot_forest
from helpers.display.tables import Column, table_of
from helpers.display.wording import Words
from helpers.display.wording.effect_axis import estimate_text
from helpers.display.wording.effects import Claim
from helpers.display.wording.forest import common_decimals, forest_alt, forest_caption, without_pooled
from helpers.display.wording.numbers import is_missing


def forest_chart(
    estimates: pd.DataFrame,
    words: Words,
    *,
    claim: Claim | None = None,
    quantity: str = "",
    pooled: str | None = None,
    smallest: float | None = None,
) -> Chart | None:
    """Chart of estimates below each other; None when none of them could be given.

    Parameters
    ----------
    estimates : DataFrame
        See `plots.plot_forest`.
    words : Words
    claim : Claim, optional
    quantity : str
        What is estimated; by default the effect claimed.
    pooled : str, optional
        Term of the row that takes the others together.
    smallest : float, optional
        Smallest effect that matters, in the unit of the column told.

    Returns
    -------
    Chart or None
    """
    if without_pooled(estimates, pooled)["estimate"].isna().all():
        return None
    told, decimals = {"claim": claim, "quantity": quantity}, common_decimals(list(estimates["estimate"]))
    columns = [
        Column(words.text("Estimate of"), lambda row: row.get("name", row["term"]), is_number=False),
        Column(words.text("Estimate"), lambda row: estimate_text(row, words, claim, decimals)[0]),
        Column(words.text("Interval"), lambda row: estimate_text(row, words, claim, decimals)[1]),
    ]
    counts = {"weight": words.text("Weight"), "n": words.text("Observations")}
    columns += [
        Column(title, lambda row, name=name: "" if is_missing(row[name]) else words.number(row[name]))
        for name, title in counts.items()
        if name in estimates and estimates[name].notna().any()
    ]
    return figure(
        lambda: plot_forest(estimates, words, **told, pooled=pooled, smallest=smallest),
        alt=forest_alt(estimates, words, **told, pooled=pooled),
        table=table_of(estimates.to_dict("records"), columns, words, caption=forest_caption(estimates, words, **told)),
    )
