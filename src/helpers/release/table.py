"""The gate between scores and anything a reader sees.

`release` is the one way to make a `ReleasedTable`; figures, tables and sentences about units accept nothing else.
A row is *released* when its figures may be shown, else *hidden*, with the rule that hid it in `hidden_by`.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

# No survey vendor reports below 3 to 5 answers; 5 is the floor below which a dataset cannot set its own threshold.
MIN_GROUP_FLOOR = 5
FIGURES = ("estimate", "n", "n_effective", "se", "ci_low", "ci_high", "change", "change_low", "change_high")
REQUIRED = ("unit_id", "period", "measure", "estimate", "n")
_KEY = object()


class ReleasedTable:
    """Scores of units that may be shown: hidden rows keep unit, period and measure, and no figure.

    Not to be made by hand; see `release`.
    """

    __slots__ = ("_frame", "min_group", "published")

    def __init__(self, frame: pd.DataFrame, *, min_group: int, published: bool, key: object = None) -> None:
        if key is not _KEY:
            raise TypeError("ReleasedTable must be made by helpers.release.release; found a direct call.")
        self._frame, self.min_group, self.published = frame, min_group, published

    @property
    def frame(self) -> pd.DataFrame:
        """A copy of the rows: identifiers, `name`, `level`, figures (empty where hidden), `released`, `hidden_by`."""
        return self._frame.copy()

    @property
    def n_hidden(self) -> int:
        """How many rows are hidden."""
        return int((~self._frame["released"]).sum())

    def where(self, **values: str | Iterable[str]) -> ReleasedTable:
        """Keep the rows whose columns have the values given, one value or several each.

        Parameters
        ----------
        **values : str or iterable of str
            Column name and the values kept, e.g. ``measure=["enps", "nps"], period="2024"``.
        """
        frame = self._frame
        for column, kept in values.items():
            if column not in frame:
                raise ValueError(f"column must be one of {', '.join(frame)}; found {column!r}.")
            frame = frame[frame[column].isin([kept] if isinstance(kept, str) else list(kept))]
        return ReleasedTable(frame.reset_index(drop=True), min_group=self.min_group, published=self.published, key=_KEY)

    def __len__(self) -> int:
        return len(self._frame)

    def __repr__(self) -> str:
        return f"ReleasedTable({len(self)} rows, {self.n_hidden} hidden, min_group={self.min_group})"


def release(scores: pd.DataFrame, units: pd.DataFrame, *, min_group: int, disclosure: str) -> ReleasedTable:
    """Hide what could be traced to persons and mark the rest as released.

    Parameters
    ----------
    scores : DataFrame, one row per unit, period and measure
        With ``unit_id``, ``period``, ``measure``, ``estimate``, ``n`` and any of the other figures.
    units : DataFrame, one row per unit
        ``unit_id``, ``name``, ``parent_id``, ``level``.
    min_group : int
        Fewest answers a figure may rest on; at least 5.
    disclosure : {"gate", "published"}
        ``"published"``: the figures were released by their publisher, so all pass and no ``n`` is needed.

    Returns
    -------
    ReleasedTable
        Every row of `scores`, with the figures of hidden rows emptied.

    Raises
    ------
    ValueError
        For a threshold below the floor, an unknown disclosure or a missing column.
    """
    _check(scores, min_group, disclosure)
    frame = scores.merge(units[["unit_id", "name", "level"]], on="unit_id", how="left", validate="many_to_one")
    published = disclosure == "published"
    # An unknown n cannot prove that a group is large enough, so it hides.
    small = ~(frame["n"] >= min_group) & (not published)
    frame["released"] = ~small
    frame["hidden_by"] = small.map({True: "min_group", False: ""})
    figures = [column for column in FIGURES if column in frame]
    frame[figures] = frame[figures].astype(float).mask(small)
    return ReleasedTable(frame, min_group=min_group, published=published, key=_KEY)


def require_released(table: object, shown_by: str) -> pd.DataFrame:
    """Give the rows of a `ReleasedTable`, and refuse anything else.

    Raises
    ------
    TypeError
        When `table` is not a `ReleasedTable`.
    """
    if not isinstance(table, ReleasedTable):
        raise TypeError(
            f"{shown_by} must get a ReleasedTable; found {type(table).__name__}. Pass it through release()."
        )
    return table.frame


def _check(scores: pd.DataFrame, min_group: int, disclosure: str) -> None:
    if disclosure not in ("gate", "published"):
        raise ValueError(f"disclosure must be 'gate' or 'published'; found {disclosure!r}.")
    if min_group < MIN_GROUP_FLOOR:
        raise ValueError(f"min_group must be at least {MIN_GROUP_FLOOR}; found {min_group}.")
    missing = [column for column in REQUIRED if column not in scores]
    if missing:
        raise ValueError(f"scores must have the columns {', '.join(REQUIRED)}; found none named {', '.join(missing)}.")
