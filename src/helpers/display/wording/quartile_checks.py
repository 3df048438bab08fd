"""Sentences on the gap looked at in other ways."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.display.wording.marks import msg
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words

HEADLINE, POOLED = "headline", "pooled"
CHECKS = {
    "headline": msg("as above"),
    "pooled": msg("over all units together"),
    "same_wave": msg("ranked on the same wave"),
    "by_n": msg("units counted by their answers"),
    "by_precision": msg("units counted by their precision"),
    "slope": msg("implied by one line through all units"),
    "adjusted": msg("with size and organisation held fixed"),
}


def agreement_sentence(checks: pd.DataFrame, words: Words) -> Paragraph:
    """Say for which outcomes another way of looking gives another answer.

    Parameters
    ----------
    checks : DataFrame
        ``outcome``, ``check``, ``agrees`` (missing where there is no interval), see `stats.quartile_checks`.
    words : Words

    Returns
    -------
    Paragraph
        Empty where no other way has an interval.
    """
    others = checks[(checks["check"] != HEADLINE) & checks["agrees"].notna()]
    if others.empty:
        return paragraph()
    differing = others[~others["agrees"].astype(bool)]
    if differing.empty:
        return paragraph(
            words.text("Every outcome keeps its answer in each of these ways of looking that has an interval.")
        )
    told = [
        words.text(
            "The answer on {outcome} is another one in these ways: {ways}.",
            outcome=words.measure(outcome, definite=True),
            ways=words.items([words.text(CHECKS[check]) for check in rows["check"]]),
        )
        for outcome, rows in differing.groupby("outcome", sort=False)
    ]
    kept = words.text("All other outcomes keep their answers.")
    return paragraph(*told, kept if differing["outcome"].nunique() < checks["outcome"].nunique() else "")


def absent_sentence(checks: pd.DataFrame, words: Words, *, within: bool) -> Paragraph:
    """Say which ways of looking the figures of these units do not allow, for all outcomes or for some.

    Parameters
    ----------
    checks : DataFrame
        As `agreement_sentence`.
    words : Words
    within : bool
        Whether the gap above is the median within organisations, so that all units together are another way.

    Returns
    -------
    Paragraph
        Empty where all ways are there for all outcomes.
    """
    wanted = [check for check in CHECKS if check != HEADLINE and (check != POOLED or within)]
    outcomes = {check: _outcomes(checks, check) for check in wanted}
    n_all = checks["outcome"].nunique()
    absent = [words.text(CHECKS[check]) for check in wanted if not outcomes[check]]
    partly = {check: found for check, found in outcomes.items() if 0 < len(found) < n_all}
    return paragraph(
        words.text("Not possible with the figures of these units: {ways}.", ways=words.items(absent)) if absent else "",
        *(
            words.text(
                "Possible for {n} of {total} outcomes: {way}.",
                n=words.number(len(found)),
                total=words.number(n_all),
                way=words.text(CHECKS[check]),
            )
            for check, found in partly.items()
        ),
    )


def _outcomes(checks: pd.DataFrame, check: str) -> Sequence[str]:
    return checks.loc[checks["check"] == check, "outcome"].unique().tolist()
