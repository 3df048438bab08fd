"""What is taken as the drivers of what: Bersin's elements of engagement, single questions, or published themes."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers.datasets.contract import BERSIN_ELEMENTS
from helpers.datasets.dataset import Dataset
from helpers.datasets.families import EMPLOYEES, measure_families
from helpers.stats.estimates import NotApplicable

ELEMENTS, QUESTIONS, THEMES, MEASURES = "elements", "questions", "themes", "measures"
SATISFACTION = "employee_satisfaction"
# Columns of answers that are measures by themselves.
ANSWERED = {SATISFACTION: "satisfaction", "enps": "recommend"}
# Of a survey that publishes an index of engagement and, from other questions, a score for each theme.
PUBLISHED_THEMES = (
    *("my_work", "objectives", "line_management", "teamwork", "learning", "inclusion", "resources", "pay"),
    "managing_change",
)
# What is said to make what: knowing why makes motivation; being valued, a purpose and kept promises make engagement.
CONTEXT_LINK = ("context", "motivation")
TO_ENGAGEMENT = ("valued", "purpose", "promise_kept")
# Fewer elements than this make no ranking of elements.
LEAST = 3


@dataclass(frozen=True)
class DriverChoice:
    """What may drive what.

    Parameters
    ----------
    kind : {"elements", "questions", "themes", "measures"}
        Elements are means of their questions, answered by persons; themes are scores of units that came as such;
        measures were asked for by name.
    outcome : str
        A measure.
    drivers : tuple of str
        Measures, or ids of questions.
    is_answered : bool
        Whether answers of persons are there; else only scores of units.
    """

    kind: str
    outcome: str
    drivers: tuple[str, ...]
    is_answered: bool


def driver_choice(dataset: Dataset, *, outcome: str = "", drivers: str = "") -> DriverChoice:
    """Choose outcome and drivers from what a dataset has.

    Parameters
    ----------
    dataset : Dataset
    outcome : str
        Empty: the dataset's engagement; where single questions are the drivers, satisfaction with working here.
    drivers : str
        Ids with commas between: measures, or questions. Empty: Bersin's elements where at least `LEAST` were asked for,
        else all questions that are not part of the outcome, else published themes.

    Returns
    -------
    DriverChoice

    Raises
    ------
    NotApplicable
        Where there are none.
    ValueError
        For a driver named twice, or one that is the outcome.
    """
    items = dataset.table("items") if dataset.has("items") and dataset.has("employee_answers") else None
    engagement = outcome or dataset.settings.measures.engagement
    if drivers:
        named = tuple(name.strip() for name in drivers.split(",") if name.strip())
        if engagement in named or len(set(named)) < len(named):
            raise ValueError(
                f"drivers must name each driver once, without the outcome {engagement!r}; found {drivers!r}. Leave out "
                "what is named twice."
            )
        return _named(dataset, items, engagement, named)
    if items is not None:
        asked = set(items["element"])
        elements = tuple(element for element in BERSIN_ELEMENTS if element in asked and element != engagement)
        if len(elements) >= LEAST and engagement in {*asked, *ANSWERED}:
            return DriverChoice(ELEMENTS, engagement, elements, is_answered=True)
        outcome = outcome or SATISFACTION
        if outcome in asked or outcome in ANSWERED:
            questions = tuple(items.loc[items["element"] != outcome, "item_id"])
            return DriverChoice(QUESTIONS, outcome, questions, is_answered=True)
    scored = set(dataset.scores["measure"])
    themes = tuple(theme for theme in PUBLISHED_THEMES if theme in scored and theme != engagement)
    if len(themes) >= LEAST and engagement in scored:
        return DriverChoice(THEMES, engagement, themes, is_answered=False)
    if outcome not in ("", SATISFACTION) and outcome not in scored:
        raise NotApplicable("These data have no answers and no scores of employees on {column}.", column=outcome)
    raise NotApplicable("This needs what employees say of their work, question by question or theme by theme.")


def _named(dataset: Dataset, items: pd.DataFrame | None, outcome: str, drivers: tuple[str, ...]) -> DriverChoice:
    """Take what was asked for by name, where all of it is there."""
    if items is not None:
        answered = {*items["element"], *items["item_id"], *ANSWERED}
        if {outcome, *drivers} <= answered:
            kind = QUESTIONS if set(drivers) <= set(items["item_id"]) - set(items["element"]) else MEASURES
            return DriverChoice(kind, outcome, drivers, is_answered=True)
    scores = dataset.scores
    known = set(scores.loc[measure_families(scores) == EMPLOYEES, "measure"])
    absent = [name for name in (outcome, *drivers) if name not in known]
    if absent:
        raise NotApplicable("These data have no answers and no scores of employees on {column}.", column=absent[0])
    return DriverChoice(MEASURES, outcome, drivers, is_answered=False)
