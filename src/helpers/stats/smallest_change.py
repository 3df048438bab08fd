"""The smallest change of a score that a unit of this size could show, before any change is looked at.

A *change* is the score now minus the score before, of different or independent answers. A change below the smallest one
may be real; this unit is then too small to show it reliably.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.stats.estimates import NotApplicable, check_conf_level
from helpers.stats.power import POWER, check_power, least_detectable_effect

REQUIRED = ("estimate", "n_effective", "se", "n_previous")


def smallest_change(
    spread: float | pd.Series,
    n: float | pd.Series,
    n_previous: float | pd.Series,
    *,
    spread_previous: float | pd.Series | None = None,
    conf_level: float = 0.95,
    power: float = POWER,
) -> float | pd.Series:
    """
    Smallest true change that two waves of these sizes show with the given power.

    Parameters
    ----------
    spread : float or Series, shape (units,)
        SD of one answer, in the unit of the score (NPS: points, at most 100).
    n, n_previous : float or Series, shape (units,)
        Answers now and before, or effective numbers of them.
    spread_previous : float or Series, optional
        SD of one answer before; as now if not given.
    conf_level : float
        Between 0 and 1; the test's level is ``1 - conf_level``.
    power : float
        Chance that the interval of the change excludes zero.

    Returns
    -------
    float or Series, shape (units,)
        ``(z(1 - alpha/2) + z(power)) sqrt(spread² / n + spread_previous² / n_previous)``; missing without answers.

    Raises
    ------
    ValueError
        For a level or power that is not a share.

    References
    ----------
    H. Bloom (1995), Minimum Detectable Effects, *Evaluation Review* 19(5), 547-556.
    """
    before = spread if spread_previous is None else spread_previous
    sizes = [size / np.where(np.asarray(size) > 0, 1.0, np.nan) for size in (n, n_previous)]
    se = np.sqrt(spread**2 / sizes[0] + before**2 / sizes[1])
    return se * least_detectable_effect(1.0, np.inf, conf_level=conf_level, power=power)


def smallest_changes(
    scores: pd.DataFrame, *, usual_spread: float | None = None, conf_level: float = 0.95, power: float = POWER
) -> pd.DataFrame:
    """
    Smallest change that each unit could show, from its own spread and from the usual one.

    Parameters
    ----------
    scores : DataFrame, one row per unit
        One measure in one period: ``estimate``, ``n_effective``, ``se``, and ``n_previous``, the effective number of
        answers before (missing: none).
    usual_spread : float, optional
        SD of one answer; by default that within the units of `scores`, ``sqrt(Σ n spread² / Σ n)``.
    conf_level, power : float
        As in `smallest_change`.

    Returns
    -------
    DataFrame, the same rows
        `scores` with ``spread`` (SD of one answer, ``se sqrt(n_effective)``; missing where all answered alike),
        ``usual_spread``, ``smallest_own``, ``smallest_usual``, ``conf_level``, ``power``. The own spread of a small
        unit is itself uncertain: below some 30 answers read the usual one.

    Raises
    ------
    ValueError
        For a missing column, or a level or power that is not a share.
    NotApplicable
        When no unit has answers in both periods, or nowhere two answers differ.
    """
    missing = [column for column in REQUIRED if column not in scores]
    if missing:
        raise ValueError(f"scores must have the columns {', '.join(REQUIRED)}; found none named {', '.join(missing)}.")
    check_conf_level(conf_level)
    check_power(power, conf_level)
    n = scores["n_effective"].astype(float).where(scores["n_effective"] > 0)
    if not (n.notna() & (scores["n_previous"] > 0)).any():
        raise NotApplicable("No unit has answers in both periods, so no change can be shown.")
    spread = (scores["se"] * np.sqrt(n)).where(scores["se"] > 0)
    usual = usual_spread if usual_spread is not None else _usual(spread, scores["se"], n)
    chosen = {"n": n, "n_previous": scores["n_previous"].astype(float), "conf_level": conf_level, "power": power}
    own = smallest_change(spread, **chosen)
    return scores.assign(
        spread=spread,
        usual_spread=usual,
        smallest_own=own,
        smallest_usual=smallest_change(usual, **chosen),
        conf_level=conf_level,
        power=power,
    )


def _usual(spread: pd.Series, se: pd.Series, n: pd.Series) -> float:
    """SD within units; a unit of equal answers counts with none, one without an error not at all."""
    counted = n.where(se.notna())
    variance = float((counted * spread.fillna(0) ** 2).sum() / counted.sum()) if counted.sum() > 0 else 0.0
    if not variance > 0:
        raise NotApplicable("Within every unit all answers are alike, so the usual spread is not known.")
    return variance**0.5
