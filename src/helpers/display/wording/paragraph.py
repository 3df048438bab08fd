"""Sentences put together: escaped text that a notebook shows as a paragraph."""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup

# Longer sentences are read twice or not at all; two short ones say the same.
LONGEST_SENTENCE = 30


class Paragraph(Markup):
    """Escaped text of one or more sentences, shown as ``<p>…</p>``."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return f"<p>{self}</p>" if self else ""


def paragraph(*sentences: str) -> Paragraph:
    """Put sentences behind each other, leaving out the empty ones.

    Parameters
    ----------
    *sentences : str or Markup
        Whole sentences with their full stops; plain strings are escaped.

    Returns
    -------
    Paragraph
    """
    return Paragraph(Markup(" ").join(sentence for sentence in sentences if sentence))


def clauses(first: Markup, second: Markup) -> Markup:
    """Join two clauses by a semicolon, or by a full stop where the sentence would grow too long.

    Parameters
    ----------
    first, second : Markup
        Clauses without a full stop; `second` starts in lower case. An empty one is left out.

    Returns
    -------
    Markup
        One or two sentences.
    """
    if not (first and second):
        return capital(first or second) + "."
    if len(f"{first} {second}".split()) <= LONGEST_SENTENCE:
        return capital(first) + "; " + second + "."
    return capital(first) + ". " + capital(second) + "."


def capital(text: Markup) -> Markup:
    """Start with a capital, except before a word such as eNPS that has its own."""
    word = re.match(r"\w*", text)
    if word is None or word.group() != word.group().lower():
        return text
    return Markup(text[:1].upper() + text[1:])


def plain(text: object) -> str:
    """Give escaped text back as a plain string without control characters, for places that escape on their own."""
    string = text.unescape() if isinstance(text, Markup) else str(text)
    return "".join(sign for sign in string if unicodedata.category(sign) != "Cc")
