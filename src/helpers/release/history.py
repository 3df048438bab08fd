"""Earlier releases: what was given away already, set beside what is to be released now.

A *trace* says, for each unit, period and family, how many answers were given in the unit itself, a *mark* of what they
were, its parent and whether it was released. Two traces show whether a reorganisation, late answers or another mask
would let a small group be had by subtracting the figures of one release from those of another.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.release.family import Family
from helpers.release.mask import EARLIER, KEYS, Mask
from helpers.release.moves import SAME, alike, settle_moves
from helpers.release.tree import Tree, own_counts, own_sums
from helpers.release.withholding import blocks, withhold

TRACE = [*KEYS, "parent_id", "n", "mark", "released"]


def make_trace(found: Iterable[Family], tree: Tree, mask: Mask) -> pd.DataFrame:
    """Write down what is released.

    Parameters
    ----------
    found : iterable of Family
    tree : Tree
    mask : Mask

    Returns
    -------
    DataFrame, one row per unit, period and family with any answers
        `TRACE`. ``n`` is the smallest number of answers that any item has in the unit itself; ``mark`` is a sum over
        items that nearly always differs when any answer does.
    """
    frames = [_family_trace(family, tree) for family in found]
    if not frames:
        return pd.DataFrame(columns=TRACE)
    trace = pd.concat(frames, ignore_index=True).merge(mask.frame, how="left", on=KEYS)
    return trace.assign(released=trace["hidden_by"] == "")[TRACE]


def _family_trace(family: Family, tree: Tree) -> pd.DataFrame:
    own = own_counts(tree, family.n)
    n = np.min(np.where(own > 0, own, np.inf), axis=1)
    weights = np.array([_weight(measure) for measure in family.measures])
    mark = np.einsum("uip,i->up", own + own_sums(tree, family.totals), weights)
    units, periods = np.nonzero(family.measured)
    columns = {
        "unit_id": np.array(tree.unit_ids, dtype=object)[units],
        "period": np.array(family.periods, dtype=object)[periods],
        "parent_id": np.array([*tree.unit_ids, ""], dtype=object)[_measured_parents(family, tree)[units, periods]],
    }
    numbers = {"n": np.where(np.isinf(n), 0, n)[units, periods].astype("int64"), "mark": mark[units, periods]}
    return pd.DataFrame(columns).astype("str").assign(family=family.name, **numbers)


def _measured_parents(family: Family, tree: Tree) -> np.ndarray:
    """Position of the nearest unit above that has figures, whose own answers hold those between; −1 where none has."""
    near = np.full(family.measured.shape, -1)
    for units, parents in reversed(list(tree.levels_up())):
        near[units] = np.where(family.measured[parents], parents[:, None], near[parents])
    return near


def trace_bytes(trace: pd.DataFrame) -> bytes:
    """Write a trace as the attachment of an entry of the ledger."""
    stream = io.BytesIO()
    trace.to_parquet(stream, index=False)
    return stream.getvalue()


def read_trace(stored: bytes) -> pd.DataFrame:
    """Read what `trace_bytes` wrote."""
    return pd.read_parquet(io.BytesIO(stored))


def hide_against(mask: Mask, trace: pd.DataFrame, earlier: Sequence[pd.DataFrame]) -> Mask:
    """Hide, beside what the mask hides, what could be traced to persons with the help of earlier releases.

    Parameters
    ----------
    mask : Mask
    trace : DataFrame
        What is to be released now, see `make_trace`, with ``released`` as the mask says.
    earlier : sequence of DataFrame
        Traces of earlier releases, oldest first.

    Returns
    -------
    Mask
        Rows that had to be hidden have ``hidden_by`` ``"earlier_release"``.

    Notes
    -----
    Answers that differ between releases are split: with the versions of a unit sorted by their number of answers, each
    is taken to hold the one before and as many answers more, at least one. That does not hold for answers that went
    from one unit to another, see `helpers.release.moves`.
    """
    by_key = [dict(list(one.groupby(["family", "period"]))) for one in earlier]
    withheld = []
    for key, now in trace.groupby(["family", "period"]):
        before = [one[key] for one in by_key if key in one]
        before = [one for one in before if not _same(one, now)]
        if before:
            hidden = _withheld(now, before, mask.min_group)
            withheld += [(unit, key[1], key[0]) for unit in sorted(hidden)]
    if not withheld:
        return mask
    index = pd.MultiIndex.from_tuples(withheld, names=KEYS)
    hit = pd.MultiIndex.from_frame(mask.frame[KEYS]).isin(index) & (mask.frame["hidden_by"] == "")
    return replace(mask, frame=mask.frame.assign(hidden_by=mask.frame["hidden_by"].mask(hit, EARLIER)))


def _withheld(now: pd.DataFrame, before: Sequence[pd.DataFrame], min_group: int) -> set[str]:
    """Name the units that must not be released now."""
    now, moved = settle_moves(now, before)
    counts, held = _atoms([*before, now])
    known = {
        block
        for trace, atoms in zip(before, held, strict=False)
        for block in blocks(atoms, _parents(trace), _released(trace)).values()
    }
    return moved | withhold(held[-1], _parents(now), _released(now), known, counts, min_group)


def _parents(trace: pd.DataFrame) -> dict[str, str]:
    return dict(zip(trace["unit_id"], trace["parent_id"], strict=True))


def _released(trace: pd.DataFrame) -> set[str]:
    return set(trace.loc[trace["released"], "unit_id"])


def _atoms(traces: Sequence[pd.DataFrame]) -> tuple[np.ndarray, list[dict[str, list[int]]]]:
    """Cut the answers of all units into atoms that every release holds whole or not at all.

    Returns
    -------
    counts : ndarray, shape (atoms,)
    held : list of dict of str to list of int
        For each trace the atoms of each unit.
    """
    counts: list[int] = []
    held: list[dict[str, list[int]]] = [{} for _ in traces]
    versions: dict[str, list[tuple[int, float, int]]] = {}
    for version, trace in enumerate(traces):
        for unit, n, mark in zip(trace["unit_id"], trace["n"], trace["mark"], strict=True):
            if n > 0:
                versions.setdefault(unit, []).append((n, mark, version))
    for unit, found in versions.items():
        atoms: list[int] = []
        last = (0, 0.0)
        for n, mark, version in sorted(found):
            if not alike(last, (n, mark)):
                counts.append(max(n - last[0], 1))
                atoms, last = [*atoms, len(counts) - 1], (n, mark)
            held[version][unit] = atoms
    return np.array(counts, dtype=np.int64), held


def _same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Tell whether two traces of a period hold the same answers, in the same tree, with the same units released."""
    if len(one) != len(other):
        return False
    one, other = (trace.sort_values("unit_id", ignore_index=True) for trace in (one, other))
    exact = ["unit_id", "parent_id", "n", "released"]
    return one[exact].equals(other[exact]) and bool(np.isclose(one["mark"], other["mark"], rtol=SAME).all())


def _weight(measure: str) -> float:
    """A number between 1 and 2 that depends on the name of the measure only."""
    digest = hashlib.sha256(measure.encode()).digest()
    return 1.0 + int.from_bytes(digest[:6], "big") / 2**48
