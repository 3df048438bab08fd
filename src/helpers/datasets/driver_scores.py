"""Scores of one unit on the drivers, and the questions behind them, as they may be shown."""

from __future__ import annotations

from dataclasses import dataclass

from helpers.datasets.answer_frames import answers_of, hidden_figures, require_shown
from helpers.datasets.dataset import Dataset
from helpers.datasets.driver_choice import CONTEXT_LINK, QUESTIONS, TO_ENGAGEMENT, DriverChoice
from helpers.datasets.families import EMPLOYEES
from helpers.datasets.growth import answer_range
from helpers.datasets.left_out import LeftOut, left_out, reserved_measures
from helpers.datasets.question_shares import question_scores, reserved_questions
from helpers.datasets.released import released_scores
from helpers.release import ReleasedTable
from helpers.stats.driver_study import DriverStudy, driver_standings
from helpers.stats.estimates import NotApplicable


def driver_scores(
    dataset: Dataset, unit: str, choice: DriverChoice, *, period: str, conf_level: float = 0.95
) -> ReleasedTable:
    """Give the scores of a unit, and of the whole beside it, on the drivers, as they may be shown.

    Parameters
    ----------
    dataset : Dataset
    unit : str
    choice : DriverChoice
    period : str
    conf_level : float

    Returns
    -------
    ReleasedTable
        One row per unit and driver; for single questions of the unit only.

    Raises
    ------
    NotApplicable
        Where the unit has no such scores.
    """
    if choice.kind == QUESTIONS:
        return question_scores(dataset, unit, choice.drivers, period=period, conf_level=conf_level)
    units = list(dict.fromkeys([unit, dataset.hierarchy.root]))
    own = dataset.scores[(dataset.scores["unit_id"] == unit) & dataset.scores["measure"].isin(choice.drivers)]
    if own[own["period"] == period].empty:
        # A hidden unit without scores must read as one with few.
        require_shown(dataset, unit, EMPLOYEES, period)
        raise NotApplicable("There are no scores of these drivers for {unit}.", unit=dataset.hierarchy.name(unit))
    table = released_scores(dataset, units=units, conf_level=conf_level)
    return table.where(period=period, measure=list(choice.drivers))


@dataclass(frozen=True)
class UnitStanding:
    """Where the drivers of one unit stand.

    Parameters
    ----------
    unit : str
    table : ReleasedTable
        Scores of the unit, and where known of the whole beside it, one row per driver.
    target : float
        Score aimed at.
    share : float
        How far it lies from the lowest to the highest answer.
    standings : dict of driver to str
        Of the drivers shown, see `helpers.stats.driver_verdict.standings`.
    left_out : LeftOut
        Drivers without a score that is shown.
    """

    unit: str
    table: ReleasedTable
    target: float
    share: float
    standings: dict[str, str]
    left_out: LeftOut


def unit_standing(
    dataset: Dataset,
    unit: str,
    choice: DriverChoice,
    study: DriverStudy,
    *,
    period: str,
    share: float,
    conf_level: float = 0.95,
) -> UnitStanding:
    """Tell strengths to keep from weaknesses to improve in a unit.

    Parameters
    ----------
    dataset : Dataset
    unit : str
    choice : DriverChoice
    study : DriverStudy
        Of the whole organisation.
    period : str
    share : float
        How far the score aimed at lies from the lowest to the highest answer, 0 to 1.
    conf_level : float

    Returns
    -------
    UnitStanding

    Raises
    ------
    NotApplicable
        Where the unit has no such scores, none may be shown, or drivers have no one scale.
    ValueError
        For a share beyond 0 to 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"target must lie between 0 (lowest answer) and 1 (highest); found {share}.")
    table = driver_scores(dataset, unit, choice, period=period, conf_level=conf_level)
    target = target_score(dataset, choice, share=share)
    found = driver_standings(table.where(unit_id=unit).frame, study, target=target)
    if found.empty:
        raise hidden_figures(dataset, unit)
    missing = _left_out(dataset, unit, choice, found.index.tolist(), period)
    return UnitStanding(unit, table, target, share, found.to_dict(), missing)


def _left_out(dataset: Dataset, unit: str, choice: DriverChoice, told: list[str], period: str) -> LeftOut:
    if choice.kind == QUESTIONS:
        answers = answers_of(dataset, EMPLOYEES, unit, choice.drivers).at(period).frame
        answered = [one for one in choice.drivers if one in answers and answers[one].notna().any()]
        reserved = reserved_questions(dataset, unit, choice.drivers, period)
    else:
        scores = dataset.scores
        here = (scores["unit_id"] == unit) & (scores["period"] == period) & scores["estimate"].notna()
        answered = scores.loc[here, "measure"].tolist()
        reserved = reserved_measures(dataset, unit, choice.drivers, period=period)
    return left_out(choice.drivers, told, reserved=reserved, answered=answered)


def told_questions(dataset: Dataset, choice: DriverChoice) -> list[str]:
    """Give the questions behind the drivers, and behind the links asked about.

    Raises
    ------
    NotApplicable
        Where only scores are known.
    """
    if not choice.is_answered:
        raise NotApplicable("Answers of single people are not known here.")
    items = dataset.table("items")
    wanted = [*choice.drivers, *([] if choice.kind == QUESTIONS else [*CONTEXT_LINK, *TO_ENGAGEMENT])]
    found = [
        item for one in wanted for item in items.loc[(items["element"] == one) | (items["item_id"] == one), "item_id"]
    ]
    return list(dict.fromkeys(found))


def question_texts(dataset: Dataset, language: str) -> dict[str, str]:
    """Give the text of each question in a language, else in the other, else its id."""
    if not dataset.has("items"):
        return {}
    items = dataset.table("items")
    other = {"nl": "en", "en": "nl"}[language]
    texts = items[f"text_{language}"].fillna(items[f"text_{other}"]).fillna(items["item_id"])
    return dict(zip(items["item_id"], texts, strict=True))


def target_score(dataset: Dataset, choice: DriverChoice, *, share: float) -> float:
    """Give the score that lies a share of the way from the lowest to the highest answer.

    Raises
    ------
    NotApplicable
        Where drivers have several scales, or their scale is not known.
    """
    ranges = {_range(dataset, choice, driver) for driver in choice.drivers} - {None}
    if len(ranges) != 1:
        raise NotApplicable("The drivers have no one scale, so no score can be aimed at for all of them.")
    low, high = ranges.pop()
    return low + share * (high - low)


def _range(dataset: Dataset, choice: DriverChoice, driver: str) -> tuple[float, float] | None:
    if choice.kind == QUESTIONS:
        item = dataset.table("items").set_index("item_id").loc[driver]
        return float(item["scale_min"]), float(item["scale_max"])
    known = answer_range(dataset, driver)
    kinds = dataset.scores.loc[dataset.scores["measure"] == driver, "kind"]
    return known or ((0.0, 1.0) if (kinds == "rate").any() else None)
