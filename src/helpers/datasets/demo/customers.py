"""What customers answer, and the table `customer_answers`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from helpers.datasets.demo.arrow import days, numbers, text
from helpers.datasets.demo.climate import LIMIT
from helpers.datasets.demo.company import Block
from helpers.datasets.demo.questionnaire import SCALE, Payroll
from helpers.datasets.demo.recommending import answers
from helpers.datasets.demo.truth import Truth
from helpers.datasets.demo.workforce import Workforce, on_scale

# Satisfaction (1-10) of the dissatisfied, the middle and the very satisfied: lowest score and number of scores.
SATISFACTION = ((2, 4), (6, 2), (8, 3))
# Mean of the very satisfied minus mean of the dissatisfied.
SATISFACTION_SPAN = 9.0 - 3.5
COMMENTED = 0.02
COMMENTS = (
    "Helped me at once.",
    "I had to call twice.",
    "Friendly people.",
    "Delivered a day late.",
    "Clear answer, thank you!",
    "Prima geholpen.",
    "Waiting took too long.",
)


@dataclass(frozen=True)
class Customers:
    """One row per answer: arrays of length n. `level` is 0 dissatisfied, 1 middle, 2 very satisfied."""

    wave: np.ndarray
    team: np.ndarray
    double: np.ndarray
    moment: np.ndarray
    level: np.ndarray
    recommend: np.ndarray
    sincerity: np.ndarray


def serve(
    truth: Truth,
    workforce: Workforce,
    payroll: Payroll,
    target: np.ndarray,
    rng: np.random.Generator,
) -> Customers:
    """Draw the customers of each team in each wave.

    Moments, satisfaction and the stratum move single answers around the NPS of the team and leave it in place.

    Parameters
    ----------
    truth : Truth
    workforce : Workforce
    payroll : Payroll
    target : ndarray, shape (waves, teams)
        NPS of each team, in points.
    rng : Generator

    Returns
    -------
    Customers
    """
    p = truth.customers
    count = rng.poisson(p.per_employee * workforce.seats.headcount[truth.burn_in :])
    cell = np.repeat(np.arange(count.size), count.ravel())
    wave, team = np.divmod(cell, count.shape[1])
    double = rng.random(len(cell)) < 2 * p.double_share / (1 + p.double_share)
    moment = _choose(np.array([share for share, _ in p.moments.values()]), rng, len(cell))
    low, high = _satisfied(truth, payroll.behaviour, target)
    low, high = low[wave, team], high[wave, team]
    chance = rng.random(len(cell))
    level = 1 - (chance < low).astype(np.int8) + (chance >= 1 - high)
    aim = target[wave, team] + _stratum_points(truth)[double.astype(int)] + _moment_points(truth)[moment]
    aim += _satisfaction_points(truth, moment, level, low, high)
    recommend = answers(rng.random(len(cell)), np.clip(aim, -LIMIT, LIMIT))
    sincerity = on_scale(_sincerity(truth, workforce)[wave, team] + rng.normal(0, p.sd_sincerity, len(cell)), rng)
    return Customers(wave, team, double, moment, level, recommend, sincerity)


def customer_answers(truth: Truth, block: Block, customers: Customers, rng: np.random.Generator) -> pa.Table:
    """Make the rows of `customer_answers`."""
    n, klass = len(customers.wave), (customers.recommend < 9).astype(np.int8) + (customers.recommend < 7)
    low, n_scores = np.array(SATISFACTION)[customers.level].T
    comment = rng.integers(len(COMMENTS), size=n)
    columns = {
        "unit_id": text(block.team_ids, block.team_unit[customers.wave, customers.team]),
        "period": text(truth.periods, customers.wave),
        "date": days(truth.company.first_year, customers.wave + rng.random(n)),
        "recommend": numbers(customers.recommend),
        "satisfaction": numbers((low + np.floor(rng.random(n) * n_scores)).astype(np.int8)),
        "sincerity": numbers(customers.sincerity),
        "repurchase": numbers(_repurchase(truth, klass, customers.sincerity, rng)),
        "moment": text(list(truth.customers.moments), customers.moment),
        "reason": text(list(truth.customers.reasons), _reasons(truth, klass, rng)),
        "reason_valence": text(("positive", "negative"), _displeased(klass, rng)),
        "weight": numbers(np.where(customers.double, 0.5, 1.0)),
        "comment": text(COMMENTS, comment, rng.random(n) >= COMMENTED),
    }
    return pa.table(columns)


def _choose(shares: np.ndarray, rng: np.random.Generator, n: int) -> np.ndarray:
    edges = np.cumsum(shares)[:-1] / np.sum(shares)
    return np.searchsorted(edges, rng.random(n), side="right")


def _satisfied(truth: Truth, behaviour: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give each team's shares of dissatisfied and very satisfied customers."""
    p, means = truth.customers, truth.employees.means
    behaved = behaviour - (means.customer_orientation + means.service_behaviour) / 2
    shift = p.satisfied_slope * (target - truth.nps.level)
    shift = shift + truth.effects.behaviour_satisfaction / SATISFACTION_SPAN * behaved
    return np.clip(p.satisfied_low - shift, 0.02, 0.49), np.clip(p.satisfied_high + shift, 0.02, 0.49)


def _sincerity(truth: Truth, workforce: Workforce) -> np.ndarray:
    """Give how sincere the staff of each team seem, which follows their engagement in the same wave."""
    staff = workforce.team_engagement[truth.burn_in :] - truth.employees.engagement_mean
    return truth.customers.sincerity_mean + truth.effects.sincerity * staff


def _stratum_points(truth: Truth) -> np.ndarray:
    share, gap = truth.customers.double_share, truth.customers.double_gap
    return np.array([-share * gap, (1 - share) * gap])


def _moment_points(truth: Truth) -> np.ndarray:
    share, points = np.array(list(truth.customers.moments.values())).T
    return points - np.average(points, weights=share)


def _satisfaction_points(
    truth: Truth, moment: np.ndarray, level: np.ndarray, low: np.ndarray, high: np.ndarray
) -> np.ndarray:
    """Give what being dissatisfied or very satisfied adds, with mean zero over the customers of a team."""
    asymmetry = np.array([truth.effects.moments[name] for name in truth.customers.moments])[moment]
    penalty, reward = asymmetry - truth.customers.satisfied_link, asymmetry + truth.customers.satisfied_link
    return penalty * ((level == 0) - low) + reward * ((level == 2) - high)


def _repurchase(truth: Truth, klass: np.ndarray, sincerity: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    p = truth.customers
    chance = np.array([p.repurchase_promoter, p.repurchase_passive, p.repurchase_detractor])[klass]
    chance = chance + truth.effects.repurchase * (np.clip(sincerity, *SCALE) - p.sincerity_mean)
    return (rng.random(len(klass)) < chance).astype(np.int8)


def _reasons(truth: Truth, klass: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    shares = np.array(list(truth.customers.reasons.values()))
    edges, chance = np.cumsum(shares, axis=0) / shares.sum(axis=0), rng.random(len(klass))
    reason = np.zeros(len(klass), np.int8)
    for edge in edges[:-1]:
        reason += chance >= edge[klass]
    return reason


def _displeased(klass: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Say whose reason was an unpleasant one: no promoter's, half of the passives', every detractor's."""
    return (rng.random(len(klass)) < klass / 2).astype(np.int8)
