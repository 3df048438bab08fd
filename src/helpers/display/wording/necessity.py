"""Sentences about a claim of necessity: is there no high y without a high x first, and how many exceptions there are.

A cell is one row of `stats.necessity`: ``x_threshold``, ``y_threshold``, ``n_clear`` (clear exceptions),
``expected_independence`` and ``expected_own_past`` (as many would there be without a link), ``state``.
"""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.amounts import figure_text
from helpers.display.wording.durations import duration
from helpers.display.wording.effects import Claim, Row
from helpers.display.wording.marks import msg
from helpers.display.wording.measures import measure_of
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.verdicts import lead_in
from helpers.display.wording.words import Words

# Each verdict as an answer to the question whether there is no high y without a high x first.
ANSWERS = {"holds": "yes", "fails": "no", "cannot_tell": "cannot_tell"}
FACTS = {
    "holds": msg("{y} is hardly ever above {y_cut} here unless {x} was at least {x_cut} up to {window} earlier."),
    "fails": msg("{y} is at times above {y_cut} here after {x} was below {x_cut} for {window}."),
    "cannot_tell": msg("Whether {x} must be at least {x_cut} before {y} is above {y_cut} cannot be told here."),
}
BECAUSE = {
    "fewer_but_many": msg("Exceptions are fewer than there would be without a link, but too many for a rule."),
    "too_few_chances": msg("There were too few chances for a clear exception."),
    "as_by_chance": msg("Clear exceptions are not clearly fewer than there would be without a link."),
    "as_by_own_past": msg("Exceptions are few, but lasting differences between units alone could explain that."),
}
STATES = {
    "fewer": msg("clearly fewer exceptions than without a link"),
    "unclear": msg("not clearly fewer"),
    "few_chances": msg("too few chances for an exception"),
    "more": msg("more exceptions than measurement error gives"),
}


def necessity_answer(cell: Row, words: Words, claim: Claim, *, verdict: str, because: str) -> Paragraph:
    """Answer whether there is no high y without a high x first.

    Parameters
    ----------
    cell : mapping
        The cell the verdict rests on.
    words : Words
    claim : Claim
        Its lag is the length of the window.
    verdict : {"holds", "fails", "cannot_tell"}
    because : str
        Reason id of `stats.necessity_verdict`.

    Returns
    -------
    Paragraph

    Raises
    ------
    ValueError
        For any other verdict.
    """
    if verdict not in FACTS:
        raise ValueError(f"verdict must be one of {', '.join(FACTS)}; found {verdict!r}.")
    values = claim.names(words) | {side + "_cut": cut_text(cell, side, words, claim) for side in "xy"}
    values["window"] = duration(words, claim.lag, claim.periods_per_year)
    fact = capital(words.text(FACTS[verdict], **values))
    reason = words.text(BECAUSE[because]) if because in BECAUSE else _exceptions(cell, words, verdict)
    return paragraph(lead_in(ANSWERS[verdict], words), fact, reason)


def cut_text(cell: Row, side: str, words: Words, claim: Claim) -> str:
    """Write the threshold of x or y in a cell."""
    return figure_text(cell[side + "_threshold"], words, measure_of(getattr(claim, side)).kind)


def expected_text(cell: Row, words: Words) -> str:
    """Write how many clear exceptions there would be without a link: the fewer of both ways to count them."""
    return words.number(min(cell["expected_independence"], cell["expected_own_past"]), 0)


def necessity_alt(cells: pd.DataFrame, words: Words, claim: Claim) -> Paragraph:
    """Describe a grid of thresholds: in how many pairs exceptions are clearly fewer, and what the most lenient has.

    Parameters
    ----------
    cells : DataFrame
    words : Words
    claim : Claim

    Returns
    -------
    Paragraph
    """
    lenient = cells.sort_values(["x_threshold", "y_threshold"], ascending=[True, False]).iloc[0]
    cuts = {side + "_cut": cut_text(lenient, side, words, claim) for side in "xy"}
    return paragraph(
        necessity_caption(words, claim),
        words.plural(
            "Of {n} pair of thresholds, {fewer} has clearly fewer than without a link, {more} more than error gives.",
            "Of {n} pairs of thresholds, {fewer} have clearly fewer than without a link, {more} more than error gives.",
            len(cells),
            **{state: words.number((cells["state"] == state).sum()) for state in ("fewer", "more")},
        ),
        capital(
            words.plural(
                "{y} above {y_cut} with {x} below {x_cut}: {n} clear exception, {expected} expected without a link.",
                "{y} above {y_cut} with {x} below {x_cut}: {n} clear exceptions, {expected} expected without a link.",
                lenient["n_clear"],
                expected=expected_text(lenient, words),
                **cuts,
                **claim.names(words),
            )
        ),
    )


def necessity_caption(words: Words, claim: Claim) -> Markup:
    """Name what is counted: clear exceptions to the rule."""
    return words.text("Clear exceptions to the rule that {x} is high before {y} is.", **claim.names(words))


def _exceptions(cell: Row, words: Words, verdict: str) -> Markup:
    n, expected = int(cell["n_clear"]), expected_text(cell, words)
    if verdict == "fails":
        return words.plural(
            "There is {n} clear exception, more than measurement error can explain.",
            "There are {n} clear exceptions, more than measurement error can explain.",
            n,
        )
    if n == 0:
        return words.text("There is no clear exception; without a link there would be {expected}.", expected=expected)
    return words.plural(
        "There is {n} clear exception; without a link there would be {expected}.",
        "There are {n} clear exceptions; without a link there would be {expected}.",
        n,
        expected=expected,
    )
