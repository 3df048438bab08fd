"""What the employees of Pierce County were asked, and how the rows of the file become one row per person.

The file has one row per person and question, all of one question after all of the one before, and no key of a person.
What binds the rows is their order: every question lists the same people, by department and role, one below the other.
In some questions single rows stand higher than in the others, which pushes those between one place down; read by
position, two answers in one row would then be of two people. `same_order` puts such rows back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import pandas as pd

SHEET = "HR Survey Reponses"
ROLES = ["Director", "Manager", "Supervisor", "Staff"]
ROW, DEPARTMENT, QUESTION, ANSWER = "Response ID", "Department", "Question", "Response"
LOWEST, HIGHEST, NOT_APPLICABLE = 1, 4, 0


@dataclass(frozen=True)
class Item:
    """A question: its text in the file, in Dutch, and the element it measures."""

    text_en: str
    text_nl: str
    element: str


ITEMS = {
    "expectations": Item(
        "I know what is expected of me at work", "Ik weet wat er op het werk van mij wordt verwacht", "engagement"
    ),
    "do_best": Item(
        "At work, I have the opportunity to do what I do best every day",
        "Op het werk kan ik elke dag doen waar ik het beste in ben",
        "engagement",
    ),
    "recognition": Item(
        "In the last seven days, I have received recognition or praise for doing good work",
        "In de afgelopen zeven dagen heb ik waardering of een compliment gekregen voor goed werk",
        "engagement",
    ),
    "cared_for": Item(
        "My supervisor, or someone at work, seems to care about me as a person",
        "Mijn leidinggevende, of iemand anders op het werk, lijkt om mij als mens te geven",
        "engagement",
    ),
    "mission": Item(
        "The mission or purpose of our organization makes me feel my job is important",
        "De missie of het doel van onze organisatie geeft mij het gevoel dat mijn werk belangrijk is",
        "engagement",
    ),
    "best_friend": Item(
        "I have a best friend at work", "Ik heb een beste vriend of vriendin op het werk", "engagement"
    ),
    "learn_and_grow": Item(
        "This last year, I have had opportunities at work to learn and grow",
        "Het afgelopen jaar heb ik op het werk kansen gehad om te leren en te groeien",
        "engagement",
    ),
    "accountability": Item(
        "My supervisor holds employees accountable for performance",
        "Mijn leidinggevende spreekt medewerkers aan op hun prestaties",
        "hands_on_management",
    ),
    "inclusion": Item(
        "My department is inclusive and demonstrates support of a diverse workforce",
        "Op mijn afdeling hoort iedereen erbij en krijgt diversiteit zichtbaar steun",
        "positive_environment",
    ),
    "overall": Item(
        "Overall I am satisfied with my job", "Al met al ben ik tevreden met mijn baan", "employee_satisfaction"
    ),
}


def items_table() -> pd.DataFrame:
    """Give the table ``items`` of the contract."""
    rows = [(name, one.text_nl, one.text_en, LOWEST, HIGHEST, False, one.element) for name, one in ITEMS.items()]
    columns = ["item_id", "text_nl", "text_en", "scale_min", "scale_max", "reverse", "element"]
    return pd.DataFrame(rows, columns=columns)


def read_rows(path: Path) -> pd.DataFrame:
    """Read the rows of the file, each once.

    Parameters
    ----------
    path : Path
        The workbook.

    Returns
    -------
    DataFrame, one row per person and question
        ``item`` (of `ITEMS`), ``Department``, ``answer`` (1 to 4; missing: none, or not applicable), ``who``
        (department and roles, by which rows are put in order; not part of the dataset).

    Raises
    ------
    ValueError
        For a question that is not among `ITEMS`, or an answer that is not 0, 1, 2, 3, 4 or empty.
    """
    rows = pd.read_excel(path, sheet_name=SHEET, usecols=[ROW, DEPARTMENT, *ROLES, QUESTION, ANSWER], engine="openpyxl")
    rows = rows.drop_duplicates(ROW, ignore_index=True)
    asked = {one.text_en: name for name, one in ITEMS.items()}
    texts = rows[QUESTION].str.replace(r"^\d+\. ", "", regex=True).str.replace("&", "and").str.strip()
    _refuse(QUESTION, "be one of the ten that are known", rows[QUESTION][~texts.isin(list(asked))])
    answer = pd.to_numeric(rows[ANSWER], errors="coerce")
    given = rows[ANSWER].notna() & (rows[ANSWER].astype("str").str.strip() != "")
    _refuse(ANSWER, f"be {NOT_APPLICABLE} to {HIGHEST}", rows[ANSWER][given & ~answer.isin(range(HIGHEST + 1))])
    who = rows[[DEPARTMENT, *ROLES]].astype("str").agg("|".join, axis=1)
    answer = answer.where(answer != NOT_APPLICABLE)
    return pd.DataFrame({"item": texts.map(asked), DEPARTMENT: rows[DEPARTMENT], "answer": answer, "who": who})


def people(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Put the answers of each person into one row.

    Parameters
    ----------
    rows : DataFrame
        As from `read_rows`.

    Returns
    -------
    answers : DataFrame, one row per person
        ``Department`` and one column per item.
    misplaced : Series of int, by item
        How many answers did not stand in the place that the person has in the first question.

    Raises
    ------
    ValueError
        When the questions do not list the same people.
    """
    blocks = {item: rows[rows["item"] == item].reset_index(drop=True) for item in ITEMS}
    first = next(iter(blocks.values()))
    orders = {item: same_order(first["who"].tolist(), block["who"].tolist()) for item, block in blocks.items()}
    columns = {item: block["answer"].to_numpy()[orders[item]] for item, block in blocks.items()}
    misplaced = {item: sum(place != at for at, place in enumerate(order)) for item, order in orders.items()}
    return first[[DEPARTMENT]].assign(**columns), pd.Series(misplaced)


def same_order(reference: Sequence[str], found: Sequence[str]) -> list[int]:
    """Find for each row of one list its place in another, of which single rows were moved.

    Parameters
    ----------
    reference, found : sequence of str
        The same rows, in two orders; equal rows cannot be told apart and keep their order.

    Returns
    -------
    list of int, shape (rows,)
        The place of each row: ``found[place[i]]`` equals ``reference[i]``.

    Raises
    ------
    ValueError
        When a row of one list is not in the other.
    """
    places, emptied, moved = [-1] * len(reference), [], []
    matcher = SequenceMatcher(None, reference, found, autojunk=False)
    for kind, start, end, found_start, found_end in matcher.get_opcodes():
        if kind == "equal":
            places[start:end] = range(found_start, found_end)
        else:
            emptied += range(start, end)
            moved += range(found_start, found_end)
    if sorted(reference[at] for at in emptied) != sorted(found[at] for at in moved):
        raise ValueError("Every question must list the same people; found others in one of them.")
    for at in emptied:
        places[at] = moved.pop(next(i for i, place in enumerate(moved) if found[place] == reference[at]))
    return places


def _refuse(column: str, rule: str, wrong: pd.Series) -> None:
    if len(wrong):
        found = str(wrong.iloc[0])
        raise ValueError(f"{column} must {rule}; found {found!r} ({len(wrong)} rows).")
