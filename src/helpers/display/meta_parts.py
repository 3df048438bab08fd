"""Parts of the page on a meta-analysis: what a sentence says, with the chart or table beside it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from helpers.display.forest_chart import forest_chart
from helpers.display.meta_tables import published_table, quarter_shares_table, studies_table, utility_table
from helpers.display.parts import Part
from helpers.display.plots import Chart, figure, plot_studies
from helpers.display.wording import Words, capital, meta_checks, meta_utility, paragraph, plain
from helpers.display.wording.meta_answers import NO_SPREAD, outcome_names, outcome_title
from helpers.display.wording.meta_studies import studies_alt
from helpers.display.wording.numbers import is_missing

Row = Mapping[str, object]


def means_chart(summary: pd.DataFrame, words: Words, *, smallest: float) -> Chart | None:
    """Chart of the mean correlation of each outcome, corrected where it could be; None without any.

    Parameters
    ----------
    summary : DataFrame
        Of `stats.meta_study`.
    words : Words
    smallest : float
        Smallest correlation that matters.

    Returns
    -------
    Chart or None
    """
    rows = _by_outcome(summary, words, low="ci_low", high="ci_high")
    return forest_chart(rows, words, quantity=words.text("Mean correlation"), smallest=smallest)


def most_chart(summary: pd.DataFrame, words: Words) -> Chart | None:
    """Chart of where most true correlations of each outcome lie; None without any.

    Parameters
    ----------
    summary : DataFrame
        Of `stats.meta_study`.
    words : Words

    Returns
    -------
    Chart or None
    """
    rows = _by_outcome(summary, words, low="cr_low", high="cr_high")
    alike = rows["ci_high"] - rows["ci_low"] < NO_SPREAD
    unseen = [plain(words.text("{name}, no spread seen", name=name)) for name in rows["name"]]
    rows["name"] = rows["name"].mask(alike, pd.Series(unseen, dtype=object))
    rows.loc[alike, ["ci_low", "ci_high"]] = float("nan")
    share = words.percent(summary["cred_level"].iloc[0])
    return forest_chart(rows, words, quantity=words.text("Where {share} of the true correlations lie", share=share))


def spread_part(row: Row, words: Words) -> Part:
    """Say how far the studies of one outcome differ, and how much that is worth.

    Parameters
    ----------
    row : mapping
        One row of the summary.
    words : Words

    Returns
    -------
    Part
    """
    return Part([meta_checks.heterogeneity_sentence(row, words), meta_checks.credibility_caution(row, words)])


def studies_part(studies: pd.DataFrame, row: Row, words: Words, *, engagement: str, gate: bool) -> Part:
    """Show the studies of one outcome one by one, as far as they may be told.

    Parameters
    ----------
    studies : DataFrame
        Answer of `stats.meta_checks.study_intervals`, with ``name`` (empty: not to be named).
    row : mapping
        One row of the summary.
    words : Words
    engagement : str
    gate : bool
        Whether the studies rest on shown units alone.

    Returns
    -------
    Part
        Without the chart where no study may be shown, or one alone counts.
    """
    told = meta_checks.studies_shown_sentence(len(studies), row["k"], words, gate=gate)
    if not len(studies) or is_missing(row["mean_r"]):
        return Part([told])
    names = outcome_names(row, words, engagement)
    quantity = capital(words.text("observed correlation of {x} and {y}", **names))
    most = (row["r_cr_low"], row["r_cr_high"])
    most = most if most[1] - most[0] > NO_SPREAD else None
    chart = figure(
        lambda: plot_studies(studies, words, mean=row["mean_r"], most=most, quantity=quantity),
        alt=studies_alt(studies, words, quantity=quantity, mean=row["mean_r"]),
        table=studies_table(studies, words, caption=Markup("{}.").format(quantity)),
    )
    return Part([told, chart])


def variants_part(rows: pd.DataFrame, words: Words, *, of_table: bool = False) -> Part:
    """Show the mean under other choices, and which reliability is right here.

    Parameters
    ----------
    rows : DataFrame
        Answer of `stats.meta_variants`.
    words : Words
    of_table : bool
        Whether the reliabilities came with the studies.

    Returns
    -------
    Part
    """
    shown = meta_checks.variant_names(rows, words)
    chart = forest_chart(shown, words, quantity=words.text("Mean correlation")) if len(rows) > 1 else None
    return Part([meta_checks.variants_sentence(rows, words, of_table=of_table), chart])


def small_part(small: pd.DataFrame, sizes: pd.DataFrame, words: Words) -> Part:
    """Say whether small studies find more, with the means by size; neither where all are of about one size.

    Parameters
    ----------
    small : DataFrame
        Answer of `stats.meta_sensitivity.small_study_effect`.
    sizes : DataFrame
        Answer of `stats.meta_checks.size_means`.
    words : Words

    Returns
    -------
    Part
    """
    if meta_checks.sizes_alike(sizes):
        return Part([meta_checks.sizes_alike_sentence(words)])
    return Part(
        [
            meta_checks.small_study_sentence(small.iloc[0].to_dict(), words),
            _groups(meta_checks.size_names(sizes, words), words),
        ]
    )


def kinds_part(means: Mapping[str, pd.DataFrame], words: Words) -> Part:
    """Say whether correlations differ between kinds of studies, with the mean of each.

    Parameters
    ----------
    means : mapping of str to DataFrame
        Answer of `stats.meta_checks.kinds_means`.
    words : Words

    Returns
    -------
    Part
    """
    shown = Part()
    for by, rows in means.items():
        named = meta_checks.kind_names(rows, words, by=by)
        shown += [meta_checks.kinds_sentence(rows, words, by=by), _groups(named, words)]
    return shown


def utility_part(expected: pd.DataFrame, shares: pd.DataFrame, words: Words, *, outcome: str, engagement: str) -> Part:
    """Show what the correlation of one outcome means in practice, under the normal model.

    Parameters
    ----------
    expected : DataFrame
        Answer of `stats.expectancy.expectancy` for "observed" and, where corrected, "rho".
    shares : DataFrame
        Answer of `stats.expectancy.quarter_table` for the observed correlation.
    words : Words
    outcome, engagement : str

    Returns
    -------
    Part
    """
    rows = {row["correlation"]: row for row in expected.to_dict("records")}
    names = {"outcome": outcome, "engagement": engagement}
    return Part(
        [
            meta_utility.utility_sentence(rows["observed"], words, **names),
            meta_utility.corrected_caution(rows, words),
            utility_table(rows, words, **names),
            meta_utility.besd_sentence(rows["observed"], words),
            quarter_shares_table(shares, words, **names),
        ]
    )


def published_part(published: pd.DataFrame, summary: pd.DataFrame, words: Words) -> Part:
    """Set our means beside those that others published, and say what of theirs can be worked out again.

    Parameters
    ----------
    published : DataFrame
        Answer of `stats.meta_published.recomputed` for `datasets.published_relations`.
    summary : DataFrame
        Of `stats.meta_study`.
    words : Words

    Returns
    -------
    Part
    """
    if published.empty:
        return Part([paragraph(words.text("No mean correlations of these outcomes were found in the literature."))])
    once = published.drop_duplicates(["who", "year", "theirs"])
    loyal = [
        words.measure(one) for one in published.loc[published["theirs"] == meta_utility.LOYALTY, "outcome"].unique()
    ]
    told = [meta_utility.recomputed_sentence(row, words) for row in once.to_dict("records")]
    return Part([published_table(published, summary, words), meta_utility.loyalty_sentence(list(loyal), words), *told])


def _by_outcome(summary: pd.DataFrame, words: Words, *, low: str, high: str) -> pd.DataFrame:
    names = [plain(outcome_title(one, words)) for one in summary["outcome"]]
    bounds = {"ci_low": summary[low].clip(-1, 1), "ci_high": summary[high].clip(-1, 1)}
    rows = summary[["estimate", "n", "conf_level"]].assign(term=summary["outcome"], name=names, **bounds)
    return rows.reset_index(drop=True)


def _groups(rows: pd.DataFrame, words: Words) -> Chart | None:
    bounds = {"estimate": rows["r"], "ci_low": rows["r_ci_low"], "ci_high": rows["r_ci_high"]}
    return forest_chart(rows.assign(**bounds), words, quantity=words.text("Mean observed correlation"))
