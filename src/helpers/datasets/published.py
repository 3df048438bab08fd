"""Figures that others have published, kept as facts with their source, to set beside our own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.datasets.dataset import project_root
from helpers.datasets.problems import suggest


def published(name: str) -> pd.DataFrame:
    """Read a table of published figures.

    Parameters
    ----------
    name : str
        ``"claims"``, ``"gallup_quartile_differences"``, ``"gallup_editions"``, ``"relations"``, ``"nps_benchmarks"`` or
        ``"group_sizes"``; see `published_names`.

    Returns
    -------
    DataFrame
        Every row has a ``source``, a ``source_kind`` (``"primary"``, or ``"secondary"``: told by someone else) and a
        ``status`` (``"read"`` there, or ``"computed"`` from it).

    Raises
    ------
    ValueError
        For an unknown name, with the near ones.
    """
    names = published_names()
    if name not in names:
        raise ValueError(f"name must be a table in data/published; found {name!r}. {suggest(name, names)}")
    return pd.read_csv(_folder() / f"{name}.csv", encoding="utf-8")


def published_names() -> list[str]:
    """List the tables of published figures, sorted."""
    return sorted(path.stem for path in _folder().glob("*.csv"))


def _folder() -> Path:
    return project_root() / "data" / "published"
