"""Cox regression with delayed entry and errors clustered by unit.

A *spell* is a stretch of somebody's time at risk, from `entry` (not included) to `exit`, both on the time axis of the
hazard; `event` says whether it ended in one. Covariates are constant within a spell, so what varies over time comes in
several spells. Ties as Breslow. statsmodels' PHReg was tried and not used: it counts spells that begin at the very
moment of an event as at risk, gives no errors by cluster, and takes a hundred times as long (tests/reference/cox).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.cluster_robust import cluster_sums
from helpers.stats.estimates import NotApplicable, with_intervals

MOST_STEPS, TOLERANCE = 40, 1e-9
# A standard deviation of x that changes the hazard by a factor of 400 either way is a fit that runs away.
LARGEST_STEP = 6.0
SPELL_COLUMNS = ("entry", "exit", "event", "cluster")


@dataclass(frozen=True)
class CoxFit:
    """A fitted regression: `information` (k, k) and the sums of `scores` by cluster (G, k) hold all that errors need.

    `risk_weight` (n,) is what each spell counts in the information: its expected events.
    """

    coefficients: pd.Series
    information: np.ndarray
    scores: np.ndarray
    risk_weight: np.ndarray
    n: int
    n_events: int

    @property
    def n_clusters(self) -> int:
        """Clusters."""
        return len(self.scores)

    @property
    def influence(self) -> np.ndarray:
        """What each cluster adds to the coefficients, shape (G, k)."""
        return self.scores @ np.linalg.inv(self.information)


def cox_fit(spells: pd.DataFrame, x: Sequence[str], *, strata: str | None = None) -> CoxFit:
    """
    Fit the hazard ``h(t) = h_s(t) exp(x' b)``, with a baseline for each stratum s.

    Parameters
    ----------
    spells : DataFrame, shape (n, ...)
        ``entry`` < ``exit`` (same unit of time), ``event`` (bool), ``cluster``, the columns `x` and `strata`; complete.
    x : sequence of str, length k
    strata : str, optional
        Column of strata, each with a baseline hazard of its own.

    Returns
    -------
    CoxFit

    Raises
    ------
    ValueError
        For a missing column, or a spell that does not end after it began.
    NotApplicable
        Without events, with an x that does not vary among those at risk, or where the likelihood has no maximum.

    Notes
    -----
    ``log L = Σ_events [x_i' b - log Σ_{j: entry_j < t_i <= exit_j} exp(x_j' b)]``, by Newton's method. Score residual
    of spell i: ``event_i (x_i - m(t_i)) - ∫ (x_i - m(t)) exp(x_i' b) dH(t)`` over its time at risk, with m the mean of
    x at risk and H Breslow's cumulative hazard.

    References
    ----------
    D. Cox (1972), *JRSS B* 34(2), 187-220; N. Breslow (1974), *Biometrics* 30, 89-99; D. Lin, L. Wei (1989), *JASA* 84,
    1074-1078 (robust errors); T. Therneau, P. Grambsch (2000), *Modeling Survival Data*, ch. 3, 7 and 8.
    """
    risk = _Risk(_checked(spells, [*x, *([strata] if strata else [])]), list(x), strata)
    b = np.zeros(len(x))
    for _ in range(MOST_STEPS):
        gradient, information = risk.derivatives(b)
        step = _step(information, gradient)
        b = b + step * min(1.0, 1.0 / max(np.abs(step * risk.scale).max(), 1.0))
        if np.abs(b * risk.scale).max() > LARGEST_STEP:
            break
        if np.abs(step * risk.scale).max() < TOLERANCE:
            scores, weight = risk.residuals(b)
            named = pd.Series(b, index=list(x))
            return CoxFit(named, risk.derivatives(b)[1], scores, weight, len(spells), int(risk.event.sum()))
    raise NotApplicable("Leaving goes together with engagement so closely that no ratio can be given.")


def cox_estimates(fit: CoxFit, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Log hazard ratios with intervals from errors clustered by unit.

    Parameters
    ----------
    fit : CoxFit
        With k coefficients and G clusters.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (k, 10)
        `ESTIMATE_COLUMNS`; variance ``G / (G - 1) Σ_g d_g d_g'`` with d the influence of a cluster, df ``G - 1``; n are
        spells.

    Raises
    ------
    NotApplicable
        With fewer than two clusters.
    """
    if fit.n_clusters < 2:
        raise NotApplicable("Errors by cluster need {needed} clusters; found {found}.", needed=2, found=fit.n_clusters)
    factor = fit.n_clusters / (fit.n_clusters - 1)
    se = np.sqrt(factor * (fit.influence**2).sum(axis=0))
    table = pd.DataFrame({"term": fit.coefficients.index, "estimate": fit.coefficients.to_numpy(), "se": se})
    return with_intervals(table.assign(df=fit.n_clusters - 1.0, n=fit.n, n_clusters=fit.n_clusters), conf_level)


class _Risk:
    """Who is at risk at each event; strata lie behind each other on one axis of time, so that none overlap."""

    def __init__(self, spells: pd.DataFrame, x: list[str], strata: str | None) -> None:
        self.x, self.names = spells[x].to_numpy(float), x
        self.x = self.x - self.x.mean(axis=0)
        self.scale = np.maximum(self.x.std(axis=0), np.finfo(float).tiny)
        self.event = spells["event"].to_numpy(bool)
        self.cluster = pd.factorize(spells["cluster"])[0]
        stratum = pd.factorize(spells[strata])[0] if strata else np.zeros(len(spells), int)
        entry, leave = spells["entry"].to_numpy(float), spells["exit"].to_numpy(float)
        apart = stratum * (np.ptp(np.r_[entry, leave]) + 1.0)
        entry, leave = entry + apart, leave + apart
        if not self.event.any():
            raise NotApplicable("Nobody left whose time before is known.")
        self.times, self.at = np.unique(leave[self.event], return_inverse=True)
        self.n_events = np.bincount(self.at)
        # Events up to and including each moment.
        self.before, self.until = (np.searchsorted(self.times, when, side="right") for when in (entry, leave))
        self.events_x = cluster_sums(self.x[self.event], self.at)

    def derivatives(self, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        weight = np.exp(self.x @ b)
        s0, s1 = self._sums(weight), self._sums(weight[:, None] * self.x)
        squares = self.x[:, :, None] * self.x[:, None, :]
        s2 = self._sums(weight[:, None, None] * squares)
        mean = s1 / s0[:, None]
        spread = s2 / s0[:, None, None] - mean[:, :, None] * mean[:, None, :]
        gradient = (self.events_x - self.n_events[:, None] * mean).sum(axis=0)
        return gradient, (self.n_events[:, None, None] * spread).sum(axis=0)

    def residuals(self, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Score residuals summed by cluster, and expected events of each spell."""
        weight = np.exp(self.x @ b)
        s0 = self._sums(weight)
        mean, hazard = self._sums(weight[:, None] * self.x) / s0[:, None], self.n_events / s0
        past = np.r_[0.0, np.cumsum(hazard)]
        past_x = np.vstack([np.zeros(self.x.shape[1]), np.cumsum(hazard[:, None] * mean, axis=0)])
        expected = weight * (past[self.until] - past[self.before])
        moved = weight[:, None] * (past_x[self.until] - past_x[self.before])
        scores = moved - expected[:, None] * self.x
        scores[self.event] += self.x[self.event] - mean[self.at]
        return cluster_sums(scores, self.cluster), expected

    def _sums(self, values: np.ndarray) -> np.ndarray:
        """Sums over those at risk at each event: the ones with ``before <= event < until``."""
        change = np.zeros((len(self.times) + 1, *values.shape[1:]))
        np.add.at(change, self.before, values)
        np.subtract.at(change, self.until, values)
        return np.cumsum(change[:-1], axis=0)


def _checked(spells: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    missing = [column for column in (*SPELL_COLUMNS, *columns) if column not in spells]
    if missing:
        raise ValueError(f"spells must have the column {missing[0]!r}; found {', '.join(map(str, spells.columns))}.")
    backwards = spells[~(spells["exit"] > spells["entry"])]
    if len(backwards):
        row = backwards.iloc[0]
        raise ValueError(f"exit must come after entry; found {row['exit']:g} after {row['entry']:g}. Drop the spell.")
    return spells


def _step(information: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    size = np.sqrt(np.maximum(np.diag(information), 0))
    if (size <= 1e-8 * max(size.max(), 1.0)).any() or np.linalg.cond(information) > 1e14:
        raise NotApplicable("All units were engaged alike, so there is nothing to compare.")
    return np.linalg.solve(information, gradient)
