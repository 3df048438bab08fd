"""The answers 0 to 10 behind a score as shares, through the release gate, which evens out what few people answered.

Evened out beforehand within each class, too: the score and its interval tell how many are promoters and detractors, so
that shares of all but a few answers of a class would tell those few.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.datasets.answer_frames import Answers, require_shown
from helpers.datasets.released import pass_gate
from helpers.release import ReleasedTable
from helpers.stats.distribution import CLASSES, answer_distribution, class_shares
from helpers.stats.estimates import NotApplicable

# Where more of the answers than this are evened out, the picture would be of the rule and not of the answers.
MOST_EVENED = 0.5
# Shares come from sums of weights, with their rounding.
ROUNDING = 1e-9


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
        When the unit is hidden, nobody answered, or so few gave most answers that they are evened out.
    """
    table, n = _counted(answers)
    counts, shares = table["n"].to_numpy(), table["share"].to_numpy()
    few = np.zeros(len(counts), dtype=bool)
    if answers.dataset.mask is not None:
        few = (counts > 0) & (counts < answers.dataset.settings.min_group)
        shares = evened_by_class(shares, counts, table["class"].to_numpy(), answers.dataset.settings.min_group)
    rows = table.assign(category=table["answer"].astype("str"), estimate=shares)
    released = pass_gate(answers.dataset, _labelled(rows[["category", "class", "estimate"]], answers, n))
    told = released.frame["estimate"].to_numpy(float)
    evened = table["share"].to_numpy()[few | (np.abs(told - table["share"]) > ROUNDING)].sum()
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
        When the unit is hidden, nobody answered, or a class is so small that it would be evened out: the shares would
        then belie the score beside them.
    """
    _, n = _counted(answers)
    frame = answers.frame
    table = class_shares(frame["recommend"], frame.get("weight"), conf_level=conf_level)
    few = table["n"].between(1, answers.dataset.settings.min_group - 1)
    if answers.dataset.mask is not None and few.any():
        raise _too_few(answers)
    rows = table[["estimate", "ci_low", "ci_high", "conf_level"]].assign(category=table["term"])
    return pass_gate(answers.dataset, _labelled(rows, answers, n))


def evened_by_class(shares: np.ndarray, counts: np.ndarray, classes: np.ndarray, min_group: int) -> np.ndarray:
    """Give answers that few people gave the mean share of enough answers of their class.

    Parameters
    ----------
    shares, counts : ndarray, shape (answers,)
        Weighted shares, and how many people gave each answer.
    classes : ndarray of str, shape (answers,)
    min_group : int

    Returns
    -------
    ndarray, shape (answers,)
        Within a class the answers of fewer than `min_group` people share their mean; where they have fewer together,
        the rarest of the others joins them. Shares of classes stay.
    """
    result = shares.astype(float).copy()
    for name in CLASSES:
        own = np.flatnonzero((classes == name) & (counts > 0))
        rarest = own[np.argsort(counts[own], kind="stable")]
        together = np.cumsum(counts[rarest])
        if not len(rarest) or counts[rarest[0]] >= min_group:
            continue
        n_few = int((counts[rarest] < min_group).sum())
        needed = int(np.searchsorted(together, min_group) + 1)
        joined = rarest[: max(n_few, needed)]
        result[joined] = result[joined].mean()
    return result


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
