"""Other methods for a lag: whether they agree, what each says, and why one differs."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from made_up import effect, not_estimated

from helpers.display.wording import Words, cautions, lag_curve
from helpers.display.wording import lag_method_cells as cells
from helpers.display.wording import lag_method_checks as checks
from helpers.display.wording import lag_methods as methods
from helpers.display.wording.effects import Claim
from situations.general import inapplicable

CLAIM = Claim("enps", "nps", 2)
LEAVING = Claim("engagement", "wish_to_leave", 2)
HEADLINE = effect()
NAN = float("nan")


def row(
    method: str, stands: str = "same", *, answer: str = "yes", doubt: str = "", **more: object
) -> dict[str, object]:
    told = {"method": method, "beside": stands, "answer": answer, "doubt": doubt, "reason": "", "reason_values": {}}
    return effect() | {"p_value": 0.001} | told | more


def tested(method: str, answer: str, p_value: float, estimate: float = NAN) -> dict[str, object]:
    figures = {"estimate": estimate, "estimate_sd": estimate, "p_value": p_value}
    return not_estimated(effect()) | row(method, answer=answer) | not_estimated(effect()) | figures


def agree(
    agreement: str, *stands: str, headline: str = "yes", doubts: tuple[str, ...] = (), claim: Claim = CLAIM
) -> Callable[[Words], str]:
    names = [name for name in cells.NAMES if name != cells.HEADLINE]
    rows = [row(name, one) for name, one in zip(names, stands, strict=False)]
    rows += [row(name, "same", doubt=doubt) for name, doubt in zip(reversed(names), doubts, strict=False)]
    rows.append(row("redesign") | {"reason": "No redesign of the survey is known.", "beside": ""})
    answers = pd.DataFrame(rows)
    told = {"agreement": agreement, "headline_answer": headline}
    return lambda words: methods.agreement_sentence(answers, words, **told)


def why(
    method: str, stands: str = "other", claim: Claim = CLAIM, restricted: dict | None = None, **figures: float
) -> Callable[[Words], str]:
    found = row(method, stands, answer="cannot_tell", **figures)
    told = {"headline": HEADLINE, "restricted": restricted}
    return lambda words: methods.difference_sentence(found, words, claim, **told)


def says(found: dict[str, object], claim: Claim = CLAIM) -> Callable[[Words], str]:
    return lambda words: cells.says_text(found, words, claim)


def searched(shares: tuple[float, ...], p_values: tuple[float, ...], *, side: int = 1) -> Callable[[Words], str]:
    table = pd.DataFrame({"lag": range(4), "share_largest": shares, "p_value": p_values, "conf_level": 0.95})
    table["estimate"] = 0.3 * side
    return lambda words: checks.search_sentence(table, words, CLAIM)


def own_past(own: float = 0.23, *, counted: bool = True, **p_values: float) -> Callable[[Words], str]:
    rows = [effect(1, own, own - 0.21, own + 0.2) | {"term": "own lag 1"}, effect(), effect() | {"term": "response 2"}]
    gmm = pd.DataFrame(rows)
    tests = pd.DataFrame({"term": list(p_values), "p_value": list(p_values.values())})
    told = {"sizes": {"n_instruments": 19, "n_units": 24}, "counted": counted}
    return lambda words: checks.own_past_sentence(gmm, tests, words, CLAIM, **told)


def shared(before: float, after: float, p_value: float) -> Callable[[Words], str]:
    table = pd.DataFrame({"estimate": [before, after], "p_value": [0.001, p_value]})
    return lambda words: checks.dependence_sentence(table, words)


def back(p_value: float) -> Callable[[Words], str]:
    return lambda words: checks.reverse_granger_sentence({"p_value": p_value}, words, CLAIM)


def curve(n: int, p_value: float, *, clear: bool = True) -> Callable[[Words], str]:
    low = 0.1 if clear else -0.1
    rows = [effect(2, 0.3 + 0.01 * place, low, 0.6) | {"is_headline": place == 1} for place in range(n)]
    test = pd.DataFrame({"term": ["median"], "p_value": [p_value]})
    moved = pd.DataFrame({"choice": ["trends"] * (n > 1)})
    table = pd.DataFrame(rows)
    return lambda words: (
        lag_curve.curve_sentence(table, test, moved, words, CLAIM) + " " + lag_curve.curve_alt(table, words, CLAIM)
    )


WIDE, NARROW = {"ci_low": -0.2, "ci_high": 0.8}, {"ci_low": -0.01, "ci_high": 0.38}
SITUATIONS: dict[str, Callable[[Words], str]] = {
    "other methods: all agree": agree("agree", "same", "same", "same"),
    "other methods: all find the opposite": agree("agree", "same", headline="opposite"),
    "other methods: all find it too small": agree("agree", "same", "neighbour", headline="no"),
    "other methods: none can tell either": agree("agree", "same", "same", headline="cannot_tell"),
    "other methods: some cannot tell": agree("partly", "same", "unsure", "unsure"),
    "other methods: none can tell beside a yes": agree("not_against", "unsure", "unsure"),
    "other methods: another size": agree("sizes", "same", "other_size"),
    "other methods: some answer where the headline cannot tell": agree(
        "decide", "same", "decides", headline="cannot_tell"
    ),
    "other methods: many answer where the headline cannot tell": agree(
        "decide", *["decides"] * 7, headline="cannot_tell"
    ),
    "other methods: one differs": agree("differ", "same", "other", "same"),
    "other methods: several differ": agree("differ", "same", "other", "other", doubts=("untested",)),
    "other methods: none applies": agree("none_apply"),
    "other methods: all in doubt": agree("none_apply", doubts=("instruments_refused", "errors_linked")),
    "other methods: no headline": agree("no_headline", "no_headline", headline="cannot_tell"),
    "other methods: nothing differs": lambda words: methods.nothing_differs(words, compared=True),
    "other methods: nothing to compare": lambda words: methods.nothing_differs(words, compared=False),
    **{f"why another answer: {method}": why(method) for method in methods.WHY},
    "why another answer: the wish to leave": why("one_step", claim=LEAVING),
    "why it cannot tell: less precise": why("half_panel", "unsure", **WIDE),
    "why it cannot tell: fewer periods": why("one_step", "unsure", restricted=effect(2, 0.1, -0.1, 0.3), **WIDE),
    "why it cannot tell: as precise": why("half_panel", "unsure", **NARROW),
    "why it cannot tell: a median": why("curve", "unsure", ci_low=NAN, ci_high=NAN),
    "why it cannot tell: few groups": why("cross_lagged", "unsure", df=3.2),
    "search: the lag claimed": searched((0.0, 0.0, 1.0, 0.0), (0.4, 0.1, 0.001, 0.4)),
    "search: the lag claimed, opposite": searched((0.0, 0.0, 1.0, 0.0), (0.4, 0.1, 0.001, 0.4), side=-1),
    "search: another lag": searched((0.98, 0.0, 0.02, 0.0), (0.001, 0.1, 0.3, 0.4)),
    "search: another lag before the one claimed": searched((0.98, 0.0, 0.02, 0.0), (0.001, 0.1, 0.04, 0.4)),
    "search: none": searched((0.3, 0.2, 0.3, 0.2), (0.8, 0.8, 0.8, 0.8)),
    "own past: both tests": own_past(hansen=0.30, m2=0.32),
    "own past: turns round, not counted": own_past(-0.15, counted=False, hansen=0.01, m2=0.32),
    "own past: too few periods for m2": own_past(counted=False, hansen=0.87, m2=NAN),
    "shared shocks: taken away": shared(0.11, -0.04, 0.03),
    "shared shocks: some are left": shared(0.31, 0.08, 0.001),
    "Granger the other way round: yes": back(0.034),
    "Granger the other way round: not shown": back(0.69),
    "choices: many": curve(144, 0.0005),
    "choices: zero inside": curve(36, 0.5, clear=False),
    "choices: one combination": curve(1, 0.2),
    "units of groups": lambda words: cautions.shared_groups({"a": "A", "b": "A", "c": "B"}, words),
    "no Granger test without delay": inapplicable("A claim without delay cannot be tested by what came before."),
}
PHRASES: dict[str, Callable[[Words], str]] = {
    "says: yes": says(row("search")),
    "says: the opposite, in SD": says(row("search", answer="opposite"), LEAVING),
    "says: a test": says(tested("granger", "yes", 0.001)),
    "says: a median": says(tested("curve", "cannot_tell", 0.2, 0.3)),
    "says: nothing estimated": says(not_estimated(effect()) | {"answer": "cannot_tell", "p_value": NAN}),
    "says: does not apply": says(row("redesign") | {"reason": "No redesign of the survey is known."}),
    **{
        f"assumes: {name}": lambda words, name=name: cells.assumption_text(name, words, CLAIM) for name in cells.ASSUMES
    },
    **{
        f"beside: {name}": lambda words, name=name: cells.beside_text(row("search", name), words)
        for name in cells.BESIDE
    },
    **{
        f"beside: {name}": lambda words, name=name: cells.beside_text(row("search", doubt=name), words)
        for name in cells.DOUBTS
    },
    "beside: does not apply": lambda words: cells.beside_text({"reason": "No redesign of the survey is known."}, words),
    **{
        f"option {option}": lambda words, option=option: lag_curve.option_text(
            {"choice": "other", "option": option}, words, CLAIM
        )
        for option in lag_curve.OPTIONS
    },
    "option lag alone": lambda words: lag_curve.option_text({"choice": "lags", "option": "2"}, words, CLAIM),
    "option lags": lambda words: lag_curve.option_text({"choice": "lags", "option": "0, 1, 2, 3"}, words, CLAIM),
}
