"""Every situation a sentence must put into words; written to sentences/, to be read by native speakers.

One module for each subject, with `SITUATIONS` (whole sentences) and, where it has any, `PHRASES`. After a change of
wording: ``python tests/display/situations`` writes the files anew; read what changed.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from markupsafe import Markup

from helpers.display.wording import Words

FOLDER = Path(__file__).parent
SUBJECTS: dict[str, ModuleType] = {
    found.name: import_module(f"situations.{found.name}")
    for found in iter_modules([str(FOLDER)])
    if not found.name.startswith("_")
}


def gathered(kind: str) -> dict[str, Callable[[Words], str]]:
    """The situations or phrases of all subjects; a name stands for one of them only."""
    merged: dict[str, Callable[[Words], str]] = {}
    for subject, module in SUBJECTS.items():
        told = getattr(module, kind, {})
        if twice := sorted(merged.keys() & told.keys()):
            raise ValueError(f"a situation must have one name; found {twice} in {subject} and before it.")
        merged |= told
    return merged


SITUATIONS = gathered("SITUATIONS")
PHRASES = gathered("PHRASES")


def snapshot_file(subject: str) -> Path:
    """Where the sentences of a subject are written down."""
    return FOLDER.with_name("sentences") / f"{subject}.txt"


def snapshot(subject: str) -> str:
    """All sentences and phrases of a subject in both languages, as plain text."""
    languages = {language: Words(language) for language in ("en", "nl")}
    module = SUBJECTS[subject]
    blocks = (
        f"{name}\n"
        + "".join(f"  {language}  {Markup(say(words)).striptags()}\n" for language, words in languages.items())
        for name, say in (module.SITUATIONS | getattr(module, "PHRASES", {})).items()
    )
    return "\n".join(blocks)
