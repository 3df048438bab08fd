"""The gate between scores and anything a reader sees.

`release` is the one way to make a `ReleasedTable`; figures, tables and sentences about units accept nothing else.
A row is *released* when its figures may be shown, else *hidden*, with the rule that hid it in `hidden_by`.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from helpers.release.coarse import CHANGES, banded, with_shared_out
from helpers.release.dominance import is_dominated
from helpers.release.family import ONE_FAMILY
from helpers.release.mask import GROUP, KEYS, Mask, make_mask
from helpers.release.tree import Tree

# No survey vendor reports below 3 to 5 answers; 5 is the floor below which a dataset cannot set its own threshold.
MIN_GROUP_FLOOR = 5
REQUIRED = ("unit_id", "period", "measure", "estimate", "n")
# All that a hidden row may still say; any other column counts as a figure, so that a new one cannot slip through.
LABELS = ("unit_id", "period", "measure", "family", "kind", "time", "conf_level", "name", "level")
MAGNITUDE, DOMINANCE, RESERVED = "magnitude", "dominance", "reserved"
_KEY = object()


class ReleasedTable:
    """Scores of units that may be shown: hidden rows keep unit, period and measure, and no figure.

    Not to be made by hand; see `release`.
    """

    __slots__ = ("_frame", "_rows", "min_group", "published")

    def __init__(self, frame: pd.DataFrame, *, min_group: int, published: bool, key: object = None) -> None:
        if key is not _KEY:
            raise TypeError("ReleasedTable must be made by helpers.release.release; found a direct call.")
        self._frame, self.min_group, self.published = frame, min_group, published
        self._rows: list[dict[str, object]] | None = None

    @property
    def frame(self) -> pd.DataFrame:
        """A copy of the rows: identifiers, `name`, `level`, figures (empty where hidden), `released`, `hidden_by`."""
        return self._frame.copy()

    @property
    def rows(self) -> list[dict[str, object]]:
        """A copy of the rows, each by itself, for whoever looks at few of them: a selection in pandas costs more."""
        if self._rows is None:
            columns = [self._frame[name].tolist() for name in self._frame]
            self._rows = [dict(zip(self._frame, row, strict=True)) for row in zip(*columns, strict=True)]
        return [dict(row) for row in self._rows]

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
        # As if the rest had never been there: a column is no longer mixed when what made it so is gone.
        frame = frame.reset_index(drop=True).infer_objects()
        return ReleasedTable(frame, min_group=self.min_group, published=self.published, key=_KEY)

    def __len__(self) -> int:
        return len(self._frame)

    def __repr__(self) -> str:
        return f"ReleasedTable({len(self)} rows, {self.n_hidden} hidden, min_group={self.min_group})"


def release(
    scores: pd.DataFrame, units: pd.DataFrame, *, min_group: int, disclosure: str, mask: Mask | None = None
) -> ReleasedTable:
    """Hide what could be traced to persons and mark the rest as released.

    Parameters
    ----------
    scores : DataFrame, one row per unit, period and measure
        With ``unit_id``, ``period``, ``measure``, ``estimate``, ``n`` and any of the other figures. Where ``magnitude``
        is true the figure is a sum, and ``largest`` and ``second`` are its two largest parts; where ``of_people`` is
        true a percentage is one of the people counted; where ``reserved`` is true the figure is for other readers.
    units : DataFrame, one row per unit
        ``unit_id``, ``name``, ``parent_id``, ``level``.
    min_group : int
        Fewest answers a figure may rest on; at least 5.
    disclosure : {"gate", "published"}
        ``"published"``: the figures were released by their publisher, so all pass and no ``n`` is needed.
    mask : Mask, optional
        Made from all scores of the dataset. Left out: made from `scores`, which must then be all that will ever be
        shown, since a unit can be hidden only because of another one.

    Returns
    -------
    ReleasedTable
        Every row of `scores`, in its order. Hidden rows keep `LABELS` only. A shown row loses its change when the
        period before may not be shown, since the two together would tell it. Figures that nearly all of a group share
        become bands: ``band`` is ``"high"`` or ``"low"``, ``estimate`` the edge, and there is no interval. Numbers of
        answers below 30 become the first of their band, and response rates are rounded to 5 %.

    Raises
    ------
    ValueError
        For a threshold below the floor, an unknown disclosure, a missing column, a unit that is not in `units`, or a
        mask made with another threshold.
    """
    _check(scores, min_group, disclosure)
    published = disclosure == "published"
    frame = _named(scores, units).astype({"estimate": "float64"})
    frame["band"] = ""
    hidden_by = pd.Series("", index=frame.index)
    if not published:
        mask = mask or make_mask(scores, unit_tree(units), min_group=min_group)
        hidden_by = _hidden_by(frame, mask, min_group)
        frame = banded(with_shared_out(_without_open_changes(frame, mask, hidden_by), min_group), min_group)
    shown = hidden_by == ""
    figures = [column for column in frame if column not in LABELS]
    frame[figures] = frame[figures].where(shown)
    frame["released"] = shown
    frame["hidden_by"] = hidden_by.astype("str")
    return ReleasedTable(frame, min_group=min_group, published=published, key=_KEY)


def unit_tree(units: pd.DataFrame) -> Tree:
    """Make the tree of a table of units, in which a unit may stand once for each of its times."""
    once = units.drop_duplicates("unit_id")
    return Tree(once["unit_id"].tolist(), once["parent_id"].fillna("").tolist())


def require_released(table: object, shown_by: str) -> pd.DataFrame:
    """Give the rows of a `ReleasedTable`, and refuse anything else.

    Raises
    ------
    TypeError
        When `table` is not a `ReleasedTable`.
    """
    return _released(table, shown_by).frame


def released_rows(table: object, shown_by: str) -> list[dict[str, object]]:
    """Give the rows of a `ReleasedTable` each by itself, and refuse anything else, as `require_released` does."""
    return _released(table, shown_by).rows


def _released(table: object, shown_by: str) -> ReleasedTable:
    if not isinstance(table, ReleasedTable):
        raise TypeError(
            f"{shown_by} must get a ReleasedTable; found {type(table).__name__}. Pass it through release()."
        )
    return table


def _named(scores: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    names = units.drop_duplicates("unit_id").set_index("unit_id")
    unknown = scores.loc[~scores["unit_id"].isin(names.index), "unit_id"]
    if len(unknown):
        raise ValueError(f"unit_id must be in units; found {unknown.iloc[0]!r} in row {unknown.index[0]} of scores.")
    labels = {column: scores["unit_id"].map(names[column]) for column in ("name", "level")}
    return scores.assign(**labels).reset_index(drop=True)


def _hidden_by(frame: pd.DataFrame, mask: Mask, min_group: int) -> pd.Series:
    """Give the rule that hides each row, empty for those that may be shown."""
    if mask.min_group != min_group:
        raise ValueError(f"mask must be made with min_group {min_group}; found {mask.min_group}. Make it again.")
    # Neither an unknown n nor a unit the mask does not know can prove that a group is large enough.
    small = pd.Series(np.where(_large(frame["n"], min_group), "", GROUP), index=frame.index)
    keyed = frame.assign(family=frame.get("family", ONE_FAMILY))
    by_mask = keyed[KEYS].merge(mask.frame, how="left", on=KEYS)["hidden_by"].set_axis(frame.index)
    found = by_mask.where(by_mask.fillna("") != "", small.where(small != "", by_mask)).fillna(GROUP)
    if MAGNITUDE in frame:
        dominated = frame[MAGNITUDE] & is_dominated(frame["estimate"], frame["largest"], frame["second"])
        found = found.mask(dominated & (found == ""), DOMINANCE)
    return found.mask(frame[RESERVED] & (found == ""), RESERVED) if RESERVED in frame else found


def _without_open_changes(frame: pd.DataFrame, mask: Mask, hidden_by: pd.Series) -> pd.DataFrame:
    changes = [column for column in CHANGES if column in frame]
    if changes:
        # What is mostly one person's, or about one manager, is hidden in its own rows and not by the mask.
        before = hidden_by.loc[frame.sort_values("period", kind="stable").index]
        own_before = before.groupby([frame["unit_id"], frame["measure"]]).shift().reindex(frame.index).fillna("") != ""
        open_before = _large(frame["n_previous"], mask.min_group) & ~own_before & ~_hidden_before(frame, mask)
        frame[changes] = frame[changes].where(open_before)
    return frame


def _hidden_before(frame: pd.DataFrame, mask: Mask) -> pd.Series:
    """Tell where the period before, which a change adds up to, is hidden for whatever reason or not known."""
    # Periods of a dataset have one form, so that they sort as texts; a change is only where the one before is there.
    rows = mask.frame.sort_values("period", kind="stable")
    before = rows.assign(before=rows.groupby(["unit_id", "family"])["hidden_by"].shift())
    keyed = frame.assign(family=frame.get("family", ONE_FAMILY))[KEYS].merge(before, how="left", on=KEYS)
    return (keyed["before"].fillna(GROUP) != "").set_axis(frame.index)


def _large(n: pd.Series, min_group: int) -> pd.Series:
    # An unknown n compares as false, and so hides.
    return n.astype("float64") >= min_group


def _check(scores: pd.DataFrame, min_group: int, disclosure: str) -> None:
    if disclosure not in ("gate", "published"):
        raise ValueError(f"disclosure must be 'gate' or 'published'; found {disclosure!r}.")
    if min_group < MIN_GROUP_FLOOR:
        raise ValueError(f"min_group must be at least {MIN_GROUP_FLOOR}; found {min_group}.")
    missing = [column for column in REQUIRED if column not in scores]
    if "change" in scores and "n_previous" not in scores and disclosure == "gate":
        raise ValueError("scores must have n_previous beside change, which tells the score before; found none.")
    if missing:
        raise ValueError(f"scores must have the columns {', '.join(REQUIRED)}; found none named {', '.join(missing)}.")
