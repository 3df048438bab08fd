"""Which actions a figure may rest on: enough of them, and none or enough of those whose own figures are hidden.

A *cell* is a measure of a unit, see `staggered`; one that took a step is an action that is followed.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from helpers.stats.action_verdict import MIN_ACTED
from helpers.stats.estimates import NotApplicable, tried
from helpers.stats.staggered import CELL, StepChanges, step_changes

ALL = "all"
# Of units whose own figures are hidden: fewer could be worked out from the results of two parts.
MIN_HIDDEN = 10
# Why an action that has figures is not in the result for all.
NOT_FOLLOWED = ("no_waves", "few_hidden", "too_few")


def told_events(frame: pd.DataFrame, base: str, events: Collection[int]) -> list[int]:
    """
    Keep the events with figures of at least `MIN_ACTED` cells.

    Parameters
    ----------
    frame : DataFrame
        As for `action_sets`.
    base : str
        Key of `staggered.BASES`.
    events : collection of int

    Returns
    -------
    list of int

    Raises
    ------
    NotApplicable
        When none is left.
    """
    rows = step_changes(frame, base=base, events=events).rows
    cells = rows.groupby("event").size() if len(rows) else pd.Series(dtype=int)
    kept = [event for event in events if cells.get(event, 0) >= MIN_ACTED]
    if not kept:
        raise NotApplicable(
            "An answer needs {needed} actions with figures both before and after their start.", needed=MIN_ACTED
        )
    return kept


def not_followed(frame: pd.DataFrame, *, waves: int) -> dict[str, int]:
    """
    Count the actions that have figures, and are still not in the result for all of them.

    Parameters
    ----------
    frame : DataFrame, one row per cell and time
        As for `action_effects.action_sets`.
    waves : int
        How many times count, from the first that can show an action.

    Returns
    -------
    dict of str to int
        By reason: ``no_waves`` (no two waves as far before and after the low one, or no controls in both),
        ``few_hidden`` (its figures are hidden, and those of fewer than `MIN_HIDDEN` others), ``too_few`` (it could be
        followed, but fewer than `MIN_ACTED` could).
    """
    n_acted = _n_cells(frame[frame["first"].notna()])
    changes = step_changes(frame, base="symmetric", events=range(waves))
    told = tried(partial(told_events, frame, "symmetric", range(waves)))
    if isinstance(told, NotApplicable):
        n_known = _n_cells(changes.rows)
        return {"no_waves": n_acted - n_known, "few_hidden": 0, "too_few": n_known}
    rows = changes.rows[changes.rows["event"].isin(told)]
    n_known, n_hidden = _n_cells(rows), _n_cells(rows[rows["hidden"].astype(bool)])
    few_hidden = n_hidden if n_hidden < MIN_HIDDEN else 0
    (where,) = open_parts(replace(changes, rows=rows)).values()
    too_few = n_known - few_hidden - _n_cells(rows[where])
    return {"no_waves": n_acted - n_known, "few_hidden": few_hidden, "too_few": too_few}


def open_parts(changes: StepChanges, part: Mapping[str, tuple[str, Hashable]] | None = None) -> dict[str, np.ndarray]:
    """
    Say which rows make up each part, without any figure of few cells, or of few that are hidden.

    Parameters
    ----------
    changes : StepChanges
        Its rows with ``hidden``.
    part : mapping of term to (column, value), optional

    Returns
    -------
    dict of str to ndarray of bool
        Where any part holds 1 to `MIN_HIDDEN` - 1 cells whose figures are hidden, no part holds any; where any holds
        1 to `MIN_ACTED` - 1 cells, all are empty. The results of the other parts and of all would tell of those few.
    """
    rows = changes.rows
    if rows.empty:
        return {term: np.zeros(0, bool) for term in part or (ALL,)}
    groups = {ALL: np.ones(len(rows), bool)}
    if part is not None:
        groups = {term: (rows[column] == value).fillna(False).to_numpy(bool) for term, (column, value) in part.items()}
    hidden = rows["hidden"].to_numpy(bool)
    if _any_few(rows, [where & hidden for where in groups.values()], MIN_HIDDEN):
        groups = {term: where & ~hidden for term, where in groups.items()}
    if _any_few(rows, list(groups.values()), MIN_ACTED):
        return {term: np.zeros(len(rows), bool) for term in groups}
    return groups


def _any_few(rows: pd.DataFrame, parts: Sequence[np.ndarray], least: int) -> bool:
    return any(0 < _n_cells(rows[where]) < least for where in parts)


def _n_cells(rows: pd.DataFrame) -> int:
    return len(rows.drop_duplicates(CELL))


def with_change(changes: StepChanges, column: str) -> StepChanges:
    """Average another column of the rows, such as ``own``, as it is."""
    rows = changes.rows.assign(change=changes.rows[column])
    return replace(changes, rows=rows, influence=np.zeros_like(changes.influence))
