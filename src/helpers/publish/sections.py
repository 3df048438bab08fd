"""Sections of a page: each can be linked to, and a long page begins its evidence with a list of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from markupsafe import Markup, escape

# With fewer sections a reader sees them all in a few turns of the wheel.
LEAST_SECTIONS = 4
_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)


def with_contents(html: str, label: str) -> str:
    """Name the sections of a page, and list them after the first one, which holds the answer.

    Parameters
    ----------
    html : str
        A page; its sections are the ``<h2>`` without attributes inside ``<main>``.
    label : str
        Heading of the list.

    Returns
    -------
    str
        The page with an ``id`` on each heading; a page of less than four sections gets no list.
    """
    start, end = html.index("<main"), html.index("</main>")
    texts = _HEADING.findall(html, start, end)
    named = dict(zip(_names(texts), texts, strict=True))
    names = iter(named)
    body = _HEADING.sub(lambda heading: f'<h2 id="{next(names)}">{heading[1]}</h2>', html[start:end])
    if len(named) < LEAST_SECTIONS:
        return html[:start] + body + html[end:]
    before = body.index("<h2", body.index("<h2") + 1)
    body = body[:before] + _contents(named, label) + body[before:]
    return html[:start].replace("<body>", '<body class="long">') + body + html[end:]


def _names(texts: Sequence[str]) -> list[str]:
    """Make a name for each heading that no other part of the page has: its words, with its number before them."""
    letters = (unicodedata.normalize("NFKD", _plain(text)).encode("ascii", "ignore").decode() for text in texts)
    words = ("-".join(re.findall(r"[a-z0-9]+", text.lower())) for text in letters)
    return [f"s{number}-{text}".rstrip("-") for number, text in enumerate(words, start=1)]


def _plain(text: str) -> Markup:
    """Leave out what is marked up inside a heading; what is escaped stays so."""
    return escape(Markup(text).striptags())


def _contents(named: dict[str, str], label: str) -> str:
    items = "\n".join(f'<li><a href="#{name}">{_plain(text)}</a></li>' for name, text in named.items())
    heading = f'<p id="contents">{label}</p>'
    return f'<nav class="contents" aria-labelledby="contents">{heading}\n<ul>\n{items}\n</ul></nav>\n'
