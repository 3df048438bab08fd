"""The quartile gap with units ranked by half of their people, so that the outcome can come from other people."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.estimates import NotApplicable
from helpers.stats.quartiles import DEFAULT_BOOT, quartile_gaps
from helpers.stats.regression_to_mean import retest_gaps
from helpers.stats.reliability import spearman_brown

SAME_HALF, OTHER_HALF, OTHERS = "same half", "other half", "others"


@dataclass(frozen=True)
class HalfStudy:
    """What halves of units tell.

    Parameters
    ----------
    answered : DataFrame
        Gaps of `quartiles.quartile_gaps` with ``part``: what employees answer, by the half that ranks the units ("same
        half") and by the other one.
    by_half, by_all : DataFrame
        Gaps in outcomes from others, with units ranked by half of their people and by all of them.
    share_kept : float
        Sum of the gaps by half over that by all, in SD with better turned up, over the outcomes whose gap by all is
        clear of zero; NaN without any.
    r, reliability : Series
        Correlation of the halves' engagement, and what it makes of all people of a unit: ``estimate``, ``ci_low``,
        ``ci_high``.
    """

    answered: pd.DataFrame
    by_half: pd.DataFrame
    by_all: pd.DataFrame
    share_kept: float
    r: pd.Series
    reliability: pd.Series


def half_study(
    halves: pd.DataFrame,
    frame: pd.DataFrame,
    *,
    engagement: str,
    rng: np.random.Generator,
    conf_level: float = 0.95,
    n_boot: int = DEFAULT_BOOT,
) -> HalfStudy:
    """
    Compare quarters ranked by half of the people of each unit.

    Parameters
    ----------
    halves : DataFrame, one row per unit, outcome and part
        The columns of `quartiles.quartile_gaps`, with ``engagement`` of the half that ranks, and ``part``: "same half",
        "other half" (who answers), or "others" for outcomes that employees do not answer for.
    frame : DataFrame
        Units of the same wave ranked by all of their people.
    engagement : str
        Outcome in `halves` that is the measure units are ranked by.
    rng : Generator
        Source of the bootstrap draws.
    conf_level : float
        Between 0 and 1.
    n_boot : int
        Bootstrap draws.

    Returns
    -------
    HalfStudy

    Raises
    ------
    NotApplicable
        Where too few units have answers in both halves.

    Notes
    -----
    What one person brings to two answers raises the gap of the "same half" only; ranking is equally noisy in both. A
    half is noisier than the whole, so gaps are smaller: with reliability ``r`` of a half and ``R = 2 r / (1 + r)`` of
    all people, by ``sqrt(r / R)``, as long as what moves the outcome is what the people of a unit share.

    References
    ----------
    P. Podsakoff et al. (2003), Common method biases in behavioral research, *Journal of Applied Psychology* 88(5),
    879-903; C. Spearman (1910), *British Journal of Psychology* 3, 271-295.
    """
    draws = {"conf_level": conf_level, "n_boot": n_boot}
    of_engagement = halves[halves["outcome"] == engagement]
    waves = of_engagement.pivot(index=["entity", "cluster"], columns="part", values="value").reset_index()
    waves = waves.reindex(columns=["cluster", SAME_HALF, OTHER_HALF]).rename(columns={SAME_HALF: "cut"})
    again = retest_gaps(waves, [OTHER_HALF], rng=deepcopy(rng), **draws).set_index("term")
    r = again.loc["r", ["estimate", "ci_low", "ci_high"]].astype(float)
    if np.isnan(r["estimate"]):
        raise NotApplicable("Too few units have answers in both halves.")

    def gaps(units: pd.DataFrame) -> pd.DataFrame:
        return quartile_gaps(units, rng=deepcopy(rng), **draws) if len(units) else pd.DataFrame(columns=["scale"])

    own = halves[halves["outcome"] != engagement]
    answered = [gaps(own[own["part"] == part]).assign(part=part) for part in (SAME_HALF, OTHER_HALF)]
    by_half = gaps(own[own["part"] == OTHERS])
    known = frame.merge(own.loc[own["part"] == OTHERS, ["entity", "outcome"]], on=["entity", "outcome"])
    by_all = gaps(known)
    reliability = spearman_brown(r.clip(lower=0), 2.0)
    return HalfStudy(pd.concat(answered), by_half, by_all, _share_kept(by_half, by_all), r, reliability)


def _share_kept(by_half: pd.DataFrame, by_all: pd.DataFrame) -> float:
    half, whole = (table[table["scale"] == "sd"] for table in (by_half, by_all))
    if whole.empty or half.empty:
        return np.nan
    clear = whole[(whole["ci_low"] > 0) | (whole["ci_high"] < 0)].set_index("outcome")["estimate"]
    kept = half.set_index("outcome")["estimate"].reindex(clear.index) * np.sign(clear)
    return float(kept.sum() / clear.abs().sum()) if len(clear) else np.nan
