"""Absence and leaving beside engagement, how long people stay, and why they left."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers.display.wording import (
    Words,
    absence_totals,
    cautions,
    exit_curves,
    exit_reasons,
    staff_checks,
    staff_ratios,
)

NAN = float("nan")
REASONS = {
    "There is no absence of {unit} in these data.": {"unit": "Noord"},
    "Absence of {unit} is not shown, to protect small groups.": {"unit": "Noord"},
    "Absence of {unit} is told once a period is over; none in these data is.": {"unit": "Noord"},
    "Absence of {unit} is not shown: the data changed after an earlier report, and the difference could tell of few "
    "people.": {"unit": "Noord"},
    "Reasons for leaving {unit} are not shown: the data changed after an earlier report, and the difference could tell "
    "of few people.": {"unit": "Noord"},
    "Nobody of {unit} left in a year that is over.": {"unit": "Noord"},
    "Reasons for leaving {unit} are not shown, to protect small groups.": {"unit": "Noord"},
    "No year of these data is over, so leavers cannot be counted by year.": {},
    "No reasons for leaving are recorded in these data.": {},
    "No employment in these data has ended.": {},
    "This needs a table of absence or of employments, or published reasons to leave; {dataset} has none of them.": {
        "dataset": "demo-sector"
    },
    "No period has absence and, in the wave before, engagement of the same units, so they cannot be compared.": {},
    "Fewer than {needed} spells of absence were counted, too few to compare units.": {"needed": 20},
    "No engagement is known of the period of the absence itself.": {},
    "No ratio can be given: some periods or units hold no counts at all.": {},
    "Nothing was counted in these units and periods.": {},
    "All units were engaged alike, so there is nothing to compare.": {},
    "Leaving goes together with engagement so closely that no ratio can be given.": {},
    "Nobody left whose time before is known.": {},
    "There are too few units to compare quarters of them.": {},
    "Too few people left to follow how long others stayed.": {},
    "Nobody gave a reason for leaving.": {},
    "Reasons for leaving {unit} are too rare to tell any of them apart.": {"unit": "Noord"},
    "All who left gave the same reason, so no share can have changed.": {},
    "A trend of reasons needs {needed} years; found {found}.": {"needed": 4, "found": 2},
    "No period has employments and, in the wave before, engagement of the same units, so they cannot be compared.": {},
    "Comparing stages of an employment needs {needed} leavers, more than there are here.": {"needed": 60},
    "Fewer than {needed} people left, too few to compare units.": {"needed": 20},
    "Too much of what sets units apart in engagement is sampling error to correct for it.": {},
    "Nobody was employed long enough to follow.": {},
}


def row(change: float, low: float, high: float, **more: object) -> dict[str, object]:
    return {"change": change, "change_low": low, "change_high": high, "conf_level": 0.95, "smallest": 0.05} | more


FEWER, UNCLEAR, SMALL = row(-18.4, -23.1, -13.6), row(-4.0, -9.6, 2.1), row(-0.7, -1.6, 0.2)
MORE, NOTHING = row(12.2, 3.4, 22.0), row(NAN, NAN, NAN)
NARROW = row(-18.4, -19.3, -17.5)
ABOUT = {"sd": 0.354, "n_events": 220764, "n_units": 1240, "n_periods": 13, "rate": 1.1025, "dispersion": 0.156}
LEFT = {"sd": 12.3, "n_events": 23707, "n_units": 1200, "n_periods": 1, "rate": 0.1236}


def answer(subject: str, found: dict, verdict: str, because: str, x: str = "engagement") -> Callable[[Words], str]:
    told = {"subject": subject, "x": x, "verdict": verdict, "because": because}
    return lambda words: staff_ratios.ratio_answer(found, words, **told)


def basis(subject: str, about: dict) -> Callable[[Words], str]:
    return lambda words: staff_ratios.basis_sentence(about, words, subject=subject, x="engagement")


def within(found: dict) -> Callable[[Words], str]:
    rows = pd.DataFrame([found | {"variant": "within", "estimate": 0.0}])
    return lambda words: staff_checks.within_sentence(rows, words)


def zeros(observed: int, dispersion: float = 0.156) -> Callable[[Words], str]:
    found = {"observed": observed, "expected": 63.4, "low": 47.6, "high": 79.3, "n": 15445, "conf_level": 0.95}
    return lambda words: staff_checks.zeros_sentence(found, ABOUT | {"dispersion": dispersion}, words)


def stages(p_value: float, conf_level: float = 0.95) -> Callable[[Words], str]:
    rows = pd.DataFrame([row(-18, -20, -16), row(-17, -19, -15), row(-17, -19, -15)]).assign(conf_level=conf_level)
    rows = rows.assign(stage=["early", "middle", "late"])
    rows["from"], rows["until"] = [0.0, 3.15, 8.6], [3.15, 8.6, float("inf")]
    rows.attrs["p_value"] = p_value
    return lambda words: staff_checks.stages_sentence(rows, words)


def missing(variant: str, reason: str) -> Callable[[Words], str]:
    rows = pd.DataFrame([{"variant": variant, "estimate": NAN, "reason": reason, "reason_values": REASONS[reason]}])
    return lambda words: staff_checks.missing_models(rows, words)


def total(days: str, spells: float = 1.02) -> Callable[[Words], str]:
    told = {"days_per_person": 8.08, "days_per_spell": 7.92} if days == "told" else {}
    found = {"name": "Noord", "period": "2024", "headcount": 670.0, "spells_per_person": spells, "days": days} | told
    return lambda words: absence_totals.total_sentences(found, words)


def without_error(subject: str) -> Callable[[Words], str]:
    figures = row(-21.2, -26.2, -16.1, reliability=0.854)
    return lambda words: staff_checks.corrected_sentence(figures, words, subject=subject, x="engagement")


def curves(start: float) -> pd.DataFrame:
    points = [start, start + 0.5, 3.0, 4.5]
    parts = [
        pd.DataFrame(
            {
                "quarter": quarter,
                "time": points,
                "estimate": [1.0, 0.95, share, share - 0.1],
                "ci_low": [NAN, 0.94, share - 0.02, share - 0.13],
                "ci_high": [NAN, 0.96, share + 0.02, share - 0.07],
                "conf_level": 0.95,
            }
        )
        for quarter, share in (("top", 0.77), ("bottom", 0.65))
    ]
    return pd.concat(parts, ignore_index=True)


def shares(*rows: tuple[str, float, float, float]) -> pd.DataFrame:
    found = pd.DataFrame(rows, columns=["term", "estimate", "ci_low", "ci_high"])
    return found.assign(conf_level=0.95, kind="rate", n=1200.0, band="")


CLEAR = shares(("career", 0.31, 0.28, 0.34), ("pay", 0.22, 0.2, 0.25), ("other", 0.04, 0.03, 0.06))
CLOSE = shares(("work", 0.31, 0.28, 0.34), ("pay_and_career", 0.29, 0.26, 0.32))
ALONE = shares(("pay", 0.95, NAN, NAN)).assign(band="high")
POOLED = shares(("other", 0.6, 0.57, 0.63), ("manager", 0.21, 0.18, 0.24), ("pay", 0.19, 0.16, 0.22))


def first(found: pd.DataFrame, *years: int) -> Callable[[Words], str]:
    return lambda words: exit_reasons.first_sentence(found, words, years=years or [2011, 2012, 2023])


def limited(detail: str, silent: list[int], pooled: list[str], corrected: tuple[int, ...] = ()) -> Callable:
    told = {"detail": detail, "silent": silent, "pooled": pooled, "corrected": corrected}
    return lambda words: exit_reasons.limits_sentence(words, **told)


def inapplicable(reason: str, values: dict) -> Callable[[Words], str]:
    return lambda words: cautions.not_applicable(reason, values, words)


MOVED = shares(("workload", 0.012, 0.004, 0.02), ("pay", -0.011, -0.02, -0.002), ("career", 0.001, -0.01, 0.01))

SITUATIONS = {
    "absence: yes": answer("absence", FEWER, "yes", "zero_excluded"),
    "absence: yes, narrow interval": answer("absence", NARROW, "yes", "zero_excluded"),
    "absence: no": answer("absence", SMALL, "no", "below_smallest"),
    "absence: cannot tell": answer("absence", UNCLEAR, "cannot_tell", "interval_includes_1", x="enps"),
    "absence: more where engagement is higher": answer("absence", MORE, "cannot_tell", "wrong_sign"),
    "absence: too few groups": answer("absence", FEWER, "cannot_tell", "too_few"),
    "absence: no figures": answer("absence", NOTHING, "cannot_tell", "no_estimate"),
    "leaving: yes": answer("exits", FEWER, "yes", "zero_excluded"),
    "absence: too small, but for sampling error": answer("absence", SMALL, "cannot_tell", "sampling_error"),
    "leaving: no": answer("exits", SMALL, "no", "below_smallest"),
    "leaving: cannot tell": answer("exits", UNCLEAR, "cannot_tell", "interval_includes_1"),
    "leaving: more where engagement is higher": answer("exits", MORE, "cannot_tell", "wrong_sign"),
    "absence: what it rests on": basis("absence", ABOUT),
    "absence: what it rests on, one period": basis("absence", ABOUT | {"n_periods": 1, "n_events": 94, "n_units": 12}),
    "leaving: what it rests on": basis("exits", LEFT | {"n_periods": 13}),
    "leaving: what it rests on, one period": basis("exits", LEFT),
    "absence: without sampling error": without_error("absence"),
    "leaving: without sampling error": without_error("exits"),
    "ratio: within units too": within(FEWER),
    "ratio: not within units": within(UNCLEAR),
    "ratio: more within units": within(MORE),
    "ratio: model not estimated": missing("beside", "No engagement is known of the period of the absence itself."),
    "zeros: as expected": zeros(63),
    "zeros: too many": zeros(140),
    "zeros: too few": zeros(20),
    "zeros: no dispersion": zeros(63, 0.0),
    "stages: alike": stages(0.56),
    "stages: not alike": stages(0.003),
    "stages: alike at the level asked for": stages(0.03, 0.99),
    "stages: not tested": stages(NAN),
    "leaving: dissolved units": lambda words: staff_checks.dissolved_sentence(40, words),
    "leaving: one dissolved unit": lambda words: staff_checks.dissolved_sentence(1, words),
    "absence: spells and days": total("told"),
    "absence: one spell each": total("told", 1.0),
    "absence: days not known": total("not_known"),
    "absence: days not shown": total("not_shown"),
    "absence: days corrected since": total("corrected"),
    "absence: definition": absence_totals.definition_sentence,
    "any part: reason told above": cautions.reason_above,
    "staying: from the first day": lambda words: exit_curves.curve_sentences(curves(0.0), words),
    "staying: from later on": lambda words: exit_curves.curve_sentences(curves(1.0), words),
    "staying: figure": lambda words: exit_curves.curves_alt(curves(0.0), words),
    "staying: caption": lambda words: exit_curves.curves_caption(words, x="engagement"),
    "reasons: first clearly ahead": first(CLEAR),
    "reasons: first not clearly ahead": first(CLOSE),
    "reasons: nearly all the same": first(ALONE),
    "reasons: of one year": first(CLEAR, 2023),
    "reasons: rare ones together come first": first(POOLED),
    "reasons: rare ones together come first, one year": first(POOLED, 2023),
    "reasons: rose and fell": lambda words: exit_reasons.trend_sentence(MOVED, words),
    "reasons: no trend": lambda words: exit_reasons.trend_sentence(MOVED.tail(1), words),
    "reasons: all years and reasons": limited("fine", [], []),
    "reasons: rare ones": limited("fine", [2014], ["dismissal", "unknown"]),
    "reasons: in groups": limited("coarse", [2014, 2016], ["dismissal"]),
    "reasons: a year corrected since": limited("fine", [2014], [], (2014,)),
    "reasons: years corrected since": limited("fine", [2014, 2016, 2017], [], (2014, 2016)),
    "reasons: caption": lambda words: exit_reasons.reasons_caption(words, name="Noord", years=[2011, 2023]),
    "reasons: caption of one year": lambda words: exit_reasons.reasons_caption(words, name="Noord", years=[2023]),
    "reasons: figure": lambda words: exit_reasons.reasons_alt(CLEAR, words),
    "reasons: figure of one": lambda words: exit_reasons.reasons_alt(ALONE, words),
    "reasons: caption of trends": exit_reasons.trends_caption,
} | {f"staff: {reason[:40]}": inapplicable(reason, values) for reason, values in REASONS.items()}

PHRASES = {
    f"reason: {reason}": lambda words, reason=reason: exit_reasons.reason_name(reason, words)
    for reason in exit_reasons.REASONS
}
PHRASES |= {
    f"ratio: model {model}": lambda words, model=model: words.text(staff_checks.MODELS[model])
    for model in staff_checks.MODELS
}
PHRASES |= {
    f"ratio: quantity {subject}": lambda words, subject=subject: staff_ratios.quantity_name(
        words, subject=subject, x="engagement"
    )
    for subject in staff_ratios.QUANTITIES
}
PHRASES |= {"reasons: quantity of trends": exit_reasons.trend_quantity}
