"""Attackers: each sees what is published, knows who belongs to whom, and looks for groups below the threshold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product

import pandas as pd

MIN_GROUP = 10
PERIODS = ("2023", "2024")


def topmost(below: dict[str, list[str]], unit: str, shown: set[str]) -> list[str]:
    """Shown units below one that have no other shown unit in between."""
    found: list[str] = []
    for child in below.get(unit, []):
        found += [child] if child in shown else topmost(below, child, shown)
    return found


def children(units: pd.DataFrame) -> dict[str, list[str]]:
    return units.dropna(subset="parent_id").groupby("parent_id")["unit_id"].agg(list).to_dict()


def small_sets(groups: Iterable[frozenset[str]], n: dict[str, int], min_group: int) -> list[frozenset[str]]:
    """All small sets of atoms in the row space of the groups, by exact elimination and trying every set."""
    atoms = sorted(atom for atom, count in n.items() if count > 0)
    basis = row_basis([[Fraction(atom in group) for atom in atoms] for group in groups])
    sets = (frozenset(atom for atom, one in zip(atoms, signs, strict=True) if one) for signs in signs_of(atoms))
    small = [one for one in sets if 0 < sum(n[atom] for atom in one) < min_group]
    return [one for one in small if in_row_space(basis, [Fraction(atom in one) for atom in atoms])]


def signs_of(atoms: Sequence[str]) -> Iterable[tuple[int, ...]]:
    return product((0, 1), repeat=len(atoms))


def row_basis(rows: list[list[Fraction]]) -> dict[int, list[Fraction]]:
    """Rows in echelon form, by the place of their first number that is not zero."""
    basis: dict[int, list[Fraction]] = {}
    for row in rows:
        rest = reduced(basis, row)
        pivot = next((place for place, value in enumerate(rest) if value), None)
        if pivot is not None:
            basis[pivot] = [value / rest[pivot] for value in rest]
    return basis


def reduced(basis: dict[int, list[Fraction]], row: list[Fraction]) -> list[Fraction]:
    for pivot in sorted(basis):
        if row[pivot]:
            factor = row[pivot]
            row = [value - factor * other for value, other in zip(row, basis[pivot], strict=True)]
    return row


def in_row_space(basis: dict[int, list[Fraction]], row: list[Fraction]) -> bool:
    return not any(reduced(basis, row))
