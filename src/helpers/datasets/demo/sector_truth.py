"""What a correlation over the teams of one organisation tends to, by quadrature over their sizes and their engagement.

A *correlation* is that of engagement of one wave with an outcome of the next, over the teams of an organisation, turned
so that above zero is better. ``r`` is that of the scores, as estimators see it: engagement as the mean of the items of
those who answered, the outcome as booked, NPS as customers answered. ``rho`` is free from errors of asking only some:
engagement of the whole payroll, and for NPS the one aimed at; other outcomes are what they are, and their yearly noise
is part of them. r = rho · sqrt(rxx · ryy).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtr
from scipy.stats import binom, poisson, qmc

from helpers.datasets.demo.outcomes import FLOOR
from helpers.datasets.demo.recommending import SPREAD
from helpers.datasets.demo.sector import LEVELS, OUTCOMES, Sector, differing

# The population is this many organisations, spread evenly (Sobol) over all that could be drawn.
POPULATION = 2**10
N_NODES = 15
LOWER_IS_BETTER = ("turnover", "absence", "accidents", "shrinkage", "defects")


@dataclass(frozen=True)
class _Teams:
    """Teams by size and engagement: `n` of shape (sizes, 1), `z` (SDs) and `weight` of shape (sizes, nodes)."""

    n: np.ndarray
    z: np.ndarray
    weight: np.ndarray

    def mean(self, values: np.ndarray) -> np.ndarray:
        return (self.weight * values).sum(axis=(-2, -1))


def organisation_correlations(sector: Sector, drawn: pd.DataFrame) -> pd.DataFrame:
    """Give the correlations that are true in each organisation.

    Parameters
    ----------
    sector : Sector
    drawn : DataFrame, one row per organisation
        Answer of `differing`.

    Returns
    -------
    DataFrame, one row per organisation and outcome
        ``organisation`` (index of `drawn`), ``outcome``, ``slope``, ``rho``, ``rxx``, ``ryy``, ``r``.
    """
    teams = _teams(sector)
    rxx = _engagement_reliability(sector, teams, drawn["response"].to_numpy())
    parts = [_of_outcome(sector, teams, drawn, outcome).assign(rxx=rxx) for outcome in OUTCOMES]
    table = pd.concat(parts, ignore_index=True)
    table["r"] = table["rho"] * np.sqrt(table["rxx"] * table["ryy"])
    return table[["organisation", "outcome", "slope", "rho", "rxx", "ryy", "r"]]


def population(sector: Sector) -> pd.DataFrame:
    """Give the mean and SD of correlations between all organisations that could be drawn.

    Returns
    -------
    DataFrame, one row per outcome
        ``outcome``, ``mean_rho``, ``sd_rho``, ``mean_r``, ``sd_r``; not weighted, and size tells nothing of slopes.
    """
    points = qmc.Sobol(len(LEVELS) + len(OUTCOMES), scramble=False).random(POPULATION) + 0.5 / POPULATION
    table = organisation_correlations(sector, differing(sector, points)).groupby("outcome", sort=False)
    spread = table[["rho", "r"]].std(ddof=0).add_prefix("sd_")
    return table[["rho", "r"]].mean().add_prefix("mean_").join(spread).reset_index()


def _teams(sector: Sector) -> _Teams:
    """Lay teams out; engagement of a small team's payroll varies more, by the persons in it."""
    sizes, share = _sizes(sector)
    p, nodes, weight = sector.measured, *np.polynomial.hermite_e.hermegauss(N_NODES)
    sd = np.sqrt(p.engagement_sd_team**2 + p.engagement_sd_person**2 / sizes) / sector.common.employees.engagement_sd
    return _Teams(sizes[:, None], sd[:, None] * nodes, share[:, None] * weight / weight.sum())


def _sizes(sector: Sector) -> tuple[np.ndarray, np.ndarray]:
    """Give the headcounts of teams in the last wave but one, and their shares."""
    p, drifts = sector.common.company, sector.common.burn_in + sector.common.company.waves - 1
    sigma = np.hypot(p.headcount_sigma, p.headcount_drift * np.sqrt(drifts))
    sizes = np.arange(p.headcount_low, p.headcount_high + 1)
    below = ndtr((np.log(sizes[:-1] + 0.5) - np.log(p.headcount_median)) / sigma)
    return sizes, np.diff(below, prepend=0.0, append=1.0)


