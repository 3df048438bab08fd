"""The working life of a block: dispositions, the five elements, engagement, exits and actions, wave after wave.

A *disposition* is what a person brings along, in SD. An *element* is one of Bersin's five, on the scale of its items.
Exits and actions follow from the wave before, so waves are walked through in order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from helpers.datasets.demo.climate import LIMIT, redesign
from helpers.datasets.demo.company import Block
from helpers.datasets.demo.recommending import answers, score
from helpers.datasets.demo.seats import Seats, draw_seats
from helpers.datasets.demo.truth import Truth

ELEMENTS = (
    "meaningful_work",
    "hands_on_management",
    "positive_environment",
    "growth_opportunity",
    "trust_in_leadership",
)
N_ENGAGEMENT_ITEMS = 3
# eNPS points in one unit of mood.
MOOD_POINTS = 20.0


@dataclass(frozen=True)
class Action:
    """An action on an element (position in `ELEMENTS`) of a team, decided after `wave` (burn-in included)."""

    wave: int
    team: int
    element: int
    communicated: bool
    baseline: float


@dataclass(frozen=True)
class Workforce:
    """Everyone on the payroll of a block: arrays over (waves with burn-in, seats), scores over (waves, teams).

    `person` counts the people on a seat; `leaves` marks who left during a wave's year and `leaves_at` when, as a share
    of that year.
    """

    seats: Seats
    person: np.ndarray
    disposition: np.ndarray
    elements: np.ndarray
    engagement: np.ndarray
    engagement_items: np.ndarray
    leaves: np.ndarray
    leaves_at: np.ndarray
    recommend: np.ndarray
    enps: np.ndarray
    team_engagement: np.ndarray
    mood: np.ndarray
    actions: list[Action]


def live(truth: Truth, block: Block, targets: np.ndarray, rng: np.random.Generator) -> Workforce:
    """Walk a block through all waves.

    Parameters
    ----------
    truth : Truth
    block : Block
    targets : ndarray, shape (waves with burn-in, teams)
        eNPS that each team aims at before the redesign, in points.
    rng : Generator

    Returns
    -------
    Workforce
    """
    seats = draw_seats(truth, block, rng)
    mood = (targets - truth.enps.level) / MOOD_POINTS
    years = _Years(truth, seats, mood, rng)
    for wave in range(len(mood)):
        years.pass_wave(wave)
    aimed = np.clip(targets + redesign(truth)[:, None], -LIMIT, LIMIT)
    recommend = answers(ndtr(years.disposition), aimed[:, seats.team])
    return Workforce(
        seats=seats,
        recommend=recommend,
        enps=seats.team_mean(score(recommend), slice(None)),
        mood=mood,
        **{name: getattr(years, name) for name in _Years.results},
    )


def on_scale(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Round to answers of 1 to 5 so that the mean stays: 3.3 becomes 4 in 30 of 100 draws, else 3."""
    return np.clip(np.floor(values + rng.random(values.shape)), 1, 5).astype(np.int8)


