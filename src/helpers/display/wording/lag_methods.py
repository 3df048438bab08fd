"""What other methods are called, what they assume, what they say of a lag claimed, and why they differ.

Ids are those of `helpers.stats.lag_methods` and `helpers.stats.claim_answers`; a row is one of its ``answers``.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.cautions import not_applicable
from helpers.display.wording.effects import Claim, Row, effect_text
from helpers.display.wording.lag_robustness import share_text
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.words import Words

HEADLINE = "headline"
NAMES = {
    HEADLINE: msg("Headline model"),
    "search": msg("Search over all lags"),
    "projections": msg("Local projection"),
    "granger": msg("Granger test of each unit"),
    "one_step": msg("Difference GMM"),
    "two_step": msg("Difference GMM in two steps"),
    "half_panel": msg("Half-panel jackknife"),
    "cross_lagged": msg("Cross-lagged model"),
    "corrected": msg("Corrected for sampling error"),
    "response_rate": msg("Response rate beside it"),
    "redesign": msg("New questionnaire kept apart"),
    "curve": msg("All combinations of choices"),
}
ASSUMES = {
    HEADLINE: msg("Differences between units last, periods touch all alike, and {y} does not move {x} later"),
    "search": msg("The same; its interval is wider because every lag was looked at"),
    "projections": msg("{y} follows its own past; asks for the whole course after a rise, with what {x} does later"),
    "granger": msg("Each unit follows its own past by lasting rules; asks for any lag, unit and side"),
    "one_step": msg(
        "{y} follows its own past and may move {x} later, not at once; old levels are no part of new shocks"
    ),
    "two_step": msg("The same, and many more units than instruments"),
    "half_panel": msg("{y} follows its own past and may move {x} later, not at once; both halves go by the same rules"),
    "cross_lagged": msg("Both follow their own past by lasting rules, and levels of units are lasting"),
    "corrected": msg("As the headline; sampling errors of {x} are known, and others answer for {y}"),
    "response_rate": msg("As the headline, and response shifts scores along a straight line"),
    "redesign": msg("As the headline, and a new questionnaire shifts all later scores of a unit alike"),
    "curve": msg("Units could have had each other's history of {x}"),
}
ANSWERS = {
    "yes": msg("Yes"),
    "no": msg("No"),
    "cannot_tell": msg("Cannot tell"),
    "opposite": msg("The opposite"),
}
SOME_UNIT = msg("In some unit, at some lag")
# What an effect is, by the answer it gives.
FINDINGS = {
    "yes": msg("an effect on the side claimed"),
    "opposite": msg("an effect on the opposite side"),
    "no": msg("an effect too small to matter"),
}
BESIDE = {
    "same": msg("The same answer"),
    "other_size": msg("The same answer at another size"),
    "unsure": msg("Cannot tell; the headline's effect is possible"),
    "decides": msg("An answer where the headline cannot tell"),
    "other": msg("Another answer"),
    "neighbour": msg("A neighbouring question, not compared"),
    "no_headline": msg("There is no headline to compare with"),
}
DOUBTS = {
    "too_many_instruments": msg("Not counted: it has as many instruments as units, or more"),
    "instruments_refused": msg("Not counted: its instruments fail Hansen's test"),
    "errors_linked": msg("Not counted: its errors hang together over two periods"),
    "untested": msg("Not counted: too few periods to test its instruments"),
    "poor_fit": msg("Not counted: the model as a whole does not fit"),
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
# With fewer degrees of freedom no method tells anything, as in `helpers.stats.verdicts`.
LEAST_DF = 4.0


def method_name(method: str, words: Words) -> Markup:
    """Name a method, as a title."""
    return words.text(NAMES[method])


def method_names(answers: pd.DataFrame, headline: Row, words: Words) -> pd.DataFrame:
    """Headline and methods with an interval, named, for a figure.

    Parameters
    ----------
    answers : DataFrame
        See the module.
    headline : mapping
        Row at the lag claimed.
    words : Words

    Returns
    -------
    DataFrame
        ``name``, ``term`` (the method) and the figures of a row.
    """
    shown = answers[answers["ci_low"].notna()]
    shown = shown.assign(term=shown["method"])
    first = pd.DataFrame([dict(headline) | {"term": HEADLINE}])
    columns = [column for column in shown if column in first] + ["n_clusters"] * ("n_clusters" not in shown)
    rows = pd.concat([first[columns], shown[columns]], ignore_index=True)
    names = [method_name(HEADLINE, words), *(_marked(row, words) for row in shown.to_dict("records"))]
    return rows.assign(name=names)


def _marked(row: Row, words: Words) -> Markup:
    name = method_name(row["method"], words)
    if row["doubt"]:
        return words.text("{method} (not counted)", method=name)
    return words.text("{method} (another question)", method=name) if row["beside"] == "neighbour" else name


def assumption_text(method: str, words: Words, claim: Claim) -> Markup:
    """Say in a cell what a method assumes."""
    return capital(words.text(ASSUMES[method], **_sides(words, claim)))


def says_text(row: Row, words: Words, claim: Claim) -> Markup:
    """Say in a cell what a method finds: its answer, the effect, how sure."""
    if row.get("reason"):
        return Markup("{}").format(not_applicable(row["reason"], row["reason_values"], words))
    answer = words.text(ANSWERS[row["answer"]])
    if not is_missing(row["ci_low"]):
        if _has_too_few(row):
            answer = words.text("{answer}, too few groups", answer=answer)
        effect, interval = effect_text(row, words, claim, level=False)
        return words.text("{answer}: {effect} ({interval})", answer=answer, effect=effect, interval=interval)
    if is_missing(row["p_value"]):
        return answer
    share = share_text(row["p_value"], words)
    if is_missing(row["estimate_sd"]):
        found = words.text(SOME_UNIT) if row["answer"] == "yes" else answer
        return words.text("{answer}; as far by chance in {share} of cases", answer=found, share=share)
    effect, _ = effect_text(_with_bounds(row), words, claim)
    return words.text(
        "{answer}: {effect}; as far by chance in {share} of cases", answer=answer, effect=effect, share=share
    )


def beside_text(row: Row, words: Words) -> Markup:
    """Say in a cell how a method stands beside the headline, or why it is not counted."""
    if row.get("reason"):
        return words.text("Does not apply")
    if row["beside"] == "unsure" and is_missing(row["ci_low"]) and not row["doubt"]:
        return words.text(ANSWERS["cannot_tell"])
    return words.text(DOUBTS[row["doubt"]] if row["doubt"] else BESIDE[row["beside"]])


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
        return words.text(WHY[row["method"]], **told, **_sides(words, claim))
    told["effect"] = effect_text(_with_bounds(row), words, claim)[0]
    if is_missing(row["ci_low"]):
        form = msg(
            "“{method}” has a median of {effect}, no further from zero than chance brings; see the choices below."
        )
        return words.text(form, **told)
    if _has_too_few(row):
        return words.text("“{method}” rests on too few independent groups to tell.", method=told["method"])
    half = (row["ci_high"] - row["ci_low"]) / 2
    if abs(headline["estimate"]) <= half:
        form = msg("“{method}” is less precise: with its interval the headline's effect could not be told from zero.")
        return words.text(form, method=told["method"])
    told["headline"] = effect_text(headline, words, claim)[0]
    form = msg("“{method}” finds {effect} where the headline finds {headline}; its interval holds that and zero.")
    return words.text(form, **told)


def _has_too_few(row: Row) -> bool:
    return row.get("df", LEAST_DF) < LEAST_DF


def _with_bounds(row: Row) -> Row:
    """The row, with bounds where a test has none, so that its effect can be written."""
    if not is_missing(row["ci_low"]):
        return row
    return dict(row) | dict.fromkeys(("ci_low", "ci_high", "ci_low_sd", "ci_high_sd"), 0.0)


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


def _sides(words: Words, claim: Claim) -> Mapping[str, Markup]:
    names = claim.names(words)
    return {"x": names["x"], "y": names["y"]}
