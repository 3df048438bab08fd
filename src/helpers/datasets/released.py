"""Scores of units with intervals and changes, through the release gate."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.datasets.dataset import Dataset
from helpers.datasets.families import OUTCOMES, measure_families
from helpers.datasets.marking import LEADERS, marked, sum_measures
from helpers.datasets.periods import period_time
from helpers.release import ReleasedTable, release
from helpers.release.dominance import is_dominated
from helpers.release.mask import KEYS
from helpers.release.table import MAGNITUDE
from helpers.stats.estimates import NotApplicable
from helpers.stats.intervals import score_changes, score_intervals

# With so many hidden units in a statistic, each part of it (a quarter, a country) holds several.
TOGETHER = 40


def released_scores(
    dataset: Dataset,
    *,
    units: Sequence[str],
    measures: Sequence[str] = (),
    conf_level: float = 0.95,
    audience: str = LEADERS,
) -> ReleasedTable:
    """Give the scores of some units as they may be shown.

    Parameters
    ----------
    dataset : Dataset
    units : sequence of str
        Unit ids; the first is the one a page is about.
    measures : sequence of str
        Those to keep; empty: all.
    conf_level : float
        Of the intervals, between 0 and 1.
    audience : {"leaders", "manager", "hr"}
        Who reads it: what a single team says of its one manager is for that manager and HR only.

    Returns
    -------
    ReleasedTable
        Score columns, ``ci_low``, ``ci_high``, ``conf_level``, ``change``, ``change_low``, ``change_high``,
        ``n_previous``, ``name``, ``level``, ``released``, ``hidden_by``; sorted by measure, unit and period.

    Raises
    ------
    NotApplicable
        When the first unit has no scores of the dataset's employee or customer measure.
    ValueError
        For an unknown audience.
    """
    if (of_all := dataset.released.get((conf_level, audience))) is not None:
        table = of_all.where(unit_id=units, **({"measure": measures} if measures else {}))
        _require_scores(dataset, table.frame, units[0])
        return table
    complete = complete_scores(dataset, units=units, measures=measures, conf_level=conf_level)
    return pass_gate(dataset, complete, audience=audience)


def release_all(dataset: Dataset, *, conf_level: float = 0.95, audience: str = LEADERS) -> None:
    """Pass the scores of all units through the gate at once, for `released_scores` to take its rows from."""
    scores = dataset.scores[dataset.scores["estimate"].notna()]
    complete = _with_intervals(dataset, scores, conf_level=conf_level)
    dataset.released[conf_level, audience] = pass_gate(dataset, complete, audience=audience)


def complete_scores(
    dataset: Dataset, *, units: Sequence[str], measures: Sequence[str] = (), conf_level: float = 0.95
) -> pd.DataFrame:
    """Give the scores of some units with intervals and changes, not yet through the gate; see `released_scores`."""
    scores = dataset.scores
    kept = scores["unit_id"].isin(units) & scores["estimate"].notna()
    if measures:
        kept &= scores["measure"].isin(measures)
    _require_scores(dataset, scores[kept], units[0])
    return _with_intervals(dataset, scores[kept], conf_level=conf_level)


def _require_scores(dataset: Dataset, scores: pd.DataFrame, unit: str) -> None:
    main = [dataset.settings.measures.employee, dataset.settings.measures.customer]
    if not ((scores["unit_id"] == unit) & scores["measure"].isin(main)).any():
        raise NotApplicable(
            "There are no scores of {measures} for {unit}.",
            measures=", ".join(main),
            unit=dataset.hierarchy.name(unit),
        )


def _with_intervals(dataset: Dataset, scores: pd.DataFrame, *, conf_level: float) -> pd.DataFrame:
    chosen = scores.sort_values(["measure", "unit_id", "period"], ignore_index=True)
    per_year = dataset.settings.periods_per_year
    times = {period: period_time(period, per_year) for period in chosen["period"].unique()}
    complete = score_changes(score_intervals(chosen, conf_level=conf_level), conf_level=conf_level, times=times)
    return percent_kinds(dataset, complete)


def pass_gate(dataset: Dataset, scores: pd.DataFrame, *, audience: str = LEADERS) -> ReleasedTable:
    """Pass scores of a dataset through the gate, with the mask that all its scores and earlier releases ask for.

    Parameters
    ----------
    dataset : Dataset
    scores : DataFrame
        Some rows of the scores, with whatever figures were made from them.
    audience : {"leaders", "manager", "hr"}

    Returns
    -------
    ReleasedTable
        See `helpers.release.release`.
    """
    settings = dataset.settings
    rules = {"min_group": settings.min_group, "disclosure": settings.disclosure, "mask": dataset.mask}
    return release(marked(dataset, scores, audience=audience), dataset.hierarchy.units, **rules)


def countable_rows(dataset: Dataset, scores: pd.DataFrame, *, below: str) -> pd.DataFrame:
    """Keep the scores that a statistic over many units may rest on.

    Parameters
    ----------
    dataset : Dataset
    scores : DataFrame, shape (rows, ...)
        Rows of its scores, all of units of one level.
    below : str
        The unit whose subtree they are of.

    Returns
    -------
    DataFrame
        Those of released units. For the whole organisation also those of hidden ones, where at least `TOGETHER` are
        hidden in the same period and measure: a result then tells of none of them. Below another unit they would be
        set against the result for the whole. Outcomes without a known number of people are no answers, and stay.
    """
    if dataset.mask is None:
        return scores
    hidden = is_hidden(dataset, scores)
    together = hidden.groupby([scores["period"], scores["measure"]]).transform("sum") >= TOGETHER
    return scores[~hidden | (together & (below == dataset.hierarchy.root))]


def counted_units(
    dataset: Dataset, measures: Sequence[str], *, level: str, below: str = "", periods: Sequence[str] = ()
) -> dict[str, object]:
    """Count the units behind a statistic, those not shown, and those of which something is left out.

    Parameters
    ----------
    dataset : Dataset
    measures : sequence of str
    level : str
        Level of the units.
    below : str
        The unit whose subtree they are of; empty: the whole organisation.
    periods : sequence of str
        Empty: all.

    Returns
    -------
    dict
        ``min_group`` (None where the source published the figures), ``n_units``, ``n_hidden``, ``n_taking`` and
        ``n_left_out`` (units with a hidden figure that takes part, and that does not), ``together``; see
        `countable_rows`.
    """
    if dataset.mask is None:
        return {"min_group": None}
    below = dataset.unit(below)
    chosen = _rows_of(dataset, dataset.hierarchy.at_level(level, below), measures, periods)
    hidden = chosen[is_hidden(dataset, chosen)]
    takes_part = hidden.index.isin(countable_rows(dataset, chosen, below=below).index)
    counts = {"n_units": chosen, "n_hidden": hidden, "n_taking": hidden[takes_part], "n_left_out": hidden[~takes_part]}
    found = {name: int(rows["unit_id"].nunique()) for name, rows in counts.items()}
    return {"min_group": dataset.settings.min_group, **found, "together": TOGETHER}


def shown_below(dataset: Dataset, unit: str, measures: Sequence[str], *, period: str) -> dict[str, int]:
    """Count the units below one, at any level, that have a figure in a period, and those with any that is hidden.

    Returns
    -------
    dict
        ``n_units`` and ``n_hidden``.
    """
    units = [one for one in dataset.hierarchy.subtree(unit) if one != unit]
    chosen = _rows_of(dataset, units, measures, [period])
    hidden = chosen[is_hidden(dataset, chosen)] if dataset.mask is not None else chosen.head(0)
    return {"n_units": chosen["unit_id"].nunique(), "n_hidden": hidden["unit_id"].nunique()}


def named_units(dataset: Dataset, measures: Sequence[str]) -> set[str]:
    """Give the units of which every figure of these measures may be shown, so that a result may bear their name."""
    scores = dataset.scores
    chosen = scores[scores["measure"].isin(measures) & scores["estimate"].notna()]
    hidden = set(chosen.loc[is_hidden(dataset, chosen), "unit_id"]) if dataset.mask is not None else set()
    return set(chosen["unit_id"]) - hidden


def _rows_of(dataset: Dataset, units: Sequence[str], measures: Sequence[str], periods: Sequence[str]) -> pd.DataFrame:
    scores = dataset.scores
    kept = scores["unit_id"].isin(units) & scores["measure"].isin(measures) & scores["estimate"].notna()
    return scores[kept & scores["period"].isin(periods)] if len(periods) else scores[kept]


def is_hidden(dataset: Dataset, scores: pd.DataFrame) -> pd.Series:
    """Tell which scores are hidden: of groups that are, or sums that are mostly one person's.

    Parameters
    ----------
    dataset : Dataset
        Behind the gate.
    scores : DataFrame, shape (rows, ...)
        Rows of its scores.

    Returns
    -------
    Series of bool, shape (rows,)
        Sums stay where no unit may tell its own: then there are none to set a result against.
    """
    families = measure_families(scores)
    keyed = scores[["unit_id", "period"]].assign(family=families).merge(dataset.mask.frame, how="left", on=KEYS)
    small = (keyed["hidden_by"] != "").to_numpy() | ~(scores["n"] > 0)
    return (small & (scores["n"].notna() | (families != OUTCOMES))) | _is_dominated(dataset, scores)


def _is_dominated(dataset: Dataset, scores: pd.DataFrame) -> pd.Series:
    if not sum_measures(dataset).intersection(scores["measure"].unique()):
        return pd.Series(False, index=scores.index)
    known = marked(dataset, scores, audience="hr")
    found = known[MAGNITUDE] & is_dominated(known["estimate"], known["largest"], known["second"])
    return found & ~found.groupby([scores["period"], scores["measure"]]).transform("all")


def percent_kinds(dataset: Dataset, scores: pd.DataFrame) -> pd.DataFrame:
    """Set the kind of outcomes that come as a number of percent, such as 12 for 12 % of staff, to ``"percent"``."""
    if not dataset.has("outcomes"):
        return scores
    units = dataset.table("outcomes").drop_duplicates("measure").set_index("measure")["unit"]
    percentages = [measure for measure, unit in units.items() if str(unit).startswith("%")]
    return scores.assign(kind=scores["kind"].mask(scores["measure"].isin(percentages), "percent"))
