"""The units of the demo company, in blocks that are simulated one at a time.

A *block* is a few business units of one country with their teams. A *team* is a group of people that stays one through
a reorganisation; its *unit id* changes then.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from helpers.datasets.demo.truth import Truth

ROOT = "VB"
UNIT_COLUMNS = ("unit_id", "name", "parent_id", "level", "country", "industry", "valid_from", "valid_to")
# A reorganisation dissolves this many business units of a block.
N_DISSOLVED = 2


@dataclass(frozen=True)
class Block:
    """Some business units of one country.

    `team_unit` and `business_unit` say, per wave and team, the position in `team_ids` and `business_ids`: arrays of
    shape (waves, teams). `frame` holds the rows of the table `units`.
    """

    country: int
    number: int
    business_ids: list[str]
    team_ids: list[str]
    team_unit: np.ndarray
    business_unit: np.ndarray
    frame: pd.DataFrame

    @property
    def n_teams(self) -> int:
        """Number of teams, each counted once, whatever its unit ids."""
        return self.team_unit.shape[1]


def country_codes() -> list[str]:
    """List the ISO codes of the countries, in the order of their numbers."""
    return list(places()["countries"])


def upper_units(truth: Truth) -> pd.DataFrame:
    """Give the rows of `units` above the blocks: the company and its countries."""
    rows = [(ROOT, truth.title, None, "organisation", None, None, None, None)]
    for code, country in places()["countries"].items():
        rows.append((code, country["name"], ROOT, "country", code, None, None, None))
    return pd.DataFrame(rows, columns=list(UNIT_COLUMNS))


def blocks(truth: Truth, scale: float) -> Iterator[Block]:
    """Lay out the company.

    Parameters
    ----------
    truth : Truth
    scale : float
        Times the number of teams: below 1 the teams of each business unit shrink (to 2 at least), above 1 the number of
        business units grows. Countries and waves stay.

    Yields
    ------
    Block
        Country by country, at most ``company.business_units`` business units each.

    Raises
    ------
    ValueError
        When a country to be reorganised does not exist.
    """
    unknown = set(truth.company.reorganised).difference(country_codes())
    if unknown:
        raise ValueError(f"company.reorganised must hold codes of countries; found {', '.join(sorted(unknown))}.")
    size, n_teams = truth.company.business_units, max(2, round(truth.company.teams * min(scale, 1)))
    n_units = max(size, math.ceil(size * scale))
    for country, code in enumerate(country_codes()):
        for number, first in enumerate(range(0, n_units, size)):
            units = [_business_unit(country, code, b) for b in range(first, min(first + size, n_units))]
            dissolving = number == 0 and code in truth.company.reorganised and _has_reorganisation(truth)
            yield _block(truth, country, number, units, n_teams, dissolving)


@cache
def places() -> dict[str, Any]:
    """Give the industries, countries and names that units are made from."""
    return tomllib.loads(files(__package__).joinpath("places.toml").read_text("utf-8"))


def _has_reorganisation(truth: Truth) -> bool:
    return 2 <= truth.company.reorganisation_wave <= truth.company.waves


def _business_unit(country: int, code: str, index: int) -> dict[str, str]:
    industries, towns = places()["industries"], places()["countries"][code]["places"]
    unit_id, industry = f"{code}-{index + 1:02d}", list(industries)[(5 * country + index) % len(industries)]
    again = f" {index // len(towns) + 1}" if index >= len(towns) else ""
    name = places()["names"].get(unit_id, f"{industries[industry]} {towns[index % len(towns)]}{again}")
    row = {"unit_id": unit_id, "name": name, "parent_id": code, "level": "business unit"}
    return row | {"country": code, "industry": industry}


def _block(
    truth: Truth, country: int, number: int, units: list[dict[str, str]], n_teams: int, dissolving: bool
) -> Block:
    teams = [_team(unit, team) for unit in units for team in range(n_teams)]
    team_unit = np.tile(np.arange(len(teams)), (truth.company.waves, 1))
    if dissolving:
        since = truth.company.reorganisation_wave - 1
        moved = _reorganise(units, teams, n_teams, truth.periods[since - 1 : since + 1])
        team_unit[since:, len(team_unit[0]) - moved :] += moved
    position = {unit["unit_id"]: at for at, unit in enumerate(units)}
    parent = np.array([position[team["parent_id"]] for team in teams])
    frame = pd.DataFrame(units + teams, columns=list(UNIT_COLUMNS))
    ids = [team["unit_id"] for team in teams]
    return Block(country, number, list(position), ids, team_unit, parent[team_unit], frame)


def _team(unit: dict[str, str], index: int) -> dict[str, str]:
    own = {"unit_id": f"{unit['unit_id']}-{index + 1:02d}", "name": f"{unit['name']}, team {index + 1}"}
    return unit | own | {"parent_id": unit["unit_id"], "level": "team"}


def _reorganise(units: list[dict[str, str]], teams: list[dict[str, str]], n_teams: int, years: list[str]) -> int:
    """End the last business units and give their teams new units under the others; say how many teams moved."""
    kept, ended = units[:-N_DISSOLVED], units[-N_DISSOLVED:]
    old = teams[-N_DISSOLVED * n_teams :]
    for unit in ended + old:
        unit["valid_to"] = years[0]
    for at in range(len(old)):
        new = _team(kept[at % len(kept)], n_teams + at // len(kept))
        teams.append(new | {"valid_from": years[1]})
    return len(old)
