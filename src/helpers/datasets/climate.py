"""Do people of one unit agree, and do units differ? What the answers of a unit and of units beside each other tell.

Below the whole organisation only units take part whose figures may be shown, so that no result can be set against
another; see `helpers.datasets.released.countable_rows`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import pandas as pd

from helpers.datasets.answer_frames import Answers, answers_of, hidden_figures, require_shown, shown_groups
from helpers.datasets.dataset import Dataset
from helpers.datasets.families import EMPLOYEES
from helpers.datasets.released import countable_rows
from helpers.stats.agreement import answers_needed, icc, within_group_agreement
from helpers.stats.estimates import NotApplicable
from helpers.stats.reliability import cronbach_alpha, mcdonald_omega
from helpers.stats.standing import MIN_UNITS

UNIT, SCALE = "climate_unit", "scale"
# From this r_wg on, people of a unit are commonly said to agree.
AGREED = 0.7


@dataclass(frozen=True)
class Climate:
    """How units of one level differ, and how far people within them agree.

    Parameters
    ----------
    level, below : str
        Level of the units, and the unit below which they lie.
    iccs : DataFrame
        Answer of `stats.agreement.icc`.
    n_usual : float
        Median number of answers of a unit.
    n_hidden : int
        Units whose own figures are not shown; they take part only where many do.
    agreement : DataFrame, one row per null
        ``null``, ``median`` of r_wg over units, ``share_agreed`` (of units from `AGREED` on), ``n_units``; no rows for
        a single question.
    """

    level: str
    below: str
    iccs: pd.DataFrame
    n_usual: float
    n_hidden: int
    agreement: pd.DataFrame

    @property
    def needed(self) -> pd.DataFrame:
        """Answers a unit needs; `stats.agreement.answers_needed`, which refuses where units do not differ."""
        return answers_needed(self.iccs)


def scale_items(dataset: Dataset, element: str) -> pd.DataFrame:
    """List the questions of an element: ``item_id``, ``scale_min``, ``scale_max``, ``reverse``.

    Raises
    ------
    NotApplicable
        When the dataset lists none.
    """
    items = dataset.table("items") if dataset.has("items") else pd.DataFrame({"element": []})
    found = items[items["element"] == element]
    if found.empty:
        raise NotApplicable("The dataset has no questions on {column}.", column=element)
    return found


def scale_reliability(dataset: Dataset, unit: str, element: str, *, conf_level: float = 0.95) -> pd.DataFrame:
    """Tell how well the questions of an element measure one thing in a unit: alpha, and omega where it can be had.

    Parameters
    ----------
    dataset : Dataset
    unit : str
    element : str
    conf_level : float

    Returns
    -------
    DataFrame
        Rows of `stats.reliability`, of the latest period.

    Raises
    ------
    NotApplicable
        When the unit is hidden, too few people answered all questions, or alpha cannot be given.
    """
    answers = _latest(dataset, unit, element)
    require_shown(dataset, unit, answers.side, answers.periods[-1])
    items = scale_answers(answers, element)
    # Each question may have enough answers, and few people have answered them all.
    if dataset.mask is not None and len(items.dropna()) < dataset.settings.min_group:
        raise hidden_figures(dataset, unit)
    rows = [cronbach_alpha(items, conf_level=conf_level)]
    with suppress(NotApplicable):
        rows.append(mcdonald_omega(items, conf_level=conf_level))
    return pd.concat(rows, ignore_index=True)


def unit_climate(dataset: Dataset, unit: str, element: str, *, conf_level: float = 0.95) -> Climate:
    """Tell whether the units below one, of the level at which the dataset compares them, have a climate of their own.

    Parameters
    ----------
    dataset : Dataset
    unit : str
        One without such units below stands for the whole organisation.
    element : str
    conf_level : float

    Returns
    -------
    Climate
        Of the latest period.

    Raises
    ------
    NotApplicable
        With fewer than five units that may take part, or without differences within units.
    """
    level = dataset.settings.levels.quartile
    below = unit if len(dataset.hierarchy.at_level(level, unit)) > 1 else dataset.hierarchy.root
    answers = _latest(dataset, below, element)
    counted = _countable(dataset, below, level, element, answers.periods[-1])
    of_unit = {one: owner for owner in counted for one in dataset.hierarchy.subtree(owner)}
    items = scale_answers(answers, element)
    frame = items.assign(**{UNIT: answers.frame["unit_id"].map(of_unit), SCALE: items.mean(axis=1)})
    frame = frame[frame[UNIT].notna() & frame[SCALE].notna()].reset_index(drop=True)
    _require_units(frame[UNIT].nunique())
    iccs = icc(frame, value=SCALE, unit=UNIT, conf_level=conf_level)
    n_usual = float(frame.groupby(UNIT).size().median())
    agreement = _agreement(frame[list(items)], frame[UNIT], _n_options(dataset, element))
    groups = shown_groups(dataset, below, EMPLOYEES, answers.periods)
    n_hidden = sum(groups[one] != one for one in frame[UNIT].unique())
    return Climate(level, below, iccs, n_usual, n_hidden, agreement)


def scale_answers(answers: Answers, element: str) -> pd.DataFrame:
    """Give the answers to the questions of an element, all turned the same way.

    Parameters
    ----------
    answers : Answers
        Read with the columns of the questions.
    element : str

    Returns
    -------
    DataFrame, shape (people, questions)
        Counted from 1.
    """
    items = scale_items(answers.dataset, element).set_index("item_id")
    reverse = items["reverse"].astype(bool)
    sign, start = 1 - 2 * reverse, (1 - items["scale_min"]).where(~reverse, items["scale_max"] + 1)
    return answers.frame[list(items.index)].mul(sign, axis=1).add(start, axis=1)


def _latest(dataset: Dataset, unit: str, element: str) -> Answers:
    answers = answers_of(dataset, EMPLOYEES, unit, list(scale_items(dataset, element)["item_id"]))
    return answers.at(answers.periods[-1])


def _require_units(n_units: int) -> None:
    if n_units < MIN_UNITS:
        raise NotApplicable(
            "A climate of units needs {needed} of them with figures that may take part; found {found}.",
            needed=MIN_UNITS,
            found=n_units,
        )


def _countable(dataset: Dataset, below: str, level: str, element: str, period: str) -> list[str]:
    scores = dataset.scores
    units = dataset.hierarchy.at_level(level, below)
    rows = scores["unit_id"].isin(units) & (scores["measure"] == element) & (scores["period"] == period)
    rows = scores[rows & (scores["n"] > 0)]
    return countable_rows(dataset, rows, below=below)["unit_id"].tolist()


def _agreement(items: pd.DataFrame, unit: pd.Series, n_options: int) -> pd.DataFrame:
    rows = []
    for null in ("uniform", "slightly_skewed"):
        with suppress(NotApplicable):
            found = within_group_agreement(items, unit, n_options=n_options, null=null)["estimate"].dropna()
            shares = {"median": found.median(), "share_agreed": (found >= AGREED).mean()}
            rows.append({"null": null, **shares, "n_units": len(found)})
    return pd.DataFrame(rows, columns=["null", "median", "share_agreed", "n_units"])


def _n_options(dataset: Dataset, element: str) -> int:
    items = scale_items(dataset, element)
    return int(items["scale_max"].iloc[0] - items["scale_min"].iloc[0] + 1)
