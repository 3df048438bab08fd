"""Parts of the page on other methods for a lag: do they agree, what each says, and where choices matter."""

from __future__ import annotations

from typing import Protocol

import pandas as pd

from helpers.display.charts import profile_chart
from helpers.display.forest_chart import forest_chart
from helpers.display.lag_parts import LagEvidence
from helpers.display.parts import Part
from helpers.display.plots import figure, plot_curve
from helpers.display.tables import Column, Table, table_of
from helpers.display.wording import Words, lag_checks, lag_curve, lag_method_checks, lag_methods
from helpers.display.wording import lag_method_cells as cells
from helpers.display.wording.effect_axis import effect_name
from helpers.display.wording.effects import Claim, effect_text
from helpers.display.wording.lags import lag_answer
from helpers.display.wording.verdicts import verdict_text

# Of `helpers.stats.lag_search`: all lags in one model, as the headline has them.
TOGETHER = "together"


class LagMethods(Protocol):
    """See `helpers.stats.lag_methods`."""

    evidence: LagEvidence
    headline_answer: str
    answers: pd.DataFrame
    found: dict[str, object]
    restricted: dict[str, dict[str, object]]
    agreement: str

    @property
    def relied_on(self) -> pd.DataFrame: ...

    def table(self, name: str) -> pd.DataFrame: ...


def agreement_part(methods: LagMethods, words: Words, claim: Claim) -> Part:
    """Answer the claim by the headline, and say whether other methods agree with it.

    Parameters
    ----------
    methods : LagMethods
    words : Words
    claim : Claim

    Returns
    -------
    Part
    """
    verdict, claimed = methods.evidence.verdict, methods.evidence.claimed
    told = {"agreement": methods.agreement, "headline_answer": methods.headline_answer}
    return Part(
        [
            lag_answer(claimed, words, claim, verdict=verdict.verdict, because=verdict.because),
            lag_methods.agreement_sentence(methods.answers, words, **told),
            lag_checks.stand_in_sentence(words, claim),
        ]
    )


def methods_chart(methods: LagMethods, words: Words, claim: Claim) -> Part:
    """Show the effects of all methods that have an interval below that of the headline."""
    named = cells.method_names(methods.answers, methods.evidence.claimed, words)
    return Part([forest_chart(named, words, claim=claim)])


def methods_table(methods: LagMethods, words: Words, claim: Claim) -> Table:
    """Show for every method what it assumes, what it says here, and how that stands beside the headline."""
    headline = methods.evidence.claimed | {"method": cells.HEADLINE, "answer": methods.headline_answer}
    columns = [
        Column(words.text("Method"), lambda row: cells.method_name(row["method"], words), is_number=False),
        Column(words.text("What it says here"), lambda row: cells.says_text(row, words, claim), is_number=False),
        Column(words.text("Beside the headline"), lambda row: row["stands"], is_number=False),
        Column(
            words.text("What it assumes"),
            lambda row: cells.assumption_text(row["method"], words, claim),
            is_number=False,
        ),
    ]
    others = [row | {"stands": cells.beside_text(row, words)} for row in methods.answers.to_dict("records")]
    verdict = words.text("Verdict: {verdict}", verdict=verdict_text(methods.evidence.verdict.verdict, words))
    rows = [headline | {"stands": verdict}, *others]
    caption = words.text(
        "Every method, whether it applies, and what it says here: {effect}",
        effect=effect_name(methods.evidence.claimed, words, claim),
    )
    return table_of(rows, columns, words, caption=caption)


def differences_part(methods: LagMethods, words: Words, claim: Claim) -> Part:
    """Explain every answer that is not the headline's, or say that there is none."""
    rows = methods.relied_on
    differing = rows[~rows["beside"].isin(["same", "no_headline"])].to_dict("records")
    claimed = methods.evidence.claimed
    told = [
        lag_methods.difference_sentence(
            row, words, claim, headline=claimed, restricted=methods.restricted.get(row["method"])
        )
        for row in differing
    ]
    compared = methods.agreement not in ("none_apply", "no_headline")
    return Part(told or [lag_methods.nothing_differs(words, compared=compared)])


def search_part(methods: LagMethods, words: Words, claim: Claim) -> Part:
    """Say which lag a search over all of them finds, with intervals that hold for all lags at once."""
    table = methods.table("search")
    together = table[table["model"] == TOGETHER]
    chart = profile_chart(together, words, claim)
    return Part([lag_method_checks.search_sentence(together, words, claim), chart])


def own_past_part(methods: LagMethods, words: Words, claim: Claim) -> Part:
    """Say how y follows its own past by GMM, and what the tests of that say."""
    estimates = methods.table("one_step")
    found = methods.found["one_step"]
    sizes = {"n_instruments": found.n_instruments, "n_units": found.n_units}
    counted = "one_step" in set(methods.relied_on["method"])
    told = {"sizes": sizes, "counted": counted}
    return Part([lag_method_checks.own_past_sentence(estimates, found.tests, words, claim, **told)])


def reverse_part(methods: LagMethods, words: Words, claim: Claim) -> Part:
    """Say whether y precedes x in some unit, by the Granger test the other way round."""
    row, level = methods.table("reverse_granger").iloc[0].to_dict(), 1 - methods.answers["conf_level"].iloc[0]
    return Part([lag_method_checks.reverse_granger_sentence(row, words, claim, level=level)])


def curve_part(methods: LagMethods, choices: pd.DataFrame, words: Words, claim: Claim) -> Part:
    """Show the effect under all combinations of choices, and which choice moves it.

    Parameters
    ----------
    methods : LagMethods
    choices : DataFrame
        Answer of `helpers.stats.curve_choices` for its curve.
    words : Words
    claim : Claim

    Returns
    -------
    Part
    """
    curve, test = methods.table("profile"), methods.table("curve")
    table = choices_table(choices, words, claim)
    chart = figure(lambda: plot_curve(curve, words, claim), alt=lag_curve.curve_alt(curve, words, claim), table=table)
    return Part([lag_curve.curve_sentence(curve, test, choices, words, claim), chart])


def choices_table(choices: pd.DataFrame, words: Words, claim: Claim) -> Table:
    """Show the median effect under each option of each choice."""
    none = dict.fromkeys(("ci_low", "ci_high", "ci_low_sd", "ci_high_sd"), 0.0)
    columns = [
        Column(words.text("Choice"), lambda row: words.text(lag_curve.CHOICES[row["choice"]]), is_number=False),
        Column(words.text("Option"), lambda row: lag_curve.option_text(row, words, claim), is_number=False),
        Column(words.text("Median effect"), lambda row: effect_text(row | none, words, claim)[0]),
        Column(words.text("Combinations"), lambda row: words.number(row["n"])),
    ]
    caption = words.text("Median effect under each choice, the choice that moves it most first")
    return table_of(choices.to_dict("records"), columns, words, caption=caption)
