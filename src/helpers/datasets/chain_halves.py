"""Constructs of units from single answers, of all people and of two halves of them.

A *half* holds half of the people of a unit, drawn by chance; whoever can be followed stays in the same half. Scores of
halves serve statistics over many units only; no score of a half is ever shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import numpy as np
import pandas as pd

from helpers.datasets.answer_frames import TABLES, answers_of
from helpers.datasets.chain_constructs import Construct
from helpers.datasets.dataset import Dataset
from helpers.datasets.families import EMPLOYEES
from helpers.datasets.measures import Sums, customer_sums, employee_sums
from helpers.stats.halves import HALVES

# Stands in no id of a unit, since ids are text without control characters.
_BETWEEN = "\x1f"
_ASKED = ("satisfaction", "sincerity", "repurchase")


def construct_scores(
    dataset: Dataset, constructs: Sequence[Construct], owners: Mapping[str, str], *, rng: np.random.Generator
) -> pd.DataFrame:
    """Score constructs of one source from its answers.

    Parameters
    ----------
    dataset : Dataset
    constructs : sequence of Construct
        All answered for by employees, or all by customers.
    owners : mapping of str to str
        The unit whose score each unit's answers count for.
    rng : Generator
        Draws the halves.

    Returns
    -------
    DataFrame, one row per entity and period
        ``entity``, ``period``, and per construct its name, the same with ``_a`` and ``_b`` (missing where a half has no
        answer).

    Raises
    ------
    NotApplicable
        Without answers.
    """
    side = constructs[0].source
    items, per_year = _items(dataset, constructs), dataset.settings.periods_per_year
    columns = [*items["item_id"], *_ASKED, "person_key"]
    frame = answers_of(dataset, side, dataset.hierarchy.root, columns).frame
    frame = frame[frame["unit_id"].isin(list(owners))]
    frame = frame.assign(unit_id=frame["unit_id"].map(owners) + _BETWEEN + _halves(frame, rng))
    table = ibis.memtable(frame.drop(columns="person_key", errors="ignore"))
    sums = employee_sums(table, items, per_year) if side == EMPLOYEES else customer_sums(table, per_year)
    return _scored(sums, [construct.name for construct in constructs])


def is_from_answers(dataset: Dataset, construct: Construct) -> bool:
    """Whether a construct can be scored from single answers."""
    if construct.source not in TABLES or not dataset.has(TABLES[construct.source]):
        return False
    if dataset.has("scores") and dataset.table("scores")["measure"].isin(construct.elements).any():
        return False
    asked = set(dataset.table("items")["element"]) if dataset.has("items") else set()
    return len(construct.elements) == 1 or (construct.source == EMPLOYEES and set(construct.elements) <= asked)


def _items(dataset: Dataset, constructs: Sequence[Construct]) -> pd.DataFrame:
    """Questions of the constructs, with the construct for an element, so that all its questions count alike."""
    if not dataset.has("items"):
        return pd.DataFrame(columns=["item_id", "scale_min", "scale_max", "reverse", "element"])
    items = dataset.table("items")
    owner = {element: construct.name for construct in constructs for element in construct.elements}
    return items[items["element"].isin(list(owner))].assign(element=items["element"].map(owner))


def _halves(frame: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    if "person_key" not in frame or frame["person_key"].isna().any():
        return np.where(rng.permutation(len(frame)) % 2, *HALVES)
    person, people = pd.factorize(frame["person_key"])
    return np.where(rng.permutation(len(people)) % 2, *HALVES)[person]


def _scored(sums: Sums, constructs: Sequence[str]) -> pd.DataFrame:
    connection = ibis.duckdb.connect()
    try:
        table = connection.to_pandas(sums.table)
    finally:
        connection.disconnect()
    table[["entity", "half"]] = table.pop("unit_id").str.split(_BETWEEN, n=1, expand=True).to_numpy()
    keys = ["entity", "period"]
    wholes = table.drop(columns="half").groupby(keys).sum()
    parts = {"": wholes} | {half: table[table["half"] == half].set_index(keys) for half in HALVES}
    scores = {
        f"{construct}{half}": _mean(part, construct).reindex(wholes.index)
        for half, part in parts.items()
        for construct in constructs
    }
    return pd.DataFrame(scores).reset_index()


def _mean(sums: pd.DataFrame, measure: str) -> pd.Series:
    weight = sums[f"{measure}:w"] if f"{measure}:w" in sums else sums[f"{measure}:n"]
    return sums[f"{measure}:wx"] / weight.where(weight > 0)