def _engagement_reliability(sector: Sector, teams: _Teams, response: np.ndarray) -> np.ndarray:
    """Share of the variance of the engagement of those who answered that is that of the whole payroll."""
    rates = np.linspace(response.min(), response.max(), 2 * N_NODES)
    by_size = np.array([_missing_part(sector, rate, teams.n[:, 0]) for rate in rates])
    error = sector.measured.engagement_sd_person**2 * by_size @ teams.weight.sum(axis=1)
    payroll = teams.mean(teams.z**2) * sector.common.employees.engagement_sd**2
    return payroll / (payroll + np.interp(response, rates, error))


def _missing_part(sector: Sector, rate: float, sizes: np.ndarray) -> np.ndarray:
    """Give the mean of 1/m - 1/n when m of n answer, with one or more: the error of asking only some of a team."""
    nodes, weight = np.polynomial.hermite_e.hermegauss(N_NODES)
    chance = expit(logit(rate) + sector.common.response.sd_team * nodes)
    m = np.arange(1, sizes.max() + 1)
    share = np.tensordot(weight / weight.sum(), binom.pmf(m, sizes[:, None], chance[:, None, None]), axes=1)
    return (share / m).sum(axis=1) / share.sum(axis=1) - 1 / sizes


def _of_outcome(sector: Sector, teams: _Teams, drawn: pd.DataFrame, outcome: str) -> pd.DataFrame:
    slope = drawn[outcome].to_numpy()
    made = pd.DataFrame({"organisation": drawn.index, "outcome": outcome, "slope": slope, "ryy": 1.0})
    if outcome == "nps":
        return made.assign(**_of_nps(sector, teams, drawn))
    mean, variance = _outcome_moments(sector, teams, drawn, outcome)
    spread = teams.mean(mean**2 + variance) - teams.mean(mean) ** 2
    rho = teams.mean(mean * teams.z) / np.sqrt(spread * teams.mean(teams.z**2))
    return made.assign(rho=-rho if outcome in LOWER_IS_BETTER else rho)


def _outcome_moments(sector: Sector, teams: _Teams, drawn: pd.DataFrame, outcome: str) -> tuple[np.ndarray, np.ndarray]:
    """Give mean and variance of an outcome at each size and engagement, up to its unit."""
    truth, slope = sector.common, drawn[outcome].to_numpy()[:, None, None]
    if outcome == "turnover":
        leave = -np.expm1(-drawn["exits"].to_numpy()[:, None, None] * np.exp(slope * teams.z))
        return leave, leave * (1 - leave) / teams.n
    if outcome == "absence":
        p, (days, squares) = truth.absence, _days(truth.absence.days_median, truth.absence.days_sigma)
        spells = p.rate * np.exp(slope * teams.z)
        return spells * days, spells * squares / teams.n + p.dispersion * (spells * days) ** 2
    p, mean = truth.outcomes.measures[outcome], np.maximum(1 + slope * teams.z, FLOOR)
    return mean, mean**2 * ((1 + p.sd_unit**2) * (1 + p.sd_year**2) - 1)


def _days(median: float, sigma: float) -> tuple[float, float]:
    """Give mean and mean square of the days of a spell, a lognormal rounded up."""
    k = np.arange(0, 10_000)
    beyond = 1 - ndtr(np.log(np.maximum(k, 1e-9) / median) / sigma)
    return float(beyond.sum()), float(((2 * k + 1) * beyond).sum())


def _of_nps(sector: Sector, teams: _Teams, drawn: pd.DataFrame) -> dict[str, np.ndarray]:
    p, slope = sector.measured, drawn["nps"].to_numpy()
    spread = sector.common.nps.sd_team**2 + (slope * p.enps_sd) ** 2
    level = (sector.common.nps.level + drawn["nps_level"].to_numpy()) / 100
    square = level**2 + spread / 100**2
    answer = 100**2 * (SPREAD + (1 - SPREAD) * square - square)
    error = answer * _weighting(sector) * _mean_inverse(sector, teams)
    return {"rho": slope * p.enps_sd * p.enps_engagement_r / np.sqrt(spread), "ryy": spread / (spread + error)}


def _weighting(sector: Sector) -> float:
    """Give the factor by which weights widen the variance of a mean (Kish); the stratum sampled doubly weighs half."""
    share = sector.common.customers.double_share
    double = 2 * share / (1 + share)
    return (1 - double + double / 4) / (1 - double / 2) ** 2


def _mean_inverse(sector: Sector, teams: _Teams) -> float:
    """Give the mean of 1 / (number of customers who answered), where any did."""
    count = np.arange(1, 10 * teams.n.max())
    share = poisson.pmf(count, sector.common.customers.per_employee * teams.n)
    inverse = (share / count).sum(axis=1) / share.sum(axis=1)
    return float(teams.weight.sum(axis=1) @ inverse)
