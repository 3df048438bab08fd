"""Imports go one way: from the command line down to the statistics, never back."""

import ast
import graphlib
from functools import cache
from pathlib import Path

import pytest

import helpers

PACKAGE = Path(helpers.__file__).parent
MODULES = {
    ".".join(("helpers", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
# What a part may import of our own, besides itself.
ALLOWED = {
    "stats": (),
    "release": ("helpers.stats.estimates",),
    "display": ("helpers.release", "helpers.stats.estimates"),
    "datasets": ("helpers.release", "helpers.stats"),
}
# Who alone may import these.
RESERVED = {
    "matplotlib": "helpers.display.plots",
    "seaborn": "helpers.display.plots",
    "papermill": "helpers.publish",
    "nbclient": "helpers.publish",
    "nbconvert": "helpers.publish",
}
NO_NAMES = {"utils", "util", "config", "helper", "helpers", "misc", "common", "tools"}


def imported(nodes) -> set[str]:
    names = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and not node.level:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@cache
def parsed(module: str) -> ast.Module:
    """The tree of a module, parsed once for all tests."""
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


@cache
def everything(module: str) -> set[str]:
    """All that a module imports, inside functions too."""
    return imported(ast.walk(parsed(module)))


def within(name: str, part: str) -> bool:
    return name == part or name.startswith(f"{part}.")


@pytest.mark.parametrize("part", ALLOWED)
def test_a_part_imports_only_what_lies_below_it(part):
    allowed = (f"helpers.{part}", *ALLOWED[part])
    wrong = {
        (module, name)
        for module in MODULES
        if within(module, f"helpers.{part}")
        for name in everything(module)
        if within(name, "helpers") and not any(within(name, one) for one in allowed)
    }
    assert not wrong


@pytest.mark.parametrize("library", RESERVED)
def test_only_one_part_knows_a_library(library):
    users = {module for module in MODULES if any(within(name, library) for name in everything(module))}
    assert {module for module in users if not within(module, RESERVED[library])} == set()


def test_modules_import_each_other_in_no_circle():
    graph = {}
    for module in MODULES:
        names = imported(parsed(module).body)
        graph[module] = {found for name in names if (found := _module_of(name)) and found != module}
    order = list(graphlib.TopologicalSorter(graph).static_order())
    assert set(order) == set(MODULES)


def test_nothing_is_imported_by_its_place():
    relative = {
        module
        for module in MODULES
        for node in ast.walk(parsed(module))
        if isinstance(node, ast.ImportFrom) and node.level
    }
    assert not relative


def test_modules_are_named_for_what_they_hold():
    assert not {module for module in MODULES if module != "helpers" and NO_NAMES & set(module.split(".")[1:])}


def test_no_module_is_empty():
    assert not {module for module in MODULES if not parsed(module).body}


def _module_of(name: str) -> str:
    while name and name not in MODULES:
        name = name.rpartition(".")[0]
    return name
