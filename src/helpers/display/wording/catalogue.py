"""The Dutch texts, read from the .po files beside this module; the English text is the key."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent
Key = tuple[str, str]


@cache
def load_catalogue(language: str) -> dict[Key, tuple[str, ...]]:
    """Read all .po files of one language and merge them.

    Parameters
    ----------
    language : str
        Name of the folder with the .po files.

    Returns
    -------
    dict of (context, English text) to translations
        One translation, or singular and plural. Empty for a language without files, such as English.
    """
    entries: dict[Key, tuple[str, ...]] = {}
    for path in sorted((FOLDER / language).glob("*.po")):
        _merge(entries, _read(path), path)
    return entries


def _read(path: Path) -> dict[Key, tuple[str, ...]]:
    with path.open("rb") as file:
        messages = [message for message in read_po(file, charset="utf-8") if message.id and not message.fuzzy]
    found = {}
    for message in messages:
        msgid, strings = _forms(message.id)[0], _forms(message.string)
        if all(strings):
            found[message.context or "", msgid] = strings
    return found


def _merge(entries: dict[Key, tuple[str, ...]], found: dict[Key, tuple[str, ...]], path: Path) -> None:
    twice = entries.keys() & found.keys()
    if twice:
        raise ValueError(f"catalogue must hold each text once; found {sorted(twice)[0][1]!r} again in {path.name}.")
    entries.update(found)


def _forms(texts: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)
