"""Growth after engagement, and both sides together."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from made_up import effect

from helpers.display.wording import Words, cautions, growth_answers, growth_joint, lag_checks, lag_robustness
from helpers.display.wording.effects import Claim
from helpers.display.wording.growth_claims import JointClaim, joint_claims, slope_claim
from helpers.display.wording.lags import lag_answer

KINDS = {"engagement": "points", "teacher_climate": "sd", "revenue_growth": "percent", "profit": "sd"}
KINDS |= {"student_attendance": "percent"}
CLAIM = slope_claim("engagement", "revenue_growth", KINDS, lag=1)
SCHOOLS = slope_claim("teacher_climate", "student_attendance", KINDS, lag=1)
JOINT = joint_claims("engagement", "nps", ("revenue_growth", "profit"), KINDS, lag=1)
AON = {"rise": 5.0, "growth": 3.0, "per_point": 0.6, "year": 2015, "per_point_year": 2013}
AON |= {"sources": ("T. Gouman (Humanex)", "talentmgt.com")}
RISE, UNCLEAR, SMALL = effect(1, 0.63, 0.59, 0.67), effect(1, 0.3, -0.1, 0.7), effect(1, 0.02, -0.02, 0.05)
NOTHING = effect(1, float("nan"), float("nan"), float("nan"))
REASONS = {
    "This needs growth of revenue, which these data do not have.": {},
    "{measures} are not seen together in enough periods.": {"measures": "engagement, nps, revenue_growth"},
    "{column} is the same in all units and periods.": {"column": "nps"},
    "Leaving out one period needs {needed} periods; found {found}.": {"needed": 3, "found": 2},
    "A straight line for each unit needs {needed} periods; found {found}.": {"needed": 3, "found": 2},
    "Comparing units needs {needed} of them; found {found}.": {"needed": 5, "found": 3},
    "Too few periods are left to compare units with themselves.": {},
    "No units are known to share shocks with each other.": {},
}


def answer(row: dict, verdict: str, because: str, claim: Claim = CLAIM) -> Callable[[Words], str]:
    return lambda words: lag_answer(row, words, claim, verdict=verdict, because=because)


def means(row: dict, claim: Claim = CLAIM, corrected: dict | None = None) -> Callable[[Words], str]:
    return lambda words: growth_answers.meaning_sentence(row, words, claim, corrected=corrected)


def beside(row: dict, claim: Claim = CLAIM) -> Callable[[Words], str]:
    return lambda words: growth_answers.published_sentence(row, words, claim, aon=AON)


def product(estimate: float, low: float, high: float, **more: float) -> dict:
    figures = dict(zip(("estimate", "ci_low", "ci_high"), (estimate, low, high), strict=True))
    return figures | {"conf_level": 0.95, "least_detectable": 0.18} | more


def joint(row: dict, verdict: str, because: str, outcome: str = "revenue_growth") -> Callable[[Words], str]:
    return lambda words: growth_joint.joint_answer(row, words, JOINT[outcome], verdict=verdict, because=because)


def periods(*decides: bool) -> Callable[[Words], str]:
    rows = [effect(1, 0.5 + 0.1 * at, 0.4, 0.8) | {"left_out": 2012 + at, "decides": d} for at, d in enumerate(decides)]
    return lambda words: growth_answers.period_sentence(pd.DataFrame(rows), words, CLAIM, name=str)


def lead(estimate: float, low: float, high: float) -> Callable[[Words], str]:
    return lambda words: lag_checks.lead_sentence(effect(-1, estimate, low, high), words, CLAIM, limit=0.1)


def groups(*decides: bool) -> Callable[[Words], str]:
    rows = [effect(1, 0.5 + 0.1 * at, 0.4, 0.8) | {"left_out": f"g{at}"} for at in range(len(decides))]
    table = pd.DataFrame(rows).assign(decides=decides, shift=[0.1 * at for at in range(len(decides))])
    names = {"g0": "Noord", "g1": "Zuid", "g2": "West"}
    return lambda words: lag_robustness.without_one_sentence(table, words, CLAIM, names=names, grouped=True)


def inapplicable(reason: str, values: dict) -> Callable[[Words], str]:
    return lambda words: cautions.not_applicable(reason, values, words)


def missing(model: str, reason: str) -> Callable[[Words], str]:
    rows = pd.DataFrame(
        [{"model": model, "estimate": float("nan"), "reason": reason, "reason_values": REASONS[reason]}]
    )
    return lambda words: growth_answers.missing_models(rows, words)


def corners(*absent: str) -> pd.DataFrame:
    rows = [
        {"term": corner, "estimate": float("nan") if corner in absent else 1.0, "n": 90}
        for corner in growth_joint.CORNERS
    ]
    return pd.DataFrame(rows)


def empty(claim: JointClaim, *absent: str) -> Callable[[Words], str]:
    return lambda words: growth_joint.empty_corners(corners(*absent), words, claim)


def named(table: Callable[[Words], pd.DataFrame], at: int) -> Callable[[Words], str]:
    return lambda words: table(words)["name"].iloc[at]


VARIANTS = pd.DataFrame({"variant": list(growth_joint.VARIANTS), "estimate": 1.0})
MODELS = pd.DataFrame({"model": list(growth_answers.MODELS), "estimate": 1.0})
GROWTH, PROFIT = JOINT["revenue_growth"], JOINT["profit"]

SITUATIONS = {
    "growth: yes": answer(RISE, "yes", "zero_excluded"),
    "growth: no": answer(SMALL, "no", "below_smallest"),
    "growth: cannot tell": answer(UNCLEAR, "cannot_tell", "interval_includes_0"),
    "growth: one decides": answer(RISE, "cannot_tell", "one_decides"),
    "growth: no figures": answer(NOTHING, "cannot_tell", "lag_not_identified"),
    "growth: in standard deviations": answer(SMALL, "no", "below_smallest", SCHOOLS),
    "growth: what it could mean": means(RISE),
    "growth: what it could mean, corrected": means(RISE, corrected=effect(1, 0.66, 0.61, 0.7)),
    "growth: what it could mean, unclear": means(UNCLEAR),
    "growth: what it could mean, in standard deviations": means(UNCLEAR, SCHOOLS),
    "growth: what it could mean, no figures": means(NOTHING),
    "growth: beside Aon": beside(RISE),
    "growth: beside Aon, no figures": beside(NOTHING),
    "growth: beside Aon, other measures": beside(RISE, SCHOOLS),
    "growth: scale": lambda words: growth_answers.scale_sentence(words, CLAIM, scale=(1.0, 5.0)),
    "growth: scale unknown": lambda words: growth_answers.scale_sentence(words, SCHOOLS, scale=None),
    "growth: reckoned from sales": lambda words: growth_answers.made_sentence(words, CLAIM, made_from="profit"),
    "growth: stand-ins": lambda words: growth_answers.stand_in_sentence(words, SCHOOLS),
    "growth: no period decides": periods(False, False, False),
    "growth: one period decides": periods(False, True, False),
    "growth: periods decide": periods(True, True, False),
    "growth: lead within the smallest effect": lead(0.01, -0.03, 0.05),
    "growth: lead within the smallest effect, not zero": lead(0.03, 0.01, 0.05),
    "growth: no group decides": groups(False, False, False),
    "growth: one group decides": groups(False, True, False),
    "growth: groups decide": groups(True, True, False),
    "growth: no trends": missing("own_trend", "A straight line for each unit needs {needed} periods; found {found}."),
    "growth: no shared shocks": missing("shared_shocks", "No units are known to share shocks with each other."),
    "growth: together, yes": joint(product(0.56, 0.43, 0.69), "yes", "zero_excluded"),
    "growth: together, no": joint(product(0.01, -0.04, 0.05), "no", "below_smallest"),
    "growth: together, no on profit": joint(product(0.01, -0.04, 0.05), "no", "below_smallest", "profit"),
    "growth: together, cannot tell": joint(product(0.25, -0.07, 0.57), "cannot_tell", "interval_includes_0"),
    "growth: together, the opposite": joint(product(-0.5, -0.8, -0.2), "cannot_tell", "wrong_sign"),
    "growth: together, too few groups": joint(product(0.5, 0.2, 0.8), "cannot_tell", "too_few"),
    "growth: together, another model says otherwise": joint(product(0.56, 0.43, 0.69), "cannot_tell", "not_robust"),
    "growth: together, no figures": joint(product(*[float("nan")] * 3), "cannot_tell", "too_few"),
    "growth: together, power": lambda words: growth_joint.power_sentence(product(0.5, 0.2, 0.8), words, GROWTH),
    "growth: together, power on profit": lambda words: growth_joint.power_sentence(
        product(0.5, 0.2, 0.8), words, PROFIT
    ),
    "growth: together, power unknown": lambda words: growth_joint.power_sentence(
        product(0.5, 0.2, 0.8, least_detectable=float("nan")), words, GROWTH
    ),
    "growth: together, reliability": lambda words: growth_joint.reliability_sentence(
        {"x": 0.96, "z": 0.88, "product": 0.85}, words, GROWTH
    ),
    "growth: together, an empty corner": empty(GROWTH, "high_low"),
    "growth: together, two empty corners": empty(GROWTH, "high_low", "low_high"),
    "growth: together, no other outcome": growth_joint.no_other_outcome,
    "growth: together, checks not borne": lambda words: growth_joint.missing_variants(
        VARIANTS.assign(estimate=[1.0, 1.0, float("nan"), float("nan")]), words
    ),
} | {f"growth: {reason}": inapplicable(reason, values) for reason, values in REASONS.items()}

PHRASES = {
    "growth: corners compared with, percent": lambda words: growth_joint.corner_quantity(words, GROWTH),
    "growth: corners compared with, sd": lambda words: growth_joint.corner_quantity(words, PROFIT),
    "growth: interaction, percent": lambda words: growth_joint.interaction_quantity(words, GROWTH),
    "growth: interaction, sd": lambda words: growth_joint.interaction_quantity(words, PROFIT),
}
PHRASES |= {
    f"growth: corner {at}": named(lambda words: growth_joint.corner_names(corners(), words, GROWTH), at)
    for at in range(len(growth_joint.CORNERS))
}
PHRASES |= {
    f"growth: check {at}": named(lambda words: growth_joint.variant_names(VARIANTS, words), at)
    for at in range(len(VARIANTS))
}
PHRASES |= {
    f"growth: model {at}": named(lambda words: growth_answers.named_models(MODELS, words), at)
    for at in range(len(MODELS))
}
