"""Which texts the code and the notebooks use, and which of them the Dutch catalogue lacks or holds in vain."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from helpers.display.wording.catalogue import Key, load_catalogue
from helpers.display.wording.measures import MEASURES

PACKAGE = Path(__file__).parents[2]
CALLS = {"text": 1, "plural": 2, "msg": 1, "NotApplicable": 1, "ToldAbove": 1}


@dataclass(frozen=True)
class Use:
    """A text in use: its context, its one or two forms, and the file where it was found first."""

    context: str
    forms: tuple[str, ...]
    path: Path

    @property
    def key(self) -> Key:
        """What the catalogue knows it by."""
        return self.context, self.forms[0]


def texts_in_code(package: Path = PACKAGE) -> list[Use]:
    """Find the literal texts given to the functions and reasons in `CALLS`, and the names of measures.

    Parameters
    ----------
    package : Path
        Folder searched for modules.

    Returns
    -------
    list of Use
    """
    found = []
    for path in sorted(package.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [Use("", forms, path) for forms in _literals(tree)]
    names = PACKAGE / "display/wording/measures.py"
    return found + [Use(context, (each.name,), names) for each in MEASURES.values() for context in ("", "definite")]


def texts_in_notebooks(folder: Path) -> list[Use]:
    """Find the sources of all markdown cells.

    Parameters
    ----------
    folder : Path
        Folder of the notebooks; may be absent.

    Returns
    -------
    list of Use
    """
    found = []
    for path in sorted(folder.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]).strip() for cell in cells if cell["cell_type"] == "markdown"]
        found += [Use("", (source,), path) for source in sources if source]
    return found


def compare(notebooks: Path, language: str = "nl") -> tuple[list[Use], list[Key]]:
    """Hold the texts in use against the catalogue, both ways.

    Parameters
    ----------
    notebooks : Path
        Folder of the notebooks.
    language : str

    Returns
    -------
    missing : list of Use
        Texts without a translation, each once.
    unused : list of (context, text)
        Translations nothing asks for.
    """
    catalogue = load_catalogue(language)
    used = {use.key: use for use in reversed([*texts_in_code(), *texts_in_notebooks(notebooks)])}
    missing = [use for key, use in used.items() if key not in catalogue]
    return missing[::-1], sorted(catalogue.keys() - used.keys())


def _literals(tree: ast.Module) -> Iterator[tuple[str, ...]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            forms = node.args[: CALLS.get(_name(node.func), 0)]
            if forms and all(isinstance(form, ast.Constant) and isinstance(form.value, str) for form in forms):
                yield tuple(form.value for form in forms)


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))
