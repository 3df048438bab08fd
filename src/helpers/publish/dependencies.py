"""Which of our files a report depends on: a change elsewhere leaves it as it is.

Modules are found in the text of notebooks and modules, wherever an import stands. Texts, templates, styles and
figures that lie beside them always count.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import nbformat

import helpers

PACKAGE = Path(helpers.__file__).parent
# What runs and renders any notebook.
ENGINE = "from helpers.publish import engine"
_IMPORTS = re.compile(
    r"^[ \t]*(?:from[ \t]+helpers[\w.]*[ \t]+import[ \t]*(?:\([^)]*\)|[^\n]*)|import[ \t]+helpers[^\n]*)", re.MULTILINE
)


def needed_files(nb: nbformat.NotebookNode, package: Path = PACKAGE) -> dict[str, Path]:
    """Find the files of ours that a notebook's report depends on.

    Parameters
    ----------
    nb : NotebookNode
    package : Path
        The folder of ``helpers``.

    Returns
    -------
    dict of str to Path
        By their place in the package.
    """
    code = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "code")
    found: set[Path] = set()
    waiting = [*_imported(code, package), *_imported(ENGINE, package)]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += _imported_by(file, package)
    return {path.relative_to(package).as_posix(): path for path in (*found, *resources(package))}


@cache
def resources(package: Path = PACKAGE) -> tuple[Path, ...]:
    """Give the files of the package that are not code."""
    files = (path for path in package.rglob("*") if path.is_file())
    return tuple(path for path in files if path.suffix not in (".py", ".pyc"))


@cache
def _imported_by(file: Path, package: Path) -> tuple[Path, ...]:
    return tuple(_imported(file.read_text(encoding="utf-8"), package))


def _imported(code: str, package: Path) -> Iterable[Path]:
    """Give the files of the modules imported, and of the packages they are in."""
    for name in _names(code):
        parts = name.split(".")[1:]
        files = [package.joinpath(*parts[:depth], "__init__.py") for depth in range(len(parts) + 1)]
        files += [package.joinpath(*parts).with_suffix(".py")] if parts else []
        # The last part may name what a module holds; then the module is named beside it.
        yield from (path for path in files if path.is_file())


def _names(code: str) -> Iterable[str]:
    for match in _IMPORTS.finditer(code):
        for statement in ast.walk(ast.parse(textwrap.dedent(match.group()))):
            if isinstance(statement, ast.ImportFrom):
                yield str(statement.module)
                yield from (f"{statement.module}.{alias.name}" for alias in statement.names)
            elif isinstance(statement, ast.Import):
                yield from (alias.name for alias in statement.names if alias.name.partition(".")[0] == "helpers")
