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
    HEADLINE: msg("Differences between units last, years touch all alike, and {y} does not move {x} later"),
    "search": msg("The same; its interval pays for looking at every lag"),
    "projections": msg("The same beside the period before; what {x} does later counts along"),
    "granger": msg("Each unit follows its own past by rules that stay"),
    "one_step": msg("{y} follows its own past and may move {x}; older levels say nothing of new shocks"),
    "two_step": msg("The same, and many more units than instruments"),
    "half_panel": msg("{y} follows its own past and may move {x}; both halves go by the same rules"),
    "cross_lagged": msg("Both follow their own past by rules that stay, and levels of units are lasting"),
    "corrected": msg("As the headline, and sampling errors of {x} are known"),
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
BESIDE = {
    "same": msg("The same answer"),
    "other_size": msg("The same answer at another size"),
    "unsure": msg("Cannot tell; the headline's effect is possible"),
    "other": msg("Another answer"),
    "no_headline": msg("There is no headline to compare with"),
}
DOUBTS = {
    "too_many_instruments": msg("Not counted: it has as many instruments as units"),
    "instruments_refused": msg("Not counted: its instruments fail Hansen's test"),
    "errors_linked": msg("Not counted: its errors hang together over two periods"),
    "untested": msg("Not counted: too few periods to test its instruments"),
    "poor_fit": msg("Not counted: the model as a whole does not fit"),
}
AGREEMENTS = {
    "none_apply": msg("No other method can be relied on here, so nothing speaks for or against it."),
    "no_headline": msg("There is no headline effect to set other methods beside."),
    "sizes": msg("Not one of {n} other methods gives another answer about the effect; some give it another size."),
}
# Why an answer differs, by method; what is true whatever the answer is.
WHY = {
    "projections": msg("“{method}” follows the whole course after a rise, what {x} does later included."),
    "granger": msg("“{method}” asks for any effect up to the lag claimed, on whatever side, in some unit."),
    "one_step": msg("“{method}” lets {y} follow its own past and move {x}; the headline does not, which can bias it."),
    "two_step": msg("“{method}” lets {y} follow its own past and move {x}; the headline does not, which can bias it."),
    "half_panel": msg("“{method}” takes away the pull that few periods have on the headline."),
    "cross_lagged": msg("“{method}” uses units without a gap only, and lets both sides follow their own past."),
    "corrected": msg("“{method}” puts back what sampling error takes off the headline, at the price of precision."),
    "response_rate": msg("“{method}” leaves out rows without a response rate, and what goes with response."),
    "redesign": msg("“{method}” leaves out rows whose lags reach across the new questionnaire."),
    "curve": msg("“{method}” gives the other choices as much say as the headline; the choices are told apart below."),
}
# From here on a wider interval explains a missing answer.
CLEARLY_WIDER = 1.1


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
    return rows.assign(name=[method_name(term, words) for term in rows["term"]])


def assumption_text(method: str, words: Words, claim: Claim) -> Markup:
    """Say in a cell what a method assumes."""
    return capital(words.text(ASSUMES[method], **_sides(words, claim)))


def says_text(row: Row, words: Words, claim: Claim) -> Markup:
    """Say in a cell what a method finds: its answer, the effect, how sure."""
    if row.get("reason"):
        return Markup("{}").format(not_applicable(row["reason"], row["reason_values"], words))
    answer = words.text(ANSWERS[row["answer"]])
    if not is_missing(row["ci_low"]):
        effect, interval = effect_text(row, words, claim, level=False)
        return words.text("{answer}: {effect} ({interval})", answer=answer, effect=effect, interval=interval)
    if is_missing(row["p_value"]):
        return answer
    share = share_text(row["p_value"], words)
    if is_missing(row["estimate_sd"]):
        return words.text("{answer}; by chance in {share} of cases", answer=answer, share=share)
    effect, _ = effect_text(row | {"ci_low": 0.0, "ci_high": 0.0, "ci_low_sd": 0.0, "ci_high_sd": 0.0}, words, claim)
    return words.text("{answer}: {effect}; by chance in {share} of cases", answer=answer, effect=effect, share=share)


