"""Who was invited and did not answer, and how far a score moves when those who did stand in for them.

Strata are columns of `invited` beyond the contract that the answers have as well, for the whole organisation only:
below it, strata of units could be subtracted from each other. Elsewhere, and where few people have no stratum, they
are the units directly below that are shown, and the rest together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.datasets.answer_frames import Answers, answers_of, require_exact, shown_children
from helpers.datasets.contract import CONTRACT
from helpers.datasets.conversion import known_columns
from helpers.datasets.dataset import Dataset
from helpers.datasets.families import EMPLOYEES
from helpers.datasets.reading import read_table
from helpers.release import ReleasedTable
from helpers.stats.estimates import NotApplicable
from helpers.stats.nonresponse import weighting_effect
from helpers.stats.nps import DETRACTORS_TO, PROMOTERS_FROM
from helpers.stats.weighting import Weighting, post_stratification, raking

VALUE, STRATUM, REST = "value", "stratum", "rest"


@dataclass(frozen=True)
class Weighted:
    """A score before and after weighting for who was invited.

    Parameters
    ----------
    effect : DataFrame
        Answer of `stats.nonresponse.weighting_effect`, in points.
    n_groups : int
        Groups whose shares among the invited were brought back.
    by_units : bool
        Whether these are units, and not groups of people.
    kish_deff : float
        What the weights cost in precision.
    """

    effect: pd.DataFrame
    n_groups: int
    by_units: bool
    kish_deff: float


def weighted_score(
    dataset: Dataset, unit: str, table: ReleasedTable, *, period: str, conf_level: float = 0.95
) -> Weighted:
    """Weigh the answers of employees by who was invited, and tell how far eNPS moves.

    Parameters
    ----------
    dataset : Dataset
    unit : str
    table : ReleasedTable
        With the score before weighting; one that is hidden, or told as a limit, is not told here either.
    period : str
    conf_level : float

    Returns
    -------
    Weighted

    Raises
    ------
    NotApplicable
        When the score is not told exactly, invitations are not known, or there are no two groups to compare.
    """
    answers = answers_of(dataset, EMPLOYEES, unit, [])
    require_exact(table, unit, answers.measure, period)
    answers = answers.at(period)
    frame, invited, strata = _by_strata(answers, period)
    frame = frame[frame["recommend"].notna()].reset_index(drop=True) if "recommend" in frame else frame.head(0)
    _require_groups(frame, strata)
    frame[VALUE] = 100.0 * (frame["recommend"] >= PROMOTERS_FROM) - 100.0 * (frame["recommend"] <= DETRACTORS_TO)
    made = _weights(frame, invited, strata, dataset.settings.min_group)
    margins = strata if len(strata) > 1 else ["cell"]
    cells = frame[strata].merge(made.groups, on=strata, how="left") if len(strata) == 1 else frame
    fitted = frame.assign(cell=cells["cell"].to_numpy()) if len(strata) == 1 else frame
    effect = weighting_effect(fitted, made.weights, value=VALUE, kind="nps", margins=margins, conf_level=conf_level)
    n_groups = fitted[margins].drop_duplicates().shape[0]
    return Weighted(effect, n_groups, strata == [STRATUM], made.kish_deff)


def strata_columns(dataset: Dataset) -> list[str]:
    """List the columns of `invited` beyond the contract that `employee_answers` has too, for weighting by groups.

    Raises
    ------
    ValueError
        For a personal column in either table.
    """
    found = []
    for name in ("invited", "employee_answers"):
        items = dataset.table("items") if name == "employee_answers" and dataset.has("items") else None
        found.append(_beyond(dataset, name, items))
    return [name for name in found[0] if name in found[1]]


def _beyond(dataset: Dataset, name: str, items: pd.DataFrame | None) -> list[str]:
    names: list[str] = []

    def keep_names(given: Sequence[str]) -> list[str]:
        known_columns(name, items)(given)
        asked = set() if items is None else set(items["item_id"])
        names.extend(one for one in given if one not in CONTRACT[name].columns and one not in asked)
        return ["unit_id"]

    read_table(dataset.settings.tables[name], keep_names)
    return names


def _by_strata(answers: Answers, period: str) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Give answers and invitations of a period with their strata, and the names of these."""
    dataset, unit = answers.dataset, answers.unit
    asked = dataset.table("invited")
    own = strata_columns(dataset) if unit == dataset.hierarchy.root else []
    if own:
        kept = {name: _with_strata(dataset, name, own, period) for name in ("invited", "employee_answers")}
        if not _is_few_beside(answers, kept["employee_answers"]):
            return kept["employee_answers"], kept["invited"], own
    asked = asked[(asked["period"] == period)]
    asked = asked.assign(unit_id=asked["unit_id"].replace(dataset.hierarchy.merged))
    child = _children(answers)
    asked = asked[asked["unit_id"].isin(child)]
    frame = answers.frame.assign(**{STRATUM: answers.frame["unit_id"].map(child)})
    return frame, asked.assign(**{STRATUM: asked["unit_id"].map(child)}), [STRATUM]


def _is_few_beside(answers: Answers, known: pd.DataFrame) -> bool:
    """Tell whether a score of those of known strata, against that of all, would tell the few others."""
    both = [frame["recommend"].notna().sum() if "recommend" in frame else 0 for frame in (answers.frame, known)]
    return 0 < both[0] - both[1] < answers.dataset.settings.min_group


def _with_strata(dataset: Dataset, name: str, strata: list[str], period: str) -> pd.DataFrame:
    columns = ["period", "recommend", "n_invited", *strata]
    frame = read_table(dataset.settings.tables[name], lambda names: [one for one in names if one in columns])
    frame = frame[frame["period"].astype("str") == period].dropna(subset=strata).reset_index(drop=True)
    figures = [one for one in ("recommend", "n_invited") if one in frame]
    return frame.assign(**{one: pd.to_numeric(frame[one]) for one in figures}).astype(dict.fromkeys(strata, "str"))


def _children(answers: Answers) -> dict[str, str]:
    """Give for each unit of the subtree its stratum: the shown unit directly below, or the rest."""
    hierarchy = answers.dataset.hierarchy
    of_rest = {below: REST for below in hierarchy.subtree(answers.unit)}
    shown = shown_children(answers)
    return of_rest | {below: child for child in shown for below in hierarchy.subtree(child)}


def _require_groups(frame: pd.DataFrame, strata: list[str]) -> None:
    found = len(frame[strata].drop_duplicates())
    if found < 2:
        raise NotApplicable(
            "Weighting for non-response needs two groups of people who were invited; found {found}.", found=found
        )


def _weights(frame: pd.DataFrame, invited: pd.DataFrame, strata: list[str], min_group: int) -> Weighting:
    """Cells for one column, margins for several; no group with fewer answers than a figure may rest on."""
    if len(strata) == 1:
        return post_stratification(frame, invited, strata, min_cell=min_group)
    margins = {name: invited.groupby(name)["n_invited"].sum() for name in strata}
    for name in strata:
        small = frame[name].value_counts()
        if (small < min_group).any():
            raise NotApplicable("Too few people of {group} answered, and no group is like it.", group=small.idxmin())
    return raking(frame, margins)
