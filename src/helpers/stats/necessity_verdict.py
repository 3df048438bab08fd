"""Verdict on a necessity claim: "holds", "fails" or "cannot_tell", as a pure function of its grid.

Each cell has a *state*, the first that applies: ``more`` clear counterexamples than error gives (p_error below alpha);
``few_chances``, less than `MIN_EXPECTED` expected under one of the nulls or clearly high y in less than `MIN_UNITS`
units; ``fewer`` than both nulls give (adjusted p below alpha); ``unclear``. The grid is judged at its most lenient cell
first, lowest x threshold and highest y threshold: a clear counterexample there is one in every other cell. Rules, the
first that applies decides:

=================  ===========  =====================================================================
because            verdict      when
=================  ===========  =====================================================================
beyond_error       fails        the most lenient cell has ``more``
fewer_than_chance  holds        a cell has ``fewer``, and at most `MOST_EXCEPTIONS` of its chances are clear exceptions
fewer_but_many     cannot_tell  a cell has ``fewer``: x and y go together, which is not yet a rule without exceptions
too_few_chances    cannot_tell  no cell is beyond ``few_chances``, apart from those with ``more``
as_by_own_past     cannot_tell  a cell has fewer than independence gives, though not than both nulls
as_by_chance       cannot_tell  none of the above
=================  ===========  =====================================================================

So a claim never holds for want of chances to fail.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.stats.verdicts import CANNOT_TELL, Verdict

HOLDS, FAILS = "holds", "fails"
# With 5 expected, none found has a chance below 1 % (Poisson); with fewer, no count is clearly fewer.
MIN_EXPECTED = 5.0
MIN_UNITS = 5
# J. Dul (2016), Organizational Research Methods 19(1), 10-52: a condition is as good as necessary up to one in twenty.
MOST_EXCEPTIONS = 0.05


def cell_states(cells: pd.DataFrame, *, alpha: float) -> np.ndarray:
    """
    State of each cell of a grid, see the head of the module.

    Parameters
    ----------
    cells : DataFrame, shape (cells, ...)
        ``p_error``, ``p_value``, ``n_units``, ``expected_independence``, ``expected_own_past``.
    alpha : float
        Level of the tests, between 0 and 1.

    Returns
    -------
    ndarray of str, shape (cells,)
        "more", "few_chances", "fewer" or "unclear".
    """
    expected = cells[["expected_independence", "expected_own_past"]].min(axis=1)
    has_chances = (expected >= MIN_EXPECTED) & (cells["n_units"] >= MIN_UNITS)
    rules = {"more": cells["p_error"] < alpha, "few_chances": ~has_chances, "fewer": cells["p_value"] < alpha}
    return np.select(list(rules.values()), list(rules), default="unclear").astype(object)


def necessity_verdict(cells: pd.DataFrame) -> Verdict:
    """
    Is there no high y without a high x before it?

    Parameters
    ----------
    cells : DataFrame
        Answer of `necessity.necessity`.

    Returns
    -------
    Verdict
        By the table at the head of the module; ``figures`` hold the cell it rests on.

    Raises
    ------
    ValueError
        Without cells.
    """
    if not len(cells):
        raise ValueError("cells must hold a pair of thresholds or more; found 0.")
    ordered = cells.sort_values(["x_threshold", "y_threshold"], ascending=[True, False], kind="stable")
    lenient = ordered.iloc[0]
    if lenient["state"] == "more":
        return Verdict(FAILS, "beyond_error", lenient.to_dict())
    judged = ordered[ordered["state"].isin(["fewer", "unclear"])]
    if judged.empty:
        return Verdict(CANNOT_TELL, "too_few_chances", lenient.to_dict())
    judged = judged.sort_values(["p_value", "n_chances"], ascending=[True, False], kind="stable")
    best, fewer = judged.iloc[0], judged[judged["state"] == "fewer"]
    ruled = fewer[fewer["n_clear"] <= MOST_EXCEPTIONS * fewer["n_chances"]]
    if len(ruled):
        return Verdict(HOLDS, "fewer_than_chance", ruled.iloc[0].to_dict())
    if len(fewer):
        return Verdict(CANNOT_TELL, "fewer_but_many", best.to_dict())
    is_fewer = (judged["p_adjusted_independence"] < 1 - judged["conf_level"]).any()
    return Verdict(CANNOT_TELL, "as_by_own_past" if is_fewer else "as_by_chance", best.to_dict())
