"""Tables of drivers: weights and ranks of each, and the shares on every kind of rows."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.display.quartile_tables import Folded
from helpers.display.tables import Column, Table, in_brackets, table_of
from helpers.display.wording import Words, capital
from helpers.display.wording.driver_checks import LOOKS, Look, look_cell
from helpers.display.wording.driver_ranks import rank_text
from helpers.display.wording.drivers import DriverClaim
from helpers.display.wording.verdicts import verdict_text


def weights_table(study: Look, words: Words, claim: DriverClaim) -> Folded:
    """Show each driver with its share by both methods, its ranks and its link, folded.

    Parameters
    ----------
    study : Look
    words : Words
    claim : DriverClaim

    Returns
    -------
    Folded
    """
    slopes = study.slopes[["term", "estimate", "ci_low", "ci_high", "verdict"]]
    slopes = slopes.rename(columns={"estimate": "slope", "ci_low": "slope_low", "ci_high": "slope_high"})
    rows = study.shares.merge(slopes, on="term").sort_values("estimate", ascending=False)
    columns = [
        Column(words.text("Driver"), lambda row: claim.name(row["term"]), is_number=False),
        Column(words.text("Share (LMG)"), lambda row: words.percent(row["estimate"])),
        Column(words.text("Share (Johnson)"), lambda row: words.percent(row["johnson"])),
        Column(words.text("Possible ranks"), lambda row: rank_text(row, words)),
        Column(words.text("Slope (interval)"), lambda row: _slope(row, words)),
        Column(words.text("Linked?"), lambda row: verdict_text(row["verdict"], words), is_number=False),
    ]
    caption = words.text(
        "Share of each in what all explain; slope in standard deviations of {outcome} per standard deviation, with the "
        "others held fixed, intervals for all at once",
        outcome=words.measure(claim.outcome, definite=True),
    )
    table = table_of(rows.to_dict("records"), columns, words, caption=caption)
    return Folded(table, words.text("Weights, ranks and slopes of each driver"))


def looks_table(taken: Mapping[str, Look], words: Words, claim: DriverClaim) -> Table:
    """Show the share of each driver, with its possible ranks, on every kind of rows.

    Parameters
    ----------
    taken : mapping of look to Look
    words : Words
    claim : DriverClaim

    Returns
    -------
    Table
    """
    shares = {name: look.shares.set_index("term").to_dict("index") for name, look in taken.items()}
    columns = [Column(words.text("Driver"), lambda row: claim.name(row["term"]), is_number=False)]
    columns += [
        Column(capital(words.text(LOOKS[name])), lambda row, name=name: look_cell(shares[name][row["term"]], words))
        for name in taken
    ]
    caption = words.text("Share of each driver on several kinds of rows, in brackets the ranks it may have")
    return table_of(pd.DataFrame({"term": list(claim.names)}).to_dict("records"), columns, words, caption=caption)


def _slope(row: Mapping[str, float], words: Words) -> str:
    interval = words.interval(_decimal(row["slope_low"], words), _decimal(row["slope_high"], words))
    return in_brackets(_decimal(row["slope"], words), interval)


def _decimal(value: float, words: Words) -> str:
    return words.number(value, 2, fixed=True)
