"""Open a dataset: its settings, its tree of units, its tables and its scores."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import pandas as pd

from helpers.datasets.contract import TABLE_NAMES
from helpers.datasets.conversion import known_columns, typed_table
from helpers.datasets.folders import SETTINGS_FILE, dataset_names, dataset_path
from helpers.datasets.hierarchy import Hierarchy
from helpers.datasets.limits import check_size
from helpers.datasets.problems import near, suggest
from helpers.datasets.reading import read_table
from helpers.datasets.secret_texts import unless_secret
from helpers.datasets.settings import Settings, load_settings
from helpers.release import Mask, ReleasedTable
from helpers.stats.estimates import NotApplicable

_BESIDE_SCORES = ("units", "items", "outcomes", "actions")
_held: dict[Path, Dataset] = {}


class Dataset:
    """One folder with a `dataset.toml` and tables; see `open_dataset`.

    Tables are read when first asked for and typed by the contract, not checked: that is what `excx check` is for.

    Parameters
    ----------
    folder : Path
        Holds `dataset.toml`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = folder.resolve().name
        self.settings: Settings = load_settings(folder)
        self._tables: dict[str, pd.DataFrame] = {}
        # Of all units, where many will be asked for: by confidence level and audience.
        self.released: dict[tuple[float, str], ReleasedTable] = {}
        self._seen = self._file_states()
        for name, path in self.settings.tables.items():
            if path.is_file():
                check_size(path, name)

    def has(self, table: str) -> bool:
        """Tell whether the dataset has a table of this name."""
        return _known_table(table) in self.settings.tables

    def table(self, name: str) -> pd.DataFrame:
        """Give a table with its columns typed by the contract.

        Parameters
        ----------
        name : str
            A table of the contract, e.g. ``"outcomes"``.

        Returns
        -------
        DataFrame
            Identifiers and periods as ``str``, dates as ``datetime64``, numbers as ``float`` (whole numbers that may
            not be empty as ``int``). Changing it does not change the dataset.

        Raises
        ------
        NotApplicable
            When the dataset has no such table.
        ValueError
            For a table outside the contract, or a file that cannot be read or typed.
        """
        if not self.has(name):
            raise NotApplicable(
                "This needs the table {table}, which the dataset {dataset} does not have.",
                table=name,
                dataset=self.name,
            )
        if name not in self._tables:
            self._tables[name] = self._read(name)
        return self._tables[name].copy(deep=False)

    def unit(self, unit: str) -> str:
        """Give the id of a unit; empty stands for the whole organisation.

        Parameters
        ----------
        unit : str
            A unit id, or ``""``.

        Raises
        ------
        ValueError
            For an unknown unit, with the ids and names that look like it.
        """
        if unit in self.hierarchy or unit in self.hierarchy.merged:
            self.hierarchy.name(unit)
            return unit
        if not unit:
            return self.hierarchy.root
        raise ValueError(
            f"unit must be a unit_id of {self.name}; found {unless_secret(unit)}. {self._near_units(unit)}"
        )

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """The tree of units."""
        return Hierarchy(self.table("units"))

    @cached_property
    def scores(self) -> pd.DataFrame:
        """One row per unit, period and measure."""
        from helpers.datasets.score_loading import load_scores

        return load_scores(self)

    @cached_property
    def mask(self) -> Mask | None:
        """Which units are hidden in which period; None where the source published the figures."""
        if self.settings.disclosure == "published":
            return None
        from helpers.datasets.masking import dataset_mask

        return dataset_mask(self)

    @cached_property
    def content_key(self) -> str:
        """Names what its settings and tables hold, and what of it may be shown."""
        from helpers.datasets.score_cache import content_key

        names = sorted(self.settings.tables)
        files = [self.folder / SETTINGS_FILE, *(self.settings.tables[name] for name in names)]
        shown = b"" if self.mask is None else pd.util.hash_pandas_object(self.mask.frame).to_numpy().tobytes()
        return content_key(files, names, shown)

    def load(self) -> None:
        """Read what many reports need: units, scores, what of them may be shown, and the tables that belong to them."""
        for name in filter(self.has, _BESIDE_SCORES):
            self.table(name)
        _ = self.hierarchy, self.scores, self.mask, self.content_key

    def forget_mask(self) -> None:
        """Look anew, when next asked, at what may be shown: the ledger has another release in it."""
        for name in ("mask", "content_key"):
            self.__dict__.pop(name, None)
        self.released.clear()

    def require_unchanged(self) -> None:
        """Refuse to go on when a file changed since the dataset was opened: what is read would not fit together.

        Raises
        ------
        ValueError
        """
        now = self._file_states()
        changed = [path.name for path in now if now[path] != self._seen[path]]
        if changed:
            raise ValueError(f"tables must stay as they are while they are read; {changed[0]} changed. Run it again.")

    def _file_states(self) -> dict[Path, tuple[int, ...] | None]:
        return {path: _file_state(path) for path in (self.folder / SETTINGS_FILE, *self.settings.tables.values())}

    def __repr__(self) -> str:
        return f"Dataset({self.name!r}: {', '.join(self.settings.tables)})"

    def _read(self, name: str) -> pd.DataFrame:
        items = self.table("items") if name != "items" and self.has("items") else None
        raw = read_table(self.settings.tables[name], known_columns(name, items))
        return typed_table(name, raw, self.settings.periods_per_year, items)

    def _near_units(self, unit: str) -> str:
        units = self.hierarchy.units
        labels = dict(zip(units["unit_id"], units["name"], strict=True))
        by_name = {name: unit_id for unit_id, name in labels.items()}
        ids = [*near(unit, labels), *(by_name[name] for name in near(unit, by_name))]
        found = [f"{unit_id} ({labels[unit_id]})" for unit_id in dict.fromkeys(ids)]
        return f"Did you mean {' or '.join(found[:5])}?" if found else "Look it up in the table units."


def open_dataset(name_or_folder: str | Path) -> Dataset:
    """Open a dataset by its name under `data/` or by its folder.

    Parameters
    ----------
    name_or_folder : str or Path
        E.g. ``"demo"`` or ``"../survey"``.

    Returns
    -------
    Dataset

    Raises
    ------
    ValueError
        When there is none, with the ones there are; or when its `dataset.toml` is wrong.
    """
    folder = dataset_path(name_or_folder)
    if folder is None:
        names, found = dataset_names(), unless_secret(str(name_or_folder))
        raise ValueError(
            f"dataset must be a folder or one of {', '.join(names) or '(none yet)'}; found {found}. "
            f"{suggest(str(name_or_folder), names) if names else ''} Make one with `excx demo` or `excx fetch`."
        )
    return _held.get(folder.resolve()) or Dataset(folder)


def hold(dataset: Dataset) -> None:
    """Let every later opening of its folder in this process give this dataset, whatever becomes of the files."""
    _held[dataset.folder.resolve()] = dataset


def _file_state(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _known_table(table: str) -> str:
    if table not in TABLE_NAMES:
        raise ValueError(f"table must be one of {', '.join(TABLE_NAMES)}; found {table!r}.")
    return table
