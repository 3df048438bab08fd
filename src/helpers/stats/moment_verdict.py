"""Is a moment a precondition or a delighter, and do moments play the part claimed? Pure functions of estimates.

Kinds of one moment, the first rule that applies decides:

===================  ============  ===============================================================================
because              kind          when
===================  ============  ===============================================================================
too_few              cannot_tell   the asymmetry has no standard error, or its df are below `verdicts.MIN_DF`
below_smallest       even          its whole interval lies inside ± the smallest effect (limits included)
interval_includes_0  cannot_tell   its interval includes zero (limits included)
no_penalty           cannot_tell   it is below zero, but the interval of the penalty is not above zero
no_reward            cannot_tell   it is above zero, but the interval of the reward is not above zero
penalty_larger       precondition  it is below zero
reward_larger        delighter     it is above zero
===================  ============  ===============================================================================

Claims about several moments ("delivery is a precondition, use and service are delighters"):

===================  ============  ===============================================================================
because              verdict       when
===================  ============  ===============================================================================
not_told             cannot_tell   a moment of the claim is not among the moments told
contradicted         no            a moment of the claim is clearly of another kind
kind_unclear         cannot_tell   the kind of a moment of the claim cannot be told
as_claimed           yes           none of the above
===================  ============  ===============================================================================

All intervals hold for all moments at once (`penalty_reward`), so the claim needs no further correction.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.stats.penalty_reward import moment_terms
from helpers.stats.verdicts import CANNOT_TELL, MIN_DF, NO, YES, Verdict, check_choices

PRECONDITION, DELIGHTER, EVEN = "precondition", "delighter", "even"
KINDS = {"below_smallest": EVEN, "penalty_larger": PRECONDITION, "reward_larger": DELIGHTER}
CLAIMED = {"contradicted": NO, "as_claimed": YES}


def moments_claimed(precondition: str, difference: str) -> dict[str, str]:
    """Give the kind claimed of each moment, from two lists with commas between.

    Raises
    ------
    ValueError
        For a moment in both lists, or none in either.
    """
    lists = {PRECONDITION: precondition, DELIGHTER: difference}
    named = [(one.strip(), kind) for kind, listed in lists.items() for one in listed.split(",") if one.strip()]
    claimed = dict(named)
    if len(claimed) < len(named) or not named:
        raise ValueError(
            f"precondition and difference must name different moments; found {precondition!r} and {difference!r}."
        )
    return claimed


def moment_kind(
    parts: Mapping[str, Mapping[str, object]], *, smallest_effect: float, unit: str = "sd"
) -> tuple[str, str]:
    """
    Kind of one moment, and the rule that gave it.

    Parameters
    ----------
    parts : mapping of str to mapping
        Rows ``penalty``, ``reward`` and ``asymmetry`` of `penalty_reward.penalty_reward`.
    smallest_effect : float
        Smallest asymmetry that matters, positive.
    unit : {"sd", "points"}
        Of `smallest_effect`: SD of the answers, or points.

    Returns
    -------
    kind, because : str
        By the table at the head of the module.

    Raises
    ------
    ValueError
        For a smallest effect that is not positive, or an unknown unit.
    """
    check_choices(smallest_effect, unit, 1)
    row = parts["asymmetry"]
    smallest = smallest_effect * (row["sd"] if unit == "sd" else 1.0)
    low, high = row["ci_low"], row["ci_high"]
    rules = {
        "too_few": not row["se"] > 0 or not np.isfinite(row["se"]) or not row["df"] >= MIN_DF,
        "below_smallest": -smallest <= low and high <= smallest,
        "interval_includes_0": low <= 0 <= high,
        "no_penalty": high < 0 and not parts["penalty"]["ci_low"] > 0,
        "no_reward": low > 0 and not parts["reward"]["ci_low"] > 0,
        "penalty_larger": high < 0,
    }
    because = next((name for name, applies in rules.items() if applies), "reward_larger")
    return KINDS.get(because, CANNOT_TELL), because


def moment_kinds(effects: pd.DataFrame, *, smallest_effect: float, unit: str = "sd") -> pd.DataFrame:
    """
    Kind of each moment.

    Parameters
    ----------
    effects : DataFrame
        Answer of `penalty_reward.penalty_reward`.
    smallest_effect, unit
        See `moment_kind`.

    Returns
    -------
    DataFrame, one row per moment
        ``moment``, ``kind``, ``because``.
    """
    judged = {"smallest_effect": smallest_effect, "unit": unit}
    rows = [(one, *moment_kind(moment_terms(effects, one), **judged)) for one in effects["moment"].unique()]
    return pd.DataFrame(rows, columns=["moment", "kind", "because"])


def moments_verdict(kinds: pd.DataFrame, claimed: Mapping[str, str]) -> Verdict:
    """
    Do moments play the part claimed?

    Parameters
    ----------
    kinds : DataFrame
        Answer of `moment_kinds`.
    claimed : mapping of str to {"precondition", "delighter"}
        The moments of the claim.

    Returns
    -------
    Verdict
        By the second table at the head of the module; its figures hold ``missing``, ``contradicting`` and ``unclear``
        moments.

    References
    ----------
    R. Berger (1982), *Technometrics* 24(4), 295-300 (intersection-union).
    """
    found = dict(zip(kinds["moment"], kinds["kind"], strict=True))
    missing = [one for one in claimed if one not in found]
    unclear = [one for one in claimed if found.get(one) == CANNOT_TELL]
    other = [one for one, kind in claimed.items() if one in found and found[one] not in (kind, CANNOT_TELL)]
    rules = {"not_told": missing, "contradicted": other, "kind_unclear": unclear}
    because = next((name for name, moments in rules.items() if moments), "as_claimed")
    figures = {"missing": missing, "contradicting": other, "unclear": unclear}
    return Verdict(CLAIMED.get(because, CANNOT_TELL), because, figures)
