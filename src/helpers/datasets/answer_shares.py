"""The answers 0 to 10 behind a score as shares, through the release gate, which evens out what few people answered.

Promoters, passives and detractors are told where nobody or enough people are in each class, also after subtracting
units below (`told_levels`). Within them a class is told answer by answer where each answer was given by nobody or by
enough people, by the same rule; otherwise its answers have their mean share, since shares of all but a few answers of a
class would tell those few.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.datasets.answer_frames import Answers, answers_of, require_shown
from helpers.datasets.dataset import Dataset
from helpers.datasets.once import once
from helpers.datasets.released import pass_gate
from helpers.datasets.told_levels import none_or_enough, told_units
from helpers.release import ReleasedTable
from helpers.stats.distribution import ANSWERS, CLASSES, answer_distribution, class_shares
from helpers.stats.estimates import NotApplicable

# Where more of the answers than this are evened out, the picture would be of the rule and not of the answers.
MOST_EVENED = 0.5
# Shares come from sums of weights, with their rounding.
ROUNDING = 1e-9
_CLASSES, _ANSWERS = pd.CategoricalDtype(CLASSES), pd.CategoricalDtype(ANSWERS)


def released_shares(answers: Answers) -> ReleasedTable:
    """Give the share of each answer from 0 to 10 as it may be shown.

    Parameters
    ----------
    answers : Answers
        Of one period.

    Returns
    -------
    ReleasedTable, 11 rows
        ``category`` (the answer, as text), ``class``, ``estimate`` (share, 0 to 1), ``n`` (answers in all).

    Raises
    ------
    NotApplicable
        When the unit is hidden, nobody answered, the classes may not be told, or so few gave most answers that they
        are evened out.
    """
    table, n = _counted(answers)
    told = _told_classes(answers)
    shares = evened_by_class(table["share"].to_numpy(), table["class"].to_numpy(), told)
    rows = table.assign(category=table["answer"].astype("str"), estimate=shares)
    released = pass_gate(answers.dataset, _labelled(rows[["category", "class", "estimate"]], answers, n))
    moved = np.abs(released.frame["estimate"].to_numpy(float) - table["share"]) > ROUNDING
    evened = table.loc[moved | ~table["class"].isin(told), "share"].sum()
    if evened > MOST_EVENED:
        raise _too_few(answers)
    return released


def released_classes(answers: Answers, *, conf_level: float = 0.95) -> ReleasedTable:
    """Give the shares of promoters, passives and detractors as they may be shown.

    Parameters
    ----------
    answers : Answers
        Of one period.
    conf_level : float
        The chance that all three intervals hold.

    Returns
    -------
    ReleasedTable, 3 rows
        ``category`` (the class), ``estimate``, ``ci_low``, ``ci_high``, ``conf_level``, ``n``.

    Raises
    ------
    NotApplicable
        When the unit is hidden, nobody answered, or a class is so small, also after subtracting units below, that it
        would have to be evened out: the shares would then belie the score beside them.
    """
    _, n = _counted(answers)
    _told_classes(answers)
    frame = answers.frame
    table = class_shares(frame["recommend"], frame.get("weight"), conf_level=conf_level)
    rows = table[["estimate", "ci_low", "ci_high", "conf_level"]].assign(category=table["term"])
    return pass_gate(answers.dataset, _labelled(rows, answers, n))


def evened_by_class(shares: np.ndarray, classes: np.ndarray, told: Sequence[str]) -> np.ndarray:
    """Give each answer of a class that is not told the mean share of the class.

    Parameters
    ----------
    shares : ndarray, shape (answers,)
    classes : ndarray of str, shape (answers,)
    told : sequence of str
        Classes whose shares stay.

    Returns
    -------
    ndarray, shape (answers,)
        Shares of classes stay. Answers that nobody gave have the mean too: they would tell what the others gave.
    """
    return np.where(np.isin(classes, told), shares, pd.Series(shares).groupby(classes).transform("mean"))


def _told_classes(answers: Answers) -> list[str]:
    """List the classes that a unit tells answer by answer; refuse where it may not even tell how large they are."""
    dataset, side, (period,) = answers.dataset, answers.side, answers.periods
    in_classes, by_answer = once(lambda: telling_units(dataset, side, period))
    if answers.unit not in in_classes:
        raise _too_few(answers)
    return [name for name in CLASSES if answers.unit in by_answer[name]]


def telling_units(dataset: Dataset, side: str, period: str) -> tuple[set[str], dict[str, set[str]]]:
    """Find the units that may tell how many are in each class, and of each class those that tell it by answer.

    Parameters
    ----------
    dataset : Dataset
    side : {"employees", "customers"}
    period : str

    Returns
    -------
    in_classes : set of str
    by_answer : dict of str to set of str
        By class.
    """
    everybody = answers_of(dataset, side, dataset.hierarchy.root, []).at(period)
    recommend, is_safe = everybody.frame["recommend"], none_or_enough(dataset.settings.min_group)
    classes = recommend.map(answer_distribution(recommend).set_index("answer")["class"]).astype(_CLASSES)
    in_classes = told_units(everybody, classes, is_safe=is_safe)
    answers = {name: recommend.where(classes == name).astype(_ANSWERS) for name in CLASSES}
    by_answer = {
        name: told_units(everybody, given, is_safe=is_safe, among=in_classes) for name, given in answers.items()
    }
    return in_classes, by_answer


def _counted(answers: Answers) -> tuple[pd.DataFrame, int]:
    (period,) = answers.periods
    require_shown(answers.dataset, answers.unit, answers.side, period)
    if "recommend" not in answers.frame:
        raise NotApplicable("Nobody answered the question.")
    table = answer_distribution(answers.frame["recommend"], answers.frame.get("weight"))
    return table, int(table["n"].sum())


def _too_few(answers: Answers) -> NotApplicable:
    name = answers.dataset.hierarchy.name(answers.unit)
    return NotApplicable("Too few people of {unit} gave each answer to show how their answers are spread.", unit=name)


def _labelled(rows: pd.DataFrame, answers: Answers, n: int) -> pd.DataFrame:
    labels = {"unit_id": answers.unit, "period": answers.periods[0], "measure": answers.measure, "kind": "rate"}
    return rows.assign(**labels, n=float(n))
