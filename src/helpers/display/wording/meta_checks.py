"""Sentences about what is set against a meta-analysis: differences between studies, single ones, small ones, kinds.

Rows are those of `stats.meta_study`, `stats.meta_checks` and `stats.meta_variants`.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from babel import Locale
from markupsafe import escape

from helpers.display.wording.marks import msg
from helpers.display.wording.meta_answers import FEW_STUDIES, Row, r_bounds, r_interval, r_text
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph, plain, shown
from helpers.display.wording.words import Words

# By the ids of helpers.stats.meta_variants.
VARIANTS = {
    "headline": msg("As above"),
    "observed": msg("As observed, not corrected"),
    "endless": msg("Those asked taken for draws from very many (ICC(2))"),
    "retest": msg("Reliability as the correlation of two waves"),
    "distributions": msg("Corrected by the mean reliability of all studies"),
    "range": msg("Also corrected for different ranges of engagement"),
    "same_wave": msg("Both sides from the same wave"),
}
SIZES = {"small": msg("Fewest units"), "medium": msg("Middle third"), "large": msg("Most units")}
KINDS = {"country": msg("country"), "industry": msg("industry")}
# Share of true correlations that the 80 % interval held in simulated meta-analyses of 50 studies with 100 units each,
# by their SD: tests/reference/meta_analysis/result.csv. Larger studies or larger differences do better.
COVER = {0.05: 0.56, 0.10: 0.75}
COVER_LEVEL, COVER_UNITS = 0.8, 100
# Units of the largest study by those of the smallest; below this none is small beside the others.
SIZES_APART = 2
LARGE_UNITS, LARGE_SPREAD = 200, 0.15


def heterogeneity_sentence(row: Row, words: Words) -> Paragraph:
    """Say how much of the differences between studies chance and artifacts explain, and the random-effects answer."""
    if is_missing(row["re_r"]):
        return paragraph()
    random = words.text(
        "Random effects (REML, Hartung-Knapp) put the mean of the observed correlations at {r} ({interval}).",
        r=r_text(row["re_r"], words),
        interval=r_interval(row["re_low"], row["re_high"], words, row["conf_level"]),
    )
    few = words.plural(
        "How far {n} study differs can hardly be told.", "How far {n} studies differ can hardly be told.", row["k"]
    )
    return paragraph(_explained(row, words), random, _further(row, words), few if row["k"] < FEW_STUDIES else "")


def credibility_caution(row: Row, words: Words) -> Paragraph:
    """Warn that the interval of true correlations is too short for small studies that differ little."""
    spread = row["sd_res"] if row["method"] == "none" else row["sd_rho"]
    if is_missing(spread) or spread >= LARGE_SPREAD or row["n"] / row["k"] >= LARGE_UNITS:
        return paragraph()
    (low, least), (high, most) = COVER.items()
    told = words.text(
        "In simulated studies of {n} units, intervals of {level} held {most} of the true correlations at an SD of "
        "{high}.",
        n=words.number(COVER_UNITS),
        level=words.percent(COVER_LEVEL),
        most=words.percent(most),
        high=r_text(high, words),
    )
    less = words.text("At an SD of {low} they held {least}.", low=r_text(low, words), least=words.percent(least))
    short = words.text("With studies as small as these, the interval of true correlations tends to be too short.")
    smaller = words.text("The studies here are smaller still on average, so their interval tends to be shorter still.")
    return paragraph(short, told, less, smaller if row["n"] / row["k"] < COVER_UNITS else "")


def without_one_sentence(rows: pd.DataFrame, words: Words) -> Paragraph:
    """Say how far the mean moves when any one study is left out, and whether one decides; no study is named."""
    full, n_decide = rows["r_full"].iloc[0], int(rows["decides"].sum())
    moved = words.text(
        "Without any one study, the mean of the observed correlations lies from {interval}; with all it is {r}.",
        interval=r_bounds(rows["r"].min(), rows["r"].max(), words),
        r=r_text(full, words),
    )
    if not n_decide:
        return paragraph(moved, words.text("No single study decides whether zero lies in its interval."))
    return paragraph(
        moved,
        words.plural(
            "Leaving {n} of them out changes whether zero lies in its interval.",
            "Each of {n} of them, left out, changes whether zero lies in its interval.",
            n_decide,
        ),
    )


def studies_shown_sentence(n_shown: int, n_studies: int, words: Words, *, gate: bool) -> Paragraph:
    """Say how many studies the chart holds, and that it rests on units that may be shown."""
    told = words.text(
        "The chart holds {shown} of {total} studies.", shown=words.number(n_shown), total=words.number(n_studies)
    )
    safe = words.text(
        "To protect small groups each is drawn from its shown units alone, so it can differ from the rest."
    )
    return paragraph(told if n_shown < n_studies else "", safe if gate else "")


def sizes_alike(sizes: pd.DataFrame) -> bool:
    """Whether the largest study has less than `SIZES_APART` times the units of the smallest."""
    return bool(sizes["n_high"].max() < SIZES_APART * sizes["n_low"].min())


def sizes_alike_sentence(words: Words) -> Paragraph:
    """Say that studies of about one size cannot show whether small ones find more."""
    return paragraph(
        words.text(
            "The largest study has less than twice the units of the smallest, so whether small ones find more cannot "
            "be told."
        )
    )


def small_study_sentence(row: Mapping[str, object], words: Words) -> Paragraph:
    """Say whether small studies find more than large ones, from Egger's regression."""
    if is_missing(row["ci_low"]):
        return paragraph(words.text("Whether small studies find more cannot be told: all agree exactly."))
    if row["ci_low"] > 0:
        found = words.text("Small studies find higher correlations than large ones.")
        return paragraph(
            found, words.text("Small ones without a result may be missing, or small and large may differ in kind.")
        )
    if row["ci_high"] < 0:
        return paragraph(words.text("Small studies find lower correlations than large ones, not higher."))
    return paragraph(
        words.text("That small studies find more or less than large ones is not seen here."),
        words.text("Such a test sees only large differences."),
    )


