"""Scores: one row per unit, period and measure, from answers, given scores and outcomes.

What came as a score goes before what answers say, and both before outcomes, where several speak of the same unit,
period and measure.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.datasets import answer_checks, conversion, given, heads, measures, reading, rollup
from helpers.datasets.hierarchy import Hierarchy
from helpers.datasets.score_loading import ANSWER_TABLES, SCORED_TABLES, scored_tables

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

LABELS = ("unit_id", "period", "measure", "kind")
FIGURES = ("estimate", "n", "n_effective", "se")
SCORE_COLUMNS = (*LABELS, *FIGURES)
_NO_ITEMS = pd.DataFrame(columns=["item_id", "scale_min", "scale_max", "reverse", "element"])
_Run = Callable[[ir.Expr], pd.DataFrame]


def make_scores(
    tables: Mapping[str, pd.DataFrame | Path], hierarchy: Hierarchy, *, periods_per_year: int = 1
) -> pd.DataFrame:
    """Score every unit, from the leaves to the root.

    Parameters
    ----------
    tables : mapping of str to DataFrame or Path
        Any of ``employee_answers`` (with ``items`` and ``invited``), ``customer_answers``, ``outcomes``, ``scores``.
        Parquet files are streamed, never held in memory as a whole.
    hierarchy : Hierarchy
        Who belongs to whom.
    periods_per_year : {1, 2, 4, 12}
        The form of the periods made from dates, where customers' answers have a ``date`` only.

    Returns
    -------
    DataFrame, one row per unit, period and measure, sorted by these
        `SCORE_COLUMNS`. ``kind`` is ``"nps"`` (points, −100 to 100), ``"mean"`` (the scale of the question), ``"rate"``
        (0 to 1) or ``"value"`` (an outcome, in its own unit). ``n`` counts answers; for an outcome it is its own ``n``
        or else the headcount behind it, and missing where neither is known. ``n_effective`` is Kish's, for response
        rates the number of invitations. ``se`` is in the unit of ``estimate``.

        Parents pool the answers below them. A given score is used as it is; parents without one are pooled from the
        units below where all of these have an ``n``. A parent's outcome is the mean of those below weighted by ``n``,
        or unweighted, with ``n`` missing, where an ``n`` is not known.

    Raises
    ------
    ValueError
        For a unit that is not in the hierarchy, an answer without period or outside its scale, or a weight not above 0.

    Warns
    -----
    UserWarning
        For response rates above 1, from more answers than invitations: they are left empty.
    """
    connection = ibis.duckdb.connect()
    try:
        typed = {name: _typed(name, tables, periods_per_year) for name in SCORED_TABLES if name in tables}
        sources = {name: _source(connection, table) for name, table in typed.items() if name != "items"}
        sources["closure"] = ibis.memtable(hierarchy.closure)
        items = typed.get("items", _NO_ITEMS)
        _refuse(sources, items, connection.to_pandas)
        scores = _combined(score_expressions(sources, items, periods_per_year), connection.to_pandas)
        scores = scores[~scores["unit_id"].isin(hierarchy.merged)].reset_index(drop=True)
    finally:
        connection.disconnect()
    _warn_of_impossible_rates(scores)
    return scores


def score_dataset(dataset: Dataset) -> pd.DataFrame:
    """Score the tables of a dataset; see `make_scores`."""
    tables = {name: _table_or_parquet(dataset, name) for name in scored_tables(dataset)}
    return make_scores(tables, dataset.hierarchy, periods_per_year=dataset.settings.periods_per_year)


def score_expressions(sources: Mapping[str, ir.Table], items: pd.DataFrame, periods_per_year: int) -> list[ir.Table]:
    """Say how tables become scores, for any backend that Ibis speaks.

    Parameters
    ----------
    sources : mapping of str to ibis Table
        ``closure`` (``ancestor_id``, ``unit_id``) and any of `SCORED_TABLES`.
    items : DataFrame
        The table ``items``; may have no rows.
    periods_per_year : {1, 2, 4, 12}

    Returns
    -------
    list of ibis Table
        `SCORE_COLUMNS` in any order; of two rows with the same unit, period and measure the earlier part's counts.
    """
    closure, parts = sources["closure"], []
    if "scores" in sources:
        parts.append(given.given_scores(sources["scores"]))
    for sums in _answer_sums(sources, items, periods_per_year):
        parts.append(rollup.estimates_from_sums(rollup.pool(sums, closure)))
    if "scores" in sources:
        parts.append(given.pooled_scores(parts[0], closure))
    if "outcomes" in sources:
        outcomes = given.given_outcomes(sources)
        parts += [outcomes, given.weighted_means(outcomes, closure)]
    return parts


def _answer_sums(sources: Mapping[str, ir.Table], items: pd.DataFrame, periods_per_year: int) -> list[measures.Sums]:
    sums = []
    if "employee_answers" in sources:
        sums.append(measures.employee_sums(sources["employee_answers"], items, periods_per_year))
    if "employee_answers" in sources and "invited" in sources:
        sums.append(measures.response_sums(sources["employee_answers"], sources["invited"], periods_per_year))
    if "customer_answers" in sources:
        sums.append(measures.customer_sums(sources["customer_answers"], periods_per_year))
    return sums


def _typed(name: str, tables: Mapping[str, pd.DataFrame | Path], periods_per_year: int) -> pd.DataFrame | Path:
    table = tables[name]
    if isinstance(table, pd.DataFrame):
        return table
    items = _typed("items", tables, periods_per_year) if name == "employee_answers" and "items" in tables else None
    if name in ANSWER_TABLES and _is_parquet(table):
        heads.check_head(table, name, items)
        return table
    return conversion.typed_table(name, reading.read_table(table), periods_per_year, items)


def _source(connection: ibis.BaseBackend, table: pd.DataFrame | Path) -> ir.Table:
    return ibis.memtable(table) if isinstance(table, pd.DataFrame) else connection.read_parquet(table)


def _table_or_parquet(dataset: Dataset, name: str) -> pd.DataFrame | Path:
    path = dataset.settings.tables[name]
    return path if name in ANSWER_TABLES and _is_parquet(path) else dataset.table(name)


def _is_parquet(path: Path) -> bool:
    return path.suffix.casefold() == ".parquet"


def _refuse(sources: Mapping[str, ir.Table], items: pd.DataFrame, run: _Run) -> None:
    for name, table in sources.items():
        if name != "closure":
            answer_checks.refuse_unknown_units(name, table, sources["closure"], run)
    for name, asked in zip(ANSWER_TABLES, (items, _NO_ITEMS), strict=True):
        if name in sources:
            answer_checks.refuse_wrong_answers(name, sources[name], asked, run)


def _combined(parts: Sequence[ir.Table], run: _Run) -> pd.DataFrame:
    dtypes = dict.fromkeys(LABELS, "str") | dict.fromkeys(FIGURES, "float64")
    if not parts:
        return pd.DataFrame({column: pd.Series(dtype=dtype) for column, dtype in dtypes.items()})
    ranked = [part.select(*SCORE_COLUMNS, rank=ibis.literal(rank)) for rank, part in enumerate(parts)]
    keys = list(LABELS[:3])
    # Sorted where the rows are: sorting millions of texts in pandas takes longer than scoring them.
    rows = run(rollup.stacked(ranked).order_by(*keys, "rank")).astype(dtypes)
    first = rows[keys].ne(rows[keys].shift()).any(axis=1)
    return rows.loc[first, list(SCORE_COLUMNS)].reset_index(drop=True)


def _warn_of_impossible_rates(scores: pd.DataFrame) -> None:
    empty = scores[(scores["kind"] == "rate") & scores["estimate"].isna() & scores["n"].notna()]
    if len(empty):
        first = empty.iloc[0]
        warnings.warn(
            f"{len(empty)} rates above 1 were left empty, the first {first['measure']} of {first['unit_id']} in "
            f"{first['period']} ({first['n']:g} of {first['n_effective']:g}). Check n_invited.",
            stacklevel=3,
        )
