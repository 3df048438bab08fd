"""Table of the quartile gap looked at in other ways."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.display.tables import Column, Table, table_of
from helpers.display.wording import Words, capital
from helpers.display.wording.marks import msg
from helpers.display.wording.quartiles import gap_interval

CHECKS = {
    "headline": msg("As above"),
    "same_wave": msg("Ranked on the same wave"),
    "by_n": msg("Units counted by their answers"),
    "slope": msg("Implied by one line through all units"),
}


def checks_table(checks: pd.DataFrame, words: Words, *, outcomes: Sequence[str]) -> Table | None:
    """Show the gap of some outcomes under each check.

    Parameters
    ----------
    checks : DataFrame
        Answer of `stats.quartile_checks.gap_checks`, all of scale ``sd``.
    words : Words
    outcomes : sequence of str
        In this order.

    Returns
    -------
    Table, or None where no gap can be given
    """
    shown = checks[checks["outcome"].isin(outcomes)].to_dict("records")
    columns = [
        Column(words.text("Outcome"), lambda row: capital(words.measure(row["outcome"])), is_number=False),
        Column(words.text("Way of looking"), lambda row: words.text(CHECKS[row["check"]]), is_number=False),
        Column(words.text("Gap"), lambda row: words.signed(row["estimate"], 2, fixed=True)),
        Column(words.text("Interval"), lambda row: gap_interval(row, words, level=False)),
        Column(words.text("Units"), lambda row: words.number(row["n"])),
    ]
    if not shown:
        return None
    rows = sorted(shown, key=lambda row: list(outcomes).index(row["outcome"]))
    return table_of(
        rows, columns, words, caption=words.text("The same gap in standard deviations, looked at in other ways")
    )
