"""The table every estimator answers with, and the error of a method that does not apply.

An *estimate* is a number about a population, always with its standard error and confidence interval; a *score* is a
measured value of one unit in one period. `term` names what is estimated; `cluster` is the unit of dependence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

Result = TypeVar("Result")

ESTIMATE_COLUMNS = (
    "term",
    "estimate",
    "se",
    "df",
    "ci_low",
    "ci_high",
    "p_value",
    "conf_level",
    "n",
    "n_clusters",
)


class NotApplicable(Exception):
    """A method cannot say anything about these data; the reason is one clear sentence.

    Parameters
    ----------
    reason : str
        English sentence with named placeholders, e.g. ``"Lag {lag} needs {needed} waves; the panel has {found}."``
        It is the key under which translations are looked up.
    **values : str or int or float
        What the placeholders stand for.
    """

    def __init__(self, reason: str, **values: object) -> None:
        self.reason, self.values = reason, values
        super().__init__(reason.format(**values))

    @classmethod
    def again(cls, reason: str, values: Mapping[str, object]) -> NotApplicable:
        """Give the obstacle that a row of a table has kept, as its reason and values."""
        return cls(reason, **values)

    def _render_traceback_(self) -> list[str]:
        """Show the sentence instead of a stack in notebooks; the second line is read when a page is rendered."""
        return [str(self), json.dumps({"reason": self.reason, "values": self.values}, default=str)]


class ToldAbove(NotApplicable):
    """A reason that only points to one told further up on the page."""


def tried(method: Callable[[], Result]) -> Result | NotApplicable:
    """Give what a method answers, or the reason why it does not apply."""
    try:
        return method()
    except NotApplicable as problem:
        return problem


def unless_reason(found: Result | NotApplicable) -> Result:
    """Give what was found; where that is the reason why a method does not apply, raise it."""
    if isinstance(found, NotApplicable):
        raise found
    return found


def with_intervals(estimates: pd.DataFrame, conf_level: float = 0.95) -> pd.DataFrame:
    """Complete a table of estimates with intervals and p-values.

    Parameters
    ----------
    estimates : DataFrame, shape (k, ...)
        Columns ``term``, ``estimate``, ``se``; ``df`` (missing or infinite: normal), ``n``, ``n_clusters`` if known.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (k, ...)
        `ESTIMATE_COLUMNS` first, other columns after them. The interval is estimate ± t(df) · se.
    """
    check_conf_level(conf_level)
    table = estimates.copy()
    for column in ("df", "n", "n_clusters"):
        if column not in table:
            table[column] = np.inf if column == "df" else np.nan
    df = table["df"].astype(float).fillna(np.inf)
    half = stdtrit(df, 0.5 + conf_level / 2) * table["se"]
    table["ci_low"], table["ci_high"] = table["estimate"] - half, table["estimate"] + half
    ratio = (table["estimate"] / table["se"].where(table["se"] > 0)).abs()
    table["p_value"] = 2 * stdtr(df, -ratio)
    table["conf_level"] = conf_level
    others = [column for column in table if column not in ESTIMATE_COLUMNS]
    return table[[*ESTIMATE_COLUMNS, *others]]


def check_conf_level(conf_level: float) -> None:
    """Refuse a confidence level outside (0, 1), such as 95 for 95 %."""
    if not 0 < conf_level < 1:
        raise ValueError(f"conf_level must lie between 0 and 1; found {conf_level}. Write 0.95 for 95 %.")
