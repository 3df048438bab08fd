"""Which people a measure rests on: those of one *family* answered, or were counted, together."""

from __future__ import annotations

import pandas as pd

from helpers.datasets.measure_kinds import CUSTOMER_MEASURES

EMPLOYEES, CUSTOMERS, OUTCOMES = "employees", "customers", "outcomes"


def measure_families(scores: pd.DataFrame) -> pd.Series:
    """Name the family of each score.

    Parameters
    ----------
    scores : DataFrame, shape (rows, ...)
        ``measure`` and ``kind``; that of an outcome may be ``"percent"``.

    Returns
    -------
    Series of str, shape (rows,)
        ``"customers"`` for what customers answer, ``"outcomes"`` for figures of kind ``"value"``, else ``"employees"``.
        A score of an unknown name counts among the employees', which hides more, never less.
    """
    customers = [name for name, _ in CUSTOMER_MEASURES.values()]
    family = pd.Series(EMPLOYEES, index=scores.index, dtype="str")
    return family.mask(scores["measure"].isin(customers), CUSTOMERS).mask(
        scores["kind"].isin(["value", "percent"]), OUTCOMES
    )
