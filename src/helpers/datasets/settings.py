"""What `dataset.toml` says: title, source, where the tables are, which measures and levels play which part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from helpers.datasets.problems import DatasetError
from helpers.datasets.settings_file import read_draft, section

LISTS = ("redesigned", "files")


@dataclass(frozen=True)
class Measures:
    """The measures in their parts: `employee` and `customer` in the panel, `engagement` and `outcomes` in quartiles."""

    employee: str
    customer: str
    engagement: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class Levels:
    """Which level of units the panel, the quartiles and the unit reports work on."""

    panel: str
    quartile: str
    report: str


@dataclass(frozen=True)
class SmallestEffect:
    """The smallest effect that matters: `value` in standard deviations (``"sd"``) or in points of the measure."""

    value: float
    unit: Literal["sd", "points"]


@dataclass(frozen=True)
class SourceFile:
    """A file of the publisher the dataset was made from, with its checksum."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Settings:
    """The settings of a dataset, checked; see `load_settings`.

    Parameters
    ----------
    title, source, licence : str
        For the reader of a report.
    language : {"en", "nl"}
    synthetic : bool
        Made up, so that every page says SYNTHETIC.
    periods_per_year : {1, 2, 4, 12}
    min_group : int
        Fewest answers a figure may rest on.
    disclosure : {"gate", "published"}
        ``"published"``: figures a publisher has already released, for which no n is needed.
    measures, levels, smallest_effect : Measures, Levels, SmallestEffect
    tables : mapping of str to Path
        Table name to its file, inside the folder of the dataset.
    redesigned : tuple of str
        First periods of another questionnaire.
    files : tuple of SourceFile
    """

    title: str
    language: Literal["en", "nl"]
    synthetic: bool
    source: str
    licence: str
    periods_per_year: int
    min_group: int
    disclosure: Literal["gate", "published"]
    measures: Measures
    levels: Levels
    smallest_effect: SmallestEffect
    tables: Mapping[str, Path]
    redesigned: tuple[str, ...]
    files: tuple[SourceFile, ...]


def load_settings(folder: str | Path) -> Settings:
    """Read and check `dataset.toml`.

    Parameters
    ----------
    folder : str or Path
        The folder of the dataset.

    Returns
    -------
    Settings

    Raises
    ------
    DatasetError
        A ValueError: no such file, broken TOML, or keys that are missing, unknown or wrong; `problems` lists them all.
    """
    draft = read_draft(Path(folder))
    if draft.problems:
        raise DatasetError(draft.problems)
    values = draft.values
    measures = section(values, "measures")
    return Settings(
        **{name: value for name, value in values.items() if "." not in name and name not in LISTS},
        measures=Measures(**measures | {"outcomes": tuple(measures["outcomes"])}),
        levels=Levels(**section(values, "levels")),
        smallest_effect=SmallestEffect(float(values["smallest_effect.value"]), values["smallest_effect.unit"]),
        tables=draft.tables,
        redesigned=tuple(values["redesigned"]),
        files=tuple(SourceFile(**file) for file in values["files"]),
    )
