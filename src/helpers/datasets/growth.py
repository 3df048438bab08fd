"""The panel of units on which growth can be set against engagement and customers, one period earlier.

Engagement is told in *points*: hundredths of the range of its answers, so that everywhere 0 is the lowest answer and
100 the highest. An outcome in percent is told in percentage points. What has no such unit is told in standard
deviations over all units and periods.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers.datasets.dataset import Dataset
from helpers.datasets.measure_kinds import KIND_RANGES, KINDS
from helpers.datasets.panel_rows import clusters
from helpers.datasets.panels import unit_panel
from helpers.datasets.published import published
from helpers.stats.estimates import NotApplicable
from helpers.stats.panels import add_lags, lag_column

GROWTH, PROFIT, RESPONSE = "revenue_growth", "profit", "response_rate"
# Amounts that growth over a year can be reckoned from, where it is not given.
AMOUNTS = ("revenue", "sales")
POINTS, PERCENT, SD = "points", "percent", "sd"


@dataclass(frozen=True)
class GrowthData:
    """The panel, and how its columns are told.

    Parameters
    ----------
    panel : DataFrame, one row per entity and time
        ``entity``, ``time``, ``period``, ``cluster``, the measures, ``<measure>_se`` of engagement and customers.
    engagement, customer, growth : str
        Columns.
    others : tuple of str
        Columns of further outcomes.
    level : str
        Level of the units.
    scale : (float, float) or None
        Lowest and highest answer of engagement; None where they are not known.
    kinds : dict of str to {"points", "percent", "sd"}
        How each column is told.
    made_from : str
        The amount that growth was reckoned from; empty where it was given.
    """

    panel: pd.DataFrame
    engagement: str
    customer: str
    growth: str
    others: tuple[str, ...]
    level: str
    scale: tuple[float, float] | None
    kinds: dict[str, str]
    made_from: str = ""

    @property
    def grouped(self) -> bool:
        """Whether the clusters are groups of units, not the units themselves."""
        return self.panel["cluster"].nunique() < self.panel["entity"].nunique()


def growth_panel(
    dataset: Dataset,
    *,
    engagement: str = "",
    customer: str = "",
    outcome: str = "",
    level: str = "",
    below: str = "",
) -> GrowthData:
    """Lay out engagement, customers, growth and profit of units over time, in told units.

    Parameters
    ----------
    dataset : Dataset
    engagement, customer : str
        Measures; empty: the dataset's.
    outcome : str
        What should follow; empty: revenue growth, reckoned from revenue or sales where it is not given.
    level : str
        Level of the units; empty: the lowest at which the outcome is given.
    below : str
        Only units in the subtree of this one; empty: the whole organisation.

    Returns
    -------
    GrowthData

    Raises
    ------
    NotApplicable
        When the dataset has no such outcome, or its units no scores.
    """
    engagement = engagement or dataset.settings.measures.engagement
    customer = customer or dataset.settings.measures.customer
    growth, amount = outcome or GROWTH, ""
    if not outcome and not _given(dataset, growth):
        amount = next((one for one in AMOUNTS if _given(dataset, one)), "")
        if not amount:
            raise NotApplicable("This needs growth of revenue, which these data do not have.")
    level = level or given_level(dataset, amount or growth)
    measures = list(dict.fromkeys([engagement, customer, amount or growth]))
    panel = unit_panel(dataset, measures, level=level, below=below, beside=[PROFIT, RESPONSE], errors=True)
    if amount:
        panel = _with_growth(panel, amount, dataset.settings.periods_per_year)
    others = (PROFIT,) if PROFIT in panel and PROFIT not in (growth, engagement, customer) else ()
    panel["cluster"] = panel["entity"].map(clusters(dataset.hierarchy, panel["entity"].unique().tolist()))
    panel = _of_the_staff(panel, engagement)
    scale = answer_range(dataset, engagement)
    told = {engagement: POINTS if scale else SD}
    told |= {one: PERCENT if amount or _is_percent(dataset, one) else SD for one in (growth, *others)}
    return GrowthData(
        _told(panel, told, scale), engagement, customer, growth, others, level, scale, told, made_from=amount
    )


def given_level(dataset: Dataset, outcome: str) -> str:
    """Give the level at which an outcome is given for most units; of one from answers, the dataset's panel level."""
    if not _given(dataset, outcome):
        return dataset.settings.levels.panel
    rows = dataset.table("outcomes")
    units = rows.loc[rows["measure"] == outcome, "unit_id"].drop_duplicates()
    levels = units[units.isin(dataset.hierarchy.units["unit_id"])].map(dataset.hierarchy.level)
    return str(levels.value_counts().index[0])


