"""Shares of the answers to questions, from unfavourable to favourable: read from a released table, and put into words.

A *question* is a measure of the table, a *category* one of the ordered answers; shares run from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup, escape

from helpers.display.wording.marks import msg
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.words import Words
from helpers.release import ReleasedTable, require_released

CATEGORIES = {
    "strongly_unfavourable": msg("strongly unfavourable"),
    "unfavourable": msg("unfavourable"),
    "neutral": msg("neutral"),
    "favourable": msg("favourable"),
    "strongly_favourable": msg("strongly favourable"),
}
FIVE = tuple(CATEGORIES)
THREE = FIVE[1:4]
# Shares come from counts; more than this beside 1 is no rounding.
TOLERANCE = 0.005


@dataclass(frozen=True)
class Question:
    """Answers to one question: their number and the share of each category; no shares where they are not shown.

    Parameters
    ----------
    measure : str
    name : Markup
    n : float
    shares : tuple of float
        In the order of the categories; empty when hidden or absent.
    state : str
        Why there are no shares, a key of `STATE_WORDS`; empty when there are.
    """

    measure: str
    name: Markup
    n: float
    shares: tuple[float, ...]
    state: str

    @property
    def neutral(self) -> float:
        """Share in the middle."""
        return self.shares[len(self.shares) // 2]

    @property
    def unfavourable(self) -> float:
        """Share of all categories before the middle."""
        return sum(self.shares[: len(self.shares) // 2])

    @property
    def favourable(self) -> float:
        """Share of all categories behind the middle."""
        return sum(self.shares[len(self.shares) // 2 + 1 :])


def questions_of(
    table: ReleasedTable, words: Words, shown_by: str, *, names: Mapping[str, str] | None = None
) -> tuple[list[Question], tuple[str, ...]]:
    """Read the questions of a released table, in its order.

    Parameters
    ----------
    table : ReleasedTable
        One unit and period, one row per question and category: ``measure``, ``category``, ``estimate`` (the share),
        ``n``. A hidden row has no category; one hidden row hides its question.
    words : Words
    shown_by : str
        Who asks, for the error.
    names : mapping of measure to str, optional
        Texts of the questions.

    Returns
    -------
    questions : list of Question
    categories : tuple of str
        The three or five of `CATEGORIES`; three when no question is shown.

    Raises
    ------
    TypeError
        When `table` did not pass the gate.
    ValueError
        For several units or periods, other categories, or shares that are no parts of one whole.
    """
    frame = require_released(table, shown_by)
    for column in ("unit_id", "period"):
        if frame[column].nunique() != 1:
            raise ValueError(f"table must hold one {column}; found {frame[column].nunique()}. Use where().")
    categories = _categories(frame)
    questions = [
        _question(measure, rows, categories, escape((names or {}).get(measure) or capital(words.measure(measure))))
        for measure, rows in frame.groupby("measure", sort=False)
    ]
    return questions, categories


def answers_alt(table: ReleasedTable, words: Words, *, names: Mapping[str, str] | None = None) -> Paragraph:
    """Describe the answers to questions: how many questions, and the most and the least favourable one.

    Parameters
    ----------
    table : ReleasedTable
        See `questions_of`.
    words : Words
    names : mapping of measure to str, optional

    Returns
    -------
    Paragraph
    """
    questions, _ = questions_of(table, words, "answers_alt", names=names)
    shown = sorted((each for each in questions if each.shares), key=lambda each: -each.favourable)
    hidden = len(questions) - len(shown)
    said = words.plural("Answers to {n} question.", "Answers to {n} questions.", len(shown))
    if not shown:
        said = words.text("No question has answers to show.")
    ends = [_told(shown[0], words)] if len(shown) == 1 else []
    if len(shown) > 1:
        ends = [
            words.text("Most favourable among these answers: {told}", told=_told(shown[0], words)),
            words.text("Least favourable among these answers: {told}", told=_told(shown[-1], words)),
        ]
    more = words.plural("{n} question has no shares to show.", "{n} questions have no shares to show.", hidden)
    return paragraph(said, *ends, more if hidden else "")


def answers_caption(words: Words, *, name: str, period: str, evened_out: bool = False) -> Paragraph:
    """Caption of the answers of one unit.

    Parameters
    ----------
    words : Words
    name : str
        Name of the unit.
    period : str
    evened_out : bool
        Whether answers that few people gave share one mean, as the gate has it.

    Returns
    -------
    Paragraph
    """
    values = {"name": name, "period": words.period(period)}
    shares = words.text("Answers of {name} in {period}, as shares of all answers to the question.", **values)
    mean = words.text("Answers that few people gave have their mean share, to protect small groups.")
    return paragraph(shares, mean if evened_out else "")


def _told(question: Question, words: Words) -> Markup:
    return words.text(
        "“{name}”, {favourable} favourable, {neutral} neutral, {unfavourable} unfavourable.",
        name=question.name.rstrip("."),
        favourable=words.percent(question.favourable),
        neutral=words.percent(question.neutral),
        unfavourable=words.percent(question.unfavourable),
    )


def _categories(frame: pd.DataFrame) -> tuple[str, ...]:
    found = {str(category) for category in frame["category"].dropna()}
    for wanted in (THREE, FIVE):
        if found <= set(wanted):
            return wanted
    other = sorted(found - set(FIVE))
    raise ValueError(f"category must be one of {', '.join(FIVE)}; found {other[0]!r}.")


def _question(measure: str, rows: pd.DataFrame, categories: tuple[str, ...], name: Markup) -> Question:
    if not rows["released"].all():
        return Question(measure, name, float("nan"), (), "hidden")
    n = float(rows["n"].iloc[0])
    if rows["estimate"].isna().any():
        return Question(measure, name, n, (), "absent")
    shares = {str(category): float(share) for category, share in zip(rows["category"], rows["estimate"], strict=True)}
    if set(shares) != set(categories) or len(rows) != len(categories):
        raise ValueError(
            f"{measure} must have one row per category ({', '.join(categories)}); found {', '.join(shares)}."
        )
    if min(shares.values()) < 0 or abs(sum(shares.values()) - 1) > TOLERANCE:
        raise ValueError(f"shares of {measure} must be 0 or more and add up to 1; found {sum(shares.values()):g}.")
    return Question(measure, name, n, tuple(shares[category] for category in categories), "")
