"""Names of the other models that a lag is estimated by, and why one could not be."""

from __future__ import annotations

import pandas as pd

from helpers.display.wording.cautions import not_applicable
from helpers.display.wording.marks import msg
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.words import Words

# By the ids of helpers.stats.lag_variants.
VARIANTS = {
    "headline": msg("As above"),
    "unit_trends": msg("A straight line for each unit"),
    "response_rate": msg("The response rate beside it"),
    "redesign": msg("Before and after the new questionnaire apart"),
    "first_differences": msg("Changes from one period to the next"),
    "single_lag": msg("This lag alone, on all rows it allows"),
    "single_lag_same_rows": msg("This lag alone, on the same rows"),
    "with_lead": msg("The next period's figure beside it"),
}


def variant_names(variants: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Name the variants that could be estimated, for a figure.

    Parameters
    ----------
    variants : DataFrame
        Answer of `helpers.stats.lag_variants`: ``variant``, ``estimate``.
    words : Words

    Returns
    -------
    DataFrame
        Rows with an estimate, with ``name``; ``term`` is the variant.
    """
    shown = variants[variants["estimate"].notna()]
    names = [capital(words.text(VARIANTS[variant])) for variant in shown["variant"]]
    return shown.assign(term=shown["variant"], name=names).reset_index(drop=True)


def missing_variants(variants: pd.DataFrame, words: Words) -> Paragraph:
    """Say which variants could not be estimated, and why.

    Parameters
    ----------
    variants : DataFrame
        ``variant``, ``estimate``, ``reason``, ``reason_values``.
    words : Words

    Returns
    -------
    Paragraph
        Empty when all could.
    """
    return paragraph(
        *(
            words.text(
                "Not estimated: “{variant}”. {reason}",
                variant=words.text(VARIANTS[row["variant"]]),
                reason=not_applicable(row["reason"], row["reason_values"], words),
            )
            for row in variants[variants["estimate"].isna()].to_dict("records")
        )
    )
