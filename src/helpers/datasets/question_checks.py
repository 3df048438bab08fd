"""Whether the questions put to employees can be scored: at least one, and no measure asked in two ways."""

from __future__ import annotations

import pandas as pd

from helpers.datasets.measure_kinds import EMPLOYEE_MEASURES
from helpers.datasets.problems import Problem

WAY_OUT = "Keep the one on the scale that was asked."


def question_problems(columns: set[str], items: pd.DataFrame | None) -> list[Problem]:
    """List what is wrong with the columns of ``employee_answers`` as a whole.

    Parameters
    ----------
    columns : set of str
        Those found.
    items : DataFrame, optional
        ``item_id`` and, where known, ``element``.

    Returns
    -------
    list of Problem
        Nothing to score, or a measure that both a column and an item give.
    """
    asked = set() if items is None else set(items["item_id"])
    if not columns & {*EMPLOYEE_MEASURES, *asked}:
        rule = f"have a column {', '.join(EMPLOYEE_MEASURES)} or one that items names"
        return [Problem("employee_answers", "", rule, "none of them", way_out="Add one of them.")]
    elements = set() if items is None or "element" not in items else set(items["element"])
    return [
        Problem("employee_answers", column, f"not be asked beside items of element {measure}", "both", way_out=WAY_OUT)
        for column, (measure, _) in EMPLOYEE_MEASURES.items()
        if column in columns and measure in elements
    ]