def kinds_sentence(rows: pd.DataFrame, words: Words, *, by: str) -> Paragraph:
    """Say whether correlations differ between kinds of studies, from the test of equal means."""
    between, kind = rows.attrs["between"], words.text(KINDS[by]) if by in KINDS else by
    if is_missing(between["p_value"]):
        return paragraph(words.text("Whether studies differ by {kind} cannot be told.", kind=kind))
    level = 1 - rows["conf_level"].iloc[0]
    found = (
        words.text("Studies differ by {kind} more than chance would make them.", kind=kind)
        if between["p_value"] < level
        else words.text("That studies differ by {kind} is not seen here.", kind=kind)
    )
    few = words.plural(
        "{n} study of a kind with too few is left out.",
        "{n} studies of kinds with too few are left out.",
        rows.attrs["left_out"],
    )
    return paragraph(found, few if rows.attrs["left_out"] else "")


def variants_sentence(rows: pd.DataFrame, words: Words, *, of_table: bool = False) -> Paragraph:
    """Explain which reliability is right here, where others were tried; that of a table is taken as it is."""
    terms = rows.set_index("term")
    if "headline" not in terms.index:
        return paragraph(words.text("Without reliabilities there is one choice: correlations as observed."))
    if of_table:
        return paragraph(words.text("The corrections rest on the reliabilities that came with the studies."))
    told = [words.text("Corrected are errors that come from asking only some of the people of a unit.")]
    used = r_text(terms.loc["headline", "mean_rxx"], words)
    if "endless" in terms.index:
        other = r_text(terms.loc["endless", "mean_rxx"], words)
        told.append(
            words.text(
                "Where most people of a unit answer, these are small: the reliability is {used}, not {other} (ICC(2)).",
                used=used,
                other=other,
            )
        )
    if "retest" in terms.index:
        other = r_text(terms.loc["retest", "mean_rxx"], words)
        told.append(words.text("The correlation of two waves ({other}) takes real change for error.", other=other))
    return paragraph(*told)


def variant_names(rows: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Give the variants the names under which readers know them."""
    return rows.assign(name=[plain(words.text(VARIANTS[term])) for term in rows["term"]])


def size_names(rows: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Name the thirds of studies by their units."""
    named = [
        words.text(
            "{size} ({low} to {high})",
            size=words.text(SIZES[row["term"]]),
            low=words.number(row["n_low"]),
            high=words.number(row["n_high"]),
        )
        for row in rows.to_dict("records")
    ]
    return rows.assign(name=list(map(plain, named)))


def kind_names(rows: pd.DataFrame, words: Words, *, by: str) -> pd.DataFrame:
    """Name kinds of studies: countries in the language of the page, other kinds as the dataset does."""
    if by != "country":
        return rows.assign(name=[plain(capital(escape(shown(term)))) for term in rows["term"]])
    territories = Locale.parse(words.locale).territories
    return rows.assign(name=[territories.get(term, term) for term in rows["term"]])


def _further(row: Row, words: Words) -> str:
    if is_missing(row["pi_low"]):
        return ""
    return words.text(
        "For one further study they expect, uncorrected, a true correlation from {interval}, with {share} certainty.",
        interval=r_bounds(row["pi_low"], row["pi_high"], words),
        share=words.percent(row["conf_level"], 1),
    )


def _explained(row: Row, words: Words) -> str:
    share = row["pct_sampling"] if row["method"] == "none" else row["pct_accounted"]
    if is_missing(share):
        return ""
    bare, figure = row["method"] == "none", words.percent(share / 100)
    if share >= 100 and bare:
        return words.text("Chance alone would set the studies at least as far apart as they are.")
    if share >= 100:
        return words.text("Chance and errors of measurement would set the studies at least as far apart as they are.")
    if bare:
        return words.text("Chance explains {share} of the variance between studies.", share=figure)
    return words.text("Chance and errors of measurement explain {share} of the variance between studies.", share=figure)
