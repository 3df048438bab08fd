"""Answers to single questions of a unit, through the release gate: how many were favourable, and their mean.

A *favourable* answer lies above the middle of its scale, a *neutral* one on it; questions of which a high answer is bad
are turned round first. A question is told where each of these three was given by nobody or by enough people, also after
subtracting units below (`told_counts`); its mean where enough people answered it at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.datasets.answer_frames import Answers, answers_of, require_shown
from helpers.datasets.dataset import Dataset
from helpers.datasets.engagement_again import scores_of
from helpers.datasets.families import EMPLOYEES
from helpers.datasets.left_out import LeftOut, left_out, reserved_measures
from helpers.datasets.person_answers import turned
from helpers.datasets.released import pass_gate
from helpers.datasets.told_counts import Counts, may_tell
from helpers.release import ReleasedTable
from helpers.stats.estimates import NotApplicable
from helpers.stats.intervals import score_intervals

CATEGORIES = ("unfavourable", "neutral", "favourable")


@dataclass(frozen=True)
class QuestionShares:
    """Shares of answers as they may be shown.

    Parameters
    ----------
    table : ReleasedTable, three rows per question that may be told
        ``measure`` (the question), ``category``, ``estimate`` (share, 0 to 1), ``n``.
    left_out : LeftOut
    """

    table: ReleasedTable
    left_out: LeftOut


def question_shares(dataset: Dataset, unit: str, questions: Sequence[str], *, period: str) -> QuestionShares:
    """Give the shares of unfavourable, neutral and favourable answers to questions, as they may be shown.

    Parameters
    ----------
    dataset : Dataset
    unit : str
    questions : sequence of str
        Ids of items, in the order wanted.
    period : str

    Returns
    -------
    QuestionShares

    Raises
    ------
    NotApplicable
        Where the unit is hidden, or no question may be told.
    """
    answers, items, answered = _open_questions(dataset, unit, questions, period)
    sides = _sides(answers.frame, items)
    counts = _counts(answers, sides)
    told = [question for question in sides if may_tell(answers, *_coarse_and_fine(counts[question]))]
    if not told:
        raise NotApplicable(
            "Too few people of {unit} gave each answer to show how their answers are spread.",
            unit=dataset.hierarchy.name(unit),
        )
    weight = answers.frame["weight"].fillna(1.0) if "weight" in answers.frame else pd.Series(1.0, index=sides.index)
    rows = [
        {"measure": question, "category": name, "estimate": weight[sides[question] == name].sum(), "n": len(known)}
        for question in told
        for known in [sides[question].dropna()]
        for name in CATEGORIES
    ]
    table = pd.DataFrame(rows).assign(unit_id=unit, period=period, kind="rate").astype({"n": float})
    table["estimate"] /= table.groupby("measure", sort=False)["estimate"].transform("sum")
    reserved = reserved_questions(dataset, unit, questions, period)
    missing = left_out(questions, told, reserved=reserved, answered=answered)
    return QuestionShares(pass_gate(dataset, table), missing)


def question_scores(
    dataset: Dataset, unit: str, questions: Sequence[str], *, period: str, conf_level: float = 0.95
) -> ReleasedTable:
    """Give the mean answer to questions, turned where a high answer is bad, as it may be shown.

    Parameters
    ----------
    dataset, unit, questions, period
        As for `question_shares`.
    conf_level : float

    Returns
    -------
    ReleasedTable, one row per question
        Score columns with ``ci_low``, ``ci_high``; ``measure`` is the question.

    Raises
    ------
    NotApplicable
        Where the unit is hidden, or no question may be told.
    """
    answers, items, _ = _open_questions(dataset, unit, questions, period)
    counts = _counts(answers, _sides(answers.frame, items))
    asked = [question for question in items["item_id"] if may_tell(answers, _coarse_and_fine(counts[question])[0])]
    if not asked:
        raise NotApplicable("There are no scores of these drivers for {unit}.", unit=dataset.hierarchy.name(unit))
    told = items[items["item_id"].isin(asked)]
    scores = scores_of(dataset, answers.frame.assign(unit_id=unit), told.assign(element=told["item_id"]))
    own = scores.set_index("measure", drop=False).loc[asked].reset_index(drop=True)
    return pass_gate(dataset, score_intervals(own, conf_level=conf_level))


def reserved_questions(dataset: Dataset, unit: str, questions: Sequence[str], period: str) -> set[str]:
    """Give the questions about the one manager of a unit, which are for that manager and HR only."""
    items = dataset.table("items")
    items = items[items["item_id"].isin(questions)]
    reserved = reserved_measures(dataset, unit, items["element"].tolist(), period=period)
    return set(items.loc[items["element"].isin(reserved), "item_id"])


def _open_questions(
    dataset: Dataset, unit: str, questions: Sequence[str], period: str
) -> tuple[Answers, pd.DataFrame, list[str]]:
    """Read the answers of a unit to those questions that its page may hold; also give all questions with answers."""
    require_shown(dataset, unit, EMPLOYEES, period)
    items = dataset.table("items").set_index("item_id", drop=False)
    items = items.loc[[question for question in questions if question in items.index]]
    answers = answers_of(dataset, EMPLOYEES, unit, items["item_id"].tolist()).at(period)
    answered = [
        question for question in items.index if question in answers.frame and answers.frame[question].notna().any()
    ]
    reserved = reserved_questions(dataset, unit, answered, period)
    is_open = [question not in reserved for question in answered]
    return answers, items.loc[answered][is_open].reset_index(drop=True), answered


def _coarse_and_fine(counts: dict[str, np.ndarray]) -> tuple[Counts, Counts]:
    """All answers of a unit, behind its mean, and those on each side: a page may hold both."""
    return lambda unit: counts[unit][-1:], lambda unit: counts[unit]


def _sides(frame: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """On which side of the middle of its scale each answer lies, one column per question; missing without an answer."""
    if items.empty:
        return pd.DataFrame(index=frame.index)
    middle = ((items["scale_min"] + items["scale_max"]) / 2).to_numpy(float)
    apart = turned(frame, items) - middle
    names = np.array(CATEGORIES)[np.sign(apart.fillna(0)).astype(int) + 1]
    return pd.DataFrame(names, index=frame.index, columns=apart.columns).where(apart.notna())


def _counts(answers: Answers, sides: pd.DataFrame) -> dict[str, dict[str, np.ndarray]]:
    """Count for each question and unit the answers on each side, and all of them, with the units below."""
    hierarchy = answers.dataset.hierarchy
    units = hierarchy.subtree(answers.unit)
    below = hierarchy.closure[hierarchy.closure["ancestor_id"].isin(units)]
    found = {}
    for question in sides:
        own = pd.crosstab(answers.frame["unit_id"], sides[question]).reindex(columns=list(CATEGORIES), fill_value=0)
        pooled = below.merge(own, left_on="unit_id", right_index=True).groupby("ancestor_id")[list(CATEGORIES)].sum()
        counts = pooled.reindex(units, fill_value=0).to_numpy()
        found[question] = dict(zip(units, np.column_stack([counts, counts.sum(axis=1)]), strict=True))
    return found
