"""The organisations of the demo sector: how they differ, and the truth of each.

An organisation is a company of its own, with its own slopes; a `Truth` holds it, as it holds the demo company.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from helpers.datasets.demo.streams import stream
from helpers.datasets.demo.truth import Section, Truth, load_truth

SECTOR = "demo-sector"
# Outcomes whose slope differs between organisations, those told first in front.
OUTCOMES = ("profit", "productivity", "nps", "turnover", "absence", "accidents", "shrinkage", "defects")
LEVELS = ("n_teams", "engagement", "enps", "nps_level", "response", "exits")


@dataclass(frozen=True)
class Sector:
    """What all organisations have in common, and how they differ: the sections of ``sector.toml``."""

    title: str
    common: Truth
    organisations: Section
    slopes: Section
    measured: Section


def load_sector(file: Path | None = None) -> Sector:
    """Load what is true in demo-sector.

    Parameters
    ----------
    file : Path, optional
        TOML with parts of ``truth.toml`` for what the organisations have in common. What ``sector.toml`` sets stays.

    Returns
    -------
    Sector

    Raises
    ------
    ValueError
        As `load_truth`, for a wrong file.
    """
    values = tomllib.loads(files(__package__).joinpath("sector.toml").read_text("utf-8"))
    common = _changed(load_truth(file=file), values["common"])
    sections = {name: Section(values[name]) for name in ("organisations", "slopes", "measured")}
    return Sector(values["title"], common, **sections)


def draw_organisations(sector: Sector, seed: int) -> pd.DataFrame:
    """Draw how the organisations differ.

    Returns
    -------
    DataFrame, one row per organisation
        As `differing`.
    """
    uniform = stream(seed, "sector").random((sector.organisations.number, len(LEVELS) + len(OUTCOMES)))
    return differing(sector, uniform)


def differing(sector: Sector, uniform: np.ndarray) -> pd.DataFrame:
    """Turn uniform numbers into organisations.

    Parameters
    ----------
    sector : Sector
    uniform : ndarray, shape (organisations, 14)
        Between 0 and 1, exclusive of both.

    Returns
    -------
    DataFrame, one row per organisation
        ``n_teams`` at scale 1; ``engagement`` (points of 1 to 5), ``enps`` and ``nps_level`` (points) above or below
        the common level; ``response`` (share), ``exits`` (yearly hazard), and a column per outcome with its slope.
    """
    p, normal = sector.organisations, ndtri(uniform)
    size = p.least_teams + (p.median_teams - p.least_teams) * np.exp(p.teams_sigma * normal[:, 0])
    levels = {
        "n_teams": np.minimum(np.rint(size), p.most_teams).astype(int),
        "engagement": p.sd_engagement * normal[:, 1],
        "enps": p.sd_enps * normal[:, 2],
        "nps_level": p.sd_nps * normal[:, 3],
        "response": p.response_low + (p.response_high - p.response_low) * uniform[:, 4],
        "exits": p.exits_median * np.exp(p.exits_sigma * normal[:, 5]),
    }
    drawn = {name: sector.slopes[name] for name in OUTCOMES}
    slopes = {name: mean + sd * normal[:, len(LEVELS) + at] for at, (name, (mean, sd)) in enumerate(drawn.items())}
    return pd.DataFrame(levels | slopes)


def organisation_truth(sector: Sector, own: Mapping[str, Any]) -> Truth:
    """Give the truth of one organisation, from its row of `differing`.

    Effects are stated around the organisation's own level, so that a level alone moves no outcome.
    """
    common, shift = sector.common, float(own["engagement"])
    employees, effects = common.employees, common.effects
    means = {name: mean + shift for name, mean in employees.means.items()}
    outcomes = {name: float(own[name]) for name in effects.outcomes}
    response = float(own["response"])
    changes = {
        "enps": {"level": common.enps.level + float(own["enps"])},
        "nps": {"level": common.nps.level + float(own["nps_level"])},
        "employees": {"means": means, "engagement_mean": employees.engagement_mean + shift},
        "response": {"first_wave": response, "last_wave": response},
        "exits": {"rate": float(own["exits"])},
        "effects": {
            "lag": (0.0, float(own["nps"]), 0.0, 0.0),
            "outcomes": outcomes,
            "exits": float(own["turnover"]),
            "absence": float(own["absence"]),
        },
    }
    return _changed(common, changes)


def _changed(truth: Truth, sections: Mapping[str, Mapping[str, Any]]) -> Truth:
    return replace(truth, **{name: Section({**getattr(truth, name), **new}) for name, new in sections.items()})
