"""Who answers the employees' survey, and the tables `employee_answers` and `invited`."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from scipy.special import expit, logit, ndtr

from helpers.datasets.demo.arrow import numbers, text
from helpers.datasets.demo.company import Block
from helpers.datasets.demo.questionnaire import Payroll, item_ids
from helpers.datasets.demo.seats import Seats
from helpers.datasets.demo.truth import Truth

# Odd, so that multiplying scatters the numbers of persons over all keys of 48 bits without a clash.
SCATTER, KEY_BITS = 0x9E3779B97F4B, 48


def responses(truth: Truth, payroll: Payroll, n_teams: int, rng: np.random.Generator) -> np.ndarray:
    """Draw who answers.

    The chance drifts from wave to wave, differs between teams, and rises a little with disposition; much of a person's
    willingness lasts, so that it is often the same people who are missing.

    Parameters
    ----------
    truth : Truth
    payroll : Payroll
    n_teams : int
    rng : Generator

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    p = truth.response
    drift = np.linspace(logit(p.first_wave), logit(p.last_wave), truth.company.waves)
    team = rng.normal(0, p.sd_team, n_teams)
    chance = expit(drift[payroll.wave] + team[payroll.team] + p.disposition * payroll.disposition)
    habit = rng.standard_normal((payroll.seat.max() + 1, payroll.person.max() + 1))[payroll.seat, payroll.person]
    now = rng.standard_normal(len(chance))
    willing = ndtr(np.sqrt(p.habit) * habit + np.sqrt(1 - p.habit) * now) < chance
    silent = rng.random((truth.company.waves, n_teams)) < p.silent_team
    return willing & ~silent[payroll.wave, payroll.team]


def employee_answers(
    truth: Truth, block: Block, payroll: Payroll, answered: np.ndarray, rng: np.random.Generator
) -> pa.Table:
    """Make the rows of `employee_answers`; now and then an item is left out."""
    rows = np.flatnonzero(answered)
    wave, items = payroll.wave[rows], payroll.items[rows]
    missing = rng.random(items.shape) < truth.employees.missing_item
    columns = {
        "unit_id": text(block.team_ids, block.team_unit[wave, payroll.team[rows]]),
        "period": text(truth.periods, wave),
        "person_key": _person_keys(block, payroll, rows),
        "recommend": numbers(payroll.recommend[rows]),
        "satisfaction": numbers(payroll.satisfaction[rows]),
    }
    return pa.table(columns | {name: numbers(items[:, at], missing[:, at]) for at, name in enumerate(item_ids())})


def invited(truth: Truth, block: Block, seats: Seats) -> pa.Table:
    """Make the rows of `invited`: the whole payroll is asked."""
    wave, team = np.divmod(np.arange(truth.company.waves * block.n_teams), block.n_teams)
    headcount = numbers(seats.headcount[truth.burn_in :].ravel())
    columns = {
        "unit_id": text(block.team_ids, block.team_unit[wave, team]),
        "period": text(truth.periods, wave),
        "n_invited": headcount,
        "headcount": headcount,
    }
    return pa.table(columns)


def _person_keys(block: Block, payroll: Payroll, rows: np.ndarray) -> pa.Array:
    """Name persons by scattered numbers: the same in every wave, telling nothing about seat or team."""
    place = (block.country << 40) | (block.number << 28)
    people = place | (payroll.seat[rows].astype(np.int64) << 8) | payroll.person[rows]
    each, at = np.unique(people, return_inverse=True)
    keys = [f"{person * SCATTER % (1 << KEY_BITS):012x}" for person in each.tolist()]
    return text(keys, at)
