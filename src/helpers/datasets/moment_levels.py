"""How satisfied customers were at each moment, beside how far they recommend, where no small group can be told.

Each moment is a table of its own: three levels of satisfaction by three classes of answer. A unit takes part with a
moment where each level holds nobody, or enough people who do not nearly all belong to one class. So must what is left
of it after the units below (`told_levels`).

Answers without satisfaction are in no level and in no figure. They are not one more cell, as those without a reason
are: of the levels only differences between scores are told, neither their size nor their own scores, so that nothing
can be taken off the score of the moment.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.datasets.answer_frames import Answers, answers_of, require_shown
from helpers.datasets.dataset import Dataset
from helpers.datasets.families import CUSTOMERS
from helpers.datasets.moments import MOMENT, moments_corrected
from helpers.datasets.told_levels import IsSafe, told_units
from helpers.datasets.withheld import level_family, withheld_at
from helpers.release.mask import Mask
from helpers.stats.estimates import NotApplicable
from helpers.stats.penalty_reward import LEVELS, recommend_points, satisfaction_levels

SATISFACTION = "satisfaction"
CLASSES = (-100, 0, 100)
_CELLS = pd.CategoricalDtype([f"{level} {points}" for level in LEVELS for points in CLASSES])


@dataclass(frozen=True)
class MomentLevels:
    """Answers of one unit at the moments of which penalty and reward may be told, in one period.

    Parameters
    ----------
    frame : DataFrame, one row per answer
        ``moment``, ``level``, ``recommend``, ``unit`` (the group of the answer) and, where known, ``weight``: what
        `stats.penalty_reward.penalty_reward` takes.
    period : str
    """

    frame: pd.DataFrame
    period: str


def moment_levels(dataset: Dataset, unit: str) -> MomentLevels:
    """Give the answers of a unit at the moments of which penalty and reward may be told, in its latest period.

    Parameters
    ----------
    dataset : Dataset
    unit : str

    Returns
    -------
    MomentLevels

    Raises
    ------
    NotApplicable
        Without moments or satisfaction in the answers, or where no moment may be told.
    """
    everybody = _latest(dataset, unit)
    (period,) = everybody.periods
    require_shown(dataset, unit, CUSTOMERS, period)
    frame = everybody.frame
    of_unit = frame["unit_id"].isin(dataset.hierarchy.subtree(unit))
    moments = sorted(frame.loc[of_unit, MOMENT].unique())
    told = [one for one in moments if unit in units_at_moment(everybody, one)]
    changed = [one for one in told if unit in withheld_at(dataset, level_family(one), period)]
    told = [one for one in told if one not in changed]
    if changed and not told:
        raise moments_corrected(dataset, unit)
    if not told:
        raise NotApplicable(
            "The moments of {unit} are not shown, to protect small groups.", unit=dataset.hierarchy.name(unit)
        )
    inside = of_unit & frame[MOMENT].isin(told)
    own = Answers(dataset, CUSTOMERS, unit, frame[inside].reset_index(drop=True))
    columns = [MOMENT, "level", "recommend", "unit", *(["weight"] if "weight" in frame else [])]
    return MomentLevels(own.frame.assign(unit=own.groups())[columns], period)


def safe_levels(least: int) -> IsSafe:
    """Ask of the levels of satisfaction that each holds nobody, or enough people of whom two or more differ."""

    def is_safe(counts: np.ndarray) -> np.ndarray:
        levels = counts.reshape(len(counts), len(LEVELS), len(CLASSES))
        n, most = levels.sum(axis=2), levels.max(axis=2)
        return ((n == 0) | ((n >= least) & (n - most >= 2))).all(axis=1)

    return is_safe


def units_at_moment(everybody: Answers, moment: str, *, mask: Mask | None = None) -> set[str]:
    """Find the units that may tell penalty and reward of a moment; see `told_levels.told_units`."""
    frame = everybody.frame
    points = recommend_points(frame["recommend"]).astype(int).astype("str")
    cells = (frame["level"] + " " + points).where(frame[MOMENT] == moment).astype(_CELLS)
    return told_units(everybody, cells, is_safe=safe_levels(everybody.dataset.settings.min_group), mask=mask)


def _latest(dataset: Dataset, unit: str) -> Answers:
    """Read what all customers answered with moment and satisfaction, in the latest period of those of the unit."""
    everybody = answers_of(dataset, CUSTOMERS, dataset.hierarchy.root, [MOMENT, SATISFACTION])
    frame = everybody.frame
    if not {MOMENT, "recommend"} <= set(frame) or frame[MOMENT].isna().all():
        raise NotApplicable("The customers' answers do not say at which moment they were given.")
    if SATISFACTION not in frame or frame[SATISFACTION].isna().all():
        raise NotApplicable("The customers' answers do not say how satisfied they were.")
    known = frame.dropna(subset=["recommend", MOMENT, SATISFACTION])
    own = known[known["unit_id"].isin(dataset.hierarchy.subtree(unit))]
    if own.empty:
        raise NotApplicable("There are no answers of {unit}.", unit=dataset.hierarchy.name(unit))
    latest = known[known["period"] == own["period"].max()].reset_index(drop=True)
    return Answers(dataset, CUSTOMERS, everybody.unit, latest.assign(level=satisfaction_levels(latest[SATISFACTION])))
