"""The attacker: subtract from every shown unit its topmost shown descendants, and see how many people are left.

Differences between periods of one unit are not tried: who joined and left is not in these files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.datasets.contract import LEADERSHIP_ELEMENTS
from helpers.datasets.families import OUTCOMES, measure_families
from helpers.publish.audit_content import Found
from helpers.publish.audit_findings import hint
from helpers.publish.audit_release import Release
from helpers.release.tree import Tree

# More would bury the other findings.
MAX_TOLD = 20


@dataclass(frozen=True)
class Subtracted:
    """What the attacker had.

    Parameters
    ----------
    findings : tuple of findings
    checked : int
        Remainders reckoned.
    unsure : int
        Those that may be small as far as the bands of answers tell, and cannot be told to be.
    apart : int
        Units below one that is in no row, so that nothing could be subtracted from it.
    """

    findings: tuple[Found, ...] = ()
    checked: int = 0
    unsure: int = 0
    apart: int = 0


def subtract(release: Release) -> Subtracted:
    """Reckon every remainder of a release, with intervals where answers are told in bands.

    Parameters
    ----------
    release : Release

    Returns
    -------
    Subtracted
    """
    frame = release.frame
    pairs = frame[["unit_id", "parent_id"]].drop_duplicates().astype("str")
    if pairs["unit_id"].duplicated().any():
        return Subtracted(((2, "a unit with two parents, so that nothing can be subtracted"),))
    apart = (pairs["parent_id"] != "") & ~pairs["parent_id"].isin(pairs["unit_id"])
    try:
        tree = Tree(pairs["unit_id"].tolist(), pairs["parent_id"].mask(apart, "").tolist())
    except ValueError:
        return Subtracted(((2, "units that are their own ancestors, so that nothing can be subtracted"),))
    columns = pd.MultiIndex.from_frame(frame[["period", "measure"]].drop_duplicates())
    places = (
        frame["unit_id"].astype("object").map(tree.position).to_numpy(),
        columns.get_indexer(pd.MultiIndex.from_frame(frame[["period", "measure"]])),
    )
    low, high = (_laid_out(frame, name, places, (len(tree), len(columns))) for name in ("low", "high"))
    fewest, most = low - _below(tree, high), high - _below(tree, low)
    shown, k = ~np.isnan(low), release.min_group
    certain = shown & (fewest >= 1) & (most < k)
    possible = shown & (np.maximum(fewest, 1) < k) & (most >= 1) & ~certain
    found = [
        (2, f"a remainder below {k}: {hint(columns[place][1])} of unit {hint(tree.unit_ids[unit])} without its parts")
        for unit, place in np.argwhere(certain)[:MAX_TOLD]
    ]
    return Subtracted(tuple(found), int(shown.sum()), int(possible.sum()), int(apart.sum()))


def mask_findings(release: Release) -> Iterator[Found]:
    """Look for groups that are hidden in some of their figures only (rule 4), as far as the file tells.

    Notes
    -----
    Left out are outcomes, where a single sum may be hidden because it is mostly one person's (rule 7); what teams say
    of their one manager, which has readers of its own; and measures hidden for every unit, whose number of answers was
    not known.
    """
    frame = release.frame.assign(family=measure_families(release.frame))
    leaf = ~frame["unit_id"].isin(frame["parent_id"])
    of_managers = leaf & frame["measure"].isin(LEADERSHIP_ELEMENTS)
    unknown = ~frame.groupby(["period", "measure"], sort=False, observed=True)["shown"].transform("any")
    kept = frame[(frame["family"] != OUTCOMES) & ~of_managers & ~unknown]
    both = kept.groupby(["unit_id", "period", "family"], sort=False, observed=True)["shown"].agg(["any", "all"])
    parted = both.index[both["any"] & ~both["all"]]
    for unit, period, family in parted[:MAX_TOLD]:
        yield 4, f"a group hidden in part: {family} of unit {hint(unit)} in {hint(period)}"


def _laid_out(frame: pd.DataFrame, name: str, places: tuple, shape: tuple[int, int]) -> np.ndarray:
    told = np.full(shape, np.nan)
    told[places] = frame[name].where(frame["shown"]).to_numpy(float)
    return told


def _below(tree: Tree, n: np.ndarray) -> np.ndarray:
    """Add up the topmost shown descendants of each unit, hidden units passing on theirs."""
    below = np.zeros_like(n)
    for units, parents in tree.levels_up():
        np.add.at(below, parents, np.where(np.isnan(n[units]), below[units], n[units]))
    return below
