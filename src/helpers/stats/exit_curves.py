"""How long people stay in units of the top and of the bottom quarter of engagement.

A unit's quarter is that of its wave: the units are cut anew in each, and somebody counts in the quarter in which the
unit was in the wave before. So a curve tells of staying in units that would always be in that quarter.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.stats.estimates import NotApplicable
from helpers.stats.exit_study import MAIN, X, comparable_spells
from helpers.stats.ratios import standardised
from helpers.stats.survival_curves import survival_curve

TOP, BOTTOM = "top", "bottom"
# Years between the points looked at, and the longest time told.
STEP, LONGEST = 0.5, 10.0
# Fewer units in a quarter would tell of single ones.
FEWEST_UNITS = 3
# With fewer at risk a curve jumps from leaver to leaver.
FEWEST_AT_RISK = 30


def quarter_curves(spells: pd.DataFrame, *, least: int, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Share still employed by length of employment, in units of the top and of the bottom quarter.

    Parameters
    ----------
    spells : DataFrame
        See `exit_study.exit_study`.
    least : int
        Fewest leavers between two points of a curve; points in between are left out of both.
    conf_level : float
        Between 0 and 1, of each point.

    Returns
    -------
    DataFrame
        Answers of `survival_curves.survival_curve` with ``quarter`` ("top", "bottom"), at the same times; the first is
        the earliest at which enough people of both are followed. Leavers whose contract ran out count as gone from
        sight.

    Raises
    ------
    NotApplicable
        With units that cannot be compared or are all alike, too few for quarters, or too few people to follow.

    Notes
    -----
    Top: ``x >= p75``; bottom: ``x <= p25`` of the units of a wave (type 7), so ties may make a quarter larger.

    References
    ----------
    R. Simon, R. Makuch (1984), *Statistics in Medicine* 3(1), 35-44 (curves of groups that change).
    """
    spells = comparable_spells(spells)
    standardised(spells, X)
    spells = spells.assign(event=spells["exit_kind"].isin(MAIN))
    groups = [spells[part] for part in _quarters(spells)]
    times = _times(groups, least)
    curves = [survival_curve(group, times, conf_level=conf_level) for group in groups]
    return pd.concat([curve.assign(quarter=name) for name, curve in zip((TOP, BOTTOM), curves, strict=True)])


def _quarters(spells: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    once = spells.drop_duplicates(["entity", "time"])
    cuts = once.groupby("time")[X].quantile([0.25, 0.75]).unstack()
    low, high = (spells["time"].map(cuts[share]) for share in (0.25, 0.75))
    apart = low < high
    quarters = apart & (spells[X] >= high), apart & (spells[X] <= low)
    fewest = min((spells[part].groupby("time")["entity"].nunique().min() for part in quarters if part.any()), default=0)
    if not all(part.any() for part in quarters) or fewest < FEWEST_UNITS:
        raise NotApplicable("There are too few units to compare quarters of them.")
    return quarters


def _times(groups: list[pd.DataFrame], least: int) -> list[float]:
    """Points at which enough are at risk in every group, with enough leavers between them."""
    looked = np.arange(0.0, LONGEST + STEP / 2, STEP)
    enough = np.all([_at_risk(group, looked) >= max(FEWEST_AT_RISK, least) for group in groups], axis=0)
    first = int(enough.argmax())
    stop = first + int(np.append(~enough[first:], True).argmax())
    times = list(looked[first : min(first + 1, stop)])
    for time in looked[first + 1 : stop]:
        if min(_leavers(group, times[-1], time) for group in groups) >= max(least, 1):
            times.append(time)
    if len(times) < 2:
        raise NotApplicable("Too few people left to follow how long others stayed.")
    return [float(time) for time in times]


def _at_risk(group: pd.DataFrame, times: np.ndarray) -> np.ndarray:
    entry, leave = np.sort(group["entry"].to_numpy()), np.sort(group["exit"].to_numpy())
    return np.searchsorted(entry, times, side="right") - np.searchsorted(leave, times, side="right")


def _leavers(group: pd.DataFrame, after: float, until: float) -> int:
    return int((group["event"] & (group["exit"] > after) & (group["exit"] <= until)).sum())
