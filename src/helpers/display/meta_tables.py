"""Tables of a meta-analysis: all outcomes, single studies, utility, and what others published."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from helpers.display.tables import Column, Table, table_of
from helpers.display.wording import Words, capital
from helpers.display.wording.marks import msg
from helpers.display.wording.meta_answers import NO_SPREAD, outcome_names, outcome_title, r_bounds, r_text, verdict_name
from helpers.display.wording.meta_utility import CORRELATIONS, QUANTITIES, quantity_cell, quantity_name
from helpers.display.wording.numbers import is_missing

Row = Mapping[str, object]
QUARTERS = {
    "Q4": msg("Top quarter"),
    "Q3": msg("Third quarter"),
    "Q2": msg("Second quarter"),
    "Q1": msg("Bottom quarter"),
}


def hunter_schmidt_table(summary: pd.DataFrame, words: Words) -> Table:
    """Show all outcomes after Hunter and Schmidt: observed, corrected, and how far studies differ.

    Parameters
    ----------
    summary : DataFrame
        Of `stats.meta_study`.
    words : Words

    Returns
    -------
    Table
    """
    share = words.percent(summary["cred_level"].iloc[0])
    columns = [
        _outcome_column(words),
        Column(words.text("Holds in most?"), lambda row: verdict_name(row["verdict"], words), is_number=False),
        Column(words.text("Observed"), lambda row: _r(row["mean_r"], words)),
        Column(words.text("Corrected"), lambda row: _r(row["rho"], words)),
        Column(words.text("SD"), lambda row: _r(row["sd_res" if row["method"] == "none" else "sd_rho"], words)),
        Column(words.text("{share} range", share=share), lambda row: _most(row, words)),
        Column(words.text("Explained"), lambda row: _explained(row, words)),
    ]
    return table_of(
        summary.to_dict("records"),
        columns,
        words,
        caption=words.text(
            "Every outcome, after Hunter and Schmidt: SD and range of true correlations, share of variance explained"
        ),
    )


def random_effects_table(summary: pd.DataFrame, words: Words) -> Table:
    """Show all outcomes by random effects: mean, interval, prediction (that of the verdict first), heterogeneity.

    Parameters
    ----------
    summary : DataFrame
        Of `stats.meta_study`.
    words : Words

    Returns
    -------
    Table
    """
    level = words.percent(summary["conf_level"].iloc[0], 1)
    predictions = {words.percent(summary["cred_level"].iloc[0], 1): "most", level: "pi"}
    columns = [
        _outcome_column(words),
        Column(words.text("Studies"), lambda row: words.number(row["k"])),
        Column(words.text("Mean"), lambda row: _r(row["re_r"], words)),
        Column(words.text("{level} interval", level=level), lambda row: _bounds(row, "re", words)),
        *(
            Column(words.text("{level} prediction", level=told), lambda row, name=name: _bounds(row, name, words))
            for told, name in predictions.items()
        ),
        Column(words.text("I²"), lambda row: _percent(row["i2"], words)),
    ]
    caption = words.text("Every outcome, by random effects on observed correlations; prediction is of one more study")
    return table_of(summary.to_dict("records"), columns, words, caption=caption)


def studies_table(studies: pd.DataFrame, words: Words, *, caption: str) -> Table:
    """Show single studies, by name where they may be named.

    Parameters
    ----------
    studies : DataFrame
        Answer of `stats.meta_checks.study_intervals`, with ``name``.
    words : Words
    caption : str

    Returns
    -------
    Table
    """
    unnamed = words.text("a study that is not named")
    columns = [
        Column(words.text("Study"), lambda row: row["name"] or unnamed, is_number=False),
        Column(words.text("Correlation"), lambda row: r_text(row["r"], words)),
        Column(words.text("Interval"), lambda row: r_bounds(row["ci_low"], row["ci_high"], words)),
        Column(words.text("Units"), lambda row: words.number(row["n"])),
    ]
    return table_of(studies.to_dict("records"), columns, words, caption=caption)


def utility_table(rows: Mapping[str, Row], words: Words, *, outcome: str, engagement: str) -> Table:
    """Show what correlations mean in practice, the observed one beside the corrected.

    Parameters
    ----------
    rows : mapping of str to mapping
        Rows of `stats.expectancy.expectancy` by the name of their correlation.
    words : Words
    outcome, engagement : str

    Returns
    -------
    Table
    """
    columns = [Column(words.text("Quantity"), lambda name: quantity_name(name, words), is_number=False)]
    columns += [
        Column(words.text(CORRELATIONS[name]), lambda quantity, row=row: quantity_cell(row, quantity, words))
        for name, row in rows.items()
    ]
    names = outcome_names({"outcome": outcome}, words, engagement)
    caption = words.text("What the correlation of {x} and {y} means, if both are normally distributed", **names)
    return table_of(QUANTITIES, columns, words, caption=caption)


def quarter_shares_table(shares: pd.DataFrame, words: Words, *, outcome: str, engagement: str) -> Table:
    """Show which share of each quarter of engagement ends in each quarter of the outcome.

    Parameters
    ----------
    shares : DataFrame
        Answer of `stats.expectancy.quarter_table`.
    words : Words
    outcome, engagement : str

    Returns
    -------
    Table
    """
    wide = shares.pivot(index="x_quartile", columns="y_quartile", values="share")
    names = outcome_names({"outcome": outcome}, words, engagement)
    columns = [Column(capital(names["x"]), lambda quarter: words.text(QUARTERS[quarter]), is_number=False)]
    columns += [
        Column(words.text(title), lambda quarter, end=end: words.percent(wide.loc[quarter, end]))
        for end, title in QUARTERS.items()
    ]
    caption = words.text("Expectancy table: quarters of {x} by quarters of {y}, by the observed correlation", **names)
    return table_of(QUARTERS, columns, words, caption=caption)


def published_table(published: pd.DataFrame, summary: pd.DataFrame, words: Words) -> Table:
    """Show our means beside published ones.

    Parameters
    ----------
    published : DataFrame
        ``outcome``, ``who``, ``year``, ``observed``, ``corrected``.
    summary : DataFrame
        Of `stats.meta_study`.
    words : Words

    Returns
    -------
    Table
    """
    rows = published.merge(summary[["outcome", "mean_r", "rho"]], on="outcome").to_dict("records")
    columns = [
        _outcome_column(words),
        Column(
            words.text("Source"),
            lambda row: Markup("{} ({})").format(_authors(row["who"]), int(row["year"])),
            is_number=False,
        ),
        Column(words.text("Observed: there / here"), lambda row: _both(row["observed"], row["mean_r"], words)),
        Column(words.text("Corrected: there / here"), lambda row: _both(row["corrected"], row["rho"], words)),
    ]
    return table_of(rows, columns, words, caption=words.text("Mean correlations published elsewhere, for comparison"))


def _outcome_column(words: Words) -> Column:
    return Column(words.text("Outcome"), lambda row: outcome_title(row["outcome"], words), is_number=False)


def _r(value: float, words: Words) -> str:
    return "" if is_missing(value) else r_text(value, words)


def _both(theirs: float, ours: float, words: Words) -> str:
    return " / ".join(_r(value, words) or "–" for value in (theirs, ours))


def _bounds(row: Row, name: str, words: Words) -> Markup:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return Markup() if is_missing(low) or is_missing(high) else r_bounds(low, high, words)


def _most(row: Row, words: Words) -> Markup:
    if row["cr_high"] - row["cr_low"] < NO_SPREAD:
        return words.text("none seen")
    return _bounds(row, "cr", words)


def _explained(row: Row, words: Words) -> str:
    return _percent(row["pct_sampling" if row["method"] == "none" else "pct_accounted"], words)


def _authors(who: str) -> str:
    """First author of several, which a column has room for."""
    return f"{who.split(',')[0]} et al." if "," in who else who


def _percent(value: float, words: Words) -> str:
    return "" if is_missing(value) else words.percent(min(value, 100) / 100)
