"""Absence and employments: two tables about the same people as the survey."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from helpers.datasets.demo.arrow import days, numbers, text
from helpers.datasets.demo.company import Block
from helpers.datasets.demo.truth import Truth
from helpers.datasets.demo.workforce import Workforce, engagement_sds

# Why people leave, with shares; who loses a seat that is not filled again leaves at the end of the contract.
EXIT_REASONS = {
    "career": 0.24,
    "manager": 0.14,
    "workload": 0.13,
    "pay": 0.12,
    "personal": 0.10,
    "work_content": 0.07,
    "culture": 0.06,
    "relocation": 0.05,
    "retirement": 0.04,
    "dismissal": 0.03,
    "other": 0.02,
    "end_of_contract": 0.0,
}


@dataclass(frozen=True)
class Absences:
    """Spells and days per team and year, arrays of shape (waves, teams); the largest days are those of one person."""

    n_spells: np.ndarray
    days: np.ndarray
    days_largest: np.ndarray
    days_second: np.ndarray


def spell_rate(truth: Truth, workforce: Workforce) -> np.ndarray:
    """Give the spells per person expected in each year: rate · exp(log rate ratio · SDs of last wave's engagement)."""
    before = workforce.team_engagement[truth.burn_in - 1 : -1]
    return truth.absence.rate * np.exp(truth.effects.absence * engagement_sds(truth, before))


def fall_ill(truth: Truth, workforce: Workforce, rng: np.random.Generator) -> Absences:
    """Draw spells (negative binomial), spread them over persons and give each a length."""
    p, headcount = truth.absence, workforce.seats.headcount[truth.burn_in :]
    mean = headcount * spell_rate(truth, workforce)
    n_spells = rng.poisson(mean * rng.gamma(1 / p.dispersion, p.dispersion, mean.shape))
    cell = np.repeat(np.arange(n_spells.size), n_spells.ravel())
    length = np.ceil(rng.lognormal(np.log(p.days_median), p.days_sigma, len(cell)))
    person = np.floor(rng.random(len(cell)) * headcount.ravel()[cell]).astype(int)
    size = headcount.max() + 1
    each, at = np.unique(cell * size + person, return_inverse=True)
    largest, second = _two_largest(each // size, np.bincount(at, length), n_spells.size)
    total = np.bincount(cell, length, n_spells.size)
    return Absences(n_spells, *(values.reshape(n_spells.shape) for values in (total, largest, second)))


def absence(truth: Truth, block: Block, workforce: Workforce, absences: Absences) -> pa.Table:
    """Make the rows of `absence`."""
    wave, team = np.divmod(np.arange(absences.days.size), block.n_teams)
    columns = {
        "unit_id": text(block.team_ids, block.team_unit[wave, team]),
        "period": text(truth.periods, wave),
        "headcount": numbers(workforce.seats.headcount[truth.burn_in :].ravel()),
        "n_spells": numbers(absences.n_spells.ravel()),
        "days": numbers(absences.days.ravel()),
        "days_largest": numbers(absences.days_largest.ravel()),
        "days_second": numbers(absences.days_second.ravel()),
    }
    return pa.table(columns)


def employments(truth: Truth, block: Block, workforce: Workforce, rng: np.random.Generator) -> pa.Table:
    """Make the rows of `employments`: everyone seen since the first wave's year, under the last unit."""
    seat, first, last = _spells(workforce)
    n_waves = len(workforce.person)
    stays = last == n_waves - 1
    after = np.minimum(last + 1, n_waves - 1)
    end = after + _share_of_year(workforce.leaves_at[after, seat], rng)
    start = _starts(truth, workforce, seat, first, rng)
    reason = _exit_reasons(workforce.leaves[after, seat], rng)
    # Whoever left before the first survey year was never at risk in it.
    seen = stays | (end >= truth.burn_in)
    unit = block.team_unit[np.maximum(last - truth.burn_in, 0), workforce.seats.team[seat]]
    first_year = truth.company.first_year - truth.burn_in
    columns = {
        "unit_id": text(block.team_ids, unit[seen]),
        "start": days(first_year, start[seen]),
        "end": days(first_year, end[seen], stays[seen]),
        "exit_reason": text(list(EXIT_REASONS), reason[seen], stays[seen]),
    }
    return pa.table(columns)


def _two_largest(cell: np.ndarray, values: np.ndarray, n_cells: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the largest and the second largest value of each cell, 0 where there is none."""
    order = np.lexsort((-values, cell))
    cell, values = cell[order], values[order]
    rank = np.arange(len(cell)) - np.searchsorted(cell, cell)
    result = np.zeros((2, n_cells))
    for at in (0, 1):
        result[at, cell[rank == at]] = values[rank == at]
    return result[0], result[1]


def _spells(workforce: Workforce) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give seat, first wave and last wave of every person who was on the payroll in any wave."""
    wave, seat = np.nonzero(workforce.seats.active)
    person = workforce.person[wave, seat]
    order = np.lexsort((wave, person, seat))
    wave, seat, person = wave[order], seat[order], person[order]
    begins = np.flatnonzero(np.r_[True, (np.diff(seat) != 0) | (np.diff(person) != 0)])
    ends = np.r_[begins[1:], len(wave)] - 1
    return seat[begins], wave[begins], wave[ends]


def _share_of_year(leaves_at: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Say when in the year it happened, at a random moment where nobody left of their own accord."""
    return np.where(np.isnan(leaves_at), rng.random(len(leaves_at)), leaves_at)


def _starts(
    truth: Truth, workforce: Workforce, seat: np.ndarray, first: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Start after the predecessor left, and before the survey at the end of the year."""
    free = np.nan_to_num(workforce.leaves_at[first, seat])
    hired = first + free + (1 - free) * rng.random(len(seat))
    earlier = rng.exponential(1 / truth.exits.rate, len(seat))
    return np.where(first == 0, -earlier, hired)


def _exit_reasons(left: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    drawn = np.searchsorted(np.cumsum(list(EXIT_REASONS.values()))[:-1], rng.random(len(left)), side="right")
    return np.where(left, drawn, len(EXIT_REASONS) - 1)
