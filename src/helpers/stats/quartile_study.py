"""All of a quartile comparison at once: the gap over all units, within organisations, and looked at in other ways."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.organisation_gaps import median_gaps, organisation_gaps
from helpers.stats.quartile_checks import SLOPE, gap_checks, in_sd, without_interval
from helpers.stats.quartile_contrasts import adjusted_gaps
from helpers.stats.quartiles import DEFAULT_BOOT, quartile_gaps
from helpers.stats.turnover_groups import turnover_groups, turnover_rates
from helpers.stats.verdicts import gap_verdicts

SIDES = ("top", "bottom")


@dataclass(frozen=True)
class QuartileStudy:
    """What a quartile comparison comes to.

    Parameters
    ----------
    pooled : DataFrame
        Answer of `quartiles.quartile_gaps` with ``verdict``, ``because``: all units together.
    organisations : DataFrame
        Answer of `organisation_gaps.organisation_gaps`.
    medians : DataFrame
        Answer of `organisation_gaps.median_gaps` with ``verdict``, ``because``.
    checks : DataFrame
        Answer of `quartile_checks.gap_checks` for the gap that leads.
    is_within : bool
        Whether the median within organisations leads, which it does where there are enough of them for an interval:
        differences between organisations, which have many causes, then stay out of the gap.
    turnover : DataFrame
        Answer of `turnover_groups.turnover_groups`.
    turnover_rates : Series
        Percent of staff that leave each organisation a year.
    """

    pooled: pd.DataFrame
    organisations: pd.DataFrame
    medians: pd.DataFrame
    checks: pd.DataFrame
    is_within: bool
    turnover: pd.DataFrame
    turnover_rates: pd.Series

    @property
    def gaps(self) -> pd.DataFrame:
        """The gaps that lead."""
        return self.medians if self.is_within else self.pooled

    @property
    def annual_turnover(self) -> float | None:
        """Turnover a year where one figure stands for all organisations; None where they fall into both groups."""
        return float(self.turnover_rates.mean()) if len(self.turnover) == 1 else None

    @property
    def unlike(self) -> list[str]:
        """Outcomes of which all units together tell otherwise than units within their organisations.

        Where medians have an interval, the verdicts differ; else a clear gap lies on the other side of zero.
        """
        both = self.pooled.merge(self.medians, on=["outcome", "scale"], suffixes=("", "_within"))
        both = both[(both["scale"] == "sd") & (both["n_clusters_within"] > 1) & both["estimate_within"].notna()]
        opposite = both["estimate"] * both["estimate_within"] < 0
        is_clear = (both["ci_low"] > 0) | (both["ci_high"] < 0)
        differs = both["verdict"] != both["verdict_within"] if self.is_within else opposite & is_clear
        return both.loc[differs, "outcome"].tolist()

    def shares(self, outcome: str) -> dict[str, float]:
        """Shares of the units of an outcome in the top and bottom group, 0 to 1; NaN where there are none."""
        units = self.organisations if self.is_within else self.pooled
        units = units[(units["outcome"] == outcome) & (units["scale"] == "raw") & units["n_top"].notna()]
        n = units["n"].sum() if len(units) else np.nan
        return {f"{side}_share": units[f"n_{side}"].sum() / n for side in SIDES}


def quartile_study(
    frame: pd.DataFrame,
    same_wave: pd.DataFrame,
    *,
    rng: np.random.Generator,
    smallest_effect: float,
    unit: str = "sd",
    conf_level: float = 0.95,
    n_boot: int = DEFAULT_BOOT,
    high_turnover: float = 40.0,
    periods_per_year: int = 1,
) -> QuartileStudy:
    """
    Compare top and bottom quartile in all ways.

    Parameters
    ----------
    frame : DataFrame, one row per unit and outcome
        See `quartiles.quartile_gaps`, with ``organisation``, ``size``, ``n`` and ``se``.
    same_wave : DataFrame
        The same with engagement of the wave of the outcomes.
    rng : Generator
        Source of the bootstrap draws; every way of looking sees the same ones.
    smallest_effect, unit
        See `verdicts.gap_verdicts`.
    conf_level : float
        Between 0 and 1.
    n_boot : int
        Bootstrap draws.
    high_turnover : float
        Percent of staff that leave in a year, above which turnover is high.
    periods_per_year : int
        Of the outcomes.

    Returns
    -------
    QuartileStudy
    """

    def judged(gaps: pd.DataFrame) -> pd.DataFrame:
        return gap_verdicts(gaps, smallest_effect=smallest_effect, unit=unit)

    def pooled_gaps(units: pd.DataFrame, weights: str = "equal") -> pd.DataFrame:
        draws = {"rng": deepcopy(rng), "conf_level": conf_level, "n_boot": n_boot}
        return judged(quartile_gaps(units, weights=weights, **draws))

    def within_gaps(units: pd.DataFrame, weights: str = "equal") -> pd.DataFrame:
        return judged(median_gaps(organisation_gaps(units, weights=weights), conf_level=conf_level))

    pooled, organisations = pooled_gaps(frame), organisation_gaps(frame)
    medians = judged(median_gaps(organisations, conf_level=conf_level))
    is_within = bool(medians["ci_low"].notna().any())
    headline = medians if is_within else pooled
    others = _others(frame, same_wave, within_gaps if is_within else pooled_gaps)
    if is_within:
        others["pooled"] = pooled
        implied = organisations.assign(estimate=organisations["slope_implied"])
        others[SLOPE] = judged(median_gaps(implied, conf_level=conf_level))
    else:
        others[SLOPE] = without_interval(pooled, pooled["slope_implied"])
    others["adjusted"] = judged(in_sd(adjusted_gaps(frame, conf_level=conf_level), pooled))
    rates = turnover_rates(frame, periods_per_year)
    groups = turnover_groups(organisations, rates, threshold=high_turnover, conf_level=conf_level)
    return QuartileStudy(pooled, organisations, medians, gap_checks(headline, others), is_within, groups, rates)


def _others(
    frame: pd.DataFrame, same_wave: pd.DataFrame, gaps: Callable[[pd.DataFrame, str], pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    found = {"by_n": gaps(frame, "n"), "by_precision": gaps(frame, "precision")}
    return found if same_wave.empty else {"same_wave": gaps(same_wave, "equal"), **found}
