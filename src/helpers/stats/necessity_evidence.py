"""The necessity claim with its verdict: the grid of thresholds, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers.stats.estimates import NotApplicable
from helpers.stats.necessity import necessity
from helpers.stats.necessity_verdict import necessity_verdict
from helpers.stats.verdicts import Verdict


@dataclass(frozen=True)
class NecessityEvidence:
    """The cells of `necessity.necessity`, and the verdict on them."""

    cells: pd.DataFrame
    verdict: Verdict


def necessity_evidence(panel: pd.DataFrame, *, x: str, y: str, lag: int, **choices: object) -> NecessityEvidence:
    """
    Test whether y is never high without a high x before it.

    Parameters
    ----------
    panel : DataFrame, one row per entity and time
        With standard errors in ``<x>_se`` and ``<y>_se``.
    x, y : str
    lag : int
        Length of the window before y, in periods.
    **choices : object
        ``rng`` and what else `necessity.necessity` takes.

    Returns
    -------
    NecessityEvidence

    Raises
    ------
    NotApplicable
        For a lag of 0, or when the panel bears no such count, see `necessity.necessity`.
    """
    if lag == 0:
        raise NotApplicable("Whether {x} must come first cannot be asked at the same moment.", x=x)
    cells = necessity(panel, x=x, y=y, lag=lag, x_se=f"{x}_se", y_se=f"{y}_se", **choices)
    return NecessityEvidence(cells, necessity_verdict(cells))
