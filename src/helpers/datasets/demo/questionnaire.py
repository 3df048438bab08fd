"""What everyone on the payroll would answer, had everyone answered.

A *construct* is what items of one element measure. Leadership (hands-on management and trust) makes culture (voice,
communication, room to act), culture makes behaviour (customer orientation, service); context makes motivation.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from helpers.datasets.contract import LEADERSHIP_ELEMENTS
from helpers.datasets.demo.truth import Truth
from helpers.datasets.demo.workforce import ELEMENTS, Workforce, on_scale, team_states

SCALE = (1, 5)

CULTURE = ("voice", "communication", "room_to_act")
BEHAVIOUR = ("customer_orientation", "service_behaviour")
# Like Bersin's five these follow mood and disposition and nothing else.
OTHERS = ("context", "purpose", "promise_kept", "valued", "obstacle")


@dataclass(frozen=True)
class Payroll:
    """One row per person and wave, burn-in left out: arrays of length n, `items` of shape (n, items).

    `wave`, `seat` and `team` count from 0; `behaviour` has shape (waves, teams).
    """

    wave: np.ndarray
    seat: np.ndarray
    team: np.ndarray
    person: np.ndarray
    disposition: np.ndarray
    recommend: np.ndarray
    satisfaction: np.ndarray
    items: np.ndarray
    behaviour: np.ndarray


def item_table() -> pd.DataFrame:
    """Give the table `items` of the contract."""
    rows = [{"item_id": item_id, "reverse": False} | item for item_id, item in _items().items()]
    table = pd.DataFrame(rows).rename(columns={"en": "text_en", "nl": "text_nl"})
    table["scale_min"], table["scale_max"] = SCALE
    return table[["item_id", "text_nl", "text_en", "scale_min", "scale_max", "reverse", "element"]]


def item_ids() -> list[str]:
    """List the ids of the items, in the order of the table."""
    return list(_items())


def ask_everyone(truth: Truth, workforce: Workforce, rng: np.random.Generator) -> Payroll:
    """Draw the answers of the whole payroll to every question, in every wave of the survey."""
    burn_in, seats = truth.burn_in, workforce.seats
    wave, seat = np.nonzero(seats.active[burn_in:])
    at = (wave + burn_in, seat)
    constructs = _constructs(truth, workforce, wave, seat, rng)
    items = np.column_stack(_item_answers(truth, constructs, workforce.engagement_items[at], rng))
    behaviour = items[:, [item["element"] in BEHAVIOUR for item in _items().values()]].mean(axis=1)
    cell, shape = wave * len(seats.first) + seats.team[seat], (truth.company.waves, len(seats.first))
    return Payroll(
        wave=wave,
        seat=seat,
        team=seats.team[seat],
        person=workforce.person[at],
        disposition=workforce.disposition[at],
        recommend=workforce.recommend[at],
        satisfaction=_satisfaction(truth, workforce.engagement[at], rng),
        items=items,
        behaviour=np.bincount(cell, behaviour, shape[0] * shape[1]).reshape(shape) / seats.headcount[burn_in:],
    )


@cache
def _items() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files(__package__).joinpath("items.toml").read_text("utf-8"))["items"]


def _constructs(
    truth: Truth, workforce: Workforce, wave: np.ndarray, seat: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Draw each construct of each person as a distance from its mean."""
    p, effects, team = truth.employees, truth.effects, workforce.seats.team[seat]
    mood, still = workforce.mood[truth.burn_in :], np.zeros_like(workforce.mood[truth.burn_in :])

    def own(names: tuple[str, ...], mood: np.ndarray) -> dict[str, np.ndarray]:
        states = team_states(truth, mood, len(names), rng)[wave, team]
        return dict(zip(names, (states + rng.normal(0, p.sd_person, states.shape)).T, strict=True))

    elements = workforce.elements[wave + truth.burn_in, seat]
    result = {name: elements[:, at] - p.means[name] for at, name in enumerate(ELEMENTS)}
    follows = p.disposition * workforce.disposition[wave + truth.burn_in, seat]
    result |= {name: values + follows for name, values in own(OTHERS, mood).items()}
    result |= _caused(own(("motivation",), still), effects.context_motivation, [result["context"]])
    result |= _caused(own(CULTURE, still), effects.leadership_culture, [result[name] for name in LEADERSHIP_ELEMENTS])
    return result | _caused(own(BEHAVIOUR, still), effects.culture_behaviour, [result[name] for name in CULTURE])


def _caused(own: dict[str, np.ndarray], slope: float, causes: list[np.ndarray]) -> dict[str, np.ndarray]:
    cause = slope * np.mean(causes, axis=0)
    return {name: values + cause for name, values in own.items()}


def _item_answers(
    truth: Truth, constructs: dict[str, np.ndarray], engagement: np.ndarray, rng: np.random.Generator
) -> list[np.ndarray]:
    """Answer item by item; engagement has been answered while the waves passed, because exits follow from it."""
    given, result = iter(engagement.T), []
    for item in _items().values():
        name = item["element"]
        if name == "engagement":
            result.append(next(given))
            continue
        noise = rng.normal(truth.employees.means[name], truth.employees.sd_answer, len(engagement))
        answer = on_scale(constructs[name] + noise, rng)
        result.append(sum(SCALE) - answer if item.get("reverse") else answer)
    return result


def _satisfaction(truth: Truth, engagement: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    p = truth.employees
    values = p.satisfaction_mean + p.satisfaction_slope * (engagement - p.means.engagement)
    return np.clip(np.rint(values + rng.normal(0, 0.8, len(values))), 1, 10).astype(np.int8)
