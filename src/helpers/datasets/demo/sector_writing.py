"""Writing the demo sector to a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from helpers.datasets.demo.sector import OUTCOMES, Sector
from helpers.datasets.demo.sector_simulation import TABLES, draw_sector, sector_truth
from helpers.datasets.demo.truth import as_values
from helpers.datasets.demo.writing import settings, write_dataset

# A panel of teams would be larger, but whole organisations are what a sector compares.
LEVELS = {"panel": "organisation", "quartile": "team", "report": "organisation"}


def make_sector(folder: Path, sector: Sector, *, seed: int = 1, scale: float = 1.0) -> Path:
    """Write a demo sector: its tables, ``dataset.toml``, and the truth beside them.

    The folder appears when it is whole; an earlier demo dataset of that name is replaced then.

    Parameters
    ----------
    folder : Path
        New, or holding a demo dataset.
    sector : Sector
    seed : int
        The same seed gives the same bytes.
    scale : float
        Times the number of teams of each organisation; memory does not grow with it.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ValueError
        When the folder holds something else, or for a bad seed or scale.
    """
    pieces = draw_sector(sector, seed=seed, scale=scale)
    about = settings(sector.title, seed, scale, TABLES, LEVELS, OUTCOMES)
    return write_dataset(Path(folder), pieces, about, _values(sector), lambda: sector_truth(sector, seed))


def _values(sector: Sector) -> dict[str, Any]:
    differ = {name: as_values(getattr(sector, name)) for name in ("organisations", "slopes", "measured")}
    return {"title": sector.title, **differ, "common": as_values(sector.common)}
