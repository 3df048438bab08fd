"""Everything that the answers on actions rest on; a check that does not apply keeps its reason in place of a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from helpers.stats.action_effects import ActionSets, action_sets, event_study, judged_parts, told_apart
from helpers.stats.action_variants import action_variants, chance_rises
from helpers.stats.estimates import NotApplicable, tried

TOLD = {"told_first": ("told_first", True), "not_first": ("told_first", False)}
TABLES = ("all", "told", "difference", "programmes", "events", "variants", "rises")


@dataclass(frozen=True)
class ActionStudy:
    """Tables by name, see `TABLES`: answers of `action_effects.judged_parts` for all actions, by ``told`` and by
    ``programmes`` (intervals of all at once), the ``difference`` of the former with its verdict, and answers of
    `action_effects.event_study`, `action_variants.action_variants` and `action_variants.chance_rises`.
    """

    checks: dict[str, pd.DataFrame | NotApplicable]

    def table(self, check: str) -> pd.DataFrame:
        """Give the table of a check.

        Raises
        ------
        NotApplicable
            When it does not apply to these data.
        """
        found = self.checks[check]
        if isinstance(found, NotApplicable):
            raise found
        return found


def no_study(reason: NotApplicable) -> ActionStudy:
    """Give the study of actions that cannot be followed at all."""
    return ActionStudy(dict.fromkeys(TABLES, reason))


def action_study(
    frame: pd.DataFrame,
    *,
    waves: int,
    smallest_effect: float,
    rng: np.random.Generator,
    conf_level: float = 0.95,
) -> ActionStudy:
    """
    Estimate and judge the effects of actions, with what could fool them.

    Parameters
    ----------
    frame : DataFrame, one row per cell and time
        As for `action_effects.action_sets`, with ``told_first`` and ``programme`` ("" for those that go together).
    waves : int
        How many times count, from the first that can show an action.
    smallest_effect : float
        Smallest effect that matters, in the unit of the figures.
    rng : Generator
        For intervals that hold at once.
    conf_level : float

    Returns
    -------
    ActionStudy
    """
    sets = tried(partial(action_sets, frame, waves=waves))
    if isinstance(sets, NotApplicable):
        return no_study(sets)
    judged = {"smallest_effect": smallest_effect, "conf_level": conf_level}
    checks: dict[str, Callable[[], pd.DataFrame]] = {
        "all": partial(judged_parts, sets, **judged),
        "told": partial(_by_told, sets, judged),
        "difference": partial(_difference, sets, judged),
        "programmes": partial(_by_programme, sets, judged, rng),
        "events": partial(event_study, frame, waves=waves, conf_level=conf_level, rng=rng),
        "variants": partial(action_variants, frame, waves=waves, conf_level=conf_level),
        "rises": partial(chance_rises, frame, conf_level=conf_level),
    }
    return ActionStudy({name: tried(check) for name, check in checks.items()})


def _by_told(sets: ActionSets, judged: dict[str, float]) -> pd.DataFrame:
    if sets.effect.rows["told_first"].nunique() < len(TOLD):
        raise NotApplicable("These actions were all communicated first, or none was: there is nothing to compare.")
    told = judged_parts(sets, TOLD, **judged)
    if told["se"].isna().any():
        raise NotApplicable("Of one of the two kinds of actions there are too few to compare.")
    return told


def _difference(sets: ActionSets, judged: dict[str, float]) -> pd.DataFrame:
    _by_told(sets, judged)
    row, verdict = told_apart(sets, TOLD, **judged)
    return pd.DataFrame([row | {"verdict": verdict.verdict, "because": verdict.because}])


def _by_programme(sets: ActionSets, judged: dict[str, float], rng: np.random.Generator) -> pd.DataFrame:
    names = sorted({name for name in sets.effect.rows["programme"].dropna() if name})
    parts = {name: ("programme", name) for name in names}
    table = judged_parts(sets, parts, rng=rng, **judged) if len(names) > 1 else None
    if table is None or table["se"].isna().any():
        raise NotApplicable("There are too few actions of different programmes to tell these apart.")
    return table
