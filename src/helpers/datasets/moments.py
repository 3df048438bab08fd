"""Customers' scores by moment, where neither units nor moments can be subtracted down to a few answers.

A moment of a unit is a group of its own. So the table of a unit is shown where all its moments, and what is left of
each after those of units below with such a table, hold enough answers. Answers without a moment count as one more,
since a unit's score minus its moments is theirs.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers.datasets.answer_frames import Answers, answers_of, require_shown, shown_groups
from helpers.datasets.dataset import Dataset
from helpers.datasets.families import CUSTOMERS
from helpers.datasets.withheld import MOMENT_FAMILIES, withheld_at
from helpers.release import ReleasedTable, release
from helpers.release.mask import KEYS, Mask, make_mask
from helpers.release.table import unit_tree
from helpers.stats.cluster_robust import MIN_CLUSTERS
from helpers.stats.estimates import NotApplicable
from helpers.stats.nps_survey import Design, survey_nps
from helpers.stats.possible_ends import possible_ends

MOMENT, ALL = "moment", "all"
NO_MOMENT = ""
CORRECTED = "corrected"
COLUMNS = ["unit_id", "period", "measure", "estimate", "n", "n_effective", "se"]


def moment_scores(
    dataset: Dataset, unit: str, *, name: Callable[[str], str] = str, conf_level: float = 0.95
) -> ReleasedTable:
    """Give the NPS of a unit at each moment of its customers, in its latest period.

    Parameters
    ----------
    dataset : Dataset
    unit : str
    name : callable
        Names a moment as readers know it.
    conf_level : float

    Returns
    -------
    ReleasedTable
        Moments in the place of units, below ``all``, which has the name of the unit; measure ``nps``. Of moments also
        ``may_be_highest`` and ``may_be_lowest`` (1 or 0), see `stats.possible_ends`.

    Raises
    ------
    NotApplicable
        Without moments in the answers, with a single one, or where they may not be shown.
    """
    rows = _rows(moment_answers(dataset, unit), conf_level)
    units = pd.DataFrame({"unit_id": rows["unit_id"], "name": rows["unit_id"].map(name), "level": MOMENT})
    units.loc[units["unit_id"] == ALL, "name"] = dataset.hierarchy.name(unit)
    units["parent_id"] = units["unit_id"].ne(ALL).map({True: ALL, False: ""})
    return release(rows, units, min_group=dataset.settings.min_group, disclosure=dataset.settings.disclosure)


def moment_answers(dataset: Dataset, unit: str) -> Answers:
    """Give the answers of a unit with a moment, in its latest period, where its scores by moment may be shown.

    Parameters
    ----------
    dataset : Dataset
    unit : str

    Returns
    -------
    Answers
        With ``moment`` and ``cluster``: the nearest unit above an answer, itself included, with a table of moments.

    Raises
    ------
    NotApplicable
        As `moment_scores`.
    """
    everybody = _latest(dataset, unit)
    (period,), frame = everybody.periods, everybody.frame
    require_shown(dataset, unit, CUSTOMERS, period)
    mask = moment_mask(dataset, frame, period)
    _require_moments(dataset, unit, mask)
    inside = frame["unit_id"].isin(dataset.hierarchy.subtree(unit)) & (frame[MOMENT] != NO_MOMENT)
    own = frame[inside].reset_index(drop=True)
    groups = shown_groups(dataset, unit, CUSTOMERS, [period], mask=mask)
    return Answers(dataset, CUSTOMERS, unit, own.assign(cluster=own["unit_id"].map(groups)))


def moment_design(answers: Answers) -> Design:
    """Say how the answers of `moment_answers` hang together: by cluster where there are enough of them."""
    clustered = answers.frame["cluster"].nunique() >= MIN_CLUSTERS
    return Design("weight" if "weight" in answers.frame else None, "cluster" if clustered else None)


def _latest(dataset: Dataset, unit: str) -> Answers:
    """Read what all customers answered, in the latest period in which those of the unit did with a moment."""
    everybody = answers_of(dataset, CUSTOMERS, dataset.hierarchy.root, [MOMENT])
    frame = everybody.frame
    if MOMENT not in frame or frame[MOMENT].isna().all():
        raise NotApplicable("The customers' answers do not say at which moment they were given.")
    known = frame[frame["recommend"].notna()]
    own = known[known["unit_id"].isin(dataset.hierarchy.subtree(unit)) & known[MOMENT].notna()]
    if own.empty:
        raise NotApplicable("There are no answers of {unit}.", unit=dataset.hierarchy.name(unit))
    latest = known[known["period"] == own["period"].max()].reset_index(drop=True)
    latest[MOMENT] = latest[MOMENT].fillna(NO_MOMENT)
    return Answers(dataset, CUSTOMERS, everybody.unit, latest)


def _rows(answers: Answers, conf_level: float) -> pd.DataFrame:
    frame, (period,), choice = answers.frame, answers.periods, moment_design(answers)
    table = survey_nps(frame, choice, by=MOMENT, conf_level=conf_level)
    whole = survey_nps(frame, choice, conf_level=conf_level)
    ends = possible_ends(frame, choice, by=MOMENT, conf_level=conf_level)
    table = table.merge(ends, on="term").astype({"may_be_highest": float, "may_be_lowest": float})
    rows = pd.concat([whole.assign(term=ALL), table], ignore_index=True).rename(columns={"term": "unit_id"})
    rows["se"] = _plain_errors(frame, rows["unit_id"])
    rows = rows.drop(columns=["design_effect", "kish_deff", "n_clusters", "df", "n_effective"])
    return rows.assign(period=period, measure="nps", kind="nps", n=rows["n"].astype(float))


def moment_mask(dataset: Dataset, frame: pd.DataFrame, period: str) -> Mask | None:
    """Hide units of which a moment is small, or what is left of one after subtracting; None for published figures."""
    if dataset.mask is None:
        return None
    found = masked_moments(dataset, moment_rows(dataset, frame).assign(period=period), dataset.mask)
    changed = withheld_at(dataset, MOMENT_FAMILIES, period)
    hidden_by = found.frame["hidden_by"]
    corrected = found.frame["unit_id"].isin(changed) & (hidden_by == "")
    return Mask(found.frame.assign(hidden_by=hidden_by.mask(corrected, CORRECTED)), found.min_group)


def moment_rows(dataset: Dataset, frame: pd.DataFrame) -> pd.DataFrame:
    """Score answers of one period by unit and moment, to find what may be told; a moment is a measure."""
    below = frame.merge(dataset.hierarchy.closure, on="unit_id")
    keys = [below["ancestor_id"].rename("unit_id"), below[MOMENT].rename("measure")]
    value = below["recommend"].ge(9).astype(float) - below["recommend"].le(6).astype(float)
    weight = below.get("weight", pd.Series(1.0, index=below.index))
    sums = pd.DataFrame({"n": 1.0, "w": weight, "w2": weight**2, "wx": weight * value, "wx2": weight * value**2})
    return _scored(sums.groupby(keys).sum()).reset_index().assign(kind="nps", family=CUSTOMERS)


def masked_moments(dataset: Dataset, rows: pd.DataFrame, mask: Mask) -> Mask:
    """Hide units of which a moment is small, or what is left of one after subtracting, or all figures are hidden.

    Parameters
    ----------
    dataset : Dataset
    rows : DataFrame
        Answer of `moment_rows`, with ``period``.
    mask : Mask
        Of scores.

    Returns
    -------
    Mask
        Of the family ``"customers"``.
    """
    found = make_mask(rows, unit_tree(dataset.hierarchy.units), min_group=dataset.settings.min_group)
    usual = mask.frame[mask.frame["family"] == CUSTOMERS].rename(columns={"hidden_by": "usual"})
    hidden = found.frame.merge(usual, how="left", on=KEYS)["usual"].fillna("")
    own = found.frame["hidden_by"]
    return Mask(found.frame.assign(hidden_by=own.where(own != "", hidden)), found.min_group)


def _scored(sums: pd.DataFrame) -> pd.DataFrame:
    mean, n_effective = sums["wx"] / sums["w"], sums["w"] ** 2 / sums["w2"]
    variance = (sums["wx2"] / sums["w"] - mean**2).clip(lower=0)
    return pd.DataFrame(
        {
            "estimate": 100 * mean,
            "n": sums["n"],
            "n_effective": n_effective,
            "se": 100 * (variance / n_effective) ** 0.5,
        }
    )


def _plain_errors(frame: pd.DataFrame, moments: pd.Series) -> list[float]:
    """Errors of independent answers: from them the gate sees where nearly all answered alike."""
    value = 100.0 * (frame["recommend"].ge(9).astype(float) - frame["recommend"].le(6).astype(float))
    parts = [value if one == ALL else value[frame[MOMENT] == one] for one in moments]
    return [float(part.std(ddof=0) / len(part) ** 0.5) for part in parts]


def moments_corrected(dataset: Dataset, unit: str) -> NotApplicable:
    """Say that moments of a unit are hidden since their answers changed."""
    return NotApplicable(
        "The moments of {unit} are not shown: the data changed after an earlier report, and the difference could tell "
        "of few people.",
        unit=dataset.hierarchy.name(unit),
    )


def _require_moments(dataset: Dataset, unit: str, mask: Mask | None) -> None:
    if mask is None:
        return
    row = mask.frame[mask.frame["unit_id"] == unit]
    if len(row) and row["hidden_by"].iloc[0] == CORRECTED:
        raise moments_corrected(dataset, unit)
    if row.empty or row["hidden_by"].iloc[0] != "":
        raise NotApplicable(
            "The moments of {unit} are not shown, to protect small groups.", unit=dataset.hierarchy.name(unit)
        )
