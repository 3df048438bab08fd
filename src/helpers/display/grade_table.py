"""Table of the rules behind an evidence grade."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.display.tables import Column, Table, table_of
from helpers.display.wording import Words, capital
from helpers.display.wording.grades import ANSWERS, RULES


def grade_table(rules: Mapping[str, bool | None], words: Words, *, x: str) -> Table | None:
    """Show each rule behind a grade and whether it holds.

    Parameters
    ----------
    rules : mapping of str to bool or None
        See `helpers.stats.grades.Grade`.
    words : Words
    x : str
        Measure that leads.

    Returns
    -------
    Table, or None without rules
    """
    if not rules:
        return None
    name = words.measure(x, definite=True)
    columns = [
        Column(words.text("Check"), lambda row: words.text(RULES[row["rule"]], x=name), is_number=False),
        Column(words.text("Result"), lambda row: capital(words.text(ANSWERS[row["holds"]])), is_number=False),
    ]
    rows = [{"rule": rule, "holds": holds} for rule, holds in rules.items()]
    return table_of(rows, columns, words, caption=words.text("The checks behind the evidence grade"))