def team_states(truth: Truth, mood: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """Draw how far each team's elements lie from their means: mood, a lasting part and one of the wave.

    Returns
    -------
    ndarray, shape (waves, teams, n)
    """
    p = truth.employees
    lasting = rng.normal(0, p.sd_team, (mood.shape[1], n))
    return p.mood * mood[..., None] + lasting + rng.normal(0, p.sd_team_wave, (*mood.shape, n))


def engagement_sds(truth: Truth, team_engagement: np.ndarray) -> np.ndarray:
    """Express engagement in the SDs that effects are stated in; 0 is the mean of the design."""
    return (team_engagement - truth.employees.engagement_mean) / truth.employees.engagement_sd


def hazard(truth: Truth, team_engagement: np.ndarray) -> np.ndarray:
    """Give the yearly hazard of leaving that follows a wave's engagement: rate · exp(log hazard ratio · SDs)."""
    return truth.exits.rate * np.exp(truth.effects.exits * engagement_sds(truth, team_engagement))


class _Years:
    """The state of a block while its waves pass, and what has been recorded of them."""

    results = (
        *("person", "disposition", "elements", "engagement", "engagement_items"),
        *("leaves", "leaves_at", "team_engagement", "actions"),
    )

    def __init__(self, truth: Truth, seats: Seats, mood: np.ndarray, rng: np.random.Generator) -> None:
        self.truth, self.seats, self.rng = truth, seats, rng
        p, shape, k = truth.employees, seats.active.shape, len(ELEMENTS)
        self.means = np.array([p.means[element] for element in ELEMENTS])
        self.drivers = np.array([p.drivers[element] for element in ELEMENTS])
        self.states = self.means + team_states(truth, mood, k, rng)
        self.boost, self.own = np.zeros((mood.shape[1], k)), np.zeros(shape[1])
        self.person = np.zeros(shape, int)
        self.disposition = np.sqrt(1 - p.persistence) * rng.standard_normal(shape)
        self.elements = rng.normal(0, p.sd_person, (*shape, k))
        self.engagement = rng.normal(p.means.engagement, p.sd_person, shape)
        noise = rng.normal(0, p.sd_answer, (*shape, N_ENGAGEMENT_ITEMS)) + rng.random((*shape, N_ENGAGEMENT_ITEMS))
        self.noise, self.engagement_items = noise, np.zeros(noise.shape, np.int8)
        self.leaves, self.leaves_at = np.zeros(shape, bool), np.full(shape, np.nan)
        self.team_engagement = np.zeros(mood.shape)
        self.actions: list[Action] = []

    def pass_wave(self, wave: int) -> None:
        """Replace leavers, ask everyone, then decide who leaves in the next year and where to act."""
        self._hire(wave)
        team = self.seats.team
        self.elements[wave] += (self.states[wave] + self.boost)[team]
        self.elements[wave] += self.truth.employees.disposition * self.disposition[wave, :, None]
        self.engagement[wave] += (self.elements[wave] - self.means) @ self.drivers
        items = np.clip(np.floor(self.engagement[wave][:, None] + self.noise[wave]), 1, 5)
        self.engagement_items[wave] = items
        self.team_engagement[wave] = self.seats.team_mean(items.mean(axis=1), wave)
        if wave + 1 < len(self.leaves):
            self._leave(wave)
            self._act(wave)

    def _hire(self, wave: int) -> None:
        before = self.seats.active[wave - 1] & ~self.leaves[wave] if wave else np.zeros(len(self.own), bool)
        new = self.seats.active[wave] & ~before
        self.own = np.where(new, self.rng.standard_normal(len(new)), self.own)
        self.person[wave] = (self.person[wave - 1] if wave else 0) + new
        self.disposition[wave] += np.sqrt(self.truth.employees.persistence) * self.own

    def _leave(self, wave: int) -> None:
        yearly = hazard(self.truth, self.team_engagement[wave])[self.seats.team]
        after = self.rng.standard_exponential(len(yearly)) / yearly
        self.leaves[wave + 1] = self.seats.active[wave] & (after < 1)
        self.leaves_at[wave + 1] = np.where(self.leaves[wave + 1], after, np.nan)

    def _act(self, wave: int) -> None:
        """Act on the weakest element of some weak teams; it has moved by the next wave and stays."""
        p, effects = self.truth.actions, self.truth.effects
        means = self.seats.team_mean(self.elements[wave], wave)
        gap = means - self.means
        weakest, chance = gap.argmin(axis=1), self.rng.random((2, len(gap)))
        if wave - self.truth.burn_in < p.first_wave - 1:
            return
        for team in np.flatnonzero((gap.min(axis=1) < -p.weak) & (chance[0] < p.rate)):
            element, told = int(weakest[team]), bool(chance[1, team] < p.communicated)
            self.boost[team, element] += effects.action_communicated if told else effects.action_silent
            self.actions.append(Action(wave, int(team), element, told, float(means[team, element])))
