"""What the gate must know of a score beside its figures: who answered, whether it is a sum, and for whom it is."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from helpers import release
from helpers.datasets.absence_totals import silent_days
from helpers.datasets.contract import LEADERSHIP_ELEMENTS
from helpers.datasets.dataset import Dataset
from helpers.datasets.families import measure_families
from helpers.datasets.score_cache import cached, content_key
from helpers.release.dominance import is_dominated
from helpers.release.reserved import hide_above
from helpers.release.table import unit_tree

_CODE = sorted(Path(__file__).parent.glob("*.py")) + sorted(Path(release.__file__).parent.glob("*.py"))
ABSENCE = "absence"
UNIT_KEYS = ["unit_id", "period", "measure"]
LEADERS = "leaders"
AUDIENCES = (LEADERS, "manager", "hr")
SHARES_OF_PEOPLE = re.compile(
    r"^% (?:of|van) (?:the |de |all |alle )?(?:staff|people|employees|headcount|customers|personeel|mensen|medewerkers|"
    r"werknemers|klanten)\b",
    re.IGNORECASE,
)
# Units of sums over people: money and time, not per head and no rate.
SUMS = re.compile(r"^(?:EUR|USD|GBP|CHF|[€$£]|days?|hours?|dagen|uren|uur)$", re.IGNORECASE)


def marked(dataset: Dataset, scores: pd.DataFrame, *, audience: str = LEADERS) -> pd.DataFrame:
    """Mark scores for the gate.

    Parameters
    ----------
    dataset : Dataset
    scores : DataFrame, shape (rows, ...)
        Some rows of its scores.
    audience : {"leaders", "manager", "hr"}

    Returns
    -------
    DataFrame, shape (rows, ...)
        With ``family``, ``reserved`` (says something of one manager, and is not for this audience) and, where there are
        outcomes, ``magnitude`` (a sum), ``largest``, ``second`` (its largest parts, missing where a dominated sum is
        among them) and ``of_people`` (a share of people).

    Raises
    ------
    ValueError
        For an unknown audience.
    """
    if audience not in AUDIENCES:
        raise ValueError(f"audience must be one of {', '.join(AUDIENCES)}; found {audience!r}.")
    is_reserved = audience == LEADERS and dataset.mask is not None
    reserved = _about_managers(dataset, scores) if is_reserved else False
    return _with_parts(dataset, scores.assign(family=measure_families(scores), reserved=reserved))


def sum_measures(dataset: Dataset) -> set[str]:
    """Give the measures of which some score may be a sum."""
    outcomes = _outcomes(dataset).drop_duplicates(["measure", "unit"])
    return {ABSENCE, *outcomes.loc[outcomes["unit"].str.contains(SUMS), "measure"]}


def _about_managers(dataset: Dataset, scores: pd.DataFrame) -> pd.Series:
    """Tell which scores say something of one manager: leadership in a unit with none below, or with one such unit."""
    everywhere = dataset.scores[dataset.scores["measure"].isin(LEADERSHIP_ELEMENTS) & (dataset.scores["n"] > 0)]
    single = everywhere[~everywhere["unit_id"].isin(dataset.hierarchy.units["parent_id"])]
    return _at(scores, _with_those_above(dataset, single, at_least=2))


def _with_parts(dataset: Dataset, scores: pd.DataFrame) -> pd.DataFrame:
    """Mark sums and shares of people among outcomes, with the largest parts of sums where a unit's own row has them."""
    if not dataset.has("outcomes") and not dataset.has("absence"):
        return scores
    outcomes = _outcomes(dataset)
    of_people = outcomes.loc[outcomes["unit"].str.contains(SHARES_OF_PEOPLE), "measure"].unique()
    sums = outcomes[outcomes["unit"].str.contains(SUMS)].reindex(columns=[*UNIT_KEYS, "value", "largest", "second"])
    parts = sums[["largest", "second"]].astype("float64")
    dominated = sums[is_dominated(sums["value"], parts["largest"], parts["second"])]
    # Every unit above holds the sum, so that none of them may tell it.
    telling = _with_those_above(dataset, dominated, at_least=len(dataset.hierarchy) + 1)
    silent = _at(scores, _silent_absence(dataset, scores))
    magnitude = scores["measure"].isin(sums["measure"].unique()) | silent
    both = scores[UNIT_KEYS].merge(sums.assign(**parts), how="left", on=UNIT_KEYS).set_index(scores.index)
    known = both[["largest", "second"]].where(~(_at(scores, telling) | silent), axis=0)
    return scores.assign(magnitude=magnitude, of_people=scores["measure"].isin(of_people), **known)


def _outcomes(dataset: Dataset) -> pd.DataFrame:
    """Give the table; without rows where there is none, since absence may be told by scores that were given."""
    if dataset.has("outcomes"):
        return dataset.table("outcomes")
    return pd.DataFrame(columns=[*UNIT_KEYS, "unit", "value"], dtype="str").astype({"value": "float64"})


def _silent_absence(dataset: Dataset, scores: pd.DataFrame) -> pd.DataFrame:
    """Give the keys of scores of absence that would tell days which are mostly one person's.

    Times the working days, a share of them is a sum of days.
    """
    if not dataset.has("absence") or not (scores["measure"] == ABSENCE).any():
        return scores[UNIT_KEYS].head(0)
    return _silent_days(dataset).assign(measure=ABSENCE)[UNIT_KEYS]


def _silent_days(dataset: Dataset) -> pd.DataFrame:
    """Give `silent_days` of all periods, from the dataset's cache while tables, rules and code are unchanged."""
    files = [dataset.settings.tables[name] for name in ("absence", "units")]
    key = content_key([*files, *_CODE], dataset.settings.min_group, dataset.settings.disclosure)

    def make() -> pd.DataFrame:
        return silent_days(dataset, dataset.table("absence")["period"].unique()).astype("str")

    return cached(dataset.folder, "silent-days", key, make)


def _with_those_above(dataset: Dataset, rows: pd.DataFrame, *, at_least: int) -> pd.DataFrame:
    """Give units, periods and measures of these rows, and of the units above that would tell of them."""
    if rows.empty:
        return rows[UNIT_KEYS]
    tree = unit_tree(dataset.hierarchy.units)
    columns = pd.MultiIndex.from_frame(rows[["period", "measure"]]).unique()
    hidden = np.zeros((len(tree), len(columns)), dtype=bool)
    places = columns.get_indexer(pd.MultiIndex.from_frame(rows[["period", "measure"]]))
    hidden[rows["unit_id"].map(tree.position), places] = True
    unit, place = np.nonzero(hide_above(tree, hidden, at_least=at_least))
    found = columns[place].to_frame(index=False)
    return found.assign(unit_id=np.asarray(tree.unit_ids, dtype=object)[unit])[UNIT_KEYS]


def _at(scores: pd.DataFrame, places: pd.DataFrame) -> pd.Series:
    known = places.assign(_there=True)
    there = scores[UNIT_KEYS].merge(known, how="left", on=UNIT_KEYS)["_there"]
    return pd.Series(there.notna().to_numpy(), index=scores.index)
