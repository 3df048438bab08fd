"""Business outcomes, what was expected of them, and the table `outcomes`.

Turnover and absence come from the same exits and spells as the tables about them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from helpers.datasets.demo.arrow import numbers, text
from helpers.datasets.demo.company import Block
from helpers.datasets.demo.staffing import Absences, spell_rate
from helpers.datasets.demo.truth import Truth
from helpers.datasets.demo.workforce import MOOD_POINTS, Workforce, engagement_sds, hazard

# An expected value never falls below this share of the base, however low or high engagement is.
FLOOR = 0.05


@dataclass(frozen=True)
class Outcome:
    """One measure: arrays of shape (waves, units of `ids`); `unit_at` holds positions in `ids`, `n` the people."""

    measure: str
    unit: str
    ratio_scale: bool
    higher_is_better: bool
    ids: list[str]
    unit_at: np.ndarray
    n: np.ndarray
    expected: np.ndarray
    value: np.ndarray


def realise_outcomes(
    truth: Truth,
    block: Block,
    workforce: Workforce,
    absences: Absences,
    nps: np.ndarray,
    rng: np.random.Generator,
) -> list[Outcome]:
    """Draw all outcomes of the teams, and the revenue growth of the business units.

    Parameters
    ----------
    truth : Truth
    block : Block
    workforce : Workforce
    absences : Absences
    nps : ndarray, shape (waves, teams)
        NPS of each team, in points.
    rng : Generator

    Returns
    -------
    list of Outcome
    """
    headcount = workforce.seats.headcount[truth.burn_in :]
    place = {"ids": block.team_ids, "unit_at": block.team_unit, "n": headcount}
    before = engagement_sds(truth, workforce.team_engagement[truth.burn_in - 1 : -1])
    result = []
    for measure, p in truth.outcomes.measures.items():
        expected = p.base * np.maximum(1 + truth.effects.outcomes[measure] * before, FLOOR)
        value = expected * _noise(rng, expected.shape[1:], p.sd_unit) * _noise(rng, expected.shape, p.sd_year)
        result.append(Outcome(measure, p.unit, True, p.higher_is_better, expected=expected, value=value, **place))
    result.append(_turnover(truth, workforce, place))
    result.append(_absence(truth, workforce, absences, place))
    return [*result, _growth(truth, block, workforce, nps, rng)]


def outcome_rows(truth: Truth, outcomes: list[Outcome], rng: np.random.Generator) -> pa.Table:
    """Make the rows of `outcomes`; now and then one is missing."""
    return pa.concat_tables([_rows(truth, outcome, rng) for outcome in outcomes])


def expected_rows(truth: Truth, ids: list[str], unit_at: np.ndarray, measure: str, values: np.ndarray) -> pa.Table:
    """Make rows of `expected`: unit, period, measure, expected value; empty cells are left out.

    Parameters
    ----------
    truth : Truth
    ids : list of str
        Unit ids.
    unit_at : ndarray of int, shape (waves, units)
        Positions in `ids`.
    measure : str
    values : ndarray, shape (waves, units)
    """
    wave, at = np.nonzero(np.isfinite(values))
    columns = {
        "unit_id": text(ids, unit_at[wave, at]),
        "period": text(truth.periods, wave),
        "measure": text([measure], np.zeros(len(wave), int)),
        "expected": numbers(values[wave, at]),
    }
    return pa.table(columns)


def _noise(rng: np.random.Generator, shape: tuple[int, ...], sd: float) -> np.ndarray:
    """Draw positive factors with mean 1."""
    return rng.gamma(1 / sd**2, sd**2, shape) if sd > 0 else np.ones(shape)


def _turnover(truth: Truth, workforce: Workforce, place: dict) -> Outcome:
    before = slice(truth.burn_in - 1, -1)
    staff = workforce.seats.headcount[before]
    leavers = np.add.reduceat(workforce.leaves[truth.burn_in :], workforce.seats.first, axis=1, dtype=int)
    expected = 100 * (1 - np.exp(-hazard(truth, workforce.team_engagement[before])))
    return Outcome("turnover", "% of staff", True, False, expected=expected, value=100 * leavers / staff, **place)


def _absence(truth: Truth, workforce: Workforce, absences: Absences, place: dict) -> Outcome:
    p = truth.absence
    # Rounding up adds half a day to the mean of the lognormal.
    mean_days = p.days_median * np.exp(p.days_sigma**2 / 2) + 0.5
    expected = 100 * spell_rate(truth, workforce) * mean_days / p.working_days
    value = 100 * absences.days / (place["n"] * p.working_days)
    return Outcome("absence", "% of working days", True, False, expected=expected, value=value, **place)


def _growth(truth: Truth, block: Block, workforce: Workforce, nps: np.ndarray, rng: np.random.Generator) -> Outcome:
    """Let growth follow last wave's engagement of the business unit, and engagement together with NPS."""
    p, staff = truth.growth, workforce.seats.headcount[truth.burn_in :]
    people = _unit_sums(block, staff)
    people = np.where(people > 0, people, np.nan)
    engagement = _unit_sums(block, staff * workforce.team_engagement[truth.burn_in :]) / people
    nps = _unit_sums(block, staff * nps) / people
    sds = engagement_sds(truth, engagement)
    # One point of engagement rescaled to 0-100 is 0.04 on the scale of 1 to 5.
    effect = truth.effects.growth * truth.employees.engagement_sd / 0.04 * sds
    effect += truth.effects.growth_interaction * sds * (nps - truth.nps.level) / MOOD_POINTS
    expected = p.mean + np.vstack([np.full(len(people[0]), np.nan), effect[:-1]])
    value = expected + rng.normal(0, p.sd_unit, expected.shape[1]) + rng.normal(0, p.sd_year, expected.shape)
    expected, value = (np.where(np.isnan(people), np.nan, values) for values in (expected, value))
    unit_at = np.tile(np.arange(len(block.business_ids)), (len(people), 1))
    place = {"ids": block.business_ids, "unit_at": unit_at, "n": people}
    return Outcome("revenue_growth", "% a year", False, True, expected=expected, value=value, **place)


def _unit_sums(block: Block, values: np.ndarray) -> np.ndarray:
    """Sum over the teams of each business unit, wave by wave."""
    n = len(block.business_ids)
    cell = (np.arange(len(values))[:, None] * n + block.business_unit).ravel()
    return np.bincount(cell, values.ravel(), len(values) * n).reshape(-1, n)


def _rows(truth: Truth, outcome: Outcome, rng: np.random.Generator) -> pa.Table:
    missing = rng.random(outcome.value.shape) < truth.outcomes.missing
    wave, at = np.nonzero(np.isfinite(outcome.value) & ~missing)
    same = np.zeros(len(wave), int)
    columns = {
        "unit_id": text(outcome.ids, outcome.unit_at[wave, at]),
        "period": text(truth.periods, wave),
        "measure": text([outcome.measure], same),
        "value": numbers(outcome.value[wave, at]),
        "unit": text([outcome.unit], same),
        "ratio_scale": numbers(np.full(len(wave), outcome.ratio_scale)),
        "higher_is_better": numbers(np.full(len(wave), outcome.higher_is_better)),
        "n": numbers(outcome.n[wave, at].astype(float)),
    }
    return pa.table(columns)
