"""The mark on texts that stand in tables, so that the catalogue check finds them."""

from __future__ import annotations


def msg(text: str) -> str:
    """Mark a text as one to be translated later; give it back unchanged."""
    return text
