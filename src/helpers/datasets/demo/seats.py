"""Seats of teams: who is on the payroll in which wave. A *seat* holds one person after another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpers.datasets.demo.company import Block
from helpers.datasets.demo.truth import Truth


@dataclass(frozen=True)
class Seats:
    """Seats of all teams of a block, team by team.

    `headcount` has shape (waves with burn-in, teams), `active` (waves with burn-in, seats), `team` and `first` say the
    team of each seat and the first seat of each team.
    """

    headcount: np.ndarray
    active: np.ndarray
    team: np.ndarray
    first: np.ndarray

    def team_mean(self, values: np.ndarray, waves: slice | int) -> np.ndarray:
        """Average over the people of each team.

        Parameters
        ----------
        values : ndarray, shape (seats, ...) or (waves, seats, ...)
        waves : int or slice
            The wave that `values` belong to, or the waves.
        """
        axis = 0 if isinstance(waves, int) else 1
        extra = (...,) + (None,) * (values.ndim - axis - 1)
        total = np.add.reduceat(values * self.active[waves][extra], self.first, axis=axis)
        return total / self.headcount[waves][extra]


def draw_seats(truth: Truth, block: Block, rng: np.random.Generator) -> Seats:
    """Draw the size of each team and let it drift from wave to wave."""
    p, n_waves = truth.company, truth.burn_in + truth.company.waves
    size = np.log(p.headcount_median) + p.headcount_sigma * rng.standard_normal(block.n_teams)
    drift = np.cumsum(p.headcount_drift * rng.standard_normal((n_waves, block.n_teams)), axis=0)
    headcount = np.clip(np.exp(size + drift).round().astype(int), p.headcount_low, p.headcount_high)
    n_seats = headcount.max(axis=0)
    first = np.cumsum(n_seats) - n_seats
    team = np.repeat(np.arange(block.n_teams), n_seats)
    active = (np.arange(len(team)) - first[team]) < headcount[:, team]
    return Seats(headcount, active, team, first)
