"""Did what was acted on move more than elsewhere? Effects of actions with what could fool them, and verdicts.

Units are picked because they did badly in the *low wave*, the last before the start, and such a wave passes. So the
headline sets a wave after the start against the one as far before the low wave: at equal distance a stationary series
is equally low on both sides, whatever the low wave owed to chance. A *part* is a kind of actions, or a wave after them.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.action_cells import open_parts, told_events
from helpers.stats.action_verdict import MIN_ACTED, difference_verdict, effect_verdict
from helpers.stats.power import least_detectable_effect
from helpers.stats.staggered import StepChanges, step_changes
from helpers.stats.step_averages import average_changes
from helpers.stats.verdicts import Verdict

LOW_WAVE = -1
LEADS = (-4, -3, LOW_WAVE)
OTHERS = "others_y"
# Controls as low as the cell in the low wave: enough to average chance out, few enough to be near.
MATCHES = 10


@dataclass(frozen=True)
class ActionSets:
    """Changes by which actions are judged: `effect`, the headline; `lead`, before the low wave; `similar`, from the low
    wave on beside what was as low; of the `others` that were not acted on, and `beyond` them, both None where nothing
    else was measured.
    """

    effect: StepChanges
    lead: StepChanges
    similar: StepChanges
    others: StepChanges | None
    beyond: StepChanges | None


def action_sets(frame: pd.DataFrame, *, waves: int) -> ActionSets:
    """
    Take the changes of all actions.

    Parameters
    ----------
    frame : DataFrame, one row per cell and time
        As for `staggered.step_changes`, with ``hidden`` (its figures may not be shown) and, where known, ``others_y``:
        the mean of what else was measured in the unit, in the same unit of measurement.
    waves : int
        How many times count, from the first that can show an action; at least 1.

    Returns
    -------
    ActionSets

    Raises
    ------
    NotApplicable
        When fewer than `MIN_ACTED` actions can be followed.
    ValueError
        For no waves.
    """
    if waves < 1:
        raise ValueError(f"waves must be at least 1; found {waves}.")
    after = told_events(frame, "symmetric", range(waves))
    effect = step_changes(frame, base="symmetric", events=after)
    similar = step_changes(frame, base="last", events=after, matches=MATCHES)
    lead = step_changes(frame, base="varying", events=[LOW_WAVE - 1])
    if OTHERS not in frame or frame[OTHERS].isna().all():
        return ActionSets(effect, lead, similar, None, None)
    beside = frame.assign(beyond=frame["y"] - frame[OTHERS]).drop(columns="y")
    kinds = (step_changes(beside, base="symmetric", events=after, y=name) for name in (OTHERS, "beyond"))
    return ActionSets(effect, lead, similar, *kinds)


def judged_parts(
    sets: ActionSets,
    part: Mapping[str, tuple[str, Hashable]] | None = None,
    *,
    smallest_effect: float,
    conf_level: float = 0.95,
    rng: np.random.Generator | None = None,
) -> pd.DataFrame:
    """
    Estimate and judge the effect of each part of the actions, or of all.

    Parameters
    ----------
    sets : ActionSets
    part : mapping of term to (column, value), optional
        Of the rows that belong to a part; all rows when left out.
    smallest_effect : float
        In the unit of the figures.
    conf_level : float
    rng : Generator, optional
        With it the intervals of all parts hold at once, see `step_averages.average_changes`.

    Returns
    -------
    DataFrame, one row per part
        `ESTIMATE_COLUMNS`, ``least_detectable``, ``verdict``, ``because``, ``smallest_effect``, and as ``lead_…``,
        ``similar_…``, ``others_…`` and ``beyond_…`` the figures that the verdict also rests on.
    """
    wide = {"conf_level": conf_level, "rng": rng}
    table = average_changes(sets.effect, open_parts(sets.effect, part), **wide)
    table["least_detectable"] = least_detectable_effect(table["se"], table["df"], conf_level=conf_level)
    checks = {}
    for name in ("lead", "similar", "others", "beyond"):
        changes = getattr(sets, name)
        found = None if changes is None else average_changes(changes, open_parts(changes, part), conf_level=conf_level)
        checks[name] = [None] * len(table) if found is None else found.to_dict("records")
    verdicts = [
        effect_verdict(
            row, smallest_effect=smallest_effect, lead=lead, similar=similar, others=others, beyond_others=beyond
        )
        for row, lead, similar, others, beyond in zip(table.to_dict("records"), *checks.values(), strict=True)
    ]
    beside = {
        f"{name}_{figure}": [np.nan if row is None else row[figure] for row in found]
        for name, found in checks.items()
        for figure in ("estimate", "ci_low", "ci_high")
    }
    table = table.assign(smallest_effect=smallest_effect, **beside)
    return table.assign(verdict=[one.verdict for one in verdicts], because=[one.because for one in verdicts])


def told_apart(
    sets: ActionSets, part: Mapping[str, tuple[str, Hashable]], *, smallest_effect: float, conf_level: float = 0.95
) -> tuple[dict[str, object], Verdict]:
    """
    Judge whether the first of two parts moved more than the second.

    Parameters
    ----------
    sets : ActionSets
    part : mapping of term to (column, value)
        Two parts.
    smallest_effect : float
    conf_level : float

    Returns
    -------
    row, verdict
        The difference, with ``least_detectable``.
    """
    first, second = part
    groups = open_parts(sets.effect, part)
    table = average_changes(sets.effect, groups, conf_level=conf_level, against={"difference": (first, second)})
    row = table.iloc[-1].to_dict()
    row["least_detectable"] = float(least_detectable_effect(row["se"], row["df"], conf_level=conf_level))
    n_fewest = int(table["n"].iloc[:2].min())
    return row, difference_verdict(row, smallest_effect=smallest_effect, n_fewest=n_fewest)


def event_study(
    frame: pd.DataFrame, *, waves: int, conf_level: float = 0.95, rng: np.random.Generator | None = None
) -> pd.DataFrame:
    """
    Follow what was acted on wave by wave, beside its controls.

    Parameters
    ----------
    frame, waves
        As for `action_sets`.
    conf_level : float
    rng : Generator, optional
        With it the intervals of the waves before, and of those after, each hold at once.

    Returns
    -------
    DataFrame, one row per wave with figures
        `ESTIMATE_COLUMNS` and ``event``. Waves before the start, the low wave among them, are set against the wave
        before the low one; the others as in `action_sets`.
    """
    tables = []
    for base, events in (("before", LEADS), ("symmetric", range(waves))):
        changes = step_changes(frame, base=base, events=events)
        cells = changes.rows["event"].value_counts()
        parts = open_parts(changes, {str(at): ("event", at) for at in events if cells.get(at, 0) >= MIN_ACTED})
        if parts:
            table = average_changes(changes, parts, conf_level=conf_level, rng=rng)
            tables.append(table.assign(event=table["term"].astype(int)))
    table = pd.concat(tables, ignore_index=True)
    return table[table["estimate"].notna()].reset_index(drop=True)
