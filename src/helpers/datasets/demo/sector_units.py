"""The units of the demo sector: organisations below one root, in blocks of business units with their teams."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.datasets.demo.company import UNIT_COLUMNS, Block, places
from helpers.datasets.demo.sector import Sector

ROOT = "S"
COLUMNS = (*UNIT_COLUMNS, "organisation")


def sector_units(sector: Sector) -> pd.DataFrame:
    """Give the rows of `units` above the blocks: the sector and its organisations, named by industry and place."""
    root = {"unit_id": ROOT, "name": sector.title, "level": "sector"}
    rows = [root, *(organisation_row(number) for number in range(sector.organisations.number))]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def organisation_blocks(sector: Sector, organisation: int, n_teams: int, scale: float) -> Iterator[Block]:
    """Lay out one organisation.

    Parameters
    ----------
    sector : Sector
    organisation : int
        Counted from 0.
    n_teams : int
        At scale 1.
    scale : float
        Times the number of teams, of which at least ``least_scaled`` stay.

    Yields
    ------
    Block
        At most ``block`` teams each; `Block.country` is the organisation.
    """
    p = sector.organisations
    n_teams = max(p.least_scaled, round(n_teams * scale))
    for number, first in enumerate(range(0, n_teams, p.block)):
        teams = range(first, min(first + p.block, n_teams))
        yield _block(sector, organisation, number, teams)


def organisation_row(number: int) -> dict[str, str]:
    """Give the row of `units` of an organisation, counted from 0."""
    countries, industries = places()["countries"], list(places()["industries"])
    again, at = divmod(number, len(countries))
    code = list(countries)[at]
    industry, towns = industries[(5 * at + again) % len(industries)], countries[code]["places"]
    unit_id, name = f"O{number + 1:02d}", f"{industry.capitalize()} {towns[again % len(towns)]}"
    row = {"unit_id": unit_id, "name": name, "parent_id": ROOT, "level": "organisation"}
    return row | {"country": code, "industry": industry, "organisation": unit_id}


def _block(sector: Sector, organisation: int, number: int, teams: range) -> Block:
    above, per_unit = organisation_row(organisation), sector.organisations.business_unit
    unit_of = [team // per_unit for team in teams]
    units = {at: _below(above, at, "business unit", "unit") for at in dict.fromkeys(unit_of)}
    rows = [_below(units[at], team % per_unit, "team", "team") for at, team in zip(unit_of, teams, strict=True)]
    team_unit = np.tile(np.arange(len(rows)), (sector.common.company.waves, 1))
    frame = pd.DataFrame([*units.values(), *rows], columns=list(COLUMNS))
    return Block(
        country=organisation,
        number=number,
        business_ids=[unit["unit_id"] for unit in units.values()],
        team_ids=[row["unit_id"] for row in rows],
        team_unit=team_unit,
        business_unit=(np.array(unit_of) - unit_of[0])[team_unit],
        frame=frame,
    )


def _below(above: dict[str, str], at: int, level: str, word: str) -> dict[str, str]:
    unit_id, name = f"{above['unit_id']}-{at + 1:02d}", f"{above['name']}, {word} {at + 1}"
    return above | {"unit_id": unit_id, "name": name, "parent_id": above["unit_id"], "level": level}
