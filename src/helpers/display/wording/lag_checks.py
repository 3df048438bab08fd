"""Sentences about what stands beside a lag: the claim, the lags that can be told apart, the lead, the way back.

Rows are those of `wording.effects`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from helpers.display.wording.amounts import amount_text, leveled, with_figures
from helpers.display.wording.durations import duration
from helpers.display.wording.effects import Claim, Row, effect_of, effect_size, effect_text, scale_of, step_text
from helpers.display.wording.lags import effect_sentence
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.words import Words

CLAIMS = {
    1: msg("{source} reported: where {x} rises, {y} rises about {when}."),
    -1: msg("{source} reported: where {x} rises, {y} falls about {when}."),
}
LEADS = {
    "moved": msg("As a check: {ahead} before a rise of {step} in {x}, {y} already moves"),
    "small": msg("As a check: {ahead} before a rise of {step} in {x}, {y} hardly moves"),
    "unclear": msg("As a check: {ahead} before a rise of {step} in {x}, {y} may be higher or lower"),
}


# A search finds the right lag in 79 % of panels of 8 periods and 95 % of 12 (docs/validation.md).
SURE_FROM = 10


def claim_sentence(words: Words, claim: Claim, *, source: str) -> Paragraph:
    """Say what somebody else reported.

    Parameters
    ----------
    words : Words
    claim : Claim
    source : str
        Who reported it.

    Returns
    -------
    Paragraph
    """
    return paragraph(words.text(CLAIMS[claim.sign], source=source, **claim.names(words)))


def stand_in_sentence(words: Words, claim: Claim) -> Paragraph:
    """Say which measures stand in for eNPS and NPS; empty where the claim is tested on those two."""
    if {claim.x, claim.y} == {"enps", "nps"}:
        return paragraph()
    return paragraph(
        words.text("This is not a test of eNPS and NPS: {x} and {y} stand in for them.", **claim.names(words))
    )


def lags_sentence(words: Words, claim: Claim, lags: Sequence[int], *, n_entities: int, n_periods: int) -> Paragraph:
    """Say which lags the panel can tell apart, and whether the claimed one is among them.

    Parameters
    ----------
    words : Words
    claim : Claim
    lags : sequence of int
        The lags used, in periods; leads are left out.
    n_entities, n_periods : int
        Size of the panel.

    Returns
    -------
    Paragraph
    """
    longest = max((lag for lag in lags if lag >= 0), default=0)
    size = {"n_entities": words.number(n_entities), "n_periods": words.number(n_periods)}
    if longest == 0:
        used = words.text("With {n_entities} units and {n_periods} measurements, no lags can be told apart.", **size)
    else:
        used = words.text(
            "With {n_entities} units and {n_periods} measurements, lags of up to {longest} can be told apart.",
            longest=duration(words, longest, claim.periods_per_year),
            **size,
        )
    if claim.lag <= longest:
        rough = words.text("With so few measurements an effect may turn up a lag too early or too late.")
        return paragraph(used, rough if n_periods < SURE_FROM else "")
    when = duration(words, claim.lag, claim.periods_per_year)
    return paragraph(used, words.text("The claimed lag of {when} cannot be tested here.", when=when))


def lead_sentence(row: Row, words: Words, claim: Claim, *, limit: float | None = None) -> Paragraph:
    """Say whether y already goes with a later x, which the claim does not allow.

    Parameters
    ----------
    row : mapping
        The estimate at a negative lag.
    words : Words
    claim : Claim
    limit : float, optional
        Size below which a lead that can be zero counts as flat: the smallest effect that matters.

    Returns
    -------
    Paragraph
    """
    if is_missing(row["estimate"]):
        names = claim.names(words)
        return paragraph(words.text("Whether {y} moved before {x} could not be checked.", **names))
    values = claim.names(words) | {"step": step_text(row, words, claim)}
    values["ahead"] = duration(words, -int(row["lag"]), claim.periods_per_year)
    change, interval = effect_text(row, words, claim)
    figures = words.text("{figure}, {interval}", figure=change, interval=interval)
    low, high = row["ci_low"], row["ci_high"]
    if low <= 0 <= high:
        form = "small" if limit is not None and max(-low, high) <= limit else "unclear"
        return paragraph(with_figures(words.text(LEADS[form], **values), figures, words))
    moved = with_figures(words.text(LEADS["moved"], **values), figures, words)
    return paragraph(moved, words.text("So both may share a cause."))


def reverse_sentence(row: Row, words: Words, claim: Claim, *, difference: Row | None = None) -> Paragraph:
    """Say what happens the other way round, and whether that is weaker.

    Parameters
    ----------
    row : mapping
        The estimate of y on x at the same lag.
    words : Words
    claim : Claim
        The claim as made, not turned round.
    difference : mapping, optional
        Forward minus reverse: ``ci_low``, ``ci_high``. Where y is claimed to fall, below zero is stronger.

    Returns
    -------
    Paragraph
    """
    found = effect_sentence(row, words, claim.reverse)
    if difference is None or is_missing(difference["ci_low"]) or is_missing(row["estimate"]):
        return found
    low, high = sorted(claim.sign * difference[bound] for bound in ("ci_low", "ci_high"))
    if low > 0:
        return paragraph(found, words.text("That is weaker than the claimed direction."))
    if high < 0:
        return paragraph(found, words.text("That is stronger than the claimed direction."))
    return paragraph(found, words.text("Which of the two directions is stronger cannot be told."))


def feedback_sentence(row: Row, words: Words, claim: Claim) -> Paragraph:
    """Warn where x moves in the period after y did, which biases the effect claimed.

    Parameters
    ----------
    row : mapping
        The estimate of y on x one period later.
    words : Words
    claim : Claim
        The claim as made, not turned round.

    Returns
    -------
    Paragraph
        Empty where the interval holds zero, or there is none.
    """
    if is_missing(row.get("estimate")) or row["ci_low"] <= 0 <= row["ci_high"]:
        return paragraph()
    back = replace(claim.reverse, lag=1)
    return paragraph(
        words.text("Beware of feedback."),
        effect_sentence(row, words, back),
        words.text("With few periods that biases the effect claimed."),
    )


def detectable_sentence(row: Row, words: Words, claim: Claim, *, power: float = 0.8) -> Paragraph:
    """Say how large an effect must be for this panel to find it.

    Parameters
    ----------
    row : mapping
        ``least_detectable`` and, in standard deviations, ``least_detectable_sd``.
    words : Words
    claim : Claim
    power : float
        Share of such panels that find it.

    Returns
    -------
    Paragraph
    """
    (effect,) = effect_of(row, claim, ("least_detectable",))
    if is_missing(effect):
        return paragraph(words.text("Which changes this panel would miss could not be estimated."))
    values = claim.names(words) | {"power": words.percent(power), "step": step_text(row, words, claim)}
    values["size"] = effect_size(effect, words, scale_of(row, claim).y_kind)
    return paragraph(
        words.text("If {y} changes by {size}, a panel like this finds it {power} of the time.", **values),
        words.text("That holds for a rise of {step} in {x}; smaller changes are easily missed.", **values),
    )


def concordance_sentence(row: Row, words: Words, claim: Claim) -> Paragraph:
    """Say how often y rose after a rise in x, against how often after a fall.

    Parameters
    ----------
    row : mapping
        ``share_after_rise``, ``share_after_fall``, their difference ``estimate`` with ``ci_low``, ``ci_high``, all as
        shares.
    words : Words
    claim : Claim

    Returns
    -------
    Paragraph
    """
    values = claim.names(words)
    if is_missing(row["estimate"]):
        return paragraph(words.text("There are too few rises and falls in {x} to count what followed.", **values))
    shares = {side: words.percent(row[f"share_after_{side}"]) for side in ("rise", "fall")}
    found = words.text("{y} rose {when} after {rise} of rises in {x}, and after {fall} of falls.", **shares, **values)
    bounds = [row["ci_low"], row["ci_high"]]
    if any(is_missing(bound) for bound in bounds):
        return paragraph(capital(found))
    interval = words.interval(*(words.signed(100 * bound, 0) for bound in bounds))
    difference = words.text(
        "Compared within the same periods the difference is {difference} ({interval}).",
        difference=amount_text(row["estimate"], words, "rate", signed=True),
        interval=leveled(interval, words, row.get("conf_level")),
    )
    return paragraph(capital(found), difference)
