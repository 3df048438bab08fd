"""The effect of actions under other choices, and the rise that chance alone gives units picked in a low wave."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.stats.action_cells import open_parts, told_events, with_change
from helpers.stats.action_effects import MATCHES, OTHERS
from helpers.stats.estimates import NotApplicable
from helpers.stats.staggered import StepChanges, step_changes
from helpers.stats.step_averages import average_changes

VARIANTS = ("symmetric", "own_group", "never", "matched", "beyond_others", "symmetric_back", "before", "last")


def action_variants(frame: pd.DataFrame, *, waves: int, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Estimate the effect of all actions by other bases and other controls.

    Parameters
    ----------
    frame, waves
        As for `action_effects.action_sets`.
    conf_level : float

    Returns
    -------
    DataFrame, one row per variant that could be estimated
        `ESTIMATE_COLUMNS`; ``term`` is one of `VARIANTS`:

        - ``symmetric``: the headline; ``symmetric_back``: bases one wave earlier, for actions decided on two low waves;
        - ``before``: the wave before the low one throughout; ``last``: the low wave itself, which chance fools;
        - ``own_group``: controls of the same cluster; ``never``: controls that never act;
        - ``matched``: from the low wave on, beside the `MATCHES` controls nearest to it in that wave;
        - ``beyond_others``: what was acted on minus what else was measured in the unit.
    """
    after = told_events(frame, "symmetric", range(waves))
    found = {base: step_changes(frame, base=base, events=after) for base in ("symmetric", "symmetric_back", "before")}
    found["last"] = step_changes(frame, base="last", events=after)
    found["matched"] = step_changes(frame, base="last", events=after, matches=MATCHES)
    never = frame.assign(until=frame["until"].where(frame["until"].isna(), -np.inf))
    found["never"] = step_changes(never, base="symmetric", events=after)
    if frame["cluster"].nunique() < frame["entity"].nunique():
        grouped = frame.assign(stratum=frame["stratum"] + "|" + frame["cluster"])
        found["own_group"] = step_changes(grouped, base="symmetric", events=after)
    if OTHERS in frame:
        beside = frame.assign(beyond=frame["y"] - frame[OTHERS]).drop(columns="y")
        found["beyond_others"] = step_changes(beside, base="symmetric", events=after, y="beyond")
    tables = [_averaged(found[name], name, conf_level) for name in VARIANTS if name in found]
    table = pd.concat(tables, ignore_index=True)
    return table[table["estimate"].notna()].reset_index(drop=True)


def chance_rises(frame: pd.DataFrame, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Rise from the low wave to the first after the start: of what was acted on, of what was as low, and of all others.

    Parameters
    ----------
    frame : DataFrame
        As for `action_effects.action_sets`.
    conf_level : float

    Returns
    -------
    DataFrame, shape (4, ...)
        `ESTIMATE_COLUMNS`; ``term`` is "acted", "similar" (the `MATCHES` controls nearest in the low wave), "elsewhere"
        (all controls) and "matched" (acted minus similar), all over the same cells.

    Raises
    ------
    NotApplicable
        When too few units without an action were measured in both waves.

    Notes
    -----
    Cells picked for a low figure rise by themselves, by (1 - r) of how low it was with r the correlation of two waves.
    What is as low without having been picked rises alike, if the figure alone was why others were picked.

    References
    ----------
    D. Campbell, D. Kenny (1999), *A Primer on Regression Artifacts*, ch. 3.
    """
    near, plain = (step_changes(frame, base="last", events=[0], matches=matches) for matches in (MATCHES, 0))
    if not any(where.any() for where in open_parts(near).values()):
        raise NotApplicable("Too few units without an action were as low to compare with.")
    tables = [
        _averaged(with_change(near, "own"), "acted", conf_level),
        _averaged(with_change(near, "others"), "similar", conf_level),
        _averaged(with_change(plain, "others"), "elsewhere", conf_level),
        _averaged(near, "matched", conf_level),
    ]
    return pd.concat(tables, ignore_index=True)


def _averaged(changes: StepChanges, term: str, conf_level: float) -> pd.DataFrame:
    (where,) = open_parts(changes).values()
    return average_changes(changes, {term: where}, conf_level=conf_level)
