"""What a page leaves out of what it asks of a unit, and for which reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.datasets.dataset import Dataset
from helpers.datasets.marking import marked


@dataclass(frozen=True)
class LeftOut:
    """How many measures or questions are not told, by reason.

    Parameters
    ----------
    total : int
        Asked for.
    reserved : int
        About the manager of a single team, for that manager and HR only.
    unanswered : int
        Without any answer here.
    hidden : int
        All others: told, they would tell of small groups.
    """

    total: int
    reserved: int
    unanswered: int
    hidden: int


def left_out(
    wanted: Sequence[str], told: Collection[str], *, reserved: Collection[str], answered: Collection[str]
) -> LeftOut:
    """Count what is wanted and not told, each under the first reason that holds.

    Parameters
    ----------
    wanted : sequence of str
        Measures or questions.
    told : collection of str
    reserved, answered : collection of str
        Those that may not be told to every leader, and those with answers.

    Returns
    -------
    LeftOut
    """
    missing = [one for one in wanted if one not in told]
    about = [one for one in missing if one in reserved]
    silent = [one for one in missing if one not in reserved and one not in answered]
    return LeftOut(len(wanted), len(about), len(silent), len(missing) - len(about) - len(silent))


def reserved_measures(dataset: Dataset, unit: str, measures: Sequence[str], *, period: str) -> set[str]:
    """Give the measures that say something of the one manager of a unit, and are for that manager and HR only."""
    rows = pd.DataFrame({"measure": list(dict.fromkeys(measures)), "unit_id": unit, "period": period, "kind": "mean"})
    known = marked(dataset, rows)
    return set(known.loc[known["reserved"].astype(bool), "measure"])