def beside_text(row: Row, words: Words) -> Markup:
    """Say in a cell how a method stands beside the headline, or why it is not counted."""
    if row.get("reason"):
        return words.text("Does not apply")
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
    counted = answers[applies & (answers["doubt"] == "")]
    in_doubt = int((applies & (answers["doubt"] != "")).sum())
    told = [_agreement(counted, words, agreement, headline_answer)]
    if in_doubt:
        told.append(
            words.plural(
                "{n} method applies but does not pass its own tests, and is not counted.",
                "{n} methods apply but do not pass their own tests, and are not counted.",
                in_doubt,
            )
        )
    if agreement == "differ":
        told.append(words.text("Of many methods one may differ by chance; what each does otherwise stands below."))
    elif agreement in ("agree", "not_against", "sizes"):
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
        The same on the periods of the method, where these are fewer.

    Returns
    -------
    Paragraph
    """
    return paragraph(_difference(row, words, claim, headline), _on_its_periods(restricted, words, claim))


def _on_its_periods(restricted: Row | None, words: Words, claim: Claim) -> Markup:
    if not restricted or is_missing(restricted["ci_low"]):
        return Markup()
    effect, interval = effect_text(restricted, words, claim)
    form = msg("It has fewer periods; on these the headline model itself finds {effect} ({interval}).")
    return words.text(form, effect=effect, interval=interval)


def _difference(row: Row, words: Words, claim: Claim, headline: Row) -> Markup:
    method = method_name(row["method"], words)
    if row["beside"] != "unsure":
        return words.text(WHY[row["method"]], method=method, **_sides(words, claim))
    if is_missing(row["ci_low"]):
        form = msg("“{method}” finds nothing beyond chance, which does not speak against the headline.")
        return words.text(form, method=method)
    ratio = (row["ci_high"] - row["ci_low"]) / (headline["ci_high"] - headline["ci_low"])
    if ratio < CLEARLY_WIDER:
        form = msg("“{method}” cannot tell: its interval holds the headline's effect, and that is no contradiction.")
        return words.text(form, method=method)
    form = msg("“{method}” is less precise: its interval is {ratio} times as wide, and holds the headline's effect.")
    return words.text(form, method=method, ratio=words.number(ratio, 1))


def nothing_differs(words: Words) -> Paragraph:
    """Say that there is no other answer to explain."""
    return paragraph(words.text("No method that can be relied on says otherwise, so there is nothing to explain."))


def _agreement(counted: pd.DataFrame, words: Words, agreement: str, headline_answer: str) -> Markup:
    n = len(counted)
    if agreement in AGREEMENTS:
        return words.text(AGREEMENTS[agreement], n=words.number(n))
    if agreement == "differ":
        other = counted[counted["beside"] == "other"]
        names = words.items([words.text("“{method}”", method=method_name(one, words)) for one in other["method"]])
        total = words.number(n)
        return words.plural(
            "{n} of the {total} other methods that can be relied on gives another answer: {names}.",
            "{n} of the {total} other methods that can be relied on give another answer: {names}.",
            len(other),
            total=total,
            names=names,
        )
    if agreement == "not_against":
        return words.plural(
            "Not one of {total} other methods gives another answer about the effect; {n} of them cannot tell.",
            "Not one of {total} other methods gives another answer about the effect; {n} of them cannot tell.",
            int((counted["beside"] == "unsure").sum()),
            total=words.number(n),
        )
    if headline_answer == "cannot_tell":
        return words.plural(
            "The only other method that can be relied on cannot tell either.",
            "The {n} other methods that can be relied on cannot tell either.",
            n,
        )
    return words.plural(
        "The only other method that can be relied on gives the same answer about the effect.",
        "The {n} other methods that can be relied on all give the same answer about the effect.",
        n,
    )


def _sides(words: Words, claim: Claim) -> Mapping[str, Markup]:
    names = claim.names(words)
    return {"x": names["x"], "y": names["y"]}
