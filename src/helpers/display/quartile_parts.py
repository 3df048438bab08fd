"""Parts of the page on quarters of units: what sentences say, with the charts and tables beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from helpers.display.charts import gaps_chart
from helpers.display.forest_chart import forest_chart
from helpers.display.parts import Part
from helpers.display.quartile_tables import (
    TURNOVER,
    checks_table,
    editions_table,
    sources_table,
    turned,
)
from helpers.display.wording import (
    Words,
    plain,
    quartile_checks,
    quartile_method,
    quartile_organisations,
    quartile_published,
)
from helpers.display.wording.gap_figures import outcome_name

BOUNDS = ["ci_low", "ci_high"]


class Study(Protocol):
    """What `helpers.stats.quartile_study` answers with."""

    pooled: pd.DataFrame
    medians: pd.DataFrame
    checks: pd.DataFrame
    is_within: bool
    turnover: pd.DataFrame
    gaps: pd.DataFrame
    unlike: list[str]

    def shares(self, outcome: str) -> dict[str, float]:
        """Shares of the units in the outer groups."""
        ...


def answer_part(
    study: Study,
    frame: pd.DataFrame,
    words: Words,
    *,
    engagement: str,
    outcomes: Sequence[str],
    smallest: float | None = None,
) -> Part:
    """Show all outcomes in one chart with better to the right, and name those that are of another wave or missing.

    Parameters
    ----------
    study : Study
    frame : DataFrame
        Answer of `datasets.panels.quartile_frame`.
    words : Words
    engagement : str
        Measure on which the quarters were cut.
    outcomes : sequence of str
        Those asked for, in this order.
    smallest : float, optional
        Smallest gap that matters, in standard deviations.

    Returns
    -------
    Part
    """
    rows = turned(_ordered(study.gaps, "sd", outcomes))
    rows = rows.assign(
        name=[plain(outcome_name(outcome, words)) for outcome in rows["outcome"]], term=rows["outcome"], n=np.nan
    )
    quantity = words.text("standard deviations; right of zero the top quarter does better")
    return Part(
        [
            forest_chart(rows, words, quantity=quantity, smallest=smallest),
            quartile_organisations.median_sentence(words, n_organisations=int(study.gaps["n_clusters"].max()))
            if study.is_within
            else None,
            quartile_method.uneven_sentence(words, **study.shares(rows["outcome"].iloc[0])),
            quartile_method.other_waves(frame, words, engagement=engagement),
            quartile_method.not_compared(frame, words, outcomes=outcomes, engagement=engagement),
        ]
    )


def published_part(
    study: Study,
    editions: pd.DataFrame,
    words: Words,
    *,
    engagement: str,
    outcomes: Sequence[str],
    published: Mapping[str, float],
    year: int,
    threshold: float,
) -> Part:
    """Show the gaps in percent beside one edition of Gallup's figures, and beside all of them in a table.

    Parameters
    ----------
    study : Study
    editions : DataFrame
        Answer of `datasets.published.gallup_editions`.
    words : Words
    engagement, outcomes
        As for `answer_part`.
    published : mapping of outcome to float
        Figures of the edition drawn, in percent.
    year : int
        Of that edition.
    threshold : float
        Percent of staff that leave in a year, above which turnover is high.

    Returns
    -------
    Part
    """
    rows = _ordered(study.gaps, "percent", outcomes)
    # What an organisation counts for is in the caption; units are not what the median is taken over.
    counted = rows.assign(n=np.nan, n_clusters=np.nan) if study.is_within else rows
    n = int(rows["n_clusters"].max()) if study.is_within else 0
    told = rows.loc[(rows["outcome"] == TURNOVER) & rows["estimate"].notna()]
    turnover = study.turnover if len(told) else study.turnover.head(0)
    table = editions_table(rows, turnover, editions, words, threshold=threshold)
    is_drawn = not set(published).isdisjoint(rows.loc[rows["estimate"].notna(), "outcome"])
    about = [
        quartile_published.drawn_sentence(words, year=year) if is_drawn else None,
        quartile_published.turnover_sentences(turnover, words, threshold=threshold),
    ]
    if set(rows["outcome"]).isdisjoint({*editions["outcome"], TURNOVER}):
        about.append(quartile_published.nothing_beside(words))
    if table is not None:
        known = rows.loc[rows["estimate"].notna(), "outcome"].tolist()
        about += [table, quartile_published.sales_sentence(known, words), sources_table(editions, words)]
    chart = gaps_chart(counted, words, engagement=engagement, outcomes=outcomes, published=published, n_organisations=n)
    return Part([chart, *about])


def organisations_part(study: Study, words: Words, *, outcomes: Sequence[str]) -> Part:
    """Say what the median over organisations is, which comparison leads, and where the two tell otherwise.

    Parameters
    ----------
    study : Study
    words : Words
    outcomes : sequence of str
        Those told one by one.

    Returns
    -------
    Part
    """
    n, within = int(study.medians["n_clusters"].max()), study.is_within
    parts = [quartile_organisations.leading_sentence(words, n_organisations=n, within=within)]
    if not within:
        parts += quartile_organisations.median_answers(study.medians, words, outcomes=outcomes)
    if n > 1:
        parts.append(
            quartile_organisations.unlike_sentence(study.unlike, study.pooled, study.medians, words, within=within)
        )
    return Part(parts)


def checks_part(study: Study, words: Words, *, outcomes: Sequence[str]) -> Part:
    """Say for which outcomes another way of looking gives another answer, with all of them in a folded table.

    Parameters
    ----------
    study : Study
    words : Words
    outcomes : sequence of str
        In this order.

    Returns
    -------
    Part
    """
    return Part(
        [
            quartile_checks.agreement_sentence(study.checks, words),
            quartile_checks.absent_sentence(study.checks, words, within=study.is_within),
            checks_table(study.checks, words, outcomes=outcomes),
        ]
    )


def _ordered(gaps: pd.DataFrame, scale: str, outcomes: Sequence[str]) -> pd.DataFrame:
    order = {outcome: place for place, outcome in enumerate(outcomes)}
    rows = gaps[gaps["scale"] == scale]
    return rows.sort_values("outcome", key=lambda names: names.map(order), kind="stable", ignore_index=True)
