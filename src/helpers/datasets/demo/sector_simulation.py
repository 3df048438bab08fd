"""The demo sector as tables, organisation by organisation, and its truth beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa

from helpers.datasets.demo.climate import CountryPaths, country_paths
from helpers.datasets.demo.sector import Sector, draw_organisations, organisation_truth
from helpers.datasets.demo.sector_truth import organisation_correlations, population
from helpers.datasets.demo.sector_units import organisation_blocks, organisation_row, sector_units
from helpers.datasets.demo.simulation import Story, check_choices, gathered, whole_tables
from helpers.datasets.demo.streams import stream

# Without the tables that only the demo company needs; `expected` is read by tests.
TABLES = ("units", "employee_answers", "items", "invited", "customer_answers", "outcomes", "expected")


def simulate_sector(
    sector: Sector, *, seed: int = 1, scale: float = 1.0, tables: Collection[str] | None = None
) -> dict[str, pd.DataFrame]:
    """Draw a demo sector in memory.

    Parameters
    ----------
    sector : Sector
    seed : int
        The same seed gives the same tables; not negative.
    scale : float
        Times the number of teams of each organisation; at least 0.05. Organisations stay as many as they are.
    tables : collection of str, optional
        Which of `TABLES` to make; all when left out.

    Returns
    -------
    dict of str to DataFrame
        ``expected`` as for `simulation.simulate`.
    """
    return gathered(draw_sector(sector, seed=seed, scale=scale, tables=tables))


def draw_sector(
    sector: Sector, *, seed: int, scale: float, tables: Collection[str] | None = None
) -> Iterator[dict[str, pa.Table]]:
    """Draw a demo sector piece by piece, so that memory does not grow with `scale`.

    Parameters
    ----------
    sector, seed, scale, tables
        As for `simulate_sector`.

    Yields
    ------
    dict of str to Table
        First the rows above the blocks, then those of each block.

    Raises
    ------
    ValueError
        For a negative seed, a scale that is too small or an unknown table.
    """
    wanted = set(TABLES if tables is None else tables)
    check_choices(seed, scale, wanted, TABLES)
    whole = whole_tables(sector_units(sector))
    yield {name: table for name, table in whole.items() if name in wanted}
    drawn = draw_organisations(sector, seed)
    paths = _paths(sector, drawn, seed)
    for number, own in enumerate(drawn.to_dict("records")):
        truth = replace(organisation_truth(sector, own), title=organisation_row(number)["name"])
        for block in organisation_blocks(sector, number, own["n_teams"], scale):
            yield _without_persons(Story(truth, block, paths, seed).tables(wanted))


def sector_truth(sector: Sector, seed: int) -> dict[str, pd.DataFrame]:
    """Give what the estimates of a demo sector should come out at.

    Returns
    -------
    dict of str to DataFrame
        ``organisations``: one row per organisation and outcome, with ``unit_id``, what `organisation_correlations`
        gives and the organisation's ``n_teams`` (at scale 1), ``response``, ``exits`` and ``turnover_rate`` (share of
        staff who leave in a year). ``population``: as `sector_truth.population`.
    """
    drawn = draw_organisations(sector, seed)
    levels = drawn[["n_teams", "response", "exits"]].assign(
        unit_id=[organisation_row(number)["unit_id"] for number in drawn.index],
        turnover_rate=-np.expm1(-drawn["exits"]),
    )
    table = organisation_correlations(sector, drawn).join(levels, on="organisation").drop(columns="organisation")
    return {"organisations": table[["unit_id", *table.columns.drop("unit_id")]], "population": population(sector)}


def _without_persons(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """Leave out who answered: nobody follows persons through the organisations of a sector."""
    if "employee_answers" not in tables:
        return tables
    return tables | {"employee_answers": tables["employee_answers"].drop_columns(["person_key"])}


def _paths(sector: Sector, drawn: pd.DataFrame, seed: int) -> CountryPaths:
    """Draw what all teams of an organisation share; organisations stand in the place of countries."""
    paths = country_paths(sector.common, stream(seed, "paths"), len(drawn))
    return CountryPaths(paths.enps + drawn["enps"].to_numpy(), paths.nps + drawn["nps_level"].to_numpy())
