"""All that claims about moments are told with: penalties and rewards, kinds of moments, the verdict, other looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.stats.moment_verdict import moment_kinds, moments_verdict
from helpers.stats.penalty_reward import beside_others, penalty_reward
from helpers.stats.verdicts import Verdict

HEADLINE = "headline"
# Other looks at the same answers; the smallest effect in SD has a meaning in each of them.
LOOKS = {"pooled": {"within": False}, "recommend": {"outcome": "recommend"}}
BESIDE_OTHERS = "beside_others"


@dataclass(frozen=True)
class MomentStudy:
    """The answer of `moment_study`.

    Parameters
    ----------
    claimed : dict of str to str
        Kind claimed of each moment.
    effects : DataFrame
        Answer of `penalty_reward.penalty_reward`.
    kinds : DataFrame
        Answer of `moment_verdict.moment_kinds`.
    looks : DataFrame, one row per moment
        ``moment``, and its kind by each look: ``headline``, ``pooled`` (customers of all units together), ``recommend``
        (answers 0 to 10), and ``beside_others`` where two moments can be judged.
    verdict : Verdict
    """

    claimed: dict[str, str]
    effects: pd.DataFrame
    kinds: pd.DataFrame
    looks: pd.DataFrame
    verdict: Verdict


def moment_study(
    answers: pd.DataFrame,
    claimed: Mapping[str, str],
    *,
    smallest_effect: float,
    unit: str = "sd",
    conf_level: float = 0.95,
) -> MomentStudy:
    """
    Judge which moments are preconditions and which delighters.

    Parameters
    ----------
    answers : DataFrame
        What `penalty_reward.penalty_reward` takes.
    claimed : mapping of str to {"precondition", "delighter"}
    smallest_effect, unit
        See `moment_verdict.moment_kind`; points are points of NPS, and in the look at answers 0 to 10 SD take their
        place by the SD of the points.
    conf_level : float

    Returns
    -------
    MomentStudy

    Raises
    ------
    NotApplicable
        Without answers.
    """
    judged = {"smallest_effect": smallest_effect, "unit": unit}
    effects = penalty_reward(answers, conf_level=conf_level)
    kinds = moment_kinds(effects, **judged)
    in_sd = smallest_effect if unit == "sd" else smallest_effect / effects["sd"].iloc[0]
    looks = {HEADLINE: kinds}
    for name, choice in LOOKS.items():
        found = penalty_reward(answers, conf_level=conf_level, **choice)
        looks[name] = moment_kinds(found, smallest_effect=in_sd)
    if (kinds["because"] != "too_few").sum() > 1:
        looks[BESIDE_OTHERS] = moment_kinds(beside_others(effects, conf_level=conf_level), **judged)
    table = pd.DataFrame({name: found.set_index("moment")["kind"] for name, found in looks.items()}).reset_index()
    return MomentStudy(dict(claimed), effects, kinds, table, moments_verdict(kinds, claimed))