def answer_range(dataset: Dataset, measure: str) -> tuple[float, float] | None:
    """Give the lowest and the highest answer a measure is the mean of; None where the dataset does not tell."""
    if dataset.has("items"):
        items = dataset.table("items")
        items = items[items["element"] == measure]
        if len(items):
            return float(items["scale_min"].iloc[0]), float(items["scale_max"].iloc[0])
    return KIND_RANGES.get(KINDS.get(measure, ""))


def _given(dataset: Dataset, outcome: str) -> bool:
    return dataset.has("outcomes") and (dataset.table("outcomes")["measure"] == outcome).any()


def _is_percent(dataset: Dataset, measure: str) -> bool:
    if not _given(dataset, measure):
        return False
    rows = dataset.table("outcomes")
    return str(rows.loc[rows["measure"] == measure, "unit"].iloc[0]).startswith("%")


def _with_growth(panel: pd.DataFrame, amount: str, periods_per_year: int) -> pd.DataFrame:
    """Add the growth of an amount over a year in percent; a missing period is a gap, as is an amount of 0 or less."""
    positive = panel.assign(**{amount: panel[amount].where(panel[amount] > 0)})
    before = add_lags(positive, [amount], [periods_per_year])[lag_column(amount, periods_per_year)]
    return panel.assign(**{GROWTH: 100 * (positive[amount] / before - 1)})


def _of_the_staff(panel: pd.DataFrame, engagement: str) -> pd.DataFrame:
    """Take the errors of engagement as those of a sample of the staff there are: who all answered leave none."""
    if RESPONSE not in panel:
        return panel
    unheard = (1 - panel[RESPONSE]).clip(lower=0).fillna(1)
    return panel.assign(**{f"{engagement}_se": panel[f"{engagement}_se"] * unheard**0.5})


def _told(panel: pd.DataFrame, kinds: dict[str, str], scale: tuple[float, float] | None) -> pd.DataFrame:
    told = panel.copy()
    for column, kind in kinds.items():
        error = f"{column}_se"
        if kind == POINTS:
            told[column] = 100 * (panel[column] - scale[0]) / (scale[1] - scale[0])
            unit = (scale[1] - scale[0]) / 100
        elif kind == SD:
            unit = panel[column].std()
            told[column] = panel[column] / unit
        if kind != PERCENT and error in panel:
            told[error] = panel[error] / unit
    return told


def aon_growth() -> dict[str, object]:
    """Give what Aon Hewitt published, as others tell it.

    Returns
    -------
    dict
        ``rise`` (of engagement), ``growth`` (more growth in the year after), ``per_point``, ``year`` and
        ``per_point_year`` (of publication), ``unit`` (as worded), ``sources``.
    """
    claims = published("claims").set_index("claim")
    rise, growth, point = (claims.loc[f"aon_{name}"] for name in ("engagement", "growth", "growth_per_point"))
    found = {"rise": float(rise["value"]), "growth": float(growth["value"]), "per_point": float(point["value"])}
    found |= {"year": int(growth["year"]), "per_point_year": int(point["year"])}
    return found | {"unit": growth["unit"], "sources": (growth["source"], point["source"])}
