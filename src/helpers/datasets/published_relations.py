"""Mean correlations of engagement and outcomes that others published, by the names of our outcomes."""

from __future__ import annotations

import pandas as pd

from helpers.datasets.published import published

# Ours, and theirs for the same.
OUTCOMES = {
    "repurchase": "customer_loyalty",
    "nps": "customer_loyalty",
    "customer_satisfaction": "customer_loyalty",
} | {outcome: outcome for outcome in ("profit", "productivity", "turnover", "absence", "accidents")}
LOWER_IS_BETTER = ("turnover", "absence", "accidents")
# Statistics of the table, and what they are.
KINDS = {"observed r": "observed", "true-score r": "corrected"}
# What asks for the same as engagement here; "overall satisfaction" is another measure of the first authors.
PREDICTORS = ("engagement", "employee satisfaction")
RATIO = "success ratio of halves"


def published_relations(outcomes: list[str]) -> pd.DataFrame:
    """Give published mean correlations for some of our outcomes.

    Parameters
    ----------
    outcomes : list of str

    Returns
    -------
    DataFrame, one row per outcome and publication
        ``outcome`` (ours), ``theirs`` (their name for it), ``who``, ``year``, ``observed``, ``corrected`` (turned so
        that above zero is better; NaN where not published or not read), ``k``, ``n``. Empty where nothing was published
        of these outcomes.
    """
    table = published("relations")
    table = table[table["predictor"].isin(PREDICTORS) & table["statistic"].isin(list(KINDS))]
    turned = table["value"].where(~table["outcome"].isin(LOWER_IS_BETTER), -table["value"])
    table = table.assign(value=turned, kind=table["statistic"].map(KINDS))
    keys = ["study", "year", "outcome"]
    wide = table.pivot(index=keys, columns="kind", values="value").reindex(columns=list(KINDS.values()))
    sizes = table.groupby(keys)[["k", "n"]].max()
    wide = (
        wide.join(sizes).reset_index().rename(columns={"study": "who", "outcome": "theirs"}).rename_axis(columns=None)
    )
    ours = pd.DataFrame({"outcome": outcomes, "theirs": [OUTCOMES.get(outcome) for outcome in outcomes]})
    return ours.dropna().merge(wide, on="theirs")


def published_ratio() -> dict[str, object]:
    """Give the success ratio of top and bottom half that Gallup told: ``value``, ``year``."""
    table = published("relations")
    return table.loc[table["statistic"] == RATIO, ["value", "year"]].iloc[0].to_dict()
