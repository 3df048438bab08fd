"""How the contract is written down: a table is a dictionary of columns, a column a kind with its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "pseudonym", "period", "whole", "number", "yes_no", "date"]


@dataclass(frozen=True)
class Column:
    """A column of the contract.

    Parameters
    ----------
    kind : {"text", "pseudonym", "period", "whole", "number", "yes_no", "date"}
    meaning, unit : str
        For the dictionary in data/README.md; `unit` is a unit or a scale.
    required : bool
        Whether the table must have the column.
    empty : bool
        Whether cells may be empty.
    low, high, above : float, optional
        Bounds: at least, at most, more than.
    allowed : tuple of str
        The closed list, if there is one.
    refers_to : str
        Table whose key the values must occur in, e.g. ``"units"``.
    """

    kind: Kind
    meaning: str
    unit: str = ""
    required: bool = True
    empty: bool = False
    low: float | None = None
    high: float | None = None
    above: float | None = None
    allowed: tuple[str, ...] = ()
    refers_to: str = ""


@dataclass(frozen=True)
class Table:
    """A table of the contract.

    Parameters
    ----------
    row : str
        What a row is.
    columns : mapping of str to Column
    key : tuple of str
        Columns whose values together occur once; rows with an empty one are left out.
    strata : bool
        Whether columns outside the contract split the rows, and so belong to the key.
    either : tuple of str
        Columns of which at least one must be there.
    ordered : tuple of (str, str)
        Pairs of columns, the first at most the second in every row.
    same_within : tuple of str
        A column, then those that must have one value for each of its values.
    except_for : str
        A value of that column to which this does not apply.
    """

    row: str
    columns: Mapping[str, Column]
    key: tuple[str, ...] = ()
    strata: bool = False
    either: tuple[str, ...] = ()
    ordered: tuple[tuple[str, str], ...] = ()
    same_within: tuple[str, ...] = ()
    except_for: str = ""
