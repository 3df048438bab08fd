"""The parts of docs/validation.md, each of which can be written without the others."""

from __future__ import annotations

from collections.abc import Mapping

TITLE = "# Validation\n\nDoes the truth of made data come back? Written by `make validate`; do not edit.\n"
PARTS = ("companies", "lags", "checks", "scores", "meta", "sector", "growth")


def with_parts(page: str, parts: Mapping[str, str]) -> str:
    """
    Put parts into a page, in the place of older ones.

    Parameters
    ----------
    page : str
        Markdown as written before; empty for a new page.
    parts : mapping of str
        Markdown by the name of the part.

    Returns
    -------
    str
        The page with these parts; the others stay as they are.
    """
    kept = {name: _part(page, name) for name in PARTS} | dict(parts)
    written = [f"{_marker(name)}\n\n{kept[name].strip()}\n" for name in PARTS if kept[name]]
    return "\n".join([TITLE, *written])


def _part(page: str, name: str) -> str:
    _, _, rest = page.partition(_marker(name))
    return rest.partition("<!-- part: ")[0]


def _marker(name: str) -> str:
    return f"<!-- part: {name} -->"
