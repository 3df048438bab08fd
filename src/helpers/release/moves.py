"""Answers that may have gone from one unit to another between two releases of the same period.

Where some units lost answers and others gained some, nobody can say which of them are the same people, so no figure may
rest on a part of them. All of them together may be told again if the sum of their marks is what it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isclose

import pandas as pd

# Sums of some thousand answers, added up in another order, agree to this share.
SAME = 1e-6

Answers = Mapping[str, tuple[int, float]]


def settle_moves(now: pd.DataFrame, before: Sequence[pd.DataFrame]) -> tuple[pd.DataFrame, set[str]]:
    """Hide the units that hold a part of the answers that may have moved.

    Parameters
    ----------
    now : DataFrame
        Trace of one period and family, see `helpers.release.history`.
    before : sequence of DataFrame
        Earlier traces of the same.

    Returns
    -------
    trace : DataFrame
        `now` without these units released. Where a released unit holds all moved answers, they stand in the units they
        were in at first, so that they are known to be the same.
    hidden : set of str
    """
    moved = _moved(now, before)
    if not moved:
        return now, set()
    sums = [float(trace.loc[trace["unit_id"].isin(moved), "mark"].sum()) for trace in (*before, now)]
    whole = all(isclose(one, sums[0], rel_tol=SAME, abs_tol=SAME) for one in sums)
    parent = dict(zip(now["unit_id"], now["parent_id"], strict=True))
    released, hidden = set(now.loc[now["released"], "unit_id"]), set[str]()
    here = moved & set(now["unit_id"])
    while True:
        tops = {_top(unit, parent, released) for unit in here}
        if not tops - {""} or (whole and len(tops) == 1):
            break
        deepest = max(tops - {""}, key=lambda unit: (_depth(unit, parent), unit))
        released.discard(deepest)
        hidden.add(deepest)
    settled = now.assign(released=now["released"] & ~now["unit_id"].isin(hidden))
    return _as_before(settled, before[0], moved, next(iter(tops))), hidden


def alike(one: tuple[int, float], other: tuple[int, float]) -> bool:
    """Tell whether two numbers of answers and their marks are the same."""
    return one[0] == other[0] and isclose(one[1], other[1], rel_tol=SAME, abs_tol=SAME)


def _moved(now: pd.DataFrame, before: Sequence[pd.DataFrame]) -> set[str]:
    """Units whose answers changed since an earlier release, if some lost and others gained."""
    current, moved = _answers(now), set[str]()
    for trace in before:
        earlier = _answers(trace)
        changes = {unit: (earlier.get(unit, (0, 0.0)), current.get(unit, (0, 0.0))) for unit in {*earlier, *current}}
        changed = {unit: pair for unit, pair in changes.items() if not alike(*pair)}
        lost = {unit for unit, (old, new) in changed.items() if new[0] <= old[0]}
        gained = {unit for unit, (old, new) in changed.items() if new[0] >= old[0]}
        # One unit with as many answers but others is both, and has nowhere to give them to.
        if lost and gained and len(changed) > 1:
            moved |= changed.keys()
    return moved


def _answers(trace: pd.DataFrame) -> Answers:
    held = trace[trace["n"] > 0]
    return dict(zip(held["unit_id"], zip(held["n"], held["mark"], strict=True), strict=True))


def _top(unit: str, parent: Mapping[str, str], released: set[str]) -> str:
    while unit and unit not in released:
        unit = parent.get(unit, "")
    return unit


def _depth(unit: str, parent: Mapping[str, str]) -> int:
    depth = 0
    while unit:
        unit, depth = parent.get(unit, ""), depth + 1
    return depth


def _as_before(now: pd.DataFrame, first: pd.DataFrame, moved: set[str], top: str) -> pd.DataFrame:
    """Put the moved answers back where they were, all of them below the unit that holds them now."""
    kept = now.assign(n=now["n"].mask(now["unit_id"].isin(moved), 0))
    if not top:
        return kept
    old = first[first["unit_id"].isin(moved)].set_index("unit_id")
    there = kept["unit_id"].isin(old.index)
    for column in ("n", "mark"):
        kept[column] = kept[column].mask(there, kept["unit_id"].map(old[column])).astype(now[column].dtype)
    gone = old.drop(kept.loc[there, "unit_id"]).reset_index().assign(parent_id=top, released=False)
    return pd.concat([kept, gone], ignore_index=True)
