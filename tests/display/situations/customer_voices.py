"""Situations of the page on customers' reasons and moments."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from made_up import released

from helpers.display.wording import Words, cautions, customer_moments, customer_reasons, obstacles
from helpers.display.wording.rounding import rounding_sentence
from helpers.release import ReleasedTable

LONG = "Vriendelijkheid van het baliepersoneel"
REASONS = pd.DataFrame(
    {
        "unit_id": ["employees", "waiting", LONG, "rest"],
        "name": ["a", "b", LONG, "d"],
        "parent_id": "",
        "level": "reason",
    }
)
CLAIMED = {"delivery": "precondition", "use": "delighter", "service": "delighter"}
REFUSED = {
    "The customers' answers name neither reasons nor moments.": {},
    "The customers' answers do not say for which reason they were given.": {},
    "The customers' answers do not say how satisfied they were.": {},
    "The reasons of {unit} are not shown, to protect small groups.": {"unit": "Zuid"},
    "Too few promoters of {unit} gave each reason to show them.": {"unit": "Zuid"},
    "Too few detractors of {unit} gave each reason to show them.": {"unit": "Zuid"},
    "Too few answers say whether the reason pleased.": {},
    "No customer gave a reason.": {},
    "No customer said how satisfied they were at a moment.": {},
    "Comparing moments needs two of them with enough answers; found {found}.": {"found": 1},
    "There is only one moment, so none can be compared.": {},
    "{measures} were never measured in the same period.": {"measures": "obstacle, nps"},
    "Units do not differ in {column}.": {"column": "obstacle"},
}


def refused(reason: str) -> Callable[[Words], str]:
    return lambda words: cautions.not_applicable(reason, REFUSED[reason], words)


def first(verdict: str, because: str, *groups: str) -> Callable[[Words], str]:
    told = {"verdict": verdict, "because": because, "groups": groups}
    return lambda words: customer_reasons.reason_answer(words, reason="employees", **told)


def lead(estimate: float, low: float, high: float, *, reason: str = "employees") -> Callable[[Words], str]:
    shares = pd.DataFrame({"group": "promoters", "reason": [reason, "waiting"], "estimate": [0.3, 0.3 - estimate]})
    gap = {"group": "promoters", "other": "waiting", "estimate": estimate, "ci_low": low, "ci_high": high}
    return lambda words: customer_reasons.lead_sentence(gap | {"conf_level": 0.95}, shares, words, reason=reason)


def again(verdict: str, before: str) -> Callable[[Words], str]:
    return lambda words: customer_reasons.again_sentence(words, verdict=verdict, first=before)


def reasons() -> ReleasedTable:
    rows = [
        {"unit_id": one, "period": "2024", "measure": "promoters", "kind": "rate", "estimate": share, "n": 240.0}
        for one, share in zip(REASONS["unit_id"], (0.5, 0.2, 0.18, 0.12), strict=True)
    ]
    return released(*rows, units=REASONS)


def moments(verdict: str, because: str, *about: str) -> Callable[[Words], str]:
    figures = {key: list(about) for key in ("missing", "contradicting", "unclear")}
    told = {"verdict": verdict, "because": because, "figures": figures}
    return lambda words: customer_moments.moments_answer(words, claimed=CLAIMED, **told)


def balance(penalty: float, reward: float, half: float, kind: str, moment: str = "delivery") -> Callable[[Words], str]:
    row = {"estimate": reward - penalty, "ci_low": reward - penalty - half, "ci_high": reward - penalty + half}
    parts = {"asymmetry": row | {"conf_level": 0.95}, "penalty": {"estimate": penalty}, "reward": {"estimate": reward}}
    return lambda words: customer_moments.balance_sentence(parts, words, moment=moment, kind=kind)


def pulls(delivery: float, use: float, half: float) -> pd.DataFrame:
    table = pd.DataFrame({"moment": ["delivery", "use"], "share": [0.6, 0.4], "estimate": [delivery, use]})
    return table.assign(ci_low=table["estimate"] - half, ci_high=table["estimate"] + half, conf_level=0.95)


def pulled(delivery: float, use: float, half: float) -> Callable[[Words], str]:
    return lambda words: customer_moments.pull_sentences(pulls(delivery, use, half), words)


def kinds(*found: str) -> pd.DataFrame:
    return pd.DataFrame({"moment": list(CLAIMED), "kind": found})


def obstacle(r: float, low: float, high: float, n: int = 120) -> Callable[[Words], str]:
    row = {"estimate": r, "ci_low": low, "ci_high": high, "conf_level": 0.95, "n": n}
    return lambda words: obstacles.obstacle_sentence(row, words, period="2024-Q3")


SITUATIONS: dict[str, Callable[[Words], str]] = {
    **{f"voices: {reason[:60]}": refused(reason) for reason in REFUSED},
    "reason: first in both": first("yes", "zero_excluded"),
    "reason: another first in one": first("no", "another_first", "detractors"),
    "reason: another first in both": first("no", "another_first", "promoters", "detractors"),
    "reason: unclear in both": first("cannot_tell", "interval_includes_0", "promoters", "detractors"),
    "reason: others together": first("cannot_tell", "pooled_first"),
    "reason: not told": first("cannot_tell", "not_told"),
    "reason: too few": first("cannot_tell", "too_few"),
    "lead: ahead": lead(0.12, 0.1, 0.15),
    "lead: one point": lead(0.01, -0.02, 0.04),
    "lead: behind": lead(-0.12, -0.15, -0.1),
    "lead: a long code": lead(0.12, 0.1, 0.15, reason=LONG),
    "again: the same": again("yes", "yes"),
    "again: another": again("cannot_tell", "yes"),
    "rounding: not adding up": lambda words: rounding_sentence(words, add_up=False),
    "voices: pooled": lambda words: customer_reasons.pooled_sentence(reasons(), words),
    "voices: alt": lambda words: customer_reasons.reasons_alt(reasons(), words),
    "voices: caption": lambda words: customer_reasons.reasons_caption(
        words, group="detractors", name="Noord", period="2024"
    ),
    "moments: as claimed": moments("yes", "as_claimed"),
    "moments: contradicted": moments("no", "contradicted", "delivery"),
    "moments: unclear": moments("cannot_tell", "kind_unclear", "use", "service"),
    "moments: not told": moments("cannot_tell", "not_told", "delivery"),
    "balance: precondition": balance(36, 4, 10, "precondition"),
    "balance: difference": balance(6, 34, 10, "delighter", "use"),
    "balance: even": balance(20, 21, 3, "even", "service"),
    "balance: unclear, of another name": balance(20, 25, 30, "cannot_tell", "Website & app"),
    "moments: chart": lambda words: customer_moments.kinds_alt(
        kinds("precondition", "cannot_tell", "delighter"), words, balances={"delivery": -32, "service": 28}
    ),
    "moments: table": lambda words: customer_moments.kinds_caption(words, name="Noord", period="2024"),
    "moments: looks": lambda words: customer_moments.looks_caption(words),
    "moments: weight": lambda words: customer_moments.weight_sentence(pulls(-1, 1, 1), words),
    "moments: equal weight": lambda words: customer_moments.weight_sentence(
        pulls(-1, 1, 1).assign(share=[0.501, 0.499]), words
    ),
    "pull: both": pulled(-2.04, 1.36, 0.4),
    "pull: two up": pulled(0.7, 1.36, 0.4),
    "pull: down": pulled(-2.04, 1.36, 1.5),
    "pull: one point": pulled(-1.0, 0.2, 0.4),
    "pull: none": pulled(-2.04, 1.36, 3),
    "obstacles: higher": obstacle(0.23, 0.1, 0.34),
    "obstacles: lower": obstacle(-0.23, -0.34, -0.1),
    "obstacles: unclear": obstacle(0.03, -0.1, 0.16),
    "obstacles: no interval": obstacle(1.0, float("nan"), float("nan")),
}

PHRASES: dict[str, Callable[[Words], str]] = {
    **{
        f"reason: {one}": lambda words, one=one: customer_reasons.reason_name(one, words)
        for one in customer_reasons.REASONS
    },
    **{
        f"kind: {one}": lambda words, one=one: words.text(customer_moments.KINDS[one]) for one in customer_moments.KINDS
    },
    **{
        f"look: {one}": lambda words, one=one: words.text(customer_moments.LOOKS[one]) for one in customer_moments.LOOKS
    },
    "axis: balances": customer_moments.balances_name,
    "axis: pulls": customer_moments.pulls_name,
    "axis: correlations": obstacles.correlations_name,
    "moment: all": lambda words: obstacles.shown_as("nps", words),
    "moment: one": lambda words: obstacles.shown_as("use", words),
}
