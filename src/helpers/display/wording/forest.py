"""What a forest plot shows: its alternative text, and the caption of its table."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import pandas as pd

from helpers.display.wording.amounts import with_interval
from helpers.display.wording.effect_axis import effect_name, estimate_text
from helpers.display.wording.effects import Claim
from helpers.display.wording.numbers import is_missing, significant_decimals
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.words import Words

# Beside their intervals estimates need no more.
DIGITS = 2


def without_pooled(estimates: pd.DataFrame, pooled: str | None) -> pd.DataFrame:
    """Take the row that pools the others out.

    Raises
    ------
    ValueError
        Without other rows, or when `pooled` is not the term of one row.
    """
    is_pooled = estimates["term"] == pooled
    if is_pooled.sum() != (pooled is not None):
        raise ValueError(f"pooled must be the term of one row; found {pooled!r} in {is_pooled.sum()} rows.")
    if is_pooled.all():
        raise ValueError(f"estimates must have rows besides the pooled one; found {len(estimates)} in all.")
    return estimates[~is_pooled]


def common_decimals(values: Sequence[float]) -> int:
    """Decimals that write the middle one of the values, by size, with two significant digits."""
    known = [abs(value) for value in values if not is_missing(value)]
    return significant_decimals(median(known), DIGITS) if known else 0


def forest_alt(
    estimates: pd.DataFrame,
    words: Words,
    *,
    claim: Claim | None = None,
    quantity: str = "",
    pooled: str | None = None,
) -> Paragraph:
    """Describe a forest plot: how many estimates, the lowest and the highest, how many clear of zero, all together.

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

    Returns
    -------
    Paragraph
    """
    table = without_pooled(estimates, pooled)
    shown = table[table["estimate"].notna()].sort_values("estimate", kind="stable")
    rows, decimals = estimates.to_dict("records"), common_decimals(list(estimates["estimate"]))
    name = quantity_text(rows[0], words, claim, quantity)
    missing = words.plural("{n} could not be given.", "{n} could not be given.", len(table) - len(shown))
    if shown.empty:
        return paragraph(words.text("No estimate could be given of {quantity}.", quantity=name))
    lowest, highest = shown.iloc[0].to_dict(), shown.iloc[-1].to_dict()
    found = words.plural(
        "{quantity}: {n} estimate, {high} ({highest}).",
        "{quantity}: {n} estimates, from {low} ({lowest}) to {high} ({highest}).",
        len(shown),
        quantity=name,
        low=estimate_text(lowest, words, claim, decimals)[0],
        high=estimate_text(highest, words, claim, decimals)[0],
        lowest=lowest.get("name", lowest["term"]),
        highest=highest.get("name", highest["term"]),
    )
    # A share is above zero whatever it is.
    is_level = "is_level" in shown and bool(shown["is_level"].all())
    clear = int(((shown["ci_low"] > 0) | (shown["ci_high"] < 0)).sum())
    told = words.plural("{n} interval is clear of zero.", "{n} intervals are clear of zero.", clear)
    return paragraph(
        capital(found),
        "" if is_level else told,
        missing if len(shown) < len(table) else "",
        *(_together(row, words, claim, decimals) for row in rows if row["term"] == pooled),
    )


def forest_caption(
    estimates: pd.DataFrame, words: Words, *, claim: Claim | None = None, quantity: str = ""
) -> Paragraph:
    """Caption of the estimates of a forest plot: what is estimated."""
    return paragraph(capital(quantity_text(estimates.iloc[0].to_dict(), words, claim, quantity)) + ".")


def quantity_text(row: dict[str, object], words: Words, claim: Claim | None, quantity: str) -> str:
    """Name what is estimated: as given, or the effect claimed.

    Raises
    ------
    ValueError
        Without either.
    """
    if not quantity and claim is None:
        raise ValueError("quantity must say what is estimated where there is no claim; found ''.")
    return quantity or effect_name(row, words, claim)


def _together(row: dict[str, object], words: Words, claim: Claim | None, decimals: int) -> str:
    estimate, interval = estimate_text(row, words, claim, decimals)
    figure = with_interval(estimate, interval, words, row.get("conf_level")) if interval else estimate
    return words.text("All together: {figure}.", figure=figure)
