"""Sentences that account for every action planned: how many the answer rests on, and why the others are left out."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words


def followed_sentence(n_planned: int, left_out: Mapping[str, int], words: Words) -> Paragraph:
    """Say how many of the actions planned are followed, and of all others why they are not.

    Parameters
    ----------
    n_planned : int
    left_out : mapping of str to int
        By reason of `datasets.action_panel.REASONS` or `stats.action_cells.NOT_FOLLOWED`; empty where one reason holds
        for all.
    words : Words

    Returns
    -------
    Paragraph
        Its numbers add up to `n_planned`.
    """
    if not left_out:
        return paragraph()
    told = [_reason(reason, n, words) for reason, n in left_out.items() if n]
    return paragraph(_followed(n_planned, n_planned - sum(left_out.values()), words), *told)


def _followed(n_planned: int, n_followed: int, words: Words) -> Markup:
    if n_followed == n_planned:
        return words.plural("The one action planned is followed.", "All {n} actions planned are followed.", n_planned)
    if n_followed:
        return words.plural(
            "Of {total} actions planned, {n} is followed.",
            "Of {total} actions planned, {n} are followed.",
            n_followed,
            total=words.number(n_planned),
        )
    return words.plural(
        "The one action planned is not followed.", "Of {n} actions planned, none is followed.", n_planned
    )


def _reason(reason: str, n: int, words: Words) -> Markup:
    told = {
        "no_start": lambda: words.plural(
            "{n} has no start.",
            "{n} have no start.",
            n,
        ),
        "no_measure": lambda: words.plural(
            "{n} acts on what has no scores.",
            "{n} act on what has no scores.",
            n,
        ),
        "other_level": lambda: words.plural(
            "{n} is of a unit of another level.",
            "{n} are of units of another level.",
            n,
        ),
        "later_action": lambda: words.plural(
            "{n} came after another action of its unit on the same measure.",
            "{n} came after another action of their unit on the same measure.",
            n,
        ),
        "no_figures": lambda: words.plural(
            "{n} is of a unit without figures that may take part.",
            "{n} are of units without figures that may take part.",
            n,
        ),
        "no_waves": lambda: words.plural(
            "{n} lacks waves as far before as after it, or units to compare it with.",
            "{n} lack waves as far before as after them, or units to compare them with.",
            n,
        ),
        "few_hidden": lambda: words.plural(
            "{n} is of a unit whose figures are not shown, and too few such units acted.",
            "{n} are of units whose figures are not shown, and too few such units acted.",
            n,
        ),
        "too_few": lambda: words.plural(
            "{n} could be followed, but that is too few for an answer.",
            "{n} could be followed, but those are too few for an answer.",
            n,
        ),
    }
    return told[reason]()
