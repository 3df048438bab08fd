"""Evidence grades of a "yes" on a lag claim: how far the words may go, by rules that can be read as a table.

A *no* and a *cannot tell* carry no grade. The first line that applies decides; the words of D and E promise least:

=====  ==================================================================================================
grade  when
=====  ==================================================================================================
A      who got the rise was drawn by lot
B      the rise came to units at different times, with flat leads and units that never got it
E      ``beyond_trends`` fails: with a straight line for each unit, zero comes inside the interval and the
       effect falls below half; what is left may be two rising lines
C      all of `RULES` hold
D      any of them fails or could not be checked
=====  ==================================================================================================

====================  ===================================================================================
rule                  holds when
====================  ===================================================================================
prespecified          the lag was fixed before looking
lead_flat             the interval of the lead lies inside ± half the effect (one that holds zero and is wider cannot
                      tell)
bootstrap_agrees      the wild cluster bootstrap excludes zero on the side claimed, as CR2 does
forward_exceeds       forward minus reverse, both in SD, excludes zero on the side claimed
no_unit_decides       without any one unit, the interval still excludes zero on the side claimed
attenuation_known     the reliability of x within units is known, so that the shrinkage can be told
detectable            the least detectable effect is not above the effect found
====================  ===================================================================================

Only A and B allow "causes"; C allows "precedes and predicts".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpers.stats.verdicts import YES

Row = Mapping[str, object]
DESIGNS = {"randomised": "A", "staggered": "B"}
OBSERVATIONAL = "observational"
RULES = (
    "prespecified",
    "lead_flat",
    "bootstrap_agrees",
    "forward_exceeds",
    "no_unit_decides",
    "attenuation_known",
    "detectable",
)
TRENDS = "beyond_trends"
# A lead or a rest beyond trends that reaches half the effect could be the larger part of it.
HALF = 0.5


@dataclass(frozen=True)
class Checks:
    """What stands beside the effect at the lag claimed; None where it could not be had.

    Parameters
    ----------
    lead : mapping, optional
        Row of the placebo: ``ci_low``, ``ci_high``, on the scale of the effect.
    bootstrap : mapping, optional
        Row of the wild cluster bootstrap: ``ci_low``, ``ci_high``.
    difference : mapping, optional
        Forward minus reverse in SD: ``ci_low``, ``ci_high``.
    without_one : DataFrame, optional
        The effect without each unit in turn: ``ci_low``, ``ci_high``.
    reliability : float, optional
        Share of the variance of x within units that is no measurement error, 0 to 1.
    least_detectable : float, optional
        On the scale of the effect.
    with_trends : mapping, optional
        The effect with a straight line for each unit: ``estimate``, ``ci_low``, ``ci_high``.
    prespecified : bool
    design : {"observational", "staggered", "randomised"}
    """

    lead: Row | None = None
    bootstrap: Row | None = None
    difference: Row | None = None
    without_one: pd.DataFrame | None = None
    reliability: float | None = None
    least_detectable: float | None = None
    with_trends: Row | None = None
    prespecified: bool = True
    design: str = OBSERVATIONAL


@dataclass(frozen=True)
class Grade:
    """A grade, and what each rule came to: True, False, or None where it could not be checked.

    `grade` is "A" to "E", or empty for what is no yes.
    """

    grade: str
    rules: dict[str, bool | None] = field(default_factory=dict)

    @property
    def failed(self) -> list[str]:
        """Rules that do not hold or could not be checked, in the order of the table."""
        return [rule for rule, holds in self.rules.items() if not holds]


def evidence_grade(verdict: str, effect: Row, checks: Checks, *, sign: int = 1) -> Grade:
    """
    Grade the evidence for a claimed lag.

    Parameters
    ----------
    verdict : {"yes", "no", "cannot_tell"}
        From `verdicts.lag_verdict`.
    effect : mapping
        Row at the lag claimed: ``estimate``.
    checks : Checks
    sign : {1, -1}
        Whether y is claimed to rise or to fall when x rises.

    Returns
    -------
    Grade
        By the tables at the head of the module.

    Raises
    ------
    ValueError
        For an unknown design.
    """
    if checks.design not in (*DESIGNS, OBSERVATIONAL):
        raise ValueError(f"design must be one of {', '.join((*DESIGNS, OBSERVATIONAL))}; found {checks.design!r}.")
    if verdict != YES:
        return Grade("")
    size = sign * float(effect["estimate"])
    rules = _rules(size, checks, sign)
    if checks.design in DESIGNS:
        return Grade(DESIGNS[checks.design], rules)
    if rules[TRENDS] is False:
        return Grade("E", rules)
    return Grade("C" if all(rules[rule] for rule in RULES) else "D", rules)


def _rules(size: float, checks: Checks, sign: int) -> dict[str, bool | None]:
    without = checks.without_one
    return {
        "prespecified": checks.prespecified,
        "lead_flat": _inside(checks.lead, HALF * size),
        "bootstrap_agrees": _excludes_zero(checks.bootstrap, sign),
        "forward_exceeds": _excludes_zero(checks.difference, sign),
        "no_unit_decides": None if without is None else _all_exclude_zero(without, sign),
        "attenuation_known": _known(checks.reliability),
        "detectable": None if _missing(checks.least_detectable) else checks.least_detectable <= size,
        TRENDS: _beyond_trends(checks.with_trends, size, sign),
    }


def _inside(row: Row | None, limit: float) -> bool | None:
    """Whether an interval lies inside ± a limit; one that holds zero and is wider cannot tell."""
    if row is None or _missing(row["ci_low"]) or _missing(row["ci_high"]):
        return None
    low, high = row["ci_low"], row["ci_high"]
    return True if -limit <= low and high <= limit else None if low <= 0 <= high else False


def _excludes_zero(row: Row | None, sign: int) -> bool | None:
    """Whether an interval lies wholly on the side claimed."""
    if row is None or _missing(row["ci_low"]) or _missing(row["ci_high"]):
        return None
    return bool(min(sign * row["ci_low"], sign * row["ci_high"]) > 0)


def _all_exclude_zero(rows: pd.DataFrame, sign: int) -> bool | None:
    if rows.empty or rows[["ci_low", "ci_high"]].isna().to_numpy().any():
        return None
    return bool((sign * rows[["ci_low", "ci_high"]]).min(axis=1).gt(0).all())


def _beyond_trends(row: Row | None, size: float, sign: int) -> bool | None:
    clear = _excludes_zero(row, sign)
    return clear if clear is None else clear or sign * float(row["estimate"]) >= HALF * size


def _known(value: float | None) -> bool | None:
    return None if _missing(value) else True


def _missing(value: object) -> bool:
    return value is None or not np.isfinite(float(value))
