"""Sentences put together: escaped text that a notebook shows as a paragraph."""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup

# Longer sentences are read twice or not at all; two short ones say the same.
LONGEST_SENTENCE = 30
NO_BREAK_SPACE, NO_BREAK_HYPHEN, SOFT_HYPHEN = "\u00a0", "\u2011", "\u00ad"
# They turn the reading direction of the text after them, so that a name could disguise the figure beside it.
TURNS_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Paragraph(Markup):
    """Escaped text of one or more sentences, shown as ``<p>…</p>``."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return f"<p>{self}</p>" if self else ""


class Pointer(Paragraph):
    """Points to a reason told further up, and says no more; `helpers.publish.selection` keeps one in a section."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return f'<p class="pointer">{self}</p>' if self else ""


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


def unbroken(text: str) -> Markup:
    """Keep a short text such as ``95%-interval`` or ``10 points`` on one line."""
    return Markup(text.replace(" ", NO_BREAK_SPACE).replace("-", NO_BREAK_HYPHEN))


def without_controls(text: str) -> str:
    """Leave out control characters, and those that turn the reading direction of what stands beside the text."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cc" and sign not in TURNS_DIRECTION)


def shown(value: object) -> object:
    """Give a value as it may stand on a page: what is Markup was made here, any other string comes from data."""
    return without_controls(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def plain(text: object) -> str:
    """Give escaped text back as a plain string without control characters, for places that escape on their own."""
    return without_controls(text.unescape() if isinstance(text, Markup) else str(text))
