"""What is proved of a release, told without telling the size of any hidden group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from helpers.release.bands import size_band
from helpers.release.family import Family
from helpers.release.mask import RULES, Mask, check_mask, hidden_units
from helpers.release.tree import Tree, own_counts, remainders

# Each with its number in docs/privacy.md.
CHECKED = {
    "1": "no figure rests on fewer answers than min_group",
    "2": "every remainder is empty or holds at least min_group answers, item by item",
    "4": "one mask for all that the same people answered, over all units and earlier releases",
    "6": "no figure and no remainder tells that all, or all but one, gave the same answer",
}


def audit_summary(mask: Mask, families: Sequence[Family], tree: Tree, levels: Mapping[str, str]) -> dict[str, object]:
    """Check a mask once more, and sum up what it hides and what it proves.

    Parameters
    ----------
    mask : Mask
    families : sequence of Family
    tree : Tree
    levels : mapping of str to str
        Level of each unit.

    Returns
    -------
    dict
        ``min_group``; ``rules`` checked; ``hidden``: units hidden by family, level and rule, added up over periods;
        ``remainders``: by family how many were checked, are empty, hold at least `min_group` answers, or fewer (none),
        and the band of the smallest; ``narrowest_count``: by family the band of the narrowest interval that can be
        had for the number of answers of any small hidden unit, from 0 upwards; None where none is hidden.

    Raises
    ------
    ReleaseError
        When a rule does not hold.
    """
    return {
        "min_group": mask.min_group,
        "rules": CHECKED,
        "hidden": _hidden_counts(mask, levels),
        "remainders": {family.name: _remainder_counts(mask, family, tree) for family in families},
        "narrowest_count": {family.name: _band(narrowest_count(mask, family, tree)) for family in families},
    }


def narrowest_count(mask: Mask, family: Family, tree: Tree) -> int:
    """Find the hidden unit whose number of answers an attacker can narrow down most.

    Parameters
    ----------
    mask : Mask
    family : Family
    tree : Tree

    Returns
    -------
    int
        Width of the interval of answers it can have, by what all released figures tell: from none to all of the
        remainder it lies in. 0 when no unit with fewer than `min_group` answers lies in a remainder.

    Notes
    -----
    In one tree this is the solution of the linear programs, since the hidden units of a remainder are only told as a
    sum.
    """
    hidden = hidden_units(mask, family, tree)
    shown = (family.n > 0) & ~hidden[:, None, :]
    around = remainders(tree, own_counts(tree, family.n), ~shown)
    for units, parents in _top_down(tree):
        around[units] = np.where(shown[units], around[units], around[parents])
    outside = ~shown
    for units, parents in _top_down(tree):
        outside[units] &= outside[parents]
    small = ~shown & ~outside & (family.n > 0) & (family.n < mask.min_group)
    return int(around[small].min()) if small.any() else 0


def _top_down(tree: Tree) -> list[tuple[np.ndarray, np.ndarray]]:
    return list(tree.levels_up())[::-1]


def _hidden_counts(mask: Mask, levels: Mapping[str, str]) -> list[dict[str, object]]:
    frame = mask.frame.assign(level=mask.frame["unit_id"].map(levels))
    rows = []
    for (family, level), group in frame.groupby(["family", "level"], sort=True):
        counts = group["hidden_by"].value_counts()
        by_rule = {rule: int(counts.get(rule, 0)) for rule in RULES}
        rows.append({"family": family, "level": level, "units_times_periods": len(group), "hidden_by": by_rule})
    return rows


def _remainder_counts(mask: Mask, family: Family, tree: Tree) -> dict[str, object]:
    hidden = hidden_units(mask, family, tree)
    smallest = check_mask(family, tree, hidden, mask.min_group)
    shown = (family.n > 0) & ~hidden[:, None, :]
    left = remainders(tree, own_counts(tree, family.n), ~shown)[shown]
    return {
        "checked": int(left.size),
        "empty": int((left == 0).sum()),
        "at_least_min_group": int((left >= mask.min_group).sum()),
        "below_min_group": int(((left > 0) & (left < mask.min_group)).sum()),
        "smallest": _band(smallest),
    }


def _band(n: int) -> str | None:
    """Tell a number of answers in bands; None where there is no such group."""
    if not n:
        return None
    band = size_band(n)
    return f"{band[0]}–{band[1]}" if band else "30 or more"
