"""Studies for a meta-analysis, from a dataset: a *study* is an organisation, a country or another group of units.

Units are teams, or whatever the dataset compares between quartiles; years of the same units are never two studies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from helpers.datasets.panels import own_periods, quartile_frame
from helpers.datasets.released import countable_rows, named_units
from helpers.datasets.reliabilities import study_reliabilities
from helpers.stats.estimates import NotApplicable
from helpers.stats.study_correlations import study_correlations

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

MODERATORS = ("country", "industry")
PERIODS = ("engagement_period", "period")
# What is told of several studies, against what is told of each, must not be that of a unit or two.
FEWEST_HIDDEN = 3


@dataclass(frozen=True)
class StudySet:
    """Studies of a dataset.

    `studies` is for what all studies come to; `shown` holds the correlations that may be told one by one, from units
    that may be shown, with ``name`` (empty where the study may not be named); `gated` says whether these leave hidden
    units out. `level` is that of a study, `units` that of the units in it, `periods` those of engagement and of the
    outcomes; `outcomes` are in the order wanted.
    """

    studies: pd.DataFrame
    shown: pd.DataFrame
    level: str
    units: str
    periods: tuple[str, str]
    outcomes: tuple[str, ...]
    gated: bool


def unit_studies(
    dataset: Dataset,
    *,
    engagement: str = "",
    outcomes: Sequence[str] = (),
    below: str = "",
    period: str = "",
    cut: str = "earlier",
) -> StudySet:
    """Make one study per organisation or, where there is one organisation, per unit of the highest level below.

    Parameters
    ----------
    dataset : Dataset
    engagement, outcomes, below, cut
        As for `panels.quartile_frame`.
    period : str
        Of the outcomes; empty: of each the latest that has engagement beside it.

    Returns
    -------
    StudySet
        ``studies``: as `study_correlations`, with ``rxx``, ``ryy`` and their alternatives (see
        `reliabilities.study_reliabilities`), ``u`` (SD of engagement in the study over that of all units), and
        ``country``, ``industry`` where units of the level have them.

    Raises
    ------
    NotApplicable
        As `panels.quartile_frame`, or where units fall into no groups that could be studies.
    ValueError
        As `panels.quartile_frame`.
    """
    settings = dataset.settings
    engagement, outcomes = engagement or settings.measures.engagement, list(outcomes or settings.measures.outcomes)
    chosen = {"engagement": engagement, "outcomes": outcomes, "below": below, "cut": cut}
    frame = quartile_frame(dataset, period=period or own_periods(dataset, **chosen), **chosen)
    level, members = study_members(dataset, sorted(frame["entity"].unique()), below=below)
    frame = frame.assign(study=frame["entity"].map(members))
    released = _released_pairs(dataset, frame, [engagement, *outcomes])
    frame = _without_few_hidden(frame, released)
    reliabilities = study_reliabilities(dataset, frame, engagement=engagement)
    studies = study_correlations(frame, by="study").drop(columns=["rxx", "ryy"])
    studies = studies.merge(reliabilities, how="left", on=["outcome", "study"])
    studies = studies.merge(_ranges(frame), how="left", on=["outcome", "study"])
    studies = studies.join(_moderators(dataset), on="study")
    shown = _shown(dataset, released, [engagement, *outcomes])
    periods = tuple(frame[name].drop_duplicates().sort_values().str.cat(sep=", ") for name in PERIODS)
    gated = dataset.mask is not None
    return StudySet(studies, shown, level, settings.levels.quartile, periods, tuple(outcomes), gated)


def study_members(dataset: Dataset, entities: Sequence[str], *, below: str = "") -> tuple[str, dict[str, str]]:
    """Say to which study each unit belongs.

    Parameters
    ----------
    dataset : Dataset
    entities : sequence of str
        Units of one level.
    below : str
        The unit whose subtree they are of; empty: the whole organisation.

    Returns
    -------
    level : str
        "organisation" for several organisations, else the highest level below `below` that divides most of them.
    members : dict of str to str
        Study by unit; a unit that stands beside the studies is not among the keys.

    Raises
    ------
    NotApplicable
        Where no level divides them.
    """
    hierarchy, below = dataset.hierarchy, dataset.unit(below)
    organisations = {entity: hierarchy.organisation(entity) for entity in entities}
    if len(set(organisations.values())) > 1 and set(organisations.values()).isdisjoint(entities):
        return "organisation", organisations
    paths = {entity: hierarchy.path(entity)[len(hierarchy.path(below)) : -1] for entity in entities}
    for level in hierarchy.levels:
        above = {entity: unit for entity, path in paths.items() for unit in path if hierarchy.level(unit) == level}
        if len(set(above.values())) > 1 and 2 * len(above) > len(entities):
            return level, above
    raise NotApplicable(
        "A meta-analysis compares organisations, countries or other groups of units; {unit} has none of these.",
        unit=hierarchy.name(below),
    )


def _ranges(frame: pd.DataFrame) -> pd.DataFrame:
    groups = frame.groupby(["outcome", "study"])["engagement"].std()
    everywhere = frame[frame["study"].notna()].groupby("outcome")["engagement"].std()
    ratio = (groups / groups.index.get_level_values("outcome").map(everywhere)).rename("u")
    return ratio.where(ratio > 0).reset_index()


def _moderators(dataset: Dataset) -> pd.DataFrame:
    units = dataset.hierarchy.units.set_index("unit_id")
    return units[[column for column in MODERATORS if column in units]]


def _released_pairs(dataset: Dataset, frame: pd.DataFrame, measures: Sequence[str]) -> pd.DataFrame:
    """Keep the units of which both engagement and the outcome may be shown."""
    released = frame.merge(_released(dataset, frame, measures[:1], "engagement_period"))
    return released.merge(_released(dataset, frame, measures[1:], "period"))


def _without_few_hidden(frame: pd.DataFrame, released: pd.DataFrame) -> pd.DataFrame:
    """Leave out hidden units of a study that holds few: its correlation without them stands on the page."""
    keys = ["outcome", "entity"]
    known = pd.MultiIndex.from_frame(released[keys])
    hidden = pd.Series(~pd.MultiIndex.from_frame(frame[keys]).isin(known), index=frame.index)
    n_hidden = hidden.groupby([frame["outcome"], frame["study"]]).transform("sum")
    return frame[~(hidden & (n_hidden < FEWEST_HIDDEN))]


def _shown(dataset: Dataset, released: pd.DataFrame, measures: Sequence[str]) -> pd.DataFrame:
    """Correlations that may be told one by one: from released units only, as for any unit below the whole."""
    table = study_correlations(released, by="study")[["outcome", "study", "r", "n"]]
    named = named_units(dataset, measures)
    names = {unit: dataset.hierarchy.name(unit) for unit in table["study"].unique() if unit in named}
    return table.dropna(subset=["r"]).assign(name=table["study"].map(names).fillna("")).reset_index(drop=True)


def _released(dataset: Dataset, frame: pd.DataFrame, measures: Sequence[str], period: str) -> pd.DataFrame:
    scores = dataset.scores
    kept = scores["unit_id"].isin(frame["entity"]) & scores["measure"].isin(measures) & scores["estimate"].notna()
    rows = scores[kept & scores["period"].isin(frame[period])]
    # As for any unit below the whole, hidden units stay out of the figure of a study.
    rows = countable_rows(dataset, rows, below=frame["study"].dropna().iloc[0])
    keys = {"unit_id": "entity", "period": period} | ({"measure": "outcome"} if period == "period" else {})
    return rows[list(keys)].rename(columns=keys)
