"""Is an action SMART, and was it communicated before it began? Rule by rule, each met, not met, or not to be judged.

============  =====================================================  ===============================================
rule          met when                                               not to be judged when
============  =====================================================  ===============================================
specific      there is an element, and a description of              never
              `MIN_WORDS` words or more
measurable    measure, baseline and target are there, and baseline   never
              and target differ
assigned      a role answers for it                                  never
realistic     the target is better than the baseline, by no more     not measurable, or no earlier changes of the
              than nine in ten units change from one time to the     measure are known
              next
time_bound    start and due date are there                           never
communicated  it was told to the team on the day it began or         told, but without a start
              earlier
visible       the step to the target is one that this unit would     not measurable, or the unit's number of answers
              see, with the usual chance                             is not known
============  =====================================================  ===============================================

`SMART` is the first five; the last two are what else makes an action work: telling it first, and being able to see it.
"""

from __future__ import annotations

from functools import reduce
from operator import and_

import numpy as np
import pandas as pd

SMART = ("specific", "measurable", "assigned", "realistic", "time_bound")
RULES = (*SMART, "communicated", "visible")
# Who does what, and how often, takes more words than "improve the atmosphere".
MIN_WORDS = 5
# A change that one in ten units has from one time to the next has been seen to happen; chance is in it, too.
USUAL_SHARE = 0.9
# When an action was told: before or as it began, after that, or never.
FIRST, LATE, SILENT = "first", "late", "silent"


def smart_rules(actions: pd.DataFrame) -> pd.DataFrame:
    """
    Judge actions by the table at the head of the module.

    Parameters
    ----------
    actions : DataFrame, one row per action
        ``element``, ``description``, ``owner_role``, ``measure``, ``baseline``, ``target``, ``communicated_on``,
        ``start``, ``due`` (missing where not set); ``step``, from baseline to target with the better side up;
        ``usual_change``, the change that `USUAL_SHARE` of the units stay below; ``smallest``, the smallest change that
        the unit would see. The last three in the unit of the measure, missing where not known.

    Returns
    -------
    DataFrame of boolean, the same rows
        `RULES`; missing where a rule cannot be judged.

    References
    ----------
    G. Doran (1981), There's a S.M.A.R.T. way to write management's goals and objectives, *Management Review* 70(11),
    35-36.
    """
    words = actions["description"].astype("string").str.split().str.len().fillna(0)
    measurable = _filled(actions, "measure", "baseline", "target") & (actions["baseline"] != actions["target"])
    step, told, start = actions["step"].where(measurable), actions["communicated_on"], actions["start"]
    found = {
        "specific": _filled(actions, "element") & (words >= MIN_WORDS),
        "measurable": measurable,
        "assigned": _filled(actions, "owner_role"),
        "realistic": _judged((step > 0) & (step <= actions["usual_change"]), step, actions["usual_change"]),
        "time_bound": _filled(actions, "start", "due"),
        "communicated": (told <= start).astype("boolean").where(told.isna() | start.notna()),
        "visible": _judged(step.abs() >= actions["smallest"], step, actions["smallest"]),
    }
    return pd.DataFrame(found, index=actions.index).astype("boolean")[[*RULES]]


def rule_counts(rules: pd.DataFrame) -> pd.DataFrame:
    """
    Count for each rule the actions that meet it.

    Parameters
    ----------
    rules : DataFrame
        Answer of `smart_rules`.

    Returns
    -------
    DataFrame, one row per rule
        ``rule``, ``n_met``, ``n_not``, ``n_unknown``; the rules in their order, and after them "smart": all of `SMART`
        met, not if any of these is not met, and unknown if one cannot be judged and the others are met.
    """
    smart = reduce(and_, (rules[rule] for rule in SMART))
    table = rules.assign(smart=smart)
    counts = {"n_met": table.eq(True), "n_not": table.eq(False), "n_unknown": table.isna()}
    found = pd.DataFrame({name: where.fillna(False).sum().astype(int) for name, where in counts.items()})
    return found.rename_axis("rule").reset_index()


def announcement(actions: pd.DataFrame) -> pd.Series:
    """
    Tell when each action was communicated.

    Parameters
    ----------
    actions : DataFrame
        ``communicated_on`` and ``start``.

    Returns
    -------
    Series of str
        "first" (on the day it began or earlier), "late", "silent"; missing without a start.
    """
    told, start = actions["communicated_on"], actions["start"]
    found = np.select([start.isna(), told.isna(), told <= start], ["", SILENT, FIRST], LATE)
    return pd.Series(found, index=actions.index, dtype="str").where(start.notna())


def _filled(actions: pd.DataFrame, *columns: str) -> pd.Series:
    blank = pd.DataFrame({name: actions[name].astype("string").str.strip().eq("") for name in columns})
    return ~(actions[list(columns)].isna() | blank.fillna(False).astype(bool)).any(axis=1)


def _judged(met: pd.Series, *needed: pd.Series) -> pd.Series:
    return met.astype("boolean").where(pd.concat(needed, axis=1).notna().all(axis=1))
