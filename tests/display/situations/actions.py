"""What came of actions, and how well they were put."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers.datasets.action_panel import REASONS as NO_PANEL
from helpers.display.wording import Words, action_answers, action_checks, action_counts, smart
from helpers.display.wording.action_scale import PROGRAMMES, programme_name, scale_text
from helpers.stats.action_cells import NOT_FOLLOWED
from helpers.stats.smart_rules import RULES
from situations.general import inapplicable

LEFT_OUT = (*NO_PANEL, *NOT_FOLLOWED)
NAN, ANSWERS, NPS = float("nan"), (1.0, 5.0), (-100.0, 100.0)
TOO_FEW = "An answer needs {needed} actions with figures both before and after their start."
REASONS: dict[str, dict[str, object]] = {
    "This needs a table of actions, which these data do not have.": {},
    "There are no actions of {unit}.": {"unit": "Voorbeeld"},
    "No action can be followed: none at the level {level} has both a start and a measure with scores.": {
        "level": "team"
    },
    "Only one unit has figures here, so there is nothing to set its actions beside.": {},
    "In every period all units have the same scores on {columns}.": {"columns": "voice, growth_opportunity"},
    "Cannot tell, for the reason given in the answer.": {},
    TOO_FEW: {"needed": 10},
    "No action whose unit may be named has {needed} waves before and after its start.": {"needed": 3},
    "One series needs {needed} waves before and after the start; found {before} and {after}.": {
        "needed": 3,
        "before": 8,
        "after": 2,
    },
    "Too few units without an action were as low to compare with.": {},
    "These actions were all communicated first, or none was: there is nothing to compare.": {},
    "Of one of the two kinds of actions there are too few to compare.": {},
    "There are too few actions of different programmes to tell these apart.": {},
}


def figures(estimate: float, low: float, high: float) -> dict[str, object]:
    return {
        "estimate": estimate,
        "ci_low": low,
        "ci_high": high,
        "conf_level": 0.95,
        "n": 134,
        "least_detectable": 0.07,
    }


def judged(estimate: float, low: float, high: float, verdict: str, because: str, **more: object) -> dict[str, object]:
    return figures(estimate, low, high) | {"verdict": verdict, "because": because} | more


def answer(row: dict[str, object], scale: tuple[float, float] | None = ANSWERS) -> Callable[[Words], str]:
    return lambda words: action_answers.action_answer(row, words, scale=scale)


def cannot(because: str) -> Callable[[Words], str]:
    return answer(judged(0.24, 0.19, 0.29, "cannot_tell", because))


def difference(row: dict[str, object]) -> Callable[[Words], str]:
    return lambda words: action_answers.difference_answer(row, words, scale=ANSWERS)


def parts(*verdicts: str) -> pd.DataFrame:
    rows = [judged(0.27, 0.22, 0.32, verdict, "") | {"n": 41 + at} for at, verdict in enumerate(verdicts)]
    return pd.DataFrame(rows).assign(term=["told_first", "not_first"])


def programmes(*rows: tuple[str, str, float, float]) -> Callable[[Words], str]:
    table = pd.DataFrame(rows, columns=["term", "verdict", "ci_low", "ci_high"])
    return lambda words: action_answers.programmes_sentence(table, words)


def lead(estimate: float, low: float, high: float) -> Callable[[Words], str]:
    row = {"lead_estimate": estimate, "lead_ci_low": low, "lead_ci_high": high, "conf_level": 0.95}
    return lambda words: action_checks.lead_sentence(row, words, scale=ANSWERS)


def others(low: float) -> Callable[[Words], str]:
    row = {"others_estimate": 0.04, "others_ci_low": low, "others_ci_high": 0.08, "conf_level": 0.95}
    row |= {"beyond_estimate": 0.2, "beyond_ci_low": 0.16, "beyond_ci_high": 0.24}
    return lambda words: action_checks.others_sentence(row, words, scale=ANSWERS)


def chance(similar: float) -> Callable[[Words], str]:
    rows = {"acted": (0.6, 0.55, 0.66), "similar": (similar, 0.37, 0.42), "elsewhere": (0.02, 0.01, 0.03)}
    rows |= {"matched": (0.6 - similar, 0.15, 0.27)}
    table = pd.DataFrame([figures(*bounds) | {"term": term} for term, bounds in rows.items()])
    return lambda words: action_checks.chance_sentence(table, words, scale=ANSWERS)


def series(share: float, n_waves: int = 14) -> Callable[[Words], str]:
    row = figures(0.95, 0.41, 1.49) | {"name": "Klantenservice Zakelijk & Particulier Noord", "measure": "voice"}
    row |= {"n_waves": n_waves, "period": "2018", "n": 928, "n_similar": 50, "share": share, "share_similar": 0.02}
    return lambda words: action_checks.series_sentence(row, words, scale=ANSWERS)


def power(least: float) -> Callable[[Words], str]:
    return lambda words: action_answers.detectable_sentence({"least_detectable": least}, words, scale=ANSWERS)


def powers(least: float) -> Callable[[Words], str]:
    told = {"told_first": {"least_detectable": 0.07}, "not_first": {"least_detectable": 0.15}}
    return lambda words: action_answers.parts_detectable(told, {"least_detectable": least}, words, scale=ANSWERS)


def counts(
    total: int, smart_met: int, missing: int, visible: tuple[int, int], no_owner: int = 0, unknown: int = 0
) -> Callable[[Words], str]:
    table = pd.DataFrame({"rule": [*RULES, "smart"], "n_met": total, "n_not": 0, "n_unknown": 0}).set_index("rule")
    table.loc["smart"] = smart_met, total - smart_met - unknown, unknown
    table.loc["realistic", ["n_met", "n_unknown"]] = total - unknown, unknown
    table.loc["communicated", ["n_met", "n_not"]] = total - missing, missing
    table.loc["assigned", ["n_met", "n_not"]] = total - no_owner, no_owner
    table.loc["visible"] = (*visible, total - sum(visible))
    return lambda words: smart.smart_sentence(table.reset_index(), words)


def lacking(*rules: str) -> Callable[[Words], str]:
    row = pd.Series({rule: rule not in rules for rule in RULES}, dtype=object)
    return lambda words: smart.missing_text(row, words)


def followed(n_planned: int, left_out: dict[str, int]) -> Callable[[Words], str]:
    return lambda words: action_counts.followed_sentence(n_planned, left_out, words)


def event(at: int) -> Callable[[Words], str]:
    return lambda words: action_checks.event_names(pd.DataFrame({"event": [at]}), words)["name"].iloc[0]


def variant(term: str) -> Callable[[Words], str]:
    return lambda words: action_checks.variant_names(pd.DataFrame({"term": [term]}), words)["name"].iloc[0]


BECAUSE = (
    *("too_few_actions", "too_few", "lead_missing", "lead_not_flat", "similar_missing", "not_beyond_similar"),
    "others_rose_too",
)
SITUATIONS = {
    "actions: yes": answer(judged(0.24, 0.19, 0.29, "yes", "zero_excluded")),
    "actions: yes, in standard deviations": answer(judged(0.6, 0.5, 0.7, "yes", "zero_excluded"), None),
    "actions: yes, in points": answer(judged(6, 2, 10, "yes", "zero_excluded"), NPS),
    "actions: no": answer(judged(0.01, -0.02, 0.03, "no", "below_smallest")),
    "actions: cannot tell": answer(judged(0.05, -0.01, 0.12, "cannot_tell", "interval_includes_0")),
    "actions: the opposite": answer(judged(-0.2, -0.3, -0.1, "cannot_tell", "wrong_sign")),
    "actions: no figures": answer(judged(NAN, NAN, NAN, "cannot_tell", "too_few_actions", n=1)),
    "actions: nothing to follow": answer(judged(NAN, NAN, NAN, "cannot_tell", "too_few_actions", n=0)),
    **{f"actions: cannot tell, {because}": cannot(because) for because in BECAUSE},
    "told: yes": difference(judged(0.17, 0.05, 0.29, "yes", "zero_excluded")),
    "told: no": difference(judged(0.01, -0.02, 0.03, "no", "below_smallest")),
    "told: cannot tell": difference(judged(0.11, -0.01, 0.23, "cannot_tell", "interval_includes_0")),
    "told: the opposite": difference(judged(-0.17, -0.29, -0.05, "cannot_tell", "wrong_sign")),
    "told: too few": difference(judged(0.17, 0.05, 0.29, "cannot_tell", "too_few_actions")),
    "told: both": lambda words: action_answers.parts_sentence(parts("yes", "cannot_tell"), words, scale=ANSWERS),
    "told: neither": lambda words: action_answers.parts_sentence(parts("no", "no"), words, scale=ANSWERS),
    "programmes: all kinds": programmes(
        ("mentor", "yes", 0.2, 0.4), ("action", "no", -0.02, 0.02), ("walking_days", "cannot_tell", -0.1, 0.3)
    ),
    "programmes: overlapping": programmes(("mentor", "yes", 0.2, 0.4), ("one_to_ones", "yes", 0.1, 0.3)),
    "programmes: nothing known": programmes(
        ("mentor", "cannot_tell", NAN, NAN), ("outing", "cannot_tell", NAN, NAN), ("voice", "cannot_tell", -0.1, 0.3)
    ),
    "before: flat": lead(-0.02, -0.12, 0.07),
    "before: gaining": lead(0.1, 0.03, 0.17),
    "before: falling": lead(-0.1, -0.17, -0.03),
    "before: not known": lead(NAN, NAN, NAN),
    "rest of the units": others(-0.004),
    "chance: recovery": chance(0.39),
    "chance: none": chance(-0.02),
    "one unit": series(0.004),
    "one unit, nothing beside it": series(NAN),
    "one unit, many waves": series(0.004, 40),
    "actions: power": power(0.07),
    "actions: power unknown": power(NAN),
    "actions: power of kinds": powers(0.17),
    "actions: no answer": lambda words: action_answers.no_answer(TOO_FEW, {"needed": 10}, words),
    "actions: left out, two of each": followed(137, dict.fromkeys(LEFT_OUT, 2)),
    "actions: left out, one of each": followed(9, dict.fromkeys(LEFT_OUT, 1)),
    "actions: all followed": followed(12, dict.fromkeys(LEFT_OUT, 0)),
    "actions: none followed": followed(5, {"no_figures": 3, "too_few": 2}),
    "actions: the only one is not followed": followed(1, {"no_figures": 1}),
    "actions: the only one is followed": followed(1, {"no_figures": 0}),
    "actions: on the answers' scale": lambda words: scale_text(words, ANSWERS),
    "smart: some": counts(137, 78, 42, (0, 127)),
    "smart: two missing alike": counts(12, 4, 5, (0, 12), no_owner=5),
    "smart: one": counts(12, 1, 11, (1, 9)),
    "smart: all, few visible": counts(12, 12, 0, (3, 9)),
    "smart: not judged": counts(12, 0, 3, (0, 0), unknown=9),
    "smart: nothing missing, not judged": counts(5, 0, 0, (0, 0), unknown=5),
    "smart: nothing to see": counts(5, 4, 1, (0, 0)),
    **{f"actions: {reason[:45]}": inapplicable(reason, **values) for reason, values in REASONS.items()},
}
PHRASES = {
    "smart: lacks one": lacking("communicated"),
    "smart: lacks much": lacking(*RULES),
    "smart: lacks nothing": lacking(),
    **{f"wave {at}": event(at) for at in (-4, -2, -1, 0, 2)},
    **{f"variant {term}": variant(term) for term in action_checks.VARIANTS},
    **{
        f"programme {name}": lambda words, name=name: programme_name(name, words)
        for name in (*PROGRAMMES, "walking_days")
    },
    **{f"rule {name}": lambda words, name=name: words.text(smart.RULES[name]) for name in RULES},
    **{f"asks {name}": lambda words, name=name: words.text(smart.ASKS[name]) for name in RULES},
}
