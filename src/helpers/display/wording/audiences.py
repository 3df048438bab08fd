"""Who a page is for: what a single team says of its one manager is not for every leader."""

from __future__ import annotations

from helpers.display.wording.marks import msg
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words

LEADERS = "leaders"
SENTENCES = {
    LEADERS: msg("What a single team says of its leadership is for its manager and HR only, so it is not shown here."),
    "manager": msg(
        "For the manager of this unit only: it holds what a single team says of its leadership. Do not pass it on."
    ),
    "hr": msg("For HR only: it holds what a single team says of its leadership. Do not pass it on."),
}


def audience_sentence(audience: str, words: Words, *, has_units_below: bool) -> Paragraph:
    """Say who the page is for; empty where every leader may read all of it.

    Parameters
    ----------
    audience : {"leaders", "manager", "hr"}
    words : Words
    has_units_below : bool
        Of the unit: then its leadership is that of several managers.

    Returns
    -------
    Paragraph
    """
    if has_units_below and audience == LEADERS:
        return paragraph()
    return paragraph(words.text(SENTENCES[audience]))
