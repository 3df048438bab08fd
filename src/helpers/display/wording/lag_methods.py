"""Whether other methods agree on a lag claimed, and why they do not.

A row is one of the ``answers`` of `helpers.stats.lag_methods`.
"""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.effects import Claim, Row, effect_text
from helpers.display.wording.lag_method_cells import has_too_few, method_name, sides, with_bounds
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words

# What an effect is, by the answer it gives.
FINDINGS = {
    "yes": msg("an effect on the side claimed"),
    "opposite": msg("an effect on the opposite side"),
    "no": msg("an effect too small to matter"),
}
# More names than this make a sentence too long.
MOST_NAMES = 3
# Why an answer differs, by method; what is true whatever the answer is.
WHY = {
    "search": msg("“{method}” fits the same model, with an interval made for all lags at once."),
    "one_step": msg("“{method}” lets {y} follow its own past and move {x} later, which the headline does not."),
    "two_step": msg("“{method}” lets {y} follow its own past and move {x} later, which the headline does not."),
    "half_panel": msg("“{method}” lets {y} follow its own past, and corrects the bias that few periods bring."),
    "cross_lagged": msg("“{method}” uses units without a gap only, and lets both sides follow their own past."),
    "corrected": msg("“{method}” puts back what sampling error takes off the headline, at the price of precision."),
    "response_rate": msg("“{method}” leaves out rows without a response rate, and what goes with response."),
    "redesign": msg("“{method}” leaves out rows whose lags reach across the new questionnaire."),
    "curve": msg("“{method}” gives other choices as much say as the headline; they are told apart below."),
}


def agreement_sentence(answers: pd.DataFrame, words: Words, *, agreement: str, headline_answer: str) -> Paragraph:
    """Say whether the methods that can be relied on agree with the headline.

    Parameters
    ----------
    answers : DataFrame
        All methods, see the module.
    words : Words
    agreement : str
        Of `helpers.stats.claim_answers.agreement`.
    headline_answer : str
        What the headline's effect says by the rules of the methods.

    Returns
    -------
    Paragraph
    """
    applies = answers["reason"] == ""
    counted = answers[applies & (answers["doubt"] == "") & (answers["beside"] != "neighbour")]
    in_doubt = int((applies & (answers["doubt"] != "")).sum())
    told = [_agreement(counted, words, agreement, headline_answer)]
    if in_doubt:
        told.append(
            words.plural(
                "{n} method applies but fails its own tests, or cannot take them, and is not counted.",
                "{n} methods apply but fail their own tests, or cannot take them, and are not counted.",
                in_doubt,
            )
        )
    if agreement in ("differ", "decide"):
        told.append(
            words.text("Whether methods differ beyond chance is not tested; what each does otherwise is below.")
        )
    elif agreement in ("agree", "partly", "sizes") and headline_answer != "cannot_tell":
        told.append(words.text("All read the same figures, so agreement is no second proof."))
    return paragraph(*told)


def difference_sentence(
    row: Row, words: Words, claim: Claim, *, headline: Row, restricted: Row | None = None
) -> Paragraph:
    """Explain why a method does not say the same as the headline; nothing is averaged.

    Parameters
    ----------
    row : mapping
        A method whose ``beside`` is not "same".
    words : Words
    claim : Claim
    headline : mapping
        Row at the lag claimed.
    restricted : mapping, optional
        The same on the rows of the method, where these are fewer.

    Returns
    -------
    Paragraph
    """
    return paragraph(_difference(row, words, claim, headline), _on_its_rows(restricted, words, claim))


def _on_its_rows(restricted: Row | None, words: Words, claim: Claim) -> Markup:
    if not restricted or is_missing(restricted["ci_low"]):
        return Markup()
    effect, interval = effect_text(restricted, words, claim)
    form = msg("On the rows that this method can use, the headline model itself finds {effect} ({interval}).")
    return words.text(form, effect=effect, interval=interval)


def _difference(row: Row, words: Words, claim: Claim, headline: Row) -> Markup:
    told = {"method": method_name(row["method"], words)}
    if row["beside"] != "unsure":
        return words.text(WHY[row["method"]], **told, **sides(words, claim))
    told["effect"] = effect_text(with_bounds(row), words, claim)[0]
    if is_missing(row["ci_low"]):
        form = msg(
            "“{method}” has a median of {effect}, no further from zero than chance brings; see the choices below."
        )
        return words.text(form, **told)
    if has_too_few(row):
        return words.text("“{method}” rests on too few independent groups to tell.", method=told["method"])
    half = (row["ci_high"] - row["ci_low"]) / 2
    if abs(headline["estimate"]) <= half:
        form = msg("“{method}” is less precise: with its interval the headline's effect could not be told from zero.")
        return words.text(form, method=told["method"])
    told["headline"] = effect_text(headline, words, claim)[0]
    form = msg("“{method}” finds {effect} where the headline finds {headline}; its interval holds that and zero.")
    return words.text(form, **told)


def nothing_differs(words: Words, *, compared: bool) -> Paragraph:
    """Say that there is no other answer to explain, or nothing to compare."""
    if not compared:
        return paragraph(words.text("There is nothing to compare."))
    return paragraph(
        words.text("No method that answers this claim here says otherwise, so there is nothing to explain.")
    )


def _agreement(counted: pd.DataFrame, words: Words, agreement: str, headline_answer: str) -> Markup:
    if agreement == "none_apply":
        return words.text("No other method answers this claim here, so nothing speaks for or against it.")
    if agreement == "no_headline":
        return words.text("There is no headline effect to set other methods beside.")
    if agreement == "not_against":
        return words.text("Other methods neither confirm nor contradict it: none of them can tell here.")
    if agreement == "agree" and headline_answer == "cannot_tell":
        return words.text("No other method that answers this claim here can tell either.")
    if agreement == "decide":
        return words.text(
            "The headline cannot tell; an answer is given by {names}.", names=_named(counted, "decides", words)
        )
    if agreement == "differ":
        return words.plural(
            "Not all methods agree: another answer is given by {names}.",
            "Not all methods agree: other answers are given by {names}.",
            int((counted["beside"] == "other").sum()),
            names=_named(counted, "other", words),
        )
    finding = words.text(FINDINGS[headline_answer])
    if agreement == "agree":
        return words.text("Every other method that answers this claim here also finds {finding}.", finding=finding)
    form, stands = {
        "sizes": (msg("Other methods also find {finding} or cannot tell; at another size: {names}."), "other_size"),
        "partly": (msg("Other methods also find {finding}, but these cannot tell: {names}."), "unsure"),
    }[agreement]
    return words.text(form, finding=finding, names=_named(counted, stands, words))


def _named(counted: pd.DataFrame, stands: str, words: Words) -> Markup:
    """Names of the methods that stand so; of many the first ones."""
    methods = list(counted.loc[counted["beside"] == stands, "method"])
    shown = methods if len(methods) <= MOST_NAMES else methods[: MOST_NAMES - 1]
    names = [words.text("“{method}”", method=method_name(one, words)) for one in shown]
    return words.items(names + [words.text("others")] * (len(shown) < len(methods)))
