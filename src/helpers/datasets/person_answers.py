"""What each person says of some measures in one period, in the groups that released figures tell apart anyway.

For statistics of the whole organisation; no row is ever shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.datasets.answer_frames import Answers, answers_of, require_shown
from helpers.datasets.dataset import Dataset
from helpers.datasets.driver_choice import ANSWERED, DriverChoice
from helpers.datasets.families import EMPLOYEES
from helpers.datasets.panel_rows import clusters
from helpers.stats.driver_study import ERROR
from helpers.stats.estimates import NotApplicable


@dataclass(frozen=True)
class PersonAnswers:
    """What each person says, one column per measure.

    Parameters
    ----------
    answers : Answers
        Of the whole organisation in one period.
    frame : DataFrame, one row per person
        ``unit_id``, the measures (means of the questions answered, turned where a high answer is bad), ``group``,
        ``cluster``, where known ``weight``, and ``<measure>_error`` of means of several questions.
    """

    answers: Answers
    frame: pd.DataFrame


def person_answers(dataset: Dataset, measures: Sequence[str], *, period: str = "") -> PersonAnswers:
    """Read what persons say of some measures in one period.

    Parameters
    ----------
    dataset : Dataset
        With answers of employees.
    measures : sequence of str
        Elements, questions, or keys of `driver_choice.ANSWERED`.
    period : str
        Empty: the latest.

    Returns
    -------
    PersonAnswers

    Raises
    ------
    NotApplicable
        Without answers to one of them, or where those of the whole organisation may not be shown.
    """
    items, root = dataset.table("items"), dataset.hierarchy.root
    asked = items[items["element"].isin(measures) | items["item_id"].isin(measures)]
    columns = [*asked["item_id"], *(ANSWERED[one] for one in measures if one in ANSWERED)]
    answers = answers_of(dataset, EMPLOYEES, root, columns)
    period = period or answers.periods[-1]
    if period not in answers.periods:
        raise NotApplicable("There are no answers of {unit}.", unit=dataset.hierarchy.name(root))
    require_shown(dataset, root, EMPLOYEES, period)
    answers = answers.at(period)
    frame = answers.frame[["unit_id"]].assign(group=answers.groups())
    frame["cluster"] = frame["group"].map(clusters(dataset.hierarchy, frame["group"].unique().tolist()))
    if "weight" in answers.frame:
        frame["weight"] = answers.frame["weight"].fillna(1.0)
    asked = asked[asked["item_id"].isin(answers.frame.columns)]
    for measure in measures:
        own = asked[(asked["element"] == measure) | (asked["item_id"] == measure)]
        if len(own):
            values = turned(answers.frame, own)
            frame[measure] = values.mean(axis=1)
            frame[f"{measure}{ERROR}"] = _error_variance(values, frame["group"])
        elif ANSWERED.get(measure) in answers.frame:
            frame[measure] = answers.frame[ANSWERED[measure]]
        else:
            raise NotApplicable("These data have no answers of employees on {column}.", column=measure)
    return PersonAnswers(answers, frame)


def turned(frame: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Give the answers to items as numbers, those of which a high answer is bad turned round."""
    reverse = items["reverse"].fillna(False).astype(bool)
    ends = items["scale_min"] + items["scale_max"]
    columns = zip(items["item_id"], reverse, ends, strict=True)
    return pd.DataFrame({item: total - frame[item] if turn else frame[item] for item, turn, total in columns}).astype(
        float
    )


def noise_known(people: PersonAnswers, choice: DriverChoice) -> pd.DataFrame:
    """Give the rows of persons where the noise of every driver is known, so that it can be taken off.

    Raises
    ------
    NotApplicable
        Where a driver rests on a single question.
    """
    single = [one for one in choice.drivers if people.frame.get(f"{one}{ERROR}", pd.Series(dtype=float)).isna().all()]
    if single:
        raise NotApplicable("A single question cannot tell its own noise, so nothing is corrected for it.")
    return people.frame


def _error_variance(values: pd.DataFrame, group: pd.Series) -> pd.Series:
    """Give each person's estimate of the error variance of the mean of k questions; missing for a single answer.

    With deviations d from the mean of the group, ``(Σd)² / k²`` is what the mean varies and ``((Σd)² − Σd²) / (k (k −
    1))`` what two questions share.
    """
    apart = values - values.groupby(group).transform("mean")
    k, total, squares = apart.notna().sum(axis=1), apart.sum(axis=1), (apart**2).sum(axis=1)
    shared = (total**2 - squares) / (k * (k - 1)).where(k > 1)
    return total**2 / (k**2).where(k > 1) - shared
