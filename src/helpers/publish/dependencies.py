"""Which of our files a report depends on: a change elsewhere leaves it as it is.

Modules are found in the text of notebooks and modules, wherever an import stands. Texts, templates, styles and
figures that lie beside them always count. Of the data, a notebook that keeps to its unit depends on those of the unit.
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
# What these tell of a unit is decided by its own rows and by what `helpers.datasets.unit_content` counts for all units;
# beside it they tell of units above, of peers and of the whole what any release tells. Looked through one by one: what
# keeps back a figure because of a neighbour in any other way must not be among them, nor what reads neighbours' rows.
BY_UNIT = frozenset(
    (
        *("contract", "dataset", "engagement_again", "once", "panel_rows", "panels", "peers", "periods", "published"),
        *("released", "reorganisations", "unit_actions"),
    )
)
# With these a notebook may read what no import names.
_ROUND_ABOUT = frozenset(("__import__", "compile", "eval", "exec", "get_ipython", "open"))
_READING = frozenset(("scores", "table"))
_WITHOUT_DATA = ("helpers.display", "helpers.stats", "numpy", "IPython")
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


def keeps_to_its_unit(nb: nbformat.NotebookNode) -> bool:
    """Tell whether a notebook's report of a unit stays true of the unit while only data of other units change.

    Parameters
    ----------
    nb : NotebookNode

    Returns
    -------
    bool
        False for a notebook that imports anything beside `BY_UNIT`, display, statistics and numpy: it depends on the
        whole dataset.
    """
    code = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "code")
    try:
        statements = list(ast.walk(ast.parse(code)))
    except SyntaxError:
        return False
    named = {one.id for one in statements if isinstance(one, ast.Name)} & _ROUND_ABOUT
    return (
        not named
        and not _reads_rows(statements)
        and all(_is_by_unit(name) for one in statements for name in _modules(one))
    )


def _reads_rows(statements: Iterable[ast.AST]) -> bool:
    """Tell whether a dataset is asked for its rows themselves."""
    opened = {"open_dataset"}
    for one in statements:
        if isinstance(one, ast.Assign) and "open_dataset" in ast.unparse(one.value):
            opened |= {name.id for target in one.targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    asked = (one.value for one in statements if isinstance(one, ast.Attribute) and one.attr in _READING)
    return any(isinstance(name, ast.Name) and name.id in opened for value in asked for name in ast.walk(value))


def _modules(statement: ast.AST) -> Iterable[str]:
    """Name the modules of an import statement; those taken from a package one by one."""
    if isinstance(statement, ast.ImportFrom):
        packages = ("helpers", "helpers.datasets")
        inner = [f"{statement.module}.{alias.name}" for alias in statement.names]
        yield from inner if statement.module in packages else [str(statement.module)]
    elif isinstance(statement, ast.Import):
        yield from (alias.name for alias in statement.names)


def _is_by_unit(module: str) -> bool:
    if module.startswith("helpers.datasets."):
        return module.removeprefix("helpers.datasets.") in BY_UNIT
    return any(module == one or module.startswith(f"{one}.") for one in _WITHOUT_DATA)


@cache
def resources(package: Path = PACKAGE) -> tuple[Path, ...]:
    """Give the files of the package that are not code."""
    files = (path for path in package.rglob("*") if path.is_file())
    return tuple(path for path in files if path.suffix not in (".py", ".pyc"))


@cache
def _imported_by(file: Path, package: Path) -> tuple[Path, ...]:
    return tuple(_imported(file.read_text(encoding="utf-8"), package))


def imported_modules(code: str, package: Path = PACKAGE) -> list[str]:
    """Give the names of our modules that code imports, in the order of their names.

    Parameters
    ----------
    code : str
    package : Path
        The folder of ``helpers``.
    """
    places = {path.relative_to(package.parent).with_suffix("") for path in _imported(code, package)}
    return sorted(".".join(place.parts).removesuffix(".__init__") for place in places)


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
