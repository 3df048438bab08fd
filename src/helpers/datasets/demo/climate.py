"""The shocks and lasting differences behind the scores: what each team's eNPS and NPS aim at in each wave.

Country paths are drawn once for the whole company, so that feedback from NPS to eNPS runs between countries and blocks
stay independent. Arrays run over *waves* first; the first `Truth.burn_in` of them come before the first survey.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpers.datasets.demo.company import Block, country_codes
from helpers.datasets.demo.streams import ar1
from helpers.datasets.demo.truth import Truth

# A target beyond this leaves no room for the other classes of the score.
LIMIT = 95.0
# Waves before the burn-in, in which feedback settles.
N_SETTLING = 10


@dataclass(frozen=True)
class CountryPaths:
    """Country parts of the two targets, in points: arrays of shape (waves, countries)."""

    enps: np.ndarray
    nps: np.ndarray


def country_paths(truth: Truth, rng: np.random.Generator, n: int | None = None) -> CountryPaths:
    """Draw what a country adds to eNPS and NPS: its level, the year, its shocks, and feedback.

    The shared shock enters each score on its own, outside the autoregressions.

    Parameters
    ----------
    truth : Truth
    rng : Generator
    n : int, optional
        Number of countries, or of whatever stands in their place; those of the demo company when left out.

    Returns
    -------
    CountryPaths
        With the levels of the company; without the effect of eNPS on NPS, which acts in the teams.
    """
    n_waves, n = N_SETTLING + truth.burn_in + truth.company.waves, n or len(country_codes())
    shared = rng.normal(0, 1, (n_waves, n))
    shock = ar1(rng, n_waves, (n,), ar=truth.enps.country_shock_ar, sd=truth.enps.sd_country_shock)
    noise = ar1(rng, n_waves, (n,), ar=truth.nps.country_noise_ar, sd=truth.nps.sd_country_noise)
    enps, nps = shock + truth.enps.sd_shared * shared, noise + truth.nps.sd_shared * shared
    _feed_back(enps, nps, truth)
    level = rng.normal(0, 1, (2, n)) * [[truth.enps.sd_country], [truth.nps.sd_country]]
    year = rng.normal(0, 1, (2, n_waves, 1)) * [[[truth.enps.sd_year]], [[truth.nps.sd_year]]]
    enps, nps = enps + truth.enps.level + level[0] + year[0], nps + truth.nps.level + level[1] + year[1]
    return CountryPaths(enps[N_SETTLING:], nps[N_SETTLING:])


def redesign(truth: Truth) -> np.ndarray:
    """Give the points that the new questionnaire adds to the eNPS of every team, per wave including the burn-in."""
    wave = np.arange(truth.burn_in + truth.company.waves) - truth.burn_in + 1
    return np.where(wave >= truth.enps.redesign_wave, truth.enps.redesign_step, 0.0)


def enps_targets(truth: Truth, block: Block, paths: CountryPaths, rng: np.random.Generator) -> np.ndarray:
    """Draw the eNPS that each team aims at, before the redesign of the questionnaire.

    Returns
    -------
    ndarray, shape (waves with burn-in, teams)
        In points.
    """
    p = truth.enps
    shock = ar1(rng, len(paths.enps), (block.n_teams,), ar=p.team_shock_ar, sd=p.sd_team_shock)
    own = _lasting(block, rng, p.sd_business_unit, p.sd_team, truth)
    return np.clip(paths.enps[:, [block.country]] + own + shock, -LIMIT, LIMIT)


def nps_targets(
    truth: Truth, block: Block, paths: CountryPaths, enps: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Give the NPS that the customers of each team have in expectation, given what its employees experienced.

    target = country part + business unit + team
    + sum over lags k of effect[k] · (eNPS[t - k] - level - redesign[t - k])

    Parameters
    ----------
    truth : Truth
    block : Block
    paths : CountryPaths
    enps : ndarray, shape (waves with burn-in, teams)
        Realised eNPS of the whole payroll.
    rng : Generator

    Returns
    -------
    ndarray, shape (waves, teams)
        In points.
    """
    burn_in = truth.burn_in
    experience = enps - truth.enps.level - redesign(truth)[:, None]
    target = paths.nps[:, [block.country]] + _lasting(block, rng, truth.nps.sd_business_unit, truth.nps.sd_team, truth)
    for lag, effect in enumerate(truth.effects.lag):
        target[lag:] += effect * experience[: len(experience) - lag]
    return np.clip(target[burn_in:], -LIMIT, LIMIT)


def _feed_back(enps: np.ndarray, nps: np.ndarray, truth: Truth) -> None:
    """Let each wave's NPS shock, with what eNPS did to it, move the eNPS of the next; changes `enps`."""
    for wave in range(1, len(enps)):
        before = nps[wave - 1].copy()
        for lag, effect in enumerate(truth.effects.lag[:wave]):
            before += effect * enps[wave - 1 - lag]
        enps[wave] += truth.effects.feedback * before


def _lasting(block: Block, rng: np.random.Generator, sd_unit: float, sd_team: float, truth: Truth) -> np.ndarray:
    """Draw what units and teams add in every wave; a team takes its first unit's part along."""
    unit = rng.normal(0, sd_unit, len(block.business_ids))[block.business_unit[0]]
    return unit + rng.normal(0, sd_team, block.n_teams)
