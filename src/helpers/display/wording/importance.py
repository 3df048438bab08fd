"""Themes by their score and their importance, in words; see `themes`."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.marks import msg
from helpers.display.wording.paragraph import LONGEST_SENTENCE, Paragraph, capital, paragraph
from helpers.display.wording.scores import value_text
from helpers.display.wording.themes import QUADRANTS, TOO_SMALL, UNCLEAR, Against, Theme, themes_of
from helpers.display.wording.words import Words
from helpers.release import ReleasedTable

NO_QUADRANT = {TOO_SMALL: msg("too small to matter"), UNCLEAR: msg("cannot tell")}


def importance_alt(
    table: ReleasedTable,
    words: Words,
    importance: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    against: Against | None = None,
) -> Paragraph:
    """Describe themes by score and importance: those in each quadrant, and those of which it cannot be told.

    Parameters
    ----------
    table, words, importance, names, against
        See `themes_of`.

    Returns
    -------
    Paragraph
    """
    themes = themes_of(table, words, importance, "importance_alt", names=names, against=against)
    because = msg("Cannot tell, because an interval crosses an average: {themes}.")
    if against:
        because = msg("Cannot tell, because an interval crosses a dashed line or there may be no link: {themes}.")
    found = {
        quadrant: [theme.name for theme in themes.shown if theme.quadrant == quadrant]
        for quadrant in (*QUADRANTS, TOO_SMALL, UNCLEAR)
    }
    small, unclear = found.pop(TOO_SMALL), found.pop(UNCLEAR)
    shares = sorted(themes.shown, key=lambda theme: theme.importance[0])
    scores = sorted(themes.shown, key=lambda theme: theme.score[0])
    return paragraph(
        words.plural("Score and importance of {n} driver.", "Scores and importance of {n} drivers.", len(themes.shown)),
        words.text(
            "Importance from {least} to {most}, scores from {low} to {high}.",
            least=words.percent(shares[0].importance[0]),
            most=words.percent(shares[-1].importance[0]),
            low=value_text(scores[0].row, words),
            high=value_text(scores[-1].row, words),
        ),
        *(
            words.text(
                "{quadrant}: {themes}.", quadrant=capital(words.text(QUADRANTS[name])), themes=_list(each, words)
            )
            for name, each in found.items()
            if each
        ),
        words.text("Link too small to matter: {themes}.", themes=_list(small, words)) if small else "",
        words.text(because, themes=_list(unclear, words)) if unclear else "",
        words.plural("{n} driver is not shown.", "{n} drivers are not shown.", themes.n_hidden)
        if themes.n_hidden
        else "",
    )


def importance_caption(words: Words, *, name: str, period: str) -> Paragraph:
    """Caption of the themes of one unit.

    Parameters
    ----------
    words : Words
    name : str
        Name of the unit.
    period : str

    Returns
    -------
    Paragraph
    """
    return paragraph(
        words.text(
            "Scores of {name} in {period}, and importance of each driver.", name=name, period=words.period(period)
        ),
        words.text("Importance is the share in what all drivers explain together."),
    )


def quadrant_text(theme: Theme, words: Words) -> Markup:
    """Name the quadrant of a theme, or say why it has none."""
    return words.text({**QUADRANTS, **NO_QUADRANT}[theme.quadrant])


def _list(names: list[Markup], words: Words) -> Markup:
    """Name themes, or count them where their names would make too long a sentence."""
    listed = words.items(names)
    if len(listed.split()) > LONGEST_SENTENCE - 9:
        return words.plural("{n} driver", "{n} drivers", len(names))
    return listed
