"""What is wrong with a dataset, in one form for every table and rule.

A *problem* names table, column, rule, value found, rows and the way out. Rows are numbered as a reader meets them: in
CSV as a spreadsheet shows them (the header is row 1), in Parquet from 1.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

# Enough to see the pattern; a wholly bad column must not print a line per row.
MAX_ROWS_SHOWN = 10


@dataclass(frozen=True)
class Problem:
    """One broken rule of the contract.

    Parameters
    ----------
    table, column : str
        Where; `table` is ``"dataset.toml"`` for settings, `column` is empty when the table as a whole is meant.
    rule : str
        What must hold, to be read after "must", e.g. ``"lie between 0 and 10"``.
    found : str
        Up to three of the values found.
    rows : tuple of int
        The first rows, at most `MAX_ROWS_SHOWN`; `n_rows` counts all of them.
    way_out : str
        What to do about it, one sentence.
    severity : {"error", "warning"}
        A warning leaves the dataset usable.
    """

    table: str
    column: str
    rule: str
    found: str
    rows: tuple[int, ...] = ()
    n_rows: int = 0
    way_out: str = ""
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        separator = ": " if self.table.endswith(".toml") else "."
        where = f"{self.table}{separator}{self.column}" if self.column else self.table
        text = f"{where} must {self.rule}; found {self.found}{_rows_text(self.rows, self.n_rows)}. {self.way_out}"
        # Names come from files, and a terminal obeys control characters.
        return "".join(sign if sign.isprintable() else "�" for sign in text.strip())


class DatasetError(ValueError):
    """A dataset cannot be read; `problems` holds the reasons.

    Parameters
    ----------
    problems : sequence of Problem
        At least one; the message is the first, with the number of others.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        more = len(self.problems) - 1
        super().__init__(f"{self.problems[0]}{f' And {more} more: see `excx check`.' if more else ''}")


def refusal(table: str, column: str, rule: str, found: str, way_out: str = "") -> DatasetError:
    """Make the error of a single problem that keeps a dataset from being read."""
    return DatasetError([Problem(table, column, rule, found, way_out=way_out)])


def near(value: str, allowed: Iterable[str], *, n: int = 3) -> list[str]:
    """Find the allowed values that look like `value`, nearest first, whatever the case of its letters.

    Parameters
    ----------
    value : str
        What was found.
    allowed : iterable of str
        What could have been meant.
    n : int
        The most to give.

    Returns
    -------
    list of str
        Empty when none is near.
    """
    by_folded = {str(name).casefold(): str(name) for name in allowed}
    folded = value.casefold()
    inside = [name for key, name in by_folded.items() if folded and folded in key]
    alike = [by_folded[key] for key in difflib.get_close_matches(folded, by_folded, n=n, cutoff=0.6)]
    return list(dict.fromkeys(alike + inside))[:n]


def suggest(value: str, allowed: Iterable[str]) -> str:
    """Word the way out of a mistyped name: the near ones, else all of a few, else nothing."""
    names = list(allowed)
    found = near(value, names)
    if found:
        return f"Did you mean {' or '.join(found)}?"
    return f"Choose from {', '.join(names)}." if 0 < len(names) <= 25 else ""


def _rows_text(rows: Sequence[int], n_rows: int) -> str:
    if not rows:
        return ""
    shown = ", ".join(str(row) for row in rows[:MAX_ROWS_SHOWN])
    more = f" … of {n_rows:,}" if n_rows > len(rows) else ""
    return f" (row{'s' if n_rows > 1 else ''} {shown}{more})"
