"""Weights that make those who answered look like those who were invited: post-stratification and raking.

A *cell* is a combination of all strata, a *margin* the categories of one of them. Weights have mean 1. They mend what
the strata explain; whoever stays silent for another reason within a stratum is not stood in for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.alignment import check_known
from helpers.stats.estimates import NotApplicable

# With fewer answers in a cell its weight rests on who happened to answer; the usual advice is 5 to 20.
MIN_CELL = 5
# Largest distance of a weighted share from its target at which raking counts as done.
TOLERANCE = 1e-8
MAX_ROUNDS = 500


@dataclass(frozen=True)
class Weighting:
    """Weights and how they came about.

    Parameters
    ----------
    weights : Series, shape (answers,)
        Mean 1, with the index of the answers.
    groups : DataFrame
        One row per cell or category: answers, invitations or target, and the weight or the shares reached.
    n_rounds : int
        Rounds of raking; 1 for post-stratification.
    largest_miss : float
        Largest distance of a weighted share from its target.
    n_trimmed : int
        Weights held at the largest one allowed.
    kish_deff : float
        ``n Σw² / (Σw)²``, what the weights cost in precision where they explain nothing.
    """

    weights: pd.Series
    groups: pd.DataFrame
    n_rounds: int
    largest_miss: float
    n_trimmed: int
    kish_deff: float


def post_stratification(
    answers: pd.DataFrame, invited: pd.DataFrame, strata: Sequence[str], *, min_cell: int = MIN_CELL
) -> Weighting:
    """
    Weight answers to the invitations of their cell.

    Parameters
    ----------
    answers : DataFrame, one row per answer
        The `strata`.
    invited : DataFrame
        The `strata` and ``n_invited``; several rows of a cell are added up.
    strata : sequence of str
        Columns; in joining small cells the last one gives way.
    min_cell : int
        Least answers of a cell. A smaller one joins the cell alike in all strata but the last whose response rate is
        nearest.

    Returns
    -------
    Weighting
        ``groups``: the strata, ``n``, ``n_invited``, ``cell`` (number; joined cells share one), ``weight``.

    Raises
    ------
    ValueError
        For an answer whose stratum is not known.
    NotApplicable
        Where answers came from a cell without invitations, answers outnumber invitations, or a small cell has no
        neighbour to join.

    Notes
    -----
    ``w = (N_cell / N) / (n_cell / n)``.

    References
    ----------
    D. Holt, T. Smith (1979), Post Stratification, *JRSS A* 142(1), 33-46.
    """
    strata = list(strata)
    cells = response_cells(answers, invited, strata)
    cells["cell"] = _joined(cells, strata, min_cell)
    sums = cells.groupby("cell")[["n", "n_invited"]].transform("sum")
    cells["weight"] = sums["n_invited"] / cells["n_invited"].sum() / (sums["n"] / cells["n"].sum())
    weights = answers[strata].merge(cells, on=strata, how="left")["weight"].set_axis(answers.index)
    return Weighting(weights, cells, 1, 0.0, 0, _kish(weights.to_numpy()))


def raking(
    answers: pd.DataFrame,
    margins: Mapping[str, pd.Series],
    *,
    largest: float | None = None,
    max_rounds: int = MAX_ROUNDS,
) -> Weighting:
    """
    Weight answers so that each margin has its share, without knowing the cells (iterative proportional fitting).

    Parameters
    ----------
    answers : DataFrame, one row per answer
        A column for each margin.
    margins : mapping of str to Series
        Invitations by category; only their shares count.
    largest : float, optional
        Largest weight allowed, above 1. Margins are then met as far as it allows; see ``largest_miss``.
    max_rounds : int
        Rounds over all margins.

    Returns
    -------
    Weighting
        ``groups``: ``margin``, ``category``, ``n``, ``target``, ``before``, ``after`` (shares, 0 to 1).

    Raises
    ------
    ValueError
        For a largest weight of 1 or less, or an answer whose category is not known.
    NotApplicable
        Where an invited category has no answers, answers are of a category without invitations, or the weights do not
        settle.

    References
    ----------
    W. Deming, F. Stephan (1940), *Annals of Mathematical Statistics* 11(4), 427-444.
    """
    if largest is not None and largest <= 1:
        raise ValueError(f"largest must be above 1; found {largest:g}.")
    check_known(answers, list(margins))
    coded = {name: _coded(answers[name], totals) for name, totals in margins.items()}
    weights, cap, n_rounds, moved = np.ones(len(answers)), largest or np.inf, 0, np.inf
    while n_rounds < max_rounds and moved > TOLERANCE:
        before, n_rounds = weights, n_rounds + 1
        for codes, target in coded.values():
            weights = weights * (target / _shares(codes, weights, len(target)))[codes]
        weights = _capped(weights, cap)
        moved = np.abs(weights - before).max()
    groups = pd.concat(
        [_margin(name, margins[name][margins[name] > 0].index, *pair, weights) for name, pair in coded.items()]
    )
    miss = float((groups["after"] - groups["target"]).abs().max())
    if moved > TOLERANCE or (largest is None and miss > TOLERANCE * 100):
        raise NotApplicable("Weights for these groups do not settle in {rounds} rounds.", rounds=max_rounds)
    n_trimmed = int((weights >= cap * (1 - TOLERANCE)).sum())
    series = pd.Series(weights, index=answers.index, name="weight")
    return Weighting(series, groups.reset_index(drop=True), n_rounds, miss, n_trimmed, _kish(weights))


def response_cells(answers: pd.DataFrame, invited: pd.DataFrame, strata: list[str]) -> pd.DataFrame:
    """Answers ``n`` and ``n_invited`` of each invited cell; refuses invitations that cannot be right."""
    check_known(answers, strata)
    asked = invited.groupby(strata, as_index=False)["n_invited"].sum()
    given = answers.groupby(strata, as_index=False).size().rename(columns={"size": "n"})
    cells = asked.merge(given, on=strata, how="outer").fillna({"n": 0, "n_invited": 0})
    cells = cells[(cells["n"] > 0) | (cells["n_invited"] > 0)].reset_index(drop=True).astype({"n": int})
    wrong = cells[cells["n"] > cells["n_invited"]]
    if len(wrong):
        name = ", ".join(str(value) for value in wrong.iloc[0][strata])
        raise NotApplicable("More people answered than were invited in {group}.", group=name)
    return cells


def _joined(cells: pd.DataFrame, strata: list[str], min_cell: int) -> np.ndarray:
    """Number of the cell that each one belongs to once the small ones, smallest first, have joined a neighbour."""
    cell = np.arange(len(cells))
    alike = cells.groupby(strata[:-1]).ngroup() if strata[:-1] else pd.Series(0, index=cells.index)
    while True:
        sums = cells.groupby(cell)[["n", "n_invited"]].sum()
        small = sums[sums["n"] < min_cell]
        if small.empty:
            return cell
        own = small["n"].idxmin()
        near = [other for other in sums.index if other != own and alike[other] == alike[own]]
        if not near:
            name = ", ".join(str(value) for value in cells.loc[own, strata])
            raise NotApplicable("Too few people of {group} answered, and no group is like it.", group=name)
        rate = sums["n"] / sums["n_invited"]
        cell[cell == own] = min(near, key=lambda other: (abs(rate[other] - rate[own]), other))


def _coded(column: pd.Series, totals: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Code of each answer's category, and the target shares."""
    totals = totals[totals > 0]
    codes = pd.Index(totals.index).get_indexer(column)
    if (codes < 0).any():
        name = str(column[codes < 0].iloc[0])
        raise NotApplicable("More people answered than were invited in {group}.", group=name)
    absent = np.bincount(codes, minlength=len(totals)) == 0
    if absent.any():
        raise NotApplicable(
            "Nobody of {group} answered, so no weight can stand in for them.", group=str(totals.index[absent][0])
        )
    return codes, (totals / totals.sum()).to_numpy(float)


def _shares(codes: np.ndarray, weights: np.ndarray, length: int) -> np.ndarray:
    return np.bincount(codes, weights, minlength=length) / weights.sum()


def _margin(
    name: str, categories: pd.Index, codes: np.ndarray, target: np.ndarray, weights: np.ndarray
) -> pd.DataFrame:
    n = np.bincount(codes, minlength=len(target))
    columns = {"margin": name, "category": categories, "n": n, "target": target, "before": n / n.sum()}
    return pd.DataFrame(columns | {"after": _shares(codes, weights, len(target))})


def _capped(weights: np.ndarray, cap: float) -> np.ndarray:
    """Weights of mean 1, none above the cap; what is cut off goes to the others in proportion."""
    held = np.zeros(len(weights), dtype=bool)
    while True:
        scaled = weights * (len(weights) - (cap * held.sum() if held.any() else 0.0)) / weights[~held].sum()
        scaled[held] = cap
        over = scaled > cap
        if not over.any():
            return scaled
        held |= over


def _kish(weights: np.ndarray) -> float:
    return float(len(weights) * (weights**2).sum() / weights.sum() ** 2)
